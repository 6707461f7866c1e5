#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A system call's error number.
struct SystemError: Error, Equatable {
    var code: CInt

    /// The error of the system call that has just failed.
    static var current: SystemError { SystemError(code: errno) }

    static let noSuchFile = SystemError(code: ENOENT)
    static let notAFolder = SystemError(code: ENOTDIR)

    /// The system's text, in lower case.
    var text: String {
        // SAFETY: `strerror` gives a NUL-terminated string that lives until this thread's next call of it.
        guard let message = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: message).lowercased()
    }
}
