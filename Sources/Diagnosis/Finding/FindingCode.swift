extension Finding {
    /// What a finding says, as a stable name that scripts may rely on.
    public enum Code: String, Sendable, CaseIterable, Codable {
        case serviceEnded = "service-ended"
        case notSubscribed = "not-subscribed"
        case accountState = "account-state"
        case mfaFailed = "mfa-failed"
        case credentialsExpired = "credentials-expired"
        case credentialsInvalid = "credentials-invalid"
        case signatureInvalid = "signature-invalid"
        case cognitoGuestSessionPolicy = "cognito-guest-session-policy"
        case permissionsChanged = "permissions-changed"
        case principalRecreated = "principal-recreated"
        case wrongIAMPrefix = "wrong-iam-prefix"
        case resourceTooNarrow = "resource-too-narrow"
        case conditionUnmet = "condition-unmet"
        case passRoleMissing = "pass-role-missing"
        case notYetEffective = "not-yet-effective"
        case explicitDeny = "explicit-deny"
        case regionMismatch = "region-mismatch"
        case mfaAbsent = "mfa-absent"
        case networkPathChanged = "network-path-changed"
        case environmentDifference = "environment-difference"
        case crossAccount = "cross-account"
        case readWorksWriteDenied = "read-works-write-denied"
        case missingAllow = "missing-allow"
        case clientChanged = "client-changed"
        case neverSucceeded = "never-succeeded"
        case refusedByService = "refused-by-service"
        case viaAPIGateway = "via-api-gateway"
        case viaAWSService = "via-aws-service"
        case messageTruncated = "message-truncated"
        case reasonUnstated = "reason-unstated"

        /// When the finding is made, in one sentence: the row of the documentation's table.
        public var meaning: String {
            switch self {
            case .serviceEnded:
                "AWS says that support has ended; or an operation of Pinpoint's ended features is refused after that day without a named policy."
            case .notSubscribed: "The account has not subscribed to the service, or the service is not enabled."
            case .accountState: "The account's state refuses: reputation, suspension, verification, paused sending."
            case .mfaFailed: "The MFA code or device was not accepted."
            case .credentialsExpired: "The temporary credentials had ended."
            case .credentialsInvalid: "The access key or token is unknown, inactive or missing."
            case .signatureInvalid: "The signature does not match, or the caller's clock is wrong."
            case .cognitoGuestSessionPolicy:
                "A guest of a Cognito identity pool is refused by AWS's own session policy, which allows Pinpoint but not its successors."
            case .permissionsChanged:
                "A successful change between the last success (else the start of the archive) and the first denial can cause exactly this reason."
            case .principalRecreated:
                "The role or user was made anew under the same ARN between the last success and the first denial."
            case .wrongIAMPrefix:
                "A policy of the principal in the trail grants the action under a prefix that IAM does not know."
            case .resourceTooNarrow:
                "A policy of the principal in the trail grants the action, but on a resource that does not cover the one refused."
            case .conditionUnmet:
                "A policy of the principal in the trail grants the action on the resource, or the trust policy of the role lets the caller in, but under a condition that the refused calls do not meet."
            case .passRoleMissing: "iam:PassRole is refused behind a call that hands a role to a service."
            case .notYetEffective:
                "The role that was to be assumed was created seconds before, and assuming it succeeds soon after: IAM needs a while to take effect."
            case .explicitDeny: "AWS names an explicit Deny."
            case .regionMismatch:
                "The same principal and action succeed in another Region on what bears the same name, or the same Pinpoint project does, and never in this one."
            case .mfaAbsent: "Every success came with MFA, every denial without."
            case .networkPathChanged:
                "Successes and denials came through different VPC endpoints or from different addresses."
            case .environmentDifference:
                "The like-named role or user of another account or stage succeeds with the action, or what was refused bears the name of that stage."
            case .crossAccount: "The resource or role belongs to another account than the caller."
            case .readWorksWriteDenied: "The principal's reads of the service succeed, its writes never."
            case .missingAllow: "AWS says that no policy of a type allows the action."
            case .clientChanged: "Successes and denials came from different SDKs or agents."
            case .neverSucceeded: "The principal never succeeded with the action in the archive."
            case .refusedByService: "The service refused in words that name no policy, such as Block Public Access."
            case .viaAPIGateway: "API Gateway made the call, under the role of its integration."
            case .viaAWSService: "An AWS service made the call with the principal's permissions."
            case .messageTruncated: "AWS cut the message at 1 KB."
            case .reasonUnstated: "AWS gives no reason, or one in unknown words."
            }
        }

        /// What of the archive it is made from: the evidence that it needs.
        public var evidence: String {
            switch self {
            case .serviceEnded:
                "AWS's words; else a denial after the end of support, and no success of the operation after it."
            case .notSubscribed: "AWS's words or error code."
            case .accountState: "AWS's words or error code."
            case .mfaFailed: "AWS's words, or a sign-in's record."
            case .credentialsExpired: "AWS's error code; how old the session was, from the event that opened it."
            case .credentialsInvalid:
                "AWS's error code; an access key's or identity provider's change, where the trail has one."
            case .signatureInvalid: "AWS's error code."
            case .cognitoGuestSessionPolicy:
                "AWS names the session policy; the session's or the role's name tells of guests of an identity pool."
            case .permissionsChanged:
                "The event of the change; its policy's text and a success before it make it surer."
            case .principalRecreated:
                "The event that created it, or other unique ids in the denials than in the successes."
            case .wrongIAMPrefix: "The event that wrote the policy, with its record."
            case .resourceTooNarrow: "The event that wrote the policy, with its record; the refused resource."
            case .conditionUnmet:
                "The event that wrote the policy, with its record; what the denials' records tell of the condition's key."
            case .passRoleMissing: "AWS's words."
            case .notYetEffective: "The event that created the role; a success soon after the denials."
            case .explicitDeny: "AWS's words."
            case .regionMismatch: "A success in the other Region; where resources have names, what it was on."
            case .mfaAbsent: "Successes and denials of the action whose sessions tell of MFA."
            case .networkPathChanged: "Successes and denials of the action with their addresses and endpoints."
            case .environmentDifference: "Successes of the other principal, or the names of principal and resource."
            case .crossAccount: "The ARNs of caller and resource."
            case .readWorksWriteDenied: "Successes of the principal's reads of the service, none of the action."
            case .missingAllow: "AWS's words."
            case .clientChanged: "Successes and denials of the action with their agents."
            case .neverSucceeded: "No success of the action by the principal in the archive."
            case .refusedByService: "AWS's words or error code."
            case .viaAPIGateway: "The service that the record names as the caller, or its agent."
            case .viaAWSService: "The service that the record names as the caller."
            case .messageTruncated: "The denial's message."
            case .reasonUnstated: "The denial's message."
            }
        }

        /// The guide's step, 1 to 9. The guide has none for the end of a service or the state of an account; both stand under 9.
        public var step: Int {
            switch self {
            case .mfaFailed, .credentialsExpired, .credentialsInvalid, .regionMismatch, .mfaAbsent: 1
            case .explicitDeny, .missingAllow, .permissionsChanged, .principalRecreated, .wrongIAMPrefix,
                .resourceTooNarrow, .conditionUnmet, .passRoleMissing, .notYetEffective, .neverSucceeded,
                .readWorksWriteDenied,
                .cognitoGuestSessionPolicy:
                2
            case .networkPathChanged: 3
            case .viaAPIGateway: 4
            case .signatureInvalid: 5
            case .messageTruncated, .reasonUnstated: 7
            case .clientChanged: 8
            case .crossAccount, .environmentDifference, .viaAWSService, .refusedByService, .serviceEnded,
                .notSubscribed, .accountState:
                9
            }
        }
    }
}
