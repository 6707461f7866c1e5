import GRDB

// Rows of `eventRow`: one at a time, or many in one statement where nothing but their key decides whether they are new.

extension EventWriter {
    private static let columns = [
        "key", "eventTime", "eventID", "identityID", "operationID", "regionID", "accountID", "sourceIPAddressID",
        "userAgentID", "vpcEndpointID", "errorCodeID", "requestID", "sharedEventID", "logFileID", "byteOffset",
        "byteLength", "errorMessage", "targetID",
    ]

    /// Inserts so many rows, and leaves out those whose key is taken.
    static func insertRows(_ count: Int) -> String {
        let row = "(\(columns.map { _ in "?" }.joined(separator: ", ")))"
        return "INSERT OR IGNORE INTO eventRow (\(columns.joined(separator: ", "))) VALUES "
            + repeatElement(row, count: count).joined(separator: ", ")
    }

    /// Rows of one statement; SQLite before 3.32 binds 999 values at most.
    static let rowsPerStatement = 32
    private static let insertMany = insertRows(rowsPerStatement)

    /// Inserts the rows of a group many at a time, in the order of their keys, so that each page of the table is met once; tells of each
    /// batch which of its events are in by that.
    ///
    /// The others are left to be inserted one at a time: events whose key is taken, the few at the end, and all where an addendum or
    /// another form of an event may have a say. Of several with one key the first is in, as if they were inserted one by one.
    func insertTogether(_ group: [EventBatch], _ files: [CurrentFile], _ db: Database) throws -> [[Bool]] {
        var areIn = group.map { [Bool](repeating: false, count: $0.events.count) }
        var order: [(key: Int64, batch: Int32, event: Int32)] = []
        for (index, batch) in group.enumerated() where !files[index].result.isKnownContent {
            for (event, packed) in batch.events.enumerated() {
                guard packed.addendumEventID.count == 0, packed.partial.count == 0 else { return areIn }
                order.append((packed.firstKey, Int32(truncatingIfNeeded: index), Int32(truncatingIfNeeded: event)))
            }
        }
        guard order.count >= Self.rowsPerStatement, replacements?.mayConcernOthers == false else { return areIn }
        order.sort { ($0.key, $0.batch, $0.event) < ($1.key, $1.batch, $1.event) }
        let statement = try RawStatement(db, Self.insertMany)
        // The bound bytes are the batches' and do not outlive this call.
        defer { statement.clearBindings() }
        let isOurs = try RawStatement(db, "SELECT 1 FROM eventRow WHERE key = ? AND logFileID = ? AND byteOffset = ?")
        try unsafe withPinned(group[...], files[...], []) { batches in
            for start in stride(from: 0, through: order.count - Self.rowsPerStatement, by: Self.rowsPerStatement) {
                let rows = order[start..<start + Self.rowsPerStatement]
                for (row, place) in zip(Int32(0)..., rows) {
                    let first = row * Int32(Self.columns.count) + 1
                    statement.bind(place.key, at: first)
                    unsafe batches[Int(place.batch)].bind(Int(place.event), to: statement, startingAt: first)
                }
                try statement.run()
                // As of a file that came before.
                if statement.changes == 0 { continue }
                let areAllIn = statement.changes == Self.rowsPerStatement
                for place in rows {
                    let (batch, event) = (Int(place.batch), Int(place.event))
                    if !areAllIn {
                        isOurs.bind(place.key, at: 1)
                        isOurs.bind(files[batch].id, at: 2)
                        isOurs.bind(group[batch].events[event].byteOffset, at: 3)
                    }
                    areIn[batch][event] = try areAllIn || isOurs.firstInteger() != nil
                }
            }
        }
        return areIn
    }

    /// A batch whose memory stays where it is.
    @unsafe
    private struct PinnedBatch {
        let events: UnsafeBufferPointer<PackedEvent>
        let texts: RawText
        let known: Dictionaries.PinnedNumbers
        let fileID: Int64

        func bind(_ event: Int, to statement: RawStatement, startingAt first: Int32) {
            unsafe EventWriter.bind(events[event], known, texts, fileID: fileID, to: statement, startingAt: first)
        }
    }

    /// Calls `body` with all batches of a group, whose memory stays where it is for the call.
    private func withPinned(
        _ group: ArraySlice<EventBatch>, _ files: ArraySlice<CurrentFile>, _ pinned: [PinnedBatch],
        _ body: ([PinnedBatch]) throws -> Void
    ) throws {
        guard let batch = group.first, let file = files.first,
            let known = dictionaries.numbers(ofReader: batch.reader)
        else { return try unsafe body(pinned) }
        try unsafe batch.events.withUnsafeBufferPointer { events in
            try unsafe batch.bytes.withUnsafeBytes { bytes in
                try unsafe known.withPinned { known in
                    // SAFETY: the pointers live for the closures, within which `body` is called.
                    let texts = unsafe RawText(base: bytes.baseAddress, count: bytes.count)
                    let this = unsafe PinnedBatch(events: events, texts: texts, known: known, fileID: file.id)
                    try unsafe withPinned(group.dropFirst(), files.dropFirst(), pinned + [this], body)
                }
            }
        }
    }

    /// Binds an event's row but for its key, which is the column before.
    static func bind(
        _ event: borrowing PackedEvent, _ known: Dictionaries.PinnedNumbers, _ texts: RawText, fileID: Int64,
        to statement: RawStatement, startingAt key: Int32 = 1
    ) {
        unsafe texts.bind(event.eventTime, to: statement, at: key + 1)
        unsafe texts.bind(event.eventID, to: statement, at: key + 2)
        statement.bind(id: unsafe known.identities[event.identity].id, at: key + 3)
        statement.bind(id: unsafe known.operations[event.operation], at: key + 4)
        statement.bind(id: unsafe known.texts[event.region], at: key + 5)
        statement.bind(id: unsafe known.texts[event.account], at: key + 6)
        statement.bind(id: unsafe known.texts[event.sourceIPAddress], at: key + 7)
        statement.bind(id: unsafe known.texts[event.userAgent], at: key + 8)
        statement.bind(id: unsafe known.texts[event.vpcEndpoint], at: key + 9)
        if event.outcome == .untold {
            statement.bind(Schema.untoldOutcome, at: key + 10)
        } else {
            statement.bind(id: unsafe known.texts[event.errorCode], at: key + 10)
        }
        unsafe texts.bind(event.requestID, to: statement, at: key + 11)
        unsafe texts.bind(event.sharedEventID, to: statement, at: key + 12)
        statement.bind(fileID, at: key + 13)
        statement.bind(event.byteOffset, at: key + 14)
        statement.bind(event.byteLength, at: key + 15)
        unsafe texts.bind(event.errorMessage, to: statement, at: key + 16)
        statement.bind(
            id: TargetNumber.number(name: unsafe known.texts[event.target], part: event.targetPart), at: key + 17)
    }
}

extension PackedEvent {
    /// The key that the event has where no other has it.
    var firstKey: Int64 { EventKey.least(at: time) | Int64(idHash) }
}

/// The bytes that a batch's stretches point into.
@unsafe
struct RawText {
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

    func bytes(_ range: ByteRange) -> [UInt8] {
        let offset = Int(range.offset), length = Int(range.count)
        guard let base = unsafe base, length > 0, unsafe offset + length <= count else { return [] }
        return unsafe Array(UnsafeRawBufferPointer(start: base + offset, count: length))
    }

    func string(_ range: ByteRange) -> String {
        let offset = Int(range.offset), length = Int(range.count)
        guard let base = unsafe base, length > 0, unsafe offset + length <= count else { return "" }
        return unsafe String(decoding: UnsafeRawBufferPointer(start: base + offset, count: length), as: UTF8.self)
    }
}
