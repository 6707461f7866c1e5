/// `IpAddress` and `NotIpAddress`: an address in a range of addresses. A version 4 address is in no version 6 range, nor the reverse.
struct AddressComparison: ConditionComparison {
    private let ranges: [AddressRange?]
    let unreadable: [String]

    init(_ values: [String]) {
        ranges = values.map(AddressRange.init)
        unreadable = values.filter { AddressRange($0) == nil }
    }

    func matches(_ value: RequestContext.Value, in context: RequestContext) -> Truth {
        guard let address = IPAddress(value.text) else { return .no }
        return Truth(ranges.contains { $0?.contains(address) ?? false })
    }
}

/// A range of addresses in CIDR form: `203.0.113.0/24`, `2001:db8::/32`; an address alone is a range of one.
struct AddressRange: Sendable, Hashable {
    let base: IPAddress
    /// How many leading bits are the range's own. Bits of the base behind them are not looked at.
    let prefixLength: Int

    init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(String(parts[0])) else { return nil }
        base = address
        let width = address.isVersion6 ? 128 : 32
        guard parts.count == 2 else {
            prefixLength = width
            return
        }
        guard parts[1].utf8.allSatisfy(\.isDigit), let length = Int(parts[1]), length <= width else { return nil }
        prefixLength = length
    }

    func contains(_ address: IPAddress) -> Bool {
        guard address.isVersion6 == base.isVersion6 else { return false }
        var left = prefixLength
        for (wanted, given) in zip(base.bytes, address.bytes) where left > 0 {
            let mask: UInt8 = left >= 8 ? 0xFF : ~(0xFF >> UInt8(left))
            if (wanted ^ given) & mask != 0 { return false }
            left -= 8
        }
        return true
    }
}

/// An IP address of version 4 or 6.
struct IPAddress: Sendable, Hashable {
    /// Four bytes or sixteen, the most significant first.
    let bytes: [UInt8]

    var isVersion6: Bool { bytes.count == 16 }

    /// Reads `203.0.113.7`, `2001:db8::1`, `::ffff:203.0.113.7`; `nil` for everything else, zone names included.
    init?(_ text: String) {
        guard let bytes = text.contains(":") ? Self.version6(text) : Self.version4(text) else { return nil }
        self.bytes = bytes
    }

    private static func version4(_ text: String) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard !part.isEmpty, part.utf8.allSatisfy(\.isDigit), part.count == 1 || !part.hasPrefix("0"),
                let byte = UInt8(part)
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private static func version6(_ text: String) -> [UInt8]? {
        guard let gap = text.firstRange(of: "::") else {
            return groups(text[...]).flatMap { $0.count == 16 ? $0 : nil }
        }
        let before = text[..<gap.lowerBound]
        let after = text[gap.upperBound...]
        guard let head = before.isEmpty ? [] : groups(before), let tail = after.isEmpty ? [] : groups(after),
            head.count + tail.count <= 14
        else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    /// Groups of up to four hexadecimal digits; the last may be a version 4 address.
    private static func groups(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 8 else { return nil }
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, part.contains(".") {
                guard let four = version4(String(part)) else { return nil }
                bytes += four
                continue
            }
            guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
                let group = UInt16(part, radix: 16)
            else { return nil }
            bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
        }
        return bytes
    }
}
