import Foundation
import Testing

/// A real shell whose programs are stubs that tell the words which they were given.
package enum Shell {
    /// Runs the lines as they would be pasted, and gives the words of every program that was started.
    package static func paste(_ lines: [String], into shell: String) throws -> [[String]] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "trail403-paste-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) } }
        // A function is as good as a program in a PATH, and some thousand processes cheaper.
        let stub = #"aws() { printf '%s\0' aws "$@" >&3; printf '\n\0' >&3; }"#
        let script = ([stub, "PATH=/nonexistent"] + lines).joined(separator: "\n") + "\n"
        try Data(script.utf8).write(to: folder.appendingPathComponent("script"))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: shell)
        process.arguments = ["-c", "exec 3>words; . ./script"]
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let told = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(told.isEmpty && process.terminationStatus == 0, "\(String(decoding: told.prefix(500), as: UTF8.self))")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["script", "words"])
        let words = try Data(contentsOf: folder.appendingPathComponent("words")).split(
            separator: 0, omittingEmptySubsequences: false
        )
        .map { String(decoding: $0, as: UTF8.self) }
        var programs: [[String]] = [[]]
        for word in words.dropLast() {
            if word == "\n" { programs.append([]) } else { programs[programs.count - 1].append(word) }
        }
        return Array(programs.dropLast())
    }
}
