import AccessDenial
import IAMPolicy
import TrailStore

extension Finding {
    /// The finding with its cause as a value: the one that its family gave, else what follows from its code alone.
    func withCause(_ facts: GroupFacts) -> Finding {
        guard cause == nil else { return self }
        var finding = self
        let holder = facts.principal.arn
        let type = facts.group.reason.policyType
        let service = facts.servicePrefix
        switch code {
        case .explicitDeny:
            finding.cause =
                facts.group.policyARNs.first.map { .policy(arn: $0.value) }
                ?? .deny(type, holder: Self.holder(of: type, facts), service: service)
        case .missingAllow: finding.cause = .missingAllow(type, holder: Self.holder(of: type, facts), service: service)
        case .serviceEnded: finding.cause = .serviceEnded(service: service)
        case .notSubscribed, .accountState:
            finding.cause = .account(code, account: facts.caller.account, service: service)
        case .mfaFailed, .credentialsExpired, .credentialsInvalid, .signatureInvalid:
            finding.cause = .credentials(code, holder: holder)
        case .regionMismatch:
            let works = facts.ownUsage.of(action: facts.group.successAction).filter { $0.successes > 0 }
            finding.cause = .region(
                had: facts.group.regions.map(\.value).sorted(), wanted: Set(works.map(\.awsRegion)).sorted(),
                service: service)
        case .principalRecreated: finding.cause = .principalRecreated(arn: holder)
        case .refusedByService:
            finding.cause = .service(service, reason: facts.group.reason.slug, holder: holder)
        case .passRoleMissing: finding.cause = .missingAllow(type, holder: holder, service: "iam")
        case .cognitoGuestSessionPolicy: finding.cause = .missingAllow(.session, holder: holder, service: service)
        case .permissionsChanged, .wrongIAMPrefix, .resourceTooNarrow, .conditionUnmet, .notYetEffective, .mfaAbsent,
            .networkPathChanged, .environmentDifference, .crossAccount, .readWorksWriteDenied, .clientChanged,
            .neverSucceeded, .viaAPIGateway, .viaAWSService, .messageTruncated, .reasonUnstated:
            break
        }
        return finding
    }

    /// Whose policies of a type AWS asked: of an organization's the account, of a resource's the resource.
    private static func holder(of type: PolicyType?, _ facts: GroupFacts) -> String {
        switch type {
        case .serviceControl?: facts.principal.account
        case .resourceControl?: CrossAccount.resourceAccount(facts) ?? ""
        case .resourceBased?, .roleTrust?: facts.refusedResources.first ?? ""
        case .vpcEndpoint?: facts.group.vpcEndpointIds.first?.value ?? ""
        case .identityBased?, .permissionsBoundary?, .session?, nil: facts.principal.arn
        }
    }
}
