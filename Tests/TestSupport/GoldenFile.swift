package import Foundation
package import Testing

/// Compares a text with the file that holds what it was; `UPDATE_GOLDEN=1` rewrites the file and still fails, so that nobody
/// updates by accident.
package func expectGolden(_ actual: String, in file: URL, sourceLocation: SourceLocation = #_sourceLocation) throws {
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try actual.write(to: file, atomically: true, encoding: .utf8)
        Issue.record(
            "rewrote \(file.lastPathComponent); run again without UPDATE_GOLDEN", sourceLocation: sourceLocation)
        return
    }
    let expected =
        FileManager.default.fileExists(atPath: file.path) ? try String(contentsOf: file, encoding: .utf8) : ""
    guard actual != expected else { return }
    let old = Set(expected.split(separator: "\n"))
    let new = Set(actual.split(separator: "\n"))
    let gone = expected.split(separator: "\n").filter { !new.contains($0) }.prefix(12).map { "- \($0)" }
    let come = actual.split(separator: "\n").filter { !old.contains($0) }.prefix(12).map { "+ \($0)" }
    Issue.record(
        "\(file.lastPathComponent) differs; UPDATE_GOLDEN=1 rewrites it\n\((gone + come).joined(separator: "\n"))",
        sourceLocation: sourceLocation)
}

/// A short sign of a text, the same on every machine (FNV-1a).
package func sign(of text: String) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String((String(repeating: "0", count: 16 - digits.count) + digits).prefix(8))
}
