import AccessDenial
package import Causes
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// An instance's role that is refused what another role did until then: a container whose own role is not in effect calls with the role
/// of the instance that it runs on.
///
/// Sources: "IAM roles for service accounts" in the Amazon EKS user guide; "Amazon ECS task IAM role" in the Amazon ECS developer guide.
package struct InstanceFallback {
    /// The role that made the call until then.
    private let former: PrincipalName
    private let lastSuccess: String

    /// A hand-over is likely where the other role's successes end this near to the first denial, in seconds.
    private static let nearness = 7 * 24 * 3600

    /// `nil` where the caller is no instance's role, where it was allowed the call before, and where no other role, or more than one,
    /// made it until then.
    package init?(_ facts: GroupFacts) {
        guard facts.caller.kind == .role, !facts.group.callers.isEmpty,
            facts.group.callers.allSatisfy({ Self.isOfInstance($0.value) }),
            facts.sameAction.allSatisfy({ $0.successes == 0 })
        else { return nil }
        let first = facts.group.firstSeen
        guard let roles = facts.actionUsage.roles(in: facts.caller.account, besides: facts.caller.arn),
            roles.count == 1, !Self.isOfPeople(roles[0].principal),
            roles[0].lastSuccess < first,
            TimeSpan.seconds(from: roles[0].lastSuccess, to: first) <= Self.nearness
        else { return nil }
        former = roles[0].principal
        lastSuccess = roles[0].lastSuccess
    }

    /// Whether people sign in to a role: no container has one of those.
    private static func isOfPeople(_ role: PrincipalName) -> Bool {
        if case .permissionSet? = ProtectedRole.owner(of: role) { true } else { false }
    }

    /// The session of an instance bears the instance's id.
    private static func isOfInstance(_ caller: String) -> Bool {
        guard let session = caller.split(separator: "/").last, session.hasPrefix("i-") else { return false }
        let id = session.dropFirst(2)
        return (8...17).contains(id.utf8.count)
            && id.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    package func finding(_ facts: GroupFacts) -> Finding {
        Finding(
            .environmentDifference, .inferred, title: "The call comes with the instance's role in place of another",
            "\(former.shown.capitalised) made \(facts.group.action) until \(time: lastSuccess), and since \(time: facts.group.firstSeen) \(facts.caller.shown) is refused it, which is the role of the instance. A container whose own role is not in effect calls with the role of the instance that it runs on.",
            evidence: facts.denialEvidence)
    }

    package func remedy(_ facts: GroupFacts) -> Remedy {
        Remedy(
            .setting,
            "Let the container call as \(former.shown) again: check what gives it that role (the service account's annotation, the pod identity association, the task role, or an agent such as kiam), and restart it once that works. Do not allow the call to \(facts.caller.shown): everything on its instances would have it."
        )
    }
}
