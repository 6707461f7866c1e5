import GRDB

/// What is pruned of shards: a shard that was pruned and one that holds events from before that time would make a database that is
/// half pruned, whose counts of that time mean nothing.
struct PrunedShards {
    /// The latest time before which a shard was pruned, and the earliest event of a shard that was not pruned up to it.
    private var shards: [(path: String, prunedBefore: Int64, firstEvent: Int64?)] = []

    /// Notes what the attached shard is.
    ///
    /// - Throws: ``StoreError`` where it does not go with those before.
    mutating func take(_ path: String, _ db: Database) throws {
        let before =
            try RawCursor.all(db, "SELECT before FROM shard.pruning") { try $0.text(0) }
            .compactMap(Timestamp.seconds).max() ?? 0
        // Changes stay when their time is pruned.
        let first = try RawCursor.integer(
            db,
            """
            SELECT key FROM shard.eventRow WHERE key >= ? AND key NOT IN (SELECT key FROM shard.permissionChangeRow)
            ORDER BY key LIMIT 1
            """, [EventKey.firstTimed]
        ).map(EventKey.time(of:))
        let shard = (path: path, prunedBefore: before, firstEvent: first)
        for other in shards {
            for (pruned, whole) in [(shard, other), (other, shard)] {
                guard let first = whole.firstEvent, first < pruned.prunedBefore else { continue }
                let time = Timestamp.text(pruned.prunedBefore)
                throw StoreError(
                    .older,
                    "`\(pruned.path)` was pruned before \(time), and `\(whole.path)` holds events from before that time: run "
                        + "`trail403 prune --before \(time)` on a copy of the latter, or leave one of the two out")
            }
        }
        shards.append(shard)
    }
}
