import AccessDenial
package import Causes
package import Findings
import IAMPolicy
import PolicyTimeline
package import RecordedChanges
import TrailStore
import Wording

/// What to do about a root cause.
///
/// An Allow is offered only where the lack of one is the reason: never against an explicit Deny, a service or resource control
/// policy, a boundary, a session or endpoint policy, or the end of a service, which would still refuse.
package enum Advice {
    package static func remedy(
        for rootCause: Finding, status: DiagnosedGroup.Status, repair: TrailChange?, _ facts: GroupFacts
    )
        -> Remedy
    {
        var remedy = whole(for: rootCause, status: status, repair: repair, facts)
        if status != .resolved { remedy = ArchiveBegin.lead(remedy, for: rootCause, facts) }
        remedy.text += remedy.commands.leftOut
        remedy.commands.removeAll { $0.line == nil }
        if remedy.kind == .command, remedy.commands.isEmpty { remedy.kind = .setting }
        return remedy
    }

    /// The remedy with all of its commands, those that have to be left out included.
    private static func whole(
        for rootCause: Finding, status: DiagnosedGroup.Status, repair: TrailChange?, _ facts: GroupFacts
    )
        -> Remedy
    {
        if status == .resolved { return resolved(repair, facts, wasTooEarly: rootCause.code == .notYetEffective) }
        if concernsOwnPolicies(facts), let deletion = facts.finalDeletion {
            return PrincipalRemedy.deleted(deletion, facts)
        }
        let known =
            MissingKey.remedy(for: rootCause, facts) ?? FurtherRequests.remedy(for: rootCause, facts)
            ?? Evaluated.remedy(for: rootCause, facts) ?? PrincipalRecreated.remedy(for: rootCause, facts)
            ?? StatementRemedy.remedy(for: rootCause, facts)
        var remedy = known ?? advice(for: rootCause, facts)
        if concernsOwnPolicies(facts), remedy.kind != .none, rootCause.code != .notYetEffective {
            switch ProtectedRole.owner(of: facts.principal) {
            case .service?: remedy = ProtectedRole.serviceOwned(facts)
            case .permissionSet(let set)? where remedy.kind == .policy && rootCause.code != .permissionsChanged:
                remedy.text += ProtectedRole.edit(set, ProtectedRole.operation(against: facts))
            case .permissionSet?, nil: break
            }
        }
        if !mayOfferAllow(facts) { remedy.policy = nil }
        if rootCause.code != .principalRecreated, let policy = remedy.policy,
            policy.statements.contains(where: { $0.matchesAction(facts.group.action) }),
            let standing = StandingAllow.remedy(insteadOf: policy, facts)
        {
            remedy = standing
        }
        if remedy.policy != nil, ServiceEnded.isEnded(facts), facts.reportTime >= PinpointCatalogue.endOfSupport {
            // IAM refused before the service could: an Allow would only uncover that there is nothing left to call.
            var ended = AccountRemedy.serviceEnded(facts, isSure: false)
            let before: Prose =
                facts.group.firstSeen < PinpointCatalogue.endOfSupport
                ? "The calls lacked \(LeastPrivilege.call(facts)), but an Allow won't bring it back by now"
                : "An Allow won't bring it back"
            ended.text =
                "\(before): \(facts.operation) is one of Pinpoint's engagement features, which ended on \(words: PinpointCatalogue.endOfSupport) as far as AWS documents (it publishes no list of operations). \(ended.text)"
            return ended
        }
        if status == .intermittent, facts.group.category == .authorization, remedy.kind != .none, known == nil {
            remedy.text +=
                "The same call also succeeds at times, so something allows it under conditions: first compare the calls that succeed with those that fail."
        }
        remedy = Offer.proven(remedy, facts)
        if let policy = remedy.policy, known == nil,
            policy.statements.contains(where: { $0.matchesAction(facts.group.action) })
        {
            remedy.text += LeastPrivilege.caveats(policy, facts)
            if concernsOwnPolicies(facts) { remedy.text += SessionPolicyRemedy.caveat(facts) }
        }
        return remedy
    }

    /// Whether a policy of the principal itself has to change, its boundary included.
    private static func concernsOwnPolicies(_ facts: GroupFacts) -> Bool {
        guard facts.group.category == .authorization, !facts.isFederatedAssumption else { return false }
        switch (facts.group.reason.policyType, facts.group.reason.effect) {
        case (.identityBased?, _), (.permissionsBoundary?, _), (nil, .implicit), (nil, .explicit): return true
        case (nil, .unstated), (.resourceBased?, _), (.roleTrust?, _), (.serviceControl?, _), (.resourceControl?, _),
            (.session?, _), (.vpcEndpoint?, _):
            return false
        }
    }

    /// Whether an Allow can help at all, whatever the root cause: the last guard before one is offered.
    static func mayOfferAllow(_ facts: GroupFacts) -> Bool {
        let reason = facts.group.reason
        return reason.effect != .explicit && !(reason.policyType?.isLimit ?? false)
            && facts.group.category == .authorization && reason.category == .authorization
    }

    private static func resolved(_ repair: TrailChange?, _ facts: GroupFacts, wasTooEarly: Bool) -> Remedy {
        var text: Prose =
            "Nothing to do: \(facts.group.action) has succeeded for the same principal since the last denial"
        text = facts.firstSuccessAfter.map { "\(text) (by \(time: $0) at the latest)." } ?? "\(text)."
        if wasTooEarly, facts.group.denials > 1 {
            text =
                "The policies are fine: have the client wait some seconds after it created something, or retry with a pause."
                + text
        }
        if let repair { text += "What fixed it, most likely: \(repair.summary) at \(time: repair.time)." }
        return Remedy(.none, text)
    }

    /// What to do where an Allow covers other resources than the refused one.
    private static func narrowAllow(_ facts: GroupFacts) -> Remedy {
        let allow = PolicyDocuments.narrowAllow(facts)
        let policy: Prose = allow.map { "policy \($0.policy.name)" } ?? "the policy"
        var call: Prose = allow?.uncovered == ["*"] ? "\(facts.group.action) on *" : LeastPrivilege.call(facts)
        if let uncovered = allow?.uncovered, LeastPrivilege.workable(facts) != nil {
            let scopes = Set(uncovered.flatMap(ChangingName.scopes))
            if scopes.count < uncovered.count {
                call =
                    "\(facts.group.action) on \(list: scopes.sorted(), limit: 2), whose names change from call to call,"
            }
        }
        var text = FurtherRequests.withoutIt(facts).or("let \(policy) allow \(call) as well.")
        let slip = allow.flatMap(ResourceForms.slip).flatMap { $0.gap.isSlip ? $0 : nil }
        if let (pattern, gap) = slip {
            text = "Write \(gap.corrected) in \(policy), in the place of \(pattern)."
        }
        if let pattern = allow.flatMap({ namesToCreate($0, facts) }) {
            text =
                "Create it under a name or path that \(policy) lets pass (\(pattern)). If that is not an option, let it allow \(LeastPrivilege.call(facts)) as well."
        } else if slip == nil, let allow, allow.isOwn, let own = allow.granted.first {
            // A grant on what was refused would be one on what is others'.
            return Remedy(
                .setting,
                "Make the call on what is the caller's own, as \(policy) has it: \(own) for the first of these calls. It names whoever calls by a variable, so that nobody reaches what is another's. Only where that is meant, let it allow more."
            )
        }
        return Remedy(
            .policy, text + "The least that must be allowed is below.", policy: LeastPrivilege.policy(facts))
    }

    /// What a policy lets callers name the things that they create, where the refused call chose another name; `nil` for other calls.
    private static func namesToCreate(_ allow: PolicyDocuments.NarrowAllow, _ facts: GroupFacts) -> String? {
        func type(_ arn: ARN) -> Substring { arn.resource.prefix { $0 != "/" && $0 != ":" } }
        guard facts.operation.hasPrefix("Create"), facts.servicePrefix != "ec2",
            let refused = allow.uncovered.first.flatMap({ ARN($0) })
        else { return nil }
        return allow.granted.first { pattern in
            guard let arn = ARN(pattern), arn.service == refused.service, arn.resource.contains("*") || allow.isOwn
            else {
                return false
            }
            return arn.service == "s3" || type(arn) == type(refused)
        }
    }

    private static func advice(for rootCause: Finding, _ facts: GroupFacts) -> Remedy {
        if let known = KnownRefusal.remedy(for: rootCause, facts) { return known }
        switch rootCause.code {
        case .serviceEnded: return AccountRemedy.serviceEnded(facts, isSure: rootCause.confidence < .possible)
        case .notSubscribed:
            return Remedy(
                .setting,
                "Subscribe to the service or enable it in account \(list: facts.group.accounts.map(\.value), limit: 3), in \(list: facts.group.regions.map(\.value), limit: 3): most services are enabled per Region. No policy can do this."
            )
        case .accountState: return AccountRemedy.accountState(facts)
        case .mfaFailed:
            return Remedy(
                .setting,
                "Check the MFA device's serial number and the clock of the device that generates the codes. No policy is involved."
            )
        case .credentialsExpired:
            return Remedy(
                .setting,
                "Have the client refresh its temporary credentials before they expire: use the SDK's credential provider for the role and do not store session tokens. No policy is involved."
            )
        case .credentialsInvalid: return CredentialsRemedy.invalid(facts)
        case .signatureInvalid:
            return Remedy(
                .setting,
                "Check the secret access key, the clock of the host, and anything between client and AWS that rewrites headers. SDKs sign correctly; hand-signed requests are the usual cause. No policy is involved."
            )
        case .cognitoGuestSessionPolicy:
            return Remedy(
                .setting,
                "Sign the users in, so that they get the role for authenticated identities, use the identity pool's basic (classic) flow, or make the call from a backend with a role of its own. Changing the role's policies won't help: AWS controls the session policy."
            )
        case .permissionsChanged: return UnprovisionedSet(facts)?.remedy(facts) ?? UndoRemedy.undo(facts)
        case .principalRecreated: return PrincipalRemedy.recreated(facts)
        case .wrongIAMPrefix:
            return Remedy(
                .policy, "Write \(facts.group.action) instead. The least that must be allowed is below.",
                policy: LeastPrivilege.policy(facts))
        case .resourceTooNarrow:
            return ResourceForms.remedy(facts) ?? narrowAllow(facts)
        case .conditionUnmet: return IdentityPolicyRemedy.conditionUnmet(facts)
        case .passRoleMissing:
            return facts.group.reason.policyType == .identityBased || facts.group.reason.policyType == nil
                ? Remedy(
                    .policy, "Allow \(ProtectedRole.holder(facts)) to pass this role, as below.",
                    policy: LeastPrivilege.policy(facts))
                : PolicyRemedy.missingAllow(facts)
        case .notYetEffective:
            if let set = UnprovisionedSet(facts) { return set.remedy(facts) }
            return Remedy(
                .setting,
                "The policies are fine: retry. After creating something or granting permissions, wait some seconds before the first call, or retry with a pause."
            )
        case .explicitDeny: return PolicyRemedy.explicitDeny(facts)
        case .regionMismatch:
            if let elsewhere = ResourceForms.remedy(facts) { return elsewhere }
            let regions = UsagePatterns.workingRegions(facts)
            return Remedy(
                .setting,
                "Set the client's Region to \(list: regions, limit: 3), where the call works. If \(list: facts.group.regions.map(\.value), limit: 3) is intended, the policies must allow it there too."
            )
        case .mfaAbsent: return CredentialsRemedy.withMFA(facts)
        case .networkPathChanged:
            let text: Prose =
                facts.group.reason.policyType == .vpcEndpoint || facts.group.reason.policyType == nil
                ? "Route the calls the way that worked, or allow the new path in the policy's condition and the endpoint's policy."
                : "Route the calls the way that worked, or allow the new path in the conditions of the policy that AWS named."
            return atDeny(text, facts)
        case .clientChanged:
            let text: Prose =
                "Run the old client next to the new one. If only the new one is refused, look for a condition on \("aws:UserAgent"), and for different credentials, a different Region or a different network path in its settings."
            return atDeny(text, facts)
        case .crossAccount: return CrossAccountRemedy.crossAccount(facts)
        case .environmentDifference where InstanceFallback(facts) != nil:
            return InstanceFallback(facts)?.remedy(facts) ?? PrincipalRemedy.otherStage(facts)
        case .environmentDifference where StageMix(facts) != nil && facts.group.reason.effect != .explicit:
            return PrincipalRemedy.otherStage(facts)
        case .missingAllow where PolicyDocuments.isNamedActionLacking(facts): return IdentityPolicyRemedy.missing(facts)
        case .environmentDifference, .readWorksWriteDenied, .missingAllow:
            return facts.group.reason.effect == .implicit
                ? PolicyRemedy.missingAllow(facts) : UnstatedRemedy.simulate(facts)
        case .refusedByService: return ServiceRemedy.refusedByService(facts)
        case .neverSucceeded, .reasonUnstated, .messageTruncated, .viaAPIGateway, .viaAWSService:
            return UnstatedRemedy.simulate(facts)
        case .networkRejected, .endpointDNSPublic, .dnsFailed, .dnsFirewall, .proxyAnswered, .cloudFrontRefused,
            .loadBalancerRefused, .wafBlocked, .gatewayNoSuchRoute, .gatewayUnsigned, .gatewayAPIKey,
            .gatewayAuthorizerDenied, .gatewayResourcePolicy, .gatewayIAMDenied, .gatewayUnauthenticated,
            .gatewayIntegrationRole, .gatewayRefused, .gatewayIntegrationDenied, .gatewayStatusMasked, .gatewayPassed,
            .networkCleared, .signatureRefused, .seenByApplicationOnly, .s3RefusedUnseen:
            return FrontFinding(facts.group)?.remedy
                ?? Remedy(.none, "The logs beside CloudTrail tell what to look at.")
        }
    }

    /// What to set, with the Deny that AWS names, where it names one.
    private static func atDeny(_ text: Prose, _ facts: GroupFacts) -> Remedy {
        guard let arn = facts.group.policyARNs.first?.value else { return Remedy(.setting, text) }
        return Remedy(.setting, text + "The Deny stands in \(arn).", commands: PolicyCommands.managedPolicy(arn))
    }
}
