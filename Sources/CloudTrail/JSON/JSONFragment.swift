extension FieldReference {
    /// The value under a name, in either of two spellings, of an object in `record`; absent where there is none.
    package func member(
        _ name: StaticString, or other: StaticString, in record: UnsafeRawBufferPointer
    ) -> FieldReference {
        guard kind == .object, range.upperBound <= record.count else { return .absent }
        // SAFETY: the scanner does not outlive this call and starts within the record.
        var scanner = unsafe JSONScanner(record, from: Int(offset), isFinal: true)
        var members = JSONMembers()
        while let member = members.next(&scanner) {
            let key = FieldReference(
                offset: UInt32(truncatingIfNeeded: member.key.start),
                length: UInt32(truncatingIfNeeded: member.key.end - member.key.start),
                kind: member.key.isPlain ? .plainString : .escapedString)
            if unsafe key.equals(name, in: record) || key.equals(other, in: record) { return member.value }
        }
        return .absent
    }

    /// The element of an array in `record` that has no other; absent for every other value.
    package func onlyElement(in record: UnsafeRawBufferPointer) -> FieldReference {
        guard kind == .array, range.upperBound <= record.count else { return .absent }
        // SAFETY: the scanner does not outlive this call and starts within the record.
        var scanner = unsafe JSONScanner(record, from: Int(offset), isFinal: true)
        var members = JSONMembers()
        guard let first = members.nextElement(&scanner), members.nextElement(&scanner) == nil else { return .absent }
        return first
    }

    /// The values under these names of an object in `record`, in one pass over it; absent for each that it lacks.
    package func members(_ names: [StaticString], in record: UnsafeRawBufferPointer) -> [FieldReference] {
        var found = [FieldReference](repeating: .absent, count: names.count)
        guard kind == .object, range.upperBound <= record.count else { return found }
        // SAFETY: the scanner does not outlive this call and starts within the record.
        var scanner = unsafe JSONScanner(record, from: Int(offset), isFinal: true)
        var members = JSONMembers()
        while let member = members.next(&scanner) {
            let key = FieldReference(
                offset: UInt32(truncatingIfNeeded: member.key.start),
                length: UInt32(truncatingIfNeeded: member.key.end - member.key.start),
                kind: member.key.isPlain ? .plainString : .escapedString)
            for (index, wanted) in names.enumerated() {
                let isWanted =
                    key.kind == .plainString
                    ? unsafe key.equals(wanted, in: record) : unsafe key.string(in: record) == wanted.description
                if isWanted { found[index] = member.value }
            }
        }
        return found
    }
}

/// A piece of a record kept as the JSON bytes it arrived as, read only where somebody asks for a part of it.
///
/// Bytes that are not JSON read as a value without parts. Where a key stands twice the last one counts. JSON `null` and the
/// empty string read as `nil`, as they do in `Event`.
public struct JSONFragment: Sendable, Hashable {
    /// The fragment's bytes: one complete JSON value, exactly as in the record.
    public var bytes: [UInt8]

    /// Wraps one complete JSON value.
    public init(bytes: [UInt8]) { self.bytes = bytes }

    /// Wraps one complete JSON value given as text.
    public init(_ text: String) { bytes = Array(text.utf8) }

    /// The fragment as text: a string decoded, a number or Boolean as it is written; `nil` for objects, arrays and `null`.
    public var stringValue: String? {
        // SAFETY: the bytes are read within the call alone.
        unsafe bytes.withUnsafeBytes { unsafe whole($0)?.string(in: $0) }
    }

    /// Whether the fragment is an object.
    public var isObject: Bool { firstByte == UInt8(ascii: "{") }

    /// Whether the fragment is an array.
    public var isArray: Bool { firstByte == UInt8(ascii: "[") }

    /// The text found by going from key to key, such as `string(at: "credentials", "accessKeyId")`; numbers and Booleans count.
    public func string(at path: String..., ignoringCase: Bool = false) -> String? {
        unsafe bytes.withUnsafeBytes { unsafe find(path, ignoringCase: ignoringCase, in: $0)?.string(in: $0) }
    }

    /// The value found by going from key to key.
    public func fragment(at path: String..., ignoringCase: Bool = false) -> JSONFragment? {
        unsafe bytes.withUnsafeBytes { unsafe find(path, ignoringCase: ignoringCase, in: $0)?.fragment(in: $0) }
    }

    /// The elements of an array, `null`s included; none for every other value.
    public func elements() -> [JSONFragment] {
        // SAFETY: the scanner does not outlive the closure; references are checked against the bytes.
        unsafe bytes.withUnsafeBytes { bytes in
            var scanner = unsafe JSONScanner(bytes, isFinal: true)
            var members = JSONMembers()
            var elements: [JSONFragment] = []
            while let element = members.nextElement(&scanner) {
                if let range = element.rawRange { unsafe elements.append(JSONFragment(bytes: Array(bytes[range]))) }
            }
            return elements
        }
    }

    /// The members of an object in the order they stand, `null`s included; none for every other value.
    public func members() -> [(key: String, value: JSONFragment)] {
        // SAFETY: the scanner does not outlive the closure; references are checked against the bytes.
        unsafe bytes.withUnsafeBytes { bytes in
            var scanner = unsafe JSONScanner(bytes, isFinal: true)
            var members = JSONMembers()
            var found: [(key: String, value: JSONFragment)] = []
            while let member = members.next(&scanner) {
                guard let range = member.value.rawRange else { continue }
                found.append(
                    (unsafe member.key.text(in: bytes), JSONFragment(bytes: unsafe Array(bytes[range]))))
            }
            return found
        }
    }

    /// The keys of an object in the order they stand; none for every other value.
    public func keys() -> [String] { members().map(\.key) }

    private var firstByte: UInt8? {
        let space: [UInt8] = [0x20, 0x0A, 0x0D, 0x09]
        return bytes.first { !space.contains($0) }
    }

    private func whole(_ bytes: UnsafeRawBufferPointer) -> FieldReference? {
        // SAFETY: the scanner does not outlive this call.
        var scanner = unsafe JSONScanner(bytes, isFinal: true)
        do throws(JSONFault) {
            let value = try scanner.value(try scanner.next(), enclosing: 0)
            return FieldReference(
                offset: UInt32(truncatingIfNeeded: value.start),
                length: UInt32(truncatingIfNeeded: value.end - value.start), kind: value.kind)
        } catch {
            return nil
        }
    }

    private func find(_ path: [String], ignoringCase: Bool, in bytes: UnsafeRawBufferPointer) -> FieldReference? {
        guard var value = unsafe whole(bytes) else { return nil }
        for wanted in path {
            guard value.kind == .object else { return nil }
            let folded = ignoringCase ? wanted.lowercased() : wanted
            // SAFETY: the scanner does not outlive this pass.
            var scanner = unsafe JSONScanner(bytes, from: Int(value.offset), isFinal: true)
            var members = JSONMembers()
            var found: FieldReference?
            while let member = members.next(&scanner) {
                if member.key.isPlain, !ignoringCase {
                    // SAFETY: the scanner has passed the key within these bytes.
                    if unsafe UnsafeRawBufferPointer(rebasing: bytes[member.key.start..<member.key.end]).elementsEqual(
                        wanted.utf8)
                    {
                        found = member.value
                    }
                    continue
                }
                let key = unsafe member.key.text(in: bytes)
                if key == wanted || (ignoringCase && key.lowercased() == folded) { found = member.value }
            }
            guard let found else { return nil }
            value = found
        }
        return value
    }
}
