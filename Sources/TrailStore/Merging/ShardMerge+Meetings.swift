import CloudTrail
import GRDB

// Events of a shard that meet others: another event has their key, or another form of the same event is there or may be.

extension ShardMerge {
    /// One event of the shard that is not copied with the rest.
    struct Meeting {
        /// Its key in the shard.
        var key: Int64
        var eventID: String
        var eventTime: String
        var telling: EventWriter.Telling
        /// The addendum that it was corrected by.
        var addendumEventID: String?
        /// What its forms tell, where these are not CloudTrail's own record and bear an eventID.
        var form: [UInt8]?
        /// Its log file in the merged database; `nil` where that brought nothing.
        var fileID: Int64?
        /// Of its forms.
        var eventVersion: Int64
    }

    /// The events that are set apart, in the order of their keys.
    func meetings(_ db: Database) throws -> [Meeting] {
        let known = "key NOT IN (SELECT key FROM apart)"
        try db.execute(
            sql: """
                CREATE TEMP TABLE meeting AS
                SELECT key FROM temp.met WHERE \(known)
                UNION
                SELECT o.key FROM shard.eventRow o
                WHERE EXISTS (SELECT 1 FROM shard.eventRow p WHERE p.key = o.key - 1) AND o.\(known)
                UNION
                SELECT key FROM shard.partialEvent WHERE nameless = 0 AND \(known)
                UNION
                SELECT key FROM shard.correction WHERE \(known)
                """)
        let meetings = try RawCursor.all(
            db,
            """
            SELECT o.key, o.eventID, o.eventTime, o.errorCodeID IS NOT NULL,
                coalesce(length(CAST(o.errorMessage AS BLOB)), 0),
                \(EventWriter.Telling.counted.map { "(o.\($0) IS NOT NULL)" }.joined(separator: " + ")),
                c.addendumEventID, CASE WHEN p.nameless = 0 THEN p.json END,
                (SELECT new FROM fileOf WHERE old = o.logFileID),
                (SELECT new FROM textOf WHERE old = coalesce(c.eventVersionID, p.eventVersionID))
            FROM temp.meeting x JOIN shard.eventRow o ON o.key = x.key
                LEFT JOIN shard.correction c ON c.eventID = o.eventID AND c.key = o.key
                LEFT JOIN shard.partialEvent p ON p.key = o.key
            ORDER BY o.key
            """
        ) { row in
            Meeting(
                key: try row.key(0), eventID: try row.text(1), eventTime: try row.text(2),
                telling: EventWriter.Telling(
                    hasError: try row[3] != 0, messageBytes: try row[4], columns: try row[5]),
                addendumEventID: try row.optionalText(6), form: row.optionalRecord(7).map { Array($0.utf8) },
                fileID: try row.optionalInteger(8), eventVersion: try row[9])
        }
        try db.execute(sql: "DROP TABLE temp.meeting")
        // Only who stands behind another event may bear a key that is not its own.
        let apart = meetings.filter { meeting in
            meeting.form != nil || meeting.addendumEventID != nil || home(of: meeting) != meeting.key
        }
        let keys = Set(apart.map(\.key))
        var others: [Meeting] = []
        for meeting in meetings where !keys.contains(meeting.key) {
            if try RawCursor.integer(db, "SELECT 1 FROM main.eventRow WHERE key = ?", [meeting.key]) != nil {
                others.append(meeting)
            }
        }
        let all = (apart + others).sorted { $0.key < $1.key }
        for meeting in all { try db.execute(sql: "INSERT INTO apart VALUES (?)", arguments: [meeting.key]) }
        return all
    }

    /// The key that an event has where no other stands there.
    private func home(of meeting: Meeting) -> Int64 {
        let hash = hash(meeting.eventID)
        let home = EventKey.least(at: EventKey.time(of: meeting.key)) | hash
        // Who was moved on from the last key of a second stands in the next one.
        return home <= meeting.key ? home : EventKey.least(at: EventKey.time(of: meeting.key) - 1) | hash
    }

    /// Takes in one such event by the rules of ``EventWriter/insertEvents(_:areIn:isReplacement:_:)``.
    func take(_ meeting: Meeting, block: Int64, _ db: Database) throws {
        if let correction = writer.replacements?.corrections[ByteText(meeting.eventID)] {
            guard let addendum = meeting.addendumEventID, correction.addendumEventID < addendum else {
                return try leaveOut(meeting, db)
            }
            try writer.remove(key: correction.key, eventVersion: correction.eventVersion, db)
            return try replace(with: meeting, block: block, db)
        }
        if let form = meeting.form, let other = try writer.form(of: meeting.eventID, besides: home(of: meeting), db) {
            guard let joined = writer.joiner?.join(other.json, form, evenIfKnown: true) else {
                return try leaveOut(meeting, db)
            }
            try writer.remove(key: other.key, eventVersion: other.eventVersion, db)
            return try replace(with: joined, meeting, db)
        }
        var key = home(of: meeting)
        while let other = try row(at: key, db) {
            guard other.eventID == meeting.eventID, other.eventTime == meeting.eventTime else {
                key &+= 1
                continue
            }
            switch try writer.knownForm(key: key, db) {
            case .whole:
                let isFuller = meeting.addendumEventID != nil || meeting.form == nil && other.telling < meeting.telling
                guard isFuller else { return try leaveOut(meeting, db) }
                try writer.remove(key: key, eventVersion: try eventVersion(ofRowAt: key, db), db)
            case .partial(let json, let version, let isDoubtful):
                if let form = meeting.form {
                    guard let joined = writer.joiner?.join(json, form, evenIfKnown: isDoubtful) else {
                        return try leaveOut(meeting, db)
                    }
                    try writer.remove(key: key, eventVersion: version, db)
                    return try replace(with: joined, meeting, db)
                }
                try writer.remove(key: key, eventVersion: version, db)
            }
            return try replace(with: meeting, block: block, db)
        }
        try insert(meeting, at: key, block: block, db)
    }

    private struct Row {
        var eventID: String
        var eventTime: String
        var telling: EventWriter.Telling
    }

    private func row(at key: Int64, _ db: Database) throws -> Row? {
        try RawCursor.first(db, EventWriter.selectKnown, [key]) { row in
            Row(
                eventID: try row.text(0), eventTime: try row.text(1),
                telling: EventWriter.Telling(hasError: try row[2] != 0, messageBytes: try row[3], columns: try row[4]))
        }
    }

    /// The version that an event was counted under: that of most events of its hour and place, since the event's own is not kept.
    private func eventVersion(ofRowAt key: Int64, _ db: Database) throws -> Int64 {
        try RawCursor.integer(
            db,
            """
            SELECT a.eventVersionID FROM main.eventRow e JOIN main.activity a ON a.hour = ?
                AND a.regionID = coalesce(e.regionID, 0) AND a.accountID = coalesce(e.accountID, 0)
            WHERE e.key = ? ORDER BY a.events DESC, a.eventVersionID LIMIT 1
            """, [EventKey.time(of: key) / 3600, key]) ?? 0
    }

    /// Counts an event as one that is in already.
    private func leaveOut(_ meeting: Meeting, _ db: Database) throws {
        try takeShareAway(of: meeting, db)
        try countAsDuplicate(meeting, db)
    }

    private func countAsDuplicate(_ meeting: Meeting, _ db: Database) throws {
        countDuplicate()
        if let file = meeting.fileID { try countAsDuplicates(1, ofFile: file, db) }
    }

    /// Takes from the roll-ups what the shard's counted of an event.
    private func takeShareAway(of meeting: Meeting, _ db: Database) throws {
        let share = try RawCursor.first(db, ShardTables.shareOfOne, ["key": meeting.key]) { row in
            (
                key: RollUp<EventWriter.UsageCount>.Key(try row[0], try row[1], try row[2], try row[3]),
                successes: try row[4], denials: try row[5]
            )
        }
        guard let share else { return }
        writer.usage.update(share.key) { row in
            row.events -= 1
            row.successes -= share.successes
            row.denials -= share.denials
        }
        let hour = EventKey.time(of: meeting.key) / 3600
        guard meeting.form != nil else {
            return try takeAway(1, ofHour: hour, region: share.key.third, account: share.key.fourth, db)
        }
        // A form may bear a time that no other event has.
        writer.replacements?.recounted.append(share.key)
        writer.activity.update(.init(hour, share.key.third, share.key.fourth, meeting.eventVersion)) { $0 -= 1 }
    }

    /// Lets an event stand for another form of it that was taken away.
    private func replace(with meeting: Meeting, block: Int64, _ db: Database) throws {
        var key = home(of: meeting)
        while try row(at: key, db) != nil { key &+= 1 }
        try insert(meeting, at: key, block: block, db)
        try countAsDuplicate(meeting, db)
    }

    /// Lets what two forms tell together stand for both.
    private func replace(with joined: consuming EventBatch, _ meeting: Meeting, _ db: Database) throws {
        try leaveOut(meeting, db)
        guard
            let place = try RawCursor.first(
                db, "SELECT byteOffset, byteLength FROM shard.eventRow WHERE key = ?", [meeting.key],
                { (offset: try $0[0], length: try $0[1]) })
        else { return }
        for index in joined.events.indices {
            joined.events[index].byteOffset = place.offset
            joined.events[index].byteLength = place.length
        }
        try writer.dictionaries.learn(joined, db)
        writer.current = EventWriter.CurrentFile(index: 0, id: meeting.fileID ?? 0)
        try writer.insertEvents(joined, areIn: joined.events.map { _ in false }, isReplacement: true, db)
        writer.current = nil
    }

    /// Copies the event's rows under a key that is free.
    private func insert(_ meeting: Meeting, at key: Int64, block: Int64, _ db: Database) throws {
        for sql in ShardTables.copyOne {
            let statement = try db.cachedStatement(sql: sql)
            try statement.execute(
                arguments: ShardTables.takesBlock(sql)
                    ? ["old": meeting.key, "new": key, "block": block] : ["old": meeting.key, "new": key])
        }
        if meeting.form != nil { writer.replacements?.formKeys.insert(key) }
        if let addendum = meeting.addendumEventID {
            try writer.learn(
                Replacements.Correction(addendumEventID: addendum, key: key, eventVersion: meeting.eventVersion),
                of: meeting.eventID, mayHaveOriginal: true, db)
        }
    }

    /// Once all shards are in: originals and forms whose event stands under another time, and forms without an eventID.
    func settle(_ db: Database) throws {
        if let corrections = writer.replacements?.corrections, !corrections.isEmpty {
            writer.replacements?.unmatched = Set(corrections.keys)
            try writer.removeOriginals(db)
        }
        writer.replacements?.vagueForms = try RawCursor.all(
            db, "SELECT key FROM main.partialEvent WHERE nameless = 0"
        ) { try $0.key(0) }
        try writer.removeVagueForms(db)
        let nameless = try RawCursor.all(
            db,
            """
            SELECT p.key, e.logFileID FROM main.partialEvent p JOIN main.eventRow e ON e.key = p.key
            WHERE p.nameless > 0 ORDER BY p.key
            """
        ) { (key: try $0.key(0), file: try $0.optionalInteger(1)) }
        for form in nameless where try writer.absorbNameless(key: form.key, db) {
            countDuplicate()
            try writer.countAsDuplicate(ofFile: form.file, db)
        }
        try writer.writeRollUps(db)
        try writer.recount(db)
        // Of some groups every denial was another form of one that is told better, or stood in two shards under another reason.
        try db.execute(
            sql: """
                DELETE FROM main.denialGroupRow
                WHERE id NOT IN (SELECT groupID FROM main.denialRow UNION SELECT groupID FROM main.denialHistory)
                """)
    }
}
