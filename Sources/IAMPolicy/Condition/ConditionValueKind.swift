/// What the values of a condition key are, where nothing else can stand there: a condition that compares the key with anything else is
/// never met, or always.
///
/// Source: "AWS global condition context keys" in the IAM user guide.
package enum ConditionValueKind: Sendable, Hashable, CaseIterable {
    case endpoint, vpc, account, organization, address, region, arn

    /// What the values of a key are; `nil` where they can be of several kinds.
    package init?(key: String) {
        let name = key.lowercased()
        guard let kind = Self.allCases.first(where: { $0.keys.contains { $0.lowercased() == name } }) else {
            return nil
        }
        self = kind
    }

    /// Of what kind a condition's value is; `nil` where it tells none, as one that begins with a wildcard.
    package init?(of value: String) {
        guard let kind = Self.allCases.first(where: { $0.isMet(by: value) }) else { return nil }
        self = kind
    }

    /// The keys, those that stand for the same thing of the request in the same order in each kind.
    private var keys: [String] {
        switch self {
        case .endpoint: ["aws:SourceVpce"]
        case .vpc: ["aws:SourceVpc"]
        case .account:
            [
                "aws:PrincipalAccount", "aws:ResourceAccount", "aws:SourceAccount", "aws:SourceOwner",
                "aws:VpceAccount", "kms:CallerAccount", "s3:ResourceAccount",
            ]
        case .organization: ["aws:PrincipalOrgID", "aws:ResourceOrgID", "aws:SourceOrgID", "aws:VpceOrgID"]
        case .address: ["aws:SourceIp", "aws:VpcSourceIp"]
        case .region: ["aws:RequestedRegion", "aws:Ec2InstanceSourceRegion"]
        case .arn: ["aws:PrincipalArn", "aws:SourceArn", "lambda:FunctionArn"]
        }
    }

    /// What a value of the kind is, behind "is": `the id of a VPC`.
    package var words: String {
        switch self {
        case .endpoint: "the id of a VPC endpoint"
        case .vpc: "the id of a VPC"
        case .account: "the number of an account"
        case .organization: "the id of an organization"
        case .address: "an IP address"
        case .region: "a Region"
        case .arn: "an ARN"
        }
    }

    /// The key that tells of the same thing what a value of another kind is: `aws:SourceVpc` for a VPC under `aws:SourceVpce`; `nil` where
    /// there is none.
    package func key(inPlaceOf key: String) -> String? {
        let name = key.lowercased()
        let prefix = ["aws:principal", "aws:resource", "aws:sourcevpc", "aws:source", "aws:vpce"].first(
            where: name.hasPrefix)
        return prefix.flatMap { prefix in keys.first { $0.lowercased().hasPrefix(prefix) } }
    }

    /// Whether a value is of the kind for certain.
    private func isMet(by value: String) -> Bool {
        switch self {
        case .endpoint: value.hasPrefix("vpce-")
        case .vpc: value.hasPrefix("vpc-")
        case .account: value.utf8.count == 12 && value.utf8.allSatisfy { (0x30...0x39).contains($0) }
        case .organization: value.hasPrefix("o-") && value.utf8.count >= 12 && !value.contains("/")
        case .address: value.split(separator: ".").count == 4 && value.utf8.allSatisfy { (0x2E...0x39).contains($0) }
        case .arn: value.hasPrefix("arn:")
        // A name like one stands for many things.
        case .region: false
        }
    }
}
