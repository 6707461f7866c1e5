import AccessDenial
import Causes
import Findings
import IAMPolicy
import RecordedCalls
import RecordedChanges
import TrailStore
import Wording

/// What differs between the refused and the answered calls of a group whose successes and denials alternate.
enum Alternation {
    /// What differs, or that nothing does that the trail shows, and what that suggests; empty where the answered calls were not
    /// looked at.
    static func story(_ facts: GroupFacts) -> Prose {
        guard let context = facts.group.alternatingContext, context.isComplete else { return "" }
        let compared = facts.requests.comparison?.differences ?? []
        let differences = differences(facts, context) + compared.filter(isTelling).map(\.words)
        guard differences.isEmpty else { return "They differ in \(differences.joined("; in "))." }
        let isCompared = facts.requests.comparison?.tellsNothingApart ?? false
        var text: Prose =
            isCompared
            ? "Nothing that the records show tells them apart, field by field."
            : "Session, MFA, source address, VPC endpoint and client do not tell them apart."
        let recent = facts.changes.last { change in
            change.time <= facts.group.lastSeen && PermissionsChanged.concerns(change, facts)
                && TimeSpan.seconds(from: change.time, to: facts.group.firstSeen) <= settling
        }
        if let recent, recent.time <= facts.group.firstSeen {
            text +=
                "\(recent.summary.capitalised) shortly before, at \(time: recent.time): IAM changes take a while to take effect everywhere."
        } else {
            text +=
                facts.group.resources.isEmpty
                ? "So look at what it does not show: the resource of each call, tags of the session or resource, and whether two versions of the client are running."
                : "So look at what it does not show: tags of the session or resource, request values that a policy requires, and whether two versions of the client are running."
        }
        return text
    }

    /// Whether a difference is none of those that are compared over all calls.
    private static func isTelling(_ difference: RequestDifference) -> Bool {
        difference.field.hasPrefix("requestParameters.") || difference.field.hasSuffix(":sub")
            || difference.field.hasSuffix(":aud")
    }

    /// Seconds behind a change in which calls may still be answered either way.
    private static let settling = 300

    private static func differences(_ facts: GroupFacts, _ context: SuccessContext) -> [Prose] {
        let group = facts.group
        func addresses(_ list: [Counted<String>]) -> [Counted<String>] {
            let known = CallContext.addresses(list)
            return list.filter { known.contains($0.value) }
        }
        var found: [Prose] = []
        func compare(_ name: Prose, _ refused: [Counted<String>], _ answered: [Counted<String>]) {
            guard areDistinct(refused, answered) else { return }
            found.append(
                "\(name) (refused: \(list: refused.map(\.value), limit: 2); succeeded: \(list: answered.map(\.value), limit: 2))"
            )
        }
        compare("the session", group.callers, context.callers)
        compare("the source identity", group.sourceIdentities, context.sourceIdentities)
        compare("MFA", group.mfaAuthenticated, context.mfaAuthenticated)
        let (refused, answered) = (group.vpcEndpointIds, context.vpcEndpointIds)
        if refused.isEmpty != answered.isEmpty, total(refused.isEmpty ? answered : refused) > 1 {
            let through: Prose =
                "the VPC endpoint \(list: (refused.isEmpty ? answered : refused).map(\.value), limit: 2)"
            found.append(
                refused.isEmpty
                    ? "the network path (succeeded through \(through), refused through none)"
                    : "the network path (refused through \(through), succeeded through none)")
        } else {
            compare("the VPC endpoint", refused, answered)
        }
        compare("the source address", addresses(group.sourceIPAddresses), addresses(context.sourceIPAddresses))
        compare("the client", group.userAgents, context.userAgents)
        return found
    }

    /// Whether no value of the one is one of the other, and that is no accident: where each call has a value of its own, as names
    /// of sessions may be, all are different.
    private static func areDistinct(_ left: [Counted<String>], _ right: [Counted<String>]) -> Bool {
        guard !left.isEmpty, !right.isEmpty, Set(left.map(\.value)).isDisjoint(with: right.map(\.value)) else {
            return false
        }
        return (left.count + right.count) * 2 <= total(left) + total(right)
    }

    private static func total(_ list: [Counted<String>]) -> Int { list.reduce(0) { $0 + $1.denials } }
}
