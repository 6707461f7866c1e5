import AccessDenial
package import Causes
import IAMPolicy
import PolicyTimeline
import RecordedCalls
package import RecordedChanges
package import TrailStore
import Wording

/// Successes and denials of the same action differ in MFA, path or client: the conditions to look at.
///
/// All of these compare with ``SuccessContext``; without one they say nothing.
package enum CallContext {
    package static func findings(_ facts: GroupFacts) -> [Finding] {
        guard facts.group.category == .authorization, let context = facts.group.successContext, context.isComplete
        else {
            return []
        }
        return [
            mfa(facts, context), path(facts, context), client(facts, context),
        ].compactMap(\.self)
    }

    /// How many successes and how many denials a comparison needs before it is more than a remark.
    private static let enough = 3

    /// Addresses change by themselves (NAT, Lambda), so a difference is worth more than a remark only
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
            && mayDependOnPath(facts)
            ? .inferred : .possible
    }

    /// Whether the policy that AWS named can ask which way a call came: where no policy of the principal's allows it, only a
    /// condition of one in the trail shows that; an Allow that went is as likely.
    private static func mayDependOnPath(_ facts: GroupFacts) -> Bool {
        guard facts.group.reason == .missingAllow(.identityBased) else { return true }
        return facts.policies.known.contains { policy in
            policy.statements.contains { statement in
                statement.effect == .allow && statement.matchesAction(facts.group.action)
                    && statement.conditions.contains { pathKeys.contains($0.key.lowercased()) }
            }
        }
    }

    /// The condition keys that tell which way a call came.
    private static let pathKeys: Set<String> = [
        "aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip", "aws:sourcevpcarn", "aws:vpceaccount",
        "aws:vpceorgid", "aws:vpceorgpaths",
    ]

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
        let successes = context.mfaAuthenticated.reduce(0) { $0 + $1.denials }
        return Finding(
            .mfaAbsent, successes >= enough && facts.group.denials >= enough ? .inferred : .possible,
            title: "Successes used MFA, denials did not",
            "Every success of \(facts.group.action) came from a session with MFA, every denial from one without. A policy most likely asks for it (\("aws:MultiFactorAuthPresent")).",
            evidence: facts.denialEvidence)
    }

    private static func path(_ facts: GroupFacts, _ context: SuccessContext) -> Finding? {
        let endpointsNow = Set(facts.group.vpcEndpointIds.map(\.value))
        let endpointsThen = Set(context.vpcEndpointIds.map(\.value))
        let addressesNow = addresses(facts.group.sourceIPAddresses)
        let addressesThen = addresses(context.sourceIPAddresses)
        if isOtherEndpoint(facts) {
            let now: Prose = endpointsNow.isEmpty ? "no VPC endpoint" : "\(list: endpointsNow.sorted(), limit: 3)"
            let then: Prose = endpointsThen.isEmpty ? "no VPC endpoint" : "\(list: endpointsThen.sorted(), limit: 3)"
            var text: Prose =
                "Successes came through \(then), denials through \(now). \(whereToLook(facts, isThroughEndpoint: !endpointsNow.isEmpty))"
            var evidence = facts.denialEvidence
            if let deletion = deletion(of: endpointsThen, facts) {
                text =
                    "\(deletion.summary.capitalised) at \(time: deletion.time), before the first denial: the calls have taken another way since. \(text)"
                evidence = [deletion.evidence] + evidence.prefix(1)
            }
            if let change = policyOnPath(facts) {
                text += "The resource's own policy, in event \(change.change.eventID), has such a condition."
                evidence.insert(change.evidence, at: evidence.isEmpty ? 0 : 1)
            }
            return Finding(
                .networkPathChanged, pathConfidence(facts, context),
                title: endpointsNow.isEmpty
                    ? "Denied calls bypassed the VPC endpoint" : "Denied calls took another network path",
                text, evidence: evidence)
        }
        // Addresses alone change often (NAT, mobile clients): only a clean break of few addresses is worth a word.
        guard !addressesNow.isEmpty, !addressesThen.isEmpty, addressesNow.isDisjoint(with: addressesThen),
            addressesThen.count <= 3, addressesNow.count <= 3
        else { return nil }
        return Finding(
            .networkPathChanged,
            confidence(facts, successes: context.sourceIPAddresses) == .inferred && isSameResource(facts, context)
                ? .inferred : .possible,
            title: "Denied calls came from other addresses than successful ones",
            "Successes came from \(list: addressesThen.sorted(), limit: 3), denials from \(list: addressesNow.sorted(), limit: 3). Look at conditions on \("aws:SourceIp").",
            evidence: facts.denialEvidence)
    }

    /// The deletion of a VPC endpoint through which the calls came until then, before the first denial.
    package static func deletion(of endpoints: Set<String>, _ facts: GroupFacts) -> TrailChange? {
        facts.changes.last {
            $0.changeName == .deleteVpcEndpoints && $0.time <= facts.group.firstSeen
                && $0.time >= facts.lastSuccessBefore ?? ""
                && $0.edits.contains { endpoints.contains($0.lane.holder.name) }
        }
    }

    /// What brought the statement of the refused resource's policy that asks which way calls come, where AWS names such a policy.
    private static func policyOnPath(_ facts: GroupFacts) -> TrailChange? {
        let held = facts.scene.view.state.resources.lazy.flatMap(\.policy.policies).first
        guard facts.group.reason.policyType == .resourceBased, let held, let document = held.text.document,
            let last = facts.writing(held)
        else { return nil }
        let onPath = document.statements.first { statement in
            statement.matchesAction(facts.group.action)
                && statement.conditions.contains { pathKeys.contains($0.key.lowercased()) }
        }
        return onPath.map { facts.origin(of: $0, as: .resourceBased, in: last) ?? last }
    }

    /// Whether no endpoint of the denials, none being one too, is one of the successes.
    package static func isOtherEndpoint(_ facts: GroupFacts) -> Bool {
        guard let context = facts.group.successContext, context.isComplete else { return false }
        let now = Set(facts.group.vpcEndpointIds.map(\.value))
        let then = Set(context.vpcEndpointIds.map(\.value))
        return now.isDisjoint(with: then) && !(now.isEmpty && then.isEmpty)
    }

    /// The IP addresses among the sources: AWS's services bear a name in their place, or `AWS Internal`.
    package static func addresses(_ sources: [Counted<String>]) -> Set<String> {
        Set(sources.map(\.value).filter(\.isAddress))
    }

    /// Which condition another path can break in the kind of policy that AWS named.
    private static func whereToLook(_ facts: GroupFacts, isThroughEndpoint: Bool) -> Prose {
        let type = facts.group.reason.policyType
        let conditions: Prose =
            isThroughEndpoint
            ? "A request through an endpoint has no \("aws:SourceIp"): an Allow for certain addresses no longer matches it, and a Deny for all others does; \("aws:SourceVpce") and \("aws:SourceVpc") tell where it came from."
            : "A request through no endpoint has neither \("aws:SourceVpce") nor \("aws:SourceVpc"): an Allow for one endpoint no longer matches it, and a Deny for all others does."
        switch type {
        case .vpcEndpoint?: return "AWS names the endpoint's policy: look at that."
        case nil: return "Look at the policy of the endpoint. \(conditions)"
        case .identityBased?, .resourceBased?, .serviceControl?, .resourceControl?, .permissionsBoundary?, .session?,
            .roleTrust?:
            return
                "AWS names \(words: type?.article ?? "a") \(words: type?.words ?? "policy") and not the endpoint's, so look at the conditions there. \(conditions)"
        }
    }

    private static func client(_ facts: GroupFacts, _ context: SuccessContext) -> Finding? {
        let now = Set(facts.group.userAgents.map(\.value))
        let then = Set(context.userAgents.map(\.value))
        guard !now.isEmpty, !then.isEmpty, now.isDisjoint(with: then) else { return nil }
        // Policies seldom look at the client, and what AWS named has a remedy of its own.
        return Finding(
            .clientChanged, .possible,
            title: "Denied calls came from another client than successful ones",
            "Successes used \(list: then.sorted(), limit: 1), denials \(list: now.sorted(), limit: 1). A new client may sign with other credentials, another Region or another path.",
            evidence: facts.denialEvidence)
    }
}
