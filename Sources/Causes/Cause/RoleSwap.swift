import AccessDenial
import IAMPolicy
import OrderedJSON
import PolicyTimeline
package import RecordedChanges
import TrailStore
package import Wording

/// A function, a service's tasks or an instance got another role: the workload changed, and no policy.
///
/// The new role is refused what the old one was allowed. That shows in the trail where it holds what the workload ran under
/// before; else in another role of the account whose successes with the action end where this one's denials begin.
package struct RoleSwap {
    /// A swap is likely where successes of another role end this near to it, in seconds.
    package static let nearness = 24 * 3600

    /// The event that put the new role in place.
    package var change: TrailChange
    /// The role before it, where an earlier event tells.
    package var former: PrincipalName?

    /// The latest change of the role among the changes of one workload, in order of time; `nil` where that did not put the group's
    /// principal in place.
    ///
    /// - Parameter line: changes of one workload up to the first denial.
    package init?(in line: [TrailChange], _ facts: GroupFacts) {
        // A task definition is registered first; what runs changes when a service is moved to it.
        let isMoved = line.contains { $0.changeName == .updateService }
        var latest: (change: TrailChange, role: PrincipalName?)?
        var left: PrincipalName?
        for change in line where !isMoved || change.changeName != .registerTaskDefinition {
            let role = Self.role(setBy: change, facts)
            // An instance profile is emptied before another role gets into it.
            if change.changeName == .removeRoleFromInstanceProfile {
                left = role
                latest = nil
                continue
            }
            // Writing the same role again exchanges nothing.
            if let latest, let known = latest.role, let role, known.isSame(as: role) { continue }
            former = latest?.role ?? left
            latest = (change, role)
        }
        guard let latest, latest.role?.isSame(as: facts.principal) ?? false else { return nil }
        change = latest.change
    }

    /// The role that a change lets a workload run under; `nil` where the trail does not tell.
    package static func role(setBy change: TrailChange, _ facts: GroupFacts) -> PrincipalName? {
        if change.changeName == .setIdentityPoolRoles { return poolRole(setBy: change, facts) }
        return change.changeName == .updateService
            ? definition(of: change, facts)?.workloadRole : change.workloadRole
    }

    /// The event that registered the task definition to which a change moved a service; `nil` for every other change, and where the
    /// trail does not hold it.
    package static func definition(of change: TrailChange, _ facts: GroupFacts) -> TrailChange? {
        guard change.changeName == .updateService else { return nil }
        guard let name = change.parameter("taskDefinition").map(TaskDefinitionName.withoutARN) else { return nil }
        let registrations = facts.changes.filter {
            $0.changeName == .registerTaskDefinition && $0.workloadName == change.workloadName
                && $0.account == change.account && $0.time <= change.time
        }
        // Without a revision the latest one is meant.
        guard name.contains(":") else { return registrations.last }
        return registrations.last {
            $0.response?.member(ignoringCase: "taskDefinition")?.member(ignoringCase: "taskDefinitionArn")?.stringValue
                .map { TaskDefinitionName.withoutARN($0) == name } ?? false
        }
    }

    /// The role that a change gives to those callers of an identity pool, its users or its guests, who get the group's principal by
    /// this change or by another one.
    private static func poolRole(setBy change: TrailChange, _ facts: GroupFacts) -> PrincipalName? {
        for kind in ["", "guest"] {
            func role(_ change: TrailChange) -> PrincipalName? { change.role(kind).map { PrincipalName($0) } }
            let holdsPrincipal = facts.changes.contains {
                $0.changeName == .setIdentityPoolRoles && $0.workloadName == change.workloadName
                    && role($0)?.isSame(as: facts.principal) ?? false
            }
            if holdsPrincipal { return role(change) }
        }
        return nil
    }

    /// The role that the workload most likely ran under before, with its last success with the action; `nil` where the trail does
    /// not single one out.
    package func predecessor(_ facts: GroupFacts) -> (role: PrincipalName, lastSuccess: String)? {
        var successes: [String: Successes] = [:]
        for usage in facts.actionUsage.rows where usage.accountId == facts.principal.account {
            let role = PrincipalName(usage.principal)
            guard role.kind == .role, !role.isSame(as: facts.principal), let first = usage.firstSuccess,
                let last = usage.lastSuccess
            else { continue }
            if let former, !former.isSame(as: role) { continue }
            successes[usage.principal, default: Successes(first: first, last: last)].add(usage, first, last)
        }
        let fitting = successes.filter { _, successes in former != nil || hasStopped(successes, facts) }
        guard fitting.count == 1, let (arn, found) = fitting.first,
            abs(TimeSpan.seconds(from: found.last, to: change.time)) <= Self.nearness
                || (former != nil && found.last >= change.time)
        else { return nil }
        return (PrincipalName(arn), found.last)
    }

    /// Whether a role made the call until the swap and no longer, so that it is the one that the workload ran under.
    private func hasStopped(_ successes: Successes, _ facts: GroupFacts) -> Bool {
        // One that is refused itself did not stop calling.
        guard successes.denials == 0, successes.last <= facts.group.firstSeen, successes.count > 1,
            let end = facts.coverage.to
        else { return false }
        let sinceLast = TimeSpan.seconds(from: successes.last, to: change.time)
        guard abs(sinceLast) <= Self.nearness else { return false }
        let pause = TimeSpan.seconds(from: successes.first, to: successes.last) / (successes.count - 1)
        // A job that runs at night is not gone by noon: it would have had to call again, or called just before the swap.
        return TimeSpan.seconds(from: successes.last, to: end) > pause || abs(sinceLast) <= pause / 10
    }

    /// What one role did with the action, over all Regions.
    private struct Successes {
        var first: String
        var last: String
        var count = 0
        var denials = 0

        mutating func add(_ usage: Usage, _ first: String, _ last: String) {
            self.first = min(self.first, first)
            self.last = max(self.last, last)
            count += usage.successes
            denials += usage.denials
        }
    }

    /// Whether the policies of the former role allow the calls, as far as the trail shows them.
    package func wasAllowed(_ facts: GroupFacts) -> Bool {
        guard let holder = former?.holder else { return false }
        let state = facts.timeline.state(at: .at(facts.group.firstSeen), of: PolicySubject(principal: holder))
        let known = StandingPolicies(state.principal, facts.trail).known
        return Judgement(known.flatMap(\.statements), facts).allows == .yes
    }

    /// What the swap means for the refusal.
    package func story(_ facts: GroupFacts) -> Prose {
        let now = facts.principal.shown
        guard let (role, success) = predecessor(facts) else {
            if let former, wasAllowed(facts) {
                return
                    "Before, \(change.workload) ran under \(former.shown), whose policies in the trail allow the call. So the workload changed, not a policy: \(now), which it runs under now, has not succeeded with the call in this archive."
            }
            let before: Prose =
                former.map { "Before, \(change.workload) ran under \($0.shown), but" }
                ?? "What \(change.workload) ran under before is not in the trail, and"
            return
                "\(before) no success of that role with \(facts.group.action) is known, so this is only a possible cause. The policies of \(now) need not have changed."
        }
        let before: Prose =
            former == nil
            ? "Most likely \(change.workload) ran under \(role.shown) before, whose successes with \(facts.group.action) end there, last at \(time: success)."
            : "Before, \(change.workload) ran under \(role.shown), which succeeded with \(facts.group.action), last at \(time: success)."
        return before
            + "So the workload changed, not a policy: \(now), which it runs under now, has not succeeded with the call in this archive."
    }
}
