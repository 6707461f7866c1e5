import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore

/// Whether a change reaches the principal at all, and as which type of policy.
extension PermissionsChanged {
    /// How a change reaches the principal: as which policy type, and how directly. `nil` where it does not, or as another type
    /// than the one that AWS named.
    static func link(
        _ change: TrailChange, _ facts: GroupFacts, at moment: String
    ) -> Link? {
        guard let rule = change.rule else { return nil }
        let group = facts.group
        let wanted = group.reason.policyType
        // Reasons that no policy's lack of an Allow brings about.
        if PublicAccess.isReason(facts) {
            return PublicAccess.reach(change, facts).map { Link(distance: $0.distance, isRemote: !$0.isCertain) }
        }
        if ServiceGrants.isReason(facts), rule.target != .serviceGrant { return nil }
        let named = group.policyARNs.map(\.value)
        func fits(_ type: PolicyType, _ distance: Int, naming policy: String?) -> Link? {
            guard wanted == nil || wanted == type else { return nil }
            // AWS named the policy: a change of another one is innocent.
            if group.reason.effect == .explicit, !named.isEmpty, let policy, !named.contains(policy) { return nil }
            return Link(type: type, distance: distance)
        }
        switch rule.target {
        case .user where change.isDeletion, .role where change.isDeletion:
            // Its policies were detached on the way, because IAM asks for that first: the deletion is what happened.
            if change.concerns(facts.principal) { return fits(.identityBased, -1, naming: "") }
            guard facts.servicePrefix == "sts", facts.refusedResources.contains(where: { change.isTrust(ofRole: $0) })
            else { return nil }
            return fits(.roleTrust, 0, naming: nil)
        case .user, .role:
            guard change.concerns(facts.principal), let type = rule.policyType else { return nil }
            // An inline policy has no ARN, so it is not the one that AWS named.
            return fits(type, 0, naming: rule.direction == .touchesConditions ? nil : change.policyARN ?? "")
        case .membership:
            guard change.concerns(facts.principal) else { return nil }
            return fits(.identityBased, 1, naming: nil)
        case .group:
            guard rule.direction != .creates, rule.direction != .clears, facts.principal.kind == .user,
                change.account == facts.principal.account, let name = change.groupName,
                let holder = facts.principal.holder,
                facts.timeline.state(of: holder, .groups, at: .at(moment)).holds(name.lowercased()) == true
            else { return nil }
            return fits(.identityBased, 1, naming: change.policyARN ?? "")
        case .managedPolicy:
            guard rule.direction != .clears, let arn = change.policyARN else { return nil }
            if named.contains(arn), let wanted { return fits(wanted, 1, naming: arn) }
            let principal = Replay(facts).view(at: .at(moment), only: EditedNames(managedPolicy: arn)).state.principal
            func has(_ slot: PolicySlot?) -> Bool {
                slot?.policies.contains { $0.isCertain && $0.name == arn } ?? false
            }
            if has(principal?.identity) { return fits(.identityBased, 2, naming: arn) }
            if has(principal?.boundary) { return fits(.permissionsBoundary, 2, naming: arn) }
            return nil
        case .trust:
            guard facts.servicePrefix == "sts",
                facts.refusedResources.contains(where: { change.isTrust(ofRole: $0) })
            else { return nil }
            return fits(.roleTrust, 0, naming: nil)
        case .organizationPolicy, .organizationPolicyTarget:
            guard let type = wanted, type == .serviceControl || type == .resourceControl,
                isOfType(type, change, facts)
            else { return nil }
            let target = change.organizationTarget ?? ""
            let isOtherAccount = target.count == 12 && target != affectedAccount(type, facts)
            let policies = named.compactMap { ARN($0) }
            if !policies.isEmpty {
                // The ARN tells the organization by its management account; a policy of another one does not reach here.
                let isNamed = policies.contains {
                    $0.name == change.organizationPolicyID && (change.account.isEmpty || $0.account == change.account)
                }
                guard isNamed, rule.target == .organizationPolicy || !isOtherAccount else { return nil }
                // Units nest: one that the trail does not show the account in may hold it all the same, or not.
                let known = OrganizationReach.unit(of: affectedAccount(type, facts), facts)
                let isOtherUnit = target.hasPrefix("ou-") && known.map { $0 != target } ?? false
                return Link(type: type, distance: 1, isRemote: isOtherUnit && rule.target != .organizationPolicy)
            }
            return OrganizationReach.reach(of: change, on: affectedAccount(type, facts), facts).map {
                Link(type: type, distance: $0.distance, isRemote: !$0.isCertain || isAccountAssumed(type, facts))
            }
        case .account:
            guard let type = wanted, type == .serviceControl || type == .resourceControl,
                change.organizationTarget == affectedAccount(type, facts)
            else { return nil }
            return Link(type: type, distance: 3, isRemote: isAccountAssumed(type, facts))
        case .endpoint:
            guard let id = change.endpointID, group.vpcEndpointIds.contains(where: { $0.value == id }) else {
                return nil
            }
            return fits(.vpcEndpoint, 2, naming: nil)
        case .resource:
            if rule.direction == .touchesConditions {
                guard let name = change.resource,
                    facts.refusedResources.contains(where: { change.isPolicy(name, of: $0) })
                else { return nil }
                // Tags of resources are for costs mostly: only a policy that asks for one makes it matter.
                return TagConditions.isAsked(change, facts) ? fits(.identityBased, 2, naming: nil) : nil
            }
            let governed = ResourcePolicyLoss.governed(by: change, facts)
            guard !governed.isEmpty else { return nil }
            if let link = fits(.resourceBased, 2, naming: nil) { return link }
            guard ResourcePolicyLoss.canExplain(change, facts) else { return nil }
            return Link(
                type: .identityBased, distance: 3, isRemote: governed.count < facts.refusedResources.count)
        case .identityProvider:
            return IdentityProvider.match(change, facts).flatMap { match in
                fits(.roleTrust, 1, naming: nil).map { link in
                    Link(type: link.type, distance: link.distance, isRemote: match == .possible)
                }
            }
        case .workload:
            guard RoleSwap.role(setBy: change, facts)?.isSame(as: facts.principal) ?? false else { return nil }
            return fits(.identityBased, 1, naming: nil)
        case .permissionSet:
            let isLater = change.time > group.firstSeen
            let moment = isLater ? facts.firstSuccessAfter ?? "9" : group.firstSeen
            guard let type = rule.policyType, let role = facts.permissionSet, let match = role.match(change),
                role.provisioning(of: change, until: moment, facts) != nil,
                match == .certain || isLater || facts.lastSuccessBefore != nil,
                let link = fits(type, 1, naming: change.policyARN ?? "")
            else { return nil }
            return Link(type: link.type, distance: link.distance, isRemote: match == .possible)
        case .serviceGrant:
            return ServiceGrants.reaches(change, facts) ? Link(type: wanted, distance: 1) : nil
        case .accessKey, .publicAccess:
            return nil
        }
    }

    /// How a change reaches a principal.
    struct Link {
        var type: PolicyType?
        var distance: Int
        /// Whether it is not certain that it reaches the principal at all.
        var isRemote = false
    }

    /// Whether a policy of AWS Organizations can be of a type, as far as the trail tells its type.
    private static func isOfType(_ type: PolicyType, _ change: TrailChange, _ facts: GroupFacts) -> Bool {
        let told =
            change.organizationPolicyType
            ?? facts.changes.last {
                $0.rule?.target == .organizationPolicy && $0.organizationPolicyID == change.organizationPolicyID
                    && $0.organizationPolicyType != nil
            }?.organizationPolicyType
        guard let told else { return true }
        return told == (type == .resourceControl ? "RESOURCE_CONTROL_POLICY" : "SERVICE_CONTROL_POLICY")
    }

    /// Whether the account that a policy binds is not known, but taken for the caller's.
    private static func isAccountAssumed(_ type: PolicyType, _ facts: GroupFacts) -> Bool {
        type == .resourceControl && facts.resourceAccount == nil
    }

    /// SCPs bind the caller's account, RCPs the account of the resource.
    private static func affectedAccount(_ type: PolicyType, _ facts: GroupFacts) -> String {
        type == .resourceControl
            ? facts.resourceAccount ?? facts.principal.account : facts.principal.account
    }
}
