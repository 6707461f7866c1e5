import GRDB

// Forms of one event that tell less than CloudTrail's own record, and what becomes of them where they meet.
//
// A row that comes from such forms has a row in `partialEvent`, which keeps what they tell together. CloudTrail's record takes the
// place of it, whichever came first; another such form is joined with it. A form without an eventID is found by what it tells.

extension EventWriter {
    /// What the database holds under an event's key.
    enum KnownForm {
        /// CloudTrail's own record.
        case whole
        /// Forms that tell a part, joined.
        /// `isDoubtful` where an earlier version stored the row without asking whether a form tells its outcome.
        case partial(json: [UInt8], eventVersion: Int64, isDoubtful: Bool)
    }

    /// The form in which an event is stored.
    func knownForm(key: Int64, _ db: Database) throws -> KnownForm {
        try RawCursor.first(db, "SELECT json, eventVersionID, untold FROM partialEvent WHERE key = ?", [key]) { row in
            .partial(json: Array(try row.text(0).utf8), eventVersion: try row[1], isDoubtful: try row[2] == 2)
        } ?? .whole
    }

    /// Keeps what a form tells that does not tell all, and what that leaves unknown.
    func insertPartial(_ json: String, of event: PackedEvent, key: Int64, eventVersion: Int64, _ db: Database) throws {
        let insert = try RawStatement(
            db,
            "INSERT INTO partialEvent (key, eventVersionID, nameless, untold, unworded, json) VALUES (?, ?, ?, ?, ?, ?)"
        )
        insert.bind(key, at: 1)
        insert.bind(eventVersion, at: 2)
        insert.bind(event.isNameless ? NamelessForm.alone.rawValue : 0, at: 3)
        insert.bind(event.outcome == .untold ? 1 : 0, at: 4)
        insert.bind(event.denial >= 0 && event.errorMessage.count == 0 ? 1 : 0, at: 5)
        insert.bind(json, at: 6)
        try insert.run()
        if event.isNameless { replacements?.hasNamelessForms = true }
    }

    /// What is known of a form without an eventID: the values of `partialEvent.nameless`.
    enum NamelessForm: Int64 {
        /// No other event is like it.
        case alone = 1
        /// It may be another form of an event that the database holds.
        case mayBeDouble = 2
    }

    /// How a form without an eventID relates to an event.
    private enum Likeness {
        case other
        /// Nothing contradicts that they are one, but the form tells too little to say so.
        case possible
        case same
    }

    /// What an event without a name is compared by.
    private struct Content {
        var key: Int64
        var eventSource: String?
        var eventName: String?
        var principal: String?
        var region: Int64?
        var address: Int64?
        var requestID: String?
        var errorCode: Int64?
        var nameless: Int64
        var logFileID: Int64?
        var eventVersion: Int64

        var tellsOutcome: Bool { errorCode != Schema.untoldOutcome }
    }

    /// Events of one second that are looked at; more are a forgery, which must not cost the square of their number.
    private static let maximumContents = 4096

    /// The events of the second that a key is of, or its forms without an eventID alone.
    private func contents(inSecondOf key: Int64, namelessOnly: Bool, _ db: Database) throws -> [Content] {
        let second = EventKey.time(of: key)
        let rows =
            namelessOnly
            ? "partialEvent p INDEXED BY namelessEvent JOIN eventRow e ON e.key = p.key"
            : "eventRow e LEFT JOIN partialEvent p ON p.key = e.key"
        let keys = namelessOnly ? "p.nameless > 0 AND p.key" : "e.key"
        let first = EventKey.least(at: second)
        return try RawCursor.all(
            db,
            """
            SELECT e.key, o.eventSource, o.eventName, principal.value, e.regionID, e.sourceIPAddressID, e.requestID,
                e.errorCodeID, coalesce(p.nameless, 0), e.logFileID, coalesce(p.eventVersionID, 0)
            FROM \(rows)
                LEFT JOIN operation o ON o.id = e.operationID
                LEFT JOIN identity i ON i.id = e.identityID
                LEFT JOIN text principal ON principal.id = i.foldedPrincipalID
            WHERE \(keys) BETWEEN ? AND ? LIMIT \(Self.maximumContents)
            """, [first, first | (1 << Int64(Schema.keyHashBits) - 1)]
        ) { row in
            Content(
                key: try row.key(0), eventSource: try row.optionalText(1), eventName: try row.optionalText(2),
                principal: try row.optionalText(3), region: try row.optionalInteger(4),
                address: try row.optionalInteger(5), requestID: try row.optionalText(6),
                errorCode: try row.optionalInteger(7), nameless: try row[8], logFileID: try row.optionalInteger(9),
                eventVersion: try row[10])
        }
    }

    /// Whether a form without an eventID is one of an event: time, service, operation and outcome agree, and so does everything else
    /// that both tell. It takes the request's id, or the caller and the address, to say so.
    private static func likeness(_ form: Content, _ event: Content) -> Likeness {
        guard form.eventSource == event.eventSource, form.eventName == event.eventName else { return .other }
        func agree<Value: Equatable>(_ left: Value?, _ right: Value?) -> Bool {
            left.flatMap { left in right.map { left == $0 } } ?? true
        }
        guard agree(form.region, event.region), agree(form.address, event.address),
            agree(form.requestID, event.requestID),
            agree(form.principal.map(plain), event.principal.map(plain)),
            !form.tellsOutcome || !event.tellsOutcome || form.errorCode == event.errorCode
        else { return .other }
        let isTold =
            form.requestID != nil && event.requestID != nil
            || form.principal != nil && event.principal != nil && form.address != nil && event.address != nil
        // What the form alone knows must not be lost with it.
        return isTold && (event.tellsOutcome || !form.tellsOutcome) ? .same : .possible
    }

    /// A principal without the path of its name, which a session's ARN leaves out.
    private static func plain(_ principal: String) -> String {
        guard principal.hasPrefix("arn:"), let slash = principal.firstIndex(of: "/"),
            let last = principal.lastIndex(of: "/")
        else { return principal }
        return String(principal[...slash] + principal[principal.index(after: last)...])
    }

    /// Looks for the event that a form without an eventID, just stored, is a form of. Where it is found the form's row is taken away
    /// again; true then.
    func absorbNameless(key: Int64, _ db: Database) throws -> Bool {
        let events = try contents(inSecondOf: key, namelessOnly: false, db)
        guard events.count > 1, let form = events.first(where: { $0.key == key }) else { return false }
        let likenesses = events.filter { $0.nameless == 0 }.map { Self.likeness(form, $0) }
        if likenesses.contains(.same) {
            try remove(key: key, eventVersion: form.eventVersion, db)
            return true
        }
        if likenesses.contains(.possible) { try markDouble(key, db) }
        return false
    }

    /// Takes away the rows of forms without an eventID that are forms of an event that was just stored.
    func absorbNamelessForms(of key: Int64, into file: inout CurrentFile, _ db: Database) throws {
        let forms = try contents(inSecondOf: key, namelessOnly: true, db)
        guard !forms.isEmpty,
            let event = try contents(inSecondOf: key, namelessOnly: false, db).first(where: { $0.key == key })
        else { return }
        for form in forms {
            switch Self.likeness(form, event) {
            case .other: continue
            case .possible: try markDouble(form.key, db)
            case .same:
                try remove(key: form.key, eventVersion: form.eventVersion, db)
                if form.logFileID == file.id {
                    file.result.stored -= 1
                    file.result.duplicates += 1
                } else {
                    try countAsDuplicate(ofFile: form.logFileID, db)
                }
            }
        }
    }

    private func markDouble(_ key: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE partialEvent SET nameless = ? WHERE key = ? AND nameless = ?")
            .execute(arguments: [NamelessForm.mayBeDouble.rawValue, key, NamelessForm.alone.rawValue])
    }

    /// Notes that an event that a file gave is counted as another file's.
    func countAsDuplicate(ofFile fileID: Int64?, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE logFile SET stored = stored - 1, duplicates = duplicates + 1 WHERE id = ?")
            .execute(arguments: [fileID])
    }
}
