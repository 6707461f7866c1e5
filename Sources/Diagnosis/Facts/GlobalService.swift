/// The one Region of a partition in which a service's calls are recorded, whatever Region they are made from.
///
/// Source: "Global endpoints" and "AWS Organizations endpoints and quotas" in the AWS General Reference.
package enum GlobalService {
    /// Where IAM's calls are recorded; `nil` for a partition that is not known here.
    package static func regionOfIAM(partition: String) -> String? {
        switch partition {
        case "aws": "us-east-1"
        case "aws-cn": "cn-north-1"
        case "aws-us-gov": "us-gov-west-1"
        default: nil
        }
    }

    /// The same for AWS Organizations.
    package static func regionOfOrganizations(partition: String) -> String? {
        partition == "aws-cn" ? "cn-northwest-1" : regionOfIAM(partition: partition)
    }

    /// The partition of an archive with events of these Regions; `aws` where they are of several.
    package static func partition(ofRegions regions: [String]) -> String {
        if regions.isEmpty { return "aws" }
        if regions.allSatisfy({ $0.hasPrefix("cn-") }) { return "aws-cn" }
        return regions.allSatisfy { $0.hasPrefix("us-gov-") } ? "aws-us-gov" : "aws"
    }
}
