/// The codes of AWS's Regions.
public enum AWSRegion {
    /// Whether a Region may be called so: `us-east-1`, `us-gov-west-1`, `eusc-de-east-1`. AWS opens Regions all the time, so the shape
    /// decides and not ``known``.
    public static func isCode(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard (3...4).contains(parts.count), let number = parts.last, (1...2).contains(number.utf8.count),
            number.utf8.allSatisfy({ (0x30...0x39).contains($0) }), directions.contains(parts[parts.count - 2]),
            parts[0] == "eusc" || parts[0].utf8.count == 2 && parts[0].utf8.allSatisfy({ (0x61...0x7A).contains($0) })
        else { return false }
        return parts.count == 3 || ["gov", "iso", "isob", "isoe", "isof", "de"].contains(parts[1])
    }

    private static let directions: Set<String> = [
        "central", "east", "north", "northeast", "northwest", "south", "southeast", "southwest", "west",
    ]

    /// Regions that an account has to enable, and that accept no tokens of the global endpoint of AWS STS (unless the account has it
    /// issue version 2). Sources: "AWS Regions" in the AWS general reference; "Manage AWS STS in an AWS Region" in the IAM user guide.
    public static let optIn: Set<String> = [
        "af-south-1", "ap-east-1", "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5",
        "ap-southeast-6", "ap-southeast-7", "ca-west-1", "eu-central-2", "eu-south-1", "eu-south-2", "il-central-1",
        "me-central-1", "me-south-1", "mx-central-1",
    ]

    /// Regions that there are, to propose one for a slip of the finger. Source: "AWS Regions" in the AWS general reference.
    public static let known = [
        "af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1",
        "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5",
        "ap-southeast-6", "ap-southeast-7", "ca-central-1", "ca-west-1", "cn-north-1", "cn-northwest-1", "eu-central-1",
        "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3",
        "eusc-de-east-1", "il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1", "us-east-1",
        "us-east-2", "us-gov-east-1", "us-gov-west-1", "us-west-1", "us-west-2",
    ]
}
