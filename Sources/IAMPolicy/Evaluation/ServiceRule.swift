/// What a service decides beside all policies.
enum ServiceRule: Sendable, Hashable {
    case none
    /// Whatever the policies say: `sts:GetCallerIdentity`.
    case allowsAlways
    /// Unless a policy denies: `sts:GetSessionToken` for a user's own keys.
    case allowsWithoutPolicy
    /// Whatever the policies allow; the text says why.
    case refuses(String)

    init(_ request: AuthorizationRequest) {
        switch (request.service, request.operation) {
        case ("sts", "getcalleridentity"):
            self = request.principal.kind == .anonymous ? .none : .allowsAlways
        case ("sts", "getsessiontoken"):
            self = request.principal.kind == .user || request.principal.kind == .root ? .allowsWithoutPolicy : .none
        case ("sts", "assumerole"):
            self = request.principal.kind == .root ? .refuses("an account's root user cannot assume roles") : .none
        case ("iam", let operation): self = Self.protection(operation, request)
        case (_, _): self = .none
        }
    }

    /// What AWS owns in IAM cannot be changed by customers. Source: "Service-linked roles", "AWS managed policies" in the IAM user guide.
    private static func protection(_ operation: String, _ request: AuthorizationRequest) -> ServiceRule {
        guard let arn = request.resourceARN, changes.contains(where: { operation.hasPrefix($0) }) else { return .none }
        if arn.account == "aws", arn.resource.hasPrefix("policy/") {
            return .refuses("policies that AWS manages cannot be changed")
        }
        // IAM Identity Center changes them, in the management account with the permissions of whoever assigns a permission set.
        let isThroughService = request.context.value(ContextKey("aws:ViaAWSService")) == "true"
        if arn.resource.hasPrefix("role/aws-reserved/"), !isThroughService {
            return .refuses("roles under /aws-reserved/ are changed by the service that owns them only")
        }
        let own = ["createservicelinkedrole", "deleteservicelinkedrole", "updateroledescription", "updaterole"]
        if arn.resource.hasPrefix("role/aws-service-role/"), !own.contains(operation) {
            return .refuses("service-linked roles are changed through their service only")
        }
        return .none
    }

    private static let changes = [
        "add", "attach", "create", "delete", "detach", "put", "remove", "set", "tag", "untag", "update",
    ]
}

extension AuthorizationRequest {
    /// Whether the policy of the resource is the trust policy of a role.
    package var isRoleTrust: Bool {
        guard service == "sts" else { return false }
        let others = ["tagsession", "setsourceidentity", "setcontext"]
        return operation.hasPrefix("assumerole") || others.contains(operation) && isOnRole
    }

    private var isOnRole: Bool { resourceARN.map { $0.service == "iam" && $0.resource.hasPrefix("role/") } ?? false }

    /// Whether the resource is a KMS key, whose own policy must let IAM in.
    var isOnKey: Bool {
        service == "kms" && (resourceARN.map { $0.service == "kms" && $0.resource.hasPrefix("key/") } ?? false)
    }

    /// Whether the resource's policy must let the account's own policies decide. Source: "Key policies in AWS KMS";
    /// "Granting a user permissions to switch roles".
    var isGated: Bool { isRoleTrust || isOnKey }

    /// Whether the resource is an S3 bucket or object, whose ARN holds neither Region nor account.
    var isOnBucket: Bool {
        service == "s3" && (resourceARN.map { $0.service == "s3" && $0.account.isEmpty } ?? false)
    }

    /// Whether resource control policies exist for the action.
    ///
    /// Source: "List of AWS services that support RCPs" in the Organizations user guide.
    var takesResourceControl: Bool {
        Self.resourceControlServices.contains(service) && !(service == "kms" && operation == "retiregrant")
    }

    private static let resourceControlServices: Set<String> = [
        "aoss", "appconfig", "appstream", "autoscaling", "autoscaling-plans", "budgets", "clouddirectory", "cloudfront",
        "cloudsearch", "cloudtrail-data", "codeartifact", "codebuild", "codecommit", "codepipeline", "cognito-identity",
        "cognito-idp", "comprehend", "comprehendmedical", "compute-optimizer", "cost-optimization-hub", "dax", "dsql",
        "dynamodb", "ecr", "ecr-public", "events", "firehose", "fis", "fms", "gamelift", "health", "inspector-scan",
        "kendra", "kinesisvideo", "kms", "logs", "memorydb", "networkmonitor", "notifications", "opensearch",
        "pca-connector-ad", "personalize", "polly", "pricing", "resource-groups", "rolesanywhere", "s3",
        "secretsmanager", "servicediscovery", "signin", "sqs", "sts", "support", "swf", "textract",
        "timestream-influxdb",
        "transcribe", "transfer", "translate", "wafv2", "workspaces", "xray",
    ]

    /// Services in which no resource has a policy: from another account, use a role of the owner's account.
    var hasNoResourcePolicies: Bool {
        ["mobiletargeting", "social-messaging", "rds", "cloudformation"].contains(service)
    }
}
