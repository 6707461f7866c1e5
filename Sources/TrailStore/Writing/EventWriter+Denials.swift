import AccessDenial
import GRDB
import IAMPolicy

// Rows of `denialRow` and `denialGroupRow`.

extension EventWriter {
    static let insertDenial = """
        INSERT INTO denialRow (
            key, groupID, operationID, identityID, principalTypeID, invokedByID, resourceID, inferredResourceID, policyARNID,
            regionID, accountID, sourceIPAddressID, userAgentID, vpcEndpointID, errorCodeID, truncated, encodedMessage,
            authorizationID, targetID, sharedEventID)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    func insert(
        _ denial: Denial, key: Int64, event: PackedEvent, known: borrowing Dictionaries.ReaderNumbers, operation: Int64,
        identity: Int64, sharedEventID: String, _ statement: RawStatement, _ db: Database
    ) throws {
        statement.bind(key, at: 1)
        statement.bind(try groupID(denial, db), at: 2)
        statement.bind(operation, at: 3)
        statement.bind(identity, at: 4)
        statement.bind(try dictionaries.textID(denial.principalType, db), at: 5)
        statement.bind(id: known.texts[Int(event.invokedBy)], at: 6)
        statement.bind(try dictionaries.optionalTextID(denial.resource, db), at: 7)
        statement.bind(try dictionaries.optionalTextID(denial.inferredResource, db), at: 8)
        statement.bind(try dictionaries.optionalTextID(denial.policyARN, db), at: 9)
        statement.bind(id: known.texts[Int(event.region)], at: 10)
        statement.bind(id: known.texts[Int(event.account)], at: 11)
        statement.bind(id: known.texts[Int(event.sourceIPAddress)], at: 12)
        statement.bind(id: known.texts[Int(event.userAgent)], at: 13)
        statement.bind(id: known.texts[Int(event.vpcEndpoint)], at: 14)
        statement.bind(id: known.texts[Int(event.errorCode)], at: 15)
        statement.bind(denial.isTruncated ? 1 : 0, at: 16)
        statement.bind(denial.hasEncodedMessage ? 1 : 0, at: 17)
        statement.bind(denial.authorizationID, at: 18)
        statement.bind(
            id: TargetNumber.number(name: known.texts[Int(event.target)], part: event.targetPart), at: 19)
        statement.bind(sharedEventID.isEmpty ? nil : sharedEventID, at: 20)
        try statement.run()
        if !sharedEventID.isEmpty { try markCopies(of: sharedEventID, db) }
    }

    /// A call from one account on another's resource is recorded in both: it counts once, as the caller's account has it where
    /// that is known, in whatever order the records come.
    func markCopies(of sharedEventID: String, isOneGone: Bool = false, _ db: Database) throws {
        let rows = try RawCursor.all(
            db,
            """
            SELECT d.key, d.accountID FROM denialRow d
                JOIN eventRow e ON e.key = d.key
                LEFT JOIN identity i ON i.id = d.identityID
                LEFT JOIN text account ON account.id = d.accountID
            WHERE d.sharedEventID = ?
            ORDER BY account.value IS NOT i.accountId, i.type IS 'AWSAccount', e.eventID
            """, [sharedEventID]
        ) { (key: try $0.key(0), account: try $0[1]) }
        guard rows.count > 1 || isOneGone, let first = rows.first else { return }
        let update = try db.cachedStatement(sql: "UPDATE denialRow SET isCopy = ? WHERE key = ?")
        for row in rows { try update.execute(arguments: [row.account != first.account, row.key]) }
    }

    /// What a row of `denialGroupRow` holds beside its numbers.
    struct GroupRow {
        var principal: String
        var action: String
        var reason: String
        var category: String
        var effect: String
        var policyType: String?
    }

    private func groupID(_ denial: Denial, _ db: Database) throws -> Int64 {
        let key = GroupKey(principal: denial.principal, action: denial.action, reason: denial.reason.slug)
        if let id = groupIDs[key] { return id }
        return try groupID(
            GroupRow(
                principal: denial.principal, action: denial.action, reason: key.reason,
                category: denial.category.rawValue, effect: denial.effect.rawValue,
                policyType: denial.policyType?.rawValue), db)
    }

    /// The number of a group, which is added where it is new.
    func groupID(_ group: GroupRow, _ db: Database) throws -> Int64 {
        let key = GroupKey(principal: group.principal, action: group.action, reason: group.reason)
        if let id = groupIDs[key] { return id }
        if groupIDs.count >= groupLimit { groupIDs.removeAll(keepingCapacity: true) }
        let insert = try RawStatement(
            db,
            """
            INSERT OR IGNORE INTO denialGroupRow (publicID, principal, action, reason, category, effect, policyType)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """)
        for publicID in DenialGroup.publicIDs(principal: group.principal, action: group.action, reason: group.reason) {
            insert.bind(publicID, at: 1)
            insert.bind(group.principal, at: 2)
            insert.bind(group.action, at: 3)
            insert.bind(group.reason, at: 4)
            insert.bind(group.category, at: 5)
            insert.bind(group.effect, at: 6)
            insert.bind(group.policyType, at: 7)
            try insert.run()
            if insert.changes == 1 {
                groupIDs[key] = insert.lastInsertedRowID
                return insert.lastInsertedRowID
            }
            // The id is taken: by this group, or by another whose hash begins alike.
            let other = try RawCursor.first(
                db, "SELECT id, principal, action, reason FROM denialGroupRow WHERE publicID = ?", [publicID]
            ) { row in
                let key = GroupKey(principal: try row.text(1), action: try row.text(2), reason: try row.text(3))
                return (id: try row[0], key: key)
            }
            if let other, other.key == key {
                groupIDs[key] = other.id
                return other.id
            }
        }
        throw StoreError(.damaged, "the database `\(database.path)` holds another group under every id of this one")
    }
}
