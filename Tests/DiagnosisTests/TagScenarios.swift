import AccessDenial
import Diagnosis
import IAMPolicy
import TrailStore

/// Conditions on tags: of the principal, of its session, of the resource.
extension ScenarioTests {
    private static let refused = Reason.missingAllow(.identityBased)

    private static func allow(_ key: String, _ value: String = "data", resource: String = "*", effect: String = "Allow")
        -> PermissionChange
    {
        Facts.put(
            #"{"Version":"2012-10-17","Statement":[{"Effect":"\#(effect)","Action":"mobiletargeting:*","Resource":"\#(resource)","Condition":{"StringEquals":{"\#(key)":"\#(value)"}}}]}"#,
            at: "2026-11-02T00:00:00Z", id: "policy")
    }

    private static let teamOnly = allow("aws:PrincipalTag/team")

    private static func tag(_ tags: [String: String], at time: String = "2026-11-02T01:00:00Z", id: String = "tagged")
        -> PermissionChange
    {
        let list = tags.sorted { $0.key < $1.key }.map { #"{"key":"\#($0.key)","value":"\#($0.value)"}"# }
        return Facts.change(
            "TagRole", at: time, id: id,
            parameters: #"{"roleName":"order-notifier","tags":[\#(list.joined(separator: ","))]}"#)
    }

    private static func untag(_ key: String) -> PermissionChange {
        Facts.change("UntagRole", parameters: #"{"roleName":"order-notifier","tagKeys":["\#(key)"]}"#)
    }

    private static func spared(_ name: String, _ changes: PermissionChange..., finds: [Finding.Code] = []) -> Scenario {
        Scenario(
            name: "tags, spared: \(name)", group: Facts.group(refused), usage: [Facts.usage()], changes: changes,
            rootCause: .missingAllow, finds: finds, spares: finds.isEmpty ? [.permissionsChanged] : [])
    }

    private static let principalTags: [Scenario] = [
        Scenario(
            name: "the tag that the Allow asks for was taken from the role", group: Facts.group(refused),
            usage: [Facts.usage()], changes: [teamOnly, tag(["Team": "data"]), untag("Team")],
            rootCause: .permissionsChanged, finds: [.conditionUnmet], blames: ["change"], confidence: .inferred,
            offersPolicy: false,
            says: ["aws iam tag-role --role-name order-notifier --tags Key=Team,Value=data"],
            explains: ["the tag team of role order-notifier", "which it has no more"], explainsNot: ["not in the trail"]
        ),
        Scenario(
            name: "the tag that the Allow asks for got another value", group: Facts.group(refused),
            usage: [Facts.usage()],
            changes: [
                teamOnly, tag(["team": "data"]), tag(["team": "sales"], at: "2026-11-10T11:55:00Z", id: "change"),
            ], rootCause: .permissionsChanged, blames: ["change"], confidence: .inferred, offersPolicy: false,
            says: ["Key=team,Value=data"]),
        Scenario(
            name: "the tag that the Allow names as a variable was taken from the role", group: Facts.group(refused),
            usage: [Facts.usage()],
            changes: [allow("aws:ResourceTag/team", "${aws:PrincipalTag/team}"), tag(["team": "data"]), untag("team")],
            rootCause: .permissionsChanged, blames: ["change"], confidence: .inferred),
        Scenario(
            name: "a tag came on which a Deny rests", group: Facts.group(.explicitDeny(.identityBased)),
            usage: [Facts.usage()],
            changes: [
                allow("aws:PrincipalTag/quarantined", "yes", effect: "Deny"),
                tag(["quarantined": "yes"], at: "2026-11-10T11:55:00Z", id: "change"),
            ], rootCause: .permissionsChanged, blames: ["change"], confidence: .inferred),
        spared(
            "another tag than the Allow asks for went", teamOnly, tag(["team": "data", "cost": "1"]), untag("cost")),
        spared(
            "the tag got the value that it had", teamOnly, tag(["team": "data"]),
            tag(["team": "data", "x": "y"], at: "2026-11-10T11:55:00Z", id: "change")),
        spared(
            "the known Allow asks for no tag",
            Facts.put(Facts.allowSend, at: "2026-11-02T00:00:00Z", id: "policy"), untag("cost")),
        spared("no policy is known, so a tag is no more than possible", untag("cost"), finds: [.permissionsChanged]),
        Scenario(
            name: "the role never had the tag that the Allow asks for", group: Facts.group(refused),
            changes: [
                Facts.change(
                    "CreateRole", at: "2026-11-01T12:00:00Z", id: "made", parameters: #"{"roleName":"order-notifier"}"#),
                teamOnly,
            ], rootCause: .conditionUnmet, offersPolicy: false,
            says: ["the tag team", "Do not allow the call without"],
            explains: ["the refused calls had none"]),
    ]

    private static func sessionsOpened(tags: [SessionIssue.Tag], opened: [SessionIssue.Tag]?) -> DenialGroup {
        Facts.group(refused) { group in
            group.lastSuccessBefore = "2026-11-10T11:50:00Z"
            var issue = SessionIssue(
                eventID: "opened", issuedAt: "2026-11-10T11:58:00Z", eventName: "AssumeRole")
            issue.issuedTo = Facts.user
            issue.tags = tags
            group.sessions = [
                DenialSession(
                    accessKeyId: "ASIAIOSFODNN7EXAMPLE", denials: 12, firstDenial: Facts.firstSeen,
                    lastDenial: Facts.lastSeen, issue: issue)
            ]
            group.taggedSession = opened.map { tags in
                var issue = SessionIssue(
                    eventID: "former", issuedAt: "2026-11-10T11:40:00Z", eventName: "AssumeRole")
                issue.issuedTo = Facts.user
                issue.tags = tags
                return issue
            }
        }
    }

    private static let team = SessionIssue.Tag(key: "team", value: "data")

    private static let sessionTags: [Scenario] = [
        Scenario(
            name: "sessions are opened without the tag that the Allow asks for",
            group: sessionsOpened(tags: [], opened: [team]), usage: [Facts.usage()], changes: [teamOnly],
            rootCause: .conditionUnmet, blames: ["policy", "former"], confidence: .inferred, offersPolicy: false,
            says: ["Let user alice pass the session tag team"]),
        Scenario(
            name: "sessions are opened with the tag that the Allow asks for",
            group: sessionsOpened(tags: [team], opened: [team]), usage: [Facts.usage()],
            changes: [teamOnly],
            rootCause: .missingAllow, spares: [.conditionUnmet]),
        Scenario(
            name: "sessions are opened without a tag that no policy asks for",
            group: sessionsOpened(tags: [], opened: [SessionIssue.Tag(key: "cost", value: "1")]),
            usage: [Facts.usage()],
            changes: [Facts.put(Facts.allowSend, at: "2026-11-02T00:00:00Z", id: "policy")], rootCause: .missingAllow,
            spares: [.conditionUnmet]),
    ]

    private static let secret = "arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/db-AbCdEf"

    private static func tagSecret(
        _ event: String, _ parameters: String, at time: String, id: String, secret: String = "prod/db"
    ) -> PermissionChange {
        Facts.change(
            event, at: time, id: id, target: secret, type: "secret", source: "secretsmanager.amazonaws.com",
            parameters: #"{"secretId":"\#(secret)",\#(parameters)}"#)
    }

    private static func ofSecret(_ name: String, _ changes: PermissionChange..., isGuilty: Bool) -> Scenario {
        let policy = Facts.put(
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/env":"prod"}}}]}"#,
            at: "2026-11-02T00:00:00Z", id: "policy")
        let tagged = tagSecret(
            "TagResource", #""tags":[{"key":"env","value":"prod"},{"key":"cost","value":"1"}]"#,
            at: "2026-11-02T01:00:00Z", id: "tagged")
        return Scenario(
            name: name,
            group: Facts.group(
                refused, action: "secretsmanager:GetSecretValue", resource: secret,
                source: "secretsmanager.amazonaws.com"),
            usage: [Facts.usage(Facts.role, "secretsmanager:GetSecretValue", source: "secretsmanager.amazonaws.com")],
            changes: [policy, tagged] + changes, rootCause: isGuilty ? .permissionsChanged : .missingAllow,
            spares: isGuilty ? [] : [.permissionsChanged], blames: isGuilty ? ["change"] : nil,
            confidence: isGuilty ? .inferred : nil,
            says: isGuilty
                ? ["aws secretsmanager tag-resource --secret-id prod/db --tags Key=env,Value=prod"] : [])
    }

    private static let resourceTags: [Scenario] = [
        ofSecret(
            "the tag that the Allow asks for was taken from the secret",
            tagSecret("UntagResource", #""tagKeys":["env"]"#, at: "2026-11-10T11:55:00Z", id: "change"), isGuilty: true),
        ofSecret(
            "the tag was taken from another secret",
            tagSecret(
                "UntagResource", #""tagKeys":["env"]"#, at: "2026-11-10T11:55:00Z", id: "change", secret: "prod/db2"),
            isGuilty: false),
        ofSecret(
            "another tag was taken from the secret",
            tagSecret("UntagResource", #""tagKeys":["cost"]"#, at: "2026-11-10T11:55:00Z", id: "change"),
            isGuilty: false),
    ]

    private static let bornConditions: [Scenario] = [
        Scenario(
            name: "the Allow that is offered bears the condition of the one that stands",
            group: Facts.group(refused), usage: [Facts.usage()],
            changes: [allow("aws:PrincipalTag/team", resource: Facts.app)], rootCause: .missingAllow,
            finds: [.resourceTooNarrow], offersPolicy: true,
            says: ["aws:PrincipalTag/team", "The existing Allow has a condition"]),
        Scenario(
            name: "the Allow that is offered bears no condition where one stands without",
            group: Facts.group(refused), usage: [Facts.usage()],
            changes: [
                allow("aws:PrincipalTag/team", resource: Facts.app),
                Facts.put(
                    Facts.statement("Allow", "mobiletargeting:*", Facts.app + "/segments/*"),
                    at: "2026-11-02T00:00:00Z", id: "other", name: "other"),
            ], rootCause: .missingAllow, offersPolicy: true, saysNot: ["aws:PrincipalTag/team"]),
    ]

    static let tags = principalTags + sessionTags + resourceTags + bornConditions
}
