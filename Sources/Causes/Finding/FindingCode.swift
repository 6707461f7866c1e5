import RecordedChanges

extension Finding {
    /// What a finding says, as a stable name that scripts may rely on.
    ///
    /// Each has a page in the catalogue (`Findings`), which tells when it is made, of what, and what to do.
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
        case networkRejected = "network-rejected"
        case endpointDNSPublic = "endpoint-dns-public"
        case dnsFailed = "dns-failed"
        case dnsFirewall = "dns-firewall"
        case proxyAnswered = "proxy-answered"
        case cloudFrontRefused = "cloudfront-refused"
        case loadBalancerRefused = "load-balancer-refused"
        case wafBlocked = "waf-blocked"
        case gatewayNoSuchRoute = "gateway-no-such-route"
        case gatewayUnsigned = "gateway-unsigned"
        case gatewayAPIKey = "gateway-api-key"
        case gatewayAuthorizerDenied = "gateway-authorizer-denied"
        case gatewayResourcePolicy = "gateway-resource-policy"
        case gatewayIAMDenied = "gateway-iam-denied"
        case gatewayUnauthenticated = "gateway-unauthenticated"
        case gatewayIntegrationRole = "gateway-integration-role"
        case gatewayRefused = "gateway-refused"
        case gatewayIntegrationDenied = "gateway-integration-denied"
        case gatewayStatusMasked = "gateway-status-masked"
        case gatewayPassed = "gateway-passed"
        case networkCleared = "network-cleared"
        case signatureRefused = "signature-refused"
        case seenByApplicationOnly = "seen-by-application-only"
        case s3RefusedUnseen = "s3-refused-unseen"
    }
}

extension Finding.Code {
    /// What follows from a code alone, whatever the finding says.
    package struct Descriptor {
        /// What may be so behind a finding.
        package struct Possibility: OptionSet {
            package let rawValue: Int

            package init(rawValue: Int) { self.rawValue = rawValue }

            /// Another policy refuses once this one no longer does: AWS reports one type of policy at a time.
            package static let anotherPolicy = Possibility(rawValue: 1)
            /// What caused it lies before the archive's beginning.
            package static let olderCause = Possibility(rawValue: 2)
            /// A condition of a statement decides.
            package static let condition = Possibility(rawValue: 4)
        }

        /// The guide's step, 1 to 9. The guide has none for the end of a service or the state of an account; both stand under 9.
        package var step: Int
        package var possible: Possibility

        init(_ step: Int, _ possible: Possibility = []) {
            (self.step, self.possible) = (step, possible)
        }
    }

    /// The descriptor of each code.
    package var descriptor: Descriptor {
        switch self {
        case .mfaFailed, .credentialsExpired, .credentialsInvalid, .regionMismatch: Descriptor(1)
        case .mfaAbsent: Descriptor(1, [.anotherPolicy, .condition])
        case .explicitDeny, .missingAllow, .readWorksWriteDenied:
            Descriptor(2, [.anotherPolicy, .olderCause, .condition])
        case .permissionsChanged, .conditionUnmet, .principalRecreated: Descriptor(2, [.anotherPolicy, .condition])
        case .wrongIAMPrefix, .resourceTooNarrow, .passRoleMissing:
            Descriptor(2, .anotherPolicy)
        case .neverSucceeded: Descriptor(2, [.olderCause, .condition])
        case .notYetEffective, .cognitoGuestSessionPolicy: Descriptor(2)
        case .networkPathChanged: Descriptor(3, [.anotherPolicy, .condition])
        case .networkRejected, .endpointDNSPublic, .dnsFailed, .dnsFirewall, .proxyAnswered, .cloudFrontRefused,
            .loadBalancerRefused, .networkCleared:
            Descriptor(3)
        case .viaAPIGateway, .wafBlocked, .gatewayNoSuchRoute, .gatewayUnsigned, .gatewayAPIKey,
            .gatewayAuthorizerDenied, .gatewayResourcePolicy, .gatewayIAMDenied, .gatewayUnauthenticated,
            .gatewayIntegrationRole, .gatewayRefused, .gatewayIntegrationDenied, .gatewayStatusMasked, .gatewayPassed:
            Descriptor(4)
        case .signatureInvalid, .signatureRefused: Descriptor(5)
        case .messageTruncated: Descriptor(7, .condition)
        case .reasonUnstated: Descriptor(7, [.olderCause, .condition])
        case .seenByApplicationOnly, .s3RefusedUnseen: Descriptor(7)
        case .clientChanged: Descriptor(8)
        case .crossAccount, .environmentDifference: Descriptor(9, [.anotherPolicy, .condition])
        case .refusedByService: Descriptor(9, .condition)
        case .viaAWSService, .serviceEnded, .notSubscribed, .accountState: Descriptor(9)
        }
    }

    /// The guide's step, 1 to 9.
    public var step: Int { descriptor.step }
}
