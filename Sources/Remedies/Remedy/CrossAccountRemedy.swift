import AccessDenial
import Causes
import Findings
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// What to do where caller and resource belong to different accounts: both sides must allow.
enum CrossAccountRemedy {
    static func crossAccount(_ facts: GroupFacts) -> Remedy {
        // Where AWS names a policy, that one is what has to change.
        if facts.group.reason.policyType != nil, facts.group.reason.effect != .unstated {
            return facts.group.reason.effect == .explicit
                ? PolicyRemedy.explicitDeny(facts) : PolicyRemedy.missingAllow(facts)
        }
        if facts.isFederatedAssumption { return TrustPolicyRemedy.federated(facts) }
        if facts.group.reason.policyType?.isLimit ?? false { return PolicyRemedy.limit(facts) }
        let owner = facts.resourceAccount ?? "?"
        if facts.servicePrefix == "sts", CrossAccount.isOwnersAlone(facts) {
            let roles = Set(facts.refusedResources.compactMap { ARN($0)?.name }).sorted()
            let change: Prose =
                "let the trust policy of \(list: roles, limit: 3) in account \(owner) allow \(facts.group.action) to \(facts.callerNamed), as below: the caller's own policies allow it."
            let without = FurtherRequests.withoutIt(facts)
            return Remedy(
                .policy, without.isEmpty ? change.capitalised : change.capitalised + "Or:" + without,
                commands: TrustPolicyRemedy.showTrust(facts), policy: LeastPrivilege.trustPolicy(facts))
        }
        if facts.servicePrefix == "sts" {
            let without = FurtherRequests.withoutIt(facts)
            if !without.isEmpty {
                return Remedy(
                    .policy,
                    "In account \(owner) let the role's trust policy allow \(facts.group.action) to the caller beside what it allows now, as below; in account \(facts.principal.account) a policy of \(facts.principal.shown) must allow \(facts.group.action) on the role as well. Or:"
                        + without,
                    commands: TrustPolicyRemedy.showTrust(facts), policy: LeastPrivilege.trustPolicy(facts))
            }
            return Remedy(
                .policy,
                "In account \(owner) the role's trust policy must name the caller, as below; in account \(facts.principal.account) a policy of \(facts.principal.shown) must allow \(facts.group.action) on the role.",
                commands: TrustPolicyRemedy.showTrust(facts), policy: LeastPrivilege.trustPolicy(facts))
        }
        if facts.group.reason.effect == .implicit, facts.group.reason.policyType != .identityBased {
            return PolicyRemedy.missingAllow(facts)
        }
        if CrossAccount.isOwnersAlone(facts) { return ResourcePolicyRemedy.missing(facts) }
        if facts.servicePrefix == "mobiletargeting" {
            return assumeRole(in: owner, facts)
        }
        return UnstatedRemedy.simulate(facts)
    }

    static func assumeRole(in owner: String, _ facts: GroupFacts) -> Remedy {
        Remedy(
            .policy,
            "Pinpoint projects have no policies of their own: assume a role in account \(owner) that allows \(facts.group.action), and call with its credentials. Or check the project id: a wrong account in the ARN looks the same."
        )
    }
}
