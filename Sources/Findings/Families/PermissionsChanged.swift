import AccessDenial
package import Causes
import IAMPolicy
import OrderedJSON
import PolicyTimeline
package import RecordedChanges
import TrailStore
package import Wording

/// A change of permissions that can have caused exactly this refusal.
///
/// A change is blamed only when all of this holds: it succeeded; it lies between the last known success of the same principal
/// and action on what was refused (else the start of the archive) and the first denial; it concerns this principal or a policy
/// that applies to it; its direction can bring about the refusal that AWS stated (``ChangeRule``); nothing undid it before the
/// first denial; and its document, where the trail holds it, does not speak against it.
///
/// A success after the change that is not told to be on what was refused does not acquit it where earlier ones are told to be:
/// it makes the blame merely possible unless the document bears it out. One on something else is told, no more.
package enum PermissionsChanged {
    /// How many of the other changes that fit are evidence, too.
    private static let otherLimit = 3

    package static func findings(_ facts: GroupFacts) -> [Finding] {
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
        text += story(best, facts)
        if best.confidence == .possible, !best.isDoubtful, best.swap == nil, facts.lastSuccessBefore == nil {
            text += "It is not known whether the call was ever allowed, so this is only a possible cause."
        }
        if best.isProven { text += facts.agreement.story(facts) }
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
        let likewise = likewise(best, Array(others))
        var title: Prose = "\(change.summary.capitalised)"
        if !likewise.isEmpty {
            title = "\(title), and that of \(list: likewise.compactMap(\.change.change.target), limit: 3)"
        }
        let also = alsoNeeded(best, facts)
        if let also {
            title = "\(title); \(also.change.summary)"
            text += also.story
            further.append(also.change.evidence)
        }
        if others.count > likewise.count {
            let others = others.count - likewise.count
            text += "\(words: others.of("other change fits", "other changes fit")) as well, less directly."
        }
        var evidence = [change.evidence] + further
        if let definition = best.swap.flatMap({ RoleSwap.definition(of: $0.change, facts) }) {
            evidence.append(definition.evidence)
        }
        let rebirth =
            change.deletesResource
            ? ResourceEnds.creation(after: change, facts) : ServiceGrants.creation(after: change, facts)
        if let rebirth { evidence.append(rebirth.evidence) }
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
        var finding = Finding(
            .permissionsChanged, best.confidence, title: title, text,
            point: also.map { $0.story } ?? point(best, facts), evidence: evidence + facts.denialEvidence.prefix(1),
            cause: .edit(cause(of: best, facts)))
        finding.keepsPoint = also != nil || isLeftPath(best, facts)
        return [finding]
    }

    /// A change that took the Allow in the same time in which another one brought the Deny that AWS names: without that Deny the calls
    /// would be refused all the same.
    package struct AlsoNeeded {
        package var change: TrailChange
        package var story: Prose
    }

    package static func alsoNeeded(_ best: BlamedChange, _ facts: GroupFacts) -> AlsoNeeded? {
        guard facts.group.reason.effect == .explicit, best.isProven, facts.lastSuccessBefore != nil,
            facts.group.reason.policyType != .identityBased || best.counterfactual?.question.effect == .deny
        else { return nil }
        let search = CauseSearch(facts)
        let taken = search.counterfactuals([Replay.Question(type: .identityBased, effect: .allow)]).first { found in
            guard case .decisive(isExact: true) = found.verdict, found.event != best.change.event else { return false }
            return !found.isJoint
        }
        guard let taken, let change = facts.change(of: taken.event) else { return nil }
        let gone = allow(taken.statements, facts) ?? "what allowed the call"
        return AlsoNeeded(
            change: change,
            story:
                "That is not all: at \(time: change.time) \(change.summary), which took away \(gone), and nothing that the trail shows allows the call since. Either of the two refuses it."
        )
    }

    /// The same written by the same person, minutes apart, of others that were refused: a stack, or a script.
    private static func likewise(_ best: BlamedChange, _ others: [BlamedChange]) -> [BlamedChange] {
        let change = best.change
        guard [.trust, .resource].contains(change.rule?.target), best.direction == .replaces else { return [] }
        var told: Set<String?> = [change.change.target]
        return others.filter { other in
            other.change.changeName == change.changeName && other.change.person.arn == change.person.arn
                && other.counterfactual?.verdict.doubt == best.counterfactual?.verdict.doubt
                && abs(TimeSpan.seconds(from: change.time, to: other.change.time)) <= TimeSpan.settling
                && told.insert(other.change.change.target).inserted
        }
    }

    /// What the change means for the calls, and how that is known.
    private static func story(_ best: BlamedChange, _ facts: GroupFacts) -> Prose {
        let change = best.change
        let verdict = best.counterfactual?.verdict
        if change.isDeletion { return deletionStory(change, facts) }
        if PublicAccess.isReason(facts) { return PublicAccess.story(change, facts) }
        if change.rule?.target == .serviceGrant { return ServiceGrants.story(change, isProven: best.isProven, facts) }
        if best.direction == .touchesConditions, best.isProven || verdict == .conditional {
            return TagConditions.story(change, best.counterfactual?.statements ?? [], facts)
        }
        if isLeftPath(best, facts), let statement = best.counterfactual?.statements.first {
            return leftPath(change, statement, facts)
        }
        let doubt: Prose = best.isDoubtful ? "\(doubt(best, facts)), so this is only a possible cause." : ""
        if change.rule?.target == .identityProvider { return IdentityProvider.story(change) + doubt }
        if best.isResourceLoss { return ResourcePolicyLoss.story(change, verdict, facts) + doubt }
        if best.isDoubtful { return doubt }
        // No record holds the text of a policy of AWS's.
        let isPublished =
            best.counterfactual?.statements.contains(where: \.isPublished) ?? false
            || change.policyARN.flatMap { ARN($0) }?.account == "aws"
        let text: Prose =
            isPublished ? "The policy's text, as AWS publishes it," : "The policy's text in the trail"
        switch verdict {
        case .decisive? where best.confidence == .simulated: return simulated(best, facts)
        case .decisive?:
            let text: Prose = isPublished ? text : "The recorded policy"
            return best.direction == .gives || facts.group.reason.effect == .explicit
                ? "\(text) contains a matching Deny." : "\(text) confirms this."
        case .lacking?:
            return (SilentLimit(facts)?.story ?? "\(text) lacks the Allow.")
                + "What it said before is not in the trail."
        case .conditional?:
            return "\(text) fits but for conditions or variables that the records do not decide."
        case .untold?, .overwritten?, .stillAllowed?, .innocent?:
            return "What the policy says is not in the trail, so this rests on time and target."
        case nil: return ""
        }
    }

    /// Whether the account left the place in its organization that a policy asks of its callers.
    package static func isLeftPath(_ best: BlamedChange, _ facts: GroupFacts) -> Bool {
        best.change.changeName == .moveAccount && !Replay(facts).isOfOrganization
            && best.counterfactual?.statements.first != nil
    }

    /// Which place in the organization a policy asks of its callers, that the account left.
    private static func leftPath(_ change: TrailChange, _ asking: Replay.Owned, _ facts: GroupFacts) -> Prose {
        let condition = asking.statement.conditions.first { $0.key.lowercased() == "aws:principalorgpaths" }
        let policy: Prose =
            asking.policy.isEmpty ? Evaluated.holder(asking.place.type, facts) : "policy \(asking.policy)"
        let which: Prose = asking.statement.sid.map { "Statement \($0) of \(policy)" } ?? policy.capitalised
        return
            "\(which) asks for \("aws:PrincipalOrgPaths") \(list: condition?.values ?? [], limit: 3), and account \(facts.principal.account) is no longer below \(change.parameter("sourceParentId") ?? "?")."
    }

    /// What undoing the change showed, where that is one sentence.
    private static func point(_ best: BlamedChange, _ facts: GroupFacts) -> Prose {
        if isLeftPath(best, facts) { return story(best, facts) }
        if best.counterfactual?.verdict == .lacking { return SilentLimit(facts)?.story ?? "" }
        if ServiceGrants.creation(after: best.change, facts) != nil { return story(best, facts) }
        guard case .decisive? = best.counterfactual?.verdict, best.confidence == .simulated, !best.isResourceLoss,
            best.counterfactual?.isJoint == false
        else { return "" }
        return simulated(best, facts)
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
            guard let gone = allow(counterfactual.statements, facts) else {
                return
                    "Evaluated as the policies stood: what it took away allowed the call, and nothing that the trail shows allows it since."
            }
            return
                "Evaluated as the policies stood: it took away \(gone), and nothing that the trail shows allows the call since."
        }
        let allows = text(after: candidate.change, facts)?.contains { $0.effect == .allow } ?? true
        let what: Prose =
            allows
            ? "what limits it since does not allow it"
            : "what limits it since holds no Allow at all, and such a policy must allow what it is not to refuse"
        return "Evaluated as the policies stood: nothing limited the call before, and \(what)."
    }

    /// `the Allow of s3:GetObject* on ARN`; `nil` where several went, or none names the action.
    private static func allow(_ statements: [Replay.Owned], _ facts: GroupFacts) -> Prose? {
        guard statements.count == 1, case .matching(let actions) = statements[0].statement.actions,
            let action = actions.first(where: { $0.matches(facts.group.action) })
        else { return nil }
        guard case .matching(let resources)? = statements[0].statement.resources, !resources.isEmpty else {
            return "the Allow of \(action.text)"
        }
        return "the Allow of \(action.text) on \(list: resources.map(\.text), limit: 2)"
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
            if mayBeDisproven(change, isProven: candidate.isProven, facts) {
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
    package static func repair(_ facts: GroupFacts) -> TrailChange? {
        guard let success = facts.firstSuccessAfter else { return nil }
        let fits = facts.changes(after: facts.group.firstSeen, upTo: success).filter { change in
            guard let rule = change.rule, rule.canHeal(facts.group.reason.effect),
                // With whom or what is gone nobody is let in.
                !change.isDeletion, link(change, facts, at: change.time) != nil
            else { return false }
            // Only a change after the last denial, or just before it: IAM takes a while to take effect.
            return change.time >= facts.group.lastSeen
                || TimeSpan.seconds(from: change.time, to: facts.group.lastSeen) <= TimeSpan.settling
        }
        guard !fits.isEmpty else { return nil }
        let search = RepairSearch(facts, until: success)
        return fits.last { heals($0, search, facts) }
    }

    /// Whether what a change gave, took or wrote can have healed the refusal.
    private static func heals(_ change: TrailChange, _ search: RepairSearch, _ facts: GroupFacts) -> Bool {
        guard let rule = change.rule else { return false }
        switch rule.target {
        // The role of a workload changes nothing for the role that is refused.
        case .workload: return false
        case .publicAccess: return rule.direction != .replaces || !PublicAccess.isOn(change, facts)
        case .serviceGrant, .accessKey: return true
        case _ where PublicAccess.isReason(facts):
            return text(after: change, facts).map { Judgement($0, facts).allows != .no } ?? true
        case .user, .role, .group, .membership, .managedPolicy, .trust, .endpoint, .resource, .identityProvider,
            .organizationPolicyTarget, .organizationPolicy, .account, .permissionSet:
            return search.heals(change)
        }
    }

    /// Whether a change is worth telling of beside the group: it reaches the principal, or is made on it.
    package static func concerns(_ change: TrailChange, _ facts: GroupFacts) -> Bool {
        change.concerns(facts.principal) || link(change, facts, at: change.time) != nil
    }
}
