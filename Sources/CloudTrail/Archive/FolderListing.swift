#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The members of one folder, in whatever order the file system gives them.
@safe
final class FolderListing {
    let identity: FileStatus.Identity

    #if canImport(Darwin)
        private typealias Handle = UnsafeMutablePointer<DIR>
    #else
        private typealias Handle = OpaquePointer
    #endif
    // SAFETY: opened in `init`, closed in `deinit`, never handed out.
    private let handle: Handle

    /// Opens a folder.
    init(_ path: LogFilePath) throws(SystemError) {
        let terminated = try path.terminated()
        // SAFETY: the path ends with a NUL and outlives the call.
        guard let handle = unsafe opendir(terminated) else {
            throw SystemError.current
        }
        var status = stat()
        if unsafe fstat(dirfd(handle), &status) != 0 {
            let error = SystemError.current
            unsafe closedir(handle)
            throw error
        }
        unsafe self.handle = handle
        identity = FileStatus(status).identity
    }

    deinit { unsafe closedir(handle) }

    /// The next member's name and status (of the link itself, for a link); `nil` at the end.
    func next() throws(SystemError) -> (name: [UInt8], status: Result<FileStatus, SystemError>)? {
        while true {
            errno = 0
            guard let entry = unsafe readdir(handle) else {
                if errno != 0 { throw SystemError.current }
                return nil
            }
            // SAFETY: `d_name` is NUL-terminated; the entry lives until the next `readdir` of this handle, and a record may
            // be shorter than `dirent`, so the name is reached by its offset and never copied as a whole tuple.
            guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { throw SystemError.current }
            let name = unsafe UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
            let bytes = unsafe Array(UnsafeRawBufferPointer(start: name, count: strlen(name)))
            if bytes == [UInt8(ascii: ".")] || bytes == [UInt8(ascii: "."), UInt8(ascii: ".")] { continue }
            var status = stat()
            if unsafe fstatat(dirfd(handle), name, &status, AT_SYMLINK_NOFOLLOW) != 0 {
                return (bytes, .failure(SystemError.current))
            }
            return (bytes, .success(FileStatus(status)))
        }
    }
}
