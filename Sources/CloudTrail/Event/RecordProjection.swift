/// How the pass over one object ended.
enum ObjectEnd: Equatable {
    /// The object is whole; the scanner stands after it.
    case complete
    /// The object is a container: the scanner stands at the `[` of the array that holds its elements.
    case array(WrapperField)
    /// The object is a container whose elements are in another object: the scanner stands at its `{`.
    case object
}

extension RecordFields {
    /// Projects the bytes of one record, or of any JSON object; its fields are good for `record` until the next call.
    ///
    /// Returns `.complete` with the offset after the object. Fields seen before a fault stay readable.
    package mutating func project(_ record: UnsafeRawBufferPointer) -> JSONOutcome {
        // SAFETY: the scanner does not outlive this call.
        var scanner = unsafe JSONScanner(record, isFinal: true)
        do throws(JSONFault) {
            clear()
            guard try scanner.next() == UInt8(ascii: "{") else {
                return .malformed(at: scanner.position, .unexpectedByte)
            }
            _ = try project(from: &scanner, origin: 0, findsArrays: false)
        } catch {
            switch error {
            case .needsMore: return .needsMore
            case .malformed(let offset, let flaw): return .malformed(at: offset, flaw)
            }
        }
        return .complete(end: scanner.position)
    }

    /// Passes the object that begins at the scanner's position, validating all of it, and notes where its fields stand,
    /// relative to `origin`.
    ///
    /// With `findsArrays` it stops at the array of a container key, unless the object has shown to be a record.
    mutating func project(
        from scanner: inout JSONScanner, origin: Int, findsArrays: Bool
    ) throws(JSONFault) -> ObjectEnd {
        clear()
        scanner.isRepaired = false
        defer { isRepaired = scanner.isRepaired }
        scanner.position &+= 1
        var first = try scanner.next()
        if first == UInt8(ascii: "}") {
            scanner.position &+= 1
            return .complete
        }
        while true {
            guard first == UInt8(ascii: "\"") else { throw .malformed(at: scanner.position, .unexpectedByte) }
            let key = try scanner.string()
            guard try scanner.next() == UInt8(ascii: ":") else {
                throw .malformed(at: scanner.position, .unexpectedByte)
            }
            scanner.position &+= 1
            // SAFETY: the scanner has passed the key.
            let slot =
                unsafe key.isPlain
                ? RecordKey.slot(of: scanner.slice(key.start, key.end)) : escapedSlot(scanner.slice(key.start, key.end))
            first = try scanner.next()
            if findsArrays, first == UInt8(ascii: "[") || first == UInt8(ascii: "{"), let slot,
                let field = WrapperField(rawValue: slot), !isRecordLike
            {
                if first == UInt8(ascii: "["), field.isStreamed { return .array(field) }
                if first == UInt8(ascii: "{"), field.isDescended { return .object }
            }
            let value = try scanner.value(first, enclosing: 1)
            if let slot {
                set(
                    slot,
                    FieldReference(
                        offset: UInt32(truncatingIfNeeded: value.start &- origin),
                        length: UInt32(truncatingIfNeeded: value.end &- value.start), kind: value.kind))
            }
            let mark = try scanner.next()
            scanner.position &+= 1
            if mark == UInt8(ascii: ",") {
                first = try scanner.next()
            } else if mark == UInt8(ascii: "}") {
                return .complete
            } else {
                throw .malformed(at: scanner.position &- 1, .unexpectedByte)
            }
        }
    }

    @inline(never) private func escapedSlot(_ key: UnsafeRawBufferPointer) -> Int? {
        // The longest key that is looked for has 20 bytes; each may be written as six.
        guard key.count <= 6 * 20 else { return nil }
        var decoded: [UInt8] = []
        unsafe UTF8Text.appendDecoded(key, to: &decoded)
        // SAFETY: the bytes are read within the call alone.
        return unsafe decoded.withUnsafeBytes { unsafe RecordKey.slot(of: $0) }
    }

    private static let identifyingBits =
        RecordField.eventVersion.bit | RecordField.eventTime.bit | RecordField.eventSource.bit
        | RecordField.eventName.bit | RecordField.userIdentity.bit | RecordField.awsRegion.bit
        | RecordField.eventID.bit | RecordField.requestID.bit

    private static let eventBits =
        identifyingBits & ~(RecordField.eventSource.bit | RecordField.eventName.bit) | RecordField.timestamp.bit

    /// Whether the object is an event: it names an operation and tells its service or its time, and bears one of the keys that
    /// CloudTrail alone writes beside them. An object that merely has `eventName` and `eventSource` may be anybody's.
    var isEvent: Bool {
        let name = self[.eventName]
        guard name.isString, name.length > 0, present & Self.eventBits != 0 else { return false }
        let time = self[.eventTime]
        return self[.eventSource].isString || time.isString || time.kind == .number || !self[.timestamp].isEmpty
    }

    /// Whether the keys seen so far can only be a record's, even where its end is broken.
    var isRecordLike: Bool { (present & Self.identifyingBits).nonzeroBitCount >= 2 }
}
