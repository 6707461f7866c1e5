public import IAMPolicy
public import OrderedJSON

/// The text of a policy as a record or an export holds it.
public enum DocumentText: Sendable, Hashable {
    /// JSON text, maybe percent-encoded, or an object that stands in place of text.
    case json(JSONValue)
    /// A policy is there, but its text is not: left out by CloudTrail, hidden, too long, or no JSON.
    case unknown

    /// The longest text that is read: the longest policy of AWS is a tenth of it.
    public static let sizeLimit = 1 << 20

    /// The text in a value: CloudTrail hides some, and leaves out requests of more than 100 KB.
    init(_ value: JSONValue?) {
        switch value {
        case .string(let text)? where text.utf8.count <= Self.sizeLimit && Self.isPolicy(text):
            self = .json(.string(text))
        case .object(let members)? where members.contains { $0.key == "Statement" }: self = .json(.object(members))
        case .string?, .object?, .null?, .bool?, .integer?, .number?, .array?, nil: self = .unknown
        }
    }

    /// The bytes of a text: two that differ in it are two, also where a letter is only spelled in another way. 0 where there is none.
    package var size: Int { if case .json(.string(let text)) = self { text.utf8.count } else { 0 } }

    /// The policy; `nil` where its text is not known, or is none that can be read.
    public var document: PolicyDocument? {
        guard case .json(let value) = self else { return nil }
        return switch Result(catching: { () throws(PolicyError) in try PolicyDocument(value) }) {
        case .success(let document): document
        case .failure: nil
        }
    }

    /// The text as JSON; `nil` where it is not known or none.
    package var value: JSONValue? {
        switch self {
        case .json(.string(let text)):
            let isEncoded = text.hasPrefix("%7B") || text.hasPrefix("%7b")
            let plain = isEncoded ? text.percentDecoded ?? text : text
            return switch Result(catching: { () throws(JSONError) in try JSONValue(parsing: plain) }) {
            case .success(let value): value
            case .failure: nil
            }
        case .json(let value): return value
        case .unknown: return nil
        }
    }

    /// The text without its statements of a name; itself where it has none such, or is not known.
    func without(statement sid: String) -> DocumentText {
        guard case .object(var members)? = value,
            let place = members.firstIndex(where: { $0.key == "Statement" })
        else { return self }
        let all = members[place].value.elements
        let kept = all.filter { $0["Sid"]?.stringValue != sid }
        guard kept.count < all.count else { return self }
        members[place].value = .array(kept)
        return .json(.object(members))
    }

    /// A policy of one statement; unknown where the value is none.
    init(statement value: JSONValue?) {
        var value = value
        if case .string(let text)? = value {
            value =
                switch Result(catching: { () throws(JSONError) in try JSONValue(parsing: text) }) {
                case .success(let value): value
                case .failure: nil
                }
        }
        guard case .object(let members)? = value, members.contains(where: { $0.key == "Effect" }) else {
            self = .unknown
            return
        }
        self = .json(.members(("Version", .string("2012-10-17")), ("Statement", .array([.object(members)]))))
    }

    /// Whether the text begins as an object does, in any of the encodings.
    private static func isPolicy(_ text: String) -> Bool {
        for byte in text.utf8 {
            switch byte {
            // Blanks, and the three bytes of a byte order mark.
            case 0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF: continue
            default: return byte == UInt8(ascii: "{") || byte == UInt8(ascii: "%")
            }
        }
        return false
    }
}

extension String {
    /// The text with `%41` read as `A`; `nil` where that is not UTF-8 or no such code.
    var percentDecoded: String? {
        var bytes: [UInt8] = []
        var source = utf8.makeIterator()
        while let byte = source.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = source.next().flatMap(Self.digit), let low = source.next().flatMap(Self.digit) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
