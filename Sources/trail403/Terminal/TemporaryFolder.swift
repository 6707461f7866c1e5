import Foundation

/// A folder that only the user can enter, gone when it is done with.
enum TemporaryFolder {
    /// Makes a folder below `TMPDIR`, else `/tmp`, calls `body` with its path, and removes it whatever happens there: Ctrl-C is
    /// noted first and obeyed behind.
    static func use(_ body: (String) throws -> Void) throws {
        let base = ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        var template = Array("\(base)/trail403-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw Failure(
                description:
                    "cannot make a temporary folder in `\(base)`: \(SystemFault().cause): set TMPDIR, or use --database FILE"
            )
        }
        let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        Signals.watch()
        defer { Signals.unwatch() }
        do {
            try body(path)
        } catch {
            try remove(path)
            throw error
        }
        try remove(path)
    }

    private static func remove(_ path: String) throws {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw Failure(description: "cannot remove the temporary folder `\(path)`: remove it by hand")
        }
    }
}
