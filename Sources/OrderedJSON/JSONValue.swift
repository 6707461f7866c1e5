/// A JSON value whose objects keep the order in which they were built, so that the same value always prints as the same bytes.
public enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// One key of an object with its value.
    public struct Member: Sendable, Hashable {
        /// The name, as written.
        public var key: String
        /// What stands behind it.
        public var value: JSONValue

        /// A key with its value.
        public init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// An object of the given members, in this order.
    public static func members(_ members: (String, JSONValue)...) -> JSONValue {
        .object(members.map { Member($0.0, $0.1) })
    }

    /// The value of the first member of this name, spelled exactly so; `nil` where this is no object or has no such member.
    public subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// The value of the first member of this name in any case: CloudTrail spells parameters differently from the API.
    public func member(ignoringCase key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        let length = key.utf8.count
        var alike: Int?
        for place in members.indices where members[place].key.utf8.count == length {
            if members[place].key == key { return members[place].value }
            if alike == nil, Self.isSame(members[place].key, key) { alike = place }
        }
        return alike.map { members[$0].value }
    }

    /// Whether two names of one length are the same but for the case of ASCII letters: names of parameters are ASCII.
    private static func isSame(_ left: String, _ right: String) -> Bool {
        zip(left.utf8, right.utf8).allSatisfy { lowercased($0) == lowercased($1) }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }

    /// The text of a string; `nil` for every other kind.
    public var stringValue: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The elements of an array, or the one value that stands where an array may stand; empty for `null`.
    public var elements: [JSONValue] {
        switch self {
        case .array(let values): values
        case .null: []
        case .bool, .integer, .number, .string, .object: [self]
        }
    }
}

// MARK: - Writing

extension JSONValue {
    /// The value as JSON text: members in their order, two blanks of indentation, no closing line break.
    ///
    /// Beside what JSON demands, every control, format and other invisible scalar is written as a `\u` escape: the text is safe
    /// to show on a terminal and yet decodes to the very same strings.
    public func prettyText() -> String { prettyText(depth: 0) }

    /// The same as it stands within others: all lines but the first are indented by that many steps more.
    package func prettyText(depth: Int) -> String {
        var text = ""
        write(to: &text, indent: depth)
        return text
    }

    /// The value as ``prettyText()`` writes it, on one line and without blanks between its parts.
    public var compactText: String {
        var text = ""
        write(to: &text, indent: nil)
        return text
    }

    private func write(to text: inout String, indent: Int?) {
        switch self {
        case .null: text += "null"
        case .bool(let flag): text += flag ? "true" : "false"
        case .integer(let integer): text += String(integer)
        case .number(let number): text += number.isFinite ? "\(number)" : "null"
        case .string(let string): Self.quote(string, to: &text)
        case .array(let values):
            Self.writeList(values, open: "[", close: "]", to: &text, indent: indent) { value, text in
                value.write(to: &text, indent: indent.map { $0 + 1 })
            }
        case .object(let members):
            Self.writeList(members, open: "{", close: "}", to: &text, indent: indent) { member, text in
                Self.quote(member.key, to: &text)
                text += indent == nil ? ":" : ": "
                member.value.write(to: &text, indent: indent.map { $0 + 1 })
            }
        }
    }

    private static func writeList<Element>(
        _ elements: [Element], open: String, close: String, to text: inout String, indent: Int?,
        write: (Element, inout String) -> Void
    ) {
        guard !elements.isEmpty else {
            text += open + close
            return
        }
        text += open
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            if let indent { text += lineBreak(indent + 1) }
            write(element, &text)
        }
        if let indent { text += lineBreak(indent) }
        text += close
    }

    /// A line break with what stands before the next line.
    private static func lineBreak(_ indent: Int) -> String {
        indent < lineBreaks.count ? lineBreaks[indent] : "\n" + String(repeating: "  ", count: indent)
    }

    private static let lineBreaks = (0..<32).map { "\n" + String(repeating: "  ", count: $0) }

    /// Whether every byte is printable ASCII without a meaning of its own in JSON text.
    private static func isPlain(_ string: String) -> Bool {
        let bytes = string.utf8Span.span
        for place in bytes.indices {
            let byte = bytes[place]
            if byte < 0x20 || byte >= 0x7F || byte == 0x22 || byte == 0x5C { return false }
        }
        return true
    }

    private static func quote(_ string: String, to text: inout String) {
        // Nearly every string is.
        if isPlain(string) {
            text += "\""
            text += string
            text += "\""
            return
        }
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            default:
                if scalar.isShownAsItself {
                    text.unicodeScalars.append(scalar)
                } else {
                    for unit in String(scalar).utf16 {
                        let digits = String(unit, radix: 16)
                        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                    }
                }
            }
        }
        text += "\""
    }
}
