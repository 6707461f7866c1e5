import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore

/// How near a change of a policy of AWS Organizations comes to an account, as far as the timeline tells.
enum OrganizationReach {
    /// How near a change of a policy that AWS does not name comes to an account, and whether it certainly reaches it; `nil` where
    /// the trail does not show that it does.
    ///
    /// The root holds every account. Units nest, so one that the trail does not show the account in may hold it all the same: only
    /// a text that denies the very call makes that worth a word.
    static func reach(of change: TrailChange, on account: String, _ facts: GroupFacts) -> (
        distance: Int, isCertain: Bool
    )? {
        guard let id = change.organizationPolicyID else { return nil }
        let denies =
            facts.text(ofPolicy: id, at: .at(change.time))?.text.document.map {
                Judgement($0.statements, as: facts.group.reason.policyType ?? .serviceControl, facts).denies != .no
            } ?? false
        let above = Set(Replay(facts).above(account, in: facts.scene.view).dropFirst().map(\.name))
        let found = targets(of: change, id, facts).compactMap { target -> (distance: Int, isCertain: Bool)? in
            if target == account { return (3, true) }
            // Such policies do not bind the management account, in which the change was made.
            guard change.account != account else { return nil }
            if above.contains(target) { return (3, true) }
            if target.hasPrefix("r-") { return (4, denies && isOnlyOrganization(facts)) }
            return denies && target.hasPrefix("ou-") ? (5, false) : nil
        }
        return found.min { ($0.isCertain ? 0 : 1, $0.distance) < ($1.isCertain ? 0 : 1, $1.distance) }
    }

    /// Where the changed policy is attached: where an attachment came or went, or, of a policy that was written, everywhere.
    private static func targets(of change: TrailChange, _ id: String, _ facts: GroupFacts) -> [String] {
        if change.rule?.target == .organizationPolicyTarget { return change.organizationTarget.map { [$0] } ?? [] }
        return facts.trail.organizationTargets.filter { target in
            [LaneName.Kind.organizationPolicies, .serviceControl, .resourceControl].contains { kind in
                let lane = facts.trail.timeline.state(of: target, kind, at: change.event.moment)
                return lane.holds(id) == true
            }
        }.map(\.name)
    }

    /// Whether all that the trail holds of organizations is of one.
    private static func isOnlyOrganization(_ facts: GroupFacts) -> Bool { facts.trail.timeline.root != nil }
}
