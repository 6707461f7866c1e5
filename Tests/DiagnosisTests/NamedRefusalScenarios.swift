import AccessDenial
import Diagnosis
import IAMPolicy
import TrailStore

/// What AWS named comes first: the policy type, the effect, the principal, the resource.
extension ScenarioTests {
    private static let foreignRole = "arn:aws:iam::444455556666:role/target"
    private static let assume = "sts:AssumeRole"
    private static let limits: [PolicyType] = [
        .permissionsBoundary, .serviceControl, .resourceControl, .session, .vpcEndpoint,
    ]

    private static func assumption(_ reason: Reason, role: String? = foreignRole) -> DenialGroup {
        Facts.group(reason, action: assume, resource: role, source: "sts.amazonaws.com")
    }

    private static let crossings: [Scenario] = limits.flatMap { type in
        [
            Scenario(
                name: "across accounts, no Allow: \(type.rawValue)", group: assumption(.missingAllow(type)),
                rootCause: .missingAllow, finds: [.crossAccount], offersPolicy: false),
            Scenario(
                name: "across accounts, a Deny: \(type.rawValue)", group: assumption(.explicitDeny(type)),
                rootCause: .explicitDeny, finds: [.crossAccount], offersPolicy: false),
            Scenario(
                name: "made anew, and a limit: \(type.rawValue)", group: Facts.group(.missingAllow(type)),
                usage: [Facts.usage()], changes: [Facts.change("CreateRole")], rootCause: .missingAllow,
                spares: [.principalRecreated], offersPolicy: false),
            Scenario(
                name: "works in another Region, and a limit: \(type.rawValue)",
                group: Facts.group(.missingAllow(type), region: "eu-west-1"), usage: [Facts.usage()],
                rootCause: .missingAllow, finds: [.regionMismatch], offersPolicy: false),
        ]
    }

    private static let oldID: @Sendable (inout DenialGroup) -> Void = {
        $0.principalIds = [Counted("AROAEXAMPLENEW", denials: 12)]
        var context = SuccessContext()
        context.principalIds = [Counted("AROAEXAMPLEOLD", denials: 90)]
        $0.successContext = context
    }

    private static func message(_ principal: String, _ action: String, _ rest: String) -> String {
        "User: \(principal) is not authorized to perform: \(action)\(rest)"
    }

    private static func saying(_ text: String?, code: String = "AccessDenied") -> @Sendable (inout DenialGroup) -> Void
    {
        { group in
            group.errorCodes = [Counted(code, denials: 12)]
            group.evidence = [
                DenialEvidence(
                    eventID: "denial", eventTime: Facts.firstSeen, eventName: "Call", awsRegion: "us-east-1",
                    errorCode: code, errorMessage: text)
            ]
        }
    }

    private static func iam(_ action: String, _ resource: String?) -> DenialGroup {
        Facts.group(.missingAllow(.identityBased), action: action, resource: resource, source: "iam.amazonaws.com")
    }

    private static func passing(_ source: String, with change: (inout DenialGroup) -> Void = { _ in }) -> DenialGroup {
        Facts.group(
            .missingAllow(.identityBased), action: "iam:PassRole", resource: "arn:aws:iam::111122223333:role/task",
            source: source, with: change)
    }

    private static func federated(_ operation: String, role: String? = "arn:aws:iam::111122223333:role/deployer")
        -> DenialGroup
    {
        Facts.group(
            .unstated, principal: "token.actions.githubusercontent.com:sub:repo", action: "sts:\(operation)",
            resource: nil, source: "sts.amazonaws.com"
        ) { $0.inferredResources = role.map { [Counted($0, denials: 12)] } ?? [] }
    }

    /// The trust policy of the role that a token is to open was written.
    private static func trusting(
        _ name: String,
        provider: String = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
        sub: String?, blames: [String]?
    ) -> Scenario {
        let condition =
            sub.map { #","Condition":{"StringEquals":{"token.actions.githubusercontent.com:sub":"\#($0)"}}"# } ?? ""
        let document =
            #"{"Statement":[{"Effect":"Allow","Principal":{"Federated":"\#(provider)"},"Action":"sts:AssumeRoleWithWebIdentity"\#(condition)}]}"#
        let group = federated("AssumeRoleWithWebIdentity")
        return Scenario(
            name: name, group: group,
            usage: [Facts.usage(group.principal, "sts:AssumeRoleWithWebIdentity", source: "sts.amazonaws.com")],
            changes: [
                Facts.change(
                    "UpdateAssumeRolePolicy", target: "deployer",
                    parameters: #"{"roleName":"deployer","policyDocument":\#(Facts.quoted(document))}"#)
            ], rootCause: blames == nil ? .reasonUnstated : .permissionsChanged,
            spares: blames == nil ? [.permissionsChanged] : [], blames: blames)
    }

    private static let encoded = "AbC-dEf_123"

    private static func path(successes: Int = 90, denials: Int = 12, resource: String? = nil) -> DenialGroup {
        Facts.group(.explicitDeny(.identityBased)) {
            $0.denials = denials
            var context = SuccessContext()
            context.vpcEndpointIds = [Counted("vpce-0abc", denials: successes)]
            context.resources = resource.map { [Counted($0, denials: successes)] } ?? []
            $0.successContext = context
        }
    }

    static let namedRefusals: [Scenario] =
        crossings + [
            Scenario(
                name: "across accounts, no identity-based policy: the caller's side",
                group: assumption(.missingAllow(.identityBased)), rootCause: .missingAllow, finds: [.crossAccount],
                remedy: .policy, offersPolicy: true,
                says: [
                    "a policy of role order-notifier", "\"sts:AssumeRole\"", "trust policy must name the caller too",
                ]),
            Scenario(
                name: "made anew, and an explicit Deny", group: Facts.group(.explicitDeny(.identityBased)),
                usage: [Facts.usage()], changes: [Facts.change("CreateRole")], rootCause: .explicitDeny,
                spares: [.principalRecreated], offersPolicy: false),
            Scenario(
                name: "another id under the same ARN, and an explicit Deny",
                group: Facts.group(.explicitDeny(.identityBased), with: oldID), usage: [Facts.usage()],
                rootCause: .explicitDeny, spares: [.principalRecreated], offersPolicy: false),
            Scenario(
                name: "an ended feature, and the authorization layer's message without a reason",
                group: Facts.group(
                    .unstated, action: "mobiletargeting:GetSegments", resource: nil,
                    with: saying(
                        message(
                            "arn:aws:sts::111122223333:assumed-role/order-notifier/s", "mobiletargeting:GetSegments", ""
                        ))),
                rootCause: .neverSucceeded, spares: [.serviceEnded]),
            Scenario(
                name: "an ended feature under Forbidden",
                group: Facts.group(
                    .unstated, action: "mobiletargeting:GetSegments", resource: nil,
                    with: saying("Forbidden", code: "ForbiddenException")),
                rootCause: .serviceEnded, confidence: .inferred, offersPolicy: false),
            Scenario(
                name: "iam:PassRole to ECS goes to its tasks", group: passing("ecs.amazonaws.com"),
                rootCause: .passRoleMissing, offersPolicy: true,
                says: [
                    "\"ecs-tasks.amazonaws.com\"",
                    "Passing a role grants what the role may do, so check with the owners of permissions first",
                ]),
            Scenario(
                name: "iam:PassRole to Lambda", group: passing("lambda.amazonaws.com"), rootCause: .passRoleMissing,
                says: ["\"lambda.amazonaws.com\""]),
            Scenario(
                name: "iam:PassRole to a service that hands roles on", group: passing("rds.amazonaws.com"),
                rootCause: .passRoleMissing, offersPolicy: true, says: ["not certain here"],
                saysNot: ["\"iam:PassedToService\"", "rds.amazonaws.com"]),
            Scenario(
                name: "iam:PassRole to several services",
                group: passing("lambda.amazonaws.com") {
                    $0.evidence = ["CreateFunction", "RunTask"].map {
                        DenialEvidence(eventID: "denial", eventTime: Facts.firstSeen, eventName: $0)
                    }
                },
                usage: ["lambda CreateFunction", "ecs RunTask"].map { text in
                    let words = text.split(separator: " ").map(String.init)
                    var usage = Facts.usage(
                        Facts.role, "\(words[0]):\(words[1])", successes: 0, source: "\(words[0]).amazonaws.com")
                    usage.denials = 6
                    return usage
                }, rootCause: .passRoleMissing, says: ["not certain here"], saysNot: ["\"iam:PassedToService\""]),
            Scenario(
                name: "IAM names a user in words", group: iam("iam:GetUser", "user bob"), rootCause: .missingAllow,
                offersPolicy: true, says: ["\"arn:aws:iam::111122223333:user/bob\"", "without its path"],
                saysNot: ["no single resource"]),
            Scenario(
                name: "IAM names a policy's version in words",
                group: iam("iam:GetPolicyVersion", "policy \(Facts.policy) version v2"), rootCause: .missingAllow,
                offersPolicy: true, says: ["\"\(Facts.policy)\""], saysNot: ["no single resource", "version v2\""]),
            Scenario(
                name: "IAM names what has no ARN",
                group: iam("iam:GetAccessKeyLastUsed", "access key AKIAIOSFODNN7EXAMPLE"),
                rootCause: .missingAllow, offersPolicy: true,
                says: ["which is not an ARN: replace the resource below with its ARN, or that of what it belongs to"],
                saysNot: ["no single resource"]
            ),
            Scenario(
                name: "AWS names no resource", group: iam("iam:ListUsers", nil), rootCause: .missingAllow,
                offersPolicy: true, says: ["no single resource"]),
            Scenario(
                name: "an action that gives permissions", group: iam("iam:AttachUserPolicy", "user bob"),
                rootCause: .missingAllow, offersPolicy: true,
                says: [
                    "can grant themselves any permission: this is equivalent to administrator access, so check with the owners of permissions first"
                ]),
            Scenario(
                name: "an action that gives none", group: iam("iam:GetRole", "role ops"), rootCause: .missingAllow,
                saysNot: ["administrator"]),
            Scenario(
                name: "a token of an identity provider", group: federated("AssumeRoleWithWebIdentity"),
                rootCause: .neverSucceeded, remedy: .command, offersPolicy: false,
                says: [
                    "role deployer", "aws iam get-role --role-name deployer --query Role.AssumeRolePolicyDocument",
                    "sub", "aud",
                ],
                saysNot: ["simulate-principal-policy", "policies of"]),
            Scenario(
                name: "an assertion of an identity provider", group: federated("AssumeRoleWithSAML"),
                rootCause: .neverSucceeded, remedy: .command, says: ["SAML:aud", "--role-name deployer"]),
            Scenario(
                name: "a token, and a role that is not known", group: federated("AssumeRoleWithWebIdentity", role: nil),
                rootCause: .neverSucceeded, remedy: .setting, offersPolicy: false),
            Scenario(
                name: "the message names a service's role and not the caller",
                group: Facts.group(
                    .missingAllow(.identityBased), principal: Facts.user, action: "s3:GetObject",
                    resource: "arn:aws:s3:::imports/a.csv", source: "pinpoint.amazonaws.com",
                    with: saying(
                        message(
                            "arn:aws:sts::111122223333:assumed-role/import-reader/pinpoint", "s3:GetObject",
                            " on resource: arn:aws:s3:::imports/a.csv because no identity-based policy allows the s3:GetObject action"
                        ))),
                changes: [Facts.change("DetachUserPolicy", target: "alice", type: "user", policy: Facts.policy)],
                rootCause: .missingAllow, spares: [.permissionsChanged],
                says: ["a policy of role import-reader", "--role-name import-reader"],
                saysNot: ["user alice allows", "policy of user alice"],
                explains: ["import-reader", "user alice made the call"]),
            trusting(
                "a provider's trust policy asks for another repository now", sub: "repo:other", blames: ["change"]),
            trusting("a provider's trust policy lets its tokens in", sub: nil, blames: nil),
            trusting(
                "a provider's trust policy names another provider now", provider: "accounts.google.com", sub: nil,
                blames: ["change"]),
            Scenario(
                name: "a caller of another account, whose ARN stands in the message alone",
                group: Facts.group(
                    Facts.slug("unstated"), principal: "AWSAccount:444455556666:AIDAEXAMPLE", action: "sts:AssumeRole",
                    resource: "arn:aws:iam::111122223333:role/shared", source: "sts.amazonaws.com",
                    with: saying(
                        message(
                            "arn:aws:iam::444455556666:user/carl", "sts:AssumeRole",
                            " on resource: arn:aws:iam::111122223333:role/shared"))),
                rootCause: .crossAccount, finds: [.reasonUnstated], offersPolicy: true,
                says: ["in account 444455556666 a policy of user carl", "arn:aws:iam::444455556666:user/carl"],
                explains: ["belongs to account 444455556666"]),
            Scenario(
                name: "a caller of another account, and the message names one of a third",
                group: Facts.group(
                    Facts.slug("unstated"), principal: "AWSAccount:444455556666:AIDAEXAMPLE", action: "sts:AssumeRole",
                    resource: "arn:aws:iam::111122223333:role/shared", source: "sts.amazonaws.com",
                    with: saying(message("arn:aws:iam::999999999999:user/carl", "sts:AssumeRole", ""))),
                rootCause: .neverSucceeded, spares: [.crossAccount], saysNot: ["carl"]),
            Scenario(
                name: "the message names the caller's own session",
                group: Facts.group(
                    .missingAllow(.identityBased),
                    with: saying(
                        message("arn:aws:sts::111122223333:assumed-role/order-notifier/s", Facts.send, ""))),
                rootCause: .missingAllow, says: ["a policy of role order-notifier"]),
            Scenario(
                name: "one call another way, and a Deny", group: path(successes: 1), usage: [Facts.usage()],
                rootCause: .explicitDeny, finds: [.networkPathChanged]),
            Scenario(
                name: "two denials another way", group: path(denials: 2), usage: [Facts.usage()],
                rootCause: .explicitDeny, finds: [.networkPathChanged]),
            Scenario(
                name: "successes with another resource another way", group: path(resource: Facts.app),
                usage: [Facts.usage()], rootCause: .explicitDeny, finds: [.networkPathChanged]),
            Scenario(
                name: "successes with the same resource another way", group: path(resource: Facts.messages),
                usage: [Facts.usage()], rootCause: .networkPathChanged, confidence: .inferred),
            Scenario(
                name: "EC2 told the reason in an encoded message",
                group: Facts.group(
                    .unstated, action: "ec2:RunInstances", resource: nil, source: "ec2.amazonaws.com",
                    with: { group in
                        saying(
                            "You are not authorized to perform this operation. Encoded authorization failure message: \(encoded)",
                            code: "Client.UnauthorizedOperation")(&group)
                        group.encodedMessages = 12
                    }),
                rootCause: .reasonUnstated, finds: [.neverSucceeded], remedy: .command, offersPolicy: false,
                says: ["aws sts decode-authorization-message", "--encoded-message \(encoded)"]),
            Scenario(
                name: "a sign-in to the console that failed",
                group: Facts.group(
                    Facts.slug("sign-in-failed"), principal: Facts.user, action: "signin:ConsoleLogin", resource: nil,
                    source: "signin.amazonaws.com"),
                rootCause: .credentialsInvalid, explainsNot: ["only a few"]),
            Scenario(
                name: "a named policy is shown without a word to fill in",
                group: Facts.group(.explicitDeny(.identityBased), policies: [Facts.policy]), rootCause: .explicitDeny,
                says: ["aws iam list-policy-versions --policy-arn \(Facts.policy)", "get-policy-version"],
                saysNot: ["VERSION"]),
        ]
}
