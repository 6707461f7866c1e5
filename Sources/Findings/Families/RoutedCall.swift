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
    package let regions: [String]
    /// Where they are made.
    private let origin: String

    /// `nil` where something that was refused lies where the calls were made.
    package init?(_ facts: GroupFacts) {
        let regions = Set(facts.refusedResources.map { ARN($0)?.region ?? "" })
        guard facts.servicePrefix == "bedrock", !regions.isEmpty, !regions.contains(""), facts.group.regions.count == 1,
            let origin = facts.group.regions.first?.value, !regions.contains(origin)
        else { return nil }
        (self.regions, self.origin) = (regions.sorted(), origin)
    }

    package var story: Prose {
        "The calls are made in \(origin) and refused in \(list: regions, limit: 3): their inference profile sends them there, and the policy sees \(words: regions.count == 1 ? "that Region" : "those Regions")."
    }

    /// What to do where a policy on Regions refuses whose text is not known.
    package var advice: Prose {
        "Have the policy exempt \("bedrock:InvokeModel*"), or allow \(list: regions, limit: 3), too; or call a model or profile that stays in the Regions that it allows."
    }
}
