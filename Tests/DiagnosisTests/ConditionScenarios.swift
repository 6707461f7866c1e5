import AccessDenial
import Diagnosis
import IAMPolicy
import TrailStore

/// Policies whose text the trail holds: conditions that the records decide, organizations' policies, keys, Regions, boundaries.
extension ScenarioTests {
    private static let denied = Reason.explicitDeny(.identityBased)
    private static let refused = Reason.missingAllow(.identityBased)

    /// A Deny of the refused action under a condition.
    private static func deny(_ condition: String, effect: String = "Deny") -> PermissionChange {
        Facts.put(
            #"{"Version":"2012-10-17","Statement":[{"Effect":"\#(effect)","Action":"mobiletargeting:*","Resource":"*","Condition":{\#(condition)}}]}"#
        )
    }

    private static func innocent(
        _ name: String, _ reason: Reason, _ changes: PermissionChange..., group: DenialGroup? = nil,
        usage: [Usage] = [Facts.usage()]
    ) -> Scenario {
        Scenario(
            name: "spared: \(name)", group: group ?? Facts.group(reason), usage: usage, changes: changes,
            rootCause: reason.effect == .explicit ? .explicitDeny : .missingAllow, spares: [.permissionsChanged])
    }

    private static func guilty(
        _ name: String, _ reason: Reason, _ changes: PermissionChange..., group: DenialGroup? = nil,
        usage: [Usage] = [Facts.usage()]
    ) -> Scenario {
        Scenario(
            name: "blamed: \(name)", group: group ?? Facts.group(reason), usage: usage, changes: changes,
            rootCause: .permissionsChanged, blames: ["change"], confidence: .inferred)
    }

    private static func doubtful(
        _ name: String, _ reason: Reason, _ changes: PermissionChange..., group: DenialGroup? = nil,
        usage: [Usage] = [Facts.usage()]
    ) -> Scenario {
        Scenario(
            name: "possible at most: \(name)", group: group ?? Facts.group(reason), usage: usage, changes: changes,
            rootCause: reason.effect == .explicit ? .explicitDeny : .missingAllow, finds: [.permissionsChanged])
    }

    private static func from(_ address: String) -> DenialGroup {
        Facts.group(denied) { $0.sourceIPAddresses = [Counted(address, denials: 12)] }
    }

    private static let decided: [Scenario] = [
        innocent("a Deny for another Region", denied, deny(#""StringEquals":{"aws:RequestedRegion":"eu-west-1"}"#)),
        guilty("a Deny for this Region", denied, deny(#""StringEquals":{"aws:RequestedRegion":["us-east-1"]}"#)),
        innocent(
            "a Deny outside of Regions that hold this one", denied,
            deny(#""StringNotEquals":{"aws:RequestedRegion":["us-east-1","eu-west-1"]}"#)),
        innocent(
            "a Deny outside of addresses that hold the caller's", denied,
            deny(#""NotIpAddress":{"aws:SourceIp":["203.0.113.0/24"]}"#), group: from("203.0.113.7")),
        guilty(
            "a Deny outside of addresses that do not hold the caller's", denied,
            deny(#""NotIpAddress":{"aws:SourceIp":["203.0.113.0/28"]}"#), group: from("203.0.113.77")),
        guilty(
            "a Deny outside of addresses, for a call by a service", denied,
            deny(#""NotIpAddress":{"aws:SourceIp":["203.0.113.0/28"]}"#), group: from("cloudformation.amazonaws.com")),
        innocent(
            "a Deny that exempts the caller", denied,
            deny(#""ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/app/*"}"#)),
        innocent(
            "a Deny without MFA, for a session with it", denied,
            deny(#""BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}"#),
            group: Facts.group(denied) { $0.mfaAuthenticated = [Counted("true", denials: 12)] }),
        guilty(
            "a Deny without MFA, for a session that may have none", denied,
            deny(#""BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}"#),
            group: Facts.group(denied) { $0.mfaAuthenticated = [Counted("false", denials: 12)] }),
        innocent(
            "a Deny from next year on", denied, deny(#""DateGreaterThan":{"aws:CurrentTime":"2027-01-01T00:00:00Z"}"#)),
        guilty(
            "a Deny since last year", denied, deny(#""DateGreaterThan":{"aws:CurrentTime":"2025-01-01"}"#)),
        guilty(
            "a Deny under a key that no record tells", denied,
            deny(#""StringNotEquals":{"aws:PrincipalOrgID":"o-1"}"#)),
        guilty(
            "a Deny under a variable", denied, deny(#""StringNotEquals":{"aws:PrincipalArn":"${aws:username}"}"#)),
        innocent(
            "an Allow under a condition that holds", refused,
            deny(#""StringEquals":{"aws:RequestedRegion":"us-east-1"}"#, effect: "Allow")),
    ]

    private static let scp = Reason.explicitDeny(.serviceControl)

    private static func organization(
        _ event: String, at time: String = "2026-11-10T11:55:00Z", id: String = "change", _ parameters: String,
        response: String? = nil
    ) -> PermissionChange {
        var change = Facts.change(
            event, at: time, id: id, target: nil, type: nil, source: "organizations.amazonaws.com",
            account: Facts.other, parameters: parameters, response: response)
        change.policyName = "p-new"
        if response != nil {
            change.policyARN = "arn:aws:organizations::\(Facts.other):policy/o-1/service_control_policy/p-new"
        }
        return change
    }

    private static func created(_ document: String, type: String = "SERVICE_CONTROL_POLICY") -> PermissionChange {
        organization(
            "CreatePolicy", at: "2026-11-02T00:00:00Z", id: "made",
            #"{"name":"guard","type":"\#(type)","content":\#(Facts.quoted(document))}"#,
            response:
                #"{"policy":{"policySummary":{"id":"p-new","arn":"arn:aws:organizations::\#(Facts.other):policy/o-1/service_control_policy/p-new","type":"\#(type)"}}}"#
        )
    }

    private static let attached = organization(
        "AttachPolicy", #"{"policyId":"p-new","targetId":"\#(Facts.account)"}"#)

    private static func moved(_ from: String, _ to: String, at time: String, id: String) -> PermissionChange {
        organization(
            "MoveAccount", at: time, id: id,
            #"{"accountId":"\#(Facts.account)","sourceParentId":"\#(from)","destinationParentId":"\#(to)"}"#)
    }

    private static let organizations: [Scenario] = [
        guilty("an SCP attached whose text denies the call", scp, created(Facts.denySend), attached),
        innocent(
            "an SCP attached whose text denies another service", scp,
            created(Facts.statement("Deny", "s3:DeleteBucket", "*")), attached),
        innocent("a tag policy attached", scp, created(Facts.denySend, type: "TAG_POLICY"), attached),
        guilty("the account was moved", scp, moved("ou-a", "ou-b", at: "2026-11-10T11:55:00Z", id: "change")),
        innocent(
            "the account was moved and came back", scp, moved("ou-a", "ou-b", at: "2026-11-10T11:52:00Z", id: "away"),
            moved("ou-b", "ou-a", at: "2026-11-10T11:55:00Z", id: "change")),
        doubtful(
            "the account was moved, and whose the bucket is is not known", .explicitDeny(.resourceControl),
            moved("ou-a", "ou-b", at: "2026-11-10T11:55:00Z", id: "change"),
            group: Facts.group(
                .explicitDeny(.resourceControl), action: "s3:GetObject", resource: "arn:aws:s3:::data/x",
                source: "s3.amazonaws.com"),
            usage: [Facts.usage(Facts.role, "s3:GetObject")]),
    ]

    private static let secret = "arn:aws:secretsmanager:us-east-1:111122223333:secret:db-AbCdEf"

    private static func secretPolicy(_ document: String, region: String = "us-east-1") -> PermissionChange {
        var change = Facts.change(
            "PutResourcePolicy", target: "db", type: "secret", source: "secretsmanager.amazonaws.com",
            parameters: #"{"secretId":"db","resourcePolicy":\#(Facts.quoted(document))}"#)
        change.awsRegion = region
        return change
    }

    private static func denyTo(_ principal: String) -> String {
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":{"AWS":"\#(principal)"},"Action":"secretsmanager:*","Resource":"*"}]}"#
    }

    private static let ofSecret = Facts.group(
        .explicitDeny(.resourceBased), action: "secretsmanager:GetSecretValue", resource: secret,
        source: "secretsmanager.amazonaws.com")
    private static let secretUsage = [Facts.usage(Facts.role, "secretsmanager:GetSecretValue")]

    private static let boundaries = ["one", "two"].map { "arn:aws:iam::111122223333:policy/\($0)" }

    private static func grant(_ event: String, id: String, operations: String = "Encrypt") -> PermissionChange {
        Facts.change(
            event, at: event == "CreateGrant" ? "2026-11-02T00:00:00Z" : "2026-11-10T11:55:00Z", id: id, target: "k-1",
            type: "key", source: "kms.amazonaws.com",
            parameters:
                #"{"keyId":"k-1","grantId":"g-1","granteePrincipal":"\#(Facts.role)","operations":["\#(operations)"]}"#,
            response: #"{"grantId":"g-1"}"#)
    }

    private static let ofKey = Facts.group(
        .missingAllow(.resourceBased), action: "kms:Decrypt", resource: "arn:aws:kms:us-east-1:111122223333:key/k-1",
        source: "kms.amazonaws.com")

    private static let held: [Scenario] = [
        guilty(
            "a secret's policy that denies the caller", .explicitDeny(.resourceBased), secretPolicy(denyTo(Facts.role)),
            group: ofSecret, usage: secretUsage),
        innocent(
            "a secret's policy that denies somebody else", .explicitDeny(.resourceBased),
            secretPolicy(denyTo(Facts.user)), group: ofSecret, usage: secretUsage),
        innocent(
            "the policy of the like-named secret of another Region", .explicitDeny(.resourceBased),
            secretPolicy(denyTo(Facts.role), region: "eu-west-1"), group: ofSecret, usage: secretUsage),
        guilty(
            "a version that is narrower than the policy was when created", refused,
            Facts.change(
                "CreatePolicy", at: "2026-11-02T00:00:00Z", id: "made", target: Facts.policy, type: "policy",
                policy: Facts.policy,
                parameters: #"{"policyName":"pinpoint-send","policyDocument":\#(Facts.quoted(Facts.allowSend))}"#),
            Facts.change("AttachRolePolicy", at: "2026-11-02T00:01:00Z", id: "attach", policy: Facts.policy),
            Facts.version(Facts.allowReads)),
        innocent(
            "a policy detached from a group and held by the user all the same", refused,
            Facts.change(
                "AttachUserPolicy", at: "2026-11-02T00:00:00Z", id: "own", target: "alice", type: "user",
                policy: Facts.policy),
            Facts.change(
                "AddUserToGroup", at: "2026-11-02T00:01:00Z", id: "join", target: "alice", type: "user",
                parameters: #"{"userName":"alice","groupName":"senders"}"#),
            Facts.change("DetachGroupPolicy", target: "senders", type: "group", policy: Facts.policy),
            group: Facts.group(refused, principal: Facts.user), usage: [Facts.usage(Facts.user)]),
        innocent(
            "a new version of a boundary that was replaced", .missingAllow(.permissionsBoundary),
            Facts.change(
                "PutRolePermissionsBoundary", at: "2026-11-02T00:00:00Z", id: "first", policy: boundaries[1]),
            Facts.change(
                "PutRolePermissionsBoundary", at: "2026-11-03T00:00:00Z", id: "second", policy: boundaries[0]),
            Facts.version(Facts.allowReads, of: boundaries[1])),
        innocent(
            "an endpoint created with the policy that allows all", .missingAllow(.vpcEndpoint),
            Facts.change(
                "CreateVpcEndpoint", target: "vpce-0abc", type: "vpc-endpoint", source: "ec2.amazonaws.com",
                parameters: #"{"CreateVpcEndpointRequest":{"VpcId":"vpc-1"}}"#),
            group: Facts.group(.missingAllow(.vpcEndpoint)) { $0.vpcEndpointIds = [Counted("vpce-0abc", denials: 12)] }),
        innocent(
            "the caller's grant of another operation was revoked", .missingAllow(.resourceBased),
            grant("CreateGrant", id: "made"), grant("RevokeGrant", id: "change"), group: ofKey,
            usage: [Facts.usage(Facts.role, "kms:Decrypt")]),
        guilty(
            "the caller's grant of this operation was revoked", .missingAllow(.resourceBased),
            grant("CreateGrant", id: "made", operations: "Decrypt"), grant("RevokeGrant", id: "change"), group: ofKey,
            usage: [Facts.usage(Facts.role, "kms:Decrypt")]),
        doubtful(
            "a change in the second of the first denial", refused,
            Facts.change("DetachRolePolicy", at: Facts.firstSeen, policy: Facts.policy)),
        Scenario(
            name: "spared: a wrong prefix that stood while the call worked", group: Facts.group(refused),
            usage: [Facts.usage()],
            changes: [
                Facts.put(Facts.statement("Allow", "pinpoint:SendMessages", "*"), at: "2026-11-02T00:00:00Z", id: "old")
            ], rootCause: .missingAllow, finds: [.wrongIAMPrefix]),
        Scenario(
            name: "behind another call: what the call itself tells of its successes",
            group: Facts.group(refused, action: "iam:PassRole", resource: "arn:aws:iam::111122223333:role/import") {
                $0.calledAction = "mobiletargeting:CreateImportJob"
            }, usage: [Facts.usage(Facts.role, "mobiletargeting:CreateImportJob")],
            changes: [Facts.change("DetachRolePolicy", policy: Facts.policy)], rootCause: .permissionsChanged,
            spares: [.neverSucceeded], blames: ["change"], confidence: .inferred),
        Scenario(
            name: "blamed: what ended the time between two outages",
            group: Facts.group(refused) {
                $0.firstSeen = "2026-11-03T00:00:00Z"
                $0.outageStart = Facts.firstSeen
                $0.outages = 2
                $0.lastSuccessBefore = "2026-11-10T11:50:00Z"
                $0.successesWithin = 0
            }, usage: [Facts.usage()],
            changes: [
                Facts.change("DetachRolePolicy", at: "2026-11-02T23:00:00Z", id: "early", policy: Facts.policy),
                Facts.change("AttachRolePolicy", at: "2026-11-03T01:00:00Z", id: "healed", policy: Facts.policy),
                Facts.change(
                    "DeleteRolePolicy", parameters: #"{"roleName":"order-notifier","policyName":"send"}"#),
            ], rootCause: .permissionsChanged, blames: ["change"], confidence: .inferred),
    ]

    static let conditions: [Scenario] = decided + organizations + held + unmet

    // MARK: - Allows whose condition the calls do not meet

    private static func allow(
        _ condition: String, at time: String = "2026-11-02T00:00:00Z", id: String = "change", name: String = "inline",
        event: String = "PutRolePolicy", owner: String = "order-notifier"
    ) -> PermissionChange {
        Facts.put(
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"mobiletargeting:*","Resource":"*","Condition":{\#(condition)}}]}"#,
            at: time, id: id, name: name, event: event, owner: owner)
    }

    private static func untilNoon(at time: String = "2026-11-02T00:00:00Z") -> PermissionChange {
        allow(#""DateLessThan":{"aws:CurrentTime":"2026-11-10T11:58:00Z"}"#, at: time)
    }

    private static let office = allow(#""IpAddress":{"aws:SourceIp":"203.0.113.0/24"}"#)

    private static func calls(
        from address: String, successesFrom: String? = nil, mfa: String? = nil, successMFA: String? = nil
    ) -> DenialGroup {
        Facts.group(refused) {
            $0.sourceIPAddresses = [Counted(address, denials: 12)]
            $0.mfaAuthenticated = mfa.map { [Counted($0, denials: 12)] } ?? []
            guard successesFrom != nil || successMFA != nil else { return }
            var context = SuccessContext()
            context.sourceIPAddresses = successesFrom.map { [Counted($0, denials: 2)] } ?? []
            context.mfaAuthenticated = successMFA.map { [Counted($0, denials: 2)] } ?? []
            $0.successContext = context
        }
    }

    private static func unmet(
        _ name: String, _ changes: PermissionChange..., group: DenialGroup = Facts.group(refused),
        usage: [Usage] = [Facts.usage()], says: [String] = [], explains: [String] = []
    ) -> Scenario {
        Scenario(
            name: "condition not met: \(name)", group: group, usage: usage, changes: changes,
            rootCause: .conditionUnmet, finds: [.missingAllow], blames: ["change"], confidence: .inferred,
            remedy: .policy, offersPolicy: false, says: says, explains: explains)
    }

    private static func met(
        _ name: String, _ changes: PermissionChange..., group: DenialGroup = Facts.group(refused),
        usage: [Usage] = [Facts.usage()]
    ) -> Scenario {
        Scenario(
            name: "no condition at fault: \(name)", group: group, usage: usage, changes: changes,
            rootCause: .missingAllow, spares: [.conditionUnmet])
    }

    private static let unmet: [Scenario] = [
        unmet(
            "an Allow that ran out", untilNoon(),
            says: [
                "aws:CurrentTime", "if the permission is still wanted; it was granted for a limited time",
                "aws iam get-role-policy",
            ],
            explains: ["ended by itself", "2026-11-10T11:58:00Z", "2026-11-10 11:50:00 UTC"]),
        unmet("an Allow that ran out, of which no success is known", untilNoon(), usage: []),
        unmet(
            "a managed policy for another Region, and no success since it was written",
            Facts.change("AttachRolePolicy", at: "2026-11-02T00:00:00Z", id: "attach", policy: Facts.policy),
            Facts.version(
                #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"mobiletargeting:*","Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}}]}"#,
                at: "2026-11-02T00:01:00Z"), usage: [],
            says: ["aws:RequestedRegion", "us-east-1", "list-policy-versions"],
            explains: ["eu-west-1"]),
        unmet(
            "an Allow for the office, called from elsewhere", office,
            group: calls(from: "198.51.100.7", successesFrom: "203.0.113.5"),
            says: ["203.0.113.0/24"], explains: ["198.51.100.7", "The calls that succeeded met it"]),
        unmet(
            "an Allow with MFA, called without", allow(#""Bool":{"aws:MultiFactorAuthPresent":"true"}"#),
            group: calls(from: "203.0.113.5", successesFrom: "203.0.113.5", mfa: "false", successMFA: "true"),
            says: ["opened with MFA"]),
        met("the time has not come to an end", allow(#""DateLessThan":{"aws:CurrentTime":"2027-01-01T00:00:00Z"}"#)),
        met("the calls come from the office", office, group: calls(from: "203.0.113.9")),
        met(
            "some calls come from the office", office,
            group: Facts.group(refused) {
                $0.sourceIPAddresses = [Counted("203.0.113.9", denials: 6), Counted("198.51.100.7", denials: 6)]
            }),
        met("where the calls come from is not known", office),
        met(
            "a key that no record tells", allow(#""StringEquals":{"aws:PrincipalTag/team":"messaging"}"#),
            group: calls(from: "203.0.113.9")),
        met(
            "MFA where the key may be absent, if it is there at all",
            allow(#""BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}"#),
            group: calls(from: "203.0.113.5", mfa: "false")),
        met(
            "another role's",
            allow(#""DateLessThan":{"aws:CurrentTime":"2026-11-10T11:58:00Z"}"#, owner: "order-archiver")
        ),
        met(
            "deleted before the first denial", untilNoon(),
            Facts.change(
                "DeleteRolePolicy", at: "2026-11-03T00:00:00Z", id: "gone",
                parameters: #"{"roleName":"order-notifier","policyName":"inline"}"#)),
        met(
            "beside an Allow that may hold", untilNoon(),
            allow(#""StringEquals":{"aws:PrincipalTag/team":"messaging"}"#, id: "other", name: "other")),
        Scenario(
            name: "condition not met: calls that succeeded did not meet it either",
            group: calls(from: "198.51.100.7", successesFrom: "198.51.100.9"), usage: [Facts.usage()],
            changes: [office], rootCause: .missingAllow, finds: [.conditionUnmet]),
        Scenario(
            name: "condition not met: it was replaced later, after the first denial",
            group: Facts.group(refused), usage: [Facts.usage()],
            changes: [
                untilNoon(), Facts.put(Facts.allowSend, at: "2026-11-10T18:00:00Z", id: "later"),
            ], rootCause: .conditionUnmet, blames: ["change"]),
        Scenario(
            name: "no condition at fault: AWS names a boundary",
            group: Facts.group(.missingAllow(.permissionsBoundary)),
            usage: [Facts.usage()], changes: [untilNoon()], rootCause: .missingAllow, spares: [.conditionUnmet]),
    ]
}
