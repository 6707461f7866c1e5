import AccessDenial
import Diagnosis
import IAMPolicy
import TrailStore

/// What services refuse by themselves, whatever IAM's policies say: Block Public Access, Lake Formation, images that are not
/// shared, AWS Organizations.
extension ScenarioTests {
    private static let s3 = "s3.amazonaws.com"
    private static let object = "arn:aws:s3:::reports/a.csv"

    private static func blocked(_ setting: String, action: String, _ resource: String) -> DenialGroup {
        Facts.group(
            Facts.slug("block-public-access:\(setting)"), action: action, resource: resource, source: s3)
    }

    private static let blockedPolicy = blocked(
        "block-public-policy", action: "s3:PutBucketPolicy", "arn:aws:s3:::reports")
    private static let restricted = blocked("restrict-public-buckets", action: "s3:GetObject", object)

    private static func settings(
        _ on: [String], at time: String = "2026-11-10T11:55:00Z", id: String = "change", bucket: String? = "reports",
        account: String = Facts.account
    ) -> PermissionChange {
        let flags = on.map { #""\#($0)":true"# }.joined(separator: ",")
        let name = bucket.map { #""bucketName":"\#($0)","# } ?? ""
        return Facts.change(
            bucket == nil ? "PutAccountPublicAccessBlock" : "PutBucketPublicAccessBlock", at: time, id: id,
            target: bucket ?? account, type: bucket == nil ? "account" : "bucket", source: s3, account: account,
            parameters: #"{\#(name)"PublicAccessBlockConfiguration":{\#(flags)}}"#)
    }

    private static func bucketPolicy(_ principal: String, at time: String, id: String) -> PermissionChange {
        Facts.change(
            "PutBucketPolicy", at: time, id: id, target: "reports", type: "bucket", source: s3,
            parameters:
                #"{"bucketName":"reports","bucketPolicy":{"Statement":[{"Effect":"Allow","Principal":\#(principal),"Action":"s3:*","Resource":"arn:aws:s3:::reports/*"}]}}"#
        )
    }

    private static let publicAccess: [Scenario] = [
        Scenario(
            name: "BlockPublicPolicy was switched on", group: blockedPolicy,
            usage: [Facts.usage(Facts.role, "s3:PutBucketPolicy", source: s3)],
            changes: [settings(["BlockPublicPolicy", "BlockPublicAcls"])], rootCause: .permissionsChanged,
            finds: [.refusedByService], blames: ["change"], confidence: .inferred, remedy: .setting,
            offersPolicy: false,
            says: [
                "is supposed to refuse this. Grant access to named principals instead of the public",
                "get-public-access-block --bucket reports",
            ],
            explains: ["switched BlockPublicPolicy on"], explainsNot: ["policy's text"]),
        Scenario(
            name: "BlockPublicPolicy was switched on for the account", group: blockedPolicy,
            usage: [Facts.usage(Facts.role, "s3:PutBucketPolicy", source: s3)],
            changes: [settings(["BlockPublicPolicy"], bucket: nil)], rootCause: .permissionsChanged,
            blames: ["change"], says: ["s3control get-public-access-block --account-id 111122223333"]),
        Scenario(
            name: "only BlockPublicAcls was switched on, and a policy is refused", group: blockedPolicy,
            usage: [Facts.usage(Facts.role, "s3:PutBucketPolicy", source: s3)],
            changes: [settings(["BlockPublicAcls"])], rootCause: .refusedByService, spares: [.permissionsChanged],
            remedy: .setting, offersPolicy: false),
        Scenario(
            name: "the caller's own last policy does not block the next", group: blockedPolicy,
            usage: [Facts.usage(Facts.role, "s3:PutBucketPolicy", source: s3)],
            changes: [bucketPolicy(#""*""#, at: "2026-11-10T11:50:00Z", id: "own")], rootCause: .refusedByService,
            spares: [.permissionsChanged]),
        Scenario(
            name: "BlockPublicPolicy was on all the time", group: blockedPolicy,
            usage: [Facts.usage(Facts.role, "s3:PutBucketPolicy", source: s3)],
            changes: [
                settings(["BlockPublicPolicy"], at: "2026-11-01T00:00:00Z", id: "before"),
                settings(["BlockPublicPolicy", "BlockPublicAcls"]),
            ], rootCause: .refusedByService, spares: [.permissionsChanged]),
        Scenario(
            name: "another bucket's Block Public Access", group: blockedPolicy,
            usage: [Facts.usage(Facts.role, "s3:PutBucketPolicy", source: s3)],
            changes: [settings(["BlockPublicPolicy"], bucket: "other")], rootCause: .refusedByService,
            spares: [.permissionsChanged]),
        Scenario(
            name: "no policy of the caller's is behind Block Public Access", group: blockedPolicy,
            usage: [Facts.usage(Facts.role, "s3:PutBucketPolicy", source: s3)],
            changes: [Facts.change("DetachRolePolicy", policy: Facts.policy)], rootCause: .refusedByService,
            spares: [.permissionsChanged]),
        Scenario(
            name: "RestrictPublicBuckets was switched on", group: restricted,
            usage: [Facts.usage(Facts.role, "s3:GetObject", source: s3)],
            changes: [settings(["RestrictPublicBuckets"])], rootCause: .permissionsChanged, blames: ["change"]),
        Scenario(
            name: "a restricted bucket became public", group: restricted,
            usage: [Facts.usage(Facts.role, "s3:GetObject", source: s3)],
            changes: [
                bucketPolicy(#"{"AWS":"111122223333"}"#, at: "2026-11-02T00:00:00Z", id: "before"),
                bucketPolicy(#""*""#, at: "2026-11-10T11:55:00Z", id: "public"),
            ], rootCause: .permissionsChanged, blames: ["public"], explains: ["open to everybody"]),
        Scenario(
            name: "a restricted bucket's policy stayed private", group: restricted,
            usage: [Facts.usage(Facts.role, "s3:GetObject", source: s3)],
            changes: [bucketPolicy(#"{"AWS":"111122223333"}"#, at: "2026-11-10T11:55:00Z", id: "private")],
            rootCause: .refusedByService, spares: [.permissionsChanged]),
        Scenario(
            name: "RestrictPublicBuckets of the caller's own account", group: restricted,
            usage: [Facts.usage(Facts.role, "s3:GetObject", source: s3)],
            changes: [settings(["RestrictPublicBuckets"], bucket: nil)], rootCause: .refusedByService,
            spares: [.permissionsChanged]),
    ]

    private static func table(_ message: String) -> DenialGroup {
        Facts.group(
            Facts.slug("lake-formation-permissions"), action: "glue:GetTable", resource: nil,
            source: "glue.amazonaws.com"
        ) {
            $0.evidence = [
                DenialEvidence(
                    eventID: "denial", eventTime: Facts.firstSeen, eventName: "GetTable", awsRegion: "us-east-1",
                    errorCode: "AccessDeniedException", errorMessage: message)
            ]
        }
    }

    private static func revoke(from principal: String, table: String) -> PermissionChange {
        Facts.change(
            "RevokePermissions", target: principal, type: "resource", source: "lakeformation.amazonaws.com",
            parameters:
                #"{"principal":{"dataLakePrincipalIdentifier":"\#(principal)"},"resource":{"table":{"databaseName":"sales","name":"\#(table)"}},"permissions":["SELECT"]}"#
        )
    }

    private static let onOrders = "Insufficient Lake Formation permission(s) on orders"
    private static let image = Facts.group(
        Facts.slug("resource-not-shared"), action: "ec2:RunInstances", resource: "[ami-0abc]",
        source: "ec2.amazonaws.com")

    private static func sharing(_ items: String, image: String = "ami-0abc") -> PermissionChange {
        Facts.change(
            "ModifyImageAttribute", target: image, type: "resource", source: "ec2.amazonaws.com", account: Facts.other,
            parameters: #"{"imageId":"\#(image)","launchPermission":{\#(items)}}"#)
    }

    private static let accounts = Facts.group(
        .missingAllow(.resourceBased), action: "organizations:ListAccounts", resource: nil,
        source: "organizations.amazonaws.com")

    private static func deregistration(of account: String) -> PermissionChange {
        Facts.change(
            "DeregisterDelegatedAdministrator", target: account, type: "account", source: "organizations.amazonaws.com",
            account: Facts.other, parameters: #"{"accountId":"\#(account)","servicePrincipal":"config.amazonaws.com"}"#)
    }

    private static let serviceGrants: [Scenario] = [
        Scenario(
            name: "Lake Formation's grant on the table was revoked", group: table(onOrders),
            usage: [Facts.usage(Facts.role, "glue:GetTable", source: "glue.amazonaws.com")],
            changes: [revoke(from: Facts.role, table: "orders")], rootCause: .permissionsChanged, blames: ["change"],
            confidence: .inferred, remedy: .command, offersPolicy: false, says: ["list-permissions", "Lake Formation"]),
        Scenario(
            name: "Lake Formation's grant on another table was revoked", group: table(onOrders),
            usage: [Facts.usage(Facts.role, "glue:GetTable", source: "glue.amazonaws.com")],
            changes: [revoke(from: Facts.role, table: "customers")], rootCause: .refusedByService,
            spares: [.permissionsChanged]),
        Scenario(
            name: "Lake Formation's grant of another role was revoked", group: table(onOrders),
            usage: [Facts.usage(Facts.role, "glue:GetTable", source: "glue.amazonaws.com")],
            changes: [revoke(from: "arn:aws:iam::111122223333:role/other", table: "orders")],
            rootCause: .refusedByService, spares: [.permissionsChanged]),
        Scenario(
            name: "what IAM allows everybody was revoked in Lake Formation", group: table(onOrders),
            usage: [Facts.usage(Facts.role, "glue:GetTable", source: "glue.amazonaws.com")],
            changes: [revoke(from: "IAM_ALLOWED_PRINCIPALS", table: "orders")], rootCause: .permissionsChanged,
            blames: ["change"]),
        Scenario(
            name: "a policy was detached, and Lake Formation refuses", group: table(onOrders),
            usage: [Facts.usage(Facts.role, "glue:GetTable", source: "glue.amazonaws.com")],
            changes: [Facts.change("DetachRolePolicy", policy: Facts.policy)], rootCause: .refusedByService,
            spares: [.permissionsChanged], says: ["in Lake Formation"]),
        Scenario(
            name: "an image is no longer shared with the account", group: image,
            usage: [Facts.usage(Facts.role, "ec2:RunInstances", source: "ec2.amazonaws.com")],
            changes: [sharing(#""remove":{"items":[{"userId":"111122223333"}]}"#)], rootCause: .permissionsChanged,
            blames: ["change"], says: ["--launch-permission 'Add=[{UserId=111122223333}]'"]),
        Scenario(
            name: "an image is no longer shared with another account", group: image,
            usage: [Facts.usage(Facts.role, "ec2:RunInstances", source: "ec2.amazonaws.com")],
            changes: [sharing(#""remove":{"items":[{"userId":"999999999999"}]}"#)], rootCause: .refusedByService,
            spares: [.permissionsChanged]),
        Scenario(
            name: "another image is no longer shared", group: image,
            usage: [Facts.usage(Facts.role, "ec2:RunInstances", source: "ec2.amazonaws.com")],
            changes: [sharing(#""remove":{"items":[{"userId":"111122223333"}]}"#, image: "ami-0abcdef")],
            rootCause: .refusedByService, spares: [.permissionsChanged]),
        Scenario(
            name: "the account is no longer a delegated administrator", group: accounts,
            usage: [Facts.usage(Facts.role, "organizations:ListAccounts", source: "organizations.amazonaws.com")],
            changes: [deregistration(of: Facts.account)], rootCause: .permissionsChanged, blames: ["change"],
            offersPolicy: false, says: ["delegation policy", "register-delegated-administrator"]),
        Scenario(
            name: "another account is no longer a delegated administrator", group: accounts,
            usage: [Facts.usage(Facts.role, "organizations:ListAccounts", source: "organizations.amazonaws.com")],
            changes: [deregistration(of: "999999999999")], rootCause: .refusedByService, finds: [.missingAllow],
            spares: [.permissionsChanged], offersPolicy: false, says: ["management account", "delegate"]),
    ]

    private static func told(
        _ slug: String, _ action: String, _ message: String, source: String, resource: String? = nil
    ) -> DenialGroup {
        Facts.group(Facts.slug(slug), action: action, resource: resource, source: source) {
            $0.evidence[0].errorMessage = message
        }
    }

    private static let failedCheck =
        "Email address is not verified. The following identities failed the check in region EU-WEST-1: sender@example.com"

    private static let knownRefusals: [Scenario] = [
        Scenario(
            name: "the key behind a secret may not be used",
            group: told(
                "kms-behind-service", "secretsmanager:GetSecretValue", "Access to KMS is not allowed",
                source: "secretsmanager.amazonaws.com"),
            rootCause: .refusedByService, offersPolicy: false, says: ["kms:Decrypt"],
            saysNot: ["simulate-principal-policy"], explains: ["\"Access to KMS is not allowed\""],
            explainsNot: ["may never have been allowed"]),
        Scenario(
            name: "Organizations answers in the management account only",
            group: told(
                "management-account-only", "organizations:ListAccounts",
                "You don't have permissions to access this resource.", source: "organizations.amazonaws.com"),
            rootCause: .refusedByService, remedy: .setting, says: ["management account", "delegate"],
            explains: ["member account"]),
        Scenario(
            name: "a permission set that is not assigned",
            group: told("not-assigned", "sso:GetRoleCredentials", "No access", source: "sso.amazonaws.com"),
            rootCause: .refusedByService, remedy: .setting, says: ["sso_role_name", "assign"],
            explains: ["\"No access\""]),
        Scenario(
            name: "EC2 refuses a launch template",
            group: told(
                "unstated", "autoscaling:UpdateAutoScalingGroup", "An unknown error occurred",
                source: "autoscaling.amazonaws.com"),
            rootCause: .refusedByService, finds: [.reasonUnstated, .neverSucceeded], confidence: .inferred,
            says: ["ec2:RunInstances", "iam:PassRole"], saysNot: ["simulate-principal-policy"]),
        Scenario(
            name: "another call of Auto Scaling without a reason",
            group: told(
                "unstated", "autoscaling:DeletePolicy", "An unknown error occurred",
                source: "autoscaling.amazonaws.com"),
            rootCause: .neverSucceeded, spares: [.refusedByService]),
        Scenario(
            name: "a sender who is not verified",
            group: told("message-rejected", "ses:SendEmail", failedCheck, source: "ses.amazonaws.com"),
            rootCause: .accountState, says: ["SourceArn", "sandbox"], explains: ["sender@example.com"]),
        Scenario(
            name: "a sender whose domain another account lets this one use",
            group: told("message-rejected", "ses:SendEmail", failedCheck, source: "ses.amazonaws.com"),
            changes: [
                Facts.change(
                    "PutIdentityPolicy", at: "2026-11-01T00:00:00Z", target: "example.com", type: "identity",
                    source: "ses.amazonaws.com", account: Facts.other,
                    parameters: #"{"identity":"example.com","policyName":"p","policy":"{}"}"#)
            ], rootCause: .accountState,
            says: ["SourceArn", "arn:aws:ses:us-east-1:444455556666:identity/example.com", "not the point"]),
        Scenario(
            name: "a recipient in the sandbox",
            group: told("message-rejected", "ses:SendEmail", failedCheck, source: "ses.amazonaws.com"),
            usage: [Facts.usage(Facts.role, "ses:SendEmail", source: "ses.amazonaws.com")], rootCause: .accountState,
            says: ["production access"], saysNot: ["SourceArn"], explains: ["recipient"]),
        Scenario(
            name: "a pool's role for messages that trusts the wrong kind of principal",
            group: told(
                "service-role:not-assumable", "cognito-idp:SignUp",
                "Role does not have a trust relationship allowing Cognito to assume the role",
                source: "cognito-idp.amazonaws.com"),
            rootCause: .refusedByService, says: ["cognito-idp.amazonaws.com", "sts:AssumeRole", "sts:ExternalId"]),
        Scenario(
            name: "a state machine's role without the rule that waits for a job",
            group: told(
                "service-role:lacks-access", "states:CreateStateMachine",
                "'arn:aws:iam::111122223333:role/steps' is not authorized to create managed-rule.",
                source: "states.amazonaws.com"),
            rootCause: .refusedByService, says: ["arn:aws:iam::111122223333:role/steps", "events:PutRule"]),
    ]

    static let serviceRefusals: [Scenario] = publicAccess + serviceGrants + knownRefusals
}
