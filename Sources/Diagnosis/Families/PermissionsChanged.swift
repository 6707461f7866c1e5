import AccessDenial
import IAMPolicy
import TrailStore

/// A change of permissions that can have caused exactly this refusal.
///
/// A change is blamed only when all of this holds: it succeeded; it lies between the last known success of the same principal
/// and action (else the start of the archive) and the first denial; it concerns this principal or a policy that applies to it;
/// its direction can bring about the refusal that AWS stated (``ChangeRule``); nothing undid it before the first denial; and its
/// document, where the trail holds it, does not speak against it.
enum PermissionsChanged {
    /// A role swap is likely where successes of another role end this near to it.
    static let nearness = 24 * 3600

    /// How many seconds a change may take until it holds everywhere: a success so soon behind it does not acquit it. AWS says no
    /// more than that it takes a while. Source: "Changes that I make are not always immediately visible" in the IAM user guide.
    private static let settling = 300
    /// How many seconds it takes as a rule.
    private static let usualSettling = 60

    static func findings(_ facts: GroupFacts) -> [Finding] {
        let candidates = candidates(facts)
        guard let best = candidates.first else { return [] }
        let change = best.change
        let lag = seconds(from: change.time, to: facts.group.firstSeen)
        var text: Prose =
            "That was at \(time: change.time), \(words: duration(lag)) before the first denial at \(time: facts.group.firstSeen)."
        if let success = facts.lastSuccessBefore, success >= change.time {
            text +=
                "A success at \(time: success) followed even so: IAM takes seconds, sometimes minutes, until a change holds everywhere."
        } else if let swap = best.swap {
            text += swap.story(facts)
        } else if let success = facts.lastSuccessBefore {
            text += "Until then the same principal succeeded with \(facts.group.action), last at \(time: success)."
        } else {
            text += "The archive holds no earlier success of this principal with \(facts.group.action)."
        }
        switch best.proof {
        case _ where change.isDeletion: text += deletionStory(change, facts)
        case _ where PublicAccess.isReason(facts): text += PublicAccess.story(change, facts)
        case _ where change.rule?.target == .serviceGrant: text += ServiceGrants.story(change, best.proof)
        case .document:
            text +=
                best.direction == .gives || facts.group.reason.effect == .explicit
                ? "The policy's text in the trail holds a Deny that matches."
                : "The policy's text in the trail bears it out."
        case .lacking:
            text += "The policy's text in the trail lacks the Allow; what it said before is not in the trail."
        case .conditional:
            text +=
                "The policy's text in the trail fits but for conditions or variables that the records do not decide."
        case .none where best.swap != nil: break
        case .none: text += "What the policy says is not in the trail, so this rests on time and target."
        case .weak: text += "\(doubt(best, facts)), so this is no more than possible."
        }
        if best.confidence == .possible, best.proof != .weak, best.swap == nil, facts.lastSuccessBefore == nil {
            text += "Whether the call was ever allowed is not known, so this is no more than possible."
        }
        if change.deletesResource { text += ResourceEnds.story(change, facts) }
        let others = candidates.dropFirst().filter { $0.confidence == best.confidence }.count
        if others > 0 {
            text += "\(words: others.of("other change fits", "other changes fit")) as well, less directly."
        }
        var evidence = [change.evidence]
        if change.deletesResource, let creation = ResourceEnds.creation(after: change, facts) {
            evidence.append(creation.evidence)
        }
        if let call = permissionSetCall(before: change, facts) {
            text +=
                "IAM Identity Center wrote it into the role. \(call.summary.capitalised) at \(time: call.time), shortly before; whether on this permission set the trail does not tell."
            evidence.insert(call.evidence, at: 0)
        }
        return [
            Finding(
                .permissionsChanged, best.confidence, title: "\(change.summary.capitalised)", text,
                evidence: evidence + facts.denialEvidence.prefix(1))
        ]
    }

    /// What a deletion means for the calls.
    private static func deletionStory(_ change: TrailChange, _ facts: GroupFacts) -> Prose {
        let deleted: Prose = change.concerns(facts.principal) ? facts.principal.shown : "role \(change.roleName ?? "?")"
        var text: Prose =
            change.concerns(facts.principal)
            ? "With \(deleted) its policies went, and credentials that it still holds are refused."
            : "A role that is not there cannot be assumed; STS says no more than that it refused."
        text +=
            PrincipalLife.rebirth(after: change, facts).map {
                "It was created anew at \(time: $0.time), after the first denial."
            }
            ?? "The trail does not show that it was created anew."
        return text
    }

    /// What speaks against a change that is possible at most, without a full stop.
    private static func doubt(_ candidate: Candidate, _ facts: GroupFacts) -> Prose {
        let change = candidate.change
        switch change.rule?.target {
        case .membership?:
            return candidate.direction == .takes
                ? "What the trail holds of the group's policies does not allow the call"
                : "What the trail holds of the group's policies does not deny the call"
        case .resource?: return "For whom the grant was is not in the trail"
        case .endpoint?: return "It moved traffic to the endpoint and left the endpoint's policy as it was"
        default: break
        }
        switch candidate.direction {
        case .takes: return "The policy's name points to another service"
        case .gives: return "Whether the policy holds a Deny is not in the trail, and AWS does not name it"
        case .replaces, .touchesConditions, .lifts, .disables, .creates, .clears:
            return "What the policy said before is not in the trail"
        }
    }

    /// The change that healed a group that works again; `nil` where the trail shows none.
    static func repair(_ facts: GroupFacts) -> TrailChange? {
        guard let success = facts.firstSuccessAfter else { return nil }
        let fits = facts.changes.filter { change in
            guard let rule = change.rule, change.time > facts.group.firstSeen, change.time <= success,
                rule.canHeal(facts.group.reason.effect), !change.keepsDefaultVersion,
                change.resetsPolicy || !change.leavesPolicyAlone,
                link(change, facts, at: change.time) != nil
            else { return false }
            // Only a change after the last denial, or just before it: IAM takes a while to take effect.
            return change.time >= facts.group.lastSeen || seconds(from: change.time, to: facts.group.lastSeen) <= 300
        }
        return fits.last { heals($0, facts) }
    }

    /// Whether what a change gave, took or wrote can have healed the refusal: ``proof(_:_:earlier:_:)`` the other way round.
    private static func heals(_ change: TrailChange, _ facts: GroupFacts) -> Bool {
        guard let rule = change.rule else { return false }
        let effect = facts.group.reason.effect
        let isNamed = change.policyARN.map { arn in facts.group.policyARNs.contains { $0.value == arn } } ?? false
        func mayAllow(_ arn: String) -> Bool {
            switch DocumentJudgement.hint(ofPolicy: arn, facts) {
            case .broad?, .sameService?, nil: true
            case .denies?, .otherService?, .cannotAllow?: false
            }
        }
        switch rule.direction {
        case .gives where rule.target == .membership:
            let held = history(ofGroupOf: change, facts)
            if held.documents.contains(where: { DocumentJudgement.allows($0.document, facts) != .no }) { return true }
            return held.unreadPolicies.contains(where: mayAllow) || (held.attachedPolicies.isEmpty && !held.isWhole)
        case .takes where rule.target == .membership:
            let held = history(ofGroupOf: change, facts)
            let named = Set(facts.group.policyARNs.map(\.value))
            return held.documents.contains { DocumentJudgement.denies($0.document, facts) }
                || !named.isDisjoint(with: held.attachedPolicies)
                || held.unreadPolicies.contains { DocumentJudgement.hint(ofPolicy: $0, facts) == .denies }
        case .gives:
            if let document = document(after: change, facts) { return DocumentJudgement.allows(document, facts) != .no }
            return change.policyARN.map(mayAllow) ?? true
        case .takes:
            // Most policies allow: one that went is the cause only where it is the one that AWS named, or is known to deny.
            let earlier = facts.changes.filter { $0.object == change.object && $0.time < change.time }
            if let gone = removedDocument(change, earlier: earlier[...], facts) {
                return DocumentJudgement.denies(gone, facts)
            }
            let isNamedSCP = change.organizationPolicyID.map { id in
                facts.group.policyARNs.contains { ARN($0.value)?.name == id }
            }
            if isNamed || isNamedSCP ?? false || rule.target == .resource { return true }
            return change.policyARN.flatMap { DocumentJudgement.hint(ofPolicy: $0, facts) } == .denies
        // The role of a workload changes nothing for the role that is refused.
        case .replaces where rule.target == .workload: return false
        case .replaces where rule.target == .publicAccess: return !PublicAccess.isOn(change, facts)
        case .replaces:
            guard let document = document(after: change, facts) else { return true }
            if DocumentJudgement.denies(document, facts) { return false }
            return effect == .explicit || DocumentJudgement.allows(document, facts) != .no
        case .lifts, .touchesConditions: return true
        case .disables, .creates, .clears: return false
        }
    }

    // MARK: - Candidates

    /// How many changes of one object (one policy, one attachment) are looked at, the nearest to the first denial: a pipeline
    /// that writes a policy every minute must not cost more than a report can wait.
    private static let changeLimit = 100

    /// How a change is known to matter.
    enum Proof: Int {
        /// The text before and after it, or a Deny in it, proves it.
        case document
        /// The text after it lacks the Allow; the one before it is not known.
        case lacking
        /// The text is known, and conditions in it are not decided by the records.
        case conditional
        /// No text is known.
        case none
        /// What is known rather speaks against it.
        case weak
    }

    struct Candidate {
        var change: TrailChange
        var direction: ChangeRule.Direction
        var confidence: Confidence
        /// 0 is this very principal; larger is farther away.
        var distance: Int
        var proof: Proof
        /// Whether a success followed so soon that the change need not have held yet.
        var isSettling = false
        /// Where a workload got another role.
        var swap: RoleSwap?
    }

    /// All changes that can be blamed, the best first: surest, then most direct, then proven, then nearest.
    static func candidates(_ facts: GroupFacts) -> [Candidate] {
        let group = facts.group
        guard group.category == .authorization else { return [] }
        // What was made on a predecessor of the same name went with that one.
        let birth =
            PrincipalLife.creation(of: facts.principal, until: group.firstSeen, changes: facts.changes)?.time ?? ""
        var lines: [String: [TrailChange]] = [:]
        for change in facts.changes
        where change.time <= group.firstSeen && change.rule?.direction != .creates && change.rule?.direction != .clears
            && !(change.time < birth && change.concerns(facts.principal))
            && !(change.isDeletion && PrincipalLife.isRevived(change, facts))
        {
            lines[change.object, default: []].append(change)
        }
        var found: [Candidate] = []
        for line in lines.values.map({ Array($0.suffix(changeLimit)) }) {
            // Only how things stood at the first denial counts: walk back from there while each change can be the cause.
            if line.last?.rule?.target == .workload {
                if let candidate = judgeSwap(in: line, facts) { found.append(candidate) }
                continue
            }
            var blamed: Candidate?
            for index in line.indices.reversed() {
                let change = line[index]
                guard !isAcquitted(change, facts), let candidate = judge(change, earlier: line[..<index], facts) else {
                    break
                }
                blamed = candidate
            }
            if let blamed { found.append(blamed) }
        }
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
        guard let success = facts.lastSuccessBefore, change.time <= success else { return false }
        return seconds(from: change.time, to: success) > settling
    }

    private static func judge(_ change: TrailChange, earlier: ArraySlice<TrailChange>, _ facts: GroupFacts)
        -> Candidate?
    {
        let reason = facts.group.reason
        guard let rule = change.rule, rule.canCause(reason.effect), !change.keepsDefaultVersion,
            !change.leavesPolicyAlone, !isStillAttached(change, facts),
            rule.target != .resource || !ResourceEnds.isAllowedAgain(after: change, facts), !isMovedBack(change, facts),
            let link = link(change, facts, at: change.time),
            let proof = proof(change, rule, earlier: earlier, facts)
        else { return nil }
        let hadSuccess = facts.lastSuccessBefore != nil
        var confidence: Confidence = .possible
        switch proof {
        case .document: confidence = .inferred
        // Without a success nothing shows that the call had ever been allowed.
        case .lacking, .conditional, .none: confidence = hadSuccess ? .inferred : .possible
        case .weak: confidence = .possible
        }
        // Within one second nothing tells which came first.
        if rule.direction == .touchesConditions || link.isRemote || change.time == facts.group.firstSeen {
            confidence = .possible
        }
        let isSettling = facts.lastSuccessBefore.map { change.time <= $0 } ?? false
        if isSettling, proof != .document, let success = facts.lastSuccessBefore,
            seconds(from: change.time, to: success) > usualSettling
        {
            confidence = .possible
        }
        // A stranger that never succeeded lost nothing: the policy does what it is for.
        if facts.caller.kind == .other, !hadSuccess { return nil }
        if reason.effect == .unstated || reason.policyType == nil {
            // AWS names no policy: a coming Deny is a guess, a gone Allow is likely only behind a known success.
            if proof != .document, rule.direction == .gives { return nil }
            if proof != .document, !hadSuccess, link.type != .roleTrust { confidence = .possible }
        }
        return Candidate(
            change: change, direction: rule.direction, confidence: confidence, distance: link.distance, proof: proof,
            isSettling: isSettling)
    }

    /// A workload got the refused role.
    private static func judgeSwap(in line: [TrailChange], _ facts: GroupFacts) -> Candidate? {
        // A role that had succeeded was in place already.
        guard facts.lastSuccessBefore == nil, let swap = RoleSwap(in: line, facts),
            swap.change.rule?.canCause(facts.group.reason.effect) ?? false,
            let link = link(swap.change, facts, at: swap.change.time)
        else { return nil }
        let isNear = seconds(from: swap.change.time, to: facts.group.firstSeen) <= nearness
        return Candidate(
            change: swap.change, direction: .replaces,
            confidence: isNear && swap.predecessor(facts) != nil ? .inferred : .possible, distance: link.distance,
            proof: .none, swap: swap)
    }

    /// Whether a managed policy that was taken away holds all the same, by another attachment.
    private static func isStillAttached(_ change: TrailChange, _ facts: GroupFacts) -> Bool {
        guard change.rule?.direction == .takes, let arn = change.policyARN else { return false }
        switch change.rule?.target {
        case .user?, .group?, .role?: return facts.policies.attachedPolicies.contains(arn)
        default: return false
        }
    }

    /// Whether an account came back to where it was when the call last succeeded.
    private static func isMovedBack(_ change: TrailChange, _ facts: GroupFacts) -> Bool {
        guard change.rule?.target == .account else { return false }
        let moves = facts.changes.filter {
            $0.rule?.target == .account && $0.organizationTarget == change.organizationTarget
                && $0.time <= facts.group.firstSeen && $0.time > (facts.lastSuccessBefore ?? "")
        }
        guard moves.count > 1, let start = moves.first?.parameter("sourceParentId") else { return false }
        return start == moves.last?.parameter("destinationParentId")
    }

    /// Whether a change is worth telling of beside the group: it reaches the principal, or is made on it.
    static func concerns(_ change: TrailChange, _ facts: GroupFacts) -> Bool {
        change.concerns(facts.principal) || link(change, facts, at: change.time) != nil
    }

    /// Who was behind a change that IAM Identity Center made to a role: the call on a permission set just before it.
    static func permissionSetCall(before change: TrailChange, _ facts: GroupFacts) -> TrailChange? {
        guard PrincipalName(change.change.actor).name == "AWSServiceRoleForSSO" else { return nil }
        let near = facts.changes.filter {
            $0.rule?.target == .permissionSet && $0.time <= change.time
                && seconds(from: $0.time, to: change.time) <= 600
        }
        // The call that names the same policy tells more than the one that wrote the set into the role afterwards.
        let same = near.last { call in
            if let policy = change.policyARN {
                return call.parameter("managedPolicyArn") == policy
                    || (call.parameters?.member(ignoringCase: "customerManagedPolicyReference")?
                        .member(ignoringCase: "name")?.stringValue).map { $0 == ARN(policy)?.name } ?? false
            }
            switch change.change.eventName {
            case "PutRolePolicy": return call.change.eventName == "PutInlinePolicyToPermissionSet"
            case "DeleteRolePolicy": return call.change.eventName == "DeleteInlinePolicyFromPermissionSet"
            default: return false
            }
        }
        return same ?? near.last { ["ProvisionPermissionSet", "UpdatePermissionSet"].contains($0.change.eventName) }
    }

    /// How a change reaches the principal: as which policy type, and how directly. `nil` where it does not, or as another type
    /// than the one that AWS named.
    private static func link(
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
                change.account == facts.principal.account,
                let name = change.groupName,
                PolicyHistory(of: facts.principal, at: moment, changes: facts.changes).groups.contains(name)
            else { return nil }
            return fits(.identityBased, 1, naming: change.policyARN ?? "")
        case .managedPolicy:
            guard rule.direction != .clears, let arn = change.policyARN else { return nil }
            if named.contains(arn), let wanted { return fits(wanted, 1, naming: arn) }
            let history = PolicyHistory(of: facts.principal, at: moment, changes: facts.changes)
            if history.attachedPolicies.contains(arn) { return fits(.identityBased, 2, naming: arn) }
            if history.boundary == arn { return fits(.permissionsBoundary, 2, naming: arn) }
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
                let known = OrganizationPlaces.unit(of: affectedAccount(type, facts), facts)
                let isOtherUnit = target.hasPrefix("ou-") && known.map { $0 != target } ?? false
                return Link(type: type, distance: 1, isRemote: isOtherUnit && rule.target != .organizationPolicy)
            }
            return OrganizationPlaces.reach(of: change, on: affectedAccount(type, facts), facts).map {
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
            guard let name = change.resource, facts.refusedResources.contains(where: { change.isPolicy(name, of: $0) })
            else { return nil }
            return fits(.resourceBased, 2, naming: nil)
        case .workload:
            guard RoleSwap.role(setBy: change, facts)?.isSame(as: facts.principal) ?? false else { return nil }
            return fits(.identityBased, 1, naming: nil)
        case .serviceGrant:
            return ServiceGrants.reaches(change, facts) ? Link(type: wanted, distance: 1) : nil
        case .accessKey, .permissionSet, .publicAccess:
            return nil
        }
    }

    /// How a change reaches a principal.
    private struct Link {
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
        type == .resourceControl && CrossAccount.resourceAccount(facts) == nil
    }

    /// SCPs bind the caller's account, RCPs the account of the resource.
    private static func affectedAccount(_ type: PolicyType, _ facts: GroupFacts) -> String {
        type == .resourceControl
            ? CrossAccount.resourceAccount(facts) ?? facts.principal.account : facts.principal.account
    }

    /// Whether the change's document bears out the blame; `nil` where it speaks against it.
    private static func proof(
        _ change: TrailChange, _ rule: ChangeRule, earlier: ArraySlice<TrailChange>, _ facts: GroupFacts
    ) -> Proof? {
        let effect = facts.group.reason.effect
        if PublicAccess.isReason(facts) { return PublicAccess.proof(change, earlier: earlier, facts) }
        switch rule.direction {
        case .takes where rule.target == .serviceGrant, .replaces where rule.target == .serviceGrant:
            return ServiceGrants.proof(change, facts)
        // Nobody is allowed anything who is no more.
        case .takes where change.isDeletion: return .document
        case .takes where rule.target == .membership: return proofOfLeaving(change, facts)
        case .gives where rule.target == .membership: return proofOfJoining(change, facts)
        case .takes where ["RevokeGrant", "RetireGrant"].contains(change.change.eventName):
            return proofOfRevocation(change, facts)
        case .takes where change.change.eventSource == "events.amazonaws.com" && !change.deletesResource:
            return ResourceEnds.proofOfRemoval(change, facts)
        case .replaces where change.change.eventName == "PutPermission" && change.document == nil: return nil
        // A grant, or a statement that `AddPermission` writes, allows.
        case .gives where rule.target == .resource: return nil
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
                let isIdentity = rule.target == .user || rule.target == .role || rule.target == .group
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
                    } || creation(of: change, facts).map { DocumentJudgement.allows($0, facts) == .yes } ?? false
                if allowedBefore { return .document }
                switch rule.policyType {
                // These must allow on their own: one that does not is the cause, whatever stood there before.
                case .permissionsBoundary?, .roleTrust?, .vpcEndpoint?, .resourceBased?: return .lacking
                case .identityBased?:
                    // A policy about something else never allowed it, so writing it took nothing away.
                    guard DocumentJudgement.mentionsService(document, facts) else { return nil }
                    // Nor did the first policy of a principal, or one of a principal that never succeeded.
                    return facts.lastSuccessBefore == nil ? nil : .weak
                default: return .lacking
                }
            }
        case .touchesConditions: return Proof.none
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

    private static func history(ofGroupOf change: TrailChange, _ facts: GroupFacts) -> PolicyHistory {
        PolicyHistory(
            ofGroup: change.groupName ?? "", account: change.account, at: change.time, changes: facts.changes)
    }

    /// A grant of a key was revoked: whose it was stands in the event that made it.
    private static func proofOfRevocation(_ change: TrailChange, _ facts: GroupFacts) -> Proof? {
        guard let id = change.parameter("grantId") else { return .weak }
        let grant = facts.changes.last {
            $0.change.eventName == "CreateGrant" && $0.time <= change.time
                && $0.response?.member(ignoringCase: "grantId")?.stringValue == id
        }
        guard let grant, let grantee = grant.parameter("granteePrincipal").map(PrincipalName.init) else { return .weak }
        let operations = grant.parameters?.member(ignoringCase: "operations")?.elements.compactMap(\.stringValue) ?? []
        guard operations.isEmpty || operations.contains(facts.operation) else { return nil }
        return grantee.isSame(as: facts.principal) ? .document : nil
    }

    /// The text that holds after a change: its own, or that of the managed policy that it attaches or sets.
    private static func document(after change: TrailChange, _ facts: GroupFacts) -> PolicyDocument? {
        if let document = change.document { return document }
        if change.rule?.target == .organizationPolicyTarget, let id = change.organizationPolicyID {
            return PolicyHistory.organizationPolicy(id, at: change.time, changes: facts.changes)?.document
        }
        guard let arn = change.policyARN else { return nil }
        return PolicyHistory.defaultVersion(of: arn, at: change.time, changes: facts.changes)?.document
    }

    /// The text with which the managed policy of a new version was created.
    private static func creation(of change: TrailChange, _ facts: GroupFacts) -> PolicyDocument? {
        guard change.rule?.target == .managedPolicy, let arn = change.policyARN else { return nil }
        return facts.changes.last {
            $0.change.eventName == "CreatePolicy" && $0.policyARN == arn && $0.time <= change.time
        }?.document
    }

    /// The text that a change took away.
    private static func removedDocument(
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

    /// Seconds between two ISO 8601 UTC texts; a very large number where one is no time.
    static func seconds(from: String, to: String) -> Int {
        guard let start = Timestamp.seconds(from), let end = Timestamp.seconds(to) else { return .max }
        return Int(end - start)
    }

    /// A span in words, as coarse as a reader needs: `40 seconds`, `7 minutes`, `3 hours`, `12 days`.
    static func duration(_ seconds: Int) -> String {
        switch seconds {
        case ..<0, Int.max: "some time"
        case ..<120: seconds.of("second", "seconds")
        case ..<7_200: (seconds / 60).of("minute", "minutes")
        case ..<172_800: (seconds / 3_600).of("hour", "hours")
        default: (seconds / 86_400).of("day", "days")
        }
    }
}

extension TrailChange {
    /// What the change is made on, more narrowly than its subject: changes of the same object follow each other, and only the
    /// last one holds.
    var object: String {
        let place = "\(account) \(userName ?? "") \(roleName ?? "") "
        guard let rule else { return "unknown" }
        switch rule.target {
        case .user, .role, .group:
            let owner = place + (groupName ?? "")
            switch rule.policyType {
            case .permissionsBoundary?: return "boundary \(owner)"
            default:
                if rule.direction == .touchesConditions { return "conditions \(owner) \(change.eventID)" }
                if let name = inlinePolicyName { return "inline \(owner) \(name)" }
                return "managed \(owner) \(policyARN ?? change.eventID)"
            }
        case .membership: return "membership \(place) \(groupName ?? change.eventID)"
        case .managedPolicy: return "version \(policyARN ?? "")"
        case .organizationPolicyTarget: return "target \(organizationPolicyID ?? "") \(organizationTarget ?? "")"
        case .organizationPolicy: return "policy \(organizationPolicyID ?? "")"
        case .account: return "account \(organizationTarget ?? "") \(change.eventID)"
        case .trust: return "trust \(place)"
        case .endpoint: return "endpoint \(endpointID ?? "")"
        case .resource: return "resource \(change.eventSource) \(resource ?? "")"
        case .workload: return "workload \(account) \(change.eventSource) \(workloadName ?? change.eventID)"
        case .permissionSet: return "permission set \(change.target ?? "")"
        case .publicAccess:
            if case .resource(let bucket)? = publicAccessSubject { return "public access \(bucket)" }
            return "public access of account \(account)"
        case .serviceGrant: return "grant \(change.eventID)"
        case .accessKey: return "key \(parameter("accessKeyId") ?? change.eventID)"
        }
    }

    /// Whether this is the trust policy of the role with this ARN.
    func isTrust(ofRole arn: String) -> Bool {
        guard let role = ARN(arn), role.service == "iam", role.resource.hasPrefix("role/") else { return false }
        return role.name == roleName && (account.isEmpty || account == role.account)
    }

    /// Whether a change of the policy of `name` decides over the refused resource: the same ARN or name, or the bucket of a key.
    func isPolicy(_ name: String, of refused: String) -> Bool {
        if name == refused { return true }
        guard let arn = ARN(refused), arn.service == change.eventSource.prefix(while: { $0 != "." }) else {
            return false
        }
        if let other = ARN(name) { return refused.hasPrefix(other.description + "/") }
        // A bare name is one of the Region in which the change was made; buckets' names are the world's.
        if arn.service != "s3", !arn.region.isEmpty, let region = change.awsRegion, region != arn.region {
            return false
        }
        // A bare name is one of the account in which the change was made. Buckets have no account in their ARN.
        guard arn.account.isEmpty || account.isEmpty || arn.account == account else { return false }
        if arn.resource == name || arn.resource.hasPrefix(name + "/") { return true }
        switch arn.service {
        // The key of an object may end in the name of another bucket.
        case "s3": return false
        // A secret's ARN ends in six characters that its name lacks.
        case "secretsmanager":
            return arn.resource.hasPrefix("secret:\(name)-") && arn.resource.utf8.count == name.utf8.count + 14
        case "dynamodb": return CallTarget.name(ofResource: refused) == name
        // The names of repositories may have parts.
        case "ecr": return arn.resource == "repository/\(name)"
        default: return arn.name == name
        }
    }
}
