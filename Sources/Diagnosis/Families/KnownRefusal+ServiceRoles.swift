import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore

/// Roles that are given to services, and that these may not assume.
extension KnownRefusal {
    static func serviceRole(_ facts: GroupFacts) -> Known? {
        let suspect = suspect(facts)
        return switch facts.group.eventSource {
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
        case "states.amazonaws.com" where facts.group.reason.slug == "service-role:lacks-access":
            Known(
                title: "",
                story:
                    "A state that waits for a job to end (.sync) needs a rule of EventBridge, which Step Functions makes with the state machine's role. The caller's permissions are not at fault.",
                remedy: Remedy(
                    .policy,
                    "Allow the state machine's role \(list: rolesNamed(facts), limit: 1) events:PutTargets, events:PutRule and events:DescribeRule on the managed rules of Step Functions, such as rule/StepFunctionsGetEventsForECSTaskRule. A role that was given them a moment ago may need a minute."
                ))
        default: nil
        }
    }

    /// The roles that AWS's words name.
    private static func rolesNamed(_ facts: GroupFacts) -> [String] {
        var roles: [String] = []
        for message in facts.group.evidence.compactMap(\.errorMessage) {
            for word in message.split(whereSeparator: { " '\"`,".contains($0) }) {
                guard let arn = ARN(String(word)), arn.service == "iam", arn.resource.hasPrefix("role/"),
                    !roles.contains(String(word))
                else { continue }
                roles.append(String(word))
            }
        }
        return roles
    }

    // MARK: - Which role

    /// What changes of trust policies are looked up by: the services of Amazon Cognito that they name.
    static func subjectsOfServiceRoles(_ group: DenialGroup) -> [TrailChange.Subject] {
        guard group.eventSource.hasPrefix("cognito-") else { return [] }
        return ["cognito-idp.amazonaws.com", "cognito-identity.amazonaws.com"].map { .resource($0) }
    }

    /// A role of the trail whose trust policy does not let the service in.
    struct Suspect {
        var role: String
        var event: ChangeEvent
        /// What it asks for or names instead, for a sentence that begins with the role.
        var flaw: Prose
    }

    /// The events that show what AWS's words do not name; empty where none does.
    static func evidence(_ facts: GroupFacts) -> [Evidence] {
        guard facts.group.reason.slug == "service-role:not-assumable", let suspect = suspect(facts) else { return [] }
        let event = suspect.event
        return [
            Evidence(
                eventID: event.eventID, eventTime: event.eventTime, eventName: event.eventName,
                principal: event.actor, summary: "wrote the trust policy of role \(suspect.role)")
        ]
    }

    private static func story(_ suspect: Suspect?, _ facts: GroupFacts) -> Prose {
        guard let suspect else { return "" }
        return
            "The trail shows one such role, \(suspect.role): its trust policy, written at \(time: suspect.event.eventTime), \(suspect.flaw)."
    }

    /// The identity pool of the refused calls, as their records tell it.
    private static func pool(_ facts: GroupFacts) -> String? {
        facts.requests.denied.all.lazy.compactMap { $0.observed.call.text("additionalEventData", "identityPoolId") }
            .first
    }

    /// The only role of the account whose trust policy speaks of the service and does not let it in; `nil` where none or several do.
    private static func suspect(_ facts: GroupFacts) -> Suspect? {
        let accounts = Set(facts.group.accounts.map(\.value))
        let moment = Moment.at(facts.group.firstSeen)
        let timeline = facts.trail.timeline
        let found = timeline.holders.filter { $0.kind == .role && accounts.contains($0.account) }.compactMap {
            role -> Suspect? in
            guard let entry = timeline.state(of: role, .trust, at: moment).entries[""],
                case .known(.document(let text)) = entry.knowledge, let document = text.document,
                case .event(let event) = entry.source, let flaw = flaw(document, facts)
            else { return nil }
            return Suspect(role: role.name, event: event, flaw: flaw)
        }
        return found.count == 1 ? found[0] : nil
    }

    /// Why a trust policy that speaks of Amazon Cognito does not let in the service that called; `nil` where it does, or speaks of
    /// something else.
    private static func flaw(_ document: PolicyDocument, _ facts: GroupFacts) -> Prose? {
        let allows = document.statements.filter { $0.effect == .allow }
        func names(_ service: String) -> Bool {
            allows.contains { $0.principals?.patterns.contains { $0.text.lowercased() == service } ?? false }
        }
        switch facts.group.eventSource {
        case "cognito-idp.amazonaws.com":
            guard names("cognito-identity.amazonaws.com"), !names("cognito-idp.amazonaws.com") else { return nil }
            return
                "lets in \("cognito-identity.amazonaws.com") with sts:AssumeRoleWithWebIdentity, and not \("cognito-idp.amazonaws.com")"
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
