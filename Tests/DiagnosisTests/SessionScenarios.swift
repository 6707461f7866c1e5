import AccessDenial
import Diagnosis
import IAMPolicy
import TrailStore

extension ScenarioTests {
    private static let session = Facts.slug("missing-allow:session")
    private static let expired = Facts.slug("credentials-expired")
    private static let broker = "arn:aws:iam::111122223333:role/broker"

    private static func opened(
        policy: String? = nil, policyARNs: [String] = [], expiration: String? = "2026-11-10T11:30:00Z",
        at time: String = "2026-11-10T10:30:00Z"
    ) -> DenialSession {
        var issue = SessionIssue(eventID: "opening", issuedAt: time, eventName: "AssumeRole")
        issue.issuedTo = broker
        issue.roleARN = Facts.role
        issue.expiration = expiration
        issue.policy = policy
        issue.policyARNs = policyARNs
        return DenialSession(
            arn: "arn:aws:sts::111122223333:assumed-role/order-notifier/acme", accessKeyId: "ASIAEXAMPLE",
            startedAt: time, denials: 12, firstDenial: Facts.firstSeen, lastDenial: Facts.lastSeen, issue: issue)
    }

    static let sessions: [Scenario] = [
        Scenario(
            name: "a session policy that allows reading only, passed by the broker",
            group: Facts.group(session) { $0.sessions = [opened(policy: Facts.allowReads)] }, rootCause: .missingAllow,
            spares: [.permissionsChanged], blames: ["opening"], confidence: .stated, offersPolicy: false),
        Scenario(
            name: "a session policy that denies",
            group: Facts.group(.explicitDeny(.session)) { $0.sessions = [opened(policy: Facts.denySend)] },
            rootCause: .explicitDeny, spares: [.missingAllow], blames: ["opening"], offersPolicy: false),
        Scenario(
            name: "a session whose beginning is not in the archive blames no event",
            group: Facts.group(session) {
                $0.sessions = [
                    DenialSession(denials: 12, firstDenial: Facts.firstSeen, lastDenial: Facts.lastSeen)
                ]
            }, rootCause: .missingAllow, blames: [], offersPolicy: false),
        Scenario(
            name: "a session policy is not told of where AWS names another policy",
            group: Facts.group(.missingAllow(.identityBased)) { $0.sessions = [opened(policy: Facts.allowReads)] },
            rootCause: .missingAllow, blames: []),
        Scenario(
            name: "credentials that ended half an hour before",
            group: Facts.group(expired) { $0.sessions = [opened()] }, rootCause: .credentialsExpired,
            spares: [.neverSucceeded], blames: ["opening"], confidence: .stated, remedy: .setting, offersPolicy: false),
        Scenario(
            name: "expired credentials of which only the age is known",
            group: Facts.group(expired) {
                var session = opened()
                session.issue = nil
                $0.sessions = [session]
            }, rootCause: .credentialsExpired, blames: [], offersPolicy: false),
    ]

    private static func project(_ region: String, account: String = Facts.account, id: String = "0a1b2c") -> ProjectUse
    {
        ProjectUse(
            applicationID: id, awsRegion: region, accountId: account, successes: 3, eventID: "elsewhere",
            eventTime: "2026-11-05T00:00:00Z", eventName: "UpdateSmsChannel", principal: Facts.user)
    }

    private static let target = "arn:aws:iam::111122223333:role/preview"
    private static let assume = "sts:AssumeRole"

    private static func creation(at time: String, of name: String = "preview") -> PermissionChange {
        Facts.change("CreateRole", at: time, target: name, parameters: #"{"roleName":"\#(name)"}"#)
    }

    private static func assumed(successes: Int = 1, resources: [String] = [target]) -> DenialGroup {
        Facts.group(Facts.slug("unstated"), action: assume, resource: resources[0], source: "sts.amazonaws.com") {
            $0.resources = resources.map { Counted($0, denials: 12 / resources.count) }
            $0.lastSeen = "2026-11-10T12:00:20Z"
            $0.successesWithin = 0
            $0.firstSuccessAfter = successes > 0 ? "2026-11-10T12:00:30Z" : nil
        }
    }

    /// A role handed to a service that could not assume it, and could so many seconds after the first refusal.
    private static func handed(until success: String?) -> DenialGroup {
        Facts.group(
            Facts.slug("service-role:not-assumable"), action: "lambda:CreateFunction", resource: nil,
            source: "lambda.amazonaws.com"
        ) {
            $0.lastSeen = "2026-11-10T12:00:04Z"
            $0.successesWithin = 0
            $0.firstSuccessAfter = success
        }
    }

    static let regionsAndNewRoles: [Scenario] = [
        Scenario(
            name: "a service assumes a role seconds after it could not",
            group: handed(until: "2026-11-10T12:00:09Z"), rootCause: .notYetEffective, finds: [.refusedByService],
            confidence: .inferred, status: .resolved, remedy: Remedy.Kind.none),
        Scenario(
            name: "a service assumes a role an hour after it could not",
            group: handed(until: "2026-11-10T13:00:09Z"), rootCause: .refusedByService, spares: [.notYetEffective],
            status: .resolved),
        Scenario(
            name: "a service that never could assume the role", group: handed(until: nil),
            rootCause: .refusedByService, spares: [.notYetEffective], status: .quiet,
            explains: ["does not let the service in"]),
        Scenario(
            name: "the deletion of a refused role heals nothing",
            group: assumed(),
            changes: [
                creation(at: "2026-11-10T11:59:57Z"),
                Facts.change(
                    "DeleteRole", at: "2026-11-10T12:00:25Z", id: "deletion", target: "preview", type: "role",
                    parameters: #"{"roleName":"preview"}"#),
            ], rootCause: .notYetEffective, blames: ["change"], status: .resolved, remedy: Remedy.Kind.none,
            saysNot: ["What fixed it"]),
        Scenario(
            name: "the project answers in another Region only",
            group: Facts.group(.missingAllow(.identityBased)), projects: [project("eu-west-1")],
            rootCause: .regionMismatch, blames: ["elsewhere"], confidence: .inferred, remedy: .setting,
            offersPolicy: false, says: ["eu-west-1"]),
        Scenario(
            name: "the project answers here as well",
            group: Facts.group(.missingAllow(.identityBased)), projects: [project("eu-west-1"), project("us-east-1")],
            rootCause: .missingAllow, spares: [.regionMismatch]),
        Scenario(
            name: "another project answers elsewhere",
            group: Facts.group(.missingAllow(.identityBased)), projects: [project("eu-west-1", id: "ffffff")],
            rootCause: .missingAllow, spares: [.regionMismatch]),
        Scenario(
            name: "the project answers elsewhere, but the call worked here",
            group: Facts.group(.missingAllow(.identityBased)), usage: [Facts.usage()], projects: [project("eu-west-1")],
            rootCause: .missingAllow, spares: [.regionMismatch]),
        Scenario(
            name: "a role that was created seconds before",
            group: assumed(), changes: [creation(at: "2026-11-10T11:59:57Z")], rootCause: .notYetEffective,
            finds: [.reasonUnstated], blames: ["change"], confidence: .inferred, status: .resolved,
            remedy: Remedy.Kind.none),
        Scenario(
            name: "a role that was created an hour before",
            group: assumed(), changes: [creation(at: "2026-11-10T11:00:00Z")], rootCause: .reasonUnstated,
            spares: [.notYetEffective], status: .resolved),
        Scenario(
            name: "another role was created seconds before",
            group: assumed(), changes: [creation(at: "2026-11-10T11:59:57Z", of: "other")], rootCause: .reasonUnstated,
            spares: [.notYetEffective], status: .resolved),
        Scenario(
            name: "a new role that could never be assumed",
            group: assumed(successes: 0), changes: [creation(at: "2026-11-10T11:59:57Z")], rootCause: .neverSucceeded,
            spares: [.notYetEffective], status: .quiet),
        Scenario(
            name: "one of two refused roles is old",
            group: assumed(resources: [target, "arn:aws:iam::111122223333:role/old"]),
            changes: [creation(at: "2026-11-10T11:59:57Z")], rootCause: .reasonUnstated, spares: [.notYetEffective],
            status: .resolved),
        Scenario(
            name: "an Allow does not bring back a feature that has ended",
            group: Facts.group(
                .missingAllow(.identityBased), action: "mobiletargeting:CreateCampaign", resource: Facts.app),
            rootCause: .missingAllow, remedy: Remedy.Kind.none, offersPolicy: false,
            says: ["2026-10-30", "Amazon Connect"]),
        Scenario(
            name: "a feature that goes on is still to be allowed",
            group: Facts.group(.missingAllow(.identityBased)), rootCause: .missingAllow, remedy: .policy,
            offersPolicy: true),
        Scenario(
            name: "a permission set's event alone is never blamed",
            group: Facts.group(
                .missingAllow(.identityBased),
                principal:
                    "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Dev_0123456789abcdef"),
            changes: [
                Facts.change(
                    "DetachManagedPolicyFromPermissionSet", target: "arn:aws:sso:::permissionSet/ssoins-1/ps-1",
                    type: "permission-set", source: "sso.amazonaws.com", account: Facts.other)
            ], rootCause: .missingAllow, spares: [.permissionsChanged]),
    ]
}
