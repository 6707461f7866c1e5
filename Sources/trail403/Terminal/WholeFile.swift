import Foundation
import Synchronization

/// A file that is written beside the one that it replaces, and takes its place when it is whole.
///
/// Nobody else may read it meanwhile, nor choose what it is: it is made anew (`O_EXCL`, `O_NOFOLLOW`) under a name that cannot be
/// foreseen, with mode 0600. It is gone again where it is not put in place.
struct WholeFile {
    /// The file that is there, whose mode stays; `nil` for a new one, which gets what the umask leaves.
    private let mode: mode_t?
    private let path: String
    private let temporary: String

    /// Writes bytes to a file, whole or not at all.
    ///
    /// - Parameters:
    ///   - path: what is replaced: no link, and no folder.
    ///   - mode: the mode of the file that is there; `nil` where none is.
    ///   - write: writes to the descriptor that it is given.
    ///
    /// Throws ``SystemFault``, or what `write` throws.
    static func replace(_ path: String, mode: mode_t?, _ write: (Int32) throws -> Void) throws {
        let file = WholeFile(mode: mode, path: path, temporary: temporaryName(beside: path))
        // A signal in between would leave a part behind.
        Signals.watch()
        defer { Signals.unwatch() }
        let descriptor = open(file.temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemFault() }
        do {
            do {
                defer { close(descriptor) }
                try write(descriptor)
                guard fchmod(descriptor, file.finalMode) == 0 else { throw SystemFault() }
            }
            // What was asked to end meanwhile must not change anything any more.
            guard Signals.arrived == nil else { throw SystemFault(number: EINTR) }
            guard rename(file.temporary, path) == 0 else { throw SystemFault() }
        } catch {
            unlink(file.temporary)
            throw error
        }
    }

    private var finalMode: mode_t {
        if let mode { return mode & 0o7777 }
        // There is no way to read the umask but to set it; nothing else creates a file meanwhile.
        let mask = umask(0o077)
        umask(mask)
        return 0o666 & ~mask
    }

    /// A hidden name in the same folder, with 64 random bits in it, no longer than a name may be.
    private static func temporaryName(beside path: String) -> String {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        var random = SystemRandomNumberGenerator()
        return "\(folder).trail403-\(String(random.next(), radix: 36)).part"
    }
}

/// The system refused something.
struct SystemFault: Error {
    /// `errno`.
    var number: Int32 = errno

    /// The reader of an output went away.
    var isClosedPipe: Bool { number == EPIPE }
    var cause: String { String(cString: strerror(number)).lowercased() }

    /// What to do about a file that cannot be written.
    private var advice: String {
        switch number {
        case ENOENT, ENOTDIR: "make its folder first, or name another file with -o"
        case ENOSPC, EDQUOT: "free some space, or name another file with -o"
        default: "name another file with -o"
        }
    }

    func failure(writing path: String) -> Failure {
        Failure(description: "cannot write `\(path)`: \(cause): \(advice)")
    }
}
