import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore

/// What to do about a root cause.
///
/// An Allow is offered only where the lack of one is the reason: never against an explicit Deny, a service or resource control
/// policy, a boundary, a session or endpoint policy, or the end of a service, which would still refuse.
enum Advice {
    static func remedy(for rootCause: Finding, status: DiagnosedGroup.Status, repair: TrailChange?, _ facts: GroupFacts)
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
        if status == .resolved { return resolved(repair, facts) }
        if concernsOwnPolicies(facts), let deletion = PrincipalLife.finalDeletion(facts) {
            return deleted(deletion, facts)
        }
        let known =
            MissingKey.remedy(for: rootCause, facts) ?? FurtherRequests.remedy(for: rootCause, facts)
            ?? StatementRemedy.remedy(for: rootCause, facts)
        var remedy = known ?? advice(for: rootCause, facts)
        if concernsOwnPolicies(facts), remedy.kind != .none, rootCause.code != .notYetEffective {
            switch ProtectedRole.owner(of: facts.principal) {
            case .service?: remedy = ProtectedRole.serviceOwned(facts)
            case .permissionSet(let set)? where remedy.kind == .policy && rootCause.code != .permissionsChanged:
                remedy.text += ProtectedRole.edit(set, permissionSetCommand(facts))
            case .permissionSet?, nil: break
            }
        }
        if !mayOfferAllow(facts) { remedy.policy = nil }
        if let policy = remedy.policy, policy.statements.contains(where: { $0.matchesAction(facts.group.action) }),
            let standing = StandingAllow.remedy(insteadOf: policy, facts)
        {
            remedy = standing
        }
        if remedy.policy != nil, ServiceEnded.isEnded(facts), facts.reportTime >= PinpointCatalogue.endOfSupport {
            // IAM refused before the service could: an Allow would only uncover that there is nothing left to call.
            var ended = serviceEnded(facts, isSure: false)
            ended.text =
                "An Allow won't bring it back: \(facts.operation) is one of Pinpoint's engagement features, which ended on \(words: PinpointCatalogue.endOfSupport) as far as AWS documents (it publishes no list of operations). \(ended.text)"
            return ended
        }
        if status == .intermittent, facts.group.category == .authorization, remedy.kind != .none, known == nil {
            remedy.text +=
                "The same call also succeeds at times, so something allows it under conditions: first compare the calls that succeed with those that fail."
        }
        if let policy = remedy.policy, known == nil {
            remedy.text += LeastPrivilege.caveats(policy, facts)
            if concernsOwnPolicies(facts) { remedy.text += sessionLimit(facts) }
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

    /// The subcommand that changes a permission set such that AWS refuses no longer for the reason that it gave.
    private static func permissionSetCommand(_ facts: GroupFacts) -> String {
        if facts.group.reason.policyType == .permissionsBoundary { return "put-permissions-boundary-to-permission-set" }
        let named = facts.group.policyARNs.first.flatMap { ARN($0.value) }
        if facts.group.reason.effect == .explicit, let named {
            return named.account == "aws"
                ? "detach-managed-policy-from-permission-set"
                : "detach-customer-managed-policy-reference-from-permission-set"
        }
        return "put-inline-policy-to-permission-set"
    }

    /// Whose policies the reader is to edit.
    private static func holder(_ facts: GroupFacts) -> Prose {
        if case .permissionSet(let set)? = ProtectedRole.owner(of: facts.principal) { return "permission set \(set)" }
        return facts.principal.shown
    }

    /// Whether an Allow can help at all, whatever the root cause: the last guard before one is offered.
    private static func mayOfferAllow(_ facts: GroupFacts) -> Bool {
        let reason = facts.group.reason
        return reason.effect != .explicit && !(reason.policyType?.isLimit ?? false)
            && facts.group.category == .authorization && reason.category == .authorization
    }

    private static func resolved(_ repair: TrailChange?, _ facts: GroupFacts) -> Remedy {
        var text: Prose =
            "Nothing to do: \(facts.group.action) has succeeded for the same principal since the last denial"
        text = facts.firstSuccessAfter.map { "\(text) (by \(time: $0) at the latest)." } ?? "\(text)."
        if let repair { text += "What fixed it, most likely: \(repair.summary) at \(time: repair.time)." }
        return Remedy(.none, text)
    }

    private static func advice(for rootCause: Finding, _ facts: GroupFacts) -> Remedy {
        if let known = KnownRefusal.remedy(for: rootCause, facts) { return known }
        switch rootCause.code {
        case .serviceEnded: return serviceEnded(facts, isSure: rootCause.confidence < .possible)
        case .notSubscribed:
            return Remedy(
                .setting,
                "Subscribe to the service or enable it in account \(list: facts.group.accounts.map(\.value), limit: 3), in \(list: facts.group.regions.map(\.value), limit: 3): most services are enabled per Region. No policy can do this."
            )
        case .accountState: return accountState(facts)
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
        case .credentialsInvalid:
            if facts.group.reason.slug == "sign-in-failed" {
                return Remedy(
                    .setting,
                    "Check user name, password and second factor. If the user did not try to sign in, someone else did. No policy is involved."
                )
            }
            if facts.group.reason.slug == "identity-token-rejected" { return identityToken(facts) }
            return Remedy(
                .setting,
                "Check which credentials the client actually uses, and whether the access key exists and is active. No policy is involved.",
                commands: [.callerIdentity])
        case .signatureInvalid:
            return Remedy(
                .setting,
                "Check the secret access key, the clock of the host, and anything between client and AWS that rewrites headers. SDKs sign correctly; hand-signed requests are the usual cause. No policy is involved."
            )
        case .cognitoGuestSessionPolicy:
            return Remedy(
                .setting,
                "Changing the role's policies won't help: AWS controls the session policy. Use the identity pool's basic (classic) flow, sign the users in, so that they get the role for authenticated identities, or make the call from a backend with a role of its own."
            )
        case .permissionsChanged: return undo(facts)
        case .principalRecreated:
            var remedy = missingAllow(facts)
            let resources: Prose =
                "rewrite resource and trust policies that named it: they still hold the id of the deleted one."
            remedy.text =
                switch facts.group.reason.policyType {
                case .identityBased?:
                    "Attach the policies of the deleted one to \(holder(facts)) again. The least that must be allowed is below. When other services refuse it next, \(resources)"
                case .resourceBased?, .roleTrust?:
                    "Rewrite the resource's policy with the ARN of \(holder(facts)): it still holds the id of the deleted one."
                case .serviceControl?, .resourceControl?, .permissionsBoundary?, .session?, .vpcEndpoint?, nil:
                    "Attach the policies again to \(holder(facts)), and \(resources)"
                }
            if facts.servicePrefix == "kms" {
                remedy.text +=
                    "A grant of the key is given to the one that was deleted as well: create it anew, or have the service do so; for a Lambda function, assign the role again (\(code: "aws lambda update-function-configuration --role"))."
            }
            return remedy
        case .wrongIAMPrefix:
            return Remedy(
                .policy, "Write \(facts.group.action) instead. The least that must be allowed is below.",
                policy: LeastPrivilege.policy(facts))
        case .resourceTooNarrow:
            if let elsewhere = ResourceForms.remedy(facts) { return elsewhere }
            return Remedy(
                .policy,
                "Widen the statement's resource to the one that was refused. The least that must be allowed is below.",
                policy: LeastPrivilege.policy(facts))
        case .conditionUnmet: return conditionUnmet(facts)
        case .passRoleMissing:
            return facts.group.reason.policyType == .identityBased || facts.group.reason.policyType == nil
                ? Remedy(
                    .policy, "Allow \(holder(facts)) to pass this role, as below.",
                    policy: LeastPrivilege.policy(facts))
                : missingAllow(facts)
        case .notYetEffective:
            return Remedy(
                .setting,
                "The policies are fine: after creating a role, wait before using it and retry with a pause."
            )
        case .explicitDeny: return explicitDeny(facts)
        case .regionMismatch:
            if let elsewhere = ResourceForms.remedy(facts) { return elsewhere }
            let regions = UsagePatterns.workingRegions(facts)
            return Remedy(
                .setting,
                "Set the client's Region to \(list: regions, limit: 3), where the call works. If \(list: facts.group.regions.map(\.value), limit: 3) is intended, the policies must allow it there too."
            )
        case .mfaAbsent: return withMFA(facts)
        case .networkPathChanged:
            var text: Prose =
                facts.group.reason.policyType == .vpcEndpoint || facts.group.reason.policyType == nil
                ? "Route the calls the way that worked, or allow the new path in the policy's condition and the endpoint's policy."
                : "Route the calls the way that worked, or allow the new path in the conditions of the policy that AWS named."
            if let arn = facts.group.policyARNs.first?.value { text += "The Deny stands in \(arn)." }
            return Remedy(.setting, text, commands: facts.group.policyARNs.first.map { showManaged($0.value) } ?? [])
        case .clientChanged:
            var text: Prose =
                "Run the old client next to the new one. If only the new one is refused, look for a condition on \("aws:UserAgent"), and for different credentials, a different Region or a different network path in its settings."
            if let arn = facts.group.policyARNs.first?.value { text += "The Deny stands in \(arn)." }
            return Remedy(.setting, text, commands: facts.group.policyARNs.first.map { showManaged($0.value) } ?? [])
        case .crossAccount: return crossAccount(facts)
        case .environmentDifference where StageMix(facts) != nil && facts.group.reason.effect != .explicit:
            return otherStage(facts)
        case .environmentDifference, .readWorksWriteDenied, .missingAllow:
            return facts.group.reason.effect == .implicit ? missingAllow(facts) : simulate(facts)
        case .refusedByService: return refusedByService(facts)
        case .neverSucceeded, .reasonUnstated, .messageTruncated, .viaAPIGateway, .viaAWSService:
            return simulate(facts)
        }
    }

    /// An Allow whose condition the calls do not meet: the calls or the condition must change, and no further Allow is offered,
    /// because the condition stands there for a reason.
    private static func conditionUnmet(_ facts: GroupFacts) -> Remedy {
        if let unmet = TrustConditions.unmet(facts) { return TrustConditions.remedy(unmet, facts) }
        guard let allow = PolicyDocuments.conditionalAllow(facts), let failure = allow.failures.first else {
            return missingAllow(facts)
        }
        let policy = allow.policy
        let key = failure.condition.key
        var text: Prose
        if failure.isTime {
            text =
                "Write a new time into the condition \(key) of policy \(policy.name), if the permission is still wanted; it was granted for a limited time."
        } else if let tag = failure.tag {
            text = TagConditions.advice(tag, failure.condition, policy.name, facts)
        } else if failure.isMFA {
            text = "Call from a session opened with MFA: policy \(policy.name) allows the call only then."
        } else if failure.isAddress {
            text =
                "Call from an address that policy \(policy.name) allows (\(list: failure.condition.values, limit: 3)), or add the new one to its condition \(key)."
        } else if failure.isEndpoint {
            text =
                "Call through the VPC endpoint that policy \(policy.name) asks for (\(list: failure.condition.values, limit: 3)), or add the endpoint now in use to its condition \(key)."
        } else {
            text =
                "Make the call meet condition \(key) of policy \(policy.name), or add the calls' values (\(list: failure.values, limit: 3)) to the condition."
        }
        text +=
            "\(policy.change.person.ask), who wrote the policy at \(time: policy.change.time), what the condition is for."
        let commands =
            policy.change.policyARN.map { showManaged($0) } ?? ChangeCommands.commands(for: policy.change)
        return Remedy(.policy, text, commands: commands)
    }

    /// A call on what is another stage's: the settings change, and no Allow lets the stages mix.
    private static func otherStage(_ facts: GroupFacts) -> Remedy {
        guard let mixed = StageMix(facts) else { return missingAllow(facts) }
        return Remedy(
            .setting,
            "Check the settings of whatever runs as \(facts.principal.shown): it should call stage \(mixed.ownStage) instead of \(list: facts.refusedResources, limit: 2). Allow it only if stage \(mixed.ownStage) is supposed to reach stage \(mixed.stage); then compare with the policies of \(mixed.owner.shown).",
            commands: show(facts))
    }

    /// Who is no more can be given no policy.
    private static func deleted(_ deletion: TrailChange, _ facts: GroupFacts) -> Remedy {
        Remedy(
            .command,
            "\(facts.principal.shown.capitalised) was deleted at \(time: deletion.time), and the trail does not show that it was recreated, so there is nothing to attach a policy to. \(deletion.person.ask) whether that was intentional. If the calls are still needed, make them with a role that exists, or recreate this one with its policies; policies of resources and roles that named it must be written anew, and credentials of the deleted one never work again.",
            commands: ChangeCommands.commands(for: deletion))
    }

    /// How to call with a second factor.
    private static func withMFA(_ facts: GroupFacts) -> Remedy {
        guard facts.principal.kind == .role else {
            return Remedy(
                .setting,
                "Call from a session opened with MFA (\(code: "aws sts get-session-token --serial-number … --token-code …"))."
            )
        }
        if facts.principal.isPermissionSet {
            return Remedy(
                .setting,
                "IAM Identity Center opens the sessions of this role, so MFA is set up there. Compare how the sessions that worked were opened."
            )
        }
        return Remedy(
            .setting,
            "Assume the role with MFA, with the credentials of an IAM user (\(code: "aws sts assume-role --role-arn … --role-session-name … --serial-number … --token-code …")): a session that has begun without MFA cannot add it. A service that calls with the role has no MFA, so for it the condition must be narrowed."
        )
    }

    /// A Deny in the trail that lets some sessions pass: there the caller changes, not the policy. `nil` where there is none.
    private static func sessionDeny(_ facts: GroupFacts) -> Remedy? {
        guard facts.group.reason.effect != .implicit else { return nil }
        func denial(on key: String) -> (policy: PolicyHistory.Known, condition: Statement.Condition)? {
            for policy in facts.policies.documents.reversed() where DocumentJudgement.denies(policy.document, facts) {
                for statement in policy.document.statements
                where statement.effect == .deny && statement.matchesAction(facts.group.action) {
                    guard let condition = statement.conditions.first(where: { $0.key.lowercased() == key }) else {
                        return nil
                    }
                    return (policy, condition)
                }
            }
            return nil
        }
        if let (policy, condition) = denial(on: "aws:tokenissuetime"), let bound = condition.values.first,
            condition.conditionOperator.lowercased().hasPrefix("dateless")
        {
            return Remedy(
                .setting,
                "Get new credentials: assume the role again or sign in again, and restart what holds old ones. Policy \(policy.name) refuses every session from before \(time: bound), for as long as it stands, and none that begins later; that is what the console's \("Revoke active sessions") writes. \(policy.change.author.capitalised) wrote it, most likely because credentials had leaked: do not delete it before that is settled. An Allow cannot override it."
            )
        }
        if let (policy, condition) = denial(on: "aws:multifactorauthpresent"),
            condition.values.map({ $0.lowercased() }) == ["false"]
        {
            var remedy = withMFA(facts)
            remedy.text =
                "Policy \(policy.name) denies what is called without MFA. An Allow cannot override it." + remedy.text
            return remedy
        }
        return nil
    }

    // MARK: - By policy type

    private static func missingAllow(_ facts: GroupFacts) -> Remedy {
        if facts.isFederatedAssumption, mayOfferAllow(facts) { return federated(facts) }
        switch facts.group.reason.policyType {
        case .identityBased?, nil:
            if PolicyDocuments.conditionalAllow(facts) != nil { return conditionUnmet(facts) }
            guard facts.group.reason.policyType != nil || facts.group.reason.effect == .unstated else {
                return simulate(facts)
            }
            if let key = KeyPolicy.shutting(out: facts) { return KeyPolicy.remedy(key, facts) }
            var text: Prose =
                "Allow it in a policy of \(holder(facts)). The least that must be allowed is below."
            if let owner = CrossAccount.resourceAccount(facts), !facts.principal.account.isEmpty,
                owner != facts.principal.account
            {
                if facts.servicePrefix == "mobiletargeting" { return assumeRole(in: owner, facts) }
                text +=
                    facts.servicePrefix == "sts"
                    ? "In account \(owner) the role's trust policy must name the caller too."
                    : "The resource's own policy in account \(owner) must allow the caller too."
            }
            return Remedy(.policy, text, commands: show(facts), policy: LeastPrivilege.policy(facts))
        case .resourceBased?:
            return Remedy(
                .policy,
                "The resource's own policy must allow \(facts.principal.arn) to call \(facts.group.action). It belongs to the owner of the resource\(owner(facts)).",
                commands: ResourcePolicyCommands.show(facts))
        case .roleTrust?:
            return Remedy(
                .policy,
                "Add the caller to the trust policy of the role. If the role is another account's, the caller's own policy must allow \(facts.group.action) on it as well.",
                commands: showTrust(facts), policy: LeastPrivilege.trustPolicy(facts))
        case .serviceControl?, .resourceControl?, .permissionsBoundary?, .session?, .vpcEndpoint?:
            return limit(facts)
        }
    }

    /// A session policy that would refuse even what the principal's policies allow; empty where none is known.
    private static func sessionLimit(_ facts: GroupFacts) -> Prose {
        guard let session = Sessions.refusing(facts) else { return "" }
        return
            "That alone won't help: \(session.opener) opened the session with a session policy that \(session.verdict), and what a session may do is what both allow. Open it with a session policy that allows \(facts.group.action), or with none."
    }

    private static func explicitDeny(_ facts: GroupFacts) -> Remedy {
        let policies = facts.group.policyARNs.map(\.value)
        switch facts.group.reason.policyType {
        case .identityBased?:
            if let remedy = sessionDeny(facts) { return remedy }
            guard let arn = policies.first else {
                return Remedy(
                    .policy,
                    "Find the Deny among the policies of \(holder(facts))\(words: facts.principal.kind == .user ? " and its groups" : ""), and remove it or narrow its condition. An Allow cannot override it.",
                    commands: show(facts))
            }
            if let remedy = Quarantine.remedy(facts) { return remedy }
            if ARN(arn)?.account == "aws" {
                return Remedy(
                    .policy,
                    "AWS manages \(arn), so it cannot be edited; detach it.",
                    commands: show(facts))
            }
            return Remedy(
                .policy,
                "Edit \(list: policies, limit: 3): remove the Deny that matches \(facts.group.action), or narrow its condition. That affects everyone who has it; to exempt \(holder(facts)) only, detach it there. An Allow cannot override it. The commands below show the active version, whose text \(code: "aws iam get-policy-version") prints, and who has it.",
                commands: showManaged(arn) + showHolders(arn))
        case .resourceBased?:
            return Remedy(
                .policy,
                "Remove or narrow the Deny in the resource's own policy. It belongs to the owner of the resource\(owner(facts)). An Allow cannot override it.",
                commands: ResourcePolicyCommands.show(facts))
        case .roleTrust?:
            return Remedy(
                .policy, "Remove or narrow the Deny in the trust policy of the role. An Allow cannot override it.",
                commands: showTrust(facts))
        case .serviceControl?, .resourceControl?, .permissionsBoundary?, .session?, .vpcEndpoint?:
            return limit(facts)
        case nil:
            return Remedy(
                .policy,
                "AWS does not name the type of policy that contains the Deny. Look at the policies of \(facts.principal.shown), then at the service control policies of its account, its boundary and the VPC endpoint.",
                commands: show(facts))
        }
    }

    /// Where commands of AWS Organizations work.
    static let inManagementAccount: Prose =
        "AWS Organizations commands work only in the management account (or a delegated administrator)."

    /// Policies that only limit: what must change, and whose it is.
    private static func limit(_ facts: GroupFacts) -> Remedy {
        let isExplicit = facts.group.reason.effect == .explicit
        let named = facts.group.policyARNs.map(\.value)
        switch facts.group.reason.policyType {
        case .serviceControl?, .resourceControl?:
            let type =
                facts.group.reason.policyType == .serviceControl ? "service control policy" : "resource control policy"
            var text: Prose =
                isExplicit
                ? "The Deny in the \(words: type) must be removed or narrowed."
                : "A \(words: type) must allow \(facts.group.action) at every level: the root, each organizational unit and the account."
            if let arn = named.first, let parsed = ARN(arn) {
                text += "The policy is \(arn); account \(parsed.account) manages the organization and owns it."
            } else {
                text += "Whoever manages the organization must change it, in the management account."
            }
            text += "Nothing in account \(facts.principal.account) can outweigh it."
            if !named.isEmpty { text += inManagementAccount }
            let id = named.first.flatMap { ARN($0)?.name }
            let commands = id.map {
                [ShellCommand(["aws", "organizations", "describe-policy", "--policy-id", .organizationPolicy($0)])]
            }
            return Remedy(.policy, text, commands: commands ?? [])
        case .permissionsBoundary?:
            var text: Prose =
                isExplicit
                ? "The Deny in the permissions boundary of \(facts.principal.shown) must be removed or narrowed."
                : "The permissions boundary of \(facts.principal.shown) must allow \(facts.group.action) as well as its policies."
            if let arn = named.first ?? facts.policies.boundary { text += "The boundary is \(arn)." }
            text +=
                "Whoever manages boundaries must change it in account \(facts.principal.account); another Allow in the role's or user's own policies won't help."
            return Remedy(.policy, text, commands: showBoundary(facts))
        case .session?:
            var text: Prose =
                isExplicit
                ? "The session policy denies it: whoever opens the session (AssumeRole with a policy, or GetFederationToken) must remove that Deny."
                : "The session policy must allow \(facts.group.action): it is given by whoever opens the session (AssumeRole with a policy, or GetFederationToken)."
            if let arn = named.first { text += "AWS names \(arn)." }
            if let session = Sessions.refusing(facts) {
                text += "\(session.opener.capitalised) passed the one that \(session.verdict)."
            }
            if facts.principal.kind == .federatedUser {
                let user: Prose =
                    facts.group.sessions.lazy.compactMap { $0.issue?.issuedTo }.first.map { PrincipalName($0).shown }
                    ?? "the user who opens the session"
                text =
                    isExplicit
                    ? text
                    : "Pass a session policy that allows \(facts.group.action) to GetFederationToken: a federated user has no policies of its own."
                text +=
                    "The session may do what both that policy and the policies of \(user) allow, so these must allow it, too."
                return Remedy(.setting, text)
            }
            text += "The policies of \(facts.principal.shown) are not the cause and cannot help."
            return Remedy(.setting, text)
        case .vpcEndpoint?:
            let ids = facts.group.vpcEndpointIds.map(\.value)
            var text: Prose =
                isExplicit
                ? "The Deny in the VPC endpoint's policy must be removed or narrowed."
                : "The VPC endpoint's policy must allow \(facts.group.action) for this principal."
            if !ids.isEmpty { text += "The endpoint is \(list: ids, limit: 3)." }
            text +=
                "It belongs to the account that owns the endpoint, which need not be the caller's. An Allow elsewhere won't help."
            return Remedy(.policy, text, commands: ShellCommand.showEndpointPolicies(facts, limit: 3))
        case .identityBased?, .resourceBased?, .roleTrust?, nil:
            return simulate(facts)
        }
    }

    // MARK: - The rest

    private static func undo(_ facts: GroupFacts) -> Remedy {
        guard let candidate = PermissionsChanged.candidates(facts).first else { return simulate(facts) }
        if let swap = candidate.swap { return undo(swap, facts) }
        if [.document, .conditional].contains(candidate.proof), let remedy = sessionDeny(facts) { return remedy }
        if let remedy = Quarantine.remedy(facts, attached: candidate.change) { return remedy }
        let change = candidate.change
        if PublicAccess.isReason(facts) { return PublicAccess.remedy(change, facts) }
        if change.rule?.target == .serviceGrant { return ServiceGrants.remedy(change, facts) }
        // Before it was created nothing stood there: its policy is to be edited.
        if change.change.eventName == "CreateVpcEndpoint", facts.group.reason.policyType == .vpcEndpoint {
            return limit(facts)
        }
        if change.change.eventName == "AcceptHandshake" {
            var remedy = limit(facts)
            remedy.text =
                "Since it joined, the organization's policies bind account \(facts.principal.account)." + remedy.text
            return remedy
        }
        let lost = LostUndo(of: change, facts)
        let call =
            change.rule?.target == .permissionSet
            ? change : PermissionsChanged.permissionSetCall(before: change, facts)
        let undo =
            ChangeCommands.commands(for: change) + TagConditions.commands(undoing: change, facts)
            + FormerState.commands(undoing: change, facts)
            + ProtectedRole.commands(undoing: change, call: call)
        let commands = undo.filter { !(lost?.isVain($0) ?? false) }
        let key = KeyPolicy.shutting(out: facts)
        // An Allow that stands under a condition is not widened by one without.
        let isIdentityAllow =
            facts.group.reason == .missingAllow(.identityBased) && key == nil
            && PolicyDocuments.conditionalAllow(facts) == nil
        if let undone = undoing(change, facts) { return undone }
        var text: Prose
        switch candidate.direction {
        case .takes where change.deletesResource: text = "Write the policy again, unless deleting it was intentional."
        case .takes: text = "Restore what was removed, unless removing it was intentional."
        case .gives: text = "Remove what was added, unless adding it was intentional."
        case .replaces: text = "Restore what stood there before, unless the change was intentional."
        case .touchesConditions, .lifts, .disables, .creates, .clears:
            text = "Undo the change, unless it was intentional."
        }
        if change.rule?.target == .identityProvider { text = IdentityProvider.repair(change) }
        if change.rule?.target == .trust, facts.isFederatedAssumption {
            text += TrustConditions.unmet(facts)?.demand ?? ""
        }
        var shown: [ShellCommand] = []
        if candidate.direction == .gives, let arn = change.policyARN, ARN(arn).map({ $0.account != "aws" }) ?? false,
            change.rule?.target != .organizationPolicyTarget
        {
            text +=
                "Or edit the Deny in \(arn), which affects everyone who has it; the last command lists them."
            shown = showHolders(arn)
        }
        if let former = ResourceEnds.formerText(change, facts) {
            text +=
                "The policy's previous text is in the record of event \(former.change.eventID) (\(former.change.eventName) at \(time: former.time))."
        }
        let author = call ?? change
        text += "\(author.person.ask) whether it was intentional."
        if let name = change.roleName ?? (change.rule?.target == .permissionSet ? facts.principal.name : nil),
            case .permissionSet(let set)? = ProtectedRole.owner(ofRole: name),
            change.rule?.target == .role || change.rule?.target == .permissionSet
        {
            text += ProtectedRole.edit(set, ProtectedRole.undoing(change))
        }
        if let lost {
            text += lost.advice
        } else if ["CreatePolicyVersion", "SetDefaultPolicyVersion"].contains(change.change.eventName) {
            text +=
                "The list below shows the versions; \(code: "aws iam set-default-policy-version") makes the former one the default again."
        }
        if commands.contains(where: { $0.isCall(of: "organizations") }) { text += inManagementAccount }
        if isIdentityAllow { text += "If it was intentional, the least that must be allowed is below." }
        if let key { text += KeyPolicy.remedy(key, facts).text }
        if let type = facts.group.reason.policyType, facts.group.reason.effect == .explicit || type.isLimit {
            text += "An Allow elsewhere won't help against \(words: type.article) \(words: type.words)."
        }
        return Remedy(
            commands.isEmpty ? .policy : .command, text, commands: commands + shown,
            policy: isIdentityAllow ? LeastPrivilege.policy(facts) : nil)
    }

    /// What was taken away or added was given back or taken away since, and the archive holds no success behind it; `nil` where that
    /// is not so.
    private static func undoing(_ change: TrailChange, _ facts: GroupFacts) -> Remedy? {
        let opposite: ChangeRule.Direction
        switch change.rule?.direction {
        case .takes?: opposite = .gives
        case .gives?: opposite = .takes
        case .replaces?, .lifts?, .touchesConditions?, .disables?, .creates?, .clears?, nil: return nil
        }
        guard let last = facts.changes.last(where: { $0.object == change.object }), last.rule?.direction == opposite,
            last.time > facts.group.firstSeen
        else { return nil }
        var text: Prose = "\(last.summary.capitalised) at \(time: last.time), which undid the change."
        text +=
            PermissionsChanged.seconds(from: last.time, to: facts.group.lastSeen) <= PermissionsChanged.settling
            ? "Retry the call before changing anything else: no success has been recorded since."
            : "Calls were refused after that too, so something else refuses them now."
        let commands = ChangeCommands.commands(for: last).prefix(1) + simulation(facts)
        return Remedy(commands.isEmpty ? .setting : .command, text, commands: Array(commands))
    }

    /// A workload got another role: either goes back, or the new role gets what the old one had.
    private static func undo(_ swap: RoleSwap, _ facts: GroupFacts) -> Remedy {
        let former = swap.predecessor(facts)?.role
        var text: Prose =
            "Give \(holder(facts)) what the call needs, or let \(swap.change.workload) run under \(former?.shown ?? "the former role") again."
        text +=
            "\(swap.change.person.ask) which is meant."
        let isIdentityAllow = facts.group.reason == .missingAllow(.identityBased)
        if isIdentityAllow { text += "For the first, the least that must be allowed is below." }
        let commands =
            ChangeCommands.commands(for: swap.change)
            + (former.map { ChangeCommands.commands(undoing: swap, formerRole: $0) } ?? [])
        return Remedy(
            commands.isEmpty ? .policy : .command, text, commands: commands,
            policy: isIdentityAllow ? LeastPrivilege.policy(facts) : nil)
    }

    private static func crossAccount(_ facts: GroupFacts) -> Remedy {
        // Where AWS names a policy, that one is what has to change.
        if facts.group.reason.policyType != nil, facts.group.reason.effect != .unstated {
            return facts.group.reason.effect == .explicit ? explicitDeny(facts) : missingAllow(facts)
        }
        if facts.isFederatedAssumption { return federated(facts) }
        if facts.group.reason.policyType?.isLimit ?? false { return limit(facts) }
        let owner = CrossAccount.resourceAccount(facts) ?? "?"
        if facts.servicePrefix == "sts" {
            return Remedy(
                .policy,
                "In account \(owner) the role's trust policy must name the caller, as below; in account \(facts.principal.account) a policy of \(facts.principal.shown) must allow \(facts.group.action) on the role.",
                commands: showTrust(facts), policy: LeastPrivilege.trustPolicy(facts))
        }
        if facts.group.reason.effect == .implicit, facts.group.reason.policyType != .identityBased {
            return missingAllow(facts)
        }
        if facts.servicePrefix == "mobiletargeting" {
            return assumeRole(in: owner, facts)
        }
        return simulate(facts)
    }

    private static func assumeRole(in owner: String, _ facts: GroupFacts) -> Remedy {
        Remedy(
            .policy,
            "Pinpoint projects have no policies of their own: assume a role in account \(owner) that allows \(facts.group.action), and call with its credentials. Or check the project id: a wrong account in the ARN looks the same."
        )
    }

    /// Callers with a token of an identity provider have no policies: the role's trust policy alone lets them in.
    private static func federated(_ facts: GroupFacts) -> Remedy {
        let isSAML = facts.operation.hasSuffix("SAML")
        let role: Prose =
            facts.roleToAssume.map { "role \($0.name) (\($0.description))" } ?? "the role that was asked for"
        var text: Prose =
            "Look at the trust policy of \(role): it alone decides, because whoever comes with \(words: isSAML ? "an assertion" : "a token") of an identity provider has no policies in IAM."
        text +=
            "It must name the provider as \("Federated") principal and allow \(facts.group.action), and its conditions must match what the provider sends:"
        text =
            isSAML
            ? "\(text) \("SAML:aud") the sign-in address, \("SAML:sub") or \("SAML:iss") the user or the provider."
            : "\(text) \("aud") the client or audience, \("sub") the user, repository or service account. For Amazon Cognito \("cognito-identity.amazonaws.com:aud") is the id of the identity pool and \("cognito-identity.amazonaws.com:amr") tells guests from users."
        text += TrustConditions.unmet(facts)?.demand ?? ""
        let commands = facts.roleToAssume.map { showTrust(of: $0) } ?? []
        return Remedy(commands.isEmpty ? .setting : .command, text, commands: commands)
    }

    /// What to do about a token or an assertion that STS did not accept.
    private static func identityToken(_ facts: GroupFacts) -> Remedy {
        if let (change, _) = IdentityProvider.rejection(facts) {
            return Remedy(
                .command,
                IdentityProvider.repair(change)
                    + "\(change.person.ask) whether the change was intentional. No policy is involved.",
                commands: ChangeCommands.commands(for: change))
        }
        let isSAML = facts.operation.hasSuffix("SAML")
        return Remedy(
            .command,
            isSAML
                ? "Check that the account still has the identity provider, and that its metadata holds the certificate with which the provider signs now. No policy is involved."
                : "Check that the account still has the identity provider, that its client ids hold the audience of the token, and that the token had not ended. No policy is involved.",
            commands: [
                ShellCommand(["aws", "iam", isSAML ? "list-saml-providers" : "list-open-id-connect-providers"])
            ])
    }

    private static func serviceEnded(_ facts: GroupFacts, isSure: Bool) -> Remedy {
        var text: Prose =
            isSure
            ? "No policy can fix this: AWS no longer offers \(facts.operation)."
            : "Most likely no policy can fix this, because AWS no longer seems to offer \(facts.operation); check the client's log for a message about the end of support."
        if facts.servicePrefix == "mobiletargeting" {
            let name = facts.operation
            if ["Campaign", "Journey"].contains(where: name.contains) {
                text += "Campaigns and journeys: Amazon Connect outbound campaigns."
            } else if ["Segment", "Endpoint", "Attributes", "Job"].contains(where: name.contains) {
                text += "Segments, endpoints and users: Amazon Connect Customer Profiles."
            } else if ["PutEvents", "EventStream", "Kpi", "Metrics"].contains(where: name.contains) {
                text += "Events and analytics: Amazon Kinesis."
            } else if ["Email"].contains(where: name.contains) {
                text += "E-mail: Amazon SES."
            } else {
                text += "Engagement features: Amazon Connect; e-mail: Amazon SES; events: Amazon Kinesis."
            }
            text += "SMS, voice, push and one-time passwords continue in AWS End User Messaging."
        }
        return Remedy(.none, text)
    }

    private static func accountState(_ facts: GroupFacts) -> Remedy {
        let slug = facts.group.reason.slug
        let text: Prose =
            switch slug {
            case "insufficient-reputation", "account-disabled", "account-suspended", "account-problem":
                "Open a case with AWS Support for account \(list: facts.group.accounts.map(\.value), limit: 3). No policy is involved."
            case "pending-verification":
                "Wait until AWS has verified the account, or ask AWS Support. No policy is involved."
            case "sending-paused": "Resume sending for the account or the configuration set. No policy is involved."
            case "message-rejected": "Verify the sender's identity, or leave the sandbox. No policy is involved."
            case "region-disabled":
                "Enable the Region \(list: facts.group.regions.map(\.value), limit: 3) for the account, or call another one. No policy is involved."
            case "user-access-not-activated":
                "The root user must activate IAM access to billing under the account's settings. No policy can do it."
            case "plan-not-supported":
                "The operation needs another edition or plan of the service. No policy is involved."
            case "model-access-missing":
                "Enable access to the model in the Amazon Bedrock console (Model access) in each Region, or submit the use case that its provider asks for. No policy is involved."
            case "object-archived": "Restore the object from the archive before reading it. No policy is involved."
            default: "The account's state is the cause, not a policy. AWS Support can tell you more."
            }
        return Remedy(.setting, text)
    }

    private static func refusedByService(_ facts: GroupFacts) -> Remedy {
        if facts.group.reason.policyType == .vpcEndpoint {
            let ids = facts.group.vpcEndpointIds.map(\.value)
            var text: Prose = "Look at the VPC endpoint's policy: it holds a Deny, or lacks an Allow."
            if !ids.isEmpty { text += "The endpoint is \(list: ids, limit: 3)." }
            return Remedy(.policy, text, commands: ShellCommand.showEndpointPolicies(facts, limit: 3))
        }
        if PublicAccess.isReason(facts) { return PublicAccess.remedy(nil, facts) }
        if ServiceGrants.isReason(facts) { return ServiceGrants.remedy(nil, facts) }
        if facts.group.reason.slug == "cross-account-pass-role" {
            return Remedy(.setting, "Use a role of the account that makes the call. No policy can allow this.")
        }
        if facts.group.reason.slug == "key-policy-or-region" { return keyOrRegion(facts) }
        return Remedy(.setting, "The service refused for the reason above. \(words: facts.group.reason.meaning)")
    }

    /// KMS names three causes at once: how to tell them apart.
    private static func keyOrRegion(_ facts: GroupFacts) -> Remedy {
        let region = facts.group.regions.count == 1 ? facts.group.regions.first?.value : nil
        let key = facts.refusedResources.first { ARN($0)?.service == "kms" }
        var text: Prose =
            "First check that the key is in the Region that was called (\(list: facts.group.regions.map(\.value), limit: 3)): a key's ARN shows its Region. Then its policy must allow \(facts.principal.arn) to call \(facts.group.action), or let policies of the account do so, and must not deny it."
        if key == nil { text += "The records do not name the key; the application's settings do." }
        let id = key.flatMap { ARN($0)?.name }
        let commands = id.map {
            [
                ShellCommand(["aws", "kms", "describe-key", "--key-id", .key($0)] + ShellWord.region(region)),
                ShellCommand(
                    ["aws", "kms", "get-key-policy", "--key-id", .key($0), "--output", "text"]
                        + ShellWord.region(region)),
            ]
        }
        return Remedy(.policy, text, commands: commands ?? [])
    }

    /// AWS did not say why: how to find out.
    private static func simulate(_ facts: GroupFacts) -> Remedy {
        let group = facts.group
        if facts.isFederatedAssumption { return federated(facts) }
        if let decode = decoding(facts) {
            return Remedy(
                .command,
                "Decode the message: it says which policy and statement decided. It needs the permission \("sts:DecodeAuthorizationMessage") in the account of the caller.",
                commands: simulation(facts) + [decode])
        }
        if facts.servicePrefix == "sts", let role = facts.refusedResources.first {
            return Remedy(
                .command,
                "Look at both sides: the trust policy of \(role), and whether the policies of \(facts.principal.shown) allow \(group.action) on it.",
                commands: showTrust(facts) + simulation(facts))
        }
        var text: Prose = "AWS does not say enough for a fix."
        let commands = simulation(facts)
        if !commands.isEmpty { text += "Have IAM evaluate the principal's policies for exactly this call, as below." }
        if group.authorizationIDs > 0 {
            text += "For 24 hours after a denial, its authorization id gives access to the details."
        }
        return Remedy(.command, text, commands: commands)
    }

    /// The command that reads the encoded part of a message; `nil` where the archive holds none that is whole.
    private static func decoding(_ facts: GroupFacts) -> ShellCommand? {
        guard facts.group.encodedMessages > 0 else { return nil }
        let marker = "Encoded authorization failure message: "
        for message in facts.group.evidence.reversed().compactMap(\.errorMessage)
        where DenialMessage(message).encodedMessage == .whole {
            guard let start = message.firstRange(of: marker)?.upperBound else { continue }
            let encoded = message[start...].prefix { !$0.isWhitespace }
            return ShellCommand([
                "aws", "sts", "decode-authorization-message", "--query", "DecodedMessage", "--output", "text",
                "--encoded-message",
                .value(String(encoded.hasSuffix(".") ? encoded.dropLast() : encoded), .encodedMessage),
            ])
        }
        return nil
    }

    static func simulation(_ facts: GroupFacts) -> [ShellCommand] {
        guard facts.principal.kind == .role || facts.principal.kind == .user, facts.group.action.contains(":") else {
            return []
        }
        var words: [ShellWord] = [
            "aws", "iam", "simulate-principal-policy", "--policy-source-arn",
            .value(facts.principal.arn, .arn(service: "iam")), "--action-names", .value(facts.group.action, .action),
        ]
        if let resource = facts.refusedResources.first(where: { ARN($0) != nil }) ?? RequestedResource.arn(facts) {
            words += ["--resource-arns", .value(resource, .arn(service: nil))]
        }
        return [ShellCommand(words)]
    }

    private static func show(_ facts: GroupFacts) -> [ShellCommand] {
        let name = facts.principal.name
        switch facts.principal.kind {
        case .role:
            return [
                ShellCommand(["aws", "iam", "list-attached-role-policies", "--role-name", .role(name)]),
                ShellCommand(["aws", "iam", "list-role-policies", "--role-name", .role(name)]),
            ]
        case .user:
            return [
                ShellCommand(["aws", "iam", "list-attached-user-policies", "--user-name", .user(name)]),
                ShellCommand(["aws", "iam", "list-user-policies", "--user-name", .user(name)]),
                ShellCommand(["aws", "iam", "list-groups-for-user", "--user-name", .user(name)]),
            ]
        case .root, .federatedUser, .service, .other: return []
        }
    }

    static func showManaged(_ arn: String) -> [ShellCommand] {
        if let parsed = ARN(arn), parsed.service == "organizations" {
            return [
                ShellCommand([
                    "aws", "organizations", "describe-policy", "--policy-id", .organizationPolicy(parsed.name),
                ])
            ]
        }
        return [
            ShellCommand([
                "aws", "iam", "list-policy-versions", "--policy-arn", .policyARN(arn), "--query",
                "Versions[?IsDefaultVersion]",
            ])
        ]
    }

    private static func showHolders(_ arn: String) -> [ShellCommand] {
        [ShellCommand(["aws", "iam", "list-entities-for-policy", "--policy-arn", .policyARN(arn)])]
    }

    /// The command that shows the boundary of a role or a user.
    static func showBoundary(_ facts: GroupFacts) -> [ShellCommand] {
        let name = facts.principal.name
        switch facts.principal.kind {
        case .role:
            return [
                ShellCommand([
                    "aws", "iam", "get-role", "--role-name", .role(name), "--query", "Role.PermissionsBoundary",
                ])
            ]
        case .user:
            return [
                ShellCommand([
                    "aws", "iam", "get-user", "--user-name", .user(name), "--query", "User.PermissionsBoundary",
                ])
            ]
        case .root, .federatedUser, .service, .other: return []
        }
    }

    private static func showTrust(_ facts: GroupFacts) -> [ShellCommand] {
        guard
            let role = facts.refusedResources.lazy.compactMap({ ARN($0) }).first(where: {
                $0.resource.hasPrefix("role/")
            })
        else { return [] }
        return showTrust(of: role)
    }

    private static func showTrust(of role: ARN) -> [ShellCommand] { [.showTrust(ofRole: role.name)] }

    private static func owner(_ facts: GroupFacts) -> Prose {
        CrossAccount.resourceAccount(facts).map { ", account \($0)" } ?? ""
    }
}

extension PolicyType {
    /// Whether the type only limits: an Allow in it grants nothing, and nothing outweighs its refusal.
    var isLimit: Bool {
        switch self {
        case .serviceControl, .resourceControl, .permissionsBoundary, .session, .vpcEndpoint: true
        case .identityBased, .resourceBased, .roleTrust: false
        }
    }
}
