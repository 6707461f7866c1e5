import AccessDenial
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import TrailStore

/// A change of permissions that can have caused exactly this refusal.
///
/// A change is blamed only when all of this holds: it succeeded; it lies between the last known success of the same principal
/// and action on what was refused (else the start of the archive) and the first denial; it concerns this principal or a policy
/// that applies to it; its direction can bring about the refusal that AWS stated (``ChangeRule``); nothing undid it before the
/// first denial; and its document, where the trail holds it, does not speak against it.
///
/// A success after the change that is not told to be on what was refused does not acquit it where earlier ones are told to be:
/// it makes the blame merely possible unless the document bears it out. One on something else is told, no more.
enum PermissionsChanged {
    /// How many seconds it takes as a rule.
    private static let usualSettling = 60

    static func findings(_ facts: GroupFacts) -> [Finding] {
        let candidates = candidates(facts)
        guard let best = candidates.first else { return [] }
        let change = best.change
        var further: [Evidence] = []
        let lag = TimeSpan.seconds(from: change.time, to: facts.group.firstSeen)
        var text: Prose =
            "That was at \(time: change.time), \(words: TimeSpan.words(lag)) before the first denial at \(time: facts.group.firstSeen)."
        if let success = facts.lastSuccessBefore, success >= start(of: change, facts) {
            text +=
                "A call still succeeded at \(time: success): IAM changes take seconds, sometimes minutes, to take effect everywhere."
        } else if let swap = best.swap {
            text += swap.story(facts)
        } else if let success = facts.lastSuccessBefore {
            text += "Until then the same principal succeeded with \(facts.group.action), last at \(time: success)."
        } else {
            text +=
                facts.group.laterSuccessElsewhereBefore == nil
                ? "The archive has no earlier success of this principal with \(facts.group.action)."
                : "The archive has no earlier success of this principal with \(facts.group.action) on the refused resource."
        }
        text += laterSuccesses(best, facts)
        switch best.proof {
        case _ where change.isDeletion: text += deletionStory(change, facts)
        case _ where PublicAccess.isReason(facts): text += PublicAccess.story(change, facts)
        case _ where change.rule?.target == .serviceGrant: text += ServiceGrants.story(change, best.proof)
        case .document where best.direction == .touchesConditions,
            .conditional where best.direction == .touchesConditions:
            text += TagConditions.story(change, best.counterfactual?.statements ?? [], facts)
        case _ where change.rule?.target == .identityProvider:
            text += IdentityProvider.story(change)
            if best.proof == .weak { text += "\(doubt(best, facts)), so this is only a possible cause." }
        case _ where best.isResourceLoss:
            text += ResourcePolicyLoss.story(change, best.proof, facts)
            if best.proof == .weak { text += "\(doubt(best, facts)), so this is only a possible cause." }
        case .document where best.confidence == .simulated: text += simulated(best, facts)
        case .document:
            text +=
                best.direction == .gives || facts.group.reason.effect == .explicit
                ? "The recorded policy contains a matching Deny."
                : "The recorded policy confirms this."
        case .lacking:
            text += "The policy's text in the trail lacks the Allow; what it said before is not in the trail."
        case .conditional:
            text +=
                "The policy's text in the trail fits but for conditions or variables that the records do not decide."
        case .none where best.swap != nil: break
        case .none: text += "What the policy says is not in the trail, so this rests on time and target."
        case .weak: text += "\(doubt(best, facts)), so this is only a possible cause."
        }
        if best.confidence == .possible, best.proof != .weak, best.swap == nil, facts.lastSuccessBefore == nil {
            text += "It is not known whether the call was ever allowed, so this is only a possible cause."
        }
        if case .decisive? = best.counterfactual?.verdict { text += facts.agreement.story(facts) }
        if change.deletesResource { text += ResourceEnds.story(change, facts) }
        if change.rule?.target == .permissionSet {
            text += facts.permissionSet?.story(change, until: facts.group.firstSeen, facts) ?? ""
            let provisioned = facts.permissionSet?.provisioning(of: change, until: facts.group.firstSeen, facts)
            if let provisioned, provisioned != change { further = [provisioned.evidence] }
        }
        // What Identity Center wrote into the role came from its permission set: that is one change.
        let others = candidates.dropFirst().filter {
            $0.confidence == best.confidence
                && !(change.isOfIdentityCenter && $0.change.rule?.target == .permissionSet)
        }
        if !others.isEmpty {
            text += "\(words: others.count.of("other change fits", "other changes fit")) as well, less directly."
        }
        var evidence = [change.evidence] + further
        if let definition = best.swap.flatMap({ RoleSwap.definition(of: $0.change, facts) }) {
            evidence.append(definition.evidence)
        }
        if change.deletesResource, let creation = ResourceEnds.creation(after: change, facts) {
            evidence.append(creation.evidence)
        }
        if let call = facts.permissionSet?.call(before: change, facts) {
            let isCertain = facts.permissionSet?.match(call) == .certain
            text += "IAM Identity Center wrote it into the role."
            text +=
                isCertain
                ? "\(call.summary.capitalised) at \(time: call.time), shortly before; it is the one of which the role is made."
                : "\(call.summary.capitalised) at \(time: call.time), shortly before; the trail does not show whether it was on this permission set."
            evidence.insert(call.evidence, at: 0)
        }
        evidence += best.counterfactual.map { joined($0, facts).prefix(otherLimit).map(\.evidence) } ?? []
        evidence += others.prefix(otherLimit).map(\.change.evidence)
        return [
            Finding(
                .permissionsChanged, best.confidence, title: "\(change.summary.capitalised)", text,
                evidence: evidence + facts.denialEvidence.prefix(1), cause: .edit(cause(of: best, facts)))
        ]
    }

    /// What undoing the change showed.
    private static func simulated(_ candidate: BlamedChange, _ facts: GroupFacts) -> Prose {
        guard let counterfactual = candidate.counterfactual else { return "" }
        if counterfactual.isJoint {
            let others = joined(counterfactual, facts).map { other -> Prose in
                "\(other.summary) at \(time: other.time)"
            }
            var text: Prose =
                "Evaluated as the policies stood: it takes several changes together, and none of them alone. Also,"
            for (index, other) in others.prefix(otherLimit).enumerated() {
                text = index == 0 ? text + other : "\(text); \(other)"
            }
            return counterfactual.question.effect == .deny
                ? "\(text). Each brought a Deny that matches the call."
                : "\(text). Without all of these the call was allowed."
        }
        if counterfactual.question.effect == .deny {
            return
                "Evaluated as the policies stood: it brought a Deny that matches the call, and without it that Deny is not there."
        }
        if !counterfactual.statements.isEmpty {
            return
                "Evaluated as the policies stood: what it took away allowed the call, and nothing that the trail shows allows it since."
        }
        let allows = text(after: candidate.change, facts)?.contains { $0.effect == .allow } ?? true
        let what: Prose =
            allows
            ? "what limits it since does not allow it"
            : "what limits it since holds no Allow at all, and such a policy must allow what it is not to refuse"
        return "Evaluated as the policies stood: nothing limited the call before, and \(what)."
    }

    /// The other changes that it took.
    private static func joined(_ counterfactual: Counterfactual, _ facts: GroupFacts) -> [TrailChange] {
        counterfactual.isJoint
            ? counterfactual.undone.filter { $0 != counterfactual.event }.compactMap(facts.trail.change) : []
    }

    /// The change as a value: with what was undone together, and the edits that it made.
    private static func cause(of candidate: BlamedChange, _ facts: GroupFacts) -> Cause.Change {
        guard let counterfactual = candidate.counterfactual else {
            return Cause.Change(events: [candidate.change.event])
        }
        return Cause.Change(
            events: counterfactual.undone, edits: facts.trail.timeline.edits(of: counterfactual.event))
    }

    /// Successes between the change and the first denial that prove little, because they need not have been on the refused resource.
    private static func laterSuccesses(_ candidate: BlamedChange, _ facts: GroupFacts) -> Prose {
        let change = candidate.change
        var text: Prose = ""
        if let success = facts.group.laterUnplacedSuccessBefore, success > change.time {
            text +=
                "A success at \(time: success) followed even so; that it was on what was refused the record does not show."
            if mayBeDisproven(change, candidate.proof, facts) {
                text += "If one permission covers both, this change is not the cause, so this is only a possible cause."
            }
        }
        // The policy of one resource says nothing about another one.
        let isOfResource = change.rule?.target == .resource || change.rule?.target == .trust
        if !isOfResource, let success = facts.group.laterSuccessElsewhereBefore, success > change.time {
            text += "On something else than what was refused the call still worked, last at \(time: success)."
        }
        return text
    }

    /// What a deletion means for the calls.
    private static func deletionStory(_ change: TrailChange, _ facts: GroupFacts) -> Prose {
        let deleted: Prose = change.concerns(facts.principal) ? facts.principal.shown : "role \(change.roleName ?? "?")"
        var text: Prose =
            change.concerns(facts.principal)
            ? "Its policies were deleted with \(deleted), and credentials still in use are refused."
            : "A role that is not there cannot be assumed; STS says no more than that it refused."
        text +=
            facts.rebirth(after: change).map {
                "It was recreated at \(time: $0.time), after the first denial."
            }
            ?? "The trail does not show that it was recreated."
        return text
    }

    /// What speaks against a change that is possible at most, without a full stop.
    private static func doubt(_ candidate: BlamedChange, _ facts: GroupFacts) -> Prose {
        let change = candidate.change
        if case .stillAllowed(let policy, _)? = candidate.counterfactual?.verdict, !policy.isEmpty {
            return "As far as the trail shows policy \(policy) still allows the call"
        }
        switch change.rule?.target {
        case .permissionSet? where change.changeName == .deleteAccountAssignment:
            return "The record identifies the assignment only by an id"
        case .membership?:
            return candidate.direction == .takes
                ? "The group's policies in the trail do not allow the call"
                : "The group's policies in the trail do not deny the call"
        case .resource?:
            return change.isRevocation
                ? "For whom the grant was is not in the trail"
                : "What the resource's policy said before is not in the trail"
        case .identityProvider?:
            return
                "STS mostly answers \("InvalidIdentityToken") to a token or an assertion that it does not accept, and not what it answered here"
        case .endpoint?: return "It moved traffic to the endpoint and left the endpoint's policy as it was"
        default: break
        }
        switch candidate.direction {
        case .takes: return "The policy's name points to another service"
        case .gives: return "The trail does not show whether the policy contains a Deny, and AWS does not name it"
        case .replaces, .touchesConditions, .lifts, .disables, .creates, .clears:
            return "What the policy said before is not in the trail"
        }
    }

    /// The change that healed a group that works again; `nil` where the trail shows none.
    static func repair(_ facts: GroupFacts) -> TrailChange? {
        guard let success = facts.firstSuccessAfter else { return nil }
        let fits = facts.changes.filter { change in
            guard let rule = change.rule, change.time > facts.group.firstSeen, change.time <= success,
                rule.canHeal(facts.group.reason.effect),
                // With whom or what is gone nobody is let in.
                !change.isDeletion, link(change, facts, at: change.time) != nil
            else { return false }
            // Only a change after the last denial, or just before it: IAM takes a while to take effect.
            return change.time >= facts.group.lastSeen
                || TimeSpan.seconds(from: change.time, to: facts.group.lastSeen) <= TimeSpan.settling
        }
        let search = RepairSearch(facts, until: success)
        return fits.last { heals($0, search, facts) }
    }

    /// Whether what a change gave, took or wrote can have healed the refusal.
    private static func heals(_ change: TrailChange, _ search: RepairSearch, _ facts: GroupFacts) -> Bool {
        guard let rule = change.rule else { return false }
        if isReplayed(change, facts) { return search.heals(change) }
        switch rule.direction {
        // The role of a workload changes nothing for the role that is refused.
        case .replaces where rule.target == .workload: return false
        case .replaces where rule.target == .publicAccess: return !PublicAccess.isOn(change, facts)
        case .gives, .replaces:
            return text(after: change, facts).map { Judgement($0, facts).allows != .no } ?? true
        case .takes, .lifts, .touchesConditions: return true
        case .disables, .creates, .clears: return false
        }
    }

    // MARK: - Candidates

    /// How many of the other changes that fit are evidence, too.
    private static let otherLimit = 3

    /// All changes that can be blamed, the best first: surest, then most direct, then proven, then nearest. Searched once a group.
    static func candidates(_ facts: GroupFacts) -> [BlamedChange] { facts.suspects.value { search(facts) } }

    private static func search(_ facts: GroupFacts) -> [BlamedChange] {
        let group = facts.group
        guard group.category == .authorization else { return [] }
        var found = replayedCandidates(facts)
        let others = facts.changes.filter { $0.time <= group.firstSeen && !isReplayed($0, facts) }
        let workloads = Dictionary(grouping: others.filter { $0.rule?.target == .workload }) { change in
            "\(change.account) \(change.change.eventSource) \(change.workloadName ?? change.change.eventID)"
        }
        found += workloads.values.compactMap { judgeSwap(in: $0, facts) }
        found += others.compactMap { isAcquitted($0, facts) ? nil : judge($0, facts) }
        return found.sorted { left, right in
            if left.confidence != right.confidence { return left.confidence < right.confidence }
            if left.isSettling != right.isSettling { return right.isSettling }
            if left.distance != right.distance { return left.distance < right.distance }
            if left.proof != right.proof { return left.proof.rawValue < right.proof.rawValue }
            return (left.change.time, left.change.change.eventID) > (right.change.time, right.change.change.eventID)
        }
    }

    /// Whether the call still succeeded when the change must have held.
    private static func isAcquitted(_ change: TrailChange, _ facts: GroupFacts) -> Bool {
        let start = start(of: change, facts)
        guard let success = facts.lastSuccessBefore, start <= success else { return false }
        return TimeSpan.seconds(from: start, to: success) > TimeSpan.settling
    }

    /// When a change began to hold: that of a permission set when it was provisioned.
    private static func start(of change: TrailChange, _ facts: GroupFacts) -> String {
        guard change.rule?.target == .permissionSet else { return change.time }
        return facts.permissionSet?.provisioning(of: change, until: facts.group.firstSeen, facts)?.time ?? change.time
    }

    /// Whether a success followed that may have been on what was refused: the text of the policy outweighs it, nothing else does.
    private static func mayBeDisproven(_ change: TrailChange, _ proof: BlamedChange.Proof, _ facts: GroupFacts) -> Bool
    {
        guard proof != .document, let success = facts.group.laterUnplacedSuccessBefore else { return false }
        return TimeSpan.seconds(from: change.time, to: success) > TimeSpan.settling
    }

    private static func judge(_ change: TrailChange, _ facts: GroupFacts) -> BlamedChange? {
        guard let rule = change.rule, rule.canCause(facts.group.reason.effect),
            let link = link(change, facts, at: change.time),
            let proof = PublicAccess.isReason(facts)
                ? PublicAccess.proof(change, facts)
                : rule.target == .serviceGrant ? ServiceGrants.proof(change, facts) : nil
        else { return nil }
        return candidate(change, rule, link, proof, facts)
    }

    /// A change that fits, with how sure that is.
    static func candidate(
        _ change: TrailChange, _ rule: ChangeRule, _ link: Link, _ proof: BlamedChange.Proof, _ facts: GroupFacts
    ) -> BlamedChange? {
        let reason = facts.group.reason
        let hadSuccess = facts.lastSuccessBefore != nil
        var confidence: Confidence = .possible
        switch proof {
        case .document: confidence = .inferred
        // Without a success nothing shows that the call had ever been allowed.
        case .lacking, .conditional, .none: confidence = hadSuccess ? .inferred : .possible
        case .weak: confidence = .possible
        }
        // Within one second nothing tells which came first.
        let start = start(of: change, facts)
        if rule.direction == .touchesConditions && proof == .none || link.isRemote || start == facts.group.firstSeen {
            confidence = .possible
        }
        let isSettling = facts.lastSuccessBefore.map { start <= $0 } ?? false
        if isSettling, proof != .document, let success = facts.lastSuccessBefore,
            TimeSpan.seconds(from: start, to: success) > usualSettling
        {
            confidence = .possible
        }
        if mayBeDisproven(change, proof, facts) { confidence = .possible }
        // A stranger that never succeeded lost nothing: the policy does what it is for. Tokens are often for one run or one user
        // alone, so of those it is not said that they are strangers.
        if facts.caller.kind == .other, !hadSuccess, proof != .document || !facts.isFederatedAssumption {
            guard facts.isFederatedAssumption,
                TimeSpan.seconds(from: change.time, to: facts.group.firstSeen) <= RoleSwap.nearness
            else {
                return nil
            }
        }
        if reason.effect == .unstated || reason.policyType == nil {
            // AWS names no policy: a coming Deny is a guess, a gone Allow is likely only behind a known success.
            if proof != .document, rule.direction == .gives { return nil }
            if proof != .document, !hadSuccess, link.type != .roleTrust { confidence = .possible }
        }
        return BlamedChange(
            change: change, direction: rule.direction, confidence: confidence, distance: link.distance, proof: proof,
            isSettling: isSettling)
    }

    /// A workload got the refused role.
    private static func judgeSwap(in line: [TrailChange], _ facts: GroupFacts) -> BlamedChange? {
        // A role that had succeeded was in place already.
        guard facts.lastSuccessBefore == nil, let swap = RoleSwap(in: line, facts),
            !WorkloadSession.isOfOther(than: swap.change, facts),
            swap.change.rule?.canCause(facts.group.reason.effect) ?? false,
            let link = link(swap.change, facts, at: swap.change.time)
        else { return nil }
        let isNear = TimeSpan.seconds(from: swap.change.time, to: facts.group.firstSeen) <= RoleSwap.nearness
        let isLikely = isNear && swap.predecessor(facts) != nil || swap.wasAllowed(facts)
        return BlamedChange(
            change: swap.change, direction: .replaces,
            confidence: isLikely ? .inferred : .possible, distance: link.distance,
            proof: .none, swap: swap)
    }

    /// Whether a change is worth telling of beside the group: it reaches the principal, or is made on it.
    static func concerns(_ change: TrailChange, _ facts: GroupFacts) -> Bool {
        change.concerns(facts.principal) || link(change, facts, at: change.time) != nil
    }
}
