import Diagnosis
public import TrailStore
import Wording

extension Report {
    /// Tells that the report covers more than the paths that were given.
    ///
    /// - Parameters:
    ///   - others: the log files that lie elsewhere.
    ///   - paths: the paths as the user gave them.
    public mutating func tellOtherArchives(_ others: OtherLogFiles, paths: [String]) {
        let isOne = others.count == 1
        notes.insert(
            Note(
                Note.otherArchives,
                "The database also holds \(words: others.count.of("log file", "log files")) from elsewhere (\(words: isOne ? "" : "such as ")\(Self.place(of: others.example))), and this report covers \(words: isOne ? "it" : "them") too. To report on \(list: paths, limit: 3) alone, add \(code: "--only-these-files"), or give it a database of its own with \(code: "--database FILE")."
            ), at: 0)
    }

    /// Where a log file lies, without what is below `AWSLogs`.
    private static func place(of path: String) -> String {
        if let end = path.firstRange(of: "/AWSLogs/")?.upperBound { return String(path[..<end].dropLast()) }
        return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? path
    }

    /// Tells that the database of the report is gone, and with it what `explain` and `sql` would read.
    public mutating func tellTemporaryDatabase() {
        notes.append(
            Note(
                Note.temporaryDatabase,
                "This report covers these files alone and was made from a temporary database. To use \(code: "explain") or \(code: "sql") on them, run \(code: "analyze") with \(code: "--database FILE")."
            ))
    }
}

extension Report.Note {
    /// The note of ``Report/tellOtherArchives(_:paths:)``.
    static let otherArchives = "other-archives"
    /// The note of ``Report/tellTemporaryDatabase()``.
    static let temporaryDatabase = "temporary-database"
}
