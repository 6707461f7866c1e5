/// A file's name as one harmless line of text.
///
/// A file name is any bytes, and an attacker's to choose. Control and bidirectional characters, invisible format
/// characters and line separators become `\u{202e}`, bytes below 0x80 and bytes that are not UTF-8 become `\x1b`, and a
/// backslash is doubled, so that two different names never look alike.
package func displayName(_ path: [UInt8]) -> String {
    if path.allSatisfy({ $0 >= 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") }) {
        return String(decoding: path, as: UTF8.self)
    }
    var text = ""
    var index = 0
    while index < path.count {
        // One scalar at a time, so that a broken sequence costs its own bytes and none of the next scalar's.
        guard let (scalar, length) = leadingScalar(path[index...]) else {
            text += hexEscape(path[index])
            index += 1
            continue
        }
        index += length
        switch scalar {
        case "\\": text += "\\\\"
        case _ where scalar.value < 0x20 || scalar.value == 0x7f: text += hexEscape(UInt8(scalar.value))
        case _ where isInvisible(scalar): text += "\\u{" + String(scalar.value, radix: 16) + "}"
        default: text.unicodeScalars.append(scalar)
        }
    }
    return text
}

/// A file's name as one harmless line of text; see the form that takes bytes.
package func displayName(_ path: String) -> String { displayName(Array(path.utf8)) }

private func hexEscape(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return "\\x" + (digits.count == 1 ? "0" : "") + digits
}

/// The well-formed scalar at the start of `bytes` and its length, or `nil`.
private func leadingScalar(_ bytes: ArraySlice<UInt8>) -> (Unicode.Scalar, Int)? {
    var decoder = UTF8()
    var iterator = bytes.prefix(4).makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
    return (scalar, UTF8.width(scalar))
}

private func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
    default: false
    }
}
