import Foundation
import GRDB

/// What the views `incident` and `diagnosis` were last made of.
public struct DiagnosisState: Sendable, Hashable {
    /// The facts as text: two databases of one text give the same diagnosis.
    var facts: String
    /// The log file up to which denials were there already.
    var mark: ReportMark

    /// How far the denials had been told by the diagnosis before: those beyond it are new.
    public var told: ReportMark { mark }
}

extension TrailDatabase {
    /// What the diagnoses would be made of; `nil` where those that the database holds are of the same facts.
    ///
    /// - Parameter version: the program's version: another one may come to other conclusions.
    public func diagnosisIsDue(version: String) throws -> DiagnosisState? {
        try mapErrors { try queue.read { try Self.diagnosisIsDue(version, $0) } }
    }

    /// The same inside of a transaction that is open already.
    static func diagnosisIsDue(_ version: String, _ db: Database) throws -> DiagnosisState? {
        let facts = try RawCursor.text(db, factsOfDiagnosis, [version]) ?? ""
        var state = DiagnosisState(facts: facts, mark: ReportMark(logFileID: 0))
        var isDue = true
        try RawCursor.forEach(db, "SELECT facts, logFileID FROM diagnosisState WHERE id = 1") { row in
            isDue = try row.text(0) != facts
            state.mark = ReportMark(logFileID: try row[1])
        }
        return isDue ? state : nil
    }

    /// What changes whenever events are stored, completed or deleted.
    private static let factsOfDiagnosis = """
        SELECT ?1 || '/' || count(*) || '/' || coalesce(sum(stored), 0) || '/' || coalesce(sum(duplicates), 0) || '/'
            || (SELECT coalesce(max(id), 0) FROM pruning) || '/' || (SELECT count(*) FROM correction)
        FROM logFile
        """

    /// Replaces the diagnoses where they are of other facts than the database holds now, in one transaction.
    ///
    /// - Parameters:
    ///   - version: the program's version.
    ///   - now: the time, ISO 8601 UTC.
    ///   - replace: reads the groups and writes what it finds.
    public func renewDiagnoses(
        version: String, changes: ChangeSelection, now: String, _ replace: (DiagnosisWriter) throws -> Void
    ) throws {
        try mapErrors {
            try queue.inTransaction(.immediate) { db in
                guard let state = try Self.diagnosisIsDue(version, db) else { return .rollback }
                var filter = ReportFilter()
                filter.includesAWSServices = true
                filter.told = state.told
                filter.keepsKnownGroups = true
                try replace(DiagnosisWriter(GroupParts(filter, changes, db), db))
                try db.execute(
                    sql: """
                        INSERT OR REPLACE INTO diagnosisState (id, facts, logFileID, diagnosedAt)
                        VALUES (1, ?, (SELECT coalesce(max(id), 0) FROM logFile), ?)
                        """, arguments: [state.facts, now])
                return .commit
            }
        }
    }
}

/// Writes the diagnoses of all groups, some at a time; rows that are there already, as they are to be, are not written.
public final class DiagnosisWriter {
    /// The groups, with what is new about them since the diagnosis before.
    public let groups: GroupParts
    private let db: Database
    private let rows: RowReplacement
    private let texts: RowReplacement
    private var ids: Set<String> = []

    fileprivate init(_ groups: GroupParts, _ db: Database) throws {
        self.groups = groups
        self.db = db
        rows = try RowReplacement(
            "diagnosisRow",
            [
                "denialGroupID", "incidentID", "status", "code", "confidence", "title", "explanation", "fix",
                "causeKey", "titleRuns", "findings", "remedyKind", "changeEventID", "changeKey", "outageStart",
                "lastSuccessBefore", "behindGroupID", "logFileRecords", "unreadRecords",
            ], db)
        texts = try RowReplacement("diagnosisJSON", ["denialGroupID", "size", "bytes"], db)
    }

    /// Writes diagnoses; one of a group whose diagnosis was written before replaces that.
    public func write(_ diagnoses: [DiagnosisRow]) throws {
        for row in diagnoses {
            let id = row.outline.denialGroupID
            ids.insert(id)
            try rows.write(row.values)
            try texts.write(
                [id.databaseValue, row.json.size.databaseValue, Data(row.json.bytes).databaseValue])
        }
    }

    /// Writes the incidents, the most telling first, and deletes what is left of other groups and incidents.
    ///
    /// - Parameter renamed: groups whose incident has another id than was written with them, by that id.
    public func finish(_ incidents: [IncidentRow], renamed: [String: [String]]) throws {
        for (id, groups) in renamed {
            try db.execute(
                sql: """
                    UPDATE diagnosisRow SET incidentID = ? WHERE denialGroupID IN (SELECT value FROM json_each(?))
                    """, arguments: [id, try JSONList.text(groups)])
        }
        let incidentRows = try RowReplacement(
            "incidentRow",
            [
                "id", "place", "title", "code", "confidence", "state", "denials", "newDenials", "firstSeen", "lastSeen",
                "changeEventID", "person", "via", "fix",
            ], db)
        for (index, incident) in incidents.enumerated() {
            let fix =
                try incident.fix
                ?? RawCursor.text(db, "SELECT fix FROM diagnosisRow WHERE denialGroupID = ?", [incident.firstGroupID])
            try incidentRows.write(incident.values(place: index + 1, fix: fix ?? ""))
        }
        try incidentRows.deleteOthers(than: Set(incidents.map(\.id)))
        try rows.deleteOthers(than: ids)
        try texts.deleteOthers(than: ids)
    }
}

/// Brings a table whose key is its first column to hold certain rows, and writes only what differs.
private struct RowReplacement {
    private let table: String
    private let key: String
    private let statement: Statement
    private let db: Database

    init(_ table: String, _ columns: [String], _ db: Database) throws {
        self.table = table
        key = columns[0]
        self.db = db
        let others = columns.dropFirst()
        statement = try db.makeStatement(
            sql: """
                INSERT INTO \(table) (\(columns.joined(separator: ", ")))
                VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))
                ON CONFLICT DO UPDATE SET \(others.map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
                WHERE \(others.map { "\($0) IS NOT excluded.\($0)" }.joined(separator: " OR "))
                """)
    }

    func write(_ row: [DatabaseValue]) throws { try statement.execute(arguments: StatementArguments(row)) }

    func deleteOthers(than keys: Set<String>) throws {
        try db.execute(
            sql: "DELETE FROM \(table) WHERE \(key) NOT IN (SELECT value FROM json_each(?))",
            arguments: [try JSONList.text(keys.sorted())])
    }
}

extension IncidentRow {
    fileprivate func values(place: Int, fix: String) -> [DatabaseValue] {
        [
            id.databaseValue, place.databaseValue, title.databaseValue, code.databaseValue, confidence.databaseValue,
            state.databaseValue, denials.databaseValue, newDenials.databaseValue, firstSeen.databaseValue,
            lastSeen.databaseValue, changeEventID.databaseValue, person.databaseValue, via.databaseValue,
            fix.databaseValue,
        ]
    }
}

extension DiagnosisRow {
    fileprivate var values: [DatabaseValue] {
        [
            outline.denialGroupID.databaseValue, outline.incidentID.databaseValue, outline.status.databaseValue,
            outline.code.databaseValue, outline.confidence.databaseValue, title.databaseValue,
            explanation.databaseValue, fix.databaseValue, outline.causeKey.databaseValue,
            outline.titleRuns.databaseValue, outline.findings.databaseValue, outline.remedyKind.databaseValue,
            outline.changeEventID.databaseValue, outline.changeKey.databaseValue, outline.outageStart.databaseValue,
            outline.lastSuccessBefore.databaseValue, outline.behindGroupID.databaseValue,
            outline.logFileRecords.databaseValue, outline.unreadRecords.databaseValue,
        ]
    }
}
