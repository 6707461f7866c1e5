/// What the name of a file that CloudTrail delivered says.
///
/// `ACCOUNT_CloudTrail_REGION_YYYYMMDDTHHmmZ_UNIQUE.json.gz`, with or without the underscore before the unique part, and for
/// digests `ACCOUNT_CloudTrail-Digest_REGION_TRAIL_HOMEREGION_YYYYMMDDTHHmmssZ.json.gz`. Source: "Finding your CloudTrail log
/// files" in the AWS CloudTrail user guide.
package struct LogFileName: Sendable, Equatable {
    /// The twelve digits of the account whose events the file holds.
    package var accountId: String
    package var kind: DeliveryKind
    package var region: String
    package var deliveryTime: DeliveryTime

    /// Reads a file's name, without its folders; `nil` where it is not one of CloudTrail's.
    package init?(_ name: ArraySlice<UInt8>) {
        let underscore = UInt8(ascii: "_")
        let parts = name.split(separator: underscore, maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, Self.isAccountId(parts[0]),
            let kind = DeliveryKind(rawValue: String(decoding: parts[1], as: UTF8.self)), Self.isRegion(parts[2]),
            let time = Self.deliveryTime(in: name)
        else { return nil }
        accountId = String(decoding: parts[0], as: UTF8.self)
        self.kind = kind
        region = String(decoding: parts[2], as: UTF8.self)
        deliveryTime = time
    }

    /// The delivery time in a CloudTrail file's name, without reading the rest of it: the last `YYYYMMDDTHHmmZ` or
    /// `YYYYMMDDTHHmmssZ` that follows an underscore.
    package static func deliveryTime(in name: ArraySlice<UInt8>) -> DeliveryTime? {
        let name = name.span
        var start = name.count - 15
        while start > 0 {
            if name[start + 8] == UInt8(ascii: "T"), name[start - 1] == UInt8(ascii: "_"),
                let time = deliveryTime(in: name, at: start)
            {
                return time
            }
            start -= 1
        }
        return nil
    }

    private static func deliveryTime(in name: Span<UInt8>, at start: Int) -> DeliveryTime? {
        guard let day = number(name, start, 8) else { return nil }
        var second: Int64 = 0
        guard let minute = number(name, start + 9, 4) else { return nil }
        var end = start + 13
        if name[end] != UInt8(ascii: "Z"), end + 2 < name.count, let digits = number(name, end, 2) {
            second = digits
            end += 2
        }
        guard name[end] == UInt8(ascii: "Z"), (1...12).contains(day / 100 % 100), (1...31).contains(day % 100),
            minute / 100 < 24, minute % 100 < 60, second < 60
        else { return nil }
        return DeliveryTime(digits: day * 1_000_000 + minute * 100 + second)
    }

    private static func number(_ name: Span<UInt8>, _ start: Int, _ count: Int) -> Int64? {
        var value: Int64 = 0
        for index in start..<(start + count) {
            let digit = name[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int64(digit)
        }
        return value
    }

    static func isAccountId(_ text: some Collection<UInt8>) -> Bool {
        text.count == 12 && text.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    static func isRegion(_ text: some Collection<UInt8>) -> Bool {
        (5...32).contains(text.count) && text.contains(UInt8(ascii: "-"))
            && text.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
            }
    }
}

/// The folder that CloudTrail delivers a file to, and the second part of the file's name.
package enum DeliveryKind: String, Sendable, CaseIterable {
    /// Management and data events.
    case log = "CloudTrail"
    case insight = "CloudTrail-Insight"
    case networkActivity = "CloudTrail-NetworkActivity"
    /// Data events summed over five minutes: no single denials.
    case aggregated = "CloudTrail-Aggregated"
    /// Hashes of log files, and no events.
    case digest = "CloudTrail-Digest"
    /// Results of CloudTrail Lake queries.
    case lake = "CloudTrail-Lake"
}
