import AccessDenial
import CloudTrail
import Crypto
import GRDB

/// What is stored once and referred to by number: the tables `text`, `identity` and `operation`, and what the readers' own small
/// numbers stand for.
final class Dictionaries {
    private var readers: [Int: ReaderNumbers] = [:]
    private var textIDs: [ByteText: Int64] = [:]
    /// By the SHA-256 of their values, as operations are: the values themselves would take a kilobyte each.
    private var identityIDs: [SHA256Digest: (id: Int64, principal: Int64)] = [:]
    private var operationIDs: [SHA256Digest: Int64] = [:]

    /// Entries after which an in-memory dictionary is emptied; the database still knows them.
    private let limit = 100_000

    /// What one reader's small numbers stand for.
    struct ReaderNumbers {
        var generation = 0
        var texts: [Int64] = [0]
        var identities: [(id: Int64, principal: Int64)] = [(0, 0)]
        var operations: [Int64] = [0]

        /// Calls `body` with them, whose memory stays where it is for the call.
        func withPinned<T>(_ body: (PinnedNumbers) throws -> T) rethrows -> T {
            try unsafe texts.withUnsafeBufferPointer { texts in
                try unsafe identities.withUnsafeBufferPointer { identities in
                    try unsafe operations.withUnsafeBufferPointer { operations in
                        try unsafe body(
                            PinnedNumbers(
                                texts: unsafe PinnedTable(rows: texts),
                                identities: unsafe PinnedTable(rows: identities),
                                operations: unsafe PinnedTable(rows: operations)))
                    }
                }
            }
        }
    }

    /// The same while their memory stays where it is: nobody counts who holds them, which costs more than to read one.
    @unsafe
    struct PinnedNumbers {
        let texts: PinnedTable<Int64>
        let identities: PinnedTable<(id: Int64, principal: Int64)>
        let operations: PinnedTable<Int64>
    }

    /// What a reader's numbers of one kind stand for.
    @unsafe
    struct PinnedTable<Row> {
        let rows: UnsafeBufferPointer<Row>

        @inline(__always) subscript(number: UInt32) -> Row {
            unsafe precondition(number < rows.count)
            // SAFETY: just compared.
            return unsafe rows[Int(number)]
        }
    }

    /// What the numbers of a batch's reader stand for; `nil` before ``learn(_:_:)``.
    func numbers(ofReader reader: Int) -> ReaderNumbers? { readers[reader] }

    /// Learns what the numbers mean that the batch uses for the first time.
    func learn(_ batch: borrowing EventBatch, _ db: Database) throws {
        var known = readers[batch.reader] ?? ReaderNumbers()
        readers[batch.reader] = nil
        if known.generation != batch.generation {
            known = ReaderNumbers()
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
        readers[batch.reader] = known
    }

    /// The id of a text, which is added where it is new.
    func textID(_ text: String, _ db: Database) throws -> Int64 {
        let key = ByteText(text)
        if let id = textIDs[key] { return id }
        if textIDs.count >= limit { textIDs.removeAll(keepingCapacity: true) }
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
        textIDs[key] = id
        return id
    }

    /// The same; `nil` for `nil`.
    func optionalTextID(_ text: String?, _ db: Database) throws -> Int64? {
        guard let text else { return nil }
        return try textID(text, db)
    }

    static let identityColumns = [
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
        if identityIDs.count >= limit { identityIDs.removeAll(keepingCapacity: true) }
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

    private static let selectOperation = """
        SELECT id FROM operation WHERE eventSource IS ? AND eventName IS ? AND eventType IS ? AND eventCategory IS ?
            AND readOnly IS ? AND managementEvent IS ? AND action IS ?
        """

    private func operationID(_ operation: Operation, _ db: Database) throws -> Int64 {
        let digest = Self.digest([
            operation.eventSource, operation.eventName, operation.eventType, operation.eventCategory,
            operation.readOnly.map(\.description), operation.managementEvent.map(\.description), operation.action,
        ])
        if let id = operationIDs[digest] { return id }
        if operationIDs.count >= limit { operationIDs.removeAll(keepingCapacity: true) }
        let arguments: StatementArguments = [
            operation.eventSource, operation.eventName, operation.eventType, operation.eventCategory,
            operation.readOnly, operation.managementEvent, operation.action,
        ]
        let id: Int64
        if let found = try RawCursor.integer(db, Self.selectOperation, arguments) {
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
        operationIDs[digest] = id
        return id
    }
}
