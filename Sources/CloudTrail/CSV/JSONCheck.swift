/// Whether bytes are one JSON object or array (RFC 8259), so that they can be written into other JSON as they are.
enum JSONCheck {
    private static let maximumDepth = 256

    /// Says no to anything malformed, to anything after the value, and to nesting deeper than 256.
    static func isObjectOrArray(_ bytes: [UInt8]) -> Bool {
        guard bytes.first == UInt8(ascii: "{") || bytes.first == UInt8(ascii: "[") else { return false }
        var scan = Scan(bytes: bytes)
        return scan.value(depth: 0) && scan.isAtEnd
    }

    private struct Scan {
        let bytes: [UInt8]
        var position = 0

        var next: UInt8? { position < bytes.count ? bytes[position] : nil }

        var isAtEnd: Bool {
            mutating get {
                skipSpace()
                return next == nil
            }
        }

        mutating func skipSpace() {
            while let byte = next, byte == 0x20 || (0x09...0x0d).contains(byte) && byte != 0x0b && byte != 0x0c {
                position += 1
            }
        }

        mutating func take(_ byte: UInt8) -> Bool {
            guard next == byte else { return false }
            position += 1
            return true
        }

        mutating func value(depth: Int) -> Bool {
            if depth > JSONCheck.maximumDepth { return false }
            skipSpace()
            switch next {
            case UInt8(ascii: "{"): return sequence(until: UInt8(ascii: "}"), depth: depth, isObject: true)
            case UInt8(ascii: "["): return sequence(until: UInt8(ascii: "]"), depth: depth, isObject: false)
            case UInt8(ascii: "\""): return string()
            case UInt8(ascii: "t"): return word("true")
            case UInt8(ascii: "f"): return word("false")
            case UInt8(ascii: "n"): return word("null")
            default: return number()
            }
        }

        mutating func sequence(until closing: UInt8, depth: Int, isObject: Bool) -> Bool {
            position += 1
            skipSpace()
            if take(closing) { return true }
            while true {
                if isObject {
                    skipSpace()
                    guard string() else { return false }
                    skipSpace()
                    guard take(UInt8(ascii: ":")) else { return false }
                }
                guard value(depth: depth + 1) else { return false }
                skipSpace()
                if take(closing) { return true }
                guard take(UInt8(ascii: ",")) else { return false }
            }
        }

        mutating func string() -> Bool {
            guard take(UInt8(ascii: "\"")) else { return false }
            while let byte = next {
                position += 1
                switch byte {
                case UInt8(ascii: "\""): return true
                case 0..<0x20: return false
                case UInt8(ascii: "\\"):
                    guard let escape = next else { return false }
                    position += 1
                    if escape == UInt8(ascii: "u") {
                        guard bytes.count - position >= 4, bytes[position..<(position + 4)].allSatisfy(Self.isHexDigit)
                        else { return false }
                        position += 4
                    } else if !"\"\\/bfnrt".utf8.contains(escape) {
                        return false
                    }
                default: break
                }
            }
            return false
        }

        mutating func word(_ text: String) -> Bool {
            guard bytes[position...].starts(with: text.utf8) else { return false }
            position += text.utf8.count
            return true
        }

        mutating func number() -> Bool {
            _ = take(UInt8(ascii: "-"))
            if !take(UInt8(ascii: "0")), !digits() { return false }
            if take(UInt8(ascii: ".")), !digits() { return false }
            if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
                if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
                return digits()
            }
            return true
        }

        mutating func digits() -> Bool {
            let start = position
            while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
            return position > start
        }

        static func isHexDigit(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
                UInt8(ascii: "A")...UInt8(ascii: "F"):
                true
            default: false
            }
        }
    }
}
