import AccessDenial
import Diagnosis
import IAMPolicy
import TrailStore

/// What the replay proves: several changes that matter together, policies that refuse by themselves, and what contradicts AWS.
extension ScenarioTests {
    private static let lacking = Facts.group(.missingAllow(.identityBased))
    private static let unstated = Facts.group(Facts.slug("unstated"))
    private static let denied = Facts.group(.explicitDeny(.identityBased))

    private static let created = Facts.change(
        "CreateRole", at: "2026-11-09T00:00:00Z", id: "created", parameters: #"{"roleName":"order-notifier"}"#)
    private static let written = Facts.change(
        "CreatePolicy", at: "2026-11-02T00:00:00Z", id: "written", target: Facts.policy, type: "policy",
        policy: Facts.policy,
        parameters: #"{"policyName":"pinpoint-send","policyDocument":\#(Facts.quoted(Facts.allowSend))}"#,
        response: #"{"policy":{"arn":"\#(Facts.policy)","defaultVersionId":"v1"}}"#)
    private static let attached = Facts.change(
        "AttachRolePolicy", at: "2026-11-02T00:01:00Z", id: "attached", policy: Facts.policy,
        parameters: #"{"roleName":"order-notifier","policyArn":"\#(Facts.policy)"}"#)
    private static let detached = Facts.change(
        "DetachRolePolicy", id: "detached", policy: Facts.policy,
        parameters: #"{"roleName":"order-notifier","policyArn":"\#(Facts.policy)"}"#)
    private static let narrowed = Facts.version(Facts.allowReads, at: "2026-11-10T11:54:00Z", id: "narrowed")

    private static let assuming = Facts.group(
        Facts.slug("unstated"), action: "sts:AssumeRole", resource: "arn:aws:iam::111122223333:role/target",
        source: "sts.amazonaws.com")

    /// The role that is to be assumed, made with trust in a role of an account: the caller's own, or another one.
    private static func trusting(_ account: String) -> PermissionChange {
        let trusted = account == Facts.account ? Facts.role : "arn:aws:iam::\(account):role/another"
        let trust =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"\#(trusted)"},"Action":"sts:AssumeRole"}]}"#
        return Facts.change(
            "CreateRole", at: "2026-11-02T00:00:00Z", id: "target", target: "target",
            parameters: #"{"roleName":"target","assumeRolePolicyDocument":\#(Facts.quoted(trust))}"#)
    }

    static let together: [Scenario] = [
        Scenario(
            name: "together: a policy was narrowed, and detached", group: lacking, usage: [Facts.usage()],
            changes: [written, attached, narrowed, detached], rootCause: .permissionsChanged,
            blames: ["detached", "narrowed"], confidence: .simulated, explains: ["several changes together"]),
        Scenario(
            name: "together: each of two policies denies", group: denied, usage: [Facts.usage()],
            changes: [
                Facts.put(Facts.denySend, at: "2026-11-10T11:54:00Z", id: "first", name: "one"),
                Facts.put(Facts.denySend, at: "2026-11-10T11:55:00Z", id: "second", name: "two"),
            ], rootCause: .permissionsChanged, blames: ["second", "first"], confidence: .simulated,
            explains: ["several changes together", "Each brought a Deny"]),
        Scenario(
            name: "alone: one policy denies, and another one is none of it", group: denied, usage: [Facts.usage()],
            changes: [
                Facts.put(Facts.denySend, at: "2026-11-10T11:54:00Z", id: "first", name: "one"),
                Facts.put(Facts.allowReads, at: "2026-11-10T11:55:00Z", id: "second", name: "two"),
            ], rootCause: .permissionsChanged, blames: ["first"], confidence: .simulated,
            explainsNot: ["several changes together"]),
        Scenario(
            name: "alone: what is detached allowed the call", group: lacking, usage: [Facts.usage()],
            changes: [written, attached, detached], rootCause: .permissionsChanged, blames: ["detached"],
            confidence: .simulated, explainsNot: ["several changes together"]),
    ]

    static let evaluated: [Scenario] = [
        Scenario(
            name: "evaluated: a new role was given nothing that allows the call", group: unstated,
            changes: [created, Facts.put(Facts.allowReads, at: "2026-11-09T00:01:00Z", id: "reads")],
            rootCause: .missingAllow, confidence: .simulated, offersPolicy: true,
            explains: ["AWS gives no reason", "none allows the call"]),
        Scenario(
            name: "evaluated, spared: a new role was given a policy of which the text is not known", group: unstated,
            changes: [
                created,
                Facts.change(
                    "AttachRolePolicy", at: "2026-11-09T00:01:00Z", id: "unread", policy: Facts.policy,
                    parameters: #"{"roleName":"order-notifier","policyArn":"\#(Facts.policy)"}"#),
            ], rootCause: .neverSucceeded, spares: [.missingAllow]),
        Scenario(
            name: "evaluated, spared: a new role allows the call", group: unstated,
            changes: [created, Facts.put(Facts.allowSend, at: "2026-11-09T00:01:00Z", id: "sends")],
            rootCause: .neverSucceeded, spares: [.missingAllow]),
        Scenario(
            name: "evaluated, refuted: the call succeeded while the same policies stood", group: unstated,
            usage: [Facts.usage(first: "2026-11-09T12:00:00Z", last: "2026-11-10T11:50:00Z")],
            changes: [created, Facts.put(Facts.allowReads, at: "2026-11-09T00:01:00Z", id: "reads")],
            rootCause: .reasonUnstated, spares: [.missingAllow]),
        Scenario(
            name: "evaluated: a role does not trust the caller", group: assuming, changes: [trusting(Facts.other)],
            rootCause: .missingAllow, confidence: .simulated, says: ["Let the trust policy of role target allow"],
            saysNot: ["simulate-principal-policy"], explains: ["it names arn:aws:iam::444455556666:role/another"]),
        Scenario(
            name: "evaluated, spared: a role trusts the caller", group: assuming, changes: [trusting(Facts.account)],
            rootCause: .neverSucceeded, spares: [.missingAllow]),
        Scenario(
            name: "evaluated: a Deny that stood before matches, and AWS gives no reason", group: unstated,
            changes: [Facts.put(Facts.denySend, at: "2026-11-02T00:01:00Z", id: "denies")],
            rootCause: .permissionsChanged, finds: [.explicitDeny]),
        Scenario(
            name: "evaluated, spared: a Deny of which a condition is not decided", group: unstated,
            changes: [
                Facts.put(
                    Facts.denySend.replacing(
                        #""Resource":"*""#,
                        with: #""Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}"#),
                    at: "2026-11-02T00:01:00Z", id: "denies")
            ], rootCause: .permissionsChanged, spares: [.explicitDeny]),
    ]

    static let contradictions: [Scenario] = [
        Scenario(
            name: "contradiction: AWS says that none allows, and one does", group: lacking,
            changes: [Facts.put(Facts.allowSend, at: "2026-11-02T00:00:00Z", id: "allows")], rootCause: .missingAllow,
            explains: ["By its text in the trail policy inline allows the call", "not in this archive"]),
        Scenario(
            name: "contradiction: AWS says that one denies, and none does", group: denied,
            changes: [created, Facts.put(Facts.allowSend, at: "2026-11-09T00:01:00Z", id: "allows")],
            rootCause: .explicitDeny, explains: ["None of the policies that the trail shows denies the call"]),
        Scenario(
            name: "no contradiction: the policy that denies is not known", group: denied,
            changes: [Facts.put(Facts.allowSend, at: "2026-11-09T00:01:00Z", id: "allows")],
            rootCause: .explicitDeny, explainsNot: ["None of the policies that the trail shows"]),
    ]
}
