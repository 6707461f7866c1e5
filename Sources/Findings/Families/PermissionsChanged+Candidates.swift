import AccessDenial
package import Causes
package import IAMPolicy
import PolicyTimeline
package import RecordedChanges
import TrailStore

/// What undoing changes shows, as changes that can be blamed.
extension PermissionsChanged {
    /// How many seconds it takes as a rule until a change holds.
    private static let usualSettling = 60

    /// All changes that can be blamed, the best first: surest, then most direct, then proven, then nearest. Searched once a group.
    package static func candidates(_ facts: GroupFacts) -> [BlamedChange] {
        facts.causeMemo.suspects.value { search(facts) }
    }

    private static func search(_ facts: GroupFacts) -> [BlamedChange] {
        guard facts.group.category == .authorization else { return [] }
        var best: [String: BlamedChange] = [:]
        for counterfactual in CauseSearch(facts).counterfactuals() {
            guard let candidate = candidate(counterfactual, facts) else { continue }
            let key = counterfactual.event.eventID
            if let other = best[key],
                (other.confidence, other.doubt) <= (candidate.confidence, candidate.doubt)
            {
                continue
            }
            best[key] = candidate
        }
        return (best.values + swaps(facts)).sorted { left, right in
            if left.confidence != right.confidence { return left.confidence < right.confidence }
            if left.isSettling != right.isSettling { return right.isSettling }
            if left.distance != right.distance { return left.distance < right.distance }
            if left.doubt != right.doubt { return left.doubt < right.doubt }
            return (left.change.time, left.change.change.eventID) > (right.change.time, right.change.change.eventID)
        }
    }

    /// The change behind a counterfactual, with how sure it is; `nil` where it is not to be blamed.
    private static func candidate(_ counterfactual: Counterfactual, _ facts: GroupFacts) -> BlamedChange? {
        let reason = facts.group.reason
        let isProven = counterfactual.isDecisive
        guard let change = facts.change(of: counterfactual.event), let rule = change.rule, rule.canCause(reason.effect),
            // Its policies went with it.
            !change.isDeletion || counterfactual.lane.kind == .existence,
            let link = link(change, facts, at: change.time)
        else { return nil }
        var blamed = BlamedChange(
            change: change, direction: rule.direction, confidence: .inferred, distance: link.distance,
            counterfactual: counterfactual)
        blamed.isResourceLoss =
            reason == .missingAllow(.identityBased) && rule.target == .resource
            && [.policy, .grants].contains(counterfactual.lane.kind)
        guard let isDoubtful = isDoubtful(blamed, counterfactual, facts) else { return nil }
        blamed.isDoubtful = isDoubtful
        // AWS names no policy: a coming Deny is a guess.
        if reason.effect == .unstated || reason.policyType == nil, !isProven, rule.direction == .gives { return nil }
        let success = facts.lastSuccessBefore
        // A stranger that never succeeded lost nothing: the policy does what it is for. Tokens are often for one run or one user
        // alone, so of those it is not said that they are strangers.
        if facts.caller.kind == .other, success == nil, !isProven || !facts.isFederatedAssumption {
            guard facts.isFederatedAssumption,
                TimeSpan.seconds(from: change.time, to: facts.group.firstSeen) <= RoleSwap.nearness
            else { return nil }
        }
        let start = start(of: change, facts)
        blamed.isSettling = success.map { start <= $0 } ?? false
        let hasHeld = success.map { TimeSpan.seconds(from: start, to: $0) > usualSettling } ?? false
        // Without a success nothing shows that the call had ever been allowed. Within one second nothing tells which came first.
        if isDoubtful || !isProven && (success == nil || blamed.isSettling && hasHeld)
            || rule.direction == .touchesConditions && blamed.doubt == 3 || link.isRemote
            || start == facts.group.firstSeen || mayBeDisproven(change, isProven: isProven, facts)
        {
            blamed.confidence = .possible
        } else if case .decisive(isExact: true) = counterfactual.verdict, facts.agreement == .agrees {
            blamed.confidence = .simulated
        }
        return blamed
    }

    /// When a change began to hold: that of a permission set when it was provisioned.
    package static func start(of change: TrailChange, _ facts: GroupFacts) -> String {
        guard change.rule?.target == .permissionSet else { return change.time }
        return facts.permissionSet?.provisioning(of: change, until: facts.group.firstSeen, facts)?.time ?? change.time
    }

    /// Whether a success followed that may have been on what was refused: the text of the policy outweighs it, nothing else does.
    static func mayBeDisproven(_ change: TrailChange, isProven: Bool, _ facts: GroupFacts) -> Bool {
        guard !isProven, let success = facts.group.laterUnplacedSuccessBefore else { return false }
        return TimeSpan.seconds(from: change.time, to: success) > TimeSpan.settling
    }

    /// Whether what is known rather speaks against a change; `nil` where that acquits it.
    private static func isDoubtful(_ blamed: BlamedChange, _ counterfactual: Counterfactual, _ facts: GroupFacts)
        -> Bool?
    {
        func isNamed(_ policy: String?) -> Bool {
            policy.map { arn in facts.group.policyARNs.contains { $0.value == arn } } ?? false
        }
        let (lane, change) = (counterfactual.lane, blamed.change)
        let isItself = isNamed(change.policyARN)
        let isUnstated = facts.group.reason.effect == .unstated
        let hasWorked: Bool? = facts.lastSuccessBefore == nil ? nil : true
        switch counterfactual.verdict {
        case .decisive, .conditional, .lacking: return false
        case .untold:
            switch (lane.kind, lane.holder.kind) {
            // Nothing but the change itself is known of what policies do not hold.
            case _ where change.rule?.target == .serviceGrant: return false
            case (.tags, _), (.settings, .user), (.access, .resource), (.access, .account): return false
            case (.settings, _), (.access, _): return true
            // Services make and end grants of their own all the time.
            case (.grants, _) where PrincipalName(change.change.actor).kind == .service: return nil
            // The resource's policy need not have named the caller.
            case (.grants, _): return hasWorked
            case _ where blamed.isResourceLoss: return hasWorked
            // Without a reason, and without a text, a new limit is a guess.
            case _ where isUnstated && counterfactual.question.type.isLimit: return hasWorked
            default: break
            }
            guard case .untold(let policy) = counterfactual.verdict, !isNamed(policy), !isItself else { return false }
            return isDoubtful(unread: policy, counterfactual.question, facts)
        // Where AWS does not say that an Allow is missing, a text about other services is too little.
        case .overwritten where isUnstated && lane.kind == .inline:
            return change.document?.statements.speak(of: facts.servicePrefix) ?? true ? hasWorked : nil
        case .overwritten: return isItself ? false : hasWorked
        // Where AWS gives no reason something else refuses.
        case .stillAllowed: return isUnstated || blamed.isResourceLoss ? nil : true
        // A policy that AWS names is never ruled out; who rewrote what denied it before did not bring the denials for that.
        case .innocent:
            guard isItself, facts.group.reason.effect == .explicit else { return nil }
            return facts.wasDenied(before: change, as: counterfactual.question.type)
        }
    }

    /// The same by the name of a policy whose text is not known.
    private static func isDoubtful(unread policy: String, _ question: Replay.Question, _ facts: GroupFacts) -> Bool? {
        switch (question.effect, PolicyNameHint(ofPolicy: policy, facts)) {
        case (.allow, .sameService?), (.allow, nil), (.deny, .denies?): false
        case (.allow, .otherService?): true
        case (.deny, nil): question.type == .identityBased
        case (.allow, .denies?), (.allow, .cannotAllow?), (.deny, .cannotAllow?), (.deny, .sameService?),
            (.deny, .otherService?):
            nil
        }
    }

    /// Workloads that got the refused role.
    private static func swaps(_ facts: GroupFacts) -> [BlamedChange] {
        // A role that had succeeded was in place already.
        guard facts.lastSuccessBefore == nil, !CauseSearch.isGated(facts) else { return [] }
        let changes = facts.changes.filter { $0.rule?.target == .workload && $0.time <= facts.group.firstSeen }
        let workloads = Dictionary(grouping: changes) { change in
            "\(change.account) \(change.change.eventSource) \(change.workloadName ?? change.change.eventID)"
        }
        return workloads.values.compactMap { line in
            guard let swap = RoleSwap(in: line, facts), !WorkloadSession.isOfOther(than: swap.change, facts),
                swap.change.rule?.canCause(facts.group.reason.effect) ?? false,
                let link = link(swap.change, facts, at: swap.change.time)
            else { return nil }
            let isNear = TimeSpan.seconds(from: swap.change.time, to: facts.group.firstSeen) <= RoleSwap.nearness
            let isLikely = isNear && swap.predecessor(facts) != nil || swap.wasAllowed(facts)
            return BlamedChange(
                change: swap.change, direction: .replaces, confidence: isLikely ? .inferred : .possible,
                distance: link.distance, swap: swap)
        }
    }

    // MARK: - What stays open

    /// The changes of which the trail does not tell whether they bear on the refusal: those that fit, but less well than the one that
    /// is blamed, and those of which it does not hold what they wrote.
    package static func openChanges(_ facts: GroupFacts) -> Set<TrailChange> {
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
    package static func text(after change: TrailChange, _ facts: GroupFacts) -> [Statement]? {
        if let document = change.document { return document.statements }
        let name = change.rule?.target == .organizationPolicyTarget ? change.organizationPolicyID : change.policyARN
        return name.flatMap { facts.text(ofPolicy: $0, at: .at(change.time)) }?.text.document?.statements
    }
}
