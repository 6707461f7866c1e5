import Foundation
import Reporting

/// Writes to standard output and standard error; a reader that went away is no error.
enum Output {
    /// Writes text to standard output as it is; gives false where nobody reads it any more, which is no error: `trail403 report |
    /// head` is done when head is, and the exit status is that of the command.
    @discardableResult
    static func write(_ text: String) throws -> Bool {
        do {
            try write(Array(text.utf8), to: STDOUT_FILENO)
            return true
        } catch let fault as SystemFault {
            guard fault.isClosedPipe else { throw Failure(description: "cannot write the output: \(fault.cause)") }
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

    /// Tells what is to be known of a database, a line each.
    static func remarks(_ lines: [String]) {
        for line in lines { error("trail403: \(line)") }
    }

    /// Writes text to standard error as it is.
    static func errorText(_ text: String) {
        do {
            try write(Array(text.utf8), to: STDERR_FILENO)
        } catch {
            return
        }
    }

    /// Writes bytes to a descriptor, all of them; throws ``SystemFault``.
    static func write(_ bytes: [UInt8], to descriptor: Int32) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if written >= 0 {
                rest = rest.dropFirst(written)
            } else if errno != EINTR {
                throw SystemFault()
            }
        }
    }

    /// Writes text to a file: whole or not at all, also where `check` throws behind the last part. A file that is there keeps its mode, and a link stays one. What is no regular file,
    /// such as a device or a named pipe, is written through.
    static func write(
        _ parts: some Sequence<String>, toFile name: String, check: () throws -> Void = {}
    ) throws {
        var path = name
        var status = stat()
        let isThere = stat(path, &status) == 0
        if isThere, status.st_mode & S_IFMT != S_IFREG { return try writeThrough(parts, path, check) }
        do {
            path = try destination(of: path)
            try WholeFile.replace(path, mode: isThere ? status.st_mode : nil) { descriptor in
                for part in parts { try write(Array(part.utf8), to: descriptor) }
                try check()
            }
        } catch let fault as SystemFault {
            throw fault.failure(writing: path)
        }
    }
}

extension Output {
    /// Whether a file is, or would become, the database or one of the files that SQLite keeps beside it.
    static func isPart(_ file: String, ofDatabase database: String) -> Bool {
        var names = [database]
        do {
            // SQLite names them by the file that a link leads to.
            names.append(try destination(of: database))
        } catch {
            names.append(database)
        }
        return ["", "-journal", "-wal", "-shm"].contains { part in names.contains { isOneFile(file, $0 + part) } }
    }

    /// Whether two paths lead to one file, or to one place where none is yet.
    private static func isOneFile(_ path: String, _ other: String) -> Bool {
        if areOneFile(path, other) { return true }
        do {
            let (first, second) = (try destination(of: path)[...], try destination(of: other)[...])
            let starts = (
                first.lastIndex(of: "/").map { first.index(after: $0) } ?? first.startIndex,
                second.lastIndex(of: "/").map { second.index(after: $0) } ?? second.startIndex
            )
            return first[starts.0...].utf8.elementsEqual(second[starts.1...].utf8)
                && areOneFile(first[..<starts.0] + ".", second[..<starts.1] + ".")
        } catch {
            // What cannot be followed cannot be written either.
            return false
        }
    }

    private static func areOneFile(_ path: String, _ other: String) -> Bool {
        var (first, second) = (stat(), stat())
        return stat(path, &first) == 0 && stat(other, &second) == 0 && first.st_dev == second.st_dev
            && first.st_ino == second.st_ino
    }

    /// How many links may follow each other; Linux itself follows as many.
    private static let linkLimit = 40

    /// The file that a path stands for: a link's target, be it there or not. Throws ``SystemFault`` where links lead nowhere.
    private static func destination(of path: String) throws -> String {
        if let target = realpath(path, nil) {
            defer { free(target) }
            return String(cString: target)
        }
        // Nothing is there, or a link to nothing. What cannot be followed is no place for a file.
        guard errno == ENOENT else { throw SystemFault() }
        var path = path
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        for _ in 0..<linkLimit {
            let length = readlink(path, &buffer, buffer.count)
            guard length > 0 else { return path }
            let target = String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
            let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
            path = target.hasPrefix("/") ? target : folder + target
        }
        throw SystemFault(number: ELOOP)
    }

    private static func writeThrough(
        _ parts: some Sequence<String>, _ path: String, _ check: () throws -> Void
    ) throws {
        do {
            try write(parts, to: open(path, O_WRONLY | O_CLOEXEC))
        } catch let fault as SystemFault {
            if fault.isClosedPipe { return }
            throw fault.failure(writing: path)
        }
        try check()
    }

    /// Writes text to a file that was just opened, and closes it.
    private static func write(_ parts: some Sequence<String>, to descriptor: Int32) throws {
        guard descriptor >= 0 else { throw SystemFault() }
        defer { close(descriptor) }
        for part in parts { try write(Array(part.utf8), to: descriptor) }
    }
}

/// Makes a write to a closed pipe an error to handle, rather than the end of the process.
func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }
