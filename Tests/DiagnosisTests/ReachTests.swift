import AccessDenial
import IAMPolicy
import RecordedChanges
import Testing
import TrailStore
@testable import Causes
@testable import Diagnosis
@testable import PolicyTimeline

/// What a diagnosis leaves out cannot have mattered: changes that its reach does not hold, and changes that their direction rules out.
@Suite struct ReachTests {
    private static func facts(_ row: Scenario) -> GroupFacts {
        TrailFacts(
            usage: UsageIndex(row.usage), changes: row.changes, coverage: row.coverage, reportTime: row.reportTime,
            projects: row.projects
        ).facts(of: row.group)
    }

    /// Undoing everything that is out of reach leaves every policy that is asked as it was.
    @Test func whatIsOutOfReachIsInNoPolicyThatIsAsked() {
        var compared = 0
        for row in ScenarioFile.everyRow {
            let facts = Self.facts(row)
            let replay = Replay(facts)
            let reached = Set(facts.changes.map(\.event))
            let all = replay.timeline.edits(after: .at(""), upTo: .at("9999"), touching: replay.timeline.holders)
            // What issued the sessions comes with the group.
            let ofOthers = all.filter { $0.lane.holder.kind != .session }
            let others = Set(ofOthers.compactMap(\.event)).subtracting(reached)
            guard !others.isEmpty else { continue }
            let moment = Moment.at(facts.group.firstSeen)
            let (with, without) = (replay.view(at: moment), replay.view(at: moment, undoing: others))
            for question in replay.questions {
                compared += 1
                #expect(
                    replay.policies(question, in: with) == replay.policies(question, in: without),
                    "\(row.name): \(question)")
            }
        }
        #expect(compared > 20)
    }

    /// A change that `ChangeRule.canCause` rules out is never decisive.
    @Test func whatADirectionRulesOutIsNeverDecisive() {
        var decisive = 0
        for row in ScenarioFile.everyRow {
            let facts = Self.facts(row)
            for found in CauseSearch(facts).counterfactuals() {
                guard case .decisive = found.verdict else { continue }
                decisive += 1
                let change = facts.change(of: found.event)
                #expect(change != nil, "\(row.name): \(found.event.eventName) is out of reach")
                guard let change, let rule = change.rule else { continue }
                #expect(
                    rule.canCause(facts.group.reason.effect) || rule.direction == .clears,
                    "\(row.name): \(found.event.eventName)")
            }
        }
        #expect(decisive > 20)
    }

    /// What a function ran under before is reached from the role that it has now: what that one was allowed tells of a swap.
    @Test func aFormerRoleIsReachedFromTheOneThatTookItsPlace() {
        func role(_ name: String, at time: String) -> PermissionChange {
            Facts.change(
                "UpdateFunctionConfiguration20150331v2", at: time, id: name, target: "notify", type: "function",
                source: "lambda.amazonaws.com",
                parameters: #"{"functionName":"notify","role":"arn:aws:iam::111122223333:role/\#(name)"}"#)
        }
        let allow = #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#
        let changes = [
            Facts.put(allow, at: "2026-11-01T00:00:00Z", id: "put", owner: "former"),
            role("former", at: "2026-11-02T00:00:00Z"), role("order-notifier", at: "2026-11-10T11:55:00Z"),
        ]
        let trail = TrailFacts(
            usage: UsageIndex([]), changes: changes, coverage: Facts.coverage, reportTime: "2026-11-12T00:00:00Z")
        let facts = trail.facts(of: Facts.group(.missingAllow(.identityBased)))
        #expect(facts.changes.map(\.change.eventID) == ["put", "former", "order-notifier"])
        // The store looks for them in the same way.
        #expect(Diagnoser.changeSelection.furtherNames(changes[1]).contains("former"))
    }
}
