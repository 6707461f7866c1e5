import CloudTrail
import Testing

@testable import AccessDenial

/// Error codes by rows: what each means by itself.
struct ErrorCodeTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var codes: String
        var expected: ErrorCode

        var testDescription: String { codes }

        init(_ codes: String, _ expected: ErrorCode) {
            self.codes = codes
            self.expected = expected
        }
    }

    static let cases = [
        Case(
            """
            AccessDenied AccessDeniedException Client.UnauthorizedOperation UnauthorizedOperation AuthorizationError \
            AuthorizationErrorException ForbiddenException Forbidden ForbiddenError AccessForbidden UnauthorizedException \
            UnauthorizedOperationException UnauthorizedClientException OrganizationAccessDeniedException \
            OpsItemAccessDeniedException AccessDeniedFault InsufficientPrivilegesException accessdenied \
            SomethingNewAccessDeniedException Server.AccessDenied
            """, .denial(.authorization, nil)),
        Case("VpceAccessDenied", .denial(.authorization, .named("denied:vpc-endpoint"))),
        Case(
            """
            AccessDeniedForDependencyException DependencyAccessDeniedException DependentServiceAccessDenied \
            KMSAccessDeniedException KMSAccessDenied KmsAccessDenied KMSAccessDeniedFault \
            EncryptionKeyAccessDeniedException CloudHsmAccessDeniedException S3AccessDeniedFault \
            EC2AccessDeniedException
            """, .denial(.authorization, .named("dependency-denied"))),
        Case(
            "InvalidSmsRoleTrustRelationshipException",
            .denial(.authorization, .named("service-role:not-assumable"))),
        Case(
            "InvalidSmsRoleAccessPolicyException", .denial(.authorization, .named("service-role:lacks-access"))),
        Case(
            "InvalidEmailRoleAccessPolicyException InvalidLambdaFunction",
            .denial(.authorization, .named("destination-permissions"))),
        Case("AccessDeniedByMetaException", .denial(.authorization, .named("denied-by-meta"))),
        Case("Client.AuthFailure AuthFailure NotAuthorized NotAuthorizedException", .ambiguous),
        Case(
            "ExpiredToken ExpiredTokenException TokenRefreshRequired RequestExpired Client.RequestExpired",
            .denial(.authentication, .named("credentials-expired"))),
        Case(
            """
            InvalidClientTokenId Client.InvalidClientTokenId UnrecognizedClientException InvalidAccessKeyId InvalidToken \
            InvalidSecurity CloudTrailInvalidClientTokenIdException
            """, .denial(.authentication, .named("credentials-invalid"))),
        Case(
            "MissingAuthenticationToken MissingAuthenticationTokenException",
            .denial(.authentication, .named("credentials-missing"))),
        Case(
            "SignatureDoesNotMatch InvalidSignatureException IncompleteSignature IncompleteSignatureException",
            .denial(.authentication, .named("signature-invalid"))),
        Case("RequestTimeTooSkewed", .denial(.authentication, .named("clock-skew"))),
        Case("InvalidAuthenticationCode", .denial(.authentication, .named("mfa-failed"))),
        Case("InvalidIdentityToken IDPRejectedClaim", .denial(.authentication, .named("identity-token-rejected"))),
        Case("SessionDurationEscalationException", .denial(.authentication, .named("session-too-long"))),
        Case(
            "OptInRequired OptInRequiredException Client.OptInRequired SubscriptionRequiredException KMSOptInRequired",
            .denial(.account, .named("not-subscribed"))),
        Case("InvalidAccessException InsightNotEnabledException", .denial(.account, .named("service-not-enabled"))),
        Case("Client.PendingVerification PendingVerification", .denial(.account, .named("pending-verification"))),
        Case("RegionDisabledException", .denial(.account, .named("region-disabled"))),
        Case("AccountSuspendedException Client.Blocked", .denial(.account, .named("account-suspended"))),
        Case("SendingPausedException", .denial(.account, .named("sending-paused"))),
        Case("MessageRejected", .denial(.account, .named("message-rejected"))),
        Case("AllAccessDisabled AccountProblem", .denial(.account, .named("account-problem"))),
        Case("InvalidObjectState", .denial(.account, .named("object-archived"))),
        Case(
            """
            Throttling ThrottlingException ThrottledException RequestThrottled RequestThrottledException \
            TooManyRequestsException ProvisionedThroughputExceededException TransactionInProgressException \
            RequestLimitExceeded Client.RequestLimitExceeded BandwidthLimitExceeded LimitExceededException SlowDown \
            PriorRequestNotComplete EC2ThrottledException TooManyRequests TooManyRequestsError Throttled \
            ThrottledRequestException ThrottledClientException KMSThrottling KMSThrottlingFault \
            CallRateLimitExceededException KmsThrottled
            """, .noDenial(.throttling)),
        Case(
            """
            Client.DryRunOperation ValidationException ValidationError BadRequestException InvalidParameterValueException \
            Client.InvalidParameterValue MalformedPolicyDocument NotFoundException ResourceNotFoundException NoSuchBucket \
            NoSuchEntityException ConflictException PayloadTooLargeException MethodNotAllowedException \
            Client.VpcLimitExceeded ServiceQuotaExceededException InternalFailure InternalServerErrorException \
            ServiceUnavailable Client.OperationNotPermitted OperationNotPermittedException \
            Client.InvalidGroup.NotFound InvalidTokenException
            """, .noDenial(.validation)),
        Case("DirectConnectClientException BucketNotEmpty InvalidInstanceId X Exception Error", .unknown),
    ]

    @Test(arguments: cases) func tellsWhatCodesMean(_ row: Case) {
        for code in row.codes.split(separator: " ") { #expect(ErrorCode(String(code)) == row.expected, "\(code)") }
    }

    @Test(arguments: [
        ("Client.UnauthorizedOperation", "unauthorizedoperation"), ("AuthorizationErrorException", "authorization"),
        ("AccessDeniedFault", "accessdenied"), ("Server.InternalError", "internal"), ("Exception", "exception"),
        ("Client.", "client."), ("", ""),
    ]) func normalisesForComparison(code: String, normalised: String) {
        #expect(ErrorCode.normalised(code) == normalised)
    }

    @Test func onlyEventsWithAnErrorOrASignInAreReadFurther() {
        #expect(EventClass(errorCode: nil, hasErrorMessage: false, eventName: "SendMessages") == .success)
        #expect(EventClass(errorCode: nil, hasErrorMessage: false, eventName: nil) == .success)
        #expect(EventClass(errorCode: "AccessDenied", hasErrorMessage: false, eventName: nil) == .refusalPossible)
        #expect(EventClass(errorCode: nil, hasErrorMessage: true, eventName: nil) == .refusalPossible)
        #expect(EventClass(errorCode: nil, hasErrorMessage: false, eventName: "ConsoleLogin") == .refusalPossible)
    }

    struct Ambiguous: CustomTestStringConvertible, Sendable {
        var code: String
        var message: String?
        var category: Category?
        var reason: String?

        var testDescription: String { "\(code): \(message ?? "no message")" }

        init(_ code: String, _ message: String?, _ category: Category?, _ reason: String? = nil) {
            self.code = code
            self.message = message
            self.category = category
            self.reason = reason
        }
    }

    /// Codes that only the message decides.
    static let ambiguous = [
        Ambiguous(
            "Client.AuthFailure", "AWS was not able to validate the provided access credentials", .authentication,
            "credentials-invalid"),
        Ambiguous(
            "Client.AuthFailure",
            "vm-import-export@amazon.com must have WRITE and READ_ACL permission on the S3 bucket.",
            .authorization, "bucket-permissions"),
        Ambiguous(
            "Client.AuthFailure", "Not authorized for images: [ami-0abc]", .authorization, "resource-not-shared"),
        Ambiguous("Client.AuthFailure", nil, .authorization, "unstated"),
        Ambiguous("NotAuthorizedException", "Incorrect username or password.", .authentication, "sign-in-failed"),
        Ambiguous("NotAuthorizedException", "Access Token has expired", .authentication, "credentials-expired"),
        Ambiguous(
            "NotAuthorizedException", "Unauthenticated access is not supported for this identity pool.",
            .authorization, "guests-refused"),
        Ambiguous(
            "NotAuthorizedException", "Access Token does not have required scopes", .authorization, "token-scope"),
        Ambiguous(
            "NotAuthorizedException", "A client attempted to write unauthorized attribute", .authorization,
            "attribute-not-writable"),
        Ambiguous(
            "NotAuthorizedException", "SignUp is not permitted for this user pool", .authorization, "sign-up-closed"),
        Ambiguous(
            "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ", .authentication,
            "mfa-failed"),
        Ambiguous("AccessDenied", "IAM user access not activated", .account, "user-access-not-activated"),
        Ambiguous("KMSAccessDeniedException", nil, .authorization, "dependency-denied"),
        Ambiguous(
            "KMSAccessDeniedException",
            "User: arn:aws:iam::111122223333:user/a is not authorized to perform: kms:Decrypt on the resource associated with "
                + "this ciphertext because no identity-based policy allows the kms:Decrypt action",
            .authorization, "missing-allow:identity-based"),
        Ambiguous("KMSAccessDeniedException", "Lambda could not decrypt it.", .authorization, "dependency-denied"),
        Ambiguous(
            "ForbiddenException",
            "On October 30, 2026, AWS will end support for the Amazon Pinpoint engagement features",
            .account, "service-ended"),
        Ambiguous("ForbiddenException", nil, .authorization, "unstated"),
        Ambiguous("AccessDeniedException", "Reason: ACCOUNT_DISABLED", .account, "account-disabled"),
        Ambiguous(
            "AccessDeniedException", "Insufficient Lake Formation permission(s): Required Describe on db",
            .authorization, "lake-formation-permissions"),
        Ambiguous("Client.DryRunOperation", "Request would have succeeded, but DryRun flag is set.", nil),
        Ambiguous("ValidationException", "1 validation error detected", nil),
        Ambiguous("ValidationException", nil, nil),
        Ambiguous(
            "ValidationException", "User: arn:aws:iam::111122223333:user/a is not authorized to perform: x:Y",
            .authorization, "unstated"),
        Ambiguous(
            "InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda.",
            .authorization, "service-role:not-assumable"),
        Ambiguous(
            "ThrottlingException", "User: arn:aws:iam::111122223333:user/a is not authorized to perform: x:Y", nil),
        Ambiguous("Unheard", "Something else", nil),
        Ambiguous(
            "Unheard",
            "Access denied: User: arn:aws:iam::111122223333:user/a is not authorized to perform: x:Y with an explicit deny",
            .authorization, "explicit-deny"),
        Ambiguous("ExpiredTokenException", "anything", .authentication, "credentials-expired"),
        Ambiguous("InvalidSignatureException", "Signature expired: 20261101T…", .authentication, "clock-skew"),
    ]

    @Test(arguments: ambiguous) func messageDecidesWhatTheCodeLeavesOpen(_ row: Ambiguous) {
        var event = Event()
        event.errorCode = row.code
        event.errorMessage = row.message
        event.eventSource = "example.amazonaws.com"
        event.eventName = "DoIt"
        let denial = Denial(reading: event)
        #expect(denial?.category == row.category)
        #expect(denial?.reason.slug == row.reason)
    }
}
