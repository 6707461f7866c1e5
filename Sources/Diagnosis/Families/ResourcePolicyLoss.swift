import AccessDenial
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import TrailStore

/// A resource's own policy, or a grant of a key, that had allowed the call no longer does, and AWS names the identity-based
/// policies.
///
/// Within one account either side may allow alone. Once the resource's side does not, AWS says of the other one that it lacks the
/// Allow, and that one may never have held any. Source: "Policy evaluation for requests within a single account" in the IAM user
/// guide; "Grants in AWS KMS" in the KMS developer guide.
enum ResourcePolicyLoss {
    /// Whether a change of a resource's policy can be behind the refusal although AWS names the identity-based policies: caller and
    /// resource belong to one account.
    static func canExplain(_ change: TrailChange, _ facts: GroupFacts) -> Bool {
        guard facts.group.reason == .missingAllow(.identityBased), change.rule?.target == .resource else {
            return false
        }
        switch facts.principal.kind {
        case .role, .user: break
        case .root, .federatedUser, .service, .other: return false
        }
        return isWithinAccount(change, facts)
    }

    /// Whether what the changed policy decides over belongs to the principal's account.
    private static func isWithinAccount(_ change: TrailChange, _ facts: GroupFacts) -> Bool {
        let owners = governed(by: change, facts).map { resource in
            ARN(resource).flatMap { $0.account.isEmpty ? nil : $0.account } ?? change.account
        }
        return !owners.isEmpty && owners.allSatisfy { $0 == facts.principal.account }
    }

    /// Whether a policy that a change took away had allowed the call.
    ///
    /// Within one account the policy of a resource allows only to those whom it names: an entry for the account gives nothing that
    /// its identity-based policies did not. Keys are the exception, for which those count only behind such an entry.
    static func allowed(_ document: PolicyDocument, _ change: TrailChange, _ facts: GroupFacts)
        -> DocumentJudgement.Answer
    {
        guard change.rule?.target == .resource, facts.servicePrefix != "kms", isWithinAccount(change, facts) else {
            return DocumentJudgement.allows(document, facts)
        }
        return DocumentJudgement.grants(document, on: governed(by: change, facts), facts)
    }

    /// The refused resources over which the changed policy decides.
    static func governed(by change: TrailChange, _ facts: GroupFacts) -> [String] {
        guard let name = change.resource else { return [] }
        return facts.refusedResources.filter { change.isPolicy(name, of: $0) }
    }

    /// The change with which a resource's policy, or a grant, ceased to allow the call, and how that is known; `nil` where it still
    /// allows it when the first denial comes, or never did.
    ///
    /// - Parameter line: changes of one policy or one grant up to the first denial, in order of time.
    static func loss(in line: [TrailChange], _ facts: GroupFacts) -> (
        change: TrailChange, proof: PermissionsChanged.Proof
    )? {
        guard let last = line.last, canExplain(last, facts) else { return nil }
        let resources = governed(by: last, facts)
        func grant(after count: Int) -> ResourcePolicyHistory.Grant {
            ResourcePolicyHistory(after: line.prefix(count)).grant(on: resources, facts)
        }
        var after = grant(after: line.count)
        for index in line.indices.reversed() {
            let change = line[index]
            if change.isRevocation {
                return proofOfRevocation(change, earlier: line[..<index], facts).map { (change, $0) }
            }
            let before = grant(after: index)
            // What is not known of the policy after the change did not allow the call: AWS refused it.
            switch (before, after) {
            case (_, .yes), (_, .maybe): return nil
            case (.yes, _): return (change, .document)
            case (.maybe, _): return (change, .conditional)
            case (.unknown, _) where change.takesStatements && facts.lastSuccessBefore != nil: return (change, .weak)
            case (.no, _), (.unknown, _): break
            }
            after = before
        }
        return nil
    }

    /// What the loss means, for a finding.
    static func story(_ change: TrailChange, _ proof: PermissionsChanged.Proof, _ facts: GroupFacts) -> Prose {
        let what: Prose =
            change.isRevocation ? "A grant of a key" : "Within one account the resource's own policy"
        let allowed: Prose =
            switch proof {
            case .document: "allowed the call to \(facts.principal.shown) until then, by the text in the trail"
            case .conditional:
                "allowed the call to \(facts.principal.shown) until then, under conditions that the records do not decide"
            case .weak, .lacking, .none: "may allow a call alone"
            }
        return
            "\(what) \(allowed); without it AWS looks for an Allow among the policies of \(facts.principal.shown), where there need never have been one."
    }

    /// Whether a change gave the group's principal the call by the resource's own policy or by a grant.
    static func gives(_ change: TrailChange, _ facts: GroupFacts) -> Bool {
        if change.change.eventName == "CreateGrant" { return isGrant(change, facts) }
        let line = facts.changes.filter { $0.object == change.object && $0.time <= change.time }
        switch ResourcePolicyHistory(after: line).grant(on: governed(by: change, facts), facts) {
        case .yes, .maybe: return true
        case .no, .unknown: return false
        }
    }

    // MARK: - Grants of keys

    /// A grant of a key was revoked: whose it was stands in the event that made it.
    ///
    /// - Parameter earlier: what happened to the same grant before.
    static func proofOfRevocation(_ change: TrailChange, earlier: ArraySlice<TrailChange>, _ facts: GroupFacts)
        -> PermissionsChanged.Proof?
    {
        guard let grant = earlier.last(where: { $0.change.eventName == "CreateGrant" }) else {
            guard facts.lastSuccessBefore != nil else { return nil }
            // Services make and end grants of their own all the time.
            let isOfService = PrincipalName(change.change.actor).kind == .service
            return isOfService || hasOtherGrant(change, facts) ? nil : .weak
        }
        return isGrant(grant, facts) && !hasOtherGrant(change, facts) ? .document : nil
    }

    /// Whether a grant lets the group's principal make the refused call.
    private static func isGrant(_ grant: TrailChange, _ facts: GroupFacts) -> Bool {
        guard let grantee = grant.parameter("granteePrincipal") else { return false }
        let operations = grant.parameters?.member(ignoringCase: "operations")?.elements.compactMap(\.stringValue) ?? []
        return (operations.isEmpty || operations.contains(facts.operation))
            && PrincipalName(grantee).isSame(as: facts.principal)
    }

    /// Whether another grant still holds at the first denial by which the principal may make the call on the same key.
    private static func hasOtherGrant(_ revocation: TrailChange, _ facts: GroupFacts) -> Bool {
        let moment = facts.group.firstSeen
        return facts.changes.contains { grant in
            guard grant.change.eventName == "CreateGrant", grant.time <= moment, let id = grant.grantID,
                id != revocation.grantID, isGrant(grant, facts), !governed(by: grant, facts).isEmpty
            else { return false }
            return !facts.changes.contains { $0.isRevocation && $0.grantID == id && $0.time <= moment }
        }
    }
}

extension TrailChange {
    /// Whether a grant of a key ended.
    var isRevocation: Bool { ["RevokeGrant", "RetireGrant"].contains(change.eventName) }

    /// Whether the change is of a grant of a key.
    var isGrant: Bool { isRevocation || change.eventName == "CreateGrant" }

    /// The id of the grant that the change made or ended.
    var grantID: String? { parameter("grantId") ?? response?.member(ignoringCase: "grantId")?.stringValue }

    /// Whether statements of a resource's policy can have gone with the change.
    fileprivate var takesStatements: Bool {
        rule?.direction == .replaces || emptiesPolicy || removedStatement != nil
    }
}
