import AccessDenial
package import Causes
import IAMPolicy
import RecordedChanges
import TrailStore
import Wording

/// The resource or the role lies in another account than the caller: two sides must allow.
package enum CrossAccount {
    package static func findings(_ facts: GroupFacts) -> [Finding] {
        guard facts.group.category == .authorization, !facts.isFederatedAssumption, !facts.principal.account.isEmpty,
            let owner = facts.resourceAccount, owner != facts.principal.account
        else { return [] }
        var text: Prose =
            "The caller belongs to account \(facts.principal.account), what it called to account \(owner). Both sides must allow: a policy of the caller in its own account, and \(words: ownerSide(facts)) in the other."
        switch facts.group.reason.policyType {
        case .identityBased?, .permissionsBoundary?, .session?, .serviceControl?:
            text += "AWS names the caller's side."
        case .resourceBased?, .roleTrust?, .resourceControl?:
            text += "AWS names the owner's side."
        case .vpcEndpoint?:
            text += "AWS names the VPC endpoint between them."
        case nil:
            text += "AWS does not say which side refused."
        }
        // Where AWS names a policy of the caller's side, or a limit, that policy is what refused, in one account or in two.
        let isOpen =
            switch facts.group.reason.policyType {
            case .resourceBased?, .roleTrust?, nil: true
            case .identityBased?, .permissionsBoundary?, .session?, .serviceControl?, .resourceControl?, .vpcEndpoint?:
                false
            }
        // What worked a while ago worked across accounts as well.
        let hasWorked = facts.lastSuccessBefore != nil
        let isOwnersAlone = isOwnersAlone(facts)
        if isOwnersAlone {
            text +=
                "The policies of \(facts.principal.shown) that the trail shows allow \(facts.group.action) on it, so that \(words: ownerSide(facts)) is what refuses."
            text += SilentResourcePolicy(facts)?.story ?? ""
        }
        // Where the trail shows what the owner's policy lacks, that says more.
        let isShown =
            facts.group.reason.policyType == .resourceBased
            && (facts.failing != nil || SilentResourcePolicy(facts) != nil)
            || facts.group.reason.policyType == nil && Evaluated.lacking(facts) != nil
        let confidence: Confidence =
            isShown ? .possible : isOpen && !hasWorked ? .stated : isOwnersAlone ? .inferred : .possible
        text += FurtherRequests.story(facts)
        let choice = KeyChoice(facts)
        text += choice?.story ?? ""
        let tags = TransitiveTags(facts)
        let layer = layerStory(facts)
        text += layer
        return [
            Finding(
                .crossAccount, confidence, title: "The call crosses accounts", text,
                point: isOwnersAlone ? text : (choice?.story ?? tags?.story ?? "") + layer,
                evidence: (choice.map { [$0.change.evidence] } ?? []) + (tags?.evidence ?? []) + facts.denialEvidence)
        ]
    }

    /// Whether AWS does not say which side refused, and the caller's own policies allow the calls: the owner's side is left, which a role
    /// always has, and of anything else is known where the trail shows what its policy allows the caller instead.
    package static func isOwnersAlone(_ facts: GroupFacts) -> Bool {
        guard Unstated.slugs.contains(facts.group.reason.slug), !facts.changes.isEmpty,
            facts.servicePrefix == "sts" || SilentResourcePolicy(facts)?.isForCaller ?? false
        else { return false }
        // A Deny or a limit on the caller's side refuses whatever its policies allow.
        if facts.failing?.statement.effect == .deny || Evaluated.lacking(facts) != nil { return false }
        let denied = facts.requests.denied.all
        return !denied.isEmpty && denied.allSatisfy { FurtherRequests.isAllowed($0.observed, facts) }
    }

    /// What holds of a layer's version. Source: "Adding layers to functions" and `AddLayerVersionPermission` in the AWS Lambda developer
    /// guide and API reference.
    private static func layerStory(_ facts: GroupFacts) -> Prose {
        guard facts.group.action == "lambda:GetLayerVersion",
            let owner = facts.resourceAccount, facts.group.reason.policyType == .resourceBased
        else { return "" }
        return
            "Each version of a layer has a policy of its own: account \(owner), which publishes it, may share an older version and not this one. Until it does, use a version that it shares."
    }

    private static func ownerSide(_ facts: GroupFacts) -> String {
        switch facts.servicePrefix {
        case "sts": "the trust policy of the role"
        case "mobiletargeting":
            "a role there that the caller assumes, because Pinpoint projects have no policies of their own,"
        default: "the resource's own policy"
        }
    }
}
