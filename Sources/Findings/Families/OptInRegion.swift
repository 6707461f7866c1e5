import AccessDenial
package import Causes
import IAMPolicy
import RecordedChanges
import TrailStore
package import Wording

/// Credentials that work in Regions that every account has, and are not valid in those that an account enables: their token comes from
/// the global endpoint of AWS STS, or the account has not enabled the Region.
///
/// Source: "Manage AWS STS in an AWS Region" in the IAM user guide.
package struct OptInRegion {
    private let refused: [String]
    private let working: [String]

    /// `nil` where a Region refuses that every account has, or where nothing succeeded in another one.
    package init?(_ facts: GroupFacts) {
        refused = facts.group.regions.map(\.value).sorted()
        guard facts.group.reason.slug == "credentials-invalid", !refused.isEmpty,
            refused.allSatisfy(AWSRegion.optIn.contains), facts.principal.kind == .role
        else { return nil }
        working = Set(facts.sameAction.filter { $0.successes > 0 }.map(\.awsRegion)).subtracting(refused).sorted()
        guard !working.isEmpty else { return nil }
    }

    package static let title: Prose = "The token is not valid in this Region"

    package var story: Prose {
        "The same caller succeeded with the call in \(list: working, limit: 3), so its credentials are good. \(list: refused, limit: 3) \(words: refused.count == 1 ? "is an opt-in Region" : "are opt-in Regions"), where a token from the global endpoint of STS (sts.amazonaws.com) is not valid. CloudTrail records only a few such failures, so there may have been more."
    }

    package var remedy: Remedy {
        let region = refused.first ?? ""
        return Remedy(
            .setting,
            "Get the token from a Regional endpoint of STS: give the STS client a Region (sts.\(region).amazonaws.com, or AWS_STS_REGIONAL_ENDPOINTS=regional in older SDKs). Or let the account's global endpoint issue tokens for all Regions (\(code: "aws iam set-security-token-service-preferences --global-endpoint-token-version v2Token")). If the account has not enabled \(list: refused, limit: 3), enable it or leave it out. No policy is involved."
        )
    }
}
