package import AccessDenial
package import Causes
import IAMPolicy
import PolicyTimeline
package import RecordedChanges
import TrailStore
package import Wording

/// What AWS itself stated: in the message, or by the error code.
package enum Stated {
    package static func findings(_ facts: GroupFacts) -> [Finding] {
        guard let code = code(facts.group.reason, category: facts.group.category), !Evaluated.tellsWhich(facts) else {
            return []
        }
        if code == .missingAllow { return [missingAllow(facts)] }
        return [code == .explicitDeny ? explicitDeny(facts) : finding(code, facts)]
    }

    /// The finding that says what AWS stated by a reason; `nil` where it stated nothing, of which ``Unstated`` speaks.
    package static func code(_ reason: Reason, category: AccessDenial.Category) -> Finding.Code? {
        if Unstated.slugs.contains(reason.slug) { return nil }
        if let code = codes[reason.slug] { return code }
        return switch (reason.effect, category) {
        case (.implicit, _): .missingAllow
        case (.explicit, _): .explicitDeny
        case (.unstated, .authentication): .credentialsInvalid
        case (.unstated, .account): .accountState
        case (.unstated, .authorization), (.unstated, .throttling), (.unstated, .validation): .refusedByService
        }
    }

    /// Reasons outside of policies and the finding that each one is; `nil` for reasons that ``Unstated`` speaks of.
    /// A slug that is not here falls under its category.
    private static let codes: [String: Finding.Code] = [
        "service-ended": .serviceEnded,
        "not-subscribed": .notSubscribed,
        "service-not-enabled": .notSubscribed,
        "mfa-failed": .mfaFailed,
        "credentials-expired": .credentialsExpired,
        "signature-invalid": .signatureInvalid,
        "clock-skew": .signatureInvalid,
    ]

    /// Whether the service refused in words of its own, for what no policy need decide.
    static func isServices(_ facts: GroupFacts) -> Bool {
        let reason = facts.group.reason
        return reason.effect == .unstated && facts.group.category == .authorization
            && !Unstated.slugs.contains(reason.slug) && codes[reason.slug] == nil
    }

    private static func missingAllow(_ facts: GroupFacts) -> Finding {
        let group = facts.group
        var text: Prose
        if let type = group.reason.policyType {
            text = "The error message says so\(onResources(facts))."
            text += type == .identityBased ? "" : Prose(stringLiteral: group.reason.meaning)
        } else {
            text = "The error message says that some policy lacks an Allow\(onResources(facts)), but not of which type."
        }
        let use = ConfiguredUse(facts)
        let isGranted = JustCreated.granted(facts) != nil
        if group.reason.policyType == .identityBased, !isGranted {
            text +=
                "No policy of \(facts.principal.shown)\(words: facts.principal.kind == .user ? " or of its groups" : "") allows it."
        }
        text += facts.namedInstead
        text += ServiceLinkedRole(facts)?.story ?? ""
        let further = FurtherRequests.story(facts)
        text += further
        let session = Sessions.policyStory(facts)
        text += session
        text += facts.agreement.story(facts)
        let choice = KeyChoice(facts)
        text += choice?.story ?? ""
        let isOpen =
            !isGranted && group.reason.policyType == .identityBased && PermissionsChanged.candidates(facts).isEmpty
        let lacking = isOpen ? PolicyDocuments.lackingAction(facts) : []
        var point = further
        for policy in lacking.suffix(2) {
            let allowed = policy.statements.filter { $0.effect == .allow }.flatMap(\.actions.patterns).map(\.text)
            point = "Policy \(policy.name) allows \(list: allowed, limit: 4), and not this action."
            text += point
        }
        if Sessions.refusing(facts) != nil { point = session }
        if let limit = SilentLimit(facts) {
            point = limit.story
            text += point
        }
        if facts.servicePrefix == "kms", facts.principal.linkedService != nil,
            facts.group.reason.policyType == .identityBased, facts.group.reason.effect != .explicit
        {
            point =
                "Nobody can edit the policies of a service-linked role: the key's own policy must let it in, or a grant."
            text += point
        }
        let silent = SilentResourcePolicy(facts)
        if let silent {
            point = silent.story
            text += point
        }
        if let choice { point = choice.story + (facts.principal.linkedService == nil ? "" : point) }
        if isOpen, let peer = Peer(facts) {
            text += peer.story
            if point.plain.isEmpty { point = peer.story }
        }
        let former = isOpen && lacking.isEmpty ? PolicyDocuments.formerName(facts) : nil
        if let former {
            point =
                "Policy \(former.policy.name) allows \(former.action), and AWS asks for the operation as \(group.action): the name of the service differs."
            text += point
        }
        if let use { point = use.story + (point == use.story ? "" : point) }
        return Finding(
            .missingAllow, .stated, title: group.reason.title(of: "\(group.action)"), text, point: point,
            evidence: (use.map { [$0.change.evidence] } ?? []) + (choice.map { [$0.change.evidence] } ?? [])
                + ([silent?.evidence].compactMap(\.self))
                + ((use == nil ? lacking.last ?? former?.policy : nil).map { [$0.change.evidence] } ?? [])
                + Sessions.evidence(facts))
    }

    private static func explicitDeny(_ facts: GroupFacts) -> Finding {
        let group = facts.group
        let type = group.reason.policyType
        let policies = group.policyARNs.map(\.value)
        var text: Prose
        if type == nil {
            text = "The error message mentions an explicit Deny\(onResources(facts)), but not the type of policy."
        } else {
            text = "The error message says so\(onResources(facts))."
        }
        var point: Prose = ""
        if policies.isEmpty {
            text +=
                facts.group.truncatedDenials > 0
                ? "AWS cut the message, and with it the policy's name if there was one."
                : "AWS does not name the policy."
        } else {
            point = policies.count == 1 ? "The policy is \(policies[0])." : "The policies are \(list: policies)."
            text += point
            if let arn = ARN(policies[0]), arn.service == "organizations" {
                text += "It belongs to the organization whose management account is \(arn.account)."
            }
        }
        if facts.failing == nil, let routed = RoutedCall(facts) {
            point = routed.story
            text += point
        }
        text += "A Deny outweighs every Allow."
        text += facts.namedInstead
        text += Sessions.policyStory(facts)
        text += facts.agreement.story(facts)
        return Finding(
            .explicitDeny, .stated, title: group.reason.title(of: "\(group.action)"), text, point: point,
            evidence: Sessions.evidence(facts))
    }

    private static func finding(_ code: Finding.Code, _ facts: GroupFacts) -> Finding {
        let reason = facts.group.reason
        let title = reason.title.prefix(1).uppercased() + reason.title.dropFirst()
        var text = Prose(stringLiteral: reason.meaning)
        let known = code == .refusedByService ? KnownRefusal.title(facts) : nil
        if known != nil { text = "" }
        if code == .refusedByService || code == .accountState {
            text = KnownRefusal.quoted(facts) + text + KnownRefusal.story(facts) + KnownRefusal.storyBehind(facts)
        }
        if code == .serviceEnded { text = ServiceEnded.explanation(facts) }
        if reason.category == .authentication || facts.group.category == .authentication {
            // CloudTrail records every attempt to sign in to the console.
            if facts.group.action != "signin:ConsoleLogin" {
                text += "CloudTrail records only a few such failures, so there may have been more."
            }
        }
        var point: Prose = ""
        var evidence = facts.denialEvidence
        if code == .credentialsExpired {
            text += Sessions.ageStory(facts)
            evidence = Sessions.evidence(facts)
        }
        if code == .credentialsInvalid, let (change, isCertain) = IdentityProvider.rejection(facts) {
            text += "\(change.summary.capitalised) at \(time: change.time), before the first denial."
            text += IdentityProvider.story(change)
            if !isCertain { text += "The records do not show whether that is the reason here." }
            evidence = [change.evidence] + evidence.prefix(1)
        } else if code == .credentialsInvalid, let key = disabledKey(facts) {
            point = "\(key.summary.capitalised) at \(time: key.time), before the first denial."
            text += point
            evidence = [key.evidence] + evidence.prefix(1)
        } else if code == .credentialsInvalid, let deletion = facts.finalDeletion,
            deletion.time <= facts.group.firstSeen
        {
            point = "\(deletion.summary.capitalised) at \(time: deletion.time), before the first denial."
            text += point
            evidence = [deletion.evidence] + evidence.prefix(1)
        }
        if code == .credentialsInvalid, let region = OptInRegion(facts) {
            return Finding(code, .stated, title: OptInRegion.title, region.story, evidence: evidence)
        }
        if [.refusedByService, .accountState].contains(code) { evidence = KnownRefusal.evidence(facts) + evidence }
        return Finding(
            code, .stated, title: known ?? Prose(stringLiteral: title), text,
            point: point.isEmpty && [.refusedByService, .accountState].contains(code)
                ? KnownRefusal.point(facts) : point,
            evidence: evidence)
    }

    /// The last time that the access key of the denials, or of this very user where it is not known, was switched off or deleted
    /// before the first denial; `nil` where it was switched on again.
    package static func disabledKey(_ facts: GroupFacts) -> TrailChange? {
        let used = Set(facts.group.sessions.compactMap(\.accessKeyId))
        let last = facts.changes.last { change in
            let key = change.parameter("accessKeyId")
            return change.rule?.direction == .disables && change.concerns(facts.principal)
                && change.time <= facts.group.firstSeen && (used.isEmpty || key.map(used.contains) ?? true)
        }
        return last.flatMap { $0.activatesKey ? nil : $0 }
    }

    /// ` for RESOURCE`, or nothing where AWS named none.
    static func onResources(_ facts: GroupFacts) -> Prose {
        let resources = facts.group.resources.map(\.value)
        return resources.isEmpty ? "" : " for \(list: resources, limit: 2)"
    }
}

extension Reason {
    /// What AWS stated of a call, in one line: `No permissions boundary allows s3:GetObject`.
    package func title(of call: Prose) -> Prose {
        let type = policyType
        guard effect == .explicit else { return "No \(words: type?.words ?? "policy") allows \(call)" }
        let policy: Prose = type.map { "\(words: $0.article) \(words: $0.words)" } ?? "a policy"
        return "\(policy.capitalised) denies \(call)"
    }

    /// The code of the finding that tells of this reason.
    package var finding: Finding.Code {
        FrontFinding.codes[slug] ?? Stated.code(self, category: category) ?? .reasonUnstated
    }
}
