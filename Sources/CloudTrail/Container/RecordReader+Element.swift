// Values that may be records, or hold them.
extension RecordReader {
    /// Reads the value that begins at the window's first byte, and the records in it.
    mutating func readElement(_ first: UInt8, _ sink: Sink) throws {
        if case .rows(let form) = text.frames.last, try readRow(form, first, sink) { return }
        switch first {
        case UInt8(ascii: "{"): try readObject(sink)
        case UInt8(ascii: "["):
            guard text.frames.count < Self.maximumFrames else { return try readValue(sink) }
            window.consume(to: window.start + 1)
            text.frames.append(.array(isRecords: text.isInRecords, kind: nil))
            text.expectation = .firstElement
            text.hasJustBroken = false
        case UInt8(ascii: "\""), UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "-"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            try readValue(sink)
        default: try skipGarbage(sink)
        }
    }

    private mutating func readObject(_ sink: Sink) throws {
        let start = window.position
        let isCommaMissing = text.isCommaMissing
        text.isCommaMissing = false
        let findsArrays = text.frames.count + 2 <= Self.maximumFrames
        let scanned = try scan(sink) { scanner, fields throws(JSONFault) -> ObjectEnd in
            try fields.project(from: &scanner, origin: scanner.position, findsArrays: findsArrays)
        }
        switch scanned {
        case .complete(.complete, let end):
            let length = end - window.start
            if length > limits.maximumRecordBytes {
                window.consume(to: end)
                loseTooLarge(at: start, sink)
            } else {
                let position = RecordPosition(number: 0, byteOffset: start, length: length)
                // SAFETY: the window is not filled while the object's bytes are in use.
                try unsafe readProjected(
                    UnsafeRawBufferPointer(rebasing: window.bytes[window.start..<end]), position, sink)
                window.consume(to: end)
            }
            text.expectation = expectationAfterValue
        case .complete(.array(let field), let end):
            window.consume(to: end + 1)
            if isCommaMissing {
                // A new text has begun before the open one ended.
                text.frames.removeAll()
                text.isLost = true
            }
            text.frames.append(.object)
            openArray(field, sink)
        case .complete(.object, let end):
            window.consume(to: end)
            text.frames.append(.object)
            text.expectation = .element
        case .cut:
            try loseCut(sink)
        case .tooLarge:
            try skipLexically(sink, untilMemberEnds: false)
            loseTooLarge(at: start, sink)
            text.expectation = expectationAfterValue
        case .malformed(let index, let flaw):
            try loseBroken(at: index, flaw, sink)
        }
    }

    /// Reads a value that is no object: a string may hold records.
    private mutating func readValue(_ sink: Sink) throws {
        let start = window.position
        let scanned = try scan(sink) { scanner, _ throws(JSONFault) -> FieldReference in
            let origin = scanner.position
            scanner.isRepaired = false
            let value = try scanner.value(try scanner.next(), enclosing: 0)
            return FieldReference(
                offset: UInt32(truncatingIfNeeded: value.start - origin),
                length: UInt32(truncatingIfNeeded: value.end - value.start), kind: value.kind)
        }
        switch scanned {
        case .complete(let value, let end):
            let position = RecordPosition(number: 0, byteOffset: start, length: end - window.start)
            // SAFETY: the window is not filled while the value's bytes are in use.
            let bytes = unsafe UnsafeRawBufferPointer(rebasing: window.bytes[window.start..<end])
            fields.clear()
            if try unsafe readNested(value, of: bytes, position, wrapping: .lookupEvents, sink) {
                recognise(.lookupEvents, sink)
            } else {
                refuse(position, sink)
            }
            window.consume(to: end)
            text.expectation = expectationAfterValue
        case .cut:
            fields.clear()
            cutText(record: countBroken(sink))
        case .tooLarge:
            try skipLexically(sink, untilMemberEnds: false)
            fields.clear()
            loseTooLarge(at: start, sink)
            text.expectation = expectationAfterValue
        case .malformed:
            try skipGarbage(sink)
        }
    }

    /// Hands out a whole object that `fields` describes: itself where it is a record, or what it wraps.
    mutating func readProjected(
        _ object: UnsafeRawBufferPointer, _ position: RecordPosition, _ sink: Sink
    ) throws {
        // SAFETY: every slice lies within `object`, which the caller keeps in place.
        var object = unsafe object
        var position = position
        var wrapping: LogFileKind?
        let outerTime = timeBeside
        defer { timeBeside = outerTime }
        for _ in 0...limits.maximumWrapping {
            var holder: (value: FieldReference, kind: LogFileKind)?
            switch unsafe shape(of: object) {
            case .record(let kind):
                if kind == .event, fields[.eventTime].isEmpty, fields[.timestamp].isEmpty, let time = timeBeside {
                    return try unsafe deliver(object, at: time, position, wrapping: wrapping, sink)
                }
                fields.kind = kind
                return try unsafe deliver(object, position, wrapping: wrapping, sink)
            case .digest:
                return recognise(.cloudTrailDigest, sink)
            case .unknown: unsafe noteTime(in: object)
            case .wrapper(let field, let kind, let isTelling):
                if isTelling { recognise(kind, sink) }
                unsafe noteTime(in: object)
                let value = fields[field]
                if value.kind == .object {
                    holder = (value, kind)
                } else if try unsafe readNested(value, of: object, position, wrapping: kind, sink) {
                    return recognise(kind, sink)
                }
            }
            if holder == nil {
                switch unsafe ForeignObject.content(of: object) {
                case nil: return refuse(position, sink)
                case .record(let record, let kind):
                    return try deliverTranslation(record, position, wrapping: wrapping ?? kind, sink)
                case .holder(let value, let kind):
                    if value.isString {
                        if try unsafe readNested(value, of: object, position, wrapping: wrapping ?? kind, sink) {
                            return recognise(wrapping ?? kind, sink)
                        }
                        return refuse(position, sink)
                    }
                    holder = (value, kind)
                }
            }
            guard let holder, let range = holder.value.rawRange else { return refuse(position, sink) }
            wrapping = wrapping ?? holder.kind
            unsafe object = UnsafeRawBufferPointer(rebasing: object[range])
            position.byteOffset += range.lowerBound
            position.length = range.count
            guard case .complete = unsafe fields.project(object) else { return refuse(position, sink) }
        }
        refuse(position, sink)
    }

    /// Hands out the record that another form of an event tells.
    mutating func deliverTranslation(
        _ record: JSONTree, _ position: RecordPosition, wrapping: LogFileKind, _ sink: Sink
    ) throws {
        var bytes: [UInt8] = []
        record.write(to: &bytes)
        try unsafe bytes.withUnsafeBytes { bytes in
            // SAFETY: the fields are good for these bytes, and used within this call alone.
            guard case .complete = unsafe fields.project(bytes), fields.isEvent,
                unsafe !fields[.eventSource].hasPrefix("aws:", in: bytes)
            else { return refuse(position, sink) }
            var position = position
            position.isNested = true
            try unsafe deliver(bytes, position, wrapping: wrapping, isTranslated: true, sink)
        }
    }

    /// Reads the text that a string holds; returns whether there is anything of CloudTrail in it.
    mutating func readNested(
        _ value: FieldReference, of bytes: UnsafeRawBufferPointer, _ position: RecordPosition,
        wrapping: LogFileKind, origin: RecordPosition? = nil, _ sink: Sink
    ) throws -> Bool {
        guard value.isString, let range = value.rawRange, nesting < limits.maximumWrapping else { return false }
        guard nestedBytes + range.count <= limits.maximumNestedBytes else {
            guard isRecordExpected else { return false }
            loseTooLarge(at: position.byteOffset, sink)
            return true
        }
        var decoded: [UInt8] = []
        unsafe value.append(from: bytes, to: &decoded)
        let space: [UInt8] = [0x20, 0x0A, 0x0D, 0x09]
        guard let first = decoded.first(where: { !space.contains($0) }) else { return false }
        if decoded.starts(with: "CWL CONTROL MESSAGE".utf8) { return true }
        if first != UInt8(ascii: "{"), first != UInt8(ascii: "["), first != UInt8(ascii: "\"") {
            // What stands before the record on its line is a prefix, such as a time and the name of a host.
            guard let brace = decoded.prefix(Self.maximumPrefix).firstIndex(of: UInt8(ascii: "{")) else { return false }
            decoded.removeFirst(brace)
        }
        var state = TextState()
        state.isRepaired = fields.isRepaired
        state.wrapping = text.wrapping ?? text.frameKind ?? wrapping
        state.origin =
            text.origin ?? origin
            ?? RecordPosition(
                number: 0, byteOffset: position.byteOffset + range.lowerBound, length: range.count, isNested: true)
        var inner = Window(text: decoded)
        swap(&window, &inner)
        swap(&text, &state)
        nesting += 1
        nestedBytes += range.count
        defer {
            nesting -= 1
            nestedBytes -= range.count
            swap(&text, &state)
            swap(&window, &inner)
        }
        // `nesting` bounds this call from inside itself.
        try readText(sink)
        let isRecognised = text.isRecognised
        return isRecognised
    }

    // MARK: Shapes

    private enum Shape {
        case record(RecordKind)
        /// `isTelling` where the keys alone show that it comes from CloudTrail.
        case wrapper(WrapperField, LogFileKind, isTelling: Bool)
        case digest
        case unknown
    }

    private func shape(of object: UnsafeRawBufferPointer) -> Shape {
        // SAFETY: references are checked against `object`.
        let category = fields[.eventCategory]
        let type = fields[.eventType]
        if unsafe category.equals("Aggregated", in: object) || type.equals("AwsAggregatedEvent", in: object) {
            return .record(.aggregated)
        }
        if unsafe category.equals("Insight", in: object) || type.equals("AwsCloudTrailInsight", in: object) {
            return .record(.insight)
        }
        let source = fields[.eventSource]
        if fields.isEvent {
            // Notifications of S3, SNS and SQS to other services have the same keys and a source such as `aws:s3`.
            if unsafe !source.hasPrefix("aws:", in: object) { return .record(.event) }
        }
        let detail = fields[.detail]
        if detail.kind == .object || detail.isString, fields[.detailType].isString {
            return .wrapper(.detail, .eventBridge, isTelling: true)
        }
        if !fields[.cloudTrailEvent].isEmpty { return .wrapper(.cloudTrailEvent, .lookupEvents, isTelling: true) }
        if fields[.snsEnvelope].kind == .object { return .wrapper(.snsEnvelope, .sns, isTelling: false) }
        if fields[.snsMessage].isString { return .wrapper(.snsMessage, .sns, isTelling: false) }
        if fields[.sqsBody].isString { return .wrapper(.sqsBody, .sns, isTelling: false) }
        if fields[.lambdaBody].isString { return .wrapper(.lambdaBody, .sns, isTelling: false) }
        let message = fields[.logMessage]
        if message.isString || message.kind == .object {
            return .wrapper(.logMessage, .cloudWatchLogs, isTelling: false)
        }
        if fields[.digestStartTime].kind != .absent, fields[.digestS3Bucket].kind != .absent { return .digest }
        return .unknown
    }

    /// Whether the object that `fields` describes is worth resuming at after a fault.
    func isResumable(_ object: UnsafeRawBufferPointer) -> Bool {
        switch unsafe shape(of: object) {
        case .record, .digest: true
        case .wrapper(_, _, let isTelling): isTelling || text.frameKind != nil
        case .unknown: false
        }
    }

    // MARK: Outcomes

    mutating func deliver(
        _ record: UnsafeRawBufferPointer, _ position: RecordPosition, wrapping: LogFileKind?,
        isTranslated: Bool = false, _ sink: Sink
    ) throws {
        recognise(wrapping ?? .cloudTrail, sink)
        tally.records += 1
        fields.isTranslated = isTranslated || isTranslation && nesting == 0 && wrapping == nil
        switch fields.kind {
        case .event:
            // SAFETY: references are checked against `record`.
            if unsafe fields[.eventCategory].equals("NetworkActivity", in: record) { tally.networkActivity += 1 }
        case .insight: tally.insights += 1
        case .aggregated: tally.aggregated += 1
        }
        var position = text.origin ?? position
        position.number = tally.records
        text.hasJustBroken = false
        if fields.isRepaired || text.isRepaired {
            fields.isRepaired = true
            text.isRepaired = false
            report(
                .textRepaired, at: position.byteOffset, record: position.number,
                "text that is not valid Unicode was read with U+FFFD in its place", sink)
        }
        if fields.hasDuplicateKey {
            report(
                .duplicateKey, at: position.byteOffset, record: position.number,
                "a key appears twice in the record: the last one counts", sink)
        }
        try unsafe sink.record(fields, record, position)
    }

    /// Notes that the text holds something of CloudTrail, and what kind of file that makes it.
    mutating func recognise(_ kind: LogFileKind, _ sink: Sink) {
        if tally.kind == nil { tally.kind = text.wrapping ?? text.frameKind ?? text.lineKind ?? kind }
        markRecognised(sink)
    }

    /// Notes that the text holds something of CloudTrail: what was held back is told.
    mutating func markRecognised(_ sink: Sink) {
        guard !text.isRecognised || !text.held.isEmpty else { return }
        text.isRecognised = true
        let held = text.held
        text.held = []
        for position in held { reportRefusal(position, sink) }
    }

    /// Counts a value that is no record: an issue, or a note while nothing in the text has been recognised.
    mutating func refuse(_ position: RecordPosition, _ sink: Sink) {
        var position = position
        tally.records += 1
        position.number = tally.records
        text.hasJustBroken = true
        if text.isRecognised {
            reportRefusal(position, sink)
        } else {
            text.held.append(position)
            if text.held.count >= limits.maximumUnrecognised { text.isGivenUp = true }
        }
    }

    private mutating func reportRefusal(_ position: RecordPosition, _ sink: Sink) {
        tally.broken += 1
        report(.notARecord, at: position.byteOffset, record: position.number, "this is not a CloudTrail record", sink)
    }

    /// Whether a value at this place that cannot be read counts as a record that is lost.
    private var isRecordExpected: Bool { text.isRecognised || fields.isRecordLike }

    /// Counts the record that cannot be read; its number, or `nil` where nothing shows that it is a record.
    mutating func countBroken(_ sink: Sink) -> Int? {
        text.hasJustBroken = true
        guard isRecordExpected else { return nil }
        recognise(.cloudTrail, sink)
        tally.records += 1
        tally.broken += 1
        return tally.records
    }

    /// Counts the object that the text ends in. Where it is a line whose end is missing, the next lines are found in it.
    private mutating func loseCut(_ sink: Sink) throws {
        let start = window.position
        let record = countBroken(sink)
        if text.frames.isEmpty, try findRecord(from: window.start + 1, sink).isFound {
            report(.jsonMalformed, at: start, record: record, "the record is lost: its end is missing", sink)
        } else {
            cutText(record: record)
        }
    }

    mutating func loseTooLarge(at offset: Int, _ sink: Sink) {
        guard let record = countBroken(sink) else {
            return refuse(RecordPosition(number: 0, byteOffset: offset, length: 0), sink)
        }
        report(
            .recordTooLarge, at: offset, record: record,
            "the record is larger than \(limits.maximumRecordBytes) bytes: raise the limit with `--max-record-size`",
            sink)
    }

    private mutating func loseBroken(at index: Int, _ flaw: JSONFlaw, _ sink: Sink) throws {
        let start = window.position
        let offset = window.streamOffset + index
        let code: IngestIssue.Code = flaw == .tooDeep ? .nestingTooDeep : .jsonMalformed
        let isExpected = isRecordExpected
        if isExpected { recognise(.cloudTrail, sink) }
        let search = try findRecord(from: window.start + 1, sink)
        if search.isFound, !search.hasPassedContent {
            report(code, at: offset, "brackets between records are not JSON", sink)
            return
        }
        if !search.isFound, window.isBomb {
            // The fault of the file tells of these bytes.
            text.cutRecord = isExpected ? countBroken(sink) : nil
            return
        }
        guard isExpected else {
            return refuse(RecordPosition(number: 0, byteOffset: start, length: 0), sink)
        }
        if let record = countBroken(sink) {
            report(code, at: offset, record: record, "the record is lost: \(flaw.explanation)", sink)
        }
    }
}
