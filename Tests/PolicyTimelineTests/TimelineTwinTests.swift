import TestSupport
import Testing

@testable import PolicyTimeline

/// The timeline against its slow twin, on archives of any changes that permissions can have, at any time and in any order.
@Suite struct TimelineTwinTests {
    /// Edits of changes that are picked at random, of whatever services, on a few holders over and over.
    private static func edits(_ count: Int, _ generator: inout SeededGenerator) throws -> [PolicyEdit] {
        let kinds = try Records.lines("records.jsonl").map(\.record)
        var edits: [PolicyEdit] = []
        for number in 0..<count {
            guard var record = kinds.randomElement(using: &generator) else { continue }
            record.eventID = "e\(number)"
            record.eventTime = Records.time(Int.random(in: 0..<seconds, using: &generator))
            edits += ChangeReaders.edits(of: record)
        }
        return edits.filter { $0.lane.holder.kind != .organizationTarget }
    }

    private static let seconds = 200

    /// Exports of what is in the edits, at times when there is no other.
    private static func exports(of edits: [PolicyEdit], _ generator: inout SeededGenerator) -> [PolicyEdit] {
        (0..<12).compactMap { number in
            guard let edit = edits.randomElement(using: &generator) else { return nil }
            let values: [String: Value]
            switch edit.operation {
            case .set(let name, let value): values = [name: value]
            case .replaceAll(let all): values = all
            default: values = [:]
            }
            let time = Records.time(number * seconds / 12)
            return PolicyEdit(
                event: nil, lane: edit.lane,
                operation: .observe(
                    values, complete: Bool.random(using: &generator), SnapshotReference(name: "export", time: time)))
        }
    }

    /// The edits in another order; those of one event stay in theirs, since a later one may build on an earlier one.
    private static func shuffled(_ edits: [PolicyEdit], _ generator: inout SeededGenerator) -> [PolicyEdit] {
        var together: [[PolicyEdit]] = []
        for edit in edits {
            if let event = edit.event, together.last?.first?.event == event {
                together[together.count - 1].append(edit)
            } else {
                together.append([edit])
            }
        }
        return together.shuffled(using: &generator).flatMap(\.self)
    }

    /// Each lane with all names that anything tells of in it, and one that nothing does.
    private static func names(_ edits: [PolicyEdit]) -> [(lane: LaneName, names: [String])] {
        var names: [LaneName: Set<String>] = [:]
        for edit in edits {
            names[edit.lane, default: ["", "never"]].formUnion(edit.keys)
            // A name may be another's by now.
            guard let (_, new) = TimelineTwin.renaming(edit) else { continue }
            for kind in [LaneName.Kind.inline, .attached, .existence] {
                names[LaneName(new, kind), default: []].formUnion(["", "name", "id"])
            }
        }
        return names.sorted { $0.key < $1.key }.map { ($0.key, $0.value.sorted()) }
    }

    @Test(arguments: UInt64(1)...14) func `A state is what its twin tells`(_ seed: UInt64) throws {
        var generator = SeededGenerator(state: seed)
        var edits = try Self.edits(160, &generator)
        edits += Self.exports(of: edits, &generator)
        let timeline = PolicyTimeline(Self.shuffled(edits, &generator))
        let twin = TimelineTwin(edits)
        var compared = 0
        for (lane, names) in Self.names(edits) {
            let moment = Moment.at(Records.time(Int.random(in: 0...Self.seconds, using: &generator)))
            let state = timeline.state(of: lane.holder, lane.kind, at: moment)
            for name in names {
                let told = twin.told(name, in: lane, at: moment)
                if told == .either { continue }
                #expect(state.told(name) == told, "\(lane) “\(name)” at \(moment.time), seed \(seed)")
                compared += 1
            }
        }
        #expect(compared > 200)
    }

    @Test(arguments: UInt64(11)...40) func `Without some events, a state is what its twin tells of the others`(
        _ seed: UInt64
    ) throws {
        var generator = SeededGenerator(state: seed)
        let edits = try Self.edits(140, &generator)
        let timeline = PolicyTimeline(Self.shuffled(edits, &generator))
        let twin = TimelineTwin(edits)
        let events = Set(edits.filter { TimelineTwin.renaming($0) == nil }.compactMap(\.event))
            .subtracting(edits.filter { TimelineTwin.renaming($0) != nil }.compactMap(\.event))
        let undone = Set(events.sorted { $0.eventID < $1.eventID }.shuffled(using: &generator).prefix(40))
        var compared = 0
        for (lane, names) in Self.names(edits) {
            let moment = Moment.at(Records.time(Int.random(in: 0...Self.seconds, using: &generator)))
            let state = timeline.state(of: lane.holder, lane.kind, at: moment, undoing: undone)
            for name in names {
                let told = twin.told(name, in: lane, at: moment, without: undone)
                // What an event took away had been there before it, whether it is undone or not.
                if [.either, .unknown, .present].contains(told) { continue }
                #expect(state.told(name) == told, "\(lane) “\(name)” at \(moment.time), seed \(seed)")
                compared += 1
            }
        }
        #expect(compared > 60)
    }
}
