import AccessDenial
import IAMPolicy
import TrailStore

/// The principal was deleted and made anew under the same name: policies that name the old one no longer match.
enum PrincipalRecreated {
    static func findings(_ facts: GroupFacts) -> [Finding] {
        guard facts.group.category == .authorization, canExplain(facts), let success = facts.lastSuccessBefore else {
            return []
        }
        let created = facts.changes.last { change in
            change.concerns(facts.principal) && ["CreateRole", "CreateUser"].contains(change.change.eventName)
                && change.time > success && change.time <= facts.group.firstSeen
        }
        guard let created else { return [] }
        return [
            finding(
                facts,
                "\(facts.principal.shown.capitalised) was created at \(time: created.time), after its last success at \(time: success) and before the first denial.",
                evidence: [created.evidence] + facts.denialEvidence.prefix(1))
        ]
    }

    /// A new principal lacks Allows. It has no Deny, and no limit that the old one had not.
    static func canExplain(_ facts: GroupFacts) -> Bool {
        facts.group.reason.effect != .explicit && !(facts.group.reason.policyType?.isLimit ?? false)
    }

    static func finding(_ facts: GroupFacts, _ observation: Prose, evidence: [Evidence]) -> Finding {
        Finding(
            .principalRecreated, .inferred, title: "The principal was re-created under the same name",
            observation
                + "A re-created principal starts without policies, and resource and trust policies that named the old one hold its dead id.",
            evidence: evidence)
    }
}
