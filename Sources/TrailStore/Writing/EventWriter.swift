import AccessDenial
package import CloudTrail
import Crypto
import Foundation
import GRDB
import GRDBSQLite

/// Writes batches of events into the database: the single writer of an ingest.
///
/// A log file's events, its issues and its counts commit in one transaction; several small files share one. The writer holds
/// what the readers' small numbers stand for, and keeps the roll-ups (`usage`, `activity`) from which reports are answered
/// without reading every event.
package final class EventWriter {
    /// What to write of raw records is decided by the readers; the writer stores what it is given.
    private let database: TrailDatabase
    private let ingestedAt: String
    private var dictionaries: [Int: Dictionaries] = [:]
    private var textIDs: [String: Int64] = [:]
    /// By the SHA-256 of their values: the values themselves would take a kilobyte each.
    private var identityIDs: [SHA256Digest: (id: Int64, principal: Int64)] = [:]
    private var operationIDs: [Operation: Int64] = [:]
    private var groupIDs: [GroupKey: Int64] = [:]
    /// By principal, operation, Region and account.
    var usage = RollUp(zero: UsageCount())
    /// By hour, Region, account and eventVersion.
    var activity = RollUp(zero: Int64(0))
    /// What addenda have corrected, and which rows a fuller one may replace.
    var replacements: Replacements?
    private var isInTransaction = false
    private var rowsInTransaction = 0
    private var current: CurrentFile?

    /// Rows after which the next whole file ends the transaction.
    private let rowsPerTransaction = 100_000
    /// Entries after which an in-memory dictionary is emptied; the database still knows them.
    private let dictionaryLimit = 100_000
    /// The same for groups, whose keys are three texts, and most of which are met once.
    private let groupLimit = 10_000

    /// What became of one log file.
    package struct FileResult: Sendable {
        package var stored = 0
        package var duplicates = 0
        package var denials = 0
        /// The same bytes are already in, under another path.
        package var isKnownContent = false
    }

    /// What each reader's small numbers stand for.
    private struct Dictionaries {
        var generation = 0
        var texts: [Int64] = [0]
        var identities: [(id: Int64, principal: Int64)] = [(0, 0)]
        var operations: [Int64] = [0]
    }

    private struct GroupKey: Hashable {
        var principal: String
        var action: String
        var reason: String
    }

    struct UsageCount {
        var events: Int64 = 0
        var successes: Int64 = 0
        var denials: Int64 = 0
        var firstSuccess = Int64.max
        var lastSuccess = Int64.min
    }

    private struct CurrentFile {
        var index: Int
        var id: Int64
        var result = FileResult()
        /// Events that an earlier reading of the same file had stored.
        var moved = 0
    }

    /// A writer into `database`; `ingestedAt` is the time that `logFile` rows bear, ISO 8601 UTC.
    package init(database: TrailDatabase, ingestedAt: String) {
        self.database = database
        self.ingestedAt = ingestedAt
    }

    /// Writes one batch; returns the file's result with its last batch, `nil` before.
    ///
    /// Batches of one file come one after the other, files in their order.
    package func write(_ batch: borrowing EventBatch, path: String) throws -> FileResult? {
        try database.mapErrors {
            try database.queue.writeWithoutTransaction { db in
                if !isInTransaction {
                    try db.beginTransaction(.immediate)
                    isInTransaction = true
                }
                if replacements == nil { replacements = try Replacements(db) }
                try learn(batch, db)
                if current?.index != batch.fileIndex {
                    current = try begin(batch, path: path, db)
                }
                if current?.result.isKnownContent == false {
                    try insertEvents(batch, db)
                }
                guard let outcome = batch.outcome else { return nil }
                let result = try end(outcome, path: path, db)
                if rowsInTransaction >= rowsPerTransaction {
                    try commit(db)
                }
                return result
            }
        }
    }

    /// Commits what has been written.
    package func finish() throws {
        try database.mapErrors {
            try database.queue.writeWithoutTransaction { db in
                if isInTransaction { try commit(db) }
            }
        }
    }

    /// Whether everything that was written is in the database for good.
    package var isCommitted: Bool { !isInTransaction }

    /// Undoes everything since the last commit. The writer cannot be used afterwards.
    package func rollback() throws {
        guard isInTransaction else { return }
        isInTransaction = false
        try database.mapErrors { try database.queue.writeWithoutTransaction { try $0.rollback() } }
    }

    // MARK: - Files

    private func begin(_ batch: borrowing EventBatch, path: String, _ db: Database) throws -> CurrentFile {
        var file = CurrentFile(index: batch.fileIndex, id: 0)
        if let sha256 = batch.sha256BeforeReading,
            try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM logFile WHERE sha256 = ?)", arguments: [sha256])
                == true
        {
            file.result.isKnownContent = true
            return file
        }
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO logFile (path, kind, records, stored, duplicates, skipped, ingestedAt) VALUES (?, '', 0, 0, 0, 0, ?)
                """)
        try statement.execute(arguments: [path, ingestedAt])
        file.id = db.lastInsertedRowID
        return file
    }

    private func end(_ outcome: LogFileOutcome, path: String, _ db: Database) throws -> FileResult {
        guard var file = current else { return FileResult() }
        current = nil
        guard !file.result.isKnownContent else { return file.result }
        try db.cachedStatement(sql: "DELETE FROM ingestIssue WHERE logFileID IS NULL AND path = ?").execute(arguments: [
            path
        ])
        if outcome.isNothing {
            // No log file at all, or none that could be read: nothing to remember but why.
            try db.execute(sql: "DELETE FROM logFile WHERE id = ?", arguments: [file.id])
            for issue in outcome.issues { try insert(issue, logFileID: nil, path: path, db) }
            return file.result
        }
        try replaceEarlierReading(of: outcome, path: path, &file, db)
        let statement = try db.cachedStatement(
            sql: """
                UPDATE logFile SET kind = ?, size = ?, modificationTime = ?, uncompressedSize = ?,
                    records = ?, stored = ?, duplicates = ?, skipped = ?, sha256 = ?, maximumRatio = ?, maximumRecordBytes = ?
                WHERE id = ?
                """)
        try statement.execute(arguments: [
            outcome.kind.rawValue, outcome.size, outcome.modificationTime, outcome.uncompressedSize,
            outcome.records, file.result.stored + file.moved, file.result.duplicates - file.moved, outcome.skipped,
            outcome.sha256, outcome.maximumRatio, outcome.maximumRecordBytes, file.id,
        ])
        for issue in outcome.issues {
            try insert(issue, logFileID: file.id, path: path, db)
        }
        rowsInTransaction += 1
        return file.result
    }

    /// A file that is read again, because its limits were raised, takes the place of what it gave before.
    private func replaceEarlierReading(
        of outcome: LogFileOutcome, path: String, _ file: inout CurrentFile, _ db: Database
    ) throws {
        guard let size = outcome.size, let modificationTime = outcome.modificationTime else { return }
        let earlier = try db.cachedStatement(
            sql: "SELECT id FROM logFile WHERE path = ? AND size = ? AND modificationTime = ? AND id <> ?")
        for id in try Int64.fetchAll(earlier, arguments: [path, size, modificationTime, file.id]) {
            try db.execute(sql: "UPDATE eventRow SET logFileID = ? WHERE logFileID = ?", arguments: [file.id, id])
            file.moved += db.changesCount
            try db.execute(sql: "DELETE FROM ingestIssue WHERE logFileID = ?", arguments: [id])
            try db.execute(sql: "DELETE FROM logFile WHERE id = ?", arguments: [id])
        }
    }

    private func insert(_ issue: IngestIssue, logFileID: Int64?, path: String?, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO ingestIssue (logFileID, path, record, byteOffset, code, message) VALUES (?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            logFileID, path ?? issue.location.file, issue.location.record, issue.location.byteOffset,
            issue.code.rawValue, issue.message,
        ])
    }

    /// Drops what was told of folders that could not be read, where files have been found below them since.
    package func forgetIssues(ofFoldersAbove paths: some Sequence<String>) throws {
        try database.mapErrors {
            try database.queue.writeWithoutTransaction { db in
                var told = try Set(
                    String.fetchAll(
                        db, sql: "SELECT path FROM ingestIssue WHERE logFileID IS NULL AND path IS NOT NULL"))
                guard !told.isEmpty else { return }
                for path in paths {
                    var folder = path[...]
                    while let end = folder.lastIndex(of: "/") {
                        folder = folder[..<end]
                        guard told.remove(String(folder)) != nil else { continue }
                        try db.execute(
                            sql: "DELETE FROM ingestIssue WHERE logFileID IS NULL AND path = ?",
                            arguments: [String(folder)])
                    }
                }
            }
        }
    }

    /// Records an issue that belongs to no log file, such as a folder that cannot be read; told once, however often it recurs.
    package func record(_ issue: IngestIssue) throws {
        try database.mapErrors {
            try database.queue.writeWithoutTransaction { db in
                try db.execute(
                    sql: "DELETE FROM ingestIssue WHERE logFileID IS NULL AND path IS ? AND code = ?",
                    arguments: [issue.location.file, issue.code.rawValue])
                try insert(issue, logFileID: nil, path: nil, db)
            }
        }
    }

    // MARK: - Dictionaries

    private func learn(_ batch: borrowing EventBatch, _ db: Database) throws {
        var known = dictionaries[batch.reader] ?? Dictionaries()
        dictionaries[batch.reader] = nil
        if known.generation != batch.generation {
            known = Dictionaries()
            known.generation = batch.generation
        }
        for text in batch.newTexts {
            known.texts.append(try textID(text, db))
        }
        for identity in batch.newIdentities {
            known.identities.append(try identityID(identity, db))
        }
        for operation in batch.newOperations {
            known.operations.append(try operationID(operation, db))
        }
        dictionaries[batch.reader] = known
    }

    private func textID(_ text: String, _ db: Database) throws -> Int64 {
        if let id = textIDs[text] { return id }
        if textIDs.count >= dictionaryLimit { textIDs.removeAll(keepingCapacity: true) }
        let select = try RawStatement(db, "SELECT id FROM text WHERE value = ?")
        select.bind(text, at: 1)
        let id: Int64
        if let found = try select.firstInteger() {
            id = found
        } else {
            let insert = try RawStatement(db, "INSERT INTO text (value) VALUES (?)")
            insert.bind(text, at: 1)
            try insert.run()
            id = insert.lastInsertedRowID
        }
        textIDs[text] = id
        return id
    }

    private func optionalTextID(_ text: String?, _ db: Database) throws -> Int64? {
        guard let text else { return nil }
        return try textID(text, db)
    }

    private static let identityColumns = [
        "type", "arn", "accountId", "principalId", "accessKeyId", "userName", "invokedBy", "identityProvider",
        "sessionIssuerType", "sessionIssuerArn", "sessionIssuerPrincipalId", "sessionIssuerAccountId",
        "sessionIssuerUserName", "sessionCreationDate", "mfaAuthenticated", "sourceIdentity", "federatedProvider",
        "ec2RoleDelivery", "inScopeOfSourceArn", "credentialsIssuedTo", "onBehalfOfUserId",
        "onBehalfOfIdentityStoreArn", "credentialId",
    ]
    private static let insertIdentity = """
        INSERT INTO identity (hash, foldedPrincipalID, \(identityColumns.joined(separator: ", ")))
        VALUES (?, ?\(String(repeating: ", ?", count: identityColumns.count)))
        """
    private static let selectIdentity = """
        SELECT id FROM identity WHERE hash = ? AND foldedPrincipalID IS ?
            \(identityColumns.map { "AND \($0) IS ?" }.joined(separator: " "))
        """

    private func identityID(_ identity: PrincipalIdentity, _ db: Database) throws -> (id: Int64, principal: Int64) {
        let i = identity.identity
        let values = [
            i.type, i.arn, i.accountId, i.principalId, i.accessKeyId, i.userName, i.invokedBy, i.identityProvider,
            i.sessionIssuerType, i.sessionIssuerArn, i.sessionIssuerPrincipalId, i.sessionIssuerAccountId,
            i.sessionIssuerUserName, i.sessionCreationDate, i.mfaAuthenticated, i.sourceIdentity, i.federatedProvider,
            i.ec2RoleDelivery, i.inScopeOfSourceArn, i.credentialsIssuedTo, i.onBehalfOfUserId,
            i.onBehalfOfIdentityStoreArn, i.credentialId,
        ]
        let digest = Self.digest(values + [identity.principal])
        if let known = identityIDs[digest] { return known }
        if identityIDs.count >= dictionaryLimit { identityIDs.removeAll(keepingCapacity: true) }
        // The column is an index to look identities up by: eight bytes of the hash do.
        let hash = Int64(bitPattern: digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
        let principal = try optionalTextID(identity.principal, db)
        func bind(to statement: RawStatement) {
            statement.bind(hash, at: 1)
            statement.bind(principal, at: 2)
            for (index, value) in values.enumerated() { statement.bind(value, at: Int32(index) + 3) }
        }
        // Few hashes are in already, and of those few rows are another identity's: the index of hashes alone tells most often.
        let isHashKnown = try RawStatement(db, "SELECT 1 FROM identity WHERE hash = ?")
        isHashKnown.bind(hash, at: 1)
        var id: Int64?
        if try isHashKnown.firstInteger() != nil {
            let select = try RawStatement(db, Self.selectIdentity)
            bind(to: select)
            id = try select.firstInteger()
        }
        if id == nil {
            let insert = try RawStatement(db, Self.insertIdentity)
            bind(to: insert)
            try insert.run()
            id = insert.lastInsertedRowID
        }
        let known = (id: id ?? 0, principal: principal ?? 0)
        identityIDs[digest] = known
        return known
    }

    /// SHA-256 over the values and their lengths: the same on every machine, since a part of it is stored.
    private static func digest(_ values: [String?]) -> SHA256Digest {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1024)
        for value in values {
            let start = bytes.count
            bytes += [0, 0, 0, 0]
            guard let value else { continue }
            bytes += value.utf8
            // Absent and empty differ: lengths count from 1.
            var length = UInt32(truncatingIfNeeded: bytes.count - start - 3)
            for index in 0..<4 {
                bytes[start + index] = UInt8(truncatingIfNeeded: length)
                length >>= 8
            }
        }
        return SHA256.hash(data: bytes)
    }

    private func operationID(_ operation: Operation, _ db: Database) throws -> Int64 {
        if let id = operationIDs[operation] { return id }
        if operationIDs.count >= dictionaryLimit { operationIDs.removeAll(keepingCapacity: true) }
        let arguments: StatementArguments = [
            operation.eventSource, operation.eventName, operation.eventType, operation.eventCategory,
            operation.readOnly, operation.managementEvent, operation.action,
        ]
        let select = try db.cachedStatement(
            sql: """
                SELECT id FROM operation WHERE eventSource IS ? AND eventName IS ? AND eventType IS ? AND eventCategory IS ?
                    AND readOnly IS ? AND managementEvent IS ? AND action IS ?
                """)
        let id: Int64
        if let found = try Int64.fetchOne(select, arguments: arguments) {
            id = found
        } else {
            let isReported = ServiceFamily.pinpoint.contains(
                eventSource: operation.eventSource ?? "", action: operation.action)
            let insert = try db.cachedStatement(
                sql: """
                    INSERT INTO operation (
                        id, eventSource, eventName, eventType, eventCategory, readOnly, managementEvent, action)
                    VALUES (
                        1 + coalesce((SELECT max(id) FROM operation WHERE \(isReported ? "id >=" : "id <") \(Schema.firstIndexedOperation)),
                            \(isReported ? Schema.firstIndexedOperation : 0)),
                        ?, ?, ?, ?, ?, ?, ?)
                    """)
            try insert.execute(arguments: arguments)
            id = db.lastInsertedRowID
        }
        operationIDs[operation] = id
        return id
    }

    private func groupID(_ denial: Denial, _ db: Database) throws -> Int64 {
        let key = GroupKey(principal: denial.principal, action: denial.action, reason: denial.reason.slug)
        if let id = groupIDs[key] { return id }
        if groupIDs.count >= groupLimit { groupIDs.removeAll(keepingCapacity: true) }
        let insert = try RawStatement(
            db,
            """
            INSERT OR IGNORE INTO denialGroupRow (publicID, principal, action, reason, category, effect, policyType)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """)
        for publicID in DenialGroup.publicIDs(principal: key.principal, action: key.action, reason: key.reason) {
            insert.bind(publicID, at: 1)
            insert.bind(key.principal, at: 2)
            insert.bind(key.action, at: 3)
            insert.bind(key.reason, at: 4)
            insert.bind(denial.category.rawValue, at: 5)
            insert.bind(denial.effect.rawValue, at: 6)
            insert.bind(denial.policyType?.rawValue, at: 7)
            try insert.run()
            if insert.changes == 1 {
                groupIDs[key] = insert.lastInsertedRowID
                return insert.lastInsertedRowID
            }
            // The id is taken: by this group, or by another whose hash begins alike.
            let select = try db.cachedStatement(
                sql: "SELECT id, principal, action, reason FROM denialGroupRow WHERE publicID = ?")
            if let row = try Row.fetchOne(select, arguments: [publicID]),
                GroupKey(principal: row["principal"], action: row["action"], reason: row["reason"]) == key
            {
                groupIDs[key] = row["id"]
                return row["id"]
            }
        }
        throw StoreError(.damaged, "the database `\(database.path)` holds another group under every id of this one")
    }

    // MARK: - Events

    private static let insertEvent = """
        INSERT OR IGNORE INTO eventRow (
            key, eventTime, eventID, identityID, operationID, regionID, accountID, sourceIPAddressID, userAgentID,
            vpcEndpointID, errorCodeID, requestID, sharedEventID, logFileID, byteOffset, byteLength, errorMessage,
            targetID)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    /// The inner loop of the ingest: raw binds of the batch's own bytes.
    private func insertEvents(_ batch: borrowing EventBatch, _ db: Database) throws {
        guard var file = current, let known = dictionaries[batch.reader] else { return }
        let statement = try RawStatement(db, Self.insertEvent)
        let sameKey = try db.cachedStatement(sql: "SELECT eventID, eventTime, logFileID FROM eventRow WHERE key = ?")
        let insertRecord = try RawStatement(db, "INSERT INTO record (key, json) VALUES (?, ?)")
        let insertPlace = try RawStatement(
            db, "INSERT INTO recordPlace (key, blockID, offset, length) VALUES (?, ?, ?, ?)")
        if batch.isIncomplete { replacements?.incompleteFiles.insert(file.id) }
        /// A block is stored with the first of its events that is new.
        var blockIDs = [Int64](repeating: 0, count: batch.blocks.count)
        let insertDenial = try RawStatement(db, Self.insertDenial)
        let insertSession = try RawStatement(db, Self.insertSession)
        defer {
            // The bound bytes are the batch's and do not outlive this call.
            statement.clearBindings()
            insertRecord.clearBindings()
        }
        // SAFETY: the pointer lives for the closure, and every stretch bound below was taken from the same array.
        try unsafe batch.bytes.withUnsafeBytes { bytes in
            let texts = unsafe RawText(base: bytes.baseAddress, count: bytes.count)
            for event in batch.events {
                let region = known.texts[Int(event.region)]
                let account = known.texts[Int(event.account)]
                let identity = known.identities[Int(event.identity)]
                let operation = known.operations[Int(event.operation)]
                unsafe texts.bind(event.eventTime, to: statement, at: 2)
                unsafe texts.bind(event.eventID, to: statement, at: 3)
                statement.bind(id: identity.id, at: 4)
                statement.bind(id: operation, at: 5)
                statement.bind(id: region, at: 6)
                statement.bind(id: account, at: 7)
                statement.bind(id: known.texts[Int(event.sourceIPAddress)], at: 8)
                statement.bind(id: known.texts[Int(event.userAgent)], at: 9)
                statement.bind(id: known.texts[Int(event.vpcEndpoint)], at: 10)
                statement.bind(id: known.texts[Int(event.errorCode)], at: 11)
                unsafe texts.bind(event.requestID, to: statement, at: 12)
                unsafe texts.bind(event.sharedEventID, to: statement, at: 13)
                statement.bind(file.id, at: 14)
                statement.bind(event.byteOffset, at: 15)
                statement.bind(event.byteLength, at: 16)
                unsafe texts.bind(event.errorMessage, to: statement, at: 17)
                statement.bind(id: known.texts[Int(event.target)], at: 18)

                let isCorrection = event.addendumEventID.count > 0
                let eventVersion = known.texts[Int(event.eventVersion)]
                // Whether the event was counted as stored before, in another form.
                var isReplacement = false
                if isCorrection || replacements?.corrections.isEmpty == false {
                    let id = unsafe texts.string(event.eventID)
                    if let correction = replacements?.corrections[id] {
                        guard isCorrection, unsafe correction.addendumEventID < texts.string(event.addendumEventID)
                        else {
                            file.result.duplicates += 1
                            continue
                        }
                        try remove(key: correction.key, eventVersion: correction.eventVersion, db)
                        isReplacement = true
                    }
                }
                var key = event.time << Int64(Schema.keyHashBits) | Int64(event.idHash)
                var isStored = false
                while true {
                    statement.bind(key, at: 1)
                    try statement.run()
                    if statement.changes == 1 {
                        isStored = true
                        break
                    }
                    // The key is taken: by this event, delivered twice, or by another of the same second and hash.
                    guard let row = try Row.fetchOne(sameKey, arguments: [key]) else {
                        throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a key is taken by no row")
                    }
                    let id: String = row["eventID"]
                    let time: String? = row["eventTime"]
                    if unsafe id == texts.string(event.eventID), unsafe time ?? "" == texts.string(event.eventTime) {
                        let fileID: Int64 = row["logFileID"] ?? 0
                        let isIncomplete = replacements?.incompleteFiles.contains(fileID) == true
                        guard isCorrection || isIncomplete && !batch.isIncomplete else { break }
                        // The event history's rows bear no version; an original is of its addendum's.
                        try remove(key: key, eventVersion: isIncomplete ? 0 : eventVersion, db)
                        isReplacement = true
                        continue
                    }
                    key &+= 1
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
                    try insert(batch.sessions[Int(event.session)], key: key, insertSession, db)
                }
                count(
                    event, principal: identity.principal, operation: operation, region: region, account: account,
                    eventVersion: eventVersion)
            }
        }
        rowsInTransaction += batch.events.count
        current = file
    }

    private static let insertDenial = """
        INSERT INTO denialRow (
            key, groupID, operationID, identityID, principalTypeID, invokedByID, resourceID, inferredResourceID, policyARNID,
            regionID, accountID, sourceIPAddressID, userAgentID, vpcEndpointID, errorCodeID, truncated, encodedMessage,
            authorizationID, targetID, sharedEventID)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    private func insert(
        _ denial: Denial, key: Int64, event: PackedEvent, known: borrowing Dictionaries, operation: Int64,
        identity: Int64, sharedEventID: String, _ statement: RawStatement, _ db: Database
    ) throws {
        statement.bind(key, at: 1)
        statement.bind(try groupID(denial, db), at: 2)
        statement.bind(operation, at: 3)
        statement.bind(identity, at: 4)
        statement.bind(try textID(denial.principalType, db), at: 5)
        statement.bind(id: known.texts[Int(event.invokedBy)], at: 6)
        statement.bind(try optionalTextID(denial.resource, db), at: 7)
        statement.bind(try optionalTextID(denial.inferredResource, db), at: 8)
        statement.bind(try optionalTextID(denial.policyARN, db), at: 9)
        statement.bind(id: known.texts[Int(event.region)], at: 10)
        statement.bind(id: known.texts[Int(event.account)], at: 11)
        statement.bind(id: known.texts[Int(event.sourceIPAddress)], at: 12)
        statement.bind(id: known.texts[Int(event.userAgent)], at: 13)
        statement.bind(id: known.texts[Int(event.vpcEndpoint)], at: 14)
        statement.bind(id: known.texts[Int(event.errorCode)], at: 15)
        statement.bind(denial.isTruncated ? 1 : 0, at: 16)
        statement.bind(denial.hasEncodedMessage ? 1 : 0, at: 17)
        statement.bind(denial.authorizationID, at: 18)
        statement.bind(id: known.texts[Int(event.target)], at: 19)
        statement.bind(sharedEventID.isEmpty ? nil : sharedEventID, at: 20)
        try statement.run()
        if !sharedEventID.isEmpty { try markCopies(of: sharedEventID, db) }
    }

    /// A call from one account on another's resource is recorded in both: it counts once, as the caller's account has it where
    /// that is known, in whatever order the records come.
    private func markCopies(of sharedEventID: String, _ db: Database) throws {
        let select = try db.cachedStatement(
            sql: """
                SELECT d.key, d.accountID FROM denialRow d
                    JOIN eventRow e ON e.key = d.key
                    LEFT JOIN identity i ON i.id = d.identityID
                    LEFT JOIN text account ON account.id = d.accountID
                WHERE d.sharedEventID = ?
                ORDER BY account.value IS NOT i.accountId, i.type IS 'AWSAccount', e.eventID
                """)
        let rows = try Row.fetchAll(select, arguments: [sharedEventID])
        guard rows.count > 1, let first = rows.first else { return }
        let update = try db.cachedStatement(sql: "UPDATE denialRow SET isCopy = ? WHERE key = ?")
        for row in rows {
            let isCopy = (row["accountID"] as Int64?) != first["accountID"]
            try update.execute(arguments: [isCopy, row["key"] as Int64])
        }
    }

    private func insert(_ block: CompressedBlock, _ db: Database) throws -> Int64 {
        let statement = try db.cachedStatement(sql: "INSERT INTO recordBlock (size, bytes) VALUES (?, ?)")
        try statement.execute(arguments: [block.size, Data(block.bytes)])
        return db.lastInsertedRowID
    }

    private func insert(_ change: PermissionChangeTarget, key: Int64, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql:
                "INSERT INTO permissionChangeRow (key, targetType, target, policyARN, policyName) VALUES (?, ?, ?, ?, ?)"
        )
        try statement.execute(arguments: [
            key, change.targetType.rawValue, change.target, change.policyARN, change.policyName,
        ])
        try ChangeNames.write(change, key: key, db)
    }

    private static let insertSession = """
        INSERT OR IGNORE INTO sessionRow (accessKeyId, key, roleID, expiration, policy, policyARNs, tags, sourceIdentity)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """

    private func insert(_ session: IssuedSession, key: Int64, _ statement: RawStatement, _ db: Database) throws {
        statement.bind(session.accessKeyId, at: 1)
        statement.bind(key, at: 2)
        statement.bind(try optionalTextID(session.roleARN, db), at: 3)
        statement.bind(session.expiration, at: 4)
        statement.bind(session.sessionPolicy, at: 5)
        statement.bind(
            session.sessionPolicyARNs.isEmpty ? nil : session.sessionPolicyARNs.joined(separator: " "), at: 6)
        statement.bind(
            session.tags.isEmpty ? nil : session.tags.map { "\($0.key)=\($0.value)" }.joined(separator: " "), at: 7)
        statement.bind(session.sourceIdentity, at: 8)
        try statement.run()
    }

    // MARK: - Roll-ups

    private func count(
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
            case .otherError:
                break
            }
        }
        activity.update(.init(event.time / 3600, region, account, eventVersion)) { $0 += 1 }
    }

    private func commit(_ db: Database) throws {
        try removeOriginals(db)
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
        try recount(db)
        try db.commit()
        isInTransaction = false
        rowsInTransaction = 0
    }
}

/// The bytes that a batch's stretches point into.
@unsafe
private struct RawText {
    let base: UnsafeRawPointer?
    let count: Int

    /// Binds a stretch as text without copying it; an empty one as NULL.
    @inline(__always)
    func bind(_ range: ByteRange, to statement: borrowing RawStatement, at index: Int32) {
        let offset = Int(range.offset), length = Int(range.count)
        guard let base = unsafe base, length > 0, unsafe offset + length <= count else {
            statement.bindNull(at: index)
            return
        }
        // SAFETY: the stretch was just checked against the array's length; SQLite reads it before the array is released.
        unsafe statement.bind(borrowing: UnsafeRawBufferPointer(start: base + offset, count: length), at: index)
    }

    func string(_ range: ByteRange) -> String {
        let offset = Int(range.offset), length = Int(range.count)
        guard let base = unsafe base, length > 0, unsafe offset + length <= count else { return "" }
        return unsafe String(decoding: UnsafeRawBufferPointer(start: base + offset, count: length), as: UTF8.self)
    }
}
