/// How a scan over the window ended.
enum Scanned<Value> {
    /// The value is whole and ends before `end`, an index of the window.
    case complete(Value, end: Int)
    /// The text ends inside the value.
    case cut
    /// The value is larger than a record may be.
    case tooLarge
    /// The bytes are not JSON at `at`, an index of the window.
    case malformed(at: Int, JSONFlaw)
}

/// What asking for more bytes brought.
enum Supply {
    case bytes
    case ended
    case tooLarge
}

// The separators around records. Nothing here calls itself: open arrays and objects are in `text.frames`.
extension RecordReader {
    /// How many arrays and objects may be open around records.
    static let maximumFrames = 16

    /// Reads the text in the window to its end.
    mutating func readText(_ sink: Sink) throws {
        while !text.isGivenUp {
            guard let byte = try peek(sink) else { break }
            text.hasContent = true
            if text.firstByte == nil { text.firstByte = byte }
            switch text.expectation {
            case .document: try readDocument(byte, sink)
            case .firstElement:
                if byte == UInt8(ascii: "]") { closeArray(isEmpty: true) } else { try readElement(byte, sink) }
            case .element: try readElement(byte, sink)
            case .afterElement:
                if byte == UInt8(ascii: ",") {
                    pass(.element)
                } else if byte == UInt8(ascii: "]") {
                    closeArray(isEmpty: false)
                } else if byte == UInt8(ascii: "{") {
                    if !text.hasJustBroken {
                        report(.jsonMalformed, at: window.position, "a comma between two records is missing", sink)
                    }
                    text.expectation = .element
                    text.isCommaMissing = true
                } else {
                    try skipGarbage(sink)
                }
            case .key: try readMember(byte, sink)
            case .afterMember:
                if byte == UInt8(ascii: ",") {
                    pass(.key)
                } else if byte == UInt8(ascii: "}") {
                    closeObject()
                } else {
                    try skipGarbage(sink)
                }
            }
        }
        finishText(sink)
    }

    /// Moves to the next byte that is no white space; `nil` at the text's end.
    private mutating func peek(_ sink: Sink) throws -> UInt8? {
        while true {
            while window.start < window.end {
                let byte = window[window.start]
                guard byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
                window.consume(to: window.start + 1)
            }
            guard try unsafe window.fill(from: sink.fill) else { return nil }
        }
    }

    /// Passes one byte.
    private mutating func pass(_ expectation: Expectation) {
        window.consume(to: window.start + 1)
        text.expectation = expectation
        text.hasJustBroken = false
    }

    private mutating func closeArray(isEmpty: Bool) {
        if isEmpty, text.held.isEmpty {
            // An empty answer of a query is one all the same.
            text.isRecognised = true
            if tally.containerKind == nil { tally.containerKind = .cloudTrail }
        }
        _ = text.frames.popLast()
        pass(.afterElement)
        text.expectation = expectationAfterValue
    }

    private mutating func closeObject() {
        _ = text.frames.popLast()
        pass(.afterElement)
        text.expectation = expectationAfterValue
    }

    /// What follows a value in the innermost open frame.
    var expectationAfterValue: Expectation {
        switch text.frames.last {
        case nil: .document
        case .object: .afterMember
        case .array, .rows: .afterElement
        }
    }

    // MARK: The outermost level

    private mutating func readDocument(_ byte: UInt8, _ sink: Sink) throws {
        switch byte {
        case UInt8(ascii: "{"):
            try readElement(byte, sink)
        case UInt8(ascii: "["):
            if try isArray(sink) || !passPrefix(sink) { try readElement(byte, sink) }
        case UInt8(ascii: "\""), UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "-"):
            if try !passPrefix(sink) { try readElement(byte, sink) }
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            if try !passTimestamp(sink), try !passPrefix(sink) { try readElement(byte, sink) }
        case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"):
            if text.isLost { pass(.document) } else { try skipGarbage(sink) }
        case 0xEF:
            if try hasPrefix([0xEF, 0xBB, 0xBF], sink) {
                window.consume(to: window.start + 3)
                text.hasContent = window.position > 3
            } else {
                try skipGarbage(sink)
            }
        case 0x1E:
            // The record separator of JSON text sequences (RFC 7464).
            pass(.document)
        case 0xFE, 0xFF:
            let isUTF16 = try hasPrefix([0xFF, 0xFE], sink) || hasPrefix([0xFE, 0xFF], sink)
            if isUTF16, window.position == 0 {
                text.isUTF16 = true
                text.isGivenUp = true
            } else {
                try skipGarbage(sink)
            }
        default:
            if try !passPrefix(sink) { try skipGarbage(sink) }
        }
    }

    /// Whether the bracket at the window's first byte opens an array, and not a prefix such as `[2024-01-01 10:15] `.
    private mutating func isArray(_ sink: Sink) throws -> Bool {
        if try endsBeforeObject(sink) { return false }
        try lookAhead(64, sink)
        var index = window.start + 1
        let limit = min(window.end, window.start + 64)
        while index < limit, window[index] <= 0x20 { index += 1 }
        guard index < limit else { return true }
        let isDigit = { (byte: UInt8) in UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
        switch window[index] {
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "\""), UInt8(ascii: "t"),
            UInt8(ascii: "f"), UInt8(ascii: "n"):
            return true
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            while index < limit, isDigit(window[index]) { index += 1 }
            return index == limit || ![UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: ":")].contains(window[index])
        default: return false
        }
    }

    /// Whether the bracket at the window's first byte is closed again before an object on its line, as in `[2026] {…}`.
    private mutating func endsBeforeObject(_ sink: Sink) throws -> Bool {
        try lookAhead(256, sink)
        var depth = 0
        for index in window.start..<min(window.end, window.start + 256) {
            switch window[index] {
            case UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "{"): return depth == 0
            case UInt8(ascii: "\n"): return false
            default: break
            }
        }
        return false
    }

    /// Makes sure that `count` bytes are there to look at, unless the text ends before.
    private mutating func lookAhead(_ count: Int, _ sink: Sink) throws {
        while window.end - window.start < count, try unsafe window.fill(from: sink.fill) {}
    }

    private mutating func hasPrefix(_ prefix: [UInt8], _ sink: Sink) throws -> Bool {
        try lookAhead(prefix.count, sink)
        guard window.end - window.start >= prefix.count else { return false }
        return prefix.indices.allSatisfy { window[window.start + $0] == prefix[$0] }
    }

    /// Passes the time before each line of a CloudWatch Logs export, such as `2024-01-01T00:00:00.000Z `.
    private mutating func passTimestamp(_ sink: Sink) throws -> Bool {
        let longest = 40
        try lookAhead(longest, sink)
        let pattern = Array("0000-00-00T00:00:00".utf8)
        let available = min(pattern.count, window.end - window.start)
        for (index, expected) in pattern[..<available].enumerated() {
            let byte = window[window.start + index]
            let isDigit = UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
            guard expected == UInt8(ascii: "0") ? isDigit : byte == expected else { return false }
        }
        var index = window.start + available
        let limit = min(window.end, window.start + longest)
        while index < limit, window[index] != 0x20, window[index] != 0x09 {
            guard window[index] > 0x20 else { return false }
            index += 1
        }
        guard index < limit else {
            // A line of an export that ends inside its time is cut; before the first line it may be anything.
            guard text.lineKind != nil, index == window.end else { return false }
            cutText(record: nil)
            return true
        }
        window.consume(to: index)
        text.lineKind = .cloudWatchLogs
        return true
    }

    // MARK: Container objects

    /// Reads a key of a container object and its value; an array of records is entered, any other value is passed over.
    private mutating func readMember(_ first: UInt8, _ sink: Sink) throws {
        guard first == UInt8(ascii: "\"") else { return try skipGarbage(sink) }
        let scanned = try scan(sink) { scanner, _ throws(JSONFault) -> WrapperField? in
            let key = try scanner.string()
            guard try scanner.next() == UInt8(ascii: ":") else {
                throw .malformed(at: scanner.position, .unexpectedByte)
            }
            scanner.position &+= 1
            let value = try scanner.next()
            // SAFETY: the scanner has passed the key.
            if value == UInt8(ascii: "["), key.isPlain,
                let slot = unsafe RecordKey.slot(of: scanner.slice(key.start, key.end)),
                let field = WrapperField(rawValue: slot), field.isStreamed
            {
                return field
            }
            _ = try scanner.value(value, enclosing: 1)
            return nil
        }
        switch scanned {
        case .complete(let field?, let end):
            window.consume(to: end + 1)
            openArray(field, sink)
        case .complete(nil, let end):
            window.consume(to: end)
            text.expectation = .afterMember
        case .cut:
            cutText(record: nil)
        case .tooLarge:
            // The key is passed with the value: both lexically.
            try skipLexically(sink, untilMemberEnds: true)
            text.expectation = .afterMember
        case .malformed:
            try skipGarbage(sink)
        }
    }

    /// Enters the array of a container key; the object around it is entered by the caller.
    mutating func openArray(_ field: WrapperField, _ sink: Sink) {
        let kind: LogFileKind? =
            switch field {
            case .eventsArray, .logEventsArray: .cloudWatchLogs
            case .lookupEventsArray: .lookupEvents
            case .messagesArray: .sns
            default: nil
            }
        if field == .recordsArray { markRecognised(sink) }
        let form: QueryRow.Form? =
            switch field {
            case .resultsArray: .pairs
            case .queryResultRowsArray: .maps
            case .rowsArray: .data
            default: nil
            }
        if let form {
            if tally.containerKind == nil { tally.containerKind = .queryResultJSON }
            text.frames.append(.rows(form))
            text.rowHeader = nil
        } else {
            if tally.containerKind == nil { tally.containerKind = kind ?? .cloudTrail }
            text.frames.append(.array(isRecords: field == .recordsArray, kind: kind))
        }
        text.expectation = .firstElement
        text.hasJustBroken = false
    }

    // MARK: Bytes

    /// Scans a value that begins at the window's first byte, reading on until it is whole.
    @inline(__always) mutating func scan<Value>(
        _ sink: Sink, _ body: (inout JSONScanner, inout RecordFields) throws(JSONFault) -> Value
    ) throws -> Scanned<Value> {
        while true {
            // SAFETY: the scanner does not outlive this pass, in which the window is not filled.
            var scanner = unsafe JSONScanner(window.bytes, from: window.start, isFinal: window.isEnded)
            do throws(JSONFault) {
                let value = try body(&scanner, &fields)
                return .complete(value, end: scanner.position)
            } catch {
                if case .malformed(let offset, let flaw) = error { return .malformed(at: offset, flaw) }
            }
            switch try supply(sink) {
            case .bytes: continue
            case .ended: return .cut
            case .tooLarge: return .tooLarge
            }
        }
    }

    /// Reads more of a value that has not ended in the window, which grows where it is full.
    mutating func supply(_ sink: Sink) throws -> Supply {
        if window.isEnded { return .ended }
        if window.end - window.start > limits.maximumRecordBytes { return .tooLarge }
        if window.isFull { window.grow(upTo: max(limits.windowBytes, limits.maximumRecordBytes + 1)) }
        return try unsafe window.fill(from: sink.fill) ? .bytes : .ended
    }

    // MARK: Ends and issues

    /// Notes that the text ends inside a JSON text.
    mutating func cutText(record: Int?) {
        text.isCut = true
        text.cutRecord = record
        window.consume(to: window.end)
    }

    private mutating func finishText(_ sink: Sink) {
        if !text.frames.isEmpty, !text.isLost, !text.hasSearchedToEnd, !text.isGivenUp { text.isCut = true }
        if text.isRecognised {
            if text.isCut, window.fault == nil {
                report(
                    .jsonTruncated, at: window.bytesRead, record: text.cutRecord,
                    text.cutRecord == nil ? "the JSON ends before its last bracket" : "the JSON ends inside the record",
                    sink)
            }
        } else {
            tally.records -= text.held.count
        }
    }

    /// Tells an issue at an offset of the text being read; for a nested text at the string literal that holds it.
    mutating func report(
        _ code: IngestIssue.Code, at offset: Int, record: Int? = nil, _ message: String, _ sink: Sink
    ) {
        guard tally.toldIssues < IssueLog.maximumTold else {
            tally.moreIssues[code, default: 0] += 1
            return
        }
        tally.toldIssues += 1
        let location = Location(file: tally.file, record: record, byteOffset: text.origin?.byteOffset ?? offset)
        sink.issue(IngestIssue(code, at: location, message))
    }
}
