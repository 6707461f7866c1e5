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

/// Files with holes in which nothing was ever written.
enum SparseFile {
    /// Bytes of a hole from which on a file is read no further: gigabytes that nobody wrote are read in no time, and scanned in
    /// minutes.
    static let holeLimit = 64 << 20
    /// Holes that are looked at; a file with more is read as it is.
    static let countLimit = 1_000
}

/// Where the first hole of more than ``SparseFile/holeLimit`` bytes begins in a file that was just opened; `nil` where there is none,
/// or the file system does not tell.
func firstLongHole(_ descriptor: CInt, size: Int) -> Int? {
    #if os(Linux)
        // Not among the constants that the C library's module has: `SEEK_DATA` and `SEEK_HOLE` of lseek(2).
        let (seekData, seekHole): (CInt, CInt) = (3, 4)
    #else
        let (seekHole, seekData): (CInt, CInt) = (3, 4)
    #endif
    guard size > SparseFile.holeLimit else { return nil }
    defer { _ = lseek(descriptor, 0, SEEK_SET) }
    var offset = 0
    for _ in 0..<SparseFile.countLimit {
        let hole = Int(lseek(descriptor, off_t(offset), seekHole))
        guard hole >= 0, hole < size else { return nil }
        let data = Int(lseek(descriptor, off_t(hole), seekData))
        // Behind the last data there is none.
        let end = data < 0 ? size : data
        if end - hole > SparseFile.holeLimit { return hole }
        offset = end
    }
    return nil
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
