/// An Amazon Resource Name taken apart: `arn:partition:service:region:account:resource`.
public struct ARN: Sendable, Hashable, CustomStringConvertible {
    /// `aws`, `aws-cn`, `aws-us-gov`, …
    public var partition: String
    /// IAM's service prefix.
    public var service: String
    /// Empty for global services.
    public var region: String
    /// Twelve digits, `aws` for what AWS manages, or empty.
    public var account: String
    /// All that follows the account, `/` and `:` included.
    public var resource: String

    /// An ARN from its parts.
    public init(partition: String, service: String, region: String, account: String, resource: String) {
        self.partition = partition
        self.service = service
        self.region = region
        self.account = account
        self.resource = resource
    }

    /// Takes a text apart; `nil` where it is no ARN of six parts.
    public init?(_ text: String) {
        // Bytes, since a report takes hundreds of thousands apart, and AWS knows no letter but by its bytes.
        guard let colons = Self.colons(in: text) else { return nil }
        let bytes = text.utf8
        func part(_ start: Int, _ end: Int) -> String {
            let first = bytes.index(bytes.startIndex, offsetBy: start)
            return String(text[first..<bytes.index(first, offsetBy: end - start)])
        }
        partition = part(4, colons[0])
        service = part(colons[0] + 1, colons[1])
        region = part(colons[1] + 1, colons[2])
        account = part(colons[2] + 1, colons[3])
        resource = part(colons[3] + 1, bytes.count)
    }

    /// Where the parts behind `arn:` end; `nil` where partition or service are empty, or a part is missing.
    private static func colons(in text: String) -> InlineArray<4, Int>? {
        let bytes = text.utf8Span.span
        guard bytes.count > 4, bytes[0] == UInt8(ascii: "a"), bytes[1] == UInt8(ascii: "r"),
            bytes[2] == UInt8(ascii: "n"), bytes[3] == UInt8(ascii: ":")
        else { return nil }
        var colons = InlineArray<4, Int>(repeating: 0)
        var found = 0
        for place in 4..<bytes.count where bytes[place] == UInt8(ascii: ":") {
            colons[found] = place
            found += 1
            if found == 4 { break }
        }
        return found == 4 && colons[0] > 4 && colons[1] > colons[0] + 1 ? colons : nil
    }

    /// The ARN as text.
    public var description: String { "arn:\(partition):\(service):\(region):\(account):\(resource)" }

    /// The last part of the resource behind `/`: the name of a user, role or policy without its path.
    public var name: String { PathParts(resource).last ?? resource }
}

/// The first, the second and the last part of a text between slashes; empty parts count as none.
package struct PathParts: Sendable {
    private let text: String
    private var ends: (first: Range<Int>, second: Range<Int>, last: Range<Int>) = (0..<0, 0..<0, 0..<0)
    /// How many parts there are.
    package private(set) var count = 0

    /// Takes a text apart.
    package init(_ text: String) {
        self.text = text
        let bytes = text.utf8Span.span
        var start = 0
        for place in 0...bytes.count where place == bytes.count || bytes[place] == UInt8(ascii: "/") {
            if start < place {
                let part = start..<place
                if count == 0 { ends.first = part }
                if count == 1 { ends.second = part }
                ends.last = part
                count += 1
            }
            start = place + 1
        }
    }

    /// The first part; `nil` where there is none.
    package var first: String? { count > 0 ? part(ends.first) : nil }
    /// The part behind it; `nil` where there is none.
    package var second: String? { count > 1 ? part(ends.second) : nil }
    /// The last part; `nil` where there is none.
    package var last: String? { count > 0 ? part(ends.last) : nil }

    private func part(_ range: Range<Int>) -> String {
        let start = text.utf8.index(text.startIndex, offsetBy: range.lowerBound)
        return String(text[start..<text.utf8.index(start, offsetBy: range.count)])
    }
}
