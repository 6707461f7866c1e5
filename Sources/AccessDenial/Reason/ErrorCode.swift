/// What an event's error code says by itself, before its message is read.
///
/// Codes come in many spellings of one thing: `AccessDenied`, `AccessDeniedException`, `Client.UnauthorizedOperation`.
/// They are compared in a normalised form (``normalised(_:)``); the original is what the database keeps.
/// Sources: the AWS API models (botocore 1.44) for codes and services; "Common errors" in the API references of IAM, S3 and EC2.
public enum ErrorCode: Sendable, Equatable {
    /// A refusal of this category, of the given reason unless the message says more; `nil`: the message decides.
    case denial(Category, Reason?)
    /// A refusal by a policy, by credentials or by something else: the message decides.
    case ambiguous
    /// Throttled, invalid, or a success in disguise: no denial.
    case noDenial(Category)
    /// Not in the table.
    case unknown

    /// What is known of `code`, with or without prefix and ending, in any letter case.
    public init(_ code: String) {
        // Nearly all denials bear it: 10,294 of 11,096 errors in public records.
        if code == "AccessDenied" {
            self = .denial(.authorization, nil)
            return
        }
        let key = ErrorCode.normalised(code)
        if code == ErrorCode.pageTokenCode {
            self = .noDenial(.validation)
        } else if let known = ErrorCode.byCode[key] {
            self = known
        } else if key.hasSuffix("accessdenied") {
            self = .denial(.authorization, nil)
        } else if key.hasSuffix("throttled") || key.hasSuffix("throttling") {
            self = .noDenial(.throttling)
        } else if ErrorCode.validationEndings.contains(where: { key.hasSuffix($0) })
            || ErrorCode.validationBeginnings.contains(where: { key.hasPrefix($0) })
        {
            self = .noDenial(.validation)
        } else {
            self = .unknown
        }
    }

    /// The code for comparison: lower case, without a leading `Client.` or `Server.` and without any ending
    /// `Exception`, `Fault` or `Error`.
    public static func normalised(_ code: String) -> String {
        var bytes = Array(code.utf8)
        for index in bytes.indices where bytes[index] >= 0x41 && bytes[index] <= 0x5A { bytes[index] |= 0x20 }
        var key = bytes[...]
        for prefix in prefixes where key.count > prefix.count && key.starts(with: prefix) {
            key = key.dropFirst(prefix.count)
            break
        }
        while let ending = endings.first(where: { key.count > $0.count && key.suffix($0.count).elementsEqual($0) }) {
            key = key.dropLast(ending.count)
        }
        return String(decoding: key, as: UTF8.self)
    }

    private static let prefixes = ["client.", "server."].map { Array($0.utf8) }
    private static let endings = ["exception", "fault", "error"].map { Array($0.utf8) }
}

extension ErrorCode {
    /// Endings and beginnings of normalised codes that are no denials, whatever the service.
    static let validationEndings = ["limitexceeded", "quotaexceeded", "notfound", "alreadyexists", "inuse"]
    static let validationBeginnings = ["nosuch", "malformed", "invalidparameter", "validation"]

    /// What each code of the table means, by its normalised form.
    static var table: [String: ErrorCode] { byCode }

    private static let byCode: [String: ErrorCode] = {
        var table: [String: ErrorCode] = [:]
        table.reserveCapacity(160)
        let serviceRoles = ServiceRoleRefusal.codes.map {
            (ErrorCode.denial(.authorization, .named($0.slug)), $0.codes)
        }
        let destinations = [
            (ErrorCode.denial(.authorization, .named(DestinationRefusal.slug)), DestinationRefusal.codes),
            (ErrorCode.denial(.authorization, .named(ServiceLinkedRoleRefusal.slug)), ServiceLinkedRoleRefusal.codes),
        ]
        for (value, codes) in rows + serviceRoles + destinations {
            for code in codes.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
                table[normalised(String(code))] = value
            }
        }
        return table
    }()

    /// A page or upgrade token that CloudTrail, Network Firewall and others do not accept. S3's `InvalidToken`, which
    /// normalises to the same, is about credentials.
    private static let pageTokenCode = "InvalidTokenException"

    /// The table: what a code means, and the codes that mean it.
    private static let rows: [(ErrorCode, String)] = [
        // Authorization: the message says why.
        (
            .denial(.authorization, nil),
            """
            AccessDenied AccessDeniedException UnauthorizedOperation AuthorizationError AuthorizationErrorException
            Forbidden ForbiddenException ForbiddenError AccessForbidden Unauthorized UnauthorizedException UnauthorizedError
            UnauthorizedOperationException UnauthorizedClientException UnauthorizedResourceAccessException
            UnauthorizedPartnerIntegration OrganizationAccessDeniedException OpsItemAccessDeniedException
            AccessDeniedFault InsufficientPrivilegesException InsufficientPermissionsException AccessToClusterDenied
            AccessToSnapshotDenied BlockedByOrganizationPolicyException ChannelInsufficientPermission
            """
        ),
        (.denial(.authorization, .named("denied:vpc-endpoint")), "VpceAccessDenied"),
        (
            .denial(.authorization, .named("dependency-denied")),
            """
            AccessDeniedForDependencyException DependencyAccessDeniedException DependentServiceAccessDenied
            KMSAccessDeniedException KMSAccessDenied KMSAccessDeniedFault EncryptionKeyAccessDeniedException
            CloudHsmAccessDeniedException S3AccessDeniedFault EC2AccessDeniedException LoadUrlAccessDeniedException
            InsufficientDependencyServiceAccessPermissionException InsufficientIAMAccessPermissionException
            UnableToAccessSecretException UnableToDecryptSecretValueException KMSRequestFailedException
            Ec2RequestFailedException EFSMountFailureException
            """
        ),
        (.denial(.authorization, .named("key-policy-or-region")), "KMSKeyNotAccessibleFault"),
        (.denial(.authorization, .named(TagPolicyRefusal.slug)), "TagPolicyViolation TagPolicyException"),
        (.denial(.authorization, .named("denied-by-meta")), "AccessDeniedByMetaException"),
        // A policy or the credentials: EC2's answer to both, and Cognito's.
        (.ambiguous, "AuthFailure NotAuthorized NotAuthorizedException"),
        // Authentication.
        (
            .denial(.authentication, .named("credentials-expired")),
            "ExpiredToken ExpiredTokenException TokenRefreshRequired RequestExpired"
        ),
        (
            .denial(.authentication, .named("credentials-invalid")),
            """
            InvalidClientTokenId UnrecognizedClientException InvalidAccessKeyId InvalidToken InvalidSecurity
            CloudTrailInvalidClientTokenIdException
            """
        ),
        (.denial(.authentication, .named("credentials-missing")), "MissingAuthenticationToken"),
        (
            .denial(.authentication, .named("signature-invalid")),
            "SignatureDoesNotMatch InvalidSignatureException IncompleteSignature"
        ),
        (.denial(.authentication, .named("clock-skew")), "RequestTimeTooSkewed"),
        (.denial(.authentication, .named("mfa-failed")), "InvalidAuthenticationCode"),
        (.denial(.authentication, .named("identity-token-rejected")), "InvalidIdentityToken IDPRejectedClaim"),
        (.denial(.authentication, .named("session-too-long")), "SessionDurationEscalationException"),
        // The account's state, or the resource's: refused, but by no policy.
        (
            .denial(.account, .named("not-subscribed")),
            "OptInRequired SubscriptionRequiredException KMSOptInRequired NotSignedUp"
        ),
        (
            .denial(.account, .named("service-not-enabled")),
            """
            InvalidAccessException InsightNotEnabledException CloudTrailAccessNotEnabledException
            ServiceAccessNotEnabledException AWSServiceAccessNotEnabledException
            OutboundWebIdentityFederationDisabledException SerialConsoleAccessDisabledException
            """
        ),
        (.denial(.account, .named("pending-verification")), "PendingVerification"),
        (.denial(.account, .named("region-disabled")), "RegionDisabledException"),
        (.denial(.account, .named("account-suspended")), "AccountSuspendedException Blocked"),
        (.denial(.account, .named("sending-paused")), "SendingPausedException"),
        (.denial(.account, .named("message-rejected")), "MessageRejected"),
        (.denial(.account, .named("account-problem")), "AccountProblem AllAccessDisabled InvalidPayer"),
        (
            .denial(.account, .named("plan-not-supported")),
            "UnsupportedPricingPlanException UnsupportedUserEditionException"
        ),
        (.denial(.account, .named("object-archived")), "InvalidObjectState"),
        // Throttled.
        (
            .noDenial(.throttling),
            """
            Throttling ThrottlingException ThrottledException Throttled RequestThrottled RequestThrottledException
            TooManyRequests TooManyRequestsException TooManyRequestsError ProvisionedThroughputExceededException
            TransactionInProgressException RequestLimitExceeded BandwidthLimitExceeded LimitExceededException SlowDown
            PriorRequestNotComplete EC2ThrottledException ThrottledRequestException ThrottledClientException KMSThrottling
            KMSThrottlingException KMSThrottlingFault CallRateLimitExceededException DependencyThrottle
            """
        ),
        // Invalid, missing, in the wrong state. `DryRunOperation` even says that the caller has the permission.
        (
            .noDenial(.validation),
            """
            DryRunOperation ValidationException ValidationError BadRequestException NotFoundException
            ResourceNotFoundException ConflictException PayloadTooLargeException MethodNotAllowedException InternalFailure
            InternalServerErrorException InternalError ServiceUnavailable OperationNotPermitted
            OperationNotPermittedException OperationNotPermittedFault
            """
        ),
    ]
}

/// Which way an event takes, told from three fields without parsing anything: nineteen events of twenty carry no error.
public enum EventClass: Sendable, Equatable {
    /// No error: no denial.
    case success
    /// An error: ``Denial/init(reading:)`` decides.
    case refusalPossible

    /// The class of an event with these fields, as the record gives them.
    public init(errorCode: String?, hasErrorMessage: Bool, eventName: String?) {
        if errorCode != nil || hasErrorMessage {
            self = .refusalPossible
        } else if let eventName, EventClass.namesSignIn(eventName) {
            self = .refusalPossible
        } else {
            self = .success
        }
    }

    /// Whether the event reports its result in `responseElements` under its own name: `"ConsoleLogin": "Failure"`.
    /// Source: "AWS Management Console sign-in events" in the AWS CloudTrail user guide.
    public static func namesSignIn(_ eventName: String) -> Bool {
        switch eventName {
        case "ConsoleLogin", "CheckMfa", "SwitchRole": true
        default: false
        }
    }
}
