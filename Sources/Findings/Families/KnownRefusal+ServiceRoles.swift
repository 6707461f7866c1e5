import AccessDenial
import Causes
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import RecordedCalls
import RecordedChanges
import TrailStore
import Wording

/// Roles that are given to services, and that these may not assume.
extension KnownRefusal {
    static func serviceRole(_ facts: GroupFacts) -> Known? {
        let suspect = suspect(facts)
        var known = serviceRole(suspect, facts)
        if suspect != nil || facts.group.reason.slug == ServiceRoleRefusal.notAssumable {
            known?.evidence = evidence(suspect)
        }
        if suspect != nil { known?.point = story(suspect, facts) }
        return known
    }

    private static func serviceRole(_ suspect: Suspect?, _ facts: GroupFacts) -> Known? {
        switch facts.group.eventSource {
        case "cognito-idp.amazonaws.com" where facts.group.reason.slug == "service-role:not-assumable":
            Known(
                title: "",
                story:
                    "The role is the one in the SMS settings of the user pool. Cognito assumes it as a service, with sts:AssumeRole and the external id of those settings; a trust policy for a Federated principal with sts:AssumeRoleWithWebIdentity is for identity pools and does not let it in."
                    + story(suspect, facts),
                remedy: Remedy(
                    .policy,
                    "Let the trust policy of the pool's SMS role\(suspect.map { " \($0.role)" } ?? "") name the service cognito-idp.amazonaws.com as principal, with the action sts:AssumeRole and a condition on sts:ExternalId that holds the pool's external id. No permission of the caller is at fault."
                ))
        case "cognito-identity.amazonaws.com":
            Known(
                title: "",
                story:
                    "The role is one of those set for the identity pool. Its trust policy must let cognito-identity.amazonaws.com in with sts:AssumeRoleWithWebIdentity, and its condition on cognito-identity.amazonaws.com:aud must hold the id of this very pool."
                    + story(suspect, facts),
                remedy: Remedy(
                    .policy,
                    "Put the identity pool's id\(pool(facts).map { " (\($0))" } ?? "") into the condition cognito-identity.amazonaws.com:aud of the trust policy of \(suspect.map { "role \($0.role)" } ?? "the role"), and authenticated or unauthenticated into cognito-identity.amazonaws.com:amr as the role is used."
                ))
        case "states.amazonaws.com"
        where facts.group.evidence.contains { $0.errorMessage?.contains("managed-rule") ?? false }:
            Known(
                title: "",
                story:
                    "A state that waits for a job to end (.sync) needs a rule of EventBridge, which Step Functions makes with the state machine's role. The caller's permissions are not at fault.",
                remedy: Remedy(
                    .policy,
                    "Allow the state machine's role \(list: rolesNamed(facts), limit: 1) events:PutTargets, events:PutRule and events:DescribeRule on the managed rules of Step Functions, such as rule/StepFunctionsGetEventsForECSTaskRule. A role that was given them a moment ago may need a minute."
                ))
        default: handedRole(suspect, facts)
        }
    }

    /// A role that the request hands to any other service.
    private static func handedRole(_ suspect: Suspect?, _ facts: GroupFacts) -> Known? {
        let named = facts.group.rolesNamed
        let roles = named.isEmpty ? functionRoles(facts) : named
        guard let role = roles.first, roles.count == 1 else { return nil }
        if facts.group.reason.slug == ServiceRoleRefusal.lacksAccess, suspect == nil {
            if let behind = facts.behind, behind.principal == role.description { return lacks(role, behind, facts) }
            if let handed = HandedRole(role, facts) { return lacks(handed, facts) }
            let asked = askedFor(facts)
            let what: Prose = asked.map { "\($0)" } ?? "what the service asks for in the words above"
            let policy = ServicePolicies.policy(
                for: usedBy(facts) ?? facts.group.eventSource, allowing: asked, partition: facts.principal.partition)
            if let policy {
                let text: Prose =
                    asked == nil
                    ? "Attach \(policy) to role \(role.name): AWS's own policy for it."
                    : "Allow role \(role.name) \(what), or attach \(policy), which has it and what else the service needs."
                return Known(
                    title: "", story: "The role is \(role.description).",
                    remedy: Remedy(
                        .policy,
                        text
                            + "If the role or its permissions are only seconds old, retry first. No permission of the caller is at fault.",
                        commands: PolicyCommands.policies(of: PrincipalName(role.description))))
            }
            return Known(
                title: "", story: "The role is \(role.description).",
                remedy: Remedy(
                    .policy,
                    "Allow role \(role.name) \(what), and what else the service's guide asks for. If the role or its permissions are only seconds old, retry first. No permission of the caller is at fault.",
                    commands: PolicyCommands.policies(of: PrincipalName(role.description))))
        }
        let services = services(facts)
        let text: Prose =
            services.isEmpty
            ? "Let the trust policy of role \(role.name) name the service that is to use it, with the action \("sts:AssumeRole")."
            : "Let the trust policy of role \(role.name) name the service \(list: services, limit: 2) as principal, with the action \("sts:AssumeRole")."
        // AWS says that permissions are missing, and the trust policy does not even let the service in.
        let isOther = facts.group.reason.slug == ServiceRoleRefusal.lacksAccess
        return Known(
            title: isOther ? "The service may not assume the role" : "",
            story: suspect == nil ? "The role is \(role.description)." : story(suspect, facts),
            remedy: Remedy(
                .policy,
                text + "If the role is only seconds old, retry first. No permission of the caller is at fault.",
                commands: [PolicyCommands.trust(ofRole: role.name)]))
    }

    /// What the service was refused with the role in the same moment.
    private static func lacks(_ role: ARN, _ behind: DenialsBehind.Denial, _ facts: GroupFacts) -> Known {
        if let policy = HandedRole.allowing(behind.action, on: behind.resource, role, facts) {
            return Known(
                title: "", story: "The role is \(role.description).",
                remedy: Remedy(
                    .setting,
                    "Retry: policy \(policy.name) of role \(role.name) allows \(behind.action), and was written too shortly before. IAM takes some seconds until a change is known everywhere. No permission of the caller is at fault."
                ))
        }
        let on: Prose = behind.resource.map { " on \($0)" } ?? ""
        return Known(
            title: "", story: "The role is \(role.description).",
            remedy: Remedy(
                .policy,
                "Allow role \(role.name) \(behind.action)\(on), as below. No permission of the caller is at fault.",
                commands: PolicyCommands.policies(of: PrincipalName(role.description)), policy: policy(behind)))
    }

    /// What the role's policies do not allow of what the service does with it.
    private static func lacks(_ handed: HandedRole, _ facts: GroupFacts) -> Known {
        let role = handed.role
        let text: Prose =
            handed.lacking.isEmpty
            ? "Look at what stands behind the destination: where it is encrypted with a customer managed key, role \(role.name) needs \("kms:GenerateDataKey") on that key, too. No permission of the caller is at fault."
            : "Allow role \(role.name) \(list: handed.lacking.map(\.action), limit: 3), as below. If the role or its permissions are only seconds old, retry first. No permission of the caller is at fault."
        return Known(
            title: "", story: "The role is \(role.description)." + handed.story(facts),
            remedy: Remedy(
                .policy, text, commands: PolicyCommands.policies(of: PrincipalName(role.description)),
                policy: handed.policy),
            evidence: handed.evidence(facts))
    }

    /// The roles that AWS's words name.
    private static func rolesNamed(_ facts: GroupFacts) -> [String] {
        facts.group.rolesNamed.map(\.description)
    }

    /// The roles of the functions that the refused calls name, as they stood then.
    private static func functionRoles(_ facts: GroupFacts) -> [ARN] {
        guard facts.group.eventSource == "lambda.amazonaws.com" else { return [] }
        let roles = facts.requests.denied.all.map(\.observed.call).compactMap { call -> ARN? in
            guard let function = call.parameterText("functionName"), let region = call.text("awsRegion"),
                let account = call.text("recipientAccountId")
            else { return nil }
            let holder = Holder.function(CallTarget.name(in: function), account: account, region: region)
            let lane = facts.trail.timeline.state(of: holder, .role, at: .at(facts.group.firstSeen))
            guard case .known(.text(let role))? = lane.entries[""]?.knowledge else { return nil }
            return ARN(role)
        }
        return Set(roles).sorted { $0.description < $1.description }
    }

    /// The action that AWS's words name: `sqs:ReceiveMessage` of "… permissions to call ReceiveMessage on SQS".
    private static func askedFor(_ facts: GroupFacts) -> String? {
        let words = facts.group.evidence.lazy.compactMap(\.errorMessage).first.map {
            $0.split(whereSeparator: { " .".contains($0) }).map(String.init)
        }
        guard let words, let call = words.firstIndex(of: "call"), call + 3 < words.count, words[call + 2] == "on" else {
            return nil
        }
        let (operation, service) = (words[call + 1], words[call + 3].lowercased())
        let isPlain = (operation + service).utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x7A }
        return isPlain ? "\(service):\(operation)" : nil
    }

    // MARK: - Which role

    /// What changes of trust policies are looked up by: the roles, and the services of Amazon Cognito that they name.
    static func subjectsOfServiceRoles(_ group: DenialGroup) -> [TrailChange.Subject] {
        let named = group.rolesNamed.map { TrailChange.Subject.holder(.role($0.name, account: $0.account)) }
        if group.eventSource == "lambda.amazonaws.com" {
            let functions = group.requests.prefix(3).compactMap { RecordedCall($0).parameterText("functionName") }
            return named + Set(functions.map { CallTarget.name(in: $0) }).sorted().map { .resource($0) }
        }
        guard group.eventSource.hasPrefix("cognito-") else { return named }
        return named + ["cognito-idp.amazonaws.com", "cognito-identity.amazonaws.com"].map { .resource($0) }
    }

    /// A role of the trail whose trust policy does not let the service in.
    struct Suspect {
        package var role: String
        package var event: ChangeEvent
        /// What it asks for or names instead, for a sentence that begins with the role.
        var flaw: Prose
    }

    private static func evidence(_ suspect: Suspect?) -> [Evidence] {
        guard let suspect else { return [] }
        let event = suspect.event
        return [
            Evidence(
                eventID: event.eventID, eventTime: event.eventTime, eventName: event.eventName,
                principal: event.actor, summary: "wrote the trust policy of role \(suspect.role)")
        ]
    }

    private static func story(_ suspect: Suspect?, _ facts: GroupFacts) -> Prose {
        guard let suspect else { return "" }
        let which: Prose = facts.group.rolesNamed.isEmpty ? "The trail shows one such role" : "The role is"
        let comma: Prose = facts.group.rolesNamed.isEmpty ? ", \(suspect.role)" : " \(suspect.role)"
        return
            "\(which)\(comma): its trust policy, written at \(time: suspect.event.eventTime), \(suspect.flaw)."
    }

    /// The identity pool of the refused calls, as their records tell it.
    private static func pool(_ facts: GroupFacts) -> String? {
        facts.requests.denied.all.lazy.compactMap { $0.observed.call.text("additionalEventData", "identityPoolId") }
            .first
    }

    /// The role that the refusal names whose trust policy does not let the service in; where it names none the only one of the account
    /// whose trust policy speaks of Amazon Cognito and does not. `nil` where none or several are.
    private static func suspect(_ facts: GroupFacts) -> Suspect? {
        let isNotAssumable = facts.group.reason.slug == ServiceRoleRefusal.notAssumable || pool(facts) != nil
        guard isNotAssumable || ServiceRoleRefusal.slugs.contains(facts.group.reason.slug) else { return nil }
        let moment = Moment.at(facts.group.firstSeen)
        let timeline = facts.trail.timeline
        let named = facts.group.rolesNamed.compactMap { Holder(naming: $0.description) }
        // Where only the permissions fall short no other role than the one that is named is meant.
        guard isNotAssumable || !named.isEmpty else { return nil }
        let accounts = Set(facts.group.accounts.map(\.value))
        let holders = named.isEmpty ? timeline.holders.filter { accounts.contains($0.account) } : named
        let found = holders.filter { $0.kind == .role }.compactMap { role -> Suspect? in
            guard let entry = timeline.state(of: role, .trust, at: moment).entries[""],
                case .known(.document(let text)) = entry.knowledge, let document = text.document,
                case .event(let event) = entry.source,
                let flaw = named.isEmpty ? cognitoFlaw(document, facts) : flaw(document, facts)
            else { return nil }
            return Suspect(role: role.name, event: event, flaw: flaw)
        }
        return found.count == 1 ? found[0] : nil
    }

    /// The service that the parameter tells which names the role.
    private static func usedBy(_ facts: GroupFacts) -> String? {
        let roles = Set(facts.group.rolesNamed.map(\.description))
        for call in facts.group.requests.prefix(3).map({ RecordedCall($0) }) {
            guard case .object(let members)? = call.parameters else { continue }
            for member in members where member.value.stringValue.map(roles.contains) ?? false {
                if let service = PassedRole.service(ofParameter: member.key) { return service }
            }
        }
        return nil
    }

    /// The services that the refused calls hand a role to, by their hosts.
    private static func services(_ facts: GroupFacts) -> [String] {
        if let told = usedBy(facts) { return [told] }
        let known = PassedRole.services(
            passedToBy: facts.group.eventSource, facts.group.evidence.first?.eventName ?? "")
        // Most services assume roles under the name that they are called by.
        let isOwn = known.isEmpty && facts.group.reason.slug == ServiceRoleRefusal.notAssumable
        let services = isOwn ? [facts.group.eventSource] : known
        // Trust policies name Pinpoint so, whatever the reference calls it.
        return services.contains("pinpoint.amazonaws.com") ? ["pinpoint.amazonaws.com"] : services
    }

    /// Why a trust policy does not let the service in that was to assume the role; `nil` where it does, and where the service is not
    /// certain.
    private static func flaw(_ document: PolicyDocument, _ facts: GroupFacts) -> Prose? {
        let services = services(facts)
        guard !services.isEmpty, !services.contains(where: { admits($0, document) }) else { return nil }
        return flaw(document, services)
    }

    private static func flaw(_ document: PolicyDocument, _ services: [String]) -> Prose {
        let allows = document.statements.filter { $0.effect == .allow }
        let principals = Set(allows.flatMap { $0.principals?.patterns.map(\.text) ?? [] }).sorted()
        let actions = Set(allows.flatMap(\.actions.patterns).map(\.text)).sorted()
        let lets: Prose =
            principals.isEmpty
            ? "lets nobody in" : "lets in \(list: principals, limit: 3) with \(list: actions, limit: 3)"
        return "\(lets), and not the service \(list: services, limit: 2) with \("sts:AssumeRole")"
    }

    /// Whether a trust policy lets a service in.
    private static func admits(_ service: String, _ document: PolicyDocument) -> Bool {
        document.statements.contains { statement in
            statement.effect == .allow && statement.matchesAction("sts:AssumeRole")
                && statement.principals?.patterns.contains {
                    $0.kind == "Service" && $0.text.lowercased() == service || $0.text == "*"
                } ?? false
        }
    }

    /// Why a trust policy that speaks of Amazon Cognito does not let in the service that called; `nil` where it does, or speaks of
    /// something else.
    private static func cognitoFlaw(_ document: PolicyDocument, _ facts: GroupFacts) -> Prose? {
        let allows = document.statements.filter { $0.effect == .allow }
        let service = facts.group.eventSource
        switch service {
        case "cognito-idp.amazonaws.com":
            let speaks = allows.contains {
                $0.principals?.patterns.contains { $0.text.lowercased().hasPrefix("cognito-") } ?? false
            }
            return speaks && !admits(service, document) ? flaw(document, [service]) : nil
        case "cognito-identity.amazonaws.com":
            let conditions = allows.flatMap(\.conditions).filter {
                $0.key.lowercased() == "cognito-identity.amazonaws.com:aud"
            }
            guard let pool = pool(facts), !conditions.isEmpty,
                !conditions.contains(where: { $0.values.contains(pool) })
            else { return nil }
            return
                "asks for the pool \(list: Set(conditions.flatMap(\.values)).sorted(), limit: 2) in cognito-identity.amazonaws.com:aud, and the calls are of pool \(pool)"
        default: return nil
        }
    }
}
