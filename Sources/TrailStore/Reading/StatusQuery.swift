import AccessDenial
import GRDB

/// What `trail403 status` tells beyond the coverage.
public struct StatusFacts: Sendable {
    /// What the database holds.
    public var coverage = Coverage()
    /// Rows of `ingestIssue` by code, most first.
    public var issues: [Counted<String>] = []
    /// Wordings of messages that are not known, with their ids masked, most first.
    public var unrecognisedShapes: [Counted<String>] = []
    /// Files that are no log files, by path.
    public var otherFiles: [OtherFileRow] = []
}

/// A file that was found where log files are, and is none.
public struct OtherFileRow: Sendable, Hashable {
    /// As the database remembers it.
    public var path: String
    /// What it looks like, in a few words.
    public var looksLike: String
    /// Why it was left.
    public var reason: String
}

extension TrailDatabase {
    /// Reads what `trail403 status` tells.
    public func statusFacts() throws -> StatusFacts {
        try mapErrors {
            try queue.read { db in
                var facts = StatusFacts()
                facts.coverage = try CoverageQuery.coverage(UsageScan(db), TextReader(db), db)
                facts.issues = try RawCursor.all(
                    db, "SELECT code, count(*) FROM ingestIssue GROUP BY code ORDER BY count(*) DESC, code"
                ) { Counted(try $0.text(0), denials: try $0.count(1)) }
                facts.otherFiles = try RawCursor.all(
                    db, "SELECT path, looksLike, reason FROM otherFile ORDER BY path"
                ) { OtherFileRow(path: try $0.text(0), looksLike: try $0.text(1), reason: try $0.text(2)) }
                var shapes: [String: Int] = [:]
                try RawCursor.forEach(
                    db,
                    """
                    SELECT errorMessage FROM eventRow WHERE errorMessage IS NOT NULL AND key IN (
                        SELECT key FROM denialRow WHERE groupID IN (SELECT id FROM denialGroupRow WHERE reason = 'unrecognised'))
                    """
                ) { shapes[DenialMessage.shape(of: try $0.text(0)), default: 0] += 1 }
                facts.unrecognisedShapes = shapes.map { Counted($0.key, denials: $0.value) }
                    .sorted { $0.denials != $1.denials ? $0.denials > $1.denials : $0.value < $1.value }
                return facts
            }
        }
    }
}
