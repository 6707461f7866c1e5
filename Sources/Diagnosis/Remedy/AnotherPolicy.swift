extension DiagnosedGroup {
    /// Whether another policy may refuse once this one no longer does: AWS reports one type of policy at a time.
    public var anotherPolicyMayRefuse: Bool {
        switch rootCause.code {
        case .serviceEnded, .notSubscribed, .accountState, .mfaFailed, .credentialsExpired, .credentialsInvalid,
            .signatureInvalid, .refusedByService, .regionMismatch, .reasonUnstated, .messageTruncated, .neverSucceeded,
            .clientChanged, .cognitoGuestSessionPolicy, .viaAPIGateway, .viaAWSService, .notYetEffective,
            .networkRejected, .endpointDNSPublic, .dnsFailed, .dnsFirewall, .proxyAnswered, .cloudFrontRefused,
            .loadBalancerRefused, .wafBlocked, .gatewayNoSuchRoute, .gatewayUnsigned, .gatewayAPIKey,
            .gatewayAuthorizerDenied, .gatewayResourcePolicy, .gatewayIAMDenied, .gatewayUnauthenticated,
            .gatewayIntegrationRole, .gatewayRefused, .gatewayIntegrationDenied, .gatewayStatusMasked, .gatewayPassed,
            .networkCleared, .signatureRefused, .seenByApplicationOnly, .s3RefusedUnseen:
            false
        case .permissionsChanged, .principalRecreated, .wrongIAMPrefix, .resourceTooNarrow, .conditionUnmet,
            .passRoleMissing, .explicitDeny, .mfaAbsent, .networkPathChanged, .environmentDifference, .crossAccount,
            .readWorksWriteDenied, .missingAllow:
            true
        }
    }
}
