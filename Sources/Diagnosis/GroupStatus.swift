import AccessDenial
import Causes
import IAMPolicy
import RecordedCalls
import RecordedChanges
import Remedies
import TrailStore
import Wording

/// Whether a group's calls work by now.
enum GroupStatus {
    static func status(_ facts: GroupFacts) -> (DiagnosedGroup.Status, Prose) {
        let rhythm = Rhythm(facts)
        let (status, latest) = byRhythm(latest(facts), rhythm, facts)
        var text = latest
        let group = facts.group
        if !group.outageResources.isEmpty {
            text +=
                "\(list: Array(group.outageResources.prefix(3)))\(words: group.outageResources.count > 3 ? " and others" : "") had worked before and \(words: group.outageResources.count == 1 ? "is" : "are") refused since \(time: group.since); something else had been refused since \(time: facts.firstDenial) already."
        } else if facts.group.outages > 1, group.calledAction == nil {
            // Of a further permission that a call needs the calls that need it not tell nothing.
            text +=
                "This outage began at \(time: facts.group.since); there had been \(words: (facts.group.outages - 1).of("other", "others")) since \(time: facts.firstDenial), and the call worked in between."
        }
        return (status, text)
    }

    /// What the latest calls tell, where none has been refused for longer than the group's own rhythm explains, or can be any more.
    private static func byRhythm(
        _ told: (DiagnosedGroup.Status, Prose), _ rhythm: Rhythm, _ facts: GroupFacts
    ) -> (DiagnosedGroup.Status, Prose) {
        let (status, text) = told
        guard status != .resolved else { return told }
        if let end = GroupEnd.deletion(facts), end.time >= facts.group.lastSeen || rhythm.isQuiet {
            return (
                .gone, "\(end.summary.capitalised) at \(time: end.time), so these calls cannot recur as they were."
            )
        }
        guard rhythm.isQuiet else { return told }
        if status == .intermittent, let success = facts.group.firstSuccessAfter, isComparable(facts) {
            return (
                .resolved,
                "It works again: a call succeeded at \(time: success), after the last denial. Before, successes and denials alternated."
            )
        }
        let group = facts.group
        let hasOtherSuccesses =
            group.firstSuccessAfter != nil || group.partialSuccessAfter != nil || group.successesElsewhere > 0
            || group.unplacedSuccesses > 0
        guard status == .intermittent || hasOtherSuccesses else {
            return (
                .quiet,
                "Not tried for \(words: rhythm.silenceText) as the archive ends: the last denial was at \(time: group.lastSeen), and no success is known since."
            )
        }
        let quiet: Prose =
            "Not refused for \(words: rhythm.silenceText) as the archive ends; the last denial was at \(time: group.lastSeen)."
        return (.quiet, quiet + text)
    }

    private static func latest(_ facts: GroupFacts) -> (DiagnosedGroup.Status, Prose) {
        let group = facts.group
        if let passed = onlyPassedWhereRefused(facts) {
            return (
                .ongoing,
                "Still refused when the archive ends: calls without \(passed) succeed, and none with it has since the last denial."
            )
        }
        // Of the people who sign in to a user pool no record tells who is who.
        if facts.principal.isAnonymous, group.eventSource == "cognito-idp.amazonaws.com",
            let success = group.firstSuccessAfter ?? group.partialSuccessAfter
                ?? ((group.successesWithin ?? 0) > 0 ? group.firstSeen : nil)
        {
            return (
                .ongoing,
                success == group.firstSeen
                    ? "Still refused when the archive ends. Calls of others succeeded meanwhile; no record tells who is who."
                    : "Still refused when the archive ends. Calls of others succeed, the next one at \(time: success); no record tells who is who."
            )
        }
        if let within = group.successesWithin, within > 0 {
            let doubt: Prose =
                group.successesTellTheirResource || !isAboutCertainResource(facts)
                ? "" : "None of them is known to be on the refused resource."
            return (
                .intermittent,
                "Successes and denials alternate: \(words: within.of("success", "successes")) between the first denial and the last."
                    + doubt + Alternation.story(facts) + since(facts)
            )
        }
        if let success = group.firstSuccessAfter {
            guard isComparable(facts) else { return (.ongoing, mayWork(since: success, facts)) }
            return (.resolved, "It works again: a call succeeded at \(time: success), after the last denial.")
        }
        if let success = group.partialSuccessAfter {
            guard isComparable(facts) else { return (.ongoing, mayWork(since: success, facts)) }
            return (
                .ongoing,
                "It works again in part: a call succeeded at \(time: success), but none in every account and Region and on every resource that was refused."
            )
        }
        let here = facts.sameActionHere
        let worksEverywhere = group.regions.map(\.value).allSatisfy { region in
            here.contains { $0.awsRegion == region && ($0.lastSuccess ?? "") > group.lastSeen }
        }
        if let success = facts.firstSuccessAfter, worksEverywhere {
            return (.resolved, "It works again: a call succeeded at \(time: success), after the last denial.")
        }
        if let latest = facts.uncountedSuccesses.filter({ $0 >= group.firstSeen }).max() {
            return (.intermittent, "Successes and denials alternate: one success was at \(time: latest).")
        }
        if group.successesElsewhere > 0 || group.unplacedSuccesses > 0 {
            return (.ongoing, "No later success on the refused resource is known." + otherSuccesses(group))
        }
        guard group.companion == nil else {
            return (.ongoing, "The application's log ends with it refused; CloudTrail tells of no success since.")
        }
        return (.ongoing, "Still refused when the archive ends: no success since the last denial.")
    }

    /// What every refused call passed and no answered one, where AWS names another action than the call's own: that action has
    /// never been allowed, whatever the other calls tell. `nil` where nothing is so.
    private static func onlyPassedWhereRefused(_ facts: GroupFacts) -> String? {
        guard let called = facts.group.calledAction, service(called) == facts.servicePrefix,
            let difference = facts.requests.comparison?.differences.first(where: {
                $0.succeeded.isEmpty && $0.field.hasPrefix("requestParameters.")
            })
        else { return nil }
        return difference.name
    }

    private static func service(_ action: String) -> String { String(action.prefix { $0 != ":" }) }

    /// Where calls that had been refused by turns have not been refused since a success.
    private static func since(_ facts: GroupFacts) -> Prose {
        guard let success = facts.group.firstSuccessAfter, isComparable(facts) else { return "" }
        return "The last denial was at \(time: facts.group.lastSeen); a success followed at \(time: success)."
    }

    /// What the successes since the first denial were on that prove nothing about what was refused.
    private static func otherSuccesses(_ group: DenialGroup) -> Prose {
        func since(_ count: Int, _ what: Prose) -> Prose {
            "\(words: count.of("success", "successes")) of the same action since the first denial \(words: count == 1 ? "was" : "were") \(what)."
        }
        var text: Prose = ""
        if group.successesElsewhere > 0 { text += since(group.successesElsewhere, "on something else") }
        if group.unplacedSuccesses > 0 { text += since(group.unplacedSuccesses, "not certainly on it") }
        return text
    }

    private static func mayWork(since success: String, _ facts: GroupFacts) -> Prose {
        let resources = facts.refusedResources
        let call = facts.requests.succeeded.first { $0.observed.eventTime == success }?.observed
        // Where a success tells its target, that was compared before.
        if let call, call.isResourceTold, !CallTarget.isTold(action: facts.group.successAction),
            ARN(call.resource) != nil, !resources.contains(call.resource)
        {
            return
                "No later success on the refused resource is known: the one at \(time: success) was on \(call.resource)."
        }
        if resources.isEmpty {
            return
                "It may work again: a call succeeded at \(time: success), but the records do not show whether it was for the same that was refused."
        }
        return
            "It may work again: a call succeeded at \(time: success), but the records do not show whether it was on the refused resource; check \(list: Array(resources.prefix(3)))\(words: resources.count > 3 ? " and others" : "")."
    }

    /// Whether the successes after the denials tell that what was refused works: those of a group that is about a certain
    /// resource must be known to be on the same.
    private static func isComparable(_ facts: GroupFacts) -> Bool {
        // `nil` where the successes were not looked at one by one.
        guard let areOnSame = facts.group.successesAreOnSameResource else { return true }
        return areOnSame || !isAboutCertainResource(facts)
    }

    /// Whether some resources were refused and not others, or not all that there are of a kind.
    private static func isAboutCertainResource(_ facts: GroupFacts) -> Bool {
        let resources = facts.refusedResources.filter { $0 != "*" }
        guard CallTarget.isTold(action: facts.group.action) else { return !resources.isEmpty }
        return resources.contains { CallTarget.isCertain($0, action: facts.group.action) }
    }
}
