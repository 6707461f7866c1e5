/// Walks the members of one object, or the elements of one array, over a scanner that stands at its first byte.
///
/// It ends at the value's end and, silently, where the bytes are not JSON.
struct JSONMembers {
    private var isStarted = false
    private var isDone = false

    /// One member of an object.
    struct Member {
        var key: JSONScanner.StringToken
        var value: FieldReference
    }

    /// The next member, or `nil` at the object's end.
    mutating func next(_ scanner: inout JSONScanner) -> Member? {
        read(&scanner, opening: UInt8(ascii: "{"), closing: UInt8(ascii: "}")) { scanner, first throws(JSONFault) in
            guard first == UInt8(ascii: "\"") else { throw .malformed(at: scanner.position, .unexpectedByte) }
            let key = try scanner.string()
            guard try scanner.next() == UInt8(ascii: ":") else {
                throw .malformed(at: scanner.position, .unexpectedByte)
            }
            scanner.position &+= 1
            return Member(key: key, value: try Self.value(&scanner, try scanner.next()))
        }
    }

    /// The next element, or `nil` at the array's end.
    mutating func nextElement(_ scanner: inout JSONScanner) -> FieldReference? {
        read(&scanner, opening: UInt8(ascii: "["), closing: UInt8(ascii: "]")) { scanner, first throws(JSONFault) in
            try Self.value(&scanner, first)
        }
    }

    @inline(__always) private mutating func read<Item>(
        _ scanner: inout JSONScanner, opening: UInt8, closing: UInt8,
        item: (inout JSONScanner, UInt8) throws(JSONFault) -> Item
    ) -> Item? {
        if isDone { return nil }
        do throws(JSONFault) {
            var first = try scanner.next()
            if !isStarted {
                isStarted = true
                guard first == opening else {
                    isDone = true
                    return nil
                }
                scanner.position &+= 1
                first = try scanner.next()
                if first == closing {
                    isDone = true
                    return nil
                }
            } else {
                guard first == UInt8(ascii: ",") else {
                    isDone = true
                    return nil
                }
                scanner.position &+= 1
                first = try scanner.next()
            }
            return try item(&scanner, first)
        } catch {
            isDone = true
            return nil
        }
    }

    private static func value(_ scanner: inout JSONScanner, _ first: UInt8) throws(JSONFault) -> FieldReference {
        let value = try scanner.value(first, enclosing: 1)
        return FieldReference(
            offset: UInt32(truncatingIfNeeded: value.start),
            length: UInt32(truncatingIfNeeded: value.end &- value.start),
            kind: value.kind)
    }
}
