import AccessDenial
import CloudTrail
import Foundation
import GRDB
import IAMPolicy
import PolicyTimeline

// Rows of `eventRow`, and what hangs on an event beside a denial: its record, a permission change, a session.

extension EventWriter {
    static let selectKnown = """
        SELECT eventID, eventTime, errorCodeID IS NOT NULL, coalesce(length(CAST(errorMessage AS BLOB)), 0),
            \(Telling.counted.map { "(\($0) IS NOT NULL)" }.joined(separator: " + "))
        FROM eventRow WHERE key = ?
        """

    /// The inner loop of the ingest: raw binds of the batch's own bytes.
    ///
    /// `areIn` tells which events' rows ``insertTogether(_:_:_:)`` has inserted; `isReplacement` says that the batch's events were counted
    /// as stored before, in another form.
    func insertEvents(
        _ batch: borrowing EventBatch, areIn: [Bool], isReplacement wasStored: Bool = false, _ db: Database
    ) throws {
        guard var file = current, let known = dictionaries.numbers(ofReader: batch.reader) else { return }
        let statement = try RawStatement(db, Self.insertRows(1))
        let insertRecord = try RawStatement(db, "INSERT INTO record (key, json) VALUES (?, ?)")
        let insertPlace = try RawStatement(
            db, "INSERT INTO recordPlace (key, blockID, offset, length) VALUES (?, ?, ?, ?)")
        /// A block is stored with the first of its events that is new.
        var blockIDs = [Int64](repeating: 0, count: batch.blocks.count)
        let insertDenial = try RawStatement(db, Self.insertDenial)
        let insertSession = try RawStatement(db, Self.insertSession)
        defer {
            // The bound bytes are the batch's and do not outlive this call.
            statement.clearBindings()
            insertRecord.clearBindings()
            insertSession.clearBindings()
        }
        // SAFETY: the pointer lives for the closure, and every stretch bound below was taken from the same array.
        try unsafe batch.bytes.withUnsafeBytes { bytes in
            let texts = unsafe RawText(base: bytes.baseAddress, count: bytes.count)
            for (event, isIn) in zip(batch.events, areIn) {
                let region = known.texts[Int(event.region)]
                let account = known.texts[Int(event.account)]
                let identity = known.identities[Int(event.identity)]
                let operation = known.operations[Int(event.operation)]
                if !isIn {
                    unsafe known.withPinned { unsafe Self.bind(event, $0, texts, fileID: file.id, to: statement) }
                }

                let isCorrection = event.addendumEventID.count > 0
                let eventVersion = known.texts[Int(event.eventVersion)]
                // Whether the event was counted as stored before, in another form.
                var isReplacement = wasStored
                if isCorrection || replacements?.corrections.isEmpty == false {
                    let id = unsafe texts.string(event.eventID)
                    if let correction = replacements?.corrections[ByteText(id)] {
                        guard isCorrection, unsafe correction.addendumEventID < texts.string(event.addendumEventID)
                        else {
                            file.result.duplicates += 1
                            continue
                        }
                        try remove(key: correction.key, eventVersion: correction.eventVersion, db)
                        isReplacement = true
                    }
                }
                var key = event.firstKey
                var isStored = isIn
                var joined: EventBatch?
                if replacements?.formKeys.isEmpty == false, !isCorrection, !event.isNameless,
                    let form = try form(of: unsafe texts.string(event.eventID), besides: key, db)
                {
                    if event.partial.count > 0 {
                        joined = unsafe joiner?.join(form.json, texts.bytes(event.partial), evenIfKnown: true)
                        guard joined != nil else {
                            file.result.duplicates += 1
                            continue
                        }
                    }
                    try remove(form, countedIn: &file, db)
                }
                let isShifted = joined != nil
                probing: while joined == nil, !isStored {
                    statement.bind(key, at: 1)
                    try statement.run()
                    isStored = statement.changes == 1
                    if isStored { break }
                    // The key is taken: by this event, delivered twice, or by another of the same second and hash.
                    let same = try RawCursor.first(
                        db, Self.selectKnown, [key]
                    ) { row in
                        (
                            id: try row.text(0), time: try row.text(1),
                            telling: Telling(
                                hasError: try row[2] != 0, messageBytes: try row[3], columns: try row[4])
                        )
                    }
                    guard let same else {
                        throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a key is taken by no row")
                    }
                    if unsafe same.id == texts.string(event.eventID), unsafe same.time == texts.string(event.eventTime)
                    {
                        var removedVersion = eventVersion
                        switch try knownForm(key: key, db) {
                        case .whole:
                            // An original is of its addendum's version, and a record of its fuller copy's.
                            let isFuller =
                                event.partial.count == 0
                                && Telling(event, hasIdentity: identity.id != 0) > same.telling
                            guard isCorrection || isFuller else { break probing }
                        case .partial(let json, let version, let isDoubtful):
                            removedVersion = version
                            if event.partial.count > 0, !isCorrection {
                                joined = unsafe joiner?.join(
                                    json, texts.bytes(event.partial), evenIfKnown: isDoubtful)
                                guard joined != nil else { break probing }
                            }
                        }
                        try remove(key: key, eventVersion: removedVersion, db)
                        if joined != nil { break probing }
                        isReplacement = true
                        continue
                    }
                    key &+= 1
                }
                if var joined {
                    for index in joined.events.indices {
                        joined.events[index].byteOffset = event.byteOffset
                        joined.events[index].byteLength = event.byteLength
                    }
                    // What both forms tell takes the place of either; joining ends, since it has one event.
                    try dictionaries.learn(joined, db)
                    current = file
                    try insertEvents(joined, areIn: joined.events.map { _ in false }, isReplacement: !isShifted, db)
                    file = current ?? file
                    continue
                }
                guard isStored else {
                    file.result.duplicates += 1
                    continue
                }
                if isReplacement { file.result.duplicates += 1 } else { file.result.stored += 1 }
                if isCorrection {
                    try learn(
                        Replacements.Correction(
                            addendumEventID: unsafe texts.string(event.addendumEventID), key: key,
                            eventVersion: eventVersion),
                        of: unsafe texts.string(event.eventID), mayHaveOriginal: !isReplacement, db)
                }
                if event.record.count > 0 {
                    insertRecord.bind(key, at: 1)
                    unsafe texts.bind(event.record, to: insertRecord, at: 2)
                    try insertRecord.run()
                }
                if event.block >= 0 {
                    let block = Int(event.block)
                    if blockIDs[block] == 0 { blockIDs[block] = try insert(batch.blocks[block], db) }
                    insertPlace.bind(key, at: 1)
                    insertPlace.bind(blockIDs[block], at: 2)
                    insertPlace.bind(Int64(event.blockRange.offset), at: 3)
                    insertPlace.bind(Int64(event.blockRange.count), at: 4)
                    try insertPlace.run()
                }
                if event.denial >= 0 {
                    file.result.denials += 1
                    try insert(
                        batch.denials[Int(event.denial)], key: key, event: event, known: known, operation: operation,
                        identity: identity.id, sharedEventID: unsafe texts.string(event.sharedEventID), insertDenial, db
                    )
                }
                if event.change >= 0 {
                    try insert(batch.changes[Int(event.change)], key: key, db)
                }
                if event.session >= 0 {
                    try unsafe insert(
                        batch.sessions[Int(event.session)], key: key, role: known.texts[Int(event.target)], texts,
                        insertSession)
                }
                count(
                    event, principal: identity.principal, operation: operation, region: region, account: account,
                    eventVersion: eventVersion)
                if event.partial.count > 0 {
                    try insertPartial(
                        unsafe texts.string(event.partial), of: event, key: key, eventVersion: eventVersion, db)
                    if !event.isNameless {
                        replacements?.formKeys.insert(key)
                        if event.isTimeVague { replacements?.vagueForms.append(key) }
                    }
                }
                if event.isNameless {
                    if try absorbNameless(key: key, db) {
                        file.result.stored -= isReplacement ? 0 : 1
                        file.result.duplicates += isReplacement ? 0 : 1
                        if event.denial >= 0 { file.result.denials -= 1 }
                    }
                } else if replacements?.hasNamelessForms == true {
                    try absorbNamelessForms(of: key, into: &file, db)
                }
            }
        }
        rowsInTransaction += batch.events.count
        current = file
    }

    private func insert(_ block: CompressedBlock, _ db: Database) throws -> Int64 {
        let statement = try db.cachedStatement(sql: "INSERT INTO recordBlock (size, bytes) VALUES (?, ?)")
        try statement.execute(arguments: [block.size, Data(block.bytes)])
        return db.lastInsertedRowID
    }

    private func insert(_ change: PermissionChangeTarget, key: Int64, _ db: Database) throws {
        let insert = try RawStatement(
            db,
            "INSERT INTO permissionChangeRow (key, targetType, target, policyARN, policyName) VALUES (?, ?, ?, ?, ?)")
        insert.bind(key, at: 1)
        insert.bind(change.targetType.rawValue, at: 2)
        insert.bind(change.target, at: 3)
        insert.bind(change.policyARN, at: 4)
        insert.bind(change.policyName, at: 5)
        try insert.run()
        try ChangeNames.write(change, key: key, db)
    }

    private static let insertSession = """
        INSERT INTO sessionRow (key, accessKeyId, roleID, expiration, policy, policyARNs, tags, sourceIdentity, profileArn)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    private func insert(
        _ session: PackedSession, key: Int64, role: Int64, _ texts: RawText, _ statement: RawStatement
    ) throws {
        statement.bind(key, at: 1)
        unsafe texts.bind(session.accessKeyId, to: statement, at: 2)
        statement.bind(id: role, at: 3)
        unsafe texts.bind(session.expiration, to: statement, at: 4)
        unsafe texts.bind(session.policy, to: statement, at: 5)
        unsafe texts.bind(session.policyARNs, to: statement, at: 6)
        unsafe texts.bind(session.tags, to: statement, at: 7)
        unsafe texts.bind(session.sourceIdentity, to: statement, at: 8)
        unsafe texts.bind(session.profileARN, to: statement, at: 9)
        try statement.run()
    }
}
