import AccessDenial
import IAMPolicy
import TrailStore

/// Whether a group's calls work by now.
enum GroupStatus {
    static func status(_ facts: GroupFacts) -> (DiagnosedGroup.Status, Prose) {
        let group = facts.group
        if let within = group.successesWithin, within > 0 {
            return (
                .intermittent,
                "Successes and denials alternate: \(words: within.of("success", "successes")) between the first denial and the last."
            )
        }
        let here = facts.sameActionHere
        let regions = group.regions.map(\.value)
        let worksEverywhere = regions.allSatisfy { region in
            here.contains { $0.awsRegion == region && ($0.lastSuccess ?? "") > group.lastSeen }
        }
        if let success = facts.firstSuccessAfter, group.firstSuccessAfter != nil || worksEverywhere {
            return (.resolved, "It works again: a success followed at \(time: success), after the last denial.")
        }
        let between = here.flatMap { [$0.firstSuccess, $0.lastSuccess] }.compactMap(\.self).filter {
            $0 >= group.firstSeen
        }
        if let latest = between.max() {
            return (.intermittent, "Successes and denials alternate: one success was at \(time: latest).")
        }
        if let end = facts.coverage.to, PermissionsChanged.seconds(from: group.lastSeen, to: end) > 24 * 3600 {
            return (
                .ongoing,
                "No later success is known. The last denial in this report was at \(time: group.lastSeen), the archive ends at \(time: end)."
            )
        }
        return (.ongoing, "It was still refused when the archive ends: no success is known since the last denial.")
    }
}
