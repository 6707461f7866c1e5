import AccessDenial
package import Causes
package import Findings
import IAMPolicy
import RecordedCalls
import RecordedChanges
import TrailStore
import Wording

extension FurtherRequests {
    /// What to do: first the call without what asks for more, then the Allow.
    package static func remedy(for rootCause: Finding, _ facts: GroupFacts) -> Remedy? {
        guard rootCause.code == .missingAllow else { return nil }
        if rootCause.confidence == .stated, let row = bringing(facts) {
            return Remedy(
                .policy,
                row.without.or("allow \(facts.principal.shown) \(facts.group.action), too, as below."),
                policy: LeastPrivilege.policy(facts))
        }
        if rootCause.confidence == .stated, let without = ConfiguredUse(facts)?.without, !without.isEmpty {
            return Remedy(
                .policy, without.or("allow \(facts.principal.shown) \(facts.group.action), as below."),
                policy: LeastPrivilege.policy(facts))
        }
        guard rootCause.confidence == .inferred, let suspect = suspect(facts) else { return nil }
        let action = suspect.further.row.action
        return Remedy(
            .policy, suspect.further.row.without.or("allow \(facts.principal.shown) \(action), too, as below."),
            policy: offer(suspect.further.observed, action))
    }

    private static func offer(_ request: ObservedRequest, _ action: String) -> PolicyDocument? {
        guard request.isResourceTold else { return nil }
        return .allowing([action], on: [request.resource])
    }
}

extension ServiceLinkedRole {
    /// What to do where the caller's own policies lack the Allow.
    package func remedy(_ facts: GroupFacts) -> Remedy {
        let calls = Set(facts.group.evidence.map(\.eventName)).sorted()
        return Remedy(
            .policy,
            "Have an administrator create the service-linked role once, as below: \(list: calls, limit: 2) then works without this permission. Or allow \(ProtectedRole.holder(facts)) to create it; the least that must be allowed is below.",
            commands: [
                ShellCommand(
                    .iamCreateServiceLinkedRole,
                    ["--aws-service-name", .value(service, .name("the service's name"))])
            ], policy: LeastPrivilege.policy(facts))
    }
}
