import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore

/// What the texts of policies in the trail say about a change.
extension PermissionsChanged {
    /// Whether the change's document bears out the blame; `nil` where it speaks against it.
    static func proof(
        _ change: TrailChange, _ rule: ChangeRule, earlier: ArraySlice<TrailChange>, _ facts: GroupFacts
    ) -> Proof? {
        let effect = facts.group.reason.effect
        if rule.target == .identityProvider { return IdentityProvider.proof(change, facts) }
        if PublicAccess.isReason(facts) { return PublicAccess.proof(change, earlier: earlier, facts) }
        switch rule.direction {
        case .takes where rule.target == .serviceGrant, .replaces where rule.target == .serviceGrant:
            return ServiceGrants.proof(change, facts)
        // Nobody is allowed anything who is no more.
        case .takes where change.isDeletion: return .document
        case .takes where rule.target == .membership: return proofOfLeaving(change, facts)
        case .gives where rule.target == .membership: return proofOfJoining(change, facts)
        case .takes where change.isRevocation:
            return ResourcePolicyLoss.proofOfRevocation(change, earlier: earlier, facts)
        case .replaces where change.change.eventName == "PutPermission" && change.document == nil: return nil
        // A grant, or a statement that `AddPermission` writes, allows.
        case .gives where rule.target == .resource: return nil
        // It names users and groups by ids that no other record bears.
        case .takes where change.change.eventName == "DeleteAccountAssignment": return .weak
        case .replaces where change.bringsTraffic && change.document == nil: return .weak
        case .takes:
            let gone = removedDocument(change, earlier: earlier, facts)
            guard let gone else {
                guard let arn = change.policyARN, let hint = DocumentJudgement.hint(ofPolicy: arn, facts) else {
                    return Proof.none
                }
                switch hint {
                case .broad, .sameService: return Proof.none
                case .otherService: return .weak
                case .denies, .cannotAllow: return nil
                }
            }
            switch ResourcePolicyLoss.allowed(gone, change, facts) {
            case .yes: return .document
            case .maybe: return .conditional
            case .no: return nil
            }
        case .gives:
            if let document = document(after: change, facts) {
                return DocumentJudgement.denies(document, facts) ? .document : nil
            }
            guard let arn = change.policyARN, let hint = DocumentJudgement.hint(ofPolicy: arn, facts) else {
                // The customer's own policy: most of them allow, so it takes AWS's word that this is the one.
                let isIdentity = [ChangeRule.Target.user, .role, .group, .permissionSet].contains(rule.target)
                let isNamed =
                    change.policyARN.map { arn in facts.group.policyARNs.contains { $0.value == arn } } ?? false
                return isIdentity && !isNamed ? .weak : Proof.none
            }
            // AWS's managed policies allow, except the few that say otherwise in their name.
            return hint == .denies ? Proof.none : nil
        case .replaces:
            guard let document = document(after: change, facts) else {
                // Unknown text: for a refusal without a stated reason that is too little.
                return effect == .unstated && rule.target != .trust && rule.target != .resource ? nil : Proof.none
            }
            if DocumentJudgement.denies(document, facts) { return effect == .implicit ? nil : .document }
            if effect == .explicit { return nil }
            switch DocumentJudgement.allows(document, facts) {
            case .yes: return nil
            case .maybe: return .conditional
            case .no:
                switch FormerPolicy(before: change, earlier: earlier, facts).allowed(facts) {
                case .yes?: return .document
                case .maybe?: return .conditional
                case .no?, nil: break
                }
                let allowedBefore =
                    earlier.contains { old in
                        self.document(after: old, facts).map { ResourcePolicyLoss.allowed($0, change, facts) == .yes }
                            ?? false
                    }
                if allowedBefore { return .document }
                switch rule.policyType {
                // These must allow on their own: one that does not is the cause, whatever stood there before.
                case .permissionsBoundary?, .roleTrust?, .vpcEndpoint?, .resourceBased?: return .lacking
                // A permission set has one inline policy: whatever it holds now, it was another one before.
                case .identityBased? where rule.target == .permissionSet:
                    return facts.lastSuccessBefore == nil ? nil : .weak
                case .identityBased?:
                    // Whatever it speaks of now, it may have held the Allow before: writing it exchanges the whole text. Where AWS
                    // does not say that an Allow is missing, that is too little.
                    guard effect == .implicit || DocumentJudgement.mentionsService(document, facts) else { return nil }
                    return facts.lastSuccessBefore == nil ? nil : .weak
                default: return .lacking
                }
            }
        case .touchesConditions: return TagConditions.proof(change, facts)
        case .lifts, .disables, .creates, .clears: return nil
        }
    }

    /// A user left a group: what the trail holds of the group's policies tells whether that took an Allow away.
    private static func proofOfLeaving(_ change: TrailChange, _ facts: GroupFacts) -> Proof? {
        let held = history(ofGroupOf: change, facts)
        let answers = held.documents.map { DocumentJudgement.allows($0.document, facts) }
        if answers.contains(.yes) { return .document }
        let mayAllow = held.unreadPolicies.contains { arn in
            switch DocumentJudgement.hint(ofPolicy: arn, facts) {
            case .broad?, .sameService?, nil: true
            case .denies?, .otherService?, .cannotAllow?: false
            }
        }
        if answers.contains(.maybe) || mayAllow { return Proof.none }
        if held.isWhole { return nil }
        return held.attachedPolicies.isEmpty && held.documents.isEmpty ? Proof.none : .weak
    }

    /// A user joined a group: what the trail holds of the group's policies tells whether that brought a Deny.
    private static func proofOfJoining(_ change: TrailChange, _ facts: GroupFacts) -> Proof? {
        let held = history(ofGroupOf: change, facts)
        let isKnown = !(held.attachedPolicies.isEmpty && held.documents.isEmpty)
        let named = Set(facts.group.policyARNs.map(\.value))
        guard named.isEmpty else {
            if held.documents.contains(where: {
                named.contains($0.name) && DocumentJudgement.denies($0.document, facts)
            }) {
                return .document
            }
            if !named.isDisjoint(with: held.attachedPolicies) { return Proof.none }
            return isKnown || held.isWhole ? nil : .weak
        }
        if held.documents.contains(where: { DocumentJudgement.denies($0.document, facts) }) { return .document }
        let hints = held.unreadPolicies.map { DocumentJudgement.hint(ofPolicy: $0, facts) }
        if hints.contains(.denies) { return Proof.none }
        return held.isWhole && !hints.contains(nil) ? nil : .weak
    }

    static func history(ofGroupOf change: TrailChange, _ facts: GroupFacts) -> PolicyHistory {
        PolicyHistory(
            ofGroup: change.groupName ?? "", account: change.account, at: change.time, changes: facts.changes)
    }

    /// The text that holds after a change: its own, or that of the managed policy that it attaches or sets.
    static func document(after change: TrailChange, _ facts: GroupFacts) -> PolicyDocument? {
        if let document = change.document { return document }
        if change.rule?.target == .organizationPolicyTarget, let id = change.organizationPolicyID {
            return PolicyHistory.organizationPolicy(id, at: change.time, changes: facts.changes)?.document
        }
        guard let arn = change.policyARN else { return nil }
        return PolicyHistory.defaultVersion(of: arn, at: change.time, changes: facts.changes)?.document
    }

    /// The text that a change took away.
    static func removedDocument(
        _ change: TrailChange, earlier: ArraySlice<TrailChange>, _ facts: GroupFacts
    ) -> PolicyDocument? {
        if change.rule?.target == .organizationPolicyTarget, let id = change.organizationPolicyID {
            return PolicyHistory.organizationPolicy(id, at: change.time, changes: facts.changes)?.document
        }
        if let arn = change.policyARN {
            return PolicyHistory.defaultVersion(of: arn, at: change.time, changes: facts.changes)?.document
        }
        guard change.rule?.target == .resource else { return earlier.last?.document }
        return ResourcePolicyHistory(after: earlier).document(goneWith: change)
    }
}
