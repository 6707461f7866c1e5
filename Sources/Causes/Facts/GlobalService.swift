import IAMPolicy

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

    /// Whether what an action does is not bound to the Region of the caller's choice: AWS's own example of a policy that locks Regions
    /// leaves it out.
    ///
    /// Source: "Deny access to AWS based on the requested AWS Region", among the examples of service control policies in the AWS
    /// Organizations user guide.
    package static func isBeyondRegions(_ action: String) -> Bool {
        beyondRegions.contains { ActionPattern($0).matches(action) }
    }

    private static let beyondRegions = [
        "acm:*", "aws-marketplace-management:*", "aws-marketplace:*", "aws-portal:*", "budgets:*", "ce:*", "chime:*",
        "cloudfront:*", "cur:*", "directconnect:*", "ec2:DescribeRegions", "ec2:DescribeTransitGateways",
        "ec2:DescribeVpnGateways", "fms:*", "globalaccelerator:*", "health:*", "iam:*", "importexport:*",
        "mobileanalytics:*", "networkmanager:*", "organizations:*", "pricing:*", "route53:*", "route53domains:*",
        "route53-recovery-cluster:*", "route53-recovery-control-config:*", "route53-recovery-readiness:*",
        "s3:GetAccountPublic*", "s3:ListAllMyBuckets", "s3:ListMultiRegionAccessPoints", "s3:PutAccountPublic*",
        "shield:*", "sts:*", "support:*", "trustedadvisor:*", "waf-regional:*", "waf:*", "wafv2:*", "wellarchitected:*",
    ]

    /// The partition of an archive with events of these Regions; `aws` where they are of several.
    package static func partition(ofRegions regions: [String]) -> String {
        if regions.isEmpty { return "aws" }
        if regions.allSatisfy({ $0.hasPrefix("cn-") }) { return "aws-cn" }
        return regions.allSatisfy { $0.hasPrefix("us-gov-") } ? "aws-us-gov" : "aws"
    }
}
