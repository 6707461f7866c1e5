/// JSON to be written: what a CSV row becomes.
enum JSONTree: Sendable, Equatable {
    case text([UInt8])
    case boolean(Bool)
    /// Bytes that are JSON already.
    case raw([UInt8])
    case array([JSONTree])
    case object([String: JSONTree])

    /// Reads a value's text; `nil` for an empty one, for the word `null`, and for what cannot be read as `shape`.
    init?(_ text: ArraySlice<UInt8>, as shape: TextShape) {
        if text.isEmpty || text.elementsEqual("null".utf8) { return nil }
        switch shape {
        case .text: self = .text(Array(text))
        case .time: self = .text(Self.isoTime(text))
        case .boolean:
            switch String(decoding: text, as: UTF8.self).lowercased() {
            case "true": self = .boolean(true)
            case "false": self = .boolean(false)
            default: return nil
            }
        case .json: self = JSONCheck.isObjectOrArray(Array(text)) ? .raw(Array(text)) : .text(Array(text))
        case .structure(let members):
            // Some tables hold the struct as JSON text.
            let tree = JSONCheck.isObjectOrArray(Array(text)) ? .raw(Array(text)) : StructText(members).json(text)
            guard let tree else { return nil }
            self = tree
        case .list(let members):
            let tree = JSONCheck.isObjectOrArray(Array(text)) ? .raw(Array(text)) : StructText(members).listJSON(text)
            guard let tree else { return nil }
            self = tree
        }
    }

    /// Puts `value` at a path of member names, unless something other than an object is in the way.
    mutating func set(_ value: JSONTree, at path: ArraySlice<String>) {
        guard case .object(var members) = self, let name = path.first else { return }
        if path.count == 1 {
            members[name] = value
        } else {
            var child = members[name] ?? .object([:])
            child.set(value, at: path.dropFirst())
            members[name] = child
        }
        self = .object(members)
    }

    /// Appends the JSON on one line, members by name.
    func write(to output: inout [UInt8]) {
        switch self {
        case .boolean(let value): output += (value ? "true" : "false").utf8
        // Line breaks are spaces to JSON, but end a line of JSON lines. None can stand within a JSON string.
        case .raw(let bytes): output += bytes.lazy.map { $0 == 10 || $0 == 13 ? 32 : $0 }
        case .text(let bytes): Self.writeString(bytes, to: &output)
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                element.write(to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                Self.writeString(Array(member.key.utf8), to: &output)
                output.append(UInt8(ascii: ":"))
                member.value.write(to: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    private static func writeString(_ bytes: [UInt8], to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
            case 0..<0x20: output += "\\u00\(hexText([byte]))".utf8
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }

    /// `2023-06-07 23:59:12.000`, with or without ` UTC`, as CloudTrail writes it; any other text as it is.
    private static func isoTime(_ text: ArraySlice<UInt8>) -> [UInt8] {
        let pattern = Array("dddd-dd-dd dd:dd:dd".utf8)
        let head = text.prefix(pattern.count)
        let isDigit = { (byte: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        guard head.count == pattern.count,
            zip(head, pattern).allSatisfy({ $1 == UInt8(ascii: "d") ? isDigit($0) : $0 == $1 })
        else { return Array(text) }
        var tail = text.dropFirst(pattern.count)
        if tail.first == UInt8(ascii: ".") { tail = tail.dropFirst().drop(while: isDigit) }
        guard tail.isEmpty || tail.elementsEqual(" UTC".utf8) else { return Array(text) }
        return Array(head.prefix(10)) + [UInt8(ascii: "T")] + Array(head.dropFirst(11)) + [UInt8(ascii: "Z")]
    }
}
