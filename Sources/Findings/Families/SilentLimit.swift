import AccessDenial
package import Causes
package import IAMPolicy
package import PolicyTimeline
import RecordedChanges
import TrailStore
package import Wording

/// The policy that limits the calls and does not speak of them: a permissions boundary or the policy of a VPC endpoint, where the trail
/// holds its text. Of a session's policy ``Sessions`` tells.
package struct SilentLimit {
    /// What it is called in a sentence: `permissions boundary dev-boundary`.
    package let name: Prose
    /// What it allows, as it stands there.
    private let allowed: [String]
    /// What it leaves out of everything, as it stands there; empty where it allows by name alone.
    private let leftOut: [String]

    /// `nil` where AWS names another type of policy or a Deny, where a text is not known, and where a statement speaks of the action.
    package init?(_ facts: GroupFacts) {
        guard let type = facts.group.reason.policyType, Self.types.contains(type),
            facts.group.reason.effect != .explicit
        else { return nil }
        let replay = Replay(facts)
        let placed = replay.policies(.init(type: type, effect: .allow), in: facts.scene.view).placed
        var statements: [Statement] = []
        for one in placed {
            guard one.held.isCertain, let book = replay.library.book(one.held, as: type) else { return nil }
            // A Deny that matched would be stated as one.
            statements += book.statements.filter { $0.effect == .allow }
        }
        guard !placed.isEmpty, !statements.contains(where: { $0.matchesAction(facts.group.action) }) else { return nil }
        let allows = statements.map(\.actions)
        allowed = allows.flatMap { if case .matching(let patterns) = $0 { patterns.map(\.text) } else { [String]() } }
        leftOut = allows.flatMap {
            if case .exceptMatching(let patterns) = $0 { patterns.map(\.text) } else { [String]() }
        }
        name = Self.name(type, placed[0].held, facts)
    }

    /// Types that limit, and of which one policy at a time decides.
    package static let types: [PolicyType] = [.permissionsBoundary, .vpcEndpoint]

    /// `permissions boundary NAME`, `policy of VPC endpoint ID`.
    package static func name(_ type: PolicyType, _ policy: HeldPolicy, _ facts: GroupFacts) -> Prose {
        type == .vpcEndpoint
            ? "policy of VPC endpoint \(facts.group.vpcEndpointIds.first?.value ?? "?")"
            : "\(words: type.words) \(ARN(policy.name)?.name ?? policy.name)"
    }

    package var story: Prose {
        if !leftOut.isEmpty { return "The \(name) allows everything but \(list: leftOut, limit: 4)." }
        return allowed.isEmpty
            ? "The \(name) holds no Allow at all, and such a policy must allow what it is not to refuse."
            : "The \(name) allows \(list: allowed, limit: 4), and not this action."
    }
}
