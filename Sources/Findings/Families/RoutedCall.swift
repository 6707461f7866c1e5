import AccessDenial
package import Causes
import IAMPolicy
import RecordedChanges
import TrailStore
package import Wording

/// Calls that AWS itself sends on to another Region than the one that they are made in, and that are refused there: those of an
/// inference profile of Amazon Bedrock.
///
/// Source: "Increase throughput with cross-Region inference" in the Amazon Bedrock user guide.
package struct RoutedCall {
    /// Where they are refused.
    package let region: String
    /// Where they are made.
    private let origin: String

    /// `nil` where what was refused lies where the calls were made, or in several Regions.
    package init?(_ facts: GroupFacts) {
        let regions = Set(facts.refusedResources.map { ARN($0)?.region ?? "" })
        guard facts.servicePrefix == "bedrock", let region = regions.first, regions.count == 1, !region.isEmpty,
            facts.group.regions.count == 1, let origin = facts.group.regions.first?.value, origin != region
        else { return nil }
        (self.region, self.origin) = (region, origin)
    }

    package var story: Prose {
        "The calls are made in \(origin) and refused in \(region): their inference profile sends them there, and the policy sees that Region."
    }

    /// What to do where a policy on Regions refuses whose text is not known.
    package var advice: Prose {
        "Have the policy exempt \("bedrock:InvokeModel*"), or allow \(region), too; or call a model or profile that stays in the Regions that it allows."
    }
}
