import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore

/// What undoing changes shows, as what is known of the changes.
extension PermissionsChanged {
    /// Whether the timeline holds what a change did to policies.
    static func isReplayed(_ change: TrailChange, _ facts: GroupFacts) -> Bool {
        guard let rule = change.rule, !PublicAccess.isReason(facts) else { return false }
        switch rule.target {
        case .user, .role, .group, .membership, .managedPolicy, .trust, .endpoint, .resource, .identityProvider,
            .organizationPolicyTarget, .organizationPolicy, .account, .permissionSet:
            return true
        case .accessKey, .workload, .publicAccess, .serviceGrant: return false
        }
    }

    /// The changes that can be blamed by the replay, each once.
    static func replayedCandidates(_ facts: GroupFacts) -> [BlamedChange] {
        let found = CauseSearch(facts).counterfactuals()
        guard !found.isEmpty else { return [] }
        let changes = Dictionary(
            facts.changes.map { ($0.change.eventID, $0) }, uniquingKeysWith: { first, _ in first })
        var best: [String: BlamedChange] = [:]
        for counterfactual in found {
            guard let change = changes[counterfactual.event.eventID], isReplayed(change, facts), let rule = change.rule,
                rule.canCause(facts.group.reason.effect),
                // Its policies went with it.
                !change.isDeletion || counterfactual.lane.kind == .existence,
                let link = link(change, facts, at: change.time)
            else { continue }
            let isOfResource = counterfactual.lane.kind == .policy || counterfactual.lane.kind == .grants
            let isLoss = isOfResource && ResourcePolicyLoss.canExplain(change, facts)
            guard let proof = proof(counterfactual, change, isLoss: isLoss, facts),
                var candidate = candidate(change, rule, link, proof, facts)
            else { continue }
            candidate.isResourceLoss = isLoss
            if candidate.confidence == .inferred, case .decisive(isExact: true) = counterfactual.verdict,
                facts.agreement == .agrees
            {
                candidate.confidence = .simulated
            }
            candidate.counterfactual = counterfactual
            let key = change.change.eventID
            if let other = best[key],
                (other.confidence, other.proof.rawValue) <= (candidate.confidence, candidate.proof.rawValue)
            {
                continue
            }
            best[key] = candidate
        }
        return best.keys.sorted().compactMap { best[$0] }
    }

    /// How a counterfactual is known to matter; `nil` where it does not.
    private static func proof(
        _ counterfactual: Counterfactual, _ change: TrailChange, isLoss: Bool, _ facts: GroupFacts
    ) -> BlamedChange.Proof? {
        func isNamed(_ policy: String?) -> Bool {
            policy.map { arn in facts.group.policyARNs.contains { $0.value == arn } } ?? false
        }
        let isItself = isNamed(change.policyARN)
        let hasWorked = facts.lastSuccessBefore != nil
        switch counterfactual.verdict {
        // Nothing but the change itself is known of what policies do not hold.
        case .untold
        where counterfactual.lane.kind == .tags
            || counterfactual.lane.holder.kind == .user && counterfactual.lane.kind == .settings:
            return BlamedChange.Proof.none
        case .untold where [.settings, .access].contains(counterfactual.lane.kind): return .weak
        case .decisive: return .document
        case .conditional: return .conditional
        case .lacking: return .lacking
        // Services make and end grants of their own all the time.
        case .untold where counterfactual.lane.kind == .grants && PrincipalName(change.change.actor).kind == .service:
            return nil
        // The resource's policy need not have named the caller.
        case .untold where isLoss: return hasWorked ? .weak : nil
        case .untold where counterfactual.lane.kind == .grants: return hasWorked ? .weak : nil
        // Without a reason, and without a text, a new limit is a guess.
        case .untold where facts.group.reason.effect == .unstated && counterfactual.question.type.isLimit:
            return hasWorked ? .weak : nil
        case .untold(let policy):
            return isNamed(policy) || isItself
                ? BlamedChange.Proof.none : proof(ofUnread: policy, counterfactual, facts)
        // Where AWS does not say that an Allow is missing, a text about other services is too little.
        case .overwritten where facts.group.reason.effect == .unstated && counterfactual.lane.kind == .inline:
            let speaks = change.document?.statements.speak(of: facts.servicePrefix) ?? true
            return speaks && hasWorked ? .weak : nil
        case .overwritten: return isItself ? BlamedChange.Proof.none : hasWorked ? .weak : nil
        // Where AWS gives no reason something else refuses.
        case .stillAllowed: return facts.group.reason.effect == .unstated || isLoss ? nil : .weak
        // A policy that AWS names is never ruled out.
        case .innocent: return isItself && facts.group.reason.effect == .explicit ? BlamedChange.Proof.none : nil
        }
    }

    /// What the name of a policy tells whose text is not known.
    private static func proof(ofUnread policy: String, _ counterfactual: Counterfactual, _ facts: GroupFacts)
        -> BlamedChange.Proof?
    {
        let hint = PolicyNameHint(ofPolicy: policy, facts)
        switch (counterfactual.question.effect, hint) {
        case (.allow, .sameService?), (.allow, nil): return BlamedChange.Proof.none
        case (.allow, .otherService?): return .weak
        case (.allow, .denies?), (.allow, .cannotAllow?): return nil
        case (.deny, .denies?): return BlamedChange.Proof.none
        case (.deny, nil):
            let isOwn = counterfactual.question.type == .identityBased
            return isOwn ? .weak : BlamedChange.Proof.none
        case (.deny, .cannotAllow?), (.deny, .sameService?), (.deny, .otherService?): return nil
        }
    }
}
