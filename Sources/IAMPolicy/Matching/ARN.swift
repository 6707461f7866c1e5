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
        let bytes = text.utf8
        guard bytes.starts(with: "arn:".utf8) else { return nil }
        var start = bytes.index(bytes.startIndex, offsetBy: 4)
        func next() -> String? {
            guard let end = bytes[start...].firstIndex(of: UInt8(ascii: ":")) else { return nil }
            defer { start = bytes.index(after: end) }
            return String(text[start..<end])
        }
        guard let partition = next(), let service = next(), let region = next(), let account = next(),
            !partition.isEmpty, !service.isEmpty
        else { return nil }
        self.partition = partition
        self.service = service
        self.region = region
        self.account = account
        resource = String(text[start...])
    }

    /// The ARN as text.
    public var description: String { "arn:\(partition):\(service):\(region):\(account):\(resource)" }

    /// The last part of the resource behind `/`: the name of a user, role or policy without its path.
    public var name: String {
        resource.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? resource
    }
}
