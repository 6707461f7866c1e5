import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore

extension PermissionsChanged {
    /// The changes of which the trail does not tell whether they bear on the refusal: those that fit, but less well than the one that
    /// is blamed, and those of which it does not hold what they wrote.
    static func openChanges(_ facts: GroupFacts) -> Set<TrailChange> {
        let before = facts.changes.filter { $0.time <= facts.group.firstSeen }
        let last = Dictionary(before.map { ($0.chain, $0.time) }, uniquingKeysWith: { $1 })
        return Set(candidates(facts).map(\.change)).union(
            before.filter { $0.time == last[$0.chain] && isUndecided($0, facts) })
    }

    /// Whether a change, which no other one of the same followed up to the first denial, lies behind the last success and reaches the
    /// principal, and the trail does not hold what it wrote.
    private static func isUndecided(_ change: TrailChange, _ facts: GroupFacts) -> Bool {
        guard facts.group.category == .authorization, let rule = change.rule, rule.target != .workload,
            rule.canCause(facts.group.reason.effect), change.time >= facts.lastSuccessBefore ?? "",
            concerns(change, facts), text(after: change, facts) == nil
        else { return false }
        switch rule.direction {
        case .replaces: return true
        // Most of the customer's policies allow, but not all; AWS's own tell by their name.
        case .gives:
            return facts.group.reason.effect == .unstated
                && change.policyARN.map { PolicyNameHint(ofPolicy: $0, facts) == nil } ?? false
        case .takes, .lifts, .touchesConditions, .disables, .creates, .clears: return false
        }
    }

    /// What a policy says after a change: the change's own text, or that of the policy that it attaches or sets.
    static func text(after change: TrailChange, _ facts: GroupFacts) -> [Statement]? {
        if let document = change.document { return document.statements }
        let name = change.rule?.target == .organizationPolicyTarget ? change.organizationPolicyID : change.policyARN
        return name.flatMap { facts.text(ofPolicy: $0, at: .at(change.time)) }?.text.document?.statements
    }
}
