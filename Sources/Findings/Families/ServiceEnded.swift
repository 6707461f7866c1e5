import AccessDenial
package import Causes
import IAMPolicy
import TrailStore
package import Wording

/// Amazon Pinpoint's engagement features have ended: no policy can bring them back.
///
/// Source: "Amazon Pinpoint end of support" in the Amazon Pinpoint user guide.
package enum ServiceEnded {
    package static func findings(_ facts: GroupFacts) -> [Finding] {
        // What AWS states is `Stated`'s. Here: an ended operation, refused after the end without a reason that names a policy.
        guard facts.group.reason.slug != "service-ended", facts.group.reason.effect == .unstated,
            facts.group.category == .authorization, isEnded(facts),
            facts.group.firstSeen >= PinpointCatalogue.endOfSupport
        else { return [] }
        let hasMessage = facts.group.evidence.contains { $0.errorMessage != nil }
        let isForbidden = facts.group.errorCodes.contains { $0.value.hasPrefix("Forbidden") }
        // The service refuses in words of its own. A message of the authorization layer, or of any other kind, is none of its.
        guard isForbidden || !hasMessage else { return [] }
        let text: Prose =
            "Pinpoint's engagement features ended on \(words: PinpointCatalogue.endOfSupport), and \(facts.operation) is one of them as far as AWS documents (it publishes no list of operations). The first denial came after that day, and AWS names no policy."
        return [
            Finding(
                .serviceEnded, isForbidden ? .inferred : .possible,
                title: "Support for \(facts.operation) has ended", text, evidence: facts.denialEvidence)
        ]
    }

    package static func isEnded(_ facts: GroupFacts) -> Bool {
        facts.servicePrefix == "mobiletargeting"
            && PinpointCatalogue.operation(named: facts.operation)?.afterSupport == .stops
            // What works after the end, for whomever, has not ended here.
            && (facts.actionUsage.lastSuccess ?? "") < PinpointCatalogue.endOfSupport
    }

    package static func explanation(_ facts: GroupFacts) -> Prose {
        var text: Prose =
            "AWS states that support has ended. This is the service's own refusal: no policy decides it, and no policy can fix it."
        if facts.servicePrefix == "mobiletargeting" {
            text += "Amazon Pinpoint's engagement features ended on \(words: PinpointCatalogue.endOfSupport)."
        }
        return text
    }
}
