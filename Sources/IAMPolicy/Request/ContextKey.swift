/// The name of a context key, such as `aws:SourceIp`: names are compared without regard to case, tag keys in them included.
public struct ContextKey: Sendable, Hashable, CustomStringConvertible {
    /// The name as written.
    public let text: String
    /// What the name is looked up by: lower case, and one name for the service's own spelling of a resource tag.
    let lookup: String
    /// A number that equal keys share, for tables of a few dozen.
    let number: UInt64

    /// A key as written in a policy or a request.
    public init(_ text: String) {
        self.text = text
        let lowered = text.lowercased()
        if let slash = lowered.utf8.firstIndex(of: UInt8(ascii: "/")),
            Self.tagAliases.contains(String(lowered[..<slash]))
        {
            lookup = "aws:resourcetag" + lowered[slash...]
        } else {
            lookup = lowered
        }
        // FNV-1a.
        number = lookup.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// The same key in any spelling is equal.
    public static func == (left: ContextKey, right: ContextKey) -> Bool {
        left.number == right.number && left.lookup == right.lookup
    }

    /// Equal keys hash alike.
    public func hash(into hasher: inout Hasher) { hasher.combine(number) }

    /// The name as written.
    public var description: String { text }

    /// Spellings of `aws:ResourceTag` that some services have of their own.
    private static let tagAliases: Set<String> = [
        "iam:resourcetag", "ec2:resourcetag", "ssm:resourcetag", "secretsmanager:resourcetag", "ecr:resourcetag",
        "autoscaling:resourcetag", "ecs:resourcetag", "elasticloadbalancing:resourcetag", "s3:buckettag",
    ]

    /// Whether the key holds many values by its type, however many came with a request.
    ///
    /// Source: the service authorization reference (keys of type `ArrayOf…`) and "Single-valued vs. multivalued context keys".
    var isMultivalued: Bool { Self.multivalued.contains(lookup) }

    private static let multivalued: Set<String> = [
        "aws:tagkeys", "aws:calledvia", "aws:calledviaawsmcp", "aws:principalorgpaths", "aws:resourceorgpaths",
        "aws:sourceorgpaths",
        "aws:vpceorgpaths", "aws:principalservicenameslist", "dynamodb:attributes", "dynamodb:leadingkeys",
        "dynamodb:firstpartitionkeyvalues", "dynamodb:secondpartitionkeyvalues", "dynamodb:thirdpartitionkeyvalues",
        "dynamodb:fourthpartitionkeyvalues", "kms:encryptioncontextkeys", "kms:grantoperations", "kms:resourcealiases",
        "lambda:layer", "lambda:subnetids", "lambda:securitygroupids", "s3:requestobjecttagkeys", "ses:recipients",
        "ses:configurationsetoptions", "ses:replicaregion", "sts:transitivetagkeys", "sts:requestcontextproviders",
        "events:source", "events:detail-type",
    ]
}
