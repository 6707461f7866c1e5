import AccessDenial
package import Causes
import IAMPolicy
import PolicyTimeline
package import RecordedChanges
import TrailStore

/// Whether a change reaches the principal at all, and as which type of policy.
extension PermissionsChanged {
    /// How a change reaches a principal.
    package struct Link {
        package var distance: Int
        /// Whether it is not certain that it reaches the principal at all.
        var isRemote = false
    }

    /// How a change reaches the principal: as which policy type, and how directly. `nil` where it does not, or as another type
    /// than the one that AWS named.
    package static func link(_ change: TrailChange, _ facts: GroupFacts, at moment: String) -> Link? {
        guard let rule = change.rule else { return nil }
        // Reasons that no policy's lack of an Allow brings about.
        if PublicAccess.isReason(facts) {
            return PublicAccess.reach(change, facts).map { Link(distance: $0.distance, isRemote: !$0.isCertain) }
        }
        if rule.target == .serviceGrant { return ServiceGrants.reaches(change, facts) ? Link(distance: 1) : nil }
        if ServiceGrants.isReason(facts) { return nil }
        if rule.target == .workload {
            let isItsRole = RoleSwap.role(setBy: change, facts)?.isSame(as: facts.principal) ?? false
            return isItsRole ? fitting(.identityBased, 1, naming: nil, facts) : nil
        }
        // Its policies were detached on the way, because IAM asks for that first: the deletion is what happened.
        let edits = change.isDeletion ? change.edits.filter { $0.lane.kind == .existence } : change.edits
        return edits.compactMap { link($0, of: change, rule, facts, at: moment) }.min { $0.distance < $1.distance }
    }

    private static func link(
        _ edit: PolicyEdit, of change: TrailChange, _ rule: ChangeRule, _ facts: GroupFacts, at moment: String
    ) -> Link? {
        let holder = edit.lane.holder
        let isOwn = holder == facts.principal.holder
        let isInUse = rule.direction != .creates && rule.direction != .clears
        func fits(_ type: PolicyType, _ distance: Int, naming policy: String? = nil, isRemote: Bool = false) -> Link? {
            fitting(type, distance, naming: policy, isRemote: isRemote, facts)
        }
        switch (edit.lane.kind, holder.kind) {
        case (.existence, .user) where change.isDeletion, (.existence, .role) where change.isDeletion:
            return isOwn
                ? fits(.identityBased, -1, naming: "") : isAssumed(holder, facts) ? fits(.roleTrust, 0) : nil
        // An inline policy has no ARN, so it is not the one that AWS named.
        case (.inline, _) where isOwn && isInUse, (.attached, _) where isOwn && isInUse:
            return fits(.identityBased, 0, naming: change.policyARN ?? "")
        case (.boundary, _) where isOwn && isInUse:
            // A Deny with NotPrincipal spares nobody who has a boundary.
            return fits(.permissionsBoundary, 0, naming: change.policyARN ?? "") ?? fits(.resourceBased, 1)
        // Policies of every type may ask for a tag.
        case (.tags, _) where isOwn && isInUse: return Link(distance: 0)
        case (.settings, .user) where isOwn && rule.direction == .touchesConditions: return fits(.identityBased, 0)
        case (.groups, _) where isOwn && isInUse: return fits(.identityBased, 1)
        case (.inline, .group) where isInUse, (.attached, .group) where isInUse:
            guard let own = facts.principal.holder, holder.account == own.account,
                facts.timeline.state(of: own, .groups, at: .at(moment)).holds(holder.name.lowercased()) == true
            else { return nil }
            return fits(.identityBased, 1, naming: change.policyARN ?? "")
        case (.defaultVersion, _) where rule.direction != .clears:
            let named = facts.group.policyARNs.contains { $0.value == holder.name }
            if named, let wanted = facts.group.reason.policyType { return fits(wanted, 1, naming: holder.name) }
            let only = EditedNames(managedPolicy: holder.name)
            let principal = Replay(facts).view(at: .at(moment), only: only).state.principal
            func has(_ slot: PolicySlot?) -> Bool {
                slot?.policies.contains { $0.isCertain && $0.name == holder.name } ?? false
            }
            if has(principal?.identity) { return fits(.identityBased, 2, naming: holder.name) }
            return has(principal?.boundary) ? fits(.permissionsBoundary, 2, naming: holder.name) : nil
        case (.trust, _): return isInUse && isAssumed(holder, facts) ? fits(.roleTrust, 0) : nil
        case (_, .identityProvider):
            return IdentityProvider.match(holder, facts).flatMap { fits(.roleTrust, 1, isRemote: $0 == .possible) }
        case (_, .permissionSet):
            let isLater = change.time > facts.group.firstSeen
            let moment = isLater ? facts.firstSuccessAfter ?? "9" : facts.group.firstSeen
            guard let type = rule.policyType, let role = facts.permissionSet, let match = role.match(change),
                role.provisioning(of: edit, until: moment) != nil,
                match == .certain || isLater || facts.lastSuccessBefore != nil
            else { return nil }
            return fits(type, 1, naming: change.policyARN ?? "", isRemote: match == .possible)
        case (.organizationPolicies, _) where rule.target == .organizationPolicyTarget, (.policy, .organizationPolicy):
            return control(change, facts)
        case (.parent, _):
            let replay = Replay(facts)
            if !replay.isOfOrganization, let left = change.parameter("sourceParentId") {
                let isAsked = holder.name == facts.principal.account && CauseSearch(facts).asksForPath(through: left)
                return isAsked ? Link(distance: 3) : nil
            }
            guard replay.isOfOrganization, holder.name == replay.boundAccount else { return nil }
            return Link(distance: 3, isRemote: isAccountAssumed(facts))
        case (.policy, .vpcEndpoint), (.settings, .vpcEndpoint):
            guard facts.group.vpcEndpointIds.contains(where: { $0.value == holder.name }),
                edit.lane.kind == .policy || edit.bringsTraffic(facts.trail.timeline)
            else { return nil }
            return fits(.vpcEndpoint, 2)
        // Tags of resources are for costs mostly: only a policy that asks for one makes it matter.
        case (.tags, _):
            let isAsked = !facts.refused(under: change).isEmpty && CauseSearch(facts).looks(at: change)
            return isAsked ? Link(distance: 2) : nil
        case (.policy, _), (.grants, _):
            let governed = facts.refused(under: change)
            guard rule.target == .resource, !governed.isEmpty else { return nil }
            if let link = fits(.resourceBased, 2) { return link }
            guard ResourcePolicyLoss.canExplain(change, facts) else { return nil }
            return Link(distance: 3, isRemote: governed.count < facts.refusedResources.count)
        default: return nil
        }
    }

    private static func fitting(
        _ type: PolicyType, _ distance: Int, naming policy: String?, isRemote: Bool = false, _ facts: GroupFacts
    ) -> Link? {
        let reason = facts.group.reason
        guard reason.policyType == nil || reason.policyType == type else { return nil }
        // AWS named the policy: a change of another one is innocent.
        let named = facts.group.policyARNs
        if reason.effect == .explicit, !named.isEmpty, let policy, !named.contains(where: { $0.value == policy }) {
            return nil
        }
        return Link(distance: distance, isRemote: isRemote)
    }

    /// Whether a role is the one that was to be assumed.
    private static func isAssumed(_ role: Holder, _ facts: GroupFacts) -> Bool {
        facts.servicePrefix == "sts" && facts.policySubject.resources.contains(role)
    }

    /// A policy of AWS Organizations was written, or came or went at a target: how near that comes to the account.
    ///
    /// The root holds every account. Units nest, so one that the trail does not show the account in may hold it all the same: where
    /// AWS does not name the policy, only a text that denies the very call makes that worth a word.
    private static func control(_ change: TrailChange, _ facts: GroupFacts) -> Link? {
        let (replay, type) = (Replay(facts), facts.group.reason.policyType)
        guard replay.isOfOrganization, let type, let id = change.organizationPolicyID, isOfType(type, id, facts)
        else { return nil }
        let account = replay.boundAccount
        let above = replay.above(account, in: facts.scene.view).dropFirst().map(\.name)
        let target = change.rule?.target == .organizationPolicyTarget ? change.organizationTarget ?? "" : nil
        let named = replay.named.compactMap { ARN($0) }
        if !named.isEmpty {
            // The ARN tells the organization by its management account; a policy of another one does not reach here.
            let isNamed = named.contains {
                $0.name == id && (change.account.isEmpty || $0.account == change.account)
            }
            guard isNamed, target.map({ replay.mayBind(.organizationTarget($0)) }) ?? true else { return nil }
            let isOtherUnit = target.map { $0.hasPrefix("ou-") && !above.isEmpty && !above.contains($0) } ?? false
            return Link(distance: 1, isRemote: isOtherUnit)
        }
        let targets = target.map { [$0] } ?? holders(ofPolicy: id, at: change.event.moment, facts)
        // Such policies do not bind the management account, in which the change was made.
        let mayBeAbove = change.account != account
        if targets.contains(account) || mayBeAbove && targets.contains(where: above.contains) {
            return Link(distance: 3, isRemote: isAccountAssumed(facts))
        }
        let denies =
            facts.text(ofPolicy: id, at: .at(change.time))?.text.document.map {
                Judgement($0.statements, as: type, facts).denies != .no
            } ?? false
        guard mayBeAbove, targets.contains(where: { $0.hasPrefix("r-") || denies && $0.hasPrefix("ou-") }) else {
            return nil
        }
        guard targets.contains(where: { $0.hasPrefix("r-") }) else {
            return Link(distance: 5, isRemote: true)
        }
        let isOnlyOrganization = facts.trail.timeline.root != nil
        return Link(distance: 4, isRemote: !(denies && isOnlyOrganization) || isAccountAssumed(facts))
    }

    /// Where a policy of AWS Organizations is attached.
    private static func holders(ofPolicy id: String, at moment: Moment, _ facts: GroupFacts) -> [String] {
        facts.trail.organizationTargets.filter { target in
            [LaneName.Kind.organizationPolicies, .serviceControl, .resourceControl].contains { kind in
                facts.trail.timeline.state(of: target, kind, at: moment).holds(id) == true
            }
        }.map(\.name)
    }

    /// Whether a policy of AWS Organizations can be of a type, as far as the trail tells its type.
    private static func isOfType(_ type: PolicyType, _ id: String, _ facts: GroupFacts) -> Bool {
        let settings = facts.trail.timeline.state(of: .organizationPolicy(id), .settings, at: .at("9999"))
        guard case .known(.text(let told))? = settings.entries["type"]?.knowledge else { return true }
        return told == (type == .resourceControl ? "RESOURCE_CONTROL_POLICY" : "SERVICE_CONTROL_POLICY")
    }

    /// Whether the account that a policy binds is not known, but taken for the caller's.
    private static func isAccountAssumed(_ facts: GroupFacts) -> Bool {
        facts.group.reason.policyType == .resourceControl && facts.resourceAccount == nil
    }
}
