import AccessDenial
import IAMPolicy
import Testing
import TrailStore

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
}
