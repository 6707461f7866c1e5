// Rows of a query's result, and what stands before a record on its line.
extension RecordReader {
    /// Bytes before a record that may be a line's prefix.
    static let maximumPrefix = 4096

    /// Reads a row of a query's result; false where the element is none of the row's form, to be read like any other.
    mutating func readRow(_ form: QueryRow.Form, _ first: UInt8, _ sink: Sink) throws -> Bool {
        guard first == (form == .data ? UInt8(ascii: "{") : UInt8(ascii: "[")) else { return false }
        let start = window.position
        let scanned = try scan(sink) { scanner, _ throws(JSONFault) -> Range<Int> in
            let value = try scanner.value(try scanner.next(), enclosing: 1)
            return value.start..<value.end
        }
        guard case .complete(let range, let end) = scanned else { return false }
        // SAFETY: the window is not filled while the row's bytes are copied.
        let row = JSONFragment(bytes: unsafe Array(window.bytes[range]))
        let position = RecordPosition(number: 0, byteOffset: start, length: end - window.start, isNested: true)
        let cells: [(name: String, text: String)]
        let columns: EventRow
        switch form {
        case .data:
            guard let texts = QueryRow.data(row) else { return false }
            if text.rowHeader == nil, EventRow(texts) == nil, let before = text.pageHeader,
                before.fields.count == texts.count
            {
                // A page behind another has no names.
                text.rowHeader = before
            }
            guard let header = text.rowHeader else {
                text.rowHeader = EventRow(texts)
                text.pageHeader = text.rowHeader ?? text.pageHeader
                window.consume(to: end)
                text.expectation = expectationAfterValue
                if text.rowHeader == nil { refuse(position, sink) }
                return true
            }
            columns = header
            cells = texts.map { ("", $0) }
        case .pairs, .maps:
            guard let told = QueryRow.cells(row, form), let header = EventRow(told.map(\.name)) else { return false }
            columns = header
            cells = told
        }
        window.consume(to: end)
        text.expectation = expectationAfterValue
        fields.clear()
        let outerTime = timeBeside
        defer { timeBeside = outerTime }
        if let index = cells.firstIndex(where: { $0.name == "@timestamp" }) { timeBeside = cells[index].text }
        let holder = columns.holder(among: cells.count) { Array(cells[$0].text.utf8)[...] }
        if let holder, holder < cells.count {
            let held = Array(cells[holder].text.utf8)
            let isRead = try unsafe held.withUnsafeBytes { bytes in
                // SAFETY: the reference is the whole of these bytes.
                try unsafe readNested(
                    FieldReference(offset: 0, length: UInt32(truncatingIfNeeded: bytes.count), kind: .plainString),
                    of: bytes, position, wrapping: .queryResultJSON, origin: position, sink)
            }
            if isRead {
                recognise(.queryResultJSON, sink)
                return true
            }
        }
        guard columns.tellsEvents, cells.count >= columns.fields.count else {
            refuse(position, sink)
            return true
        }
        let record = columns.record { JSONTree(Array(cells[$0].text.utf8)[...], as: $1) }
        try deliverTranslation(record, position, wrapping: .queryResultJSON, sink)
        return true
    }

    /// Notes the time that stands beside what an object holds.
    mutating func noteTime(in object: UnsafeRawBufferPointer) {
        if let time = unsafe fields.string(.timestamp, in: object) { timeBeside = time }
    }

    /// Hands out a record that tells no time with the one that stands beside it.
    mutating func deliver(
        _ record: UnsafeRawBufferPointer, at time: String, _ position: RecordPosition, wrapping: LogFileKind?,
        _ sink: Sink
    ) throws {
        var bytes = Array(#"{"@timestamp":"#.utf8)
        JSONTree.text(Array(time.utf8)).write(to: &bytes)
        bytes.append(UInt8(ascii: ","))
        unsafe bytes.append(contentsOf: record.dropFirst())
        try unsafe bytes.withUnsafeBytes { bytes in
            // SAFETY: the fields are good for these bytes, and used within this call alone.
            guard case .complete = unsafe fields.project(bytes) else { return refuse(position, sink) }
            try unsafe deliver(bytes, position, wrapping: wrapping, sink)
        }
    }

    /// Passes what stands before a record on its line, whatever it is: a time, the name of a stream or host, a tag. It is no record
    /// and loses none. False where no record follows.
    mutating func passPrefix(_ sink: Sink) throws -> Bool {
        while window.end - window.start < Self.maximumPrefix, try supply(sink) == .bytes {}
        var index = window.start
        var hasQuotes = false
        let limit = min(window.end, window.start + Self.maximumPrefix)
        while index < limit, window[index] != UInt8(ascii: "{") {
            // The end of a record whose beginning is missing is no prefix.
            let isAlone = index > window.start && window[index - 1] == 0x20 && !hasQuotes
            hasQuotes = hasQuotes || window[index] == UInt8(ascii: "\"")
            let isRest =
                window[index] == UInt8(ascii: "}") && !isAlone
                || window[index] == UInt8(ascii: "\"") && index + 1 < limit && window[index + 1] == UInt8(ascii: ":")
            guard window[index] != UInt8(ascii: "\n"), !isRest else { return false }
            index += 1
        }
        guard index < limit else { return false }
        let length = index - window.start
        guard text.verifiedBytes <= 1 << 20 + 8 * (window.position + length) else { return false }
        while true {
            // SAFETY: the scanner does not outlive this pass, in which the window is not filled.
            var scanner = unsafe JSONScanner(window.bytes, from: window.start + length, isFinal: window.isEnded)
            var isFound = false
            do throws(JSONFault) {
                switch try fields.project(from: &scanner, origin: window.start + length, findsArrays: true) {
                case .complete:
                    // SAFETY: the scanner has passed the object.
                    isFound = unsafe isResumable(
                        UnsafeRawBufferPointer(rebasing: window.bytes[window.start + length..<scanner.position]))
                case .array, .object: isFound = true
                }
            } catch {
                if case .needsMore = error, try supply(sink) == .bytes { continue }
                isFound = fields.isRecordLike
            }
            text.verifiedBytes += scanner.position - window.start - length
            if isFound { window.consume(to: window.start + length) }
            return isFound
        }
    }
}
