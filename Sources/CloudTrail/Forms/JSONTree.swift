/// JSON to be written: what a row or another form of an event becomes.
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
        case .time:
            let time = String(decoding: text.prefix(64), as: UTF8.self)
            // What is no time is told where the record is read.
            self = .text(EventTime.seconds(time).map { Array(EventTime.text($0).utf8) } ?? Array(text))
        case .boolean:
            switch String(decoding: text, as: UTF8.self).lowercased() {
            case "true": self = .boolean(true)
            case "false": self = .boolean(false)
            default: return nil
            }
        case .json: self = JSONCheck.isObjectOrArray(Array(text)) ? .raw(Array(text)) : .text(Array(text))
        case .structure(let members):
            // Some tables hold the struct as JSON text.
            let tree =
                JSONCheck.isObjectOrArray(Array(text))
                ? JSONTree(JSONFragment(bytes: Array(text)), as: shape, depth: 0) : StructText(members).json(text)
            guard let tree else { return nil }
            self = tree
        case .list(let members):
            let tree = JSONCheck.isObjectOrArray(Array(text)) ? .raw(Array(text)) : StructText(members).listJSON(text)
            guard let tree else { return nil }
            self = tree
        }
    }

    /// Reads a JSON value; `nil` for `null`, for an empty text and for what cannot be read as `shape`.
    init?(_ value: FieldReference, in bytes: UnsafeRawBufferPointer, as shape: TextShape) {
        switch value.kind {
        case .absent, .null: return nil
        case .plainString, .escapedString:
            var text: [UInt8] = []
            unsafe value.append(from: bytes, to: &text)
            self.init(text[...], as: shape)
        case .number, .trueLiteral, .falseLiteral:
            self.init(unsafe Array(value.content(in: bytes))[...], as: shape)
        case .object, .array:
            guard let range = value.rawRange else { return nil }
            let fragment = JSONFragment(bytes: unsafe Array(bytes[range]))
            self.init(fragment, as: shape, depth: 0)
        }
    }

    /// Structs nest four deep at most; what lies deeper is copied as it is.
    private init?(_ value: JSONFragment, as shape: TextShape, depth: Int) {
        switch shape {
        case .structure(let known) where value.isObject && depth < 8:
            var members: [String: JSONTree] = [:]
            for (key, child) in value.members() {
                if let member = known[key.lowercased()] {
                    members[member.name] = JSONTree(child, as: member.shape, depth: depth + 1) ?? members[member.name]
                } else {
                    members[key] = .raw(child.bytes)
                }
            }
            self = .object(members)
        case .list(let known) where value.isArray:
            let elements = value.elements().prefix(1024).compactMap {
                JSONTree($0, as: .structure(known), depth: depth + 1)
            }
            self = .array(elements)
        case .text, .boolean, .time, .json, .structure, .list:
            if value.isObject || value.isArray {
                guard JSONCheck.isObjectOrArray(value.bytes) else { return nil }
                self = .raw(value.bytes)
            } else {
                guard let text = value.stringValue else { return nil }
                self.init(Array(text.utf8)[...], as: shape)
            }
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
}
