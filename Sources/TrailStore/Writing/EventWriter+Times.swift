import GRDB

// Forms of one event that bear different times, and so stand under different keys.

extension EventWriter {
    /// A row of a form that does not tell everything.
    struct StoredForm {
        var key: Int64
        var json: [UInt8]
        var eventVersion: Int64
        var logFileID: Int64?
    }

    /// The form of an event that is stored under another time than the one at hand.
    func form(of eventID: String, besides key: Int64, _ db: Database) throws -> StoredForm? {
        guard let keys = replacements?.formKeys.keys(like: key) else { return nil }
        for key in keys {
            let form = try RawCursor.first(
                db,
                """
                SELECT p.json, p.eventVersionID, e.logFileID FROM partialEvent p JOIN eventRow e ON e.key = p.key
                WHERE p.key = ? AND e.eventID = ?
                """, [key, eventID]
            ) { row in
                StoredForm(
                    key: key, json: Array(try row.text(0).utf8), eventVersion: try row[1],
                    logFileID: try row.optionalInteger(2))
            }
            if let form { return form }
        }
        return nil
    }

    /// Takes a form's row away, for a row that is counted as stored in its stead.
    func remove(_ form: StoredForm, countedIn file: inout CurrentFile, _ db: Database) throws {
        try remove(key: form.key, eventVersion: form.eventVersion, db)
        if form.logFileID == file.id {
            file.result.stored -= 1
            file.result.duplicates += 1
        } else {
            try countAsDuplicate(ofFile: form.logFileID, db)
        }
    }

    /// Takes away this transaction's forms with a vague time whose event is stored under its own: one search for all of them.
    func removeVagueForms(_ db: Database) throws {
        guard let vague = replacements?.vagueForms, let least = vague.min(), let greatest = vague.max() else { return }
        replacements?.vagueForms = []
        var forms = FormKeys()
        for key in vague { forms.insert(key) }
        let first = EventKey.least(at: EventKey.time(of: least) - FormKeys.maximumDistance)
        let end = EventKey.least(at: EventKey.time(of: greatest) + FormKeys.maximumDistance + 1)
        var pairs: [(form: Int64, event: Int64)] = []
        try RawCursor.forEach(db, "SELECT key FROM eventRow WHERE key >= ? AND key < ?", [first, end]) { row in
            let event = try row.key(0)
            for form in forms.keys(like: event) { pairs.append((form, event)) }
        }
        for pair in pairs {
            let form = try RawCursor.first(
                db,
                """
                SELECT p.eventVersionID, f.logFileID
                FROM partialEvent p JOIN eventRow f ON f.key = p.key JOIN eventRow e ON e.eventID = f.eventID
                WHERE p.key = ? AND e.key = ? AND NOT EXISTS (SELECT 1 FROM partialEvent q WHERE q.key = e.key)
                """, [pair.form, pair.event]
            ) { row in (version: try row[0] as Int64, file: try row.optionalInteger(1)) }
            guard let form else { continue }
            try remove(key: pair.form, eventVersion: form.version, db)
            try countAsDuplicate(ofFile: form.file, db)
        }
    }

    /// How much a row tells; of two records of one event the one that tells more counts, whichever came first.
    struct Telling: Comparable {
        var hasError: Bool
        var messageBytes: Int64
        /// How many of the columns that may be empty are not.
        var columns: Int64

        static func < (left: Telling, right: Telling) -> Bool {
            if left.hasError != right.hasError { return right.hasError }
            return (left.messageBytes, left.columns) < (right.messageBytes, right.columns)
        }

        init(hasError: Bool, messageBytes: Int64, columns: Int64) {
            self.hasError = hasError
            self.messageBytes = messageBytes
            self.columns = columns
        }

        /// What an event would tell in the database.
        init(_ event: PackedEvent, hasIdentity: Bool) {
            let numbers = [event.region, event.account, event.sourceIPAddress, event.userAgent, event.vpcEndpoint]
            let texts = [event.requestID, event.sharedEventID]
            hasError = event.errorCode != 0
            messageBytes = Int64(event.errorMessage.count)
            columns = Int64(
                numbers.filter { $0 != 0 }.count + texts.filter { $0.count > 0 }.count + (hasIdentity ? 1 : 0))
        }

        /// The columns of `eventRow` that are counted.
        static let counted = [
            "identityID", "regionID", "accountID", "sourceIPAddressID", "userAgentID", "vpcEndpointID", "requestID",
            "sharedEventID",
        ]
    }
}
