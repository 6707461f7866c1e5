import GRDB

// The roll-ups `usage` and `activity`, from which reports are answered without reading every event: counted in memory, written
// once a transaction.

extension EventWriter {
    func count(
        _ event: PackedEvent, principal: Int64, operation: Int64, region: Int64, account: Int64, eventVersion: Int64
    ) {
        usage.update(.init(principal, operation, region, account)) { row in
            row.events += 1
            switch event.outcome {
            case .success:
                row.successes += 1
                row.firstSuccess = min(row.firstSuccess, event.time)
                row.lastSuccess = max(row.lastSuccess, event.time)
            case .denied:
                row.denials += 1
            case .otherError, .untold:
                break
            }
        }
        activity.update(.init(event.time / 3600, region, account, eventVersion)) { $0 += 1 }
    }

    /// Adds what was counted to the database, and starts from zero.
    func writeRollUps(_ db: Database) throws {
        try write(
            usage.sorted, to: "usage", keys: ["principalID", "operationID", "regionID", "accountID"],
            counts: ["events", "successes", "denials", "firstSuccess", "lastSuccess"],
            adding: """
                events = events + excluded.events, successes = successes + excluded.successes,
                denials = denials + excluded.denials,
                firstSuccess = coalesce(min(firstSuccess, excluded.firstSuccess), firstSuccess, excluded.firstSuccess),
                lastSuccess = coalesce(max(lastSuccess, excluded.lastSuccess), lastSuccess, excluded.lastSuccess)
                """, db
        ) { row, statement, first in
            statement.bind(row.events, at: first)
            statement.bind(row.successes, at: first + 1)
            statement.bind(row.denials, at: first + 2)
            statement.bind(row.successes > 0 ? row.firstSuccess : nil, at: first + 3)
            statement.bind(row.successes > 0 ? row.lastSuccess : nil, at: first + 4)
        }
        try write(
            activity.sorted, to: "activity", keys: ["hour", "regionID", "accountID", "eventVersionID"],
            counts: ["events"], adding: "events = events + excluded.events", db
        ) { events, statement, first in statement.bind(events, at: first) }
        usage.removeAll()
        activity.removeAll()
    }

    /// Writes rows of a roll-up, many in one statement; the few at the end one at a time.
    private func write<Count>(
        _ rows: [(key: RollUp<Count>.Key, count: Count)], to table: String, keys: [String], counts: [String],
        adding: String, _ db: Database, _ bind: (Count, RawStatement, Int32) -> Void
    ) throws {
        let columns = keys + counts
        func statement(_ count: Int) throws -> RawStatement {
            let row = "(\(columns.map { _ in "?" }.joined(separator: ", ")))"
            return try RawStatement(
                db,
                """
                INSERT INTO \(table) (\(columns.joined(separator: ", ")))
                VALUES \(repeatElement(row, count: count).joined(separator: ", "))
                ON CONFLICT DO UPDATE SET \(adding)
                """)
        }
        var start = 0
        for size in [Self.rowsPerStatement, 1] where rows.count - start >= size {
            let upsert = try statement(size)
            while rows.count - start >= size {
                var first: Int32 = 1
                for (key, count) in rows[start..<start + size] {
                    upsert.bind(key.first, at: first)
                    upsert.bind(key.second, at: first + 1)
                    upsert.bind(key.third, at: first + 2)
                    upsert.bind(key.fourth, at: first + 3)
                    bind(count, upsert, first + 4)
                    first += Int32(truncatingIfNeeded: columns.count)
                }
                try upsert.run()
                start += size
            }
        }
    }
}
