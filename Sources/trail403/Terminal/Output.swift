import Foundation
import Reporting

/// Writes to standard output and standard error; a reader that went away is no error.
enum Output {
    /// The reader of an output went away.
    private struct Closed: Error {}

    /// Writes text to standard output as it is; gives false where nobody reads it any more, which is no error: `trail403 report |
    /// head` is done when head is, and the exit status is that of the command.
    @discardableResult
    static func write(_ text: String) throws -> Bool {
        do {
            try write(Array(text.utf8), to: STDOUT_FILENO)
            return true
        } catch is Closed {
            return false
        }
    }

    /// Writes one line to standard error; what would not be shown as itself, as a visible escape: names of files and words of the
    /// command line stand in it.
    static func error(_ line: String) {
        do {
            try write(Array((VisibleText.visible(line) + "\n").utf8), to: STDERR_FILENO)
        } catch {
            // There is nowhere left to say so.
            return
        }
    }

    /// Writes text to standard error as it is.
    static func errorText(_ text: String) {
        do {
            try write(Array(text.utf8), to: STDERR_FILENO)
        } catch {
            return
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if written >= 0 {
                rest = rest.dropFirst(written)
            } else if errno == EPIPE {
                throw Closed()
            } else if errno != EINTR {
                throw Failure(description: "cannot write the output: \(String(cString: strerror(errno)).lowercased())")
            }
        }
    }

    /// Writes text to a file: whole or not at all. A file that is there keeps its mode, and a link stays one. What is no regular file,
    /// such as a device or a named pipe, is written through.
    static func write(_ text: String, toFile name: String) throws {
        var path = name
        var status = stat()
        let isThere = stat(path, &status) == 0
        if isThere, status.st_mode & S_IFMT != S_IFREG { return try writeThrough(text, path) }
        path = destination(of: path)
        let temporary = "\(path).\(ProcessInfo.processInfo.processIdentifier).part"
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: temporary))
            guard !isThere || chmod(temporary, status.st_mode & 0o7777) == 0, rename(temporary, path) == 0 else {
                throw Failure(description: "cannot write `\(path)`: \(String(cString: strerror(errno)).lowercased())")
            }
        } catch {
            unlink(temporary)
            if let failure = error as? Failure { throw failure }
            throw Failure(
                description:
                    "cannot write `\(path)`: check that its folder exists and may be written, and that the disk is not full"
            )
        }
    }
}

extension Output {
    /// The file that a path stands for: a link's target, be it there or not.
    private static func destination(of path: String) -> String {
        if let target = realpath(path, nil) {
            defer { free(target) }
            return String(cString: target)
        }
        // Nothing is there, or a link to nothing.
        var path = path
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        for _ in 0..<40 {
            let length = readlink(path, &buffer, buffer.count)
            guard length > 0 else { return path }
            let target = String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
            let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
            path = target.hasPrefix("/") ? target : folder + target
        }
        return path
    }

    private static func writeThrough(_ text: String, _ path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Failure(description: "cannot write `\(path)`: \(String(cString: strerror(errno)).lowercased())")
        }
        defer { close(descriptor) }
        do {
            try write(Array(text.utf8), to: descriptor)
        } catch is Closed {
            return
        }
    }
}

/// Makes a write to a closed pipe an error to handle, rather than the end of the process.
func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }
