import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore

/// The troubleshooting guide's checklist as a table: each row a question and a pure function from facts to an answer.
///
/// The questions are the guide's; where it errs (throttling as a 403, Pinpoint's IAM prefix, resource-based policies of
/// Pinpoint, API Gateway in CloudTrail) the answers say what AWS documents. A row is *ruled out* only where the trail proves it
/// for these very denials; what CloudTrail cannot show is *not visible*, with the place that would show it.
enum Checklist {
    /// What a row is answered from.
    struct Inputs {
        var facts: GroupFacts
        var findings: [Finding]

        var group: DenialGroup { facts.group }

        /// Whether AWS knew the caller: it answers questions of policy or of the account only for requests that it authenticated.
        var isAuthenticated: Bool {
            switch group.category {
            case .authorization: group.principalType != "Unknown" && group.principal != "anonymous"
            case .account: true
            case .authentication, .throttling, .validation: false
            }
        }

        /// Whether the same action has succeeded since the first denial, in the accounts and Regions of the denials, be it on
        /// something else than what was refused.
        var succeedsSince: Bool {
            (group.successesWithin ?? 0) > 0 || group.firstSuccessAfter != nil
                || facts.sameActionHere.contains { ($0.lastSuccess ?? "") >= group.firstSeen }
        }

        /// Whether it has succeeded since then on what was refused, or on what is not told.
        var worksSince: Bool {
            guard let within = group.successesWithin else { return succeedsSince }
            return within > 0 || group.firstSuccessAfter != nil || group.partialSuccessAfter != nil
        }

        func finding(_ codes: Finding.Code...) -> Finding? { findings.first { codes.contains($0.code) } }
    }

    /// An answer, before the row's name and question are put to it.
    struct Answer {
        var mark: ChecklistItem.Mark
        var note: Prose
        var look: Prose = ""
        var commands: [ShellCommand] = []

        static func found(_ note: Prose, look: Prose = "", commands: [ShellCommand] = []) -> Answer {
            Answer(mark: .found, note: note, look: look, commands: commands)
        }

        static func found(_ finding: Finding, look: Prose = "", commands: [ShellCommand] = []) -> Answer {
            let sureness: Prose =
                switch finding.confidence {
                case .stated: "stated by AWS"
                case .simulated: "policies evaluated"
                case .inferred: "inferred"
                case .possible: "possible, no more"
                }
            return found("\(finding.title) (\(sureness)).", look: look, commands: commands)
        }

        static func ruledOut(_ note: Prose, look: Prose = "") -> Answer {
            Answer(mark: .ruledOut, note: note, look: look)
        }

        static func notVisible(_ note: Prose, look: Prose = "", commands: [ShellCommand] = []) -> Answer {
            Answer(mark: .notVisible, note: note, look: look, commands: commands)
        }
    }

    /// One row of the table.
    struct Row: Sendable {
        var step: Int
        var id: String
        var question: String
        var answer: @Sendable (Inputs) -> Answer
    }

    /// The table, in the guide's order.
    static let rows: [Row] = credentials + policies + network + gateway + request + quotas + logs + client + advanced

    /// Every row, answered for one group.
    static func items(_ facts: GroupFacts, findings: [Finding]) -> [ChecklistItem] {
        let inputs = Inputs(facts: facts, findings: findings)
        return rows.map { row in
            let answer = row.answer(inputs)
            return ChecklistItem(
                id: row.id, step: row.step, question: row.question, mark: answer.mark, note: answer.note,
                look: answer.look + answer.commands.leftOut, commands: answer.commands.filter { $0.line != nil })
        }
    }

    // MARK: - Step 1: credentials and configuration

    private static let credentials: [Row] = [
        Row(step: 1, id: "credentials", question: "Are the credentials valid and active?") { inputs in
            if let finding = inputs.finding(.credentialsInvalid) {
                return .found(finding, commands: [.callerIdentity])
            }
            if inputs.isAuthenticated { return .ruledOut("AWS knew the caller, so the credentials were valid.") }
            return .notVisible(
                "CloudTrail records few requests with unknown or inactive keys.",
                look: "The client's log shows the error code.", commands: [.callerIdentity])
        },
        Row(step: 1, id: "temporary-credentials", question: "Had temporary credentials expired?") { inputs in
            if let finding = inputs.finding(.credentialsExpired) { return .found(finding) }
            if inputs.isAuthenticated {
                return .ruledOut("A call with expired credentials is turned away before any policy is looked at.")
            }
            return .notVisible(
                "Calls with expired credentials are seldom recorded.",
                look: "The client's log shows the error code.")
        },
        Row(step: 1, id: "mfa", question: "Is a second factor (MFA) missing or wrong?") { inputs in
            if let finding = inputs.finding(.mfaFailed, .mfaAbsent) { return .found(finding) }
            if let context = inputs.group.successContext, context.isComplete, !context.mfaAuthenticated.isEmpty,
                inputs.worksSince, context.mfaAuthenticated.allSatisfy({ $0.value != "true" })
            {
                return .ruledOut("Since the first denial the same call also succeeded without MFA.")
            }
            return .notVisible(
                "A message never names the condition that failed.",
                look: "Look for \("aws:MultiFactorAuthPresent") in the policies.")
        },
        Row(step: 1, id: "region", question: "Is the client set to the right Region?") { inputs in
            if let finding = inputs.finding(.regionMismatch) { return .found(finding) }
            let regions = inputs.group.regions.map(\.value)
            let here = inputs.facts.sameActionHere.filter { $0.successes > 0 }
            if inputs.succeedsSince {
                return .ruledOut("The same action succeeded in \(list: regions, limit: 3) since the first denial.")
            }
            if !here.isEmpty {
                return .notVisible(
                    "The same action succeeded in \(list: regions, limit: 3) before the first denial; the message does not say whether a policy has refused the Region since.",
                    look: "Look for \("aws:RequestedRegion") in the policies.")
            }
            return .notVisible(
                "The calls went to \(list: regions, limit: 3), and the archive has no success elsewhere to compare with.",
                commands: inputs.facts.servicePrefix == "mobiletargeting"
                    ? regions.prefix(1).map { ShellCommand(["aws", "pinpoint", "get-apps"] + ShellWord.region($0)) }
                    : [])
        },
        Row(step: 1, id: "principal", question: "Does the client use the intended principal?") { inputs in
            if inputs.facts.lastSuccessBefore != nil || inputs.facts.firstSuccessAfter != nil {
                return .ruledOut("\(inputs.group.principal) succeeded with this call at other times.")
            }
            return .notVisible(
                "AWS saw \(inputs.group.principal). Only the client's settings show whether that is intended.",
                commands: [.callerIdentity])
        },
    ]

    // MARK: - Step 2: policies

    private static let policies: [Row] = [
        Row(step: 2, id: "allow", question: "Does a policy allow the action?") { inputs in
            let reason = inputs.group.reason
            if reason.effect == .implicit,
                reason.policyType == .identityBased || reason.policyType == .resourceBased
                    || reason.policyType == .roleTrust || reason.policyType == nil,
                let finding = inputs.finding(.missingAllow)
            {
                // The policies of the caller do not show what the resource's own lacks.
                switch reason.policyType {
                case .resourceBased?: return .found(finding, commands: ResourcePolicyCommands.show(inputs.facts))
                case .roleTrust?: return .found(finding, commands: [])
                default: return .found(finding, commands: show(inputs.facts))
                }
            }
            if inputs.group.category != .authorization { return beforePolicies(inputs) }
            return .notVisible(
                reason.effect == .unstated
                    ? "AWS does not say whether an Allow was missing."
                    : "AWS names another policy, and it names one at a time.", commands: show(inputs.facts))
        },
        Row(step: 2, id: "action-name", question: "Does the policy spell the action as IAM does?") { inputs in
            if let finding = inputs.finding(.wrongIAMPrefix) { return .found(finding) }
            let facts = inputs.facts
            if inputs.finding(.permissionsChanged) == nil,
                facts.lastSuccessBefore != nil || facts.firstSuccessAfter != nil
            {
                return .ruledOut("The same call succeeded at other times, so some policy spelled it right.")
            }
            if facts.policies.documents.contains(where: { DocumentJudgement.mentionsService($0.document, facts) }) {
                return .ruledOut("The policies in the trail spell it correctly; others are not in the trail.")
            }
            let spelling: Prose =
                facts.servicePrefix == "mobiletargeting"
                ? "The right name is \(inputs.group.action): IAM knows no \("pinpoint:") prefix."
                : "The right name is \(inputs.group.action)."
            return .notVisible(
                "The trail has no policy that this principal had at the first denial. \(spelling)",
                commands: show(facts))
        },
        Row(step: 2, id: "resource", question: "Does the policy's resource cover the one refused?") { inputs in
            if let finding = inputs.finding(.resourceTooNarrow) { return .found(finding) }
            let facts = inputs.facts
            if facts.policies.documents.contains(where: { DocumentJudgement.allows($0.document, facts) == .yes }) {
                return .ruledOut("A policy of the principal in the trail allows the call on the refused resource.")
            }
            if PolicyDocuments.conditionalAllow(facts) != nil, !facts.refusedResources.isEmpty {
                return .ruledOut(
                    "A policy of the principal in the trail covers the refused resource, under a condition.")
            }
            let resources = inputs.group.resources.map(\.value)
            return .notVisible(
                resources.isEmpty
                    ? "AWS names no resource, and no policy that allows the action is in the trail."
                    : "AWS names \(list: resources, limit: 2); no policy that allows the action is in the trail to compare with.",
                look: "Use IAM's simulator, see below.")
        },
        Row(step: 2, id: "explicit-deny", question: "Does a policy deny it explicitly?") { inputs in
            if let finding = inputs.finding(.explicitDeny) {
                return .found(finding, commands: inputs.group.policyARNs.prefix(1).compactMap { showPolicy($0.value) })
            }
            if inputs.group.category != .authorization { return beforePolicies(inputs) }
            return .notVisible(
                inputs.group.reason.effect == .implicit
                    ? "AWS names a missing Allow, and it names one reason at a time: a Deny may come to light next."
                    : "AWS does not say.", look: "IAM's simulator covers some policies, see below.")
        },
        Row(step: 2, id: "limits", question: "Does a boundary, an SCP, an RCP or a session policy limit it?") {
            inputs in
            let type = inputs.group.reason.policyType
            switch type {
            case .permissionsBoundary?, .serviceControl?, .resourceControl?, .session?:
                if let finding = inputs.finding(.explicitDeny, .missingAllow, .cognitoGuestSessionPolicy) {
                    return .found(finding)
                }
                return .found("AWS names \(words: type?.article ?? "a") \(words: type?.words ?? "policy").")
            case .identityBased?, .resourceBased?, .vpcEndpoint?, .roleTrust?, nil: break
            }
            if inputs.group.category != .authorization { return beforePolicies(inputs) }
            var note: Prose = "AWS names one policy type at a time, so another may limit it too."
            if inputs.facts.servicePrefix == "mobiletargeting" { note += "RCPs do not cover Pinpoint." }
            return .notVisible(
                note, look: Advice.inManagementAccount,
                commands: Advice.showBoundary(inputs.facts) + organization(inputs.facts))
        },
        Row(step: 2, id: "conditions", question: "Does a condition of a policy fail?") { inputs in
            if let finding = inputs.finding(.conditionUnmet, .mfaAbsent, .networkPathChanged, .clientChanged) {
                return .found(finding)
            }
            if inputs.group.category != .authorization { return beforePolicies(inputs) }
            return .notVisible(
                "A message never names a condition, and tags and organization ids are not in a trail.",
                commands: show(inputs.facts))
        },
        Row(step: 2, id: "recent-change", question: "Did somebody change permissions just before?") { inputs in
            recentChange(inputs)
        },
        Row(step: 2, id: "simulator", question: "What does IAM's policy simulator say?") { inputs in
            .notVisible(
                "It evaluates today's policies, not those of the denial, and may leave out SCPs, RCPs, session and endpoint policies.",
                commands: Advice.simulation(inputs.facts))
        },
    ]

    /// A change is ruled out only where the archive would hold it: all events of the kinds that can bring about the reason that
    /// AWS gave are recorded in it, and which policies bear on the principal is known.
    private static func recentChange(_ inputs: Inputs) -> Answer {
        if let finding = inputs.finding(.permissionsChanged, .principalRecreated, .notYetEffective) {
            return .found(finding)
        }
        guard inputs.group.category == .authorization else { return beforePolicies(inputs) }
        let facts = inputs.facts
        let partition = facts.principal.partition
        guard !isMatterOfIAM(facts) || records("iam.amazonaws.com", inputs) else {
            let region = GlobalService.regionOfIAM(partition: partition)
            return .notVisible(
                "The archive has no IAM events.",
                look: region.map { "IAM is recorded in \($0): download that Region's log files too." }
                    ?? "IAM is recorded in one Region of the partition: download its log files too.")
        }
        switch inputs.group.reason.policyType {
        case .serviceControl?, .resourceControl?:
            if !records("organizations.amazonaws.com", inputs) {
                let region = GlobalService.regionOfOrganizations(partition: partition)
                return .notVisible(
                    "The archive has no AWS Organizations events; the management account records them.",
                    look: region.map { "Download the management account's log files of \($0)." }
                        ?? "Download the management account's log files.")
            }
        case .resourceBased?, .vpcEndpoint?:
            if !records(sourceOfPolicy(facts), inputs) {
                return .notVisible(
                    "The archive has no management events of \(sourceOfPolicy(facts)), where the change of such a policy would be recorded: in the account and Region of \(words: inputs.group.reason.policyType == .vpcEndpoint ? "the endpoint" : "the resource").",
                    look: "Download the log files of that account and Region, too.")
            }
        case .identityBased?, .permissionsBoundary?, .session?, .roleTrust?, nil: break
        }
        guard let success = facts.lastSuccessBefore else {
            return .notVisible(
                facts.group.laterSuccessElsewhereBefore == nil
                    ? "No earlier success and no fitting change is in the archive: it may begin too late."
                    : "No earlier success on what was refused and no fitting change is in the archive: it may begin too late."
            )
        }
        let open = PermissionsChanged.openChanges(facts)
        let suspect = facts.changes.last { change in
            change.time >= success && change.time <= inputs.group.firstSeen
                && change.rule?.canCause(inputs.group.reason.effect) ?? false
                // One that reaches the principal has been judged.
                && (open.contains(change) || !PermissionsChanged.concerns(change, facts))
        }
        if let suspect {
            return .notVisible(
                "\(suspect.summary.capitalised) at \(time: suspect.time), between the last success and the first denial. The trail does not show whether it affects this call."
            )
        }
        if let gap = blindSpot(inputs) { return .notVisible(gap) }
        return .ruledOut(
            "No change in the archive between the last success at \(time: success) and the first denial can cause this.",
            look: "Accounts and Regions that the archive lacks may hold one.")
    }

    /// Whether the archive shows the principal without any policy at a moment.
    private static func showsNoPolicy(at moment: String, _ facts: GroupFacts) -> Bool {
        let history = PolicyHistory(of: facts.principal, at: moment, changes: facts.changes)
        let inline = facts.changes.contains {
            $0.inlinePolicyName != nil && $0.time <= moment && $0.concerns(facts.principal)
        }
        return history.attachedPolicies.isEmpty && history.documents.isEmpty && history.groups.isEmpty && !inline
    }

    /// Whether a change of what AWS named as the reason would be an event of IAM.
    private static func isMatterOfIAM(_ facts: GroupFacts) -> Bool {
        if PublicAccess.isReason(facts) || ServiceGrants.isReason(facts) { return false }
        return switch facts.group.reason.policyType {
        case .identityBased?, .permissionsBoundary?, .roleTrust?, nil: true
        case .resourceBased?, .vpcEndpoint?, .session?, .serviceControl?, .resourceControl?: false
        }
    }

    /// The source of the events that change the policy of an endpoint or a resource.
    private static func sourceOfPolicy(_ facts: GroupFacts) -> String {
        if facts.group.reason.policyType == .vpcEndpoint { return "ec2.amazonaws.com" }
        let source = "\(facts.servicePrefix).amazonaws.com"
        return ChangeCatalogue.hasResourcePolicies(source) ? source : facts.group.eventSource
    }

    /// Which changes that can bring about the reason the archive cannot show; `nil` where it shows all.
    private static func blindSpot(_ inputs: Inputs) -> Prose? {
        let facts = inputs.facts
        switch inputs.group.reason.policyType {
        case .serviceControl?, .resourceControl?:
            return
                "No fitting change is in the archive, but which organizational units an account is in is not in a trail, and a change at any of them may be the cause."
        case .session?:
            return
                "A session policy is passed each time a session is opened, so it may differ between sessions."
        case nil:
            return
                "No fitting change is in the archive, but AWS does not name the type of policy, so it may lie anywhere."
        case .identityBased?, .permissionsBoundary?:
            let isCreated = facts.changes.contains {
                ["CreateRole", "CreateUser"].contains($0.change.eventName) && $0.concerns(facts.principal)
            }
            guard isCreated else {
                return
                    "No change on \(facts.principal.shown) itself that explains this refusal is in the archive between the last success and the first denial, but which policies\(words: facts.principal.kind == .user ? " and groups" : "") it had before the archive begins is unknown, and so whether one of those changed."
            }
            if let success = facts.lastSuccessBefore, showsNoPolicy(at: success, facts) {
                return
                    "\(facts.principal.shown.capitalised) succeeded at \(time: success), and the archive shows no policy that it had then: either it lacks events of IAM, or a policy of the resource allowed the call."
            }
            let source = inputs.group.eventSource
            guard !ChangeCatalogue.hasResourcePolicies(source) || records(source, inputs) else {
                return
                    "The archive has no management events of \(source), so changes to the resource's own policy are not visible."
            }
            return nil
        case .resourceBased?:
            guard facts.changes.contains(where: { $0.rule?.target == .resource }) else {
                return
                    "The archive has no change of this resource's policy, so it is not known whether it would record one."
            }
            return nil
        case .vpcEndpoint?:
            return records("ec2.amazonaws.com", inputs)
                ? nil : "The archive has no management events of \("ec2.amazonaws.com")."
        case .roleTrust?: return nil
        }
    }

    /// Whether the archive holds management events of a source.
    private static func records(_ source: String, _ inputs: Inputs) -> Bool {
        inputs.facts.coverage.services.contains {
            $0.eventSource == source && ($0.eventCategory ?? "Management") == "Management"
        }
    }

    // MARK: - Step 3: network

    private static let network: [Row] = [
        Row(step: 3, id: "vpc-endpoint", question: "Does a VPC endpoint's policy refuse?") { inputs in
            let ids = inputs.group.vpcEndpointIds.map(\.value)
            let commands = ShellCommand.showEndpointPolicies(inputs.facts, limit: 2)
            if inputs.group.reason.policyType == .vpcEndpoint, let finding = inputs.findings.first {
                return .found(finding, commands: commands)
            }
            if let finding = inputs.finding(.networkPathChanged), CallContext.isOtherEndpoint(inputs.facts) {
                return .found(finding, commands: commands)
            }
            if ids.isEmpty {
                return .ruledOut(
                    "These calls came through no VPC endpoint.",
                    look: "A refusal by an endpoint of another account is recorded there, not here.")
            }
            return .notVisible(
                "The calls came through \(list: ids, limit: 2); AWS names another reason, and it names one at a time.",
                commands: commands)
        },
        Row(step: 3, id: "security-groups", question: "Do security groups, network ACLs or DNS block it?") { _ in
            .ruledOut(
                "The calls reached AWS: a blocked packet leaves no record.",
                look: "Calls that never arrive are in VPC flow logs and the client's timeouts.")
        },
        Row(step: 3, id: "proxy", question: "Does a proxy answer with the 403?") { inputs in
            .ruledOut(
                "These refusals are AWS's own: it recorded them.",
                look: "A proxy's 403 has no AWS request id and appears only in the proxy's log.")
        },
    ]

    // MARK: - Step 4: API Gateway

    private static let gatewayLogs: Prose =
        "A 403 of the gateway itself is never in CloudTrail: see the stage's access and execution logs."

    private static let gateway: [Row] = [
        Row(step: 4, id: "gateway-authorization", question: "Does API Gateway turn the caller away?") { inputs in
            inputs.finding(.viaAPIGateway) == nil
                ? .ruledOut("These calls reached the service itself, not through API Gateway.", look: gatewayLogs)
                : .ruledOut("The gateway let the caller in: it made the call itself.", look: gatewayLogs)
        },
        Row(step: 4, id: "gateway-integration", question: "Is the gateway's integration role refused?") { inputs in
            inputs.finding(.viaAPIGateway).map { .found($0) }
                ?? .ruledOut("Neither the agent nor the caller of these calls is API Gateway.")
        },
        Row(step: 4, id: "gateway-waf", question: "Does a WAF or the gateway's resource policy block it?") { _ in
            .ruledOut("What a WAF blocks never reaches the service, and these calls did.", look: gatewayLogs)
        },
    ]

    // MARK: - Steps 5 and 6: the request, quotas

    private static let request: [Row] = [
        Row(step: 5, id: "signature", question: "Are signature and headers right?") { inputs in
            if let finding = inputs.finding(.signatureInvalid) { return .found(finding) }
            if inputs.isAuthenticated { return .ruledOut("AWS accepted the signature: it knew the caller.") }
            return .notVisible(
                "Requests with a wrong signature are seldom recorded.",
                look: "The client's log shows the error code.")
        },
        Row(step: 5, id: "payload", question: "Are content type and payload right?") { inputs in
            inputs.isAuthenticated
                ? .ruledOut("A malformed request is answered with 400, not with this refusal.")
                : .notVisible(
                    "The body of a request is not in a record.", look: "The client's own log shows the request.")
        },
    ]

    private static let quotas: [Row] = [
        Row(step: 6, id: "throttling", question: "Was a quota exceeded?") { inputs in
            .ruledOut(
                inputs.facts.servicePrefix == "mobiletargeting"
                    ? "Pinpoint throttles with 429 (TooManyRequestsException), never 403, so throttling is not counted as a denial."
                    : "Throttling has error codes of its own, and these are none of them.")
        }
    ]

    // MARK: - Step 7: logs

    private static let logs: [Row] = [
        Row(step: 7, id: "cloudtrail", question: "Does CloudTrail's error message give the reason?") { inputs in
            if let finding = inputs.finding(.messageTruncated, .reasonUnstated) {
                return .notVisible(
                    "\(finding.title).",
                    look: inputs.group.authorizationIDs > 0
                        ? "For 24 hours after a denial, its authorization id gives access to the details."
                        : finding.code == .messageTruncated || inputs.group.truncatedDenials > 0
                            ? "The caller's own log may have the whole message." : "")
            }
            return .found("It does: \(words: inputs.group.reason.title).")
        },
        Row(step: 7, id: "application-logs", question: "What do the application's own logs say?") { inputs in
            let functions = Set(inputs.group.sessions.compactMap(\.issuingResource)).sorted().compactMap {
                text -> (name: String, region: String)? in
                guard let arn = ARN(text), arn.service == "lambda" else { return nil }
                return arn.resource.split(separator: ":").dropFirst().first.map { (String($0), arn.region) }
            }
            return .notVisible(
                "They are not in CloudTrail.", look: "See CloudWatch Logs of the function, task or gateway.",
                commands: functions.prefix(2).map {
                    ShellCommand(
                        [
                            "aws", "logs", "tail",
                            ShellWord([.ours("/aws/lambda/"), .value($0.name, .name("the function's name"))]),
                            "--filter-pattern", "403", "--since", "1d",
                        ] + ShellWord.region($0.region))
                })
        },
    ]

    // MARK: - Step 8: the client

    private static let client: [Row] = [
        Row(step: 8, id: "sdk", question: "Did the SDK or its settings change?") { inputs in
            if let finding = inputs.finding(.clientChanged) { return .found(finding) }
            let now = Set(inputs.group.userAgents.map(\.value))
            if let context = inputs.group.successContext, !now.isDisjoint(with: context.userAgents.map(\.value)) {
                return .ruledOut("Successes and denials came from the same client.")
            }
            guard let agent = inputs.group.userAgents.first?.value else {
                return .notVisible("The records name no client.")
            }
            return .notVisible("The client is \(agent); there is no success to compare it with.")
        },
        Row(step: 8, id: "sdk-proxy", question: "Do the calls take another way out than before?") { inputs in
            if let finding = inputs.finding(.networkPathChanged) { return .found(finding) }
            let now = CallContext.addresses(inputs.group.sourceIPAddresses)
            if now.isEmpty { return .notVisible("An AWS service made the calls, so the records hold no address.") }
            if let context = inputs.group.successContext,
                !now.isDisjoint(with: CallContext.addresses(context.sourceIPAddresses))
            {
                return .ruledOut("Successes and denials came from the same addresses.")
            }
            return .notVisible(
                "The calls came from \(list: now.sorted(), limit: 3); there is no success from there to compare with.")
        },
    ]

    // MARK: - Step 9: accounts, environments, the service itself

    private static let advanced: [Row] = [
        Row(step: 9, id: "cross-account", question: "Does the call cross accounts?") { inputs in
            if let finding = inputs.finding(.crossAccount) { return .found(finding) }
            if let owner = CrossAccount.resourceAccount(inputs.facts), owner == inputs.facts.principal.account {
                return .ruledOut("Caller and resource both belong to account \(owner).")
            }
            return .notVisible("The refused resource names no account.")
        },
        Row(step: 9, id: "environments", question: "Does it work in another stage or account?") { inputs in
            if let finding = inputs.finding(.environmentDifference) { return .found(finding) }
            return .notVisible(
                "No like-named principal of another account or stage succeeds with the action in this archive.")
        },
        Row(step: 9, id: "service-lifecycle", question: "Has the service ended, or is the account at fault?") {
            inputs in
            if let finding = inputs.finding(.serviceEnded, .notSubscribed, .accountState) { return .found(finding) }
            let isPolicy = inputs.group.reason.effect != .unstated || !inputs.isAuthenticated
            guard isPolicy else { return .notVisible("AWS does not say whether it is a matter of policy at all.") }
            if ServiceEnded.isEnded(inputs.facts) {
                return .notVisible(
                    "AWS names another reason, but \(inputs.facts.operation) is one of the engagement features that ended on \(words: PinpointCatalogue.endOfSupport): the service will refuse it once IAM does not."
                )
            }
            return .ruledOut("AWS names another reason.")
        },
        Row(step: 9, id: "least-privilege", question: "What does the principal need at the least?") { inputs in
            .notVisible(
                "A trail shows what was called, not what is allowed and unused.",
                commands: ARN(inputs.group.principal)?.service == "iam"
                    ? [
                        ShellCommand([
                            "aws", "iam", "generate-service-last-accessed-details", "--arn",
                            .value(inputs.group.principal, .arn(service: "iam")),
                        ])
                    ] : [])
        },
    ]

    // MARK: - Words and commands that rows share

    private static func beforePolicies(_ inputs: Inputs) -> Answer {
        switch inputs.group.category {
        case .authentication: .ruledOut("The call was turned away before any policy was looked at.")
        case .account: .ruledOut("The service itself refused, for a reason that no policy decides.")
        case .authorization, .throttling, .validation: .notVisible("AWS does not say.")
        }
    }

    private static func show(_ facts: GroupFacts) -> [ShellCommand] {
        switch facts.principal.kind {
        case .role:
            [ShellCommand(["aws", "iam", "list-attached-role-policies", "--role-name", .role(facts.principal.name)])]
        case .user:
            [ShellCommand(["aws", "iam", "list-attached-user-policies", "--user-name", .user(facts.principal.name)])]
        case .root, .federatedUser, .service, .other: []
        }
    }

    private static func organization(_ facts: GroupFacts) -> [ShellCommand] {
        guard ValueForm.isAccount(facts.principal.account) else { return [] }
        return [
            ShellCommand([
                "aws", "organizations", "list-policies-for-target", "--target-id",
                .value(facts.principal.account, .account), "--filter", "SERVICE_CONTROL_POLICY",
            ])
        ]
    }

    private static func showPolicy(_ arn: String) -> ShellCommand? {
        guard let parsed = ARN(arn) else { return nil }
        return parsed.service == "organizations"
            ? ShellCommand(["aws", "organizations", "describe-policy", "--policy-id", .organizationPolicy(parsed.name)])
            : ShellCommand(["aws", "iam", "get-policy", "--policy-arn", .policyARN(arn)])
    }
}
