import AccessDenial
import Diagnosis
import IAMPolicy
import TrailStore

/// What an undo would need was deleted since; and VPC endpoints that were deleted.
extension ScenarioTests {
    private static let lacking = Facts.group(.missingAllow(.identityBased))
    private static let attach = "aws iam attach-role-policy --role-name order-notifier --policy-arn \(Facts.policy)"

    private static func onPolicy(
        _ name: String, at time: String, id: String, _ parameters: String = "{}", response: String? = nil
    ) -> PermissionChange {
        Facts.change(
            name, at: time, id: id, target: Facts.policy, type: "policy", policy: Facts.policy, parameters: parameters,
            response: response)
    }

    private static func creation(at time: String = "2026-11-01T00:00:00Z", id: String = "creation") -> PermissionChange
    {
        onPolicy(
            "CreatePolicy", at: time, id: id, #"{"policyDocument":\#(Facts.quoted(Facts.allowSend))}"#,
            response: #"{"policy":{"arn":"\#(Facts.policy)"}}"#)
    }

    private static let attachment = Facts.change(
        "AttachRolePolicy", at: "2026-11-01T01:00:00Z", id: "attach", policy: Facts.policy)
    private static let detachment = Facts.change("DetachRolePolicy", policy: Facts.policy)
    private static let deletion = onPolicy(
        "DeletePolicy", at: "2026-11-10T11:56:00Z", id: "deletion", #"{"policyArn":"\#(Facts.policy)"}"#)

    private static func deletedVersion(_ version: String) -> PermissionChange {
        onPolicy(
            "DeletePolicyVersion", at: "2026-11-10T11:56:00Z", id: "deletion",
            #"{"policyArn":"\#(Facts.policy)","versionId":"\#(version)"}"#)
    }

    private static let alice = Facts.group(.missingAllow(.identityBased), principal: Facts.user)

    private static func member(_ event: String, at time: String = "2026-11-10T11:55:00Z", id: String = "change")
        -> PermissionChange
    {
        Facts.change(
            event, at: time, id: id, target: "alice", type: "user",
            parameters: #"{"userName":"alice","groupName":"ops"}"#)
    }

    private static func group(_ event: String, at time: String, id: String) -> PermissionChange {
        Facts.change(event, at: time, id: id, target: "ops", type: "group", parameters: #"{"groupName":"ops"}"#)
    }

    static let lostUndos: [Scenario] = [
        Scenario(
            name: "the detached policy was deleted", group: lacking, usage: [Facts.usage()],
            changes: [creation(), attachment, detachment, deletion], rootCause: .permissionsChanged, blames: ["change"],
            says: ["deleted \(Facts.policy) at 2026-11-10 11:56:00 UTC", "created anew first", "event creation"],
            saysNot: ["attach-role-policy"]),
        Scenario(
            name: "the detached policy was deleted and created anew", group: lacking, usage: [Facts.usage()],
            changes: [creation(), attachment, detachment, deletion, creation(at: "2026-11-10T11:57:00Z", id: "anew")],
            rootCause: .permissionsChanged, blames: ["change"], says: [attach], saysNot: ["created anew first"]),
        Scenario(
            name: "the detached policy is still there", group: lacking, usage: [Facts.usage()],
            changes: [creation(), attachment, detachment], rootCause: .permissionsChanged, says: [attach],
            saysNot: ["deleted"]),
        Scenario(
            name: "the former version was deleted", group: lacking, usage: [Facts.usage()],
            changes: [creation(), attachment, Facts.version(Facts.allowReads), deletedVersion("v1")],
            rootCause: .permissionsChanged, blames: ["change"],
            says: ["must be written anew", "event creation", "list-policy-versions"],
            saysNot: ["set-default-policy-version"]),
        Scenario(
            name: "another version was deleted", group: lacking, usage: [Facts.usage()],
            changes: [creation(), attachment, Facts.version(Facts.allowReads, version: "v3"), deletedVersion("v2")],
            rootCause: .permissionsChanged, says: ["set-default-policy-version"], saysNot: ["written anew"]),
        Scenario(
            name: "the group that the user left was deleted", group: alice,
            usage: [Facts.usage(Facts.user)],
            changes: [member("RemoveUserFromGroup"), group("DeleteGroup", at: "2026-11-10T11:56:00Z", id: "deletion")],
            rootCause: .permissionsChanged, blames: ["change"], says: ["made anew with its policies"],
            saysNot: ["add-user-to-group"]),
        Scenario(
            name: "a group of that name was deleted before", group: alice,
            usage: [Facts.usage(Facts.user)],
            changes: [
                group("DeleteGroup", at: "2026-11-01T00:00:00Z", id: "deletion"),
                member("RemoveUserFromGroup"),
            ], rootCause: .permissionsChanged, blames: ["change"], says: ["add-user-to-group"], saysNot: ["made anew"]),
        Scenario(
            name: "deleting a policy that nobody has takes nothing", group: lacking, usage: [Facts.usage()],
            changes: [creation(), deletion], rootCause: .missingAllow, spares: [.permissionsChanged]),
    ]

    // MARK: - Endpoints

    private static let endpoint = "vpce-0aaa1111bbbb2222c"

    private static func left(_ group: DenialGroup, through id: String? = nil) -> DenialGroup {
        var group = group
        group.vpcEndpointIds = id.map { [Counted($0, denials: 12)] } ?? []
        var context = SuccessContext()
        context.vpcEndpointIds = [Counted(endpoint, denials: 90)]
        group.successContext = context
        return group
    }

    private static func deletion(of id: String, at time: String = "2026-11-10T11:55:00Z") -> PermissionChange {
        Facts.change(
            "DeleteVpcEndpoints", at: time, id: "deletion", target: id, type: "vpc-endpoint",
            source: "ec2.amazonaws.com")
    }

    private static func conditional(_ id: String) -> PermissionChange {
        Facts.put(
            #"{"Statement":[{"Effect":"Allow","Action":"mobiletargeting:*","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpce":"\#(id)"}}}]}"#,
            at: "2026-11-01T00:00:00Z", id: "put")
    }

    private static let object = Facts.group(
        .explicitDeny(.resourceBased), action: "s3:GetObject", resource: "arn:aws:s3:::reports/a.csv",
        source: "s3.amazonaws.com")

    static let leftEndpoints: [Scenario] = [
        Scenario(
            name: "the endpoint of the successes was deleted", group: left(object),
            usage: [Facts.usage(Facts.role, "s3:GetObject", source: "s3.amazonaws.com")],
            changes: [
                Facts.change(
                    "PutBucketPolicy", at: "2026-11-01T00:00:00Z", id: "policy", target: "reports", type: "bucket",
                    source: "s3.amazonaws.com",
                    parameters:
                        #"{"bucketName":"reports","bucketPolicy":{"Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::reports/*","Condition":{"StringNotEquals":{"aws:SourceVpce":"\#(endpoint)"}}}]}}"#
                ), deletion(of: endpoint),
            ], rootCause: .networkPathChanged, blames: ["deletion", "policy"], confidence: .inferred,
            explains: ["deleted VPC endpoint \(endpoint)", "event policy"]),
        Scenario(
            name: "another endpoint was deleted", group: left(object),
            usage: [Facts.usage(Facts.role, "s3:GetObject", source: "s3.amazonaws.com")],
            changes: [deletion(of: "vpce-0ddd")], rootCause: .networkPathChanged, blames: [], explainsNot: ["deleted"]),
        Scenario(
            name: "the endpoint was deleted after the first denial", group: left(object),
            usage: [Facts.usage(Facts.role, "s3:GetObject", source: "s3.amazonaws.com")],
            changes: [deletion(of: endpoint, at: "2026-11-10T13:00:00Z")], rootCause: .networkPathChanged, blames: []),
        Scenario(
            name: "an Allow asks for the endpoint of the successes", group: left(lacking), usage: [Facts.usage()],
            changes: [conditional(endpoint)], rootCause: .conditionUnmet, finds: [.networkPathChanged], blames: ["put"],
            confidence: .inferred, offersPolicy: false, says: ["Call through the VPC endpoint"],
            explains: ["came through no VPC endpoint"]),
        Scenario(
            name: "an Allow asks for an endpoint, and no success came through any", group: lacking,
            usage: [Facts.usage()],
            changes: [conditional(endpoint)], rootCause: .missingAllow, spares: [.conditionUnmet]),
    ]
}
