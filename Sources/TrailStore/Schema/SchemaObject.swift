import Crypto
import Foundation

/// One row of a database's schema: a table, index, view or trigger.
struct SchemaObject: Hashable, Comparable, Sendable {
    var type: String
    var name: String
    /// The statement that made it, as the file holds it.
    var sql: String

    /// What it is and its name, as people write it.
    var title: String { "\(type) \(name)" }

    /// A digest of type, name and statement, the same however the statement's blanks are set.
    var digest: String {
        let text = "\(type)\0\(name)\0\(Self.normalized(sql))"
        return SHA256.hash(data: Data(text.utf8)).prefix(16).map { HexDigits.pair($0) }.joined()
    }

    /// The statement with no more blanks than its words need: `ALTER TABLE` sets them otherwise than we do.
    static func normalized(_ sql: String) -> String {
        var text: [UInt8] = []
        var quote: UInt8?
        var blank = false
        let punctuation = Array("(),;".utf8)
        for byte in sql.utf8 {
            if let open = quote {
                text.append(byte)
                if byte == open { quote = nil }
                continue
            }
            if [0x20, 0x09, 0x0A, 0x0D, 0x0C].contains(byte) {
                blank = true
                continue
            }
            if blank, let last = text.last, !punctuation.contains(last), !punctuation.contains(byte) {
                text.append(0x20)
            }
            blank = false
            text.append(byte)
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"): quote = byte
            case UInt8(ascii: "["): quote = UInt8(ascii: "]")
            default: break
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    static func < (left: SchemaObject, right: SchemaObject) -> Bool { left.title < right.title }
}

private enum HexDigits {
    /// Two hexadecimal digits.
    static func pair(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}
