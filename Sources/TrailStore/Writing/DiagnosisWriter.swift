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

    /// Replaces the diagnoses; rows that are there already, as they are to be, are not written.
    ///
    /// - Parameters:
    ///   - incidents: the most telling first.
    ///   - now: the time, ISO 8601 UTC.
    public func write(
        _ incidents: [IncidentRow], _ diagnoses: [DiagnosisRow], of state: DiagnosisState, now: String
    ) throws {
        try mapErrors {
            try queue.inTransaction(.immediate) { db in
                try RowReplacement(
                    table: "incidentRow",
                    columns: [
                        "id", "place", "title", "code", "confidence", "state", "denials", "newDenials", "firstSeen",
                        "lastSeen",
                        "changeEventID", "person", "via", "fix",
                    ]
                ).replace(incidents.enumerated().map { $0.element.values(place: $0.offset + 1) }, db)
                try RowReplacement(
                    table: "diagnosisRow",
                    columns: [
                        "denialGroupID", "incidentID", "status", "code", "confidence", "title", "explanation", "fix",
                        "causeKey", "titleRuns", "findings", "remedyKind", "changeEventID", "outageStart",
                        "lastSuccessBefore",
                        "behindGroupID",
                    ]
                ).replace(diagnoses.map(\.values), db)
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

/// Brings a table whose key is its first column to hold certain rows, and writes only what differs.
private struct RowReplacement {
    var table: String
    var columns: [String]

    func replace(_ rows: [[DatabaseValue]], _ db: Database) throws {
        let names = columns.joined(separator: ", ")
        var known: [DatabaseValue: [DatabaseValue]] = [:]
        let cursor = try Row.fetchCursor(db, sql: "SELECT \(names) FROM \(table)")
        while let row = try cursor.next() {
            let values = columns.indices.map { row[$0] as DatabaseValue }
            known[values[0]] = values
        }
        let marks = Array(repeating: "?", count: columns.count).joined(separator: ", ")
        let insert = try db.makeStatement(sql: "INSERT OR REPLACE INTO \(table) (\(names)) VALUES (\(marks))")
        for row in rows {
            let former = known.removeValue(forKey: row[0])
            if former != row { try insert.execute(arguments: StatementArguments(row)) }
        }
        let delete = try db.makeStatement(sql: "DELETE FROM \(table) WHERE \(columns[0]) = ?")
        for key in known.keys { try delete.execute(arguments: [key]) }
    }
}

extension IncidentRow {
    fileprivate func values(place: Int) -> [DatabaseValue] {
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
            denialGroupID, incidentID, status, code, confidence, title, explanation, fix, outline.causeKey,
            outline.titleRuns, outline.findings, outline.remedyKind, outline.changeEventID, outline.outageStart,
            outline.lastSuccessBefore,
            outline.behindGroupID,
        ].map(\.databaseValue)
    }
}
