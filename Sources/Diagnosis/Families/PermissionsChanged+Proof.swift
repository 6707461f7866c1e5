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
        case .takes where change.changeName == .deleteAccountAssignment: return .weak
        case .replaces where change.bringsTraffic && change.document == nil: return .weak
        case .takes:
            guard let gone = textGone(with: change, earlier: earlier, facts) else {
                // AWS may have had another text just then.
                if let near = change.policyARN.flatMap({ PublishedText(arn: $0, at: change.time)?.text.document }) {
                    return Judgement(near.statements, facts).allows == .no ? nil : Proof.none
                }
                switch change.policyARN.flatMap({ PolicyNameHint(ofPolicy: $0, facts) }) {
                case .sameService?, nil: return Proof.none
                case .otherService?: return .weak
                case .denies?, .cannotAllow?: return nil
                }
            }
            switch Judgement(gone, facts).allows {
            case .yes: return .document
            case .undetermined: return .conditional
            case .no: return nil
            }
        case .gives:
            if let text = text(after: change, facts) { return Judgement(text, facts).denies != .no ? .document : nil }
            guard let arn = change.policyARN, let hint = PolicyNameHint(ofPolicy: arn, facts)
            else {
                // The customer's own policy: most of them allow, so it takes AWS's word that this is the one.
                let isNamed = change.policyARN.map { arn in facts.group.policyARNs.contains { $0.value == arn } }
                return rule.target == .permissionSet && isNamed != true ? .weak : Proof.none
            }
            // AWS's managed policies allow, except the few that say otherwise in their name.
            return hint == .denies ? Proof.none : nil
        case .replaces:
            guard let text = text(after: change, facts) else {
                // Unknown text: for a refusal without a stated reason that is too little.
                return effect == .unstated ? nil : Proof.none
            }
            let judgement = Judgement(text, as: rule.policyType ?? .identityBased, facts)
            if judgement.denies != .no { return effect == .implicit ? nil : .document }
            if effect == .explicit { return nil }
            switch judgement.allows {
            case .yes: return nil
            case .undetermined: return .conditional
            case .no:
                let isLoss = earlier.contains { old in
                    self.text(after: old, facts).map { Judgement($0, facts).allows == .yes } ?? false
                }
                if isLoss { return .document }
                // A permission set has one inline policy: whatever it holds now, it was another one before.
                return rule.policyType == .identityBased ? facts.lastSuccessBefore == nil ? nil : .weak : .lacking
            }
        case .touchesConditions: return TagConditions.proof(change, facts)
        case .lifts, .disables, .creates, .clears: return nil
        }
    }

    /// What a policy says after a change: the change's own text, or that of the policy that it attaches or sets.
    static func text(after change: TrailChange, _ facts: GroupFacts) -> [Statement]? {
        change.document?.statements ?? text(ofPolicyIn: change, facts)
    }

    /// What a change took away.
    private static func textGone(with change: TrailChange, earlier: ArraySlice<TrailChange>, _ facts: GroupFacts)
        -> [Statement]?
    {
        let isOfPolicy = change.policyARN != nil || change.rule?.target == .organizationPolicyTarget
        return isOfPolicy ? text(ofPolicyIn: change, facts) : earlier.last?.document?.statements
    }

    private static func text(ofPolicyIn change: TrailChange, _ facts: GroupFacts) -> [Statement]? {
        let name = change.rule?.target == .organizationPolicyTarget ? change.organizationPolicyID : change.policyARN
        return name.flatMap { facts.text(ofPolicy: $0, at: .at(change.time)) }?.text.document?.statements
    }
}
