import GRDB

/// What the reports of a name have told of an incident.
public struct RememberedIncident: Sendable, Hashable {
    /// The incident's id.
    public var id: String
    /// Its state when the last report was made.
    public var state: String
    /// Its last denial then, ISO 8601 UTC text.
    public var lastSeen: String
    /// When a report told of it last, likewise.
    public var toldAt: String
    /// Ids of its groups then.
    public var groups: [String]

    /// What is remembered of an incident.
    public init(id: String, state: String, lastSeen: String, toldAt: String, groups: [String]) {
        self.id = id
        self.state = state
        self.lastSeen = lastSeen
        self.toldAt = toldAt
        self.groups = groups
    }
}

/// The incidents that a name remembers.
enum IncidentMemoryQuery {
    /// What the name remembers, by id.
    static func read(_ name: String, _ db: Database) throws -> [RememberedIncident] {
        try RawCursor.all(
            db,
            "SELECT incidentID, state, lastSeen, toldAt, groups FROM incidentMemory WHERE name = ? ORDER BY incidentID",
            [name]
        ) { row in
            RememberedIncident(
                id: try row.text(0), state: try row.text(1), lastSeen: try row.text(2), toldAt: try row.text(3),
                groups: try row.text(4).split(separator: " ").map(String.init))
        }
    }

    /// Remembers these incidents and no others.
    static func write(_ incidents: [RememberedIncident], _ name: String, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM incidentMemory WHERE name = ?", arguments: [name])
        let insert = try db.makeStatement(
            sql: """
                INSERT OR REPLACE INTO incidentMemory (name, incidentID, state, lastSeen, toldAt, groups) VALUES (?, ?, ?, ?, ?, ?)
                """)
        for incident in incidents {
            try insert.execute(arguments: [
                name, incident.id, incident.state, incident.lastSeen, incident.toldAt,
                // Ids are hexadecimal digits.
                incident.groups.joined(separator: " "),
            ])
        }
    }
}
