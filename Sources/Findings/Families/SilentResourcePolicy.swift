import AccessDenial
import Causes
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// The policy of the resource that was called, where the trail holds it, and it allows the caller other actions and not the refused one,
/// or does not speak of the caller.
struct SilentResourcePolicy {
    private let change: TrailChange
    /// What it allows the caller.
    private let allowed: [String]
    /// Whom it allows the refused action.
    private let others: [String]
    /// Whether it is a key's, which alone decides whether IAM policies count.
    private let isOfKey: Bool

    /// `nil` where AWS names another type of policy, and where a statement of the known policies speaks of the action.
    init?(_ facts: GroupFacts) {
        // A grant that nearly allows the call says more than a policy that does not speak of it.
        guard Self.isAsked(facts), facts.failing?.statement.grantID == nil else {
            return nil
        }
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
        let matching = statements.filter { $0.matchesAction(facts.group.action) }
        others = Set(matching.flatMap { $0.principals?.patterns.map(\.text) ?? [] }).sorted()
        isOfKey = facts.servicePrefix == "kms"
        // A service's call is another finding's, and so is a caller that a pattern, a unique id or a NotPrincipal may stand for. Statements
        // from before the archive may let in anybody.
        guard
            !allowed.isEmpty
                || caller.kind != .service && caller.linkedService == nil && statements.allSatisfy(Self.namesAll)
                    && facts.scene.view.state.resources.allSatisfy(\.policy.isComplete)
        else { return nil }
        change = last
    }

    /// Whether AWS names the policy of what was called, or no policy, and what was called is another account's: then its policy must allow.
    private static func isAsked(_ facts: GroupFacts) -> Bool {
        if facts.group.reason == .missingAllow(.resourceBased) { return true }
        return Unstated.slugs.contains(facts.group.reason.slug) && facts.resourceAccount != nil
            && facts.resourceAccount != facts.principal.account
    }

    /// Whether a statement lets in nobody else than whom it names.
    private static func namesAll(_ statement: Statement) -> Bool {
        guard case .matching(let patterns)? = statement.principals else { return false }
        return patterns.allSatisfy { pattern in
            guard pattern.kind != "Service", !pattern.text.allSatisfy(\.isNumber) else { return true }
            return !pattern.text.contains("*") && ARN(pattern.text).map { $0.service == "iam" } ?? false
        }
    }

    package var story: Prose {
        guard allowed.isEmpty else { return storyOfOtherActions }
        let whom: Prose = others.isEmpty ? "to nobody" : "only to \(list: others, limit: 3)"
        let text: Prose =
            "The resource's policy that \(change.author) wrote at \(time: change.time) allows this action \(whom), and does not speak of the caller."
        return isOfKey
            ? text
                + "It leaves nothing to IAM policies either: without a statement for the account an Allow in one of them does not help."
            : text
    }

    private var storyOfOtherActions: Prose {
        "The resource's policy that \(change.author) wrote at \(time: change.time) allows the caller \(list: allowed, limit: 4), and not this action."
    }

    /// Whether it lets the caller do something else.
    var isForCaller: Bool { !allowed.isEmpty }

    /// Who wrote it; `nil` where it does not speak of the caller, and nobody meant to let it in.
    package var evidence: Evidence? { allowed.isEmpty ? nil : change.evidence }
}
