import AccessDenial
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import Testing
import TrailStore
import Wording
@testable import Causes
@testable import Diagnosis
@testable import Remedies

/// What holds of every cause, whatever the story.
@Suite struct CauseTests {
    private static func facts(_ row: Scenario, _ changes: [PermissionChange]? = nil) -> GroupFacts {
        TrailFacts(
            usage: UsageIndex(row.usage), changes: changes ?? row.changes, coverage: row.coverage,
            reportTime: row.reportTime,
            projects: row.projects
        ).facts(of: row.group)
    }

    /// A cause that is called decisive flips: with the events the policies do not allow, or they deny, and without them it is the
    /// other way round.
    @Test(arguments: ScenarioFile.all)
    func whatIsDecisiveFlips(_ table: ScenarioFile) {
        for row in table.rows {
            let facts = Self.facts(row)
            let replay = Replay(facts)
            let denial = Moment.at(facts.group.firstSeen)
            for found in CauseSearch(facts).counterfactuals() {
                guard case .decisive(isExact: true) = found.verdict, found.isJoint || !found.statements.isEmpty else {
                    continue
                }
                // Who left a group that is gone by now lost what it had then.
                let moment = found.lane.kind == .groups ? found.event.moment : denial
                let (with, without) = (
                    replay.view(at: moment), replay.view(at: moment, undoing: Set(found.undone))
                )
                let requests = facts.scene.requests
                // What policies look at changes the calls.
                let former =
                    found.lane.holdsPolicies ? requests : GroupRequests(facts).requests(in: without.state)
                func placed(_ view: Replay.View) -> [Replay.Placed] {
                    guard found.lane.kind == .parent else { return replay.policies(found.question, in: view).placed }
                    let place = replay.above(replay.boundAccount, in: view)
                    return replay.organization(found.question, at: place, in: view).placed
                }
                let flips = zip(former, requests).contains { before, after in
                    func answer(_ view: Replay.View, _ request: AuthorizationRequest, settled: Bool = false) -> Truth {
                        let placed = placed(view)
                        return replay.answer(
                            found.question, settled ? placed.filter { replay.hasSettled($0.held) } : placed, on: request
                        )
                    }
                    switch found.question.effect {
                    case .allow: return answer(without, before) == .yes && answer(with, after, settled: true) != .yes
                    // AWS names one policy at a time, so that of a named one it is not asked what the others say.
                    case .deny:
                        return answer(with, after) == .yes && (!replay.named.isEmpty || answer(without, before) == .no)
                    }
                }
                #expect(flips, "\(row.name): \(found.event.eventName)")
            }
        }
    }

    /// What one event changed is told by the names that it edited alone; here by all policies with it and without it.
    @Test(arguments: ScenarioFile.all)
    func aDifferenceIsThatOfTheWholes(_ table: ScenarioFile) {
        for row in table.rows {
            let facts = Self.facts(row)
            let replay = Replay(facts)
            let (denial, requests) = (Moment.at(facts.group.firstSeen), facts.scene.requests)
            for question in replay.questions {
                let whole = Replay.Whole(question, in: facts.scene.view, of: requests, replay)
                for change in facts.changes {
                    let difference = replay.difference(undoing: [change.event], at: denial, in: whole)
                    let without = replay.policies(question, in: replay.view(at: denial, undoing: [change.event]))
                    let slow = Replay.Difference(from: without, to: whole.asked, of: whole, replay)
                    #expect(difference.isEmpty == (without == whole.asked), "\(row.name): \(change.change.eventName)")
                    #expect(difference.before.placed == slow.before.placed, "\(row.name): \(change.change.eventName)")
                    #expect(difference.after.placed == slow.after.placed, "\(row.name): \(change.change.eventName)")
                    #expect(difference.wasComplete == slow.wasComplete, "\(row.name): \(change.change.eventName)")
                }
            }
        }
    }

    /// Where AWS says that an Allow is missing, a Deny that came later never clears what took the Allow.
    @Test(arguments: ScenarioFile.everyRow)
    func aLaterDenyClearsNobody(_ row: Scenario) {
        guard row.group.reason.effect == .implicit, row.rootCause == .permissionsChanged else { return }
        let name = PrincipalName(row.group.principal)
        guard name.kind == .role || name.kind == .user else { return }
        let deny = Facts.put(
            Facts.statement("Deny", "*", "*"), at: "2026-11-10T12:00:01Z", id: "deny", name: "later",
            event: name.kind == .role ? "PutRolePolicy" : "PutUserPolicy", owner: name.name)
        var later = row
        later.changes.append(deny)
        #expect(later.diagnosis.rootCause.evidence.first == row.diagnosis.rootCause.evidence.first)
        #expect(later.diagnosis.rootCause.cause?.key == row.diagnosis.rootCause.cause?.key)
    }

    /// Groups of one principal share what they replay: the timeline is built once and a policy is prepared once, however many ask.
    @Test func groupsShareWhatTheyReplay() {
        var changes = (0..<40).map { index in
            Facts.put(
                Facts.statement("Allow", "mobiletargeting:Get\(index)", "*"), at: "2026-11-02T00:00:\(10 + index)Z",
                id: "put-\(index)", name: "policy-\(index)")
        }
        changes.append(Facts.put(Facts.allowReads, name: "policy-0"))
        let trail = TrailFacts(
            usage: UsageIndex([]), changes: changes, coverage: Facts.coverage, reportTime: "2026-11-23T00:00:00Z")
        var sizes: [Int] = []
        var shared: TrailReplay?
        for index in 0..<50 {
            let group = Facts.group(.missingAllow(.identityBased), action: "mobiletargeting:Send\(index)")
            let facts = trail.facts(of: group)
            _ = CauseSearch(facts).counterfactuals()
            #expect(shared == nil || shared === facts.trail)
            shared = facts.trail
            sizes.append(facts.trail.library.count)
        }
        #expect(Set(sizes).count == 1)
        #expect(sizes.first ?? 0 <= changes.count)
    }

    /// The cause has one key, whatever group it is the cause of.
    @Test func oneEventIsOneCause() {
        let change = Facts.change("DetachRolePolicy", policy: Facts.policy)
        let keys = ["mobiletargeting:SendMessages", "mobiletargeting:GetApp"].map { action -> String? in
            let row = Scenario(
                name: "", group: Facts.group(.missingAllow(.identityBased), action: action),
                usage: [Facts.usage(Facts.role, action)], changes: [change], rootCause: .permissionsChanged)
            return row.diagnosis.rootCause.cause?.key
        }
        #expect(keys == ["event|change", "event|change"])
    }

    /// The statement that refuses is told with its condition, and what the request had.
    @Test func theFailingStatementIsTold() throws {
        let policy =
            #"{"Version":"2012-10-17","Statement":[{"Sid":"OfficeOnly","Effect":"Deny","Action":"*","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}]}"#
        let row = Scenario(
            name: "",
            group: Facts.group(.explicitDeny(.identityBased)) {
                $0.sourceIPAddresses = [Counted("198.51.100.7", denials: 12)]
            }, changes: [Facts.put(policy, at: "2026-11-01T00:00:00Z")], rootCause: .permissionsChanged)
        let finding = try #require(row.diagnosis.findings.first { $0.code == .explicitDeny })
        let statement = try #require(finding.statement)
        #expect(statement.name.sid == "OfficeOnly")
        #expect(statement.name.policy == "inline")
        #expect(statement.name.index == 0)
        #expect(statement.text.contains("NotIpAddress"))
        let condition = try #require(statement.conditions.first)
        #expect(condition.conditionOperator == "NotIpAddress")
        #expect(condition.key == "aws:SourceIp")
        #expect(condition.wanted == ["203.0.113.0/24"])
        #expect(condition.had == ["198.51.100.7"])
        #expect(condition.matches == .yes)
        #expect(finding.explanation.plain.contains("statement OfficeOnly of inline denies the call where aws:SourceIp"))
    }
}
