import AccessDenial
import Diagnosis
import IAMPolicy
import TrailStore

/// Where the obvious advice would be wrong: a leaked key, another Region or stage, an end of support that is none, names that change
/// with each call.
extension ScenarioTests {
    private static let refused = Reason.missingAllow(.identityBased)
    private static let quarantine = "arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3"

    private static let leakedKeys: [Scenario] = [
        Scenario(
            name: "AWS attached the quarantine of a leaked key: the key first",
            group: Facts.group(.explicitDeny(.identityBased), principal: Facts.user, policies: [quarantine]),
            usage: [Facts.usage(Facts.user)],
            changes: [Facts.change("AttachUserPolicy", target: "alice", type: "user", policy: quarantine)],
            rootCause: .permissionsChanged, blames: ["change"], offersPolicy: false,
            says: ["Do not detach", "aws iam list-access-keys --user-name alice", "support case"],
            saysNot: ["detach-user-policy", "Take away"]),
        Scenario(
            name: "AWS names the quarantine, and the trail does not show how it came",
            group: Facts.group(.explicitDeny(.identityBased), principal: Facts.user, policies: [quarantine]),
            rootCause: .explicitDeny, offersPolicy: false, says: ["Do not detach", "Detach the policy last"],
            saysNot: ["detach it"]),
        Scenario(
            name: "a policy of the customer's with quarantine in its name is as any other",
            group: Facts.group(
                .explicitDeny(.identityBased), principal: Facts.user,
                policies: ["arn:aws:iam::111122223333:policy/Quarantine"]),
            rootCause: .explicitDeny, saysNot: ["Do not detach"]),
    ]

    private static let table = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"

    private static func elsewhere(
        _ name: String, _ reason: Reason = refused, action: String = "dynamodb:PutItem", resource: String? = table,
        isOnSameName: Bool?, rootCause: Finding.Code, finds: [Finding.Code] = [], spares: [Finding.Code] = [],
        blames: [String]? = nil
    ) -> Scenario {
        let source: String = action.prefix { $0 != ":" } + ".amazonaws.com"
        return Scenario(
            name: "elsewhere: \(name)",
            group: Facts.group(reason, action: action, resource: resource, region: "eu-west-1", source: source) {
                $0.successesInOtherRegions = [
                    RegionSuccess(
                        eventID: "there", eventTime: "2026-11-10T11:50:00Z", eventName: "PutItem",
                        awsRegion: "us-east-1", isOnSameName: isOnSameName)
                ]
            }, usage: [Facts.usage(Facts.role, action, source: source)], rootCause: rootCause, finds: finds,
            spares: spares, blames: blames)
    }

    private static let regions: [Scenario] = [
        elsewhere(
            "what bears the same name works in another Region", isOnSameName: true, rootCause: .regionMismatch,
            blames: ["there"]),
        elsewhere(
            "another table works in another Region", isOnSameName: false, rootCause: .missingAllow,
            finds: [.regionMismatch]),
        elsewhere(
            "what works in another Region is not told", isOnSameName: nil, rootCause: .missingAllow,
            finds: [.regionMismatch]),
        elsewhere(
            "a call on nothing works in another Region", action: "dynamodb:ListTables", resource: nil,
            isOnSameName: nil, rootCause: .regionMismatch),
        elsewhere(
            "a bucket has its Region, whatever the client's is", action: "s3:GetObject",
            resource: "arn:aws:s3:::eu-data/a.csv", isOnSameName: false, rootCause: .missingAllow,
            spares: [.regionMismatch]),
        elsewhere(
            "KMS names the Region among its causes", Facts.slug("key-policy-or-region"), action: "kms:Decrypt",
            resource: nil, isOnSameName: nil, rootCause: .regionMismatch),
        elsewhere(
            "a service that refuses for a reason of its own", Facts.slug("block-public-access"),
            action: "s3:CreateBucket", resource: nil, isOnSameName: nil, rootCause: .refusedByService,
            finds: [.regionMismatch]),
        Scenario(
            name: "KMS names three causes, and nothing tells which",
            group: Facts.group(Facts.slug("key-policy-or-region"), action: "kms:Decrypt", resource: nil),
            rootCause: .refusedByService,
            says: ["a key's ARN shows its Region", "The records do not name the key; the application's settings do"]),
    ]

    private static let ended: [Scenario] = [
        Scenario(
            name: "what is said to have ended works for somebody else",
            group: Facts.group(refused, action: "mobiletargeting:UpdateEndpoint", resource: Facts.app + "/endpoints/u"),
            usage: [Facts.usage("arn:aws:iam::111122223333:role/web", "mobiletargeting:UpdateEndpoint")],
            rootCause: .missingAllow, offersPolicy: true, saysNot: ["seems to offer"]),
        Scenario(
            name: "what has ended worked before the end",
            group: Facts.group(refused, action: "mobiletargeting:UpdateEndpoint", resource: Facts.app + "/endpoints/u"),
            usage: [
                Facts.usage(
                    "arn:aws:iam::111122223333:role/web", "mobiletargeting:UpdateEndpoint",
                    last: "2026-10-29T23:00:00Z")
            ], rootCause: .missingAllow, remedy: Remedy.Kind.none, offersPolicy: false),
        Scenario(
            name: "Forbidden after the end, and it works for somebody else",
            group: Facts.group(.unstated, action: "mobiletargeting:GetSegments", resource: nil) {
                $0.errorCodes = [Counted("ForbiddenException", denials: 12)]
            },
            usage: [Facts.usage("arn:aws:iam::111122223333:role/web", "mobiletargeting:GetSegments")],
            rootCause: .neverSucceeded, spares: [.serviceEnded]),
        Scenario(
            name: "access to a model is given in the console of Bedrock",
            group: Facts.group(
                Facts.slug("model-access-missing"), action: "bedrock:InvokeModel", resource: nil,
                source: "bedrock.amazonaws.com"),
            rootCause: .accountState, says: ["Amazon Bedrock console"], saysNot: ["AWS Support can tell more"]),
    ]

    private static func federated(policy: String?) -> DenialGroup {
        Facts.group(
            .missingAllow(.session), principal: "arn:aws:sts::111122223333:federated-user/bob", action: "s3:GetObject",
            resource: "arn:aws:s3:::reports/a.csv", source: "s3.amazonaws.com"
        ) { group in
            var issue = SessionIssue(
                eventID: "opened", issuedAt: "2026-11-10T11:00:00Z", eventName: "GetFederationToken")
            issue.issuedTo = Facts.user
            issue.policy = policy
            group.sessions = [
                DenialSession(
                    accessKeyId: "ASIAIOSFODNN7EXAMPLE", denials: 12, firstDenial: Facts.firstSeen,
                    lastDenial: Facts.lastSeen, issue: issue)
            ]
        }
    }

    private static let federatedUsers: [Scenario] = [
        Scenario(
            name: "a federated user without a session policy may do nothing", group: federated(policy: nil),
            rootCause: .missingAllow, offersPolicy: false,
            says: ["Pass a session policy that allows s3:GetObject", "policies of user alice"],
            saysNot: ["not at fault"], explains: ["No session policy was passed"],
            explainsNot: ["AWS added one", "too long"]),
        Scenario(
            name: "a federated user with a session policy that does not allow it",
            group: federated(policy: Facts.allowReads), rootCause: .missingAllow, offersPolicy: false,
            saysNot: ["not at fault"], explainsNot: ["No session policy was passed"]),
    ]

    private static func stage(
        _ name: String, principal: String = "shop-dev", table: String = "orders-prod", other: String = "shop-prod",
        rootCause: Finding.Code, offersPolicy: Bool, says: [String] = [], saysNot: [String] = []
    ) -> Scenario {
        let arn = "arn:aws:iam::111122223333:role/"
        let source = "dynamodb.amazonaws.com"
        return Scenario(
            name: "stages: \(name)",
            group: Facts.group(
                refused, principal: arn + principal, action: "dynamodb:PutItem",
                resource: "arn:aws:dynamodb:us-east-1:111122223333:table/" + table, source: source),
            usage: [
                Facts.usage(arn + principal, "dynamodb:PutItem", source: source),
                Facts.usage(arn + other, "dynamodb:PutItem", source: source),
            ], rootCause: rootCause, offersPolicy: offersPolicy, says: says, saysNot: saysNot)
    }

    private static let stages: [Scenario] = [
        stage(
            "dev writes to what is prod's", rootCause: .environmentDifference, offersPolicy: false,
            says: ["Allow it only if stage dev is supposed to reach", "role shop-prod"],
            saysNot: ["The least that must be allowed"]),
        stage(
            "spellings of one stage are one", principal: "shop-production", rootCause: .missingAllow,
            offersPolicy: true),
        stage("dev writes to what is dev's", table: "orders-dev", rootCause: .missingAllow, offersPolicy: true),
        stage(
            "no like-named role of prod does it", other: "billing-prod", rootCause: .missingAllow,
            offersPolicy: true),
    ]

    private static func names(
        _ name: String, _ action: String, _ resources: [String], says: [String], saysNot: [String] = []
    )
        -> Scenario
    {
        Scenario(
            name: "names: \(name)",
            group: Facts.group(
                refused, action: action, source: action.prefix { $0 != ":" } + ".amazonaws.com"
            ) { $0.resources = resources.map { Counted($0, denials: 1) } }, rootCause: .missingAllow,
            offersPolicy: true, says: says, saysNot: saysNot)
    }

    private static let logGroup = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/billing"

    private static let recurringNames: [Scenario] = [
        names(
            "each function opens a log stream of its own", "logs:CreateLogStream",
            [logGroup + ":log-stream:2026/11/10/[$LATEST]4b22", logGroup + ":log-stream:2026/11/10/[$LATEST]4e07"],
            says: ["\"\(logGroup):*\"", "broader than what was refused"], saysNot: ["4b22\""]),
        names("a log group is as it is", "logs:CreateLogGroup", [logGroup], says: ["\"\(logGroup)\""]),
        names(
            "keys that differ in a date", "s3:GetObject",
            (1...3).map { "arn:aws:s3:::reports/in/2026-11-0\($0).csv" },
            says: ["\"arn:aws:s3:::reports/in/*\""]),
        names(
            "two keys that differ in a date", "s3:GetObject",
            (1...2).map { "arn:aws:s3:::reports/in/2026-11-0\($0).csv" }, says: ["reports/in/2026-11-01.csv"],
            saysNot: ["reports/in/*"]),
        names(
            "buckets that differ in a number", "s3:GetObject", (1...3).map { "arn:aws:s3:::logs-\($0)/a.csv" },
            says: ["arn:aws:s3:::logs-1/a.csv"], saysNot: ["*"]),
        names(
            "keys that differ in words", "s3:GetObject",
            ["arn:aws:s3:::reports/in/customers.csv", "arn:aws:s3:::reports/in/orders.csv"],
            says: ["reports/in/customers.csv", "reports/in/orders.csv"], saysNot: ["reports/in/*"]),
        names(
            "one key with a date", "s3:GetObject", ["arn:aws:s3:::reports/in/2026-11-09.csv"],
            says: ["reports/in/2026-11-09.csv"]),
    ]

    private static func request(_ action: String, _ parameters: String, resources: [String] = []) -> DenialGroup {
        Facts.group(
            .unstated, action: action, resource: nil, source: action.prefix { $0 != ":" } + ".amazonaws.com"
        ) {
            $0.requests = [
                RecordedRequest(eventID: "denial", requestParameters: parameters, resources: resources)
            ]
        }
    }

    private static func simulated(_ action: String, _ parameters: String, resources: [String] = [], as arn: String?)
        -> Scenario
    {
        Scenario(
            name: "simulated: \(action) \(parameters)", group: request(action, parameters, resources: resources),
            rootCause: .neverSucceeded, says: arn.map { ["--resource-arns \($0)"] } ?? [],
            saysNot: arn == nil ? ["--resource-arns"] : [])
    }

    private static let simulations: [Scenario] = [
        simulated(
            "s3:GetObject", #"{"bucketName":"reports","key":"2026/a.csv"}"#, as: "arn:aws:s3:::reports/2026/a.csv"),
        simulated("s3:ListBucket", #"{"bucketName":"reports"}"#, as: "arn:aws:s3:::reports"),
        simulated(
            "sqs:SendMessage", #"{"queueUrl":"https://sqs.us-east-1.amazonaws.com/444455556666/orders"}"#,
            as: "arn:aws:sqs:us-east-1:444455556666:orders"),
        simulated(
            "ec2:TerminateInstances", #"{"instancesSet":{"items":[{"instanceId":"i-0abc"}]}}"#,
            as: "arn:aws:ec2:us-east-1:111122223333:instance/i-0abc"),
        simulated(
            "s3:GetObject", "{}", resources: ["arn:aws:s3:::b/k", "arn:aws:s3:::b"], as: "arn:aws:s3:::b/k"),
        simulated("kms:Decrypt", #"{"keyId":"alias/app"}"#, as: nil),
        simulated("organizations:ListAccounts", #"{"maxResults":20}"#, as: nil),
    ]

    private static let target = "arn:aws:iam::111122223333:role/target"

    private static func assumption(
        _ name: String, _ condition: String, passed: String = "{}", type: String = "AssumedRole",
        mfa: [Counted<String>] = [], rootCause: Finding.Code, says: [String] = [], spares: [Finding.Code] = []
    ) -> Scenario {
        let trust =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"\#(Facts.user)"},"Action":"sts:AssumeRole","Condition":{\#(condition)}}]}"#
        return Scenario(
            name: "trust: \(name)",
            group: Facts.group(
                .unstated, principal: Facts.user, action: "sts:AssumeRole", resource: target,
                source: "sts.amazonaws.com"
            ) {
                $0.principalType = type
                $0.mfaAuthenticated = mfa
                $0.requests = [RecordedRequest(eventID: "denial", requestParameters: passed)]
            },
            changes: [
                Facts.change(
                    "CreateRole", at: "2026-11-02T00:00:00Z", target: "target",
                    parameters: #"{"roleName":"target","assumeRolePolicyDocument":\#(Facts.quoted(trust))}"#)
            ], rootCause: rootCause, spares: spares, blames: rootCause == .conditionUnmet ? ["change"] : nil,
            says: says)
    }

    private static let externalID = #""StringEquals":{"sts:ExternalId":"abc"}"#
    private static let withMFA = #""Bool":{"aws:MultiFactorAuthPresent":"true"}"#

    private static let trusts: [Scenario] = [
        assumption("no external id is passed", externalID, rootCause: .conditionUnmet, says: ["--external-id"]),
        assumption(
            "another external id is passed", externalID, passed: #"{"externalId":"abd"}"#, rootCause: .conditionUnmet),
        assumption(
            "the external id is passed", externalID, passed: #"{"externalId":"abc"}"#, rootCause: .neverSucceeded,
            spares: [.conditionUnmet]),
        assumption(
            "a long-term key has no MFA", withMFA, type: "IAMUser", rootCause: .conditionUnmet,
            says: ["with MFA"]),
        assumption(
            "a session with MFA", withMFA, type: "IAMUser", mfa: [Counted("true", denials: 12)],
            rootCause: .neverSucceeded, spares: [.conditionUnmet]),
        assumption(
            "a condition that no record tells of", #""StringEquals":{"aws:PrincipalOrgID":"o-1"}"#,
            rootCause: .neverSucceeded, spares: [.conditionUnmet]),
    ]

    private static func resourcePolicy(_ action: String, _ arn: String, says: String) -> Scenario {
        Scenario(
            name: "the resource's own policy: \(action)",
            group: Facts.group(
                .missingAllow(.resourceBased), action: action, resource: arn,
                source: action.prefix { $0 != ":" } + ".amazonaws.com"), rootCause: .missingAllow, says: [says])
    }

    private static let boundary = "arn:aws:iam::111122223333:policy/limit-1"

    private static let commands: [Scenario] = [
        resourcePolicy(
            "sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:orders",
            says:
                "aws sqs get-queue-attributes --queue-url https://sqs.us-east-1.amazonaws.com/111122223333/orders --attribute-names Policy --region us-east-1"
        ),
        resourcePolicy(
            "sns:Publish", "arn:aws:sns:us-east-1:111122223333:orders", says: "aws sns get-topic-attributes"),
        resourcePolicy("s3:GetObject", "arn:aws:s3:::reports/a.csv", says: "get-bucket-policy --bucket reports"),
        Scenario(
            name: "a new default version: the former one is named", group: Facts.group(refused),
            usage: [Facts.usage()],
            changes: [
                Facts.change("AttachRolePolicy", at: "2026-11-02T01:00:00Z", id: "attached", policy: Facts.policy),
                Facts.version(Facts.allowSend, at: "2026-11-02T00:00:00Z", id: "former", version: "v3"),
                Facts.version(Facts.allowReads, version: "v4"),
            ], rootCause: .permissionsChanged,
            says: ["aws iam set-default-policy-version --policy-arn \(Facts.policy) --version-id v3"]),
        Scenario(
            name: "a new default version: the former one is not known", group: Facts.group(refused),
            usage: [Facts.usage()],
            changes: [
                Facts.change("AttachRolePolicy", at: "2026-11-02T01:00:00Z", id: "attached", policy: Facts.policy),
                Facts.version(Facts.allowReads, version: "v4"),
            ], rootCause: .permissionsChanged, saysNot: ["--version-id"]),
        Scenario(
            name: "a new boundary: the former one is named", group: Facts.group(.missingAllow(.permissionsBoundary)),
            usage: [Facts.usage()],
            changes: [
                Facts.change(
                    "PutRolePermissionsBoundary", at: "2026-11-02T00:00:00Z", id: "former", policy: boundary),
                Facts.change(
                    "PutRolePermissionsBoundary", policy: "arn:aws:iam::111122223333:policy/limit-2"),
            ], rootCause: .permissionsChanged, blames: ["change"],
            says: ["put-role-permissions-boundary --role-name order-notifier --permissions-boundary \(boundary)"]),
    ]

    static let advice =
        leakedKeys + regions + ended + federatedUsers + stages + recurringNames + simulations + trusts + commands
}
