import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore

/// Where an account stands in its organization, and where policies of the organization are attached, as far as the trail tells.
enum OrganizationPlaces {
    /// The unit, or the root, into which the trail last shows an account moved before the denials; `nil` where it shows none, or
    /// the account joined an organization since.
    static func unit(of account: String, _ facts: GroupFacts) -> String? {
        facts.changes.last {
            $0.rule?.target == .account && $0.organizationTarget == account && $0.time <= facts.group.firstSeen
        }?.parameter("destinationParentId")
    }

    /// How near a change of a policy that AWS does not name comes to an account, and whether it certainly reaches it; `nil` where
    /// the trail does not show that it does.
    ///
    /// The root holds every account. Units nest, so one that the trail does not show the account in may hold it all the same: only
    /// a text that denies the very call makes that worth a word.
    static func reach(of change: TrailChange, on account: String, _ facts: GroupFacts) -> (
        distance: Int, isCertain: Bool
    )? {
        let denies =
            change.organizationPolicyID.flatMap { facts.text(ofPolicy: $0, at: .at(change.time))?.text.document }
            .map { Judgement($0.statements, as: facts.group.reason.policyType ?? .serviceControl, facts).denies != .no }
            ?? false
        let unit = unit(of: account, facts)
        let found = targets(of: change, facts).compactMap { target -> (distance: Int, isCertain: Bool)? in
            if target == account { return (3, true) }
            // Such policies do not bind the management account, in which the change was made.
            guard change.account != account else { return nil }
            if target == unit { return (3, true) }
            if target.hasPrefix("r-") { return (4, denies && isOnlyOrganization(change, facts)) }
            return denies && target.hasPrefix("ou-") ? (5, false) : nil
        }
        return found.min { ($0.isCertain ? 0 : 1, $0.distance) < ($1.isCertain ? 0 : 1, $1.distance) }
    }

    /// Where the changed policy is attached: where an attachment came or went, or, of a policy that was written, everywhere.
    private static func targets(of change: TrailChange, _ facts: GroupFacts) -> [String] {
        if change.rule?.target == .organizationPolicyTarget { return change.organizationTarget.map { [$0] } ?? [] }
        var isAttached: [String: Bool] = [:]
        for other in facts.changes
        where other.rule?.target == .organizationPolicyTarget
            && other.organizationPolicyID == change.organizationPolicyID
        {
            guard let target = other.organizationTarget else { continue }
            let isAttaching = other.rule?.direction == .gives
            if other.time <= change.time {
                isAttached[target] = isAttaching
            } else if isAttached[target] == nil {
                // What is detached later was attached before.
                isAttached[target] = !isAttaching
            }
        }
        return isAttached.filter { $0.value }.keys.sorted()
    }

    /// Whether all that the trail holds of organizations is of one.
    private static func isOnlyOrganization(_ change: TrailChange, _ facts: GroupFacts) -> Bool {
        !change.account.isEmpty
            && facts.changes.allSatisfy { other in
                switch other.rule?.target {
                case .organizationPolicy?, .organizationPolicyTarget?: other.account == change.account
                default: true
                }
            }
    }
}
