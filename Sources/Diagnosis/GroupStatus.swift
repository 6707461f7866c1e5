import AccessDenial
import IAMPolicy
import TrailStore

/// Whether a group's calls work by now.
enum GroupStatus {
    static func status(_ facts: GroupFacts) -> (DiagnosedGroup.Status, Prose) {
        let (status, latest) = latest(facts)
        var text = latest
        if facts.group.outages > 1 {
            text +=
                "This outage began at \(time: facts.group.since); there had been \(words: (facts.group.outages - 1).of("other", "others")) since \(time: facts.firstDenial), and the call worked in between."
        }
        return (status, text)
    }

    private static func latest(_ facts: GroupFacts) -> (DiagnosedGroup.Status, Prose) {
        let group = facts.group
        if let within = group.successesWithin, within > 0 {
            return (
                .intermittent,
                "Successes and denials alternate: \(words: within.of("success", "successes")) between the first denial and the last."
                    + Alternation.story(facts)
            )
        }
        if let success = group.firstSuccessAfter {
            guard isComparable(facts) else {
                return (
                    .ongoing,
                    "It may work again: a success followed at \(time: success), but the records do not tell on which resource; check it on \(list: Array(facts.refusedResources.prefix(3)))\(words: facts.refusedResources.count > 3 ? " and others" : "")."
                )
            }
            return (.resolved, "It works again: a success followed at \(time: success), after the last denial.")
        }
        if let success = group.partialSuccessAfter {
            return (
                .ongoing,
                "It works again in part: a success followed at \(time: success), but none in every account and Region and on every resource that was refused."
            )
        }
        let here = facts.sameActionHere
        let worksEverywhere = group.regions.map(\.value).allSatisfy { region in
            here.contains { $0.awsRegion == region && ($0.lastSuccess ?? "") > group.lastSeen }
        }
        if let success = facts.firstSuccessAfter, worksEverywhere {
            return (.resolved, "It works again: a success followed at \(time: success), after the last denial.")
        }
        if let latest = facts.uncountedSuccesses.filter({ $0 >= group.firstSeen }).max() {
            return (.intermittent, "Successes and denials alternate: one success was at \(time: latest).")
        }
        if group.successesElsewhere > 0 {
            return (
                .ongoing,
                "No later success on what was refused is known; \(words: group.successesElsewhere.of("success", "successes")) of the same action on something else."
            )
        }
        if let end = facts.coverage.to, PermissionsChanged.seconds(from: group.lastSeen, to: end) > 24 * 3600 {
            return (
                .ongoing,
                "No later success is known. The last denial was at \(time: group.lastSeen), the archive ends at \(time: end)."
            )
        }
        return (.ongoing, "It was still refused when the archive ends: no success is known since the last denial.")
    }

    /// Whether the successes after the denials tell that what was refused works: where the group is about more than one
    /// resource, or about a service whose successes tell theirs, they must be known to be on the same.
    private static func isComparable(_ facts: GroupFacts) -> Bool {
        // `nil` where the successes were not looked at one by one.
        guard let areOnSame = facts.group.successesAreOnSameResource else { return true }
        let resources = facts.refusedResources.filter { $0 != "*" }
        // Successes tell the bucket and not the object.
        let isAboutObjects = facts.servicePrefix == "s3" && resources.contains { $0.contains("/") }
        if areOnSame, !isAboutObjects { return true }
        // A success that does not tell what it was on says nothing of a certain resource.
        guard CallTarget.isTold(action: facts.group.action) else { return resources.isEmpty }
        return resources.allSatisfy { CallTarget.name(ofResource: $0) == nil }
    }
}
