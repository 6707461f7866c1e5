public import IAMPolicy

/// Why AWS says that it refused, as one short slug: the third part of a denial group's key.
///
/// The complete list is ``table``. A reason is one row of it, so that two reasons are equal where their slugs are.
public struct Reason: Sendable, Hashable, CustomStringConvertible {
    private let index: UInt8

    private init(index: Int) { self.index = UInt8(index) }

    /// The reason with this slug, as a database or a user's flag holds it; `nil` for a slug that is not in the table.
    public init?(slug: String) {
        guard let index = Reason.indices[slug] else { return nil }
        self.init(index: index)
    }

    private var row: Row { Reason.table[Int(index)] }

    /// The slug, such as `explicit-deny:service-control` or `service-ended`.
    public var slug: String { row.slug }
    /// The reason in plain words, fit to stand behind "because": `no identity-based policy allows it`.
    public var title: String { row.title }
    /// Whether a Deny statement refused, or the lack of an Allow; `unstated` where no policy is known to have decided.
    public var effect: Effect { row.effect }
    /// The kind of policy that AWS names; `nil` where it names none.
    public var policyType: PolicyType? { row.policyType }
    /// The category that a denial of this reason has unless its error code says otherwise.
    public var category: Category { row.category }
    /// One sentence on what the reason means for the reader.
    public var meaning: String { row.meaning }

    /// The slug.
    public var description: String { slug }

    /// Every reason, in the order of the table.
    public static var allReasons: [Reason] { table.indices.map(Reason.init(index:)) }

    /// No policy of this type allows the action; `nil` where the message was cut before the type.
    public static func missingAllow(_ type: PolicyType?) -> Reason {
        guard let type else { return named("missing-allow") }
        return named("missing-allow:\(type.rawValue)")
    }

    /// A Deny statement in a policy of this type; `nil` where AWS does not name the type.
    public static func explicitDeny(_ type: PolicyType?) -> Reason {
        guard let type else { return named("explicit-deny") }
        return named("explicit-deny:\(type.rawValue)")
    }

    /// The message gives no reason, or there is no message.
    public static let unstated = named("unstated")
    /// There is a message, but its wording is not known to the grammar.
    public static let unrecognised = named("unrecognised")

    /// The row of this slug. The slug is one of the program's own, so a miss is a mistake in the program, which the
    /// tests find by asking for every slug that the tables of this module mention.
    static func named(_ slug: String) -> Reason {
        guard let reason = Reason(slug: slug) else { preconditionFailure("no reason has the slug \(slug)") }
        return reason
    }

    private static let indices = Dictionary(
        table.enumerated().map { ($0.element.slug, $0.offset) }, uniquingKeysWith: { first, _ in first })
}

extension Reason {
    /// One line of the table of reasons.
    struct Row: Sendable {
        var slug: String
        var title: String
        var effect: Effect
        var policyType: PolicyType?
        var category: Category
        var meaning: String

        init(
            _ slug: String, _ title: String, effect: Effect = .unstated, policyType: PolicyType? = nil,
            category: Category = .authorization, _ meaning: String
        ) {
            self.slug = slug
            self.title = title
            self.effect = effect
            self.policyType = policyType
            self.category = category
            self.meaning = meaning
        }
    }

    /// Every reason that trail403 knows.
    ///
    /// Sources: "Troubleshoot access denied error messages" in the AWS IAM user guide for what policies say; the API
    /// models and user guides of the services for the rest.
    static let table: [Row] = policyRows + wordedRows + authenticationRows + accountRows + frontRows

    private static let policyRows: [Row] = [
        Row(
            "missing-allow:identity-based", "no identity-based policy allows it", effect: .implicit,
            policyType: .identityBased,
            "No policy attached to the user, its groups or the role allows the action on the resource."),
        Row(
            "missing-allow:resource-based", "no resource-based policy allows it", effect: .implicit,
            policyType: .resourceBased,
            "The policy of the resource itself does not allow the caller, and without that AWS refuses here."),
        Row(
            "missing-allow:service-control", "no service control policy allows it", effect: .implicit,
            policyType: .serviceControl,
            "The service control policies at some level of the organization do not allow the action."),
        Row(
            "missing-allow:resource-control", "no resource control policy allows it", effect: .implicit,
            policyType: .resourceControl,
            "The resource control policies of the resource's organization do not allow the action."),
        Row(
            "missing-allow:permissions-boundary", "no permissions boundary allows it", effect: .implicit,
            policyType: .permissionsBoundary,
            "The permissions boundary of the user or role does not allow the action, whatever its policies allow."),
        Row(
            "missing-allow:session", "no session policy allows it", effect: .implicit, policyType: .session,
            "The policy given when the session began does not allow the action, whatever the role allows."),
        Row(
            "missing-allow:vpc-endpoint", "no VPC endpoint policy allows it", effect: .implicit,
            policyType: .vpcEndpoint,
            "The policy of the VPC endpoint that the request went through does not allow the action."),
        Row(
            "missing-allow:role-trust", "no role trust policy allows it", effect: .implicit, policyType: .roleTrust,
            "The trust policy of the role does not let the caller assume it."),
        Row(
            "missing-allow", "no policy of some type allows it", effect: .implicit,
            "An Allow is missing, but the message was cut, or is too new, to tell in which type of policy."),
        Row(
            "explicit-deny:identity-based", "an identity-based policy denies it explicitly", effect: .explicit,
            policyType: .identityBased,
            "A Deny statement in a policy of the user, its groups or the role matches the request."),
        Row(
            "explicit-deny:resource-based", "a resource-based policy denies it explicitly", effect: .explicit,
            policyType: .resourceBased, "A Deny statement in the resource's own policy matches the request."),
        Row(
            "explicit-deny:service-control", "a service control policy denies it explicitly", effect: .explicit,
            policyType: .serviceControl,
            "A Deny statement in a service control policy of the organization matches the request."),
        Row(
            "explicit-deny:resource-control", "a resource control policy denies it explicitly", effect: .explicit,
            policyType: .resourceControl,
            "A Deny statement in a resource control policy of the organization matches the request."),
        Row(
            "explicit-deny:permissions-boundary", "a permissions boundary denies it explicitly", effect: .explicit,
            policyType: .permissionsBoundary,
            "A Deny statement in the permissions boundary of the user or role matches the request."),
        Row(
            "explicit-deny:session", "a session policy denies it explicitly", effect: .explicit, policyType: .session,
            "A Deny statement in the policy given when the session began matches the request."),
        Row(
            "explicit-deny:vpc-endpoint", "a VPC endpoint policy denies it explicitly", effect: .explicit,
            policyType: .vpcEndpoint,
            "A Deny statement in the policy of the VPC endpoint that the request went through matches it."),
        Row(
            "explicit-deny:role-trust", "the role trust policy denies it explicitly", effect: .explicit,
            policyType: .roleTrust, "A Deny statement in the trust policy of the role matches the caller."),
        Row(
            "explicit-deny", "a policy denies it explicitly", effect: .explicit,
            "A Deny statement matches the request, but AWS does not name the type of the policy."),
        Row(
            "denied:vpc-endpoint", "the VPC endpoint policy refuses it", policyType: .vpcEndpoint,
            "A network activity event: the owner of the VPC endpoint sees that its policy refused a request, but not "
                + "whether by a Deny statement or for lack of an Allow."),
    ]

    private static let wordedRows: [Row] = [
        Row(
            "unstated", "AWS gives no reason",
            "AWS refused and does not say which policy, or whether a policy, was the reason."),
        Row(
            "message-cut", "AWS cut the message before the reason",
            "CloudTrail keeps 1 KB of a message, and here the reason stood behind it; it is unknown, not absent."),
        Row(
            "unrecognised", "the message is not one that trail403 knows",
            "AWS refused with a wording that trail403 cannot read; the text is kept as it is."),
        Row(
            "key-policy-or-region", "the KMS key is not there, or its policy does not allow it",
            "KMS names three causes in one sentence: the key does not exist in this Region, no policy of the key allows "
                + "access, or one denies it explicitly."),
        Row(
            "dependency-denied", "a service behind this one was refused",
            "The service was refused by another one, such as KMS or S3, that it called on the caller's behalf."),
        Row(
            "kms-behind-service", "the KMS key behind the service may not be used",
            "The data is encrypted with a customer managed key, and the caller may not use that key; the action itself is not what "
                + "is refused."),
        Row(
            ServiceSentence.managementAccountOnly, "only the management account or a delegated administrator may do it",
            "AWS Organizations refuses the call in any other account of the organization, whatever the policies there allow."
        ),
        Row(
            ServiceSentence.notAssigned, "the permission set is not assigned to the user in the account",
            "IAM Identity Center gives the credentials of a permission set in an account to those alone to whom it is assigned there."
        ),
        Row(
            "block-public-access", "Block Public Access forbids it",
            "A Block Public Access setting of S3 refuses the request, whatever the policies allow."),
        Row(
            "block-public-access:block-public-acls", "Block Public Access (BlockPublicAcls) forbids public ACLs",
            "The request would set a public access control list, which the setting BlockPublicAcls refuses."),
        Row(
            "block-public-access:ignore-public-acls", "Block Public Access (IgnorePublicAcls) ignores public ACLs",
            "Access rested on a public access control list, which the setting IgnorePublicAcls leaves without effect."),
        Row(
            "block-public-access:block-public-policy",
            "Block Public Access (BlockPublicPolicy) forbids public policies",
            "The request would set a public bucket policy, which the setting BlockPublicPolicy refuses."),
        Row(
            "block-public-access:restrict-public-buckets",
            "Block Public Access (RestrictPublicBuckets) forbids public and cross-account access",
            "The bucket's policy is public, and the setting RestrictPublicBuckets lets only the owner's account in."),
        Row(
            "blocked-encryption-type", "the bucket blocks uploads with customer-provided keys (SSE-C)",
            "The bucket's setting BlockedEncryptionTypes refuses the kind of encryption that the upload asks for."),
        Row(
            "object-locked", "Object Lock protects the object",
            "The object is under retention or legal hold; no permission to delete or change it helps before that ends."),
        Row(
            "guests-refused", "the identity pool takes no guests",
            "The call brings no token of somebody who signed in, and the identity pool is set to refuse such calls; no policy is asked."
        ),
        Row(
            "token-scope", "the access token lacks the scope that the call needs",
            "Amazon Cognito lets people do to their own account what the scopes of their access token allow; no policy is asked."
        ),
        Row(
            "attribute-not-writable", "the app client may not write the attribute",
            "An app client of Amazon Cognito writes the attributes that its own settings list; no policy is asked."),
        Row(
            "sign-up-closed", "nobody may sign up for the user pool",
            "The user pool is set so that administrators alone create its users; no policy is asked."),
        Row(
            "root-cannot-assume-roles", "a root user cannot assume roles",
            "No policy can allow this: roles may not be assumed by root users."),
        Row(
            "session-credentials-not-allowed", "the call does not work with temporary credentials",
            "The operation must be called with the long-term credentials of a user; no policy can allow it to a session."
        ),
        Row(
            "bucket-permissions", "the S3 bucket does not grant the service what it needs",
            "An AWS service lacks permissions on the S3 bucket that the request names: its own, or those of the caller, with which it works."
        ),
        Row(
            "image-permissions", "the image's repository does not let the service in",
            "An AWS service may not pull the container image that the request names."),
        Row(
            DestinationRefusal.slug, "the destination's own policy does not let the service in",
            "An AWS service may not deliver to the bucket, topic, queue, function or key that the request names."),
        Row(
            ServiceLinkedRoleRefusal.slug, "a service-linked role is missing, and the caller may not create it",
            "The service works with a role of its own that is not in the account yet, and the caller may not create it."
        ),
        Row(
            TagPolicyRefusal.slug, "the organization's tag policy does not allow the tag",
            "A tag policy of the organization refuses the value that the request gives a tag; no policy that grants anything decides."
        ),
        Row(
            "resource-not-shared", "the resource is not shared with the account",
            "The resource, such as a machine image, belongs to another account that has not shared it."),
        Row(
            "cross-account-pass-role", "a role of another account cannot be passed",
            "No policy can allow this: a service accepts only roles of the caller's own account."),
        Row(
            ServiceRoleRefusal.notAssumable, "the service may not assume the role",
            "The request hands a role to a service that cannot assume it: the role's trust policy does not let the service in, or the "
                + "role is so new that IAM does not know it everywhere."),
        Row(
            ServiceRoleRefusal.lacksAccess, "the role that the service was given lacks permissions",
            "The request hands a role to a service, and the role's policies do not allow what the service does with it."
        ),
        Row(
            "lake-formation-permissions", "Lake Formation does not grant it",
            "IAM may allow the action, but the principal has no Lake Formation permission on the database, table or "
                + "location."),
        Row(
            "not-whitelisted", "the account may not use this action type",
            "The service offers the named action type to chosen accounts only."),
        Row(
            "not-entitled", "the account has no entitlement to it",
            "The operation is for accounts with a contract or partner status that this one does not have."),
        Row(
            "denied-by-meta", "Meta refused it",
            "The refusal comes from Meta (WhatsApp), not from AWS; no IAM policy can change it."),
    ]

    private static let authenticationRows: [Row] = [
        Row(
            "credentials-expired", "the credentials had expired", category: .authentication,
            "The session's token was no longer valid when the request came."),
        Row(
            "credentials-invalid", "the credentials are not valid", category: .authentication,
            "The access key or token is unknown to AWS, inactive or malformed."),
        Row(
            "credentials-missing", "the request carries no credentials", category: .authentication,
            "The request was not signed, or its token is missing."),
        Row(
            "signature-invalid", "the signature does not match", category: .authentication,
            "The secret key is wrong, or something changed the request after it was signed."),
        Row(
            "clock-skew", "the caller's clock is wrong", category: .authentication,
            "The time in the signature is too far from AWS's time."),
        Row(
            "mfa-failed", "the MFA code or device was not accepted", category: .authentication,
            "The one-time code is wrong, or the serial number is not that of the user's MFA device."),
        Row(
            "sign-in-failed", "the sign-in failed", category: .authentication,
            "The user name, password or second factor was not accepted at sign-in."),
        Row(
            "identity-token-rejected", "the identity provider's token was not accepted", category: .authentication,
            "The web identity token or SAML assertion is invalid, or the provider rejected its claims."),
        Row(
            "session-too-long", "the session asks for more time than it may", category: .authentication,
            "The requested session would last longer than the credentials that ask for it allow."),
        Row(
            "authentication-failed", "the caller could not be authenticated", category: .authentication,
            "AWS or the service could not tell who called, and says no more."),
    ]

    private static let accountRows: [Row] = [
        Row(
            "service-ended", "AWS ended support for the feature", category: .account,
            "The service's life is over for this operation; no policy change can bring it back."),
        Row(
            "not-subscribed", "the account is not subscribed to the service", category: .account,
            "The account has not signed up, opted in or subscribed, which comes before any permission."),
        Row(
            "service-not-enabled", "the service is not enabled in the account", category: .account,
            "The service or feature is switched off in this account or Region."),
        Row(
            "model-access-missing", "the account has no access to the model", category: .account,
            "Access to the Amazon Bedrock model has not been granted to the account."),
        Row(
            "model-not-subscribed", "the account is not subscribed to the model", category: .account,
            "The first call of an Amazon Bedrock model from AWS Marketplace subscribes the account to it, and the caller lacks the permissions for that."
        ),
        Row(
            "account-disabled", "the account is disabled for the service", category: .account,
            "AWS has disabled the account for this service; only AWS Support can change it."),
        Row(
            "account-suspended", "the account is suspended", category: .account,
            "AWS has suspended the account for this service."),
        Row(
            "account-problem", "something is wrong with the account", category: .account,
            "AWS refuses because of the account itself, such as its billing or its verification."),
        Row(
            "pending-verification", "AWS is still verifying the account", category: .account,
            "The request must wait until AWS has verified the account."),
        Row(
            "sending-paused", "sending is paused", category: .account,
            "Sending messages is paused for the account or the configuration set."),
        Row(
            "message-rejected", "the message was rejected", category: .account,
            "The service rejects the message, often because an address or the account is not verified."),
        Row(
            "insufficient-reputation", "the account's reputation is not sufficient", category: .account,
            "AWS End User Messaging refuses because of the account's reputation, not because of a policy."),
        Row(
            "region-disabled", "the Region is not enabled", category: .account,
            "The Region, or STS in it, is not activated for the account."),
        Row(
            "user-access-not-activated", "IAM access to billing is not activated", category: .account,
            "The root user has not activated IAM users' and roles' access to billing information."),
        Row(
            "plan-not-supported", "the account's edition or plan does not include it", category: .account,
            "The operation needs another edition or pricing plan of the service."),
        Row(
            "object-archived", "the object is archived", category: .account,
            "The object lies in an archive storage class and must be restored first; S3 answers this with 403, too."),
    ]
}
