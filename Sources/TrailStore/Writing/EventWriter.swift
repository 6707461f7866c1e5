import AccessDenial
package import CloudTrail
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
    private var identityIDs: [PrincipalIdentity: (id: Int64, principal: Int64)] = [:]
    private var operationIDs: [Operation: Int64] = [:]
    private var groupIDs: [GroupKey: Int64] = [:]
    private var usage: [UsageKey: UsageCount] = [:]
    private var activity: [ActivityKey: Int64] = [:]
    private var isInTransaction = false
    private var rowsInTransaction = 0
    private var current: CurrentFile?

    /// Rows after which the next whole file ends the transaction.
    private let rowsPerTransaction = 20_000
    /// Entries after which an in-memory dictionary is emptied; the database still knows them.
    private let dictionaryLimit = 200_000

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

    private struct UsageKey: Hashable {
        var principal: Int64
        var operation: Int64
        var region: Int64
        var account: Int64
    }

    private struct UsageCount {
        var events: Int64 = 0
        var successes: Int64 = 0
        var denials: Int64 = 0
        var firstSuccess = Int64.max
        var lastSuccess = Int64.min
    }

    private struct ActivityKey: Hashable {
        var hour: Int64
        var region: Int64
        var account: Int64
        var eventVersion: Int64
    }

    private struct CurrentFile {
        var index: Int
        var id: Int64
        var result = FileResult()
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
            try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM logFile WHERE sha256 = ?)", arguments: [sha256]) == true
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
        guard let file = current else { return FileResult() }
        current = nil
        guard !file.result.isKnownContent else { return file.result }
        if outcome.kind == .unrecognised, outcome.records == 0, outcome.issues.isEmpty {
            // No log file at all: nothing to remember.
            try db.execute(sql: "DELETE FROM logFile WHERE id = ?", arguments: [file.id])
            return file.result
        }
        let statement = try db.cachedStatement(
            sql: """
                UPDATE logFile SET kind = ?, size = ?, modificationTime = ?, uncompressedSize = ?,
                    records = ?, stored = ?, duplicates = ?, skipped = ?, sha256 = ? WHERE id = ?
                """)
        try statement.execute(arguments: [
            outcome.kind.rawValue, outcome.size, outcome.modificationTime, outcome.uncompressedSize,
            outcome.records, file.result.stored, file.result.duplicates, outcome.skipped, outcome.sha256, file.id,
        ])
        for issue in outcome.issues {
            try insert(issue, logFileID: file.id, path: path, db)
        }
        rowsInTransaction += 1
        return file.result
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
        let id: Int64
        let select = try db.cachedStatement(sql: "SELECT id FROM text WHERE value = ?")
        if let found = try Int64.fetchOne(select, arguments: [text]) {
            id = found
        } else {
            let insert = try db.cachedStatement(sql: "INSERT INTO text (value) VALUES (?)")
            try insert.execute(arguments: [text])
            id = db.lastInsertedRowID
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
        if let known = identityIDs[identity] { return known }
        if identityIDs.count >= dictionaryLimit { identityIDs.removeAll(keepingCapacity: true) }
        let i = identity.identity
        let values: [String?] = [
            i.type, i.arn, i.accountId, i.principalId, i.accessKeyId, i.userName, i.invokedBy, i.identityProvider,
            i.sessionIssuerType, i.sessionIssuerArn, i.sessionIssuerPrincipalId, i.sessionIssuerAccountId,
            i.sessionIssuerUserName, i.sessionCreationDate, i.mfaAuthenticated, i.sourceIdentity, i.federatedProvider,
            i.ec2RoleDelivery, i.inScopeOfSourceArn, i.credentialsIssuedTo, i.onBehalfOfUserId,
            i.onBehalfOfIdentityStoreArn, i.credentialId,
        ]
        let principal = try optionalTextID(identity.principal, db)
        let hash = Self.hash(values)
        let arguments: [(any DatabaseValueConvertible)?] = [hash, principal] + values
        let select = try db.cachedStatement(sql: Self.selectIdentity)
        let id: Int64
        if let found = try Int64.fetchOne(select, arguments: StatementArguments(arguments)) {
            id = found
        } else {
            let insert = try db.cachedStatement(sql: Self.insertIdentity)
            try insert.execute(arguments: StatementArguments(arguments))
            id = db.lastInsertedRowID
        }
        let known = (id: id, principal: principal ?? 0)
        identityIDs[identity] = known
        return known
    }

    /// FNV-1a over the values: the same on every machine, since it is stored.
    private static func hash(_ values: [String?]) -> Int64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for value in values {
            for byte in (value ?? "\u{1}").utf8 {
                hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
            }
            hash = (hash ^ 0xff) &* 0x100_0000_01b3
        }
        return Int64(bitPattern: hash)
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
            let insert = try db.cachedStatement(
                sql: """
                    INSERT INTO operation (eventSource, eventName, eventType, eventCategory, readOnly, managementEvent, action)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
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
        if groupIDs.count >= dictionaryLimit { groupIDs.removeAll(keepingCapacity: true) }
        let select = try db.cachedStatement(
            sql: "SELECT id, principal, action, reason FROM denialGroupRow WHERE publicID = ?")
        for publicID in DenialGroup.publicIDs(principal: key.principal, action: key.action, reason: key.reason) {
            if let row = try Row.fetchOne(select, arguments: [publicID]) {
                let found = GroupKey(principal: row["principal"], action: row["action"], reason: row["reason"])
                guard found == key else { continue }
                groupIDs[key] = row["id"]
                return row["id"]
            }
            let insert = try db.cachedStatement(
                sql: """
                    INSERT INTO denialGroupRow (publicID, principal, action, reason, category, effect, policyType)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """)
            try insert.execute(arguments: [
                publicID, key.principal, key.action, key.reason, denial.category.rawValue,
                denial.effect.rawValue, denial.policyType?.rawValue,
            ])
            groupIDs[key] = db.lastInsertedRowID
            return db.lastInsertedRowID
        }
        throw StoreError(.damaged, "the database `\(database.path)` holds another group under every id of this one")
    }

    // MARK: - Events

    private static let insertEvent = """
        INSERT OR IGNORE INTO eventRow (
            key, eventTime, eventID, identityID, operationID, regionID, accountID, sourceIPAddressID, userAgentID,
            vpcEndpointID, errorCodeID, requestID, sharedEventID, logFileID, byteOffset, byteLength, errorMessage)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    /// The inner loop of the ingest: raw binds of the batch's own bytes.
    private func insertEvents(_ batch: borrowing EventBatch, _ db: Database) throws {
        guard var file = current, let known = dictionaries[batch.reader] else { return }
        let insertEvent = try db.cachedStatement(sql: Self.insertEvent)
        let sameKey = try db.cachedStatement(sql: "SELECT eventID, eventTime FROM eventRow WHERE key = ?")
        let insertRecord = try db.cachedStatement(sql: "INSERT INTO record (key, json) VALUES (?, ?)")
        let connection = unsafe db.sqliteConnection
        let statement = unsafe insertEvent.sqliteStatement
        let recordStatement = unsafe insertRecord.sqliteStatement
        defer {
            // The bound bytes are the batch's and do not outlive this call.
            unsafe sqlite3_reset(statement)
            unsafe sqlite3_clear_bindings(statement)
            unsafe sqlite3_reset(recordStatement)
            unsafe sqlite3_clear_bindings(recordStatement)
        }
        // SAFETY: the pointer lives for the closure, and every stretch bound below was taken from the same array.
        try unsafe batch.bytes.withUnsafeBytes { bytes in
            let texts = unsafe RawText(base: bytes.baseAddress, count: bytes.count)
            for event in batch.events {
                let region = known.texts[Int(event.region)]
                let account = known.texts[Int(event.account)]
                let identity = known.identities[Int(event.identity)]
                let operation = known.operations[Int(event.operation)]
                unsafe texts.bind(event.eventTime, statement, 2)
                unsafe texts.bind(event.eventID, statement, 3)
                unsafe bind(identity.id, statement, 4)
                unsafe bind(operation, statement, 5)
                unsafe bind(region, statement, 6)
                unsafe bind(account, statement, 7)
                unsafe bind(known.texts[Int(event.sourceIPAddress)], statement, 8)
                unsafe bind(known.texts[Int(event.userAgent)], statement, 9)
                unsafe bind(known.texts[Int(event.vpcEndpoint)], statement, 10)
                unsafe bind(known.texts[Int(event.errorCode)], statement, 11)
                unsafe texts.bind(event.requestID, statement, 12)
                unsafe texts.bind(event.sharedEventID, statement, 13)
                unsafe sqlite3_bind_int64(statement, 14, file.id)
                unsafe sqlite3_bind_int64(statement, 15, event.byteOffset)
                unsafe sqlite3_bind_int64(statement, 16, event.byteLength)
                unsafe texts.bind(event.errorMessage, statement, 17)

                var key = event.time << Int64(Schema.keyHashBits) | Int64(event.idHash)
                var isStored = false
                while true {
                    unsafe sqlite3_bind_int64(statement, 1, key)
                    let code = unsafe sqlite3_step(statement)
                    unsafe sqlite3_reset(statement)
                    guard code == SQLITE_DONE else {
                        throw DatabaseError(
                            resultCode: ResultCode(rawValue: code),
                            message: unsafe sqlite3_errmsg(connection).map { unsafe String(cString: $0) })
                    }
                    if unsafe sqlite3_changes(connection) == 1 {
                        isStored = true
                        break
                    }
                    // The key is taken: by this event, delivered twice, or by another of the same second and hash.
                    guard let row = try Row.fetchOne(sameKey, arguments: [key]) else {
                        throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a key is taken by no row")
                    }
                    let id: String = row["eventID"]
                    let time: String? = row["eventTime"]
                    if unsafe id == texts.string(event.eventID), unsafe time ?? "" == texts.string(event.eventTime) { break }
                    key += 1
                }
                guard isStored else {
                    file.result.duplicates += 1
                    continue
                }
                file.result.stored += 1
                if event.record.count > 0 {
                    unsafe sqlite3_bind_int64(recordStatement, 1, key)
                    unsafe texts.bind(event.record, recordStatement, 2)
                    let code = unsafe sqlite3_step(recordStatement)
                    unsafe sqlite3_reset(recordStatement)
                    guard code == SQLITE_DONE else {
                        throw DatabaseError(
                            resultCode: ResultCode(rawValue: code),
                            message: unsafe sqlite3_errmsg(connection).map { unsafe String(cString: $0) })
                    }
                }
                if event.denial >= 0 {
                    file.result.denials += 1
                    try insert(
                        batch.denials[Int(event.denial)], key: key, event: event, known: known, operation: operation,
                        identity: identity.id, db)
                }
                if event.change >= 0 {
                    try insert(batch.changes[Int(event.change)], key: key, db)
                }
                if event.session >= 0 {
                    try insert(batch.sessions[Int(event.session)], key: key, db)
                }
                count(
                    event, principal: identity.principal, operation: operation, region: region, account: account,
                    eventVersion: known.texts[Int(event.eventVersion)])
            }
        }
        rowsInTransaction += batch.events.count
        current = file
    }

    private func insert(
        _ denial: Denial, key: Int64, event: PackedEvent, known: Dictionaries, operation: Int64, identity: Int64, _ db: Database
    ) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO denialRow (
                    key, groupID, operationID, identityID, principalTypeID, invokedByID, resourceID, inferredResourceID, policyARNID, regionID, accountID,
                    sourceIPAddressID, userAgentID, vpcEndpointID, errorCodeID, truncated, encodedMessage, authorizationID)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        func text(_ id: UInt32) -> Int64? { id == 0 ? nil : known.texts[Int(id)] }
        try statement.execute(arguments: [
            key, groupID(denial, db), operation, identity, textID(denial.principalType, db), text(event.invokedBy),
            optionalTextID(denial.resource, db),
            optionalTextID(denial.inferredResource, db), optionalTextID(denial.policyARN, db), text(event.region),
            text(event.account), text(event.sourceIPAddress), text(event.userAgent), text(event.vpcEndpoint),
            text(event.errorCode), denial.isTruncated, denial.hasEncodedMessage, denial.authorizationID,
        ])
    }

    private func insert(_ change: PermissionChangeTarget, key: Int64, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: "INSERT INTO permissionChangeRow (key, targetType, target, policyARN, policyName) VALUES (?, ?, ?, ?, ?)")
        try statement.execute(arguments: [
            key, change.targetType.rawValue, change.target, change.policyARN, change.policyName,
        ])
    }

    private func insert(_ session: IssuedSession, key: Int64, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO sessionRow (accessKeyId, key, roleID, expiration, policy, policyARNs, tags, sourceIdentity)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            session.accessKeyId, key, optionalTextID(session.roleARN, db), session.expiration, session.sessionPolicy,
            session.sessionPolicyARNs.isEmpty ? nil : session.sessionPolicyARNs.joined(separator: " "),
            session.tags.isEmpty ? nil : session.tags.map { "\($0.key)=\($0.value)" }.joined(separator: " "),
            session.sourceIdentity,
        ])
    }

    // MARK: - Roll-ups

    private func count(
        _ event: PackedEvent, principal: Int64, operation: Int64, region: Int64, account: Int64, eventVersion: Int64
    ) {
        let key = UsageKey(principal: principal, operation: operation, region: region, account: account)
        var row = usage[key] ?? UsageCount()
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
        usage[key] = row
        activity[
            ActivityKey(hour: event.time / 3600, region: region, account: account, eventVersion: eventVersion), default: 0] += 1
    }

    private func commit(_ db: Database) throws {
        let upsertUsage = try db.cachedStatement(
            sql: """
                INSERT INTO usage (
                    principalID, operationID, regionID, accountID, events, successes, denials, firstSuccess, lastSuccess)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET
                    events = events + excluded.events, successes = successes + excluded.successes,
                    denials = denials + excluded.denials,
                    firstSuccess = coalesce(min(firstSuccess, excluded.firstSuccess), firstSuccess, excluded.firstSuccess),
                    lastSuccess = coalesce(max(lastSuccess, excluded.lastSuccess), lastSuccess, excluded.lastSuccess)
                """)
        for (key, row) in usage {
            try upsertUsage.execute(arguments: [
                key.principal, key.operation, key.region, key.account, row.events, row.successes, row.denials,
                row.successes > 0 ? row.firstSuccess : nil, row.successes > 0 ? row.lastSuccess : nil,
            ])
        }
        let upsertActivity = try db.cachedStatement(
            sql: """
                INSERT INTO activity (hour, regionID, accountID, eventVersionID, events) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET events = events + excluded.events
                """)
        for (key, events) in activity {
            try upsertActivity.execute(arguments: [key.hour, key.region, key.account, key.eventVersion, events])
        }
        usage.removeAll(keepingCapacity: true)
        activity.removeAll(keepingCapacity: true)
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
    func bind(_ range: ByteRange, _ statement: SQLiteStatement, _ index: Int32) {
        let offset = Int(range.offset), length = Int(range.count)
        guard let base = unsafe base, length > 0, unsafe offset + length <= count else {
            unsafe sqlite3_bind_null(statement, index)
            return
        }
        // SAFETY: the stretch was just checked against the array's length; SQLite reads it before the array is released.
        let pointer = unsafe (base + offset).assumingMemoryBound(to: CChar.self)
        unsafe sqlite3_bind_text(statement, index, pointer, Int32(truncatingIfNeeded: length), nil)
    }

    func string(_ range: ByteRange) -> String {
        let offset = Int(range.offset), length = Int(range.count)
        guard let base = unsafe base, length > 0, unsafe offset + length <= count else { return "" }
        return unsafe String(decoding: UnsafeRawBufferPointer(start: base + offset, count: length), as: UTF8.self)
    }
}

@inline(__always)
private func bind(_ id: Int64, _ statement: SQLiteStatement, _ index: Int32) {
    if id == 0 {
        unsafe sqlite3_bind_null(statement, index)
    } else {
        unsafe sqlite3_bind_int64(statement, index, id)
    }
}
