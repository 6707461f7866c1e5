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
        guard text.utf8.starts(with: "arn:".utf8) else { return nil }
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 5, omittingEmptySubsequences: false)
            .map(Substring.init)
        guard parts.count == 6, !parts[1].isEmpty, !parts[2].isEmpty else { return nil }
        partition = String(parts[1])
        service = String(parts[2])
        region = String(parts[3])
        account = String(parts[4])
        resource = String(parts[5])
    }

    /// The ARN as text.
    public var description: String { "arn:\(partition):\(service):\(region):\(account):\(resource)" }

    /// The last part of the resource behind `/`: the name of a user, role or policy without its path.
    public var name: String {
        resource.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? resource
    }
}
