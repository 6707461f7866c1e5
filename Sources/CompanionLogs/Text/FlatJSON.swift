/// The members of a JSON object with their paths (`identity.sourceIp`), read leniently: API Gateway writes a bare `-` for a value that
/// is absent, so that a format with unquoted numbers is no JSON.
struct FlatJSON {
    /// Members that are read of one object.
    private static let memberLimit = 256
    private static let depthLimit = 8

    /// Path and value; of arrays only texts and numbers, joined by commas.
    private(set) var members: [(path: String, value: String)] = []

    /// `nil` where the bytes are no object.
    init?(_ bytes: ArraySlice<UInt8>) {
        var reader = Reader(bytes)
        guard reader.object("", 0, &members) else { return nil }
    }

    /// The value of a path.
    subscript(path: String) -> String? { members.first { $0.path == path }?.value }

    private struct Reader {
        let bytes: ArraySlice<UInt8>
        var index: Int

        init(_ bytes: ArraySlice<UInt8>) {
            self.bytes = bytes
            index = bytes.startIndex
        }

        private mutating func skipSpace() { while index < bytes.endIndex, Byte.isSpace(bytes[index]) { index += 1 } }

        private mutating func take(_ byte: UInt8) -> Bool {
            skipSpace()
            guard index < bytes.endIndex, bytes[index] == byte else { return false }
            index += 1
            return true
        }

        mutating func object(_ prefix: String, _ depth: Int, _ members: inout [(path: String, value: String)]) -> Bool {
            guard depth < FlatJSON.depthLimit, take(0x7B) else { return false }
            if take(0x7D) { return true }
            while members.count < FlatJSON.memberLimit {
                skipSpace()
                guard let key = string(), take(0x3A) else { return false }
                let path = prefix.isEmpty ? key : prefix + "." + key
                skipSpace()
                guard index < bytes.endIndex else { return false }
                if bytes[index] == 0x7B {
                    guard object(path, depth + 1, &members) else { return false }
                } else if bytes[index] == 0x5B {
                    guard let text = array(path, depth + 1, &members) else { return false }
                    members.append((path, text))
                } else if let text = scalar() {
                    members.append((path, text))
                }
                if take(0x2C) { continue }
                return take(0x7D)
            }
            return true
        }

        private mutating func array(_ path: String, _ depth: Int, _ members: inout [(path: String, value: String)])
            -> String?
        {
            guard depth < FlatJSON.depthLimit, take(0x5B) else { return nil }
            if take(0x5D) { return "" }
            var texts: [String] = []
            while true {
                skipSpace()
                guard index < bytes.endIndex else { return nil }
                if bytes[index] == 0x7B {
                    guard object(path, depth + 1, &members) else { return nil }
                } else if bytes[index] == 0x5B {
                    guard array(path, depth + 1, &members) != nil else { return nil }
                } else if let text = scalar(), texts.count < 32 {
                    texts.append(text)
                }
                if take(0x2C) { continue }
                return take(0x5D) ? texts.joined(separator: ",") : nil
            }
        }

        /// A string, or whatever stands bare up to a comma or bracket.
        private mutating func scalar() -> String? {
            if index < bytes.endIndex, bytes[index] == 0x22 { return string() }
            let start = index
            while index < bytes.endIndex, !",}]".utf8.contains(bytes[index]) { index += 1 }
            let text = String(decoding: bytes[start..<index], as: UTF8.self).trimmedASCII
            return text == "null" || text == "-" ? nil : text
        }

        private mutating func string() -> String? {
            guard index < bytes.endIndex, bytes[index] == 0x22 else { return nil }
            let start = index + 1
            var end = start
            var hasEscapes = false
            while end < bytes.endIndex, bytes[end] != 0x22 {
                if bytes[end] == 0x5C {
                    hasEscapes = true
                    end += 1
                }
                end += 1
            }
            guard end < bytes.endIndex else { return nil }
            index = end + 1
            let content = bytes[start..<end]
            return String(decoding: hasEscapes ? Escapes.undoneOnce(content) : Array(content), as: UTF8.self)
        }
    }
}
