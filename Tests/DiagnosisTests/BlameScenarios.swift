import AccessDenial
import Diagnosis
import IAMPolicy
import TrailStore

/// Which changes are blamed, and which only happened.
extension ScenarioTests {
    private static let member = Facts.group(.missingAllow(.identityBased), principal: Facts.user)
    private static let memberUsage = [Facts.usage(Facts.user)]

    private static func membership(_ event: String, at time: String = "2026-11-10T11:55:00Z", id: String = "change")
        -> PermissionChange
    {
        Facts.change(
            event, at: time, id: id, target: "alice", type: "user",
            parameters: #"{"userName":"alice","groupName":"senders"}"#)
    }

    private static func groupPolicy(_ document: String, id: String = "policy") -> PermissionChange {
        Facts.put(document, at: "2026-11-01T02:00:00Z", id: id, event: "PutGroupPolicy", owner: "senders")
    }

    private static let groupCreated = Facts.change(
        "CreateGroup", at: "2026-11-01T01:00:00Z", id: "group", target: "senders", type: "group",
        parameters: #"{"groupName":"senders"}"#)

    private static func groupAttached(_ arn: String) -> PermissionChange {
        Facts.change(
            "AttachGroupPolicy", at: "2026-11-01T02:00:00Z", id: "attached", target: "senders", type: "group",
            policy: arn)
    }

    private static func detached(_ arn: String, at time: String = "2026-11-10T11:55:00Z") -> PermissionChange {
        Facts.change("DetachRolePolicy", at: time, policy: arn)
    }

    private static func managed(_ name: String) -> String { "arn:aws:iam::aws:policy/\(name)" }

    private static func organization(
        _ event: String, _ target: String?, policy: String = "p-example1", account: String = Facts.other
    ) -> PermissionChange {
        let target = target.map { #","targetId":"\#($0)""# } ?? ""
        return Facts.change(
            event, target: nil, type: nil, source: "organizations.amazonaws.com", account: account,
            parameters: #"{"policyId":"\#(policy)"\#(target)}"#)
    }

    private static func endpoint(_ parameters: String) -> PermissionChange {
        Facts.change(
            "ModifyVpcEndpoint", target: "vpce-0abc", type: "vpc-endpoint", source: "ec2.amazonaws.com",
            parameters: #"{"ModifyVpcEndpointRequest":{"VpcEndpointId":"vpce-0abc"\#(parameters)}}"#)
    }

    private static let throughEndpoint = Facts.group(.missingAllow(.vpcEndpoint)) {
        $0.vpcEndpointIds = [Counted("vpce-0abc", denials: 12)]
    }

    private static func resource(_ action: String, _ arn: String, _ type: PolicyType? = .resourceBased) -> DenialGroup {
        Facts.group(
            .missingAllow(type), action: action, resource: arn,
            source: "\(action.prefix { $0 != ":" }).amazonaws.com")
    }

    private static let topic = "arn:aws:sns:us-east-1:111122223333:orders"
    private static let queue = "arn:aws:sqs:us-east-1:111122223333:orders"
    private static let key = "arn:aws:kms:us-east-1:111122223333:key/k-1"

    private static func statement(_ principal: String, _ action: String, _ arn: String) -> String {
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"\#(principal)"},"Action":"\#(action)","Resource":"\#(arn)"}]}"#
    }

    private static func topicPolicy(_ document: String) -> PermissionChange {
        Facts.change(
            "SetTopicAttributes", target: topic, type: "topic", source: "sns.amazonaws.com",
            parameters:
                #"{"topicArn":"\#(topic)","attributeName":"Policy","attributeValue":\#(Facts.quoted(document))}"#)
    }

    private static func queuePolicy(_ document: String, account: String = Facts.account) -> PermissionChange {
        Facts.change(
            "SetQueueAttributes", target: nil, type: "queue", source: "sqs.amazonaws.com", account: account,
            parameters:
                #"{"queueUrl":"https://sqs.us-east-1.amazonaws.com/\#(account)/orders","attributes":{"Policy":\#(Facts.quoted(document))}}"#
        )
    }

    private static func grant(_ event: String, id: String, grantee: String? = nil) -> PermissionChange {
        let grantee = grantee.map { #","granteePrincipal":"\#($0)""# } ?? ""
        return Facts.change(
            event, at: event == "CreateGrant" ? "2026-11-02T00:00:00Z" : "2026-11-10T11:55:00Z", id: id, target: "k-1",
            type: "key", source: "kms.amazonaws.com",
            parameters: #"{"keyId":"k-1","grantId":"g-1","operations":["Decrypt"]\#(grantee)}"#,
            response: #"{"grantId":"g-1"}"#)
    }

    /// A change that may be told of, but that must not be the root cause.
    private static func possible(
        _ name: String, _ reason: Reason, usage: [Usage] = [Facts.usage()], _ changes: PermissionChange...,
        group: DenialGroup? = nil, policies: [String] = []
    ) -> Scenario {
        Scenario(
            name: "possible at most: \(name)", group: group ?? Facts.group(reason, policies: policies), usage: usage,
            changes: changes, rootCause: reason.effect == .explicit ? .explicitDeny : .missingAllow,
            finds: [.permissionsChanged])
    }

    private static func blamed(
        _ name: String, _ reason: Reason, usage: [Usage] = [Facts.usage()], _ changes: PermissionChange...,
        group: DenialGroup? = nil, policies: [String] = []
    ) -> Scenario {
        Scenario(
            name: "blamed: \(name)", group: group ?? Facts.group(reason, policies: policies), usage: usage,
            changes: changes, rootCause: .permissionsChanged, blames: ["change"], confidence: .inferred)
    }

    private static let settling: [Scenario] = [
        blamed(
            "a success four seconds behind it", identity, usage: [Facts.usage(last: "2026-11-10T11:50:04Z")],
            detached(Facts.policy, at: "2026-11-10T11:50:00Z")),
        possible(
            "a success three minutes behind it", identity, usage: [Facts.usage(last: "2026-11-10T11:53:00Z")],
            detached(Facts.policy, at: "2026-11-10T11:50:00Z")),
        spared(
            "a success six minutes behind it", identity, usage: [Facts.usage(last: "2026-11-10T11:56:00Z")],
            detached(Facts.policy, at: "2026-11-10T11:50:00Z")),
        possible("no success is known", identity, usage: [], detached(Facts.policy)),
        Scenario(
            name: "blamed: no success is known, but the text allowed it before and not after",
            group: Facts.group(identity),
            changes: [
                Facts.put(Facts.allowSend, at: "2026-11-02T00:00:00Z", id: "old"), Facts.put(Facts.allowReads),
            ], rootCause: .permissionsChanged, blames: ["change"], confidence: .inferred),
        possible(
            "a boundary without the Allow, and no success is known", .missingAllow(.permissionsBoundary), usage: [],
            Facts.version(
                Facts.allowReads, of: "arn:aws:iam::111122223333:policy/limit", at: "2026-11-01T00:00:00Z", id: "v"),
            Facts.change("PutRolePermissionsBoundary", policy: "arn:aws:iam::111122223333:policy/limit")),
    ]

    private static let groups: [Scenario] = [
        blamed(
            "a group left whose policy allowed it", identity, usage: memberUsage, groupCreated,
            groupPolicy(Facts.allowSend), membership("AddUserToGroup", at: "2026-11-01T03:00:00Z", id: "join"),
            membership("RemoveUserFromGroup"), group: member),
        spared(
            "a group left whose policies never allowed it", identity, usage: memberUsage, groupCreated,
            groupPolicy(Facts.allowS3), membership("AddUserToGroup", at: "2026-11-01T03:00:00Z", id: "join"),
            membership("RemoveUserFromGroup"), group: member),
        possible(
            "a group left of which one policy is known, which never allowed it", identity, usage: memberUsage,
            groupPolicy(Facts.allowS3), membership("RemoveUserFromGroup"), group: member),
        spared(
            "a group joined whose policies are known and not the one that AWS named", .explicitDeny(.identityBased),
            usage: memberUsage, groupCreated, groupAttached(Facts.policy + "-other"), membership("AddUserToGroup"),
            group: Facts.group(.explicitDeny(.identityBased), principal: Facts.user, policies: [Facts.policy])),
        blamed(
            "a group joined that has the policy that AWS named", .explicitDeny(.identityBased), usage: memberUsage,
            groupAttached(Facts.policy), membership("AddUserToGroup"),
            group: Facts.group(.explicitDeny(.identityBased), principal: Facts.user, policies: [Facts.policy])),
        possible(
            "a group joined of which nothing is known", .explicitDeny(.identityBased), usage: memberUsage,
            membership("AddUserToGroup"),
            group: Facts.group(.explicitDeny(.identityBased), principal: Facts.user, policies: [Facts.policy])),
    ]

    private static let organizations: [Scenario] = [
        spared(
            "the named SCP attached to another account", .explicitDeny(.serviceControl), policies: [Facts.scp],
            organization("AttachPolicy", "210987654321")),
        blamed(
            "the named SCP attached to the root", .explicitDeny(.serviceControl),
            organization("AttachPolicy", "r-abcd"), policies: [Facts.scp]),
        spared(
            "an SCP of the same id in another organization", .explicitDeny(.serviceControl), policies: [Facts.scp],
            organization("AttachPolicy", "r-abcd", account: "210987654321")),
        spared(
            "an SCP of the same id rewritten in another organization", .explicitDeny(.serviceControl),
            policies: [Facts.scp], organization("UpdatePolicy", nil, account: "210987654321")),
        possible(
            "an SCP attached to a root, and AWS names none", .explicitDeny(.serviceControl),
            organization("AttachPolicy", "r-abcd")),
    ]

    private static let endpoints: [Scenario] = [
        blamed(
            "an endpoint's policy was written", .missingAllow(.vpcEndpoint),
            endpoint(#","PolicyDocument":\#(Facts.quoted(Facts.allowReads))"#), group: throughEndpoint),
        spared(
            "an endpoint got a subnet", .missingAllow(.vpcEndpoint), endpoint(#","AddSubnetId":{"tag":1}"#),
            group: throughEndpoint),
        spared(
            "an endpoint's policy was reset to the one that allows all", .missingAllow(.vpcEndpoint),
            endpoint(#","ResetPolicy":true"#), group: throughEndpoint),
        possible(
            "an endpoint got private DNS", .missingAllow(.vpcEndpoint), endpoint(#","PrivateDnsEnabled":true"#),
            group: throughEndpoint),
    ]

    private static let resources: [Scenario] = [
        spared(
            "the policy of a bucket that is called as the key ends", .unstated,
            usage: [Facts.usage(Facts.role, "s3:GetObject")],
            Facts.change("DeleteBucketPolicy", target: "logs", type: "bucket", source: "s3.amazonaws.com"),
            group: Facts.group(
                .unstated, action: "s3:GetObject", resource: "arn:aws:s3:::imports/data/logs",
                source: "s3.amazonaws.com"),
            rootCause: .reasonUnstated),
        spared(
            "a topic's policy that allows the caller", .missingAllow(.resourceBased),
            usage: [Facts.usage(Facts.role, "sns:Publish")], topicPolicy(statement(Facts.role, "sns:Publish", topic)),
            group: resource("sns:Publish", topic)),
        blamed(
            "a topic's policy that allows somebody else", .missingAllow(.resourceBased),
            usage: [Facts.usage(Facts.role, "sns:Publish")], topicPolicy(statement(Facts.user, "sns:Publish", topic)),
            group: resource("sns:Publish", topic)),
        spared(
            "another attribute of a topic", .missingAllow(.resourceBased),
            usage: [Facts.usage(Facts.role, "sns:Publish")],
            Facts.change(
                "SetTopicAttributes", target: topic, type: "topic", source: "sns.amazonaws.com",
                parameters: #"{"topicArn":"\#(topic)","attributeName":"DisplayName","attributeValue":"x"}"#),
            group: resource("sns:Publish", topic)),
        spared(
            "a queue's policy that allows the caller", .missingAllow(.resourceBased),
            usage: [Facts.usage(Facts.role, "sqs:SendMessage")],
            queuePolicy(statement(Facts.role, "sqs:SendMessage", queue)), group: resource("sqs:SendMessage", queue)),
        blamed(
            "a queue's policy that allows somebody else", .missingAllow(.resourceBased),
            usage: [Facts.usage(Facts.role, "sqs:SendMessage")],
            queuePolicy(statement(Facts.user, "sqs:SendMessage", queue)), group: resource("sqs:SendMessage", queue)),
        spared(
            "the policy of the like-named queue of another account", .missingAllow(.resourceBased),
            usage: [Facts.usage(Facts.role, "sqs:SendMessage")],
            queuePolicy(statement(Facts.user, "sqs:SendMessage", queue), account: Facts.other),
            group: resource("sqs:SendMessage", queue)),
        possible(
            "a grant of somebody unknown was revoked", .missingAllow(.resourceBased),
            usage: [Facts.usage(Facts.role, "kms:Decrypt")], grant("RevokeGrant", id: "change"),
            group: resource("kms:Decrypt", key)),
        spared(
            "a grant of somebody else was revoked", .missingAllow(.resourceBased),
            usage: [Facts.usage(Facts.role, "kms:Decrypt")], grant("CreateGrant", id: "made", grantee: Facts.user),
            grant("RevokeGrant", id: "change"), group: resource("kms:Decrypt", key)),
        blamed(
            "the caller's grant was revoked", .missingAllow(.resourceBased),
            usage: [Facts.usage(Facts.role, "kms:Decrypt")], grant("CreateGrant", id: "made", grantee: Facts.role),
            grant("RevokeGrant", id: "change"), group: resource("kms:Decrypt", key)),
    ]

    private static let managedPolicies: [Scenario] =
        [
            "ReadOnlyAccess", "job-function/ViewOnlyAccess", "SecurityAudit", "job-function/Billing",
            "job-function/NetworkAdministrator", "AmazonPinpointReadOnlyAccess",
        ].map { name in
            spared("\(name) never allowed a write", identity, detached(managed(name)))
        } + [
            blamed("AdministratorAccess was detached", identity, detached(managed("AdministratorAccess"))),
            blamed(
                "ReadOnlyAccess was detached and a read is refused", identity,
                usage: [Facts.usage(Facts.role, "mobiletargeting:GetApp", readOnly: true)],
                detached(managed("ReadOnlyAccess")),
                group: Facts.group(identity, action: "mobiletargeting:GetApp", resource: Facts.app)),
            spared(
                "PowerUserAccess never allowed IAM's writes", identity,
                usage: [Facts.usage(Facts.role, "iam:CreateRole")], detached(managed("PowerUserAccess")),
                group: Facts.group(
                    identity, action: "iam:CreateRole", resource: "role ops", source: "iam.amazonaws.com")),
            possible(
                "a policy of the customer's was attached, and AWS names none", .explicitDeny(.identityBased),
                Facts.change("AttachRolePolicy", policy: Facts.policy)),
            blamed(
                "the policy that AWS named was attached", .explicitDeny(.identityBased),
                Facts.change("AttachRolePolicy", policy: Facts.policy), policies: [Facts.policy]),
        ]

    static let blame: [Scenario] =
        settling + groups + organizations + endpoints + resources + managedPolicies
}
