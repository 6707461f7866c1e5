import AccessDenial
import Causes
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// The policy of the resource that was called, where the trail holds it, and it allows the caller other actions and not the refused one.
struct SilentResourcePolicy {
    private let change: TrailChange
    private let allowed: [String]

    /// `nil` where AWS names another type of policy, and where a statement of the known policies speaks of the action.
    init?(_ facts: GroupFacts) {
        guard facts.group.reason == .missingAllow(.resourceBased) else { return nil }
        let held = facts.scene.view.state.resources.flatMap(\.policy.policies).filter(\.isCertain)
        var statements: [Statement] = []
        var last: TrailChange?
        for policy in held {
            guard let document = policy.text.document, case .event(let event) = policy.source,
                let change = facts.change(of: event)
            else { return nil }
            statements += document.statements.filter { $0.effect == .allow }
            if change.time >= last?.time ?? "" { last = change }
        }
        guard let last else { return nil }
        let caller = facts.principal
        let own = statements.filter { statement in
            statement.principals?.patterns.contains { pattern in
                pattern.text == caller.arn || pattern.text == "*" || pattern.text.contains(":\(caller.account):root")
                    || pattern.text == caller.account
            } ?? false
        }
        guard !own.contains(where: { $0.matchesAction(facts.group.action) }) else { return nil }
        allowed = own.flatMap(\.actions.patterns).map(\.text)
        guard !allowed.isEmpty else { return nil }
        change = last
    }

    package var story: Prose {
        "The resource's policy that \(change.author) wrote at \(time: change.time) allows the caller \(list: allowed, limit: 4), and not this action."
    }

    package var evidence: Evidence { change.evidence }
}
