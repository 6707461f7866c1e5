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
            switch DocumentJudgement.allows(gone, facts) {
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
                let allowedBefore =
                    earlier.contains { old in
                        self.document(after: old, facts).map { DocumentJudgement.allows($0, facts) == .yes } ?? false
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
        return earlier.last?.document
    }
}
