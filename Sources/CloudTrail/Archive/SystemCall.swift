#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Calls `body` until it is not interrupted by a signal; throws its error when it gives a negative number.
func retryingInterruption<Result: SignedInteger>(_ body: () -> Result) throws(SystemError) -> Result {
    while true {
        let result = body()
        if result >= 0 { return result }
        if errno != EINTR { throw SystemError.current }
    }
}

/// The status of the file at a path, or of what a symbolic link there leads to.
func fileStatus(_ path: LogFilePath) throws(SystemError) -> FileStatus {
    let terminated = try path.terminated()
    var status = stat()
    // SAFETY: the path ends with a NUL and outlives the call, as does `status`.
    _ = try retryingInterruption { unsafe stat(terminated, &status) }
    return FileStatus(status)
}

/// A descriptor that reads the file at a path and that no child process inherits.
func openForReading(_ path: LogFilePath, flags: CInt) throws(SystemError) -> CInt {
    let terminated = try path.terminated()
    // SAFETY: the path ends with a NUL and outlives the call.
    return try retryingInterruption { unsafe open(terminated, O_RDONLY | O_CLOEXEC | flags) }
}

/// `read(2)`, under a name that no method hides.
func readBytes(_ descriptor: CInt, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    // SAFETY: `read` writes at most `buffer.count` bytes to the buffer.
    unsafe read(descriptor, buffer.baseAddress, buffer.count)
}

extension LogFilePath {
    /// The path with a closing NUL, as system calls want it.
    ///
    /// Made before the call and kept until after it, so that freeing it cannot change `errno`.
    func terminated() throws(SystemError) -> [CChar] {
        if bytes.contains(0) { throw .noSuchFile }
        return bytes.map { CChar(bitPattern: $0) } + [0]
    }
}
