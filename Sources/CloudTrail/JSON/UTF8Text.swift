/// UTF-8 validation and the decoding of JSON string contents.
enum UTF8Text {
    /// U+FFFD, which stands for what cannot be decoded.
    static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    /// Whether the bytes are valid UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
    static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        let end = bytes.count
        // SAFETY: every index is below `end`.
        while index < end {
            if index &+ 8 <= end,
                unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
            {
                index &+= 8
                continue
            }
            let lead = unsafe bytes[index]
            if lead < 0x80 {
                index &+= 1
                continue
            }
            let second: ClosedRange<UInt8>
            let count: Int
            switch lead {
            case 0xC2...0xDF: (second, count) = (0x80...0xBF, 2)
            case 0xE0: (second, count) = (0xA0...0xBF, 3)
            case 0xED: (second, count) = (0x80...0x9F, 3)
            case 0xE1...0xEF: (second, count) = (0x80...0xBF, 3)
            case 0xF0: (second, count) = (0x90...0xBF, 4)
            case 0xF1...0xF3: (second, count) = (0x80...0xBF, 4)
            case 0xF4: (second, count) = (0x80...0x8F, 4)
            default: return false
            }
            guard index &+ count <= end, unsafe second.contains(bytes[index &+ 1]) else { return false }
            for rest in 2..<max(2, count) where unsafe bytes[index &+ rest] & 0xC0 != 0x80 { return false }
            index &+= count
        }
        return true
    }

    /// Appends the UTF-8 that the content of a JSON string stands for.
    ///
    /// Unpaired surrogates, `\u0000` and invalid UTF-8 become U+FFFD; an escape that is not JSON's is kept as it stands.
    static func appendDecoded(_ content: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        let start = output.count
        output.reserveCapacity(start + content.count)
        var index = 0
        var runStart = 0
        // SAFETY: every index is below `content.count`, which the loops compare first.
        while index < content.count {
            guard unsafe content[index] == UInt8(ascii: "\\") else {
                index += 1
                continue
            }
            unsafe output.append(contentsOf: content[runStart..<index])
            index = unsafe appendEscape(of: content, at: index, to: &output)
            runStart = index
        }
        unsafe output.append(contentsOf: content[runStart..<content.count])
        let isValid = unsafe output[start...].withUnsafeBytes { unsafe UTF8Text.isValid($0) }
        if !isValid {
            let repaired = String(decoding: output[start...], as: UTF8.self)
            output.replaceSubrange(start..., with: repaired.utf8)
        }
    }

    /// Appends what the escape at `index` stands for and returns the index after it.
    private static func appendEscape(
        of content: UnsafeRawBufferPointer, at index: Int, to output: inout [UInt8]
    ) -> Int {
        guard index + 1 < content.count else {
            output.append(UInt8(ascii: "\\"))
            return index + 1
        }
        // SAFETY: `index + 1 < content.count` was checked; `unit` checks its own range.
        let escaped = unsafe content[index + 1]
        switch escaped {
        case UInt8(ascii: "n"): output.append(0x0A)
        case UInt8(ascii: "t"): output.append(0x09)
        case UInt8(ascii: "r"): output.append(0x0D)
        case UInt8(ascii: "b"): output.append(0x08)
        case UInt8(ascii: "f"): output.append(0x0C)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): output.append(escaped)
        case UInt8(ascii: "u"):
            guard let high = unsafe unit(of: content, at: index) else { fallthrough }
            if 0xD800...0xDBFF ~= high, let low = unsafe unit(of: content, at: index + 6), 0xDC00...0xDFFF ~= low,
                let scalar = Unicode.Scalar(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00))
            {
                output.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? replacement)
                return index + 12
            }
            if high != 0, let scalar = Unicode.Scalar(high) {
                output.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? replacement)
            } else {
                output.append(contentsOf: replacement)
            }
            return index + 6
        default:
            output.append(UInt8(ascii: "\\"))
            return index + 1
        }
        return index + 2
    }

    /// The UTF-16 unit of the `\uXXXX` at `index`, or `nil` where no such escape stands.
    private static func unit(of content: UnsafeRawBufferPointer, at index: Int) -> UInt32? {
        guard index + 6 <= content.count else { return nil }
        // SAFETY: `index + 6 <= content.count` was checked.
        guard unsafe content[index] == UInt8(ascii: "\\"), unsafe content[index + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var unit: UInt32 = 0
        for offset in index + 2..<index + 6 {
            guard let digit = unsafe HexDigit.value(of: content[offset]) else { return nil }
            unit = unit << 4 | digit
        }
        return unit
    }
}

/// Hexadecimal digits in ASCII.
enum HexDigit {
    /// The value of a digit in either case, or `nil`.
    static func value(of byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte &- UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte &- UInt8(ascii: "a") &+ 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte &- UInt8(ascii: "A") &+ 10)
        default: nil
        }
    }
}
