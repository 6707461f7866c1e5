/// Reads the text that Athena and CloudTrail Lake make of a struct: `{type=AssumedRole, sessioncontext={…}, username=null}`.
///
/// Values are unquoted, so text that holds `, name=` cannot be told from a member. Nothing is guessed: a member that occurs
/// twice is left out altogether, and so is one that is unknown. Where brackets do not match, that member and those after it
/// are left out.
struct StructText {
    private let members: [String: TextShape.Member]

    init(_ members: [String: TextShape.Member]) { self.members = members }

    /// The members as JSON, each under CloudTrail's name; `nil` where the text is no struct or has no member to tell.
    func json(_ text: ArraySlice<UInt8>) -> JSONTree? {
        guard text.first == UInt8(ascii: "{"), text.last == UInt8(ascii: "}"), text.count >= 2 else { return nil }
        var rest = text.dropFirst().dropLast()
        var found: [String: JSONTree?] = [:]
        while !rest.isEmpty {
            guard let (name, length) = Self.leadingName(rest) else { break }
            rest = rest.dropFirst(length)
            guard let end = Self.endOfValue(rest) else { break }
            if let member = members[name] {
                let value = JSONTree(rest[..<end], as: member.shape)
                // `updateValue` with a nil value keeps the key: a name seen before is known to be ambiguous.
                found.updateValue(found.keys.contains(member.name) ? nil : value, forKey: member.name)
            }
            rest = rest[end...].dropFirst(2)
        }
        let told = found.compactMapValues { $0 }
        return told.isEmpty ? nil : .object(told)
    }

    /// The structs of `[{…}, {…}]`; `nil` where the text is no list or has nothing to tell.
    func listJSON(_ text: ArraySlice<UInt8>) -> JSONTree? {
        guard text.first == UInt8(ascii: "["), text.last == UInt8(ascii: "]"), text.count >= 2 else { return nil }
        var rest = text.dropFirst().dropLast()
        var elements: [JSONTree] = []
        while rest.first == UInt8(ascii: "{"), let end = Self.endOfBrackets(rest) {
            if let element = json(rest[..<end]) { elements.append(element) }
            rest = rest[end...].drop { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: " ") }
        }
        return elements.isEmpty || !rest.isEmpty ? nil : .array(elements)
    }

    /// A member's name in lower case and its length with the equals sign.
    private static func leadingName(_ text: ArraySlice<UInt8>) -> (name: String, length: Int)? {
        let name = text.prefix(64).prefix { isNameByte($0) }
        guard !name.isEmpty, text.dropFirst(name.count).first == UInt8(ascii: "=") else { return nil }
        return (String(decoding: name, as: UTF8.self).lowercased(), name.count + 1)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// Where a value ends: at the matching bracket, or before a `, ` that another member follows.
    ///
    /// `nil` where a bracket has no match; looking on from there would take time that grows with the square of the text.
    private static func endOfValue(_ text: ArraySlice<UInt8>) -> Int? {
        var index = text.startIndex
        if text.first == UInt8(ascii: "{") || text.first == UInt8(ascii: "[") {
            guard let end = endOfBrackets(text) else { return nil }
            index = end
        }
        while index < text.endIndex {
            if text[index] == UInt8(ascii: ","), text[index...].dropFirst().first == UInt8(ascii: " "),
                leadingName(text[(index + 2)...]) != nil
            {
                return index
            }
            index += 1
        }
        return text.endIndex
    }

    private static func endOfBrackets(_ text: ArraySlice<UInt8>) -> Int? {
        var depth = 0
        for index in text.indices {
            switch text[index] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return index + 1 }
            default: break
            }
        }
        return nil
    }
}
