/// An Amazon Resource Name taken apart: `arn:partition:service:region:account:resource`.
public struct ARN: Sendable, Hashable, CustomStringConvertible {
    /// The ARN as text.
    public private(set) var description: String
    /// Where its parts end. A report takes hundreds of thousands of ARNs apart and mostly asks for one part of each.
    private var colons: Colons

    /// The places of the colons behind `arn:`, in bytes.
    private struct Colons: Sendable {
        var partition = 0
        var service = 0
        var region = 0
        var account = 0
    }

    /// `aws`, `aws-cn`, `aws-us-gov`, …
    public var partition: String {
        get { part(4, colons.partition) }
        set { self = ARN(partition: newValue, service: service, region: region, account: account, resource: resource) }
    }
    /// IAM's service prefix.
    public var service: String {
        get { part(colons.partition + 1, colons.service) }
        set {
            self = ARN(partition: partition, service: newValue, region: region, account: account, resource: resource)
        }
    }
    /// Empty for global services.
    public var region: String {
        get { part(colons.service + 1, colons.region) }
        set {
            self = ARN(partition: partition, service: service, region: newValue, account: account, resource: resource)
        }
    }
    /// Twelve digits, `aws` for what AWS manages, or empty.
    public var account: String {
        get { part(colons.region + 1, colons.account) }
        set {
            self = ARN(partition: partition, service: service, region: region, account: newValue, resource: resource)
        }
    }
    /// All that follows the account, `/` and `:` included.
    public var resource: String {
        get { part(colons.account + 1, description.utf8.count) }
        set { self = with(resource: newValue) }
    }

    /// An ARN from its parts, none of which but the resource holds a colon.
    public init(partition: String, service: String, region: String, account: String, resource: String) {
        description = "arn:\(partition):\(service):\(region):\(account):\(resource)"
        var colons = Colons()
        colons.partition = 4 + partition.utf8.count
        colons.service = colons.partition + 1 + service.utf8.count
        colons.region = colons.service + 1 + region.utf8.count
        colons.account = colons.region + 1 + account.utf8.count
        self.colons = colons
    }

    /// Takes a text apart; `nil` where it is no ARN of six parts.
    public init?(_ text: String) {
        // Bytes: AWS knows no letter but by its bytes.
        guard let colons = Self.colons(in: text) else { return nil }
        description = text
        self.colons = colons
    }

    /// The same with another resource.
    package func with(resource: String) -> ARN {
        ARN(partition: partition, service: service, region: region, account: account, resource: resource)
    }

    private func part(_ start: Int, _ end: Int) -> String {
        let bytes = description.utf8
        let first = bytes.index(bytes.startIndex, offsetBy: start)
        return String(Substring(bytes[first..<bytes.index(first, offsetBy: end - start)]))
    }

    /// One ARN is one text.
    public static func == (left: ARN, right: ARN) -> Bool { left.description == right.description }

    /// Equal ARNs hash alike.
    public func hash(into hasher: inout Hasher) { hasher.combine(description) }

    /// Where the parts behind `arn:` end; `nil` where partition or service are empty, or a part is missing.
    private static func colons(in text: String) -> Colons? {
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
        guard found == 4, colons[0] > 4, colons[1] > colons[0] + 1 else { return nil }
        return Colons(partition: colons[0], service: colons[1], region: colons[2], account: colons[3])
    }

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
