import TestSupport
import Testing

@testable import PolicyTimeline

/// What holds of every replay, on accounts that are written at random.
@Suite struct ReplayPropertyTests {
    /// Every lane of a timeline.
    private static func lanes(_ timeline: PolicyTimeline) -> [LaneName] {
        timeline.holders.flatMap { timeline.lanes(of: $0, at: .at("9999")) }
    }

    @Test(arguments: UInt64(1)...8) func theOrderOfFilesAndDoubledRecordsDoNotMatter(_ seed: UInt64) {
        var writer = AccountWriter(seed: seed)
        writer.write(120)
        let one = PolicyTimeline(writer.records)
        let doubled = writer.records + writer.records.shuffled(using: &writer.generator).prefix(40)
        let other = PolicyTimeline(doubled.shuffled(using: &writer.generator))
        #expect(one.holders == other.holders)
        for lane in Self.lanes(one) {
            #expect(
                Array(one.edits(after: .at(""), upTo: .at("9999"), of: lane))
                    == Array(other.edits(after: .at(""), upTo: .at("9999"), of: lane)), "\(lane), seed \(seed)")
            for record in writer.records {
                let moment = Moment.at(record.eventTime)
                #expect(
                    one.state(of: lane.holder, lane.kind, at: moment)
                        == other.state(of: lane.holder, lane.kind, at: moment))
            }
        }
    }

    /// Whole trails, and such that begin in the middle.
    @Test(arguments: [(1, 0), (2, 0), (3, 0), (4, 60), (5, 60), (6, 90)] as [(UInt64, Int)])
    func theStateBeforeAndTheEditsAreTheStateAfter(_ seed: UInt64, _ start: Int) {
        var writer = AccountWriter(seed: seed)
        writer.write(150)
        let records = Array(writer.records[start...])
        let timeline = PolicyTimeline(records)
        for lane in Self.lanes(timeline) {
            for first in stride(from: 0, to: records.count, by: 13) {
                let start = Moment.at(records[first].eventTime)
                let end = Moment.at(records[min(first + 29, records.count - 1)].eventTime)
                var state = timeline.state(of: lane.holder, lane.kind, at: start)
                for edit in timeline.edits(after: start, upTo: end, of: lane) { state.apply(edit) }
                #expect(state == timeline.state(of: lane.holder, lane.kind, at: end), "\(lane), seed \(seed)")
            }
        }
    }

    @Test(arguments: [(1, 0), (2, 0), (3, 70), (4, 70)] as [(UInt64, Int)])
    func anEventAndItsInverseGiveTheStateBefore(_ seed: UInt64, _ start: Int) throws {
        var writer = AccountWriter(seed: seed)
        writer.write(150)
        let timeline = PolicyTimeline(Array(writer.records[start...]))
        for record in writer.records[start...] {
            let event = ChangeEvent(record)
            let before = Moment.before(event.eventTime)
            for (lane, inverse) in timeline.inverse(of: event) {
                var state = timeline.state(of: lane.holder, lane.kind, at: event.moment)
                state.apply(PolicyEdit(event: event, lane: lane, operation: inverse))
                let wanted = timeline.state(of: lane.holder, lane.kind, at: before)
                #expect(state.entries == wanted.entries, "\(lane) before \(event.eventName), seed \(seed)")
                #expect(state.isComplete == wanted.isComplete, "\(lane) before \(event.eventName), seed \(seed)")
            }
        }
    }

    /// What undoing leaves is what the trail without the event tells, in lanes that the trail holds from their beginnings.
    @Test(arguments: UInt64(1)...4) func undoingAnEventIsATrailWithoutIt(_ seed: UInt64) throws {
        var writer = AccountWriter(seed: seed)
        writer.write(80)
        let timeline = PolicyTimeline(writer.records)
        for (place, record) in writer.records.enumerated() {
            let event = ChangeEvent(record)
            var others = writer.records
            others.remove(at: place)
            let without = PolicyTimeline(others)
            for lane in Set(timeline.edits(of: event).map(\.lane)) where lane.kind != .existence {
                let undone = timeline.state(of: lane.holder, lane.kind, at: .at("9999"), undoing: [event])
                let never = without.state(of: lane.holder, lane.kind, at: .at("9999"))
                guard undone.isComplete, never.isComplete else { continue }
                #expect(undone == never, "\(lane) without \(event.eventName), seed \(seed)")
            }
        }
    }
}
