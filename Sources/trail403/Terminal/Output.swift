import Foundation
import Reporting

/// Writes to standard output and standard error; a reader that went away is no error.
enum Output {
    /// Writes text to standard output as it is.
    static func write(_ text: String) throws { try write(Array(text.utf8), to: STDOUT_FILENO) }

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
                // `trail403 report | head` is done when head is.
                exit(ExitStatus.done)
            } else if errno != EINTR {
                throw Failure(description: "cannot write the output: \(String(cString: strerror(errno)).lowercased())")
            }
        }
    }

    /// Writes text to a file: whole or not at all.
    static func write(_ text: String, toFile path: String) throws {
        let temporary = "\(path).\(ProcessInfo.processInfo.processIdentifier).part"
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: temporary))
            guard rename(temporary, path) == 0 else {
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

/// Makes a write to a closed pipe an error to handle, rather than the end of the process.
func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }
