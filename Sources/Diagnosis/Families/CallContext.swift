import AccessDenial
import IAMPolicy
import TrailStore

/// Successes and denials of the same action differ in MFA, path or client: the conditions to look at.
///
/// All of these compare with ``SuccessContext``; without one they say nothing.
enum CallContext {
    static func findings(_ facts: GroupFacts) -> [Finding] {
        guard facts.group.category == .authorization, let context = facts.group.successContext, context.isComplete
        else {
            return []
        }
        return [
            mfa(facts, context), path(facts, context), client(facts, context), recreated(facts, context),
        ].compactMap(\.self)
    }

    /// How many successes and how many denials a comparison of addresses or clients needs.
    private static let enough = 3

    /// Addresses and clients change by themselves (NAT, Lambda, upgrades), so a difference is worth more than a remark only
    /// where AWS named a Deny: a Deny that spares some calls has a condition.
    private static func confidence(_ facts: GroupFacts, successes: [Counted<String>]) -> Confidence {
        let count = successes.reduce(0) { $0 + $1.denials }
        return facts.group.reason.effect == .explicit && count >= enough && facts.group.denials >= enough
            ? .inferred : .possible
    }

    /// Endpoints do not change by themselves, but a single call that took another way proves nothing.
    private static func pathConfidence(_ facts: GroupFacts, _ context: SuccessContext) -> Confidence {
        let count =
            [context.vpcEndpointIds, context.sourceIPAddresses].map { $0.reduce(0) { $0 + $1.denials } }.max() ?? 0
        return count >= enough && facts.group.denials >= enough && isSameResource(facts, context)
            ? .inferred : .possible
    }

    /// Whether the successes were with a resource that was refused too, as far as either is known.
    private static func isSameResource(_ facts: GroupFacts, _ context: SuccessContext) -> Bool {
        let refused = Set(facts.refusedResources)
        let succeeded = Set(context.resources.map(\.value))
        return refused.isEmpty || succeeded.isEmpty || !refused.isDisjoint(with: succeeded)
    }

    private static func mfa(_ facts: GroupFacts, _ context: SuccessContext) -> Finding? {
        let refused = Set(facts.group.mfaAuthenticated.map(\.value))
        let succeeded = Set(context.mfaAuthenticated.map(\.value))
        guard succeeded == ["true"], !refused.contains("true") else { return nil }
        return Finding(
            .mfaAbsent, .inferred, title: "Successes used MFA, denials did not",
            "Every success of \(facts.group.action) came from a session with MFA, every denial from one without. A policy most likely asks for it (\("aws:MultiFactorAuthPresent")).",
            evidence: facts.denialEvidence)
    }

    private static func path(_ facts: GroupFacts, _ context: SuccessContext) -> Finding? {
        let endpointsNow = Set(facts.group.vpcEndpointIds.map(\.value))
        let endpointsThen = Set(context.vpcEndpointIds.map(\.value))
        let addressesNow = Set(facts.group.sourceIPAddresses.map(\.value))
        let addressesThen = Set(context.sourceIPAddresses.map(\.value))
        if endpointsNow.isDisjoint(with: endpointsThen), !(endpointsNow.isEmpty && endpointsThen.isEmpty) {
            let now: Prose = endpointsNow.isEmpty ? "no VPC endpoint" : "\(list: endpointsNow.sorted(), limit: 3)"
            let then: Prose = endpointsThen.isEmpty ? "no VPC endpoint" : "\(list: endpointsThen.sorted(), limit: 3)"
            return Finding(
                .networkPathChanged, pathConfidence(facts, context), title: "Denials took another path than successes",
                "Successes came through \(then), denials through \(now). Look at the policy of the endpoint, and at conditions on \("aws:SourceVpce").",
                evidence: facts.denialEvidence)
        }
        // Addresses alone change often (NAT, mobile clients): only a clean break of few addresses is worth a word.
        guard !addressesNow.isEmpty, !addressesThen.isEmpty, addressesNow.isDisjoint(with: addressesThen),
            addressesThen.count <= 3, addressesNow.count <= 3
        else { return nil }
        return Finding(
            .networkPathChanged,
            confidence(facts, successes: context.sourceIPAddresses) == .inferred && isSameResource(facts, context)
                ? .inferred : .possible,
            title: "Denials came from other addresses than successes",
            "Successes came from \(list: addressesThen.sorted(), limit: 3), denials from \(list: addressesNow.sorted(), limit: 3). Look at conditions on \("aws:SourceIp").",
            evidence: facts.denialEvidence)
    }

    private static func client(_ facts: GroupFacts, _ context: SuccessContext) -> Finding? {
        let now = Set(facts.group.userAgents.map(\.value))
        let then = Set(context.userAgents.map(\.value))
        guard !now.isEmpty, !then.isEmpty, now.isDisjoint(with: then) else { return nil }
        // The same client in another patch level is no other client.
        let isOther = Set(now.map(product)).isDisjoint(with: Set(then.map(product)))
        return Finding(
            .clientChanged, isOther ? confidence(facts, successes: context.userAgents) : .possible,
            title: "Denials came from another client than successes",
            "Successes used \(list: then.sorted(), limit: 1), denials \(list: now.sorted(), limit: 1). A new client may sign with other credentials, another Region or another path.",
            evidence: facts.denialEvidence)
    }

    /// A client's name with its major version: `aws-sdk-java/2` of `aws-sdk-java/2.35.11 md/io#sync …`.
    private static func product(_ agent: String) -> String {
        let token = agent.drop { $0 == "[" }.prefix { $0 != " " }
        let parts = token.split(separator: "/", maxSplits: 1)
        guard parts.count == 2 else { return String(token) }
        return "\(parts[0])/\(parts[1].prefix { $0 != "." })"
    }

    private static func recreated(_ facts: GroupFacts, _ context: SuccessContext) -> Finding? {
        let now = Set(facts.group.principalIds.map(\.value))
        let then = Set(context.principalIds.map(\.value))
        guard PrincipalRecreated.canExplain(facts), !now.isEmpty, !then.isEmpty, now.isDisjoint(with: then) else {
            return nil
        }
        return PrincipalRecreated.finding(
            facts,
            "The unique id of \(facts.principal.shown) was \(list: then.sorted(), limit: 2) when it succeeded and is \(list: now.sorted(), limit: 2) now.",
            evidence: facts.denialEvidence)
    }
}
