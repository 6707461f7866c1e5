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
        let upsertUsage = try RawStatement(
            db,
            """
            INSERT INTO usage (
                principalID, operationID, regionID, accountID, events, successes, denials, firstSuccess, lastSuccess)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET
                events = events + excluded.events, successes = successes + excluded.successes,
                denials = denials + excluded.denials,
                firstSuccess = coalesce(min(firstSuccess, excluded.firstSuccess), firstSuccess, excluded.firstSuccess),
                lastSuccess = coalesce(max(lastSuccess, excluded.lastSuccess), lastSuccess, excluded.lastSuccess)
            """)
        for (key, row) in usage.sorted {
            upsertUsage.bind(key.first, at: 1)
            upsertUsage.bind(key.second, at: 2)
            upsertUsage.bind(key.third, at: 3)
            upsertUsage.bind(key.fourth, at: 4)
            upsertUsage.bind(row.events, at: 5)
            upsertUsage.bind(row.successes, at: 6)
            upsertUsage.bind(row.denials, at: 7)
            upsertUsage.bind(row.successes > 0 ? row.firstSuccess : nil, at: 8)
            upsertUsage.bind(row.successes > 0 ? row.lastSuccess : nil, at: 9)
            try upsertUsage.run()
        }
        let upsertActivity = try RawStatement(
            db,
            """
            INSERT INTO activity (hour, regionID, accountID, eventVersionID, events) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET events = events + excluded.events
            """)
        for (key, events) in activity.sorted {
            upsertActivity.bind(key.first, at: 1)
            upsertActivity.bind(key.second, at: 2)
            upsertActivity.bind(key.third, at: 3)
            upsertActivity.bind(key.fourth, at: 4)
            upsertActivity.bind(events, at: 5)
            try upsertActivity.run()
        }
        usage.removeAll()
        activity.removeAll()
    }
}
