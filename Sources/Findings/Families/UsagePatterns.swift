import AccessDenial
package import Causes
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// What the principal's other calls tell: it never worked, reads work, it works elsewhere.
package enum UsagePatterns {
    package static func findings(_ facts: GroupFacts) -> [Finding] {
        guard facts.group.category == .authorization else { return [] }
        // What else works says little of a refusal whose owner's policy is known to let the caller in nowhere.
        let compares = !isRefusedByOwner(facts)
        return [
            neverSucceeded(facts), compares ? readWorksWriteDenied(facts) : nil, regionMismatch(facts),
            compares ? environmentDifference(facts) : nil,
        ]
        .compactMap(\.self)
    }

    /// Whether what was called is another account's, and all that its policy says is in the trail and allows the calls nothing.
    private static func isRefusedByOwner(_ facts: GroupFacts) -> Bool {
        guard let owner = facts.resourceAccount, owner != facts.principal.account else { return false }
        return Evaluated.lacking(facts) == .resourceBased
            && facts.scene.view.state.resources.contains { !$0.policy.policies.isEmpty }
    }

    private static func neverSucceeded(_ facts: GroupFacts) -> Finding? {
        guard facts.group.principalType != "AWSService", facts.group.calledAction == nil,
            facts.sameAction.allSatisfy({ $0.successes == 0 }),
            facts.group.lastSuccessBefore == nil, facts.group.firstSuccessAfter == nil
        else { return nil }
        var text: Prose =
            "\(facts.caller.shown.capitalised) never succeeded with \(facts.group.action) in this archive"
        if let from = facts.coverage.from, let to = facts.coverage.to {
            text = text + "(\(time: from) to \(time: to))"
        }
        text += "in any Region."
        if facts.principal.kind == .root {
            // The root user needs no policy, so its call was allowed until something that binds it too said otherwise.
            text += "The root user needs no Allow in its account."
        } else if !KnownRefusal.isKnown(facts) {
            text += "It may never have been allowed."
        }
        text += newcomer(facts)
        // Words that are not understood are for the reader to judge.
        let quoted = KnownRefusal.isInOwnWords(facts) ? KnownRefusal.quoted(facts) : ""
        let point: Prose = quoted.isEmpty ? "" : quoted + text.firstSentence
        text = quoted + text
        // A message that can be decoded tells the reason for certain.
        let isTold = facts.group.encodedMessages > 0 && facts.group.reason.effect == .unstated
        return Finding(
            .neverSucceeded, isTold ? .possible : .inferred, title: "It never worked in this archive", text,
            point: point, evidence: facts.denialEvidence)
    }

    /// A principal that was created within the archive has no policies but those that the trail shows.
    private static func newcomer(_ facts: GroupFacts) -> Prose {
        guard let created = facts.creation(until: facts.group.firstSeen),
            facts.group.reason.policyType == .identityBased || facts.group.reason.policyType == nil
        else {
            return ""
        }
        let policies = facts.policies
        let known = policies.known.map(\.name)
        let unread = policies.unread
        let text: Prose = "It was created at \(time: created.time),"
        if known.isEmpty, unread.isEmpty {
            return text + "and the trail shows no policy on it before the first denial."
        }
        // A policy that allows the call makes this no story of a missing Allow.
        guard !policies.known.contains(where: { Judgement($0, facts).allows != .no }) else {
            return ""
        }
        if unread.isEmpty {
            return text
                + "and the policies that it was given before the first denial (\(list: known, limit: 3)) do not allow it."
        }
        guard !known.isEmpty else { return "" }
        return text
            + "and its policies in the trail (\(list: known, limit: 3)) do not allow it; the text of \(list: unread, limit: 3) is not in the trail."
    }

    private static func readWorksWriteDenied(_ facts: GroupFacts) -> Finding? {
        guard !isRead(facts) else { return nil }
        guard let service = facts.ownUsage.successes(ofService: facts.servicePrefix) else { return nil }
        let neverWrote = service.lastWrite == nil
        // A write that worked until the denials began tells less: reads going on rule out credentials and path, no more.
        let reads = service.reads(since: facts.group.firstSeen).filter {
            !needsNoPermission.contains($0.action.lowercased())
        }
        guard !reads.isEmpty else { return nil }
        let count = reads.reduce(0) { $0 + $1.successes }
        let names = unique(reads.map(\.action))
        var text: Prose =
            "\(facts.caller.shown.capitalised) succeeded \(words: count.of("time", "times")) with reads of this service (\(list: names, limit: 3))"
        text =
            neverWrote
            ? "\(text) and never with a write."
            : "\(text), some of them since the first denial, and with no write since then."
        // That its own policies are at fault may only be said where AWS does not name another kind of policy.
        let type = facts.group.reason.policyType
        let isOwn =
            neverWrote && facts.principal == facts.caller && facts.group.reason.effect != .explicit
            && (type == .identityBased || type == nil)
        text +=
            isOwn
            ? "Its policies most likely allow only reads." : "So credentials, Region and network path are fine."
        return Finding(
            .readWorksWriteDenied, isOwn ? .inferred : .possible, title: "Reads work, this write does not", text,
            evidence: facts.denialEvidence)
    }

    /// Reads that everybody may make, so that they prove nothing. Source: "Actions defined by AWS STS".
    private static let needsNoPermission: Set<String> = ["sts:getcalleridentity", "sts:getsessiontoken"]

    private static func isRead(_ facts: GroupFacts) -> Bool {
        if let known = facts.sameAction.compactMap(\.readOnly).first { return known }
        return ["Get", "List", "Describe", "Head", "Search", "Lookup"].contains { facts.operation.hasPrefix($0) }
    }

    /// Services that are recorded in one Region whatever Region the caller has in mind.
    private static let globalServices: Set<String> = [
        "iam", "organizations", "sts", "route53", "cloudfront", "support", "account", "ce", "billing", "sso",
    ]

    private static func regionMismatch(_ facts: GroupFacts) -> Finding? {
        let regions = facts.group.regions.map(\.value)
        // The Region of a bucket decides where its calls are recorded, whatever Region the client is set to.
        let isAboutBucket = facts.servicePrefix == "s3" && !facts.refusedResources.isEmpty
        guard !regions.isEmpty, !globalServices.contains(facts.servicePrefix), !isAboutBucket else { return nil }
        let here = Set(regions)
        guard facts.sameAction.allSatisfy({ !here.contains($0.awsRegion) || $0.successes == 0 }) else { return nil }
        let accounts = Set(facts.group.accounts.map(\.value))
        let elsewhere = facts.sameAction.filter {
            $0.successes > 0 && !here.contains($0.awsRegion) && (accounts.isEmpty || accounts.contains($0.accountId))
        }
        guard !elsewhere.isEmpty else { return projectElsewhere(facts) }
        let count = elsewhere.reduce(0) { $0 + $1.successes }
        var text: Prose =
            "\(facts.caller.shown.capitalised) succeeded \(words: count.of("time", "times")) with \(facts.group.action) in \(list: unique(elsewhere.map(\.awsRegion))), and never in \(list: regions), where it is refused."
        let known = facts.group.successesInOtherRegions
        let same = known?.filter { $0.isOnSameName == true } ?? []
        var confidence = confidence(facts)
        if standsHere(facts) {
            confidence = .possible
            text +=
                "What was refused stands in the Region that was called, too, with a policy of its own, so this is only a possible cause."
        } else if known == nil || !same.isEmpty || namesNothing(facts) {
            text += "Most likely the client is set to the wrong Region, or the policy covers only the other one."
        } else {
            confidence = .possible
            text +=
                known?.contains { $0.isOnSameName == false } ?? false
                ? "The records show those calls on other resources, so this is only a possible cause: the refused resource may belong to the Region that was called."
                : "The records do not show the resources of those calls, so this is only a possible cause: the refused resource may belong to the Region that was called."
        }
        let successes = (same.isEmpty ? known ?? [] : same).suffix(2).map { success in
            Evidence(
                eventID: success.eventID, eventTime: success.eventTime, eventName: success.eventName,
                principal: facts.group.principal, summary: "succeeded in \(success.awsRegion)")
        }
        return Finding(
            .regionMismatch, confidence, title: "It works in another Region", text,
            evidence: successes + facts.denialEvidence)
    }

    /// Whether the trail shows the policy of what was refused: then it is there, and need not have been called by mistake.
    private static func standsHere(_ facts: GroupFacts) -> Bool {
        facts.scene.view.state.resources.contains { resource in
            resource.policy.policies.contains { $0.isCertain && $0.text != .unknown }
        }
    }

    /// Whether the refused calls were on nothing that could be told apart from what works elsewhere.
    private static func namesNothing(_ facts: GroupFacts) -> Bool { facts.refusedResources.allSatisfy { $0 == "*" } }

    /// Where AWS named a policy that limits, that policy is the cause, and what works elsewhere only goes with it.
    private static func confidence(_ facts: GroupFacts) -> Confidence {
        let isServices = Stated.isServices(facts) && facts.group.reason.slug != "key-policy-or-region"
        return facts.group.reason.policyType?.isLimit ?? false || isServices ? .possible : .inferred
    }

    /// The refused project answers in another Region and in none of the group's: its id is unique, so the Region is wrong.
    private static func projectElsewhere(_ facts: GroupFacts) -> Finding? {
        let here = Set(facts.group.regions.map(\.value))
        let uses = projectUses(facts)
        guard !uses.isEmpty, let last = uses.max(by: { ($0.eventTime, $0.eventID) < ($1.eventTime, $1.eventID) }) else {
            return nil
        }
        let regions = unique(uses.map(\.awsRegion))
        return Finding(
            .regionMismatch, confidence(facts), title: "The project is in another Region",
            "Project \(last.applicationID) answers in \(list: regions) (last \(last.eventName) by \(PrincipalName(last.principal).shown) at \(time: last.eventTime)), and nothing in this archive shows it in \(list: here.sorted()), where the call was refused. A project exists in one Region only, so the client is most likely set to the wrong one.",
            evidence: [
                Evidence(
                    eventID: last.eventID, eventTime: last.eventTime, eventName: last.eventName,
                    principal: last.principal, summary: "reached the project in \(last.awsRegion)")
            ] + facts.denialEvidence.prefix(1))
    }

    /// Where the refused projects answered, if that is in none of the Regions in which they were refused.
    private static func projectUses(_ facts: GroupFacts) -> [ProjectUse] {
        let here = Set(facts.group.regions.map(\.value))
        let refused = Set(facts.refusedProjects)
        let known = facts.projects.filter { refused.contains($0.applicationID) }
        return known.contains { here.contains($0.awsRegion) } ? [] : known
    }

    /// The Regions in which the call works: for the principal, else for the project.
    package static func workingRegions(_ facts: GroupFacts) -> [String] {
        let own = facts.sameAction.filter { $0.successes > 0 }.map(\.awsRegion)
        return unique(own.isEmpty ? projectUses(facts).map(\.awsRegion) : own)
    }

    private static func environmentDifference(_ facts: GroupFacts) -> Finding? {
        let own = facts.caller
        if let mixed = otherStage(facts) { return mixed }
        if let fallback = InstanceFallback(facts) { return fallback.finding(facts) }
        guard own.kind == .role || own.kind == .user, facts.sameAction.allSatisfy({ $0.successes == 0 }) else {
            return nil
        }
        let alike = facts.actionUsage.successes(ofNamesLike: own).filter { success in
            let other = success.principal
            return other.arn != own.arn && (other.name != own.name || other.account != own.account)
        }.map(\.usage)
        guard let first = alike.first else { return nil }
        let count = alike.reduce(0) { $0 + $1.successes }
        return Finding(
            .environmentDifference, confidence(facts),
            title: "The \(words: own.kind.rawValue) of the same name elsewhere is allowed",
            "\(first.principal) succeeded \(words: count.of("time", "times")) with \(facts.group.action) in account \(first.accountId), and \(own.shown) of account \(own.account) never. Compare the policies of the two.",
            evidence: facts.denialEvidence)
    }

    /// What was refused belongs to another stage, by its name and the principal's, and the like-named principal of that stage may do
    /// it: the settings of one stage name what is the other's.
    private static func otherStage(_ facts: GroupFacts) -> Finding? {
        guard let mixed = StageMix(facts), facts.group.reason.effect != .explicit else { return nil }
        let own = facts.caller
        var text: Prose =
            "\(list: facts.refusedResources, limit: 2) has the name of stage \(mixed.stage), and \(own.shown) that of \(mixed.ownStage). \(mixed.owner.shown.capitalised) succeeded \(words: mixed.successes.of("time", "times")) with \(facts.group.action)."
        let count = facts.sameAction.reduce(0) { $0 + $1.successes }
        if count > 0 {
            text +=
                "\(own.shown.capitalised) succeeded \(words: count.of("time", "times")) with it too, most likely on its own resources."
        }
        return Finding(
            .environmentDifference, confidence(facts), title: "The call is on another stage's resource", text,
            evidence: facts.denialEvidence)
    }

    private static func unique(_ texts: [String]) -> [String] { Set(texts).sorted() }
}
