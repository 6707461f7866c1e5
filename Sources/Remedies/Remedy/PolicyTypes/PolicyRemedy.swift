import AccessDenial
import Causes
import Findings
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// What to do about a missing Allow or a Deny, by the type of policy that AWS names: each type in a file of its own.
enum PolicyRemedy {
    /// What to do where no policy of the type allows the call.
    package static func missingAllow(_ facts: GroupFacts) -> Remedy {
        if facts.isFederatedAssumption, Advice.mayOfferAllow(facts) { return TrustPolicyRemedy.federated(facts) }
        switch facts.group.reason.policyType {
        case .identityBased?, nil: return IdentityPolicyRemedy.missing(facts)
        case .resourceBased?: return ResourcePolicyRemedy.missing(facts)
        case .roleTrust?: return TrustPolicyRemedy.missing(facts)
        case .serviceControl?, .resourceControl?, .permissionsBoundary?, .session?, .vpcEndpoint?: return limit(facts)
        }
    }

    /// What to do where a policy of the type denies the call.
    package static func explicitDeny(_ facts: GroupFacts) -> Remedy {
        switch facts.group.reason.policyType {
        case .identityBased?: return IdentityPolicyRemedy.denied(facts)
        case .resourceBased?: return ResourcePolicyRemedy.denied(facts)
        case .roleTrust?: return TrustPolicyRemedy.denied(facts)
        case .serviceControl?, .resourceControl?, .permissionsBoundary?, .session?, .vpcEndpoint?: return limit(facts)
        case nil:
            return Remedy(
                .policy,
                "AWS does not name the type of policy that contains the Deny. Look at the policies of \(facts.principal.shown), then at the service control policies of its account, its boundary and the VPC endpoint.",
                commands: PolicyCommands.policies(of: facts.principal))
        }
    }

    /// Policies that only limit: what must change, and whose it is.
    package static func limit(_ facts: GroupFacts) -> Remedy {
        switch facts.group.reason.policyType {
        case .serviceControl?, .resourceControl?: return OrganizationPolicyRemedy.limit(facts)
        case .permissionsBoundary?: return BoundaryRemedy.limit(facts)
        case .session?: return SessionPolicyRemedy.limit(facts)
        case .vpcEndpoint?: return EndpointPolicyRemedy.limit(facts)
        case .identityBased?, .resourceBased?, .roleTrust?, nil: return UnstatedRemedy.simulate(facts)
        }
    }
}
