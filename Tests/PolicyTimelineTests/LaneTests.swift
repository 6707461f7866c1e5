import TestSupport
import Testing

@testable import PolicyTimeline

/// One lane against the slow twin of the timeline, and what is kept so that a question costs little.
@Suite struct LaneTests {
    static let names = ["a", "b", "c", "d"]
    static let lane = LaneName(.sender, .tags)

    static func edits(_ seed: UInt64, count: Int = 30) -> [PolicyEdit] {
        var generator = SeededGenerator(state: seed)
        return (0..<count).map { number in
            let record = Records.record(
                "TagRole", nil, at: Int.random(in: 0..<60, using: &generator), id: "e\(number)")
            let name = names.randomElement(using: &generator) ?? "a"
            let value = Value.text("\(Int.random(in: 0..<3, using: &generator))")
            let event = ChangeEvent(record)
            switch Int.random(in: 0..<20, using: &generator) {
            case 0: return PolicyEdit(event: event, lane: lane, operation: .replaceAll([name: value]))
            case 1: return PolicyEdit(event: event, lane: lane, operation: .blurAll)
            case 2: return PolicyEdit(event: event, lane: lane, operation: .blur(name))
            case 3...4:
                let snapshot = SnapshotReference(name: "export \(number)", time: record.eventTime)
                return PolicyEdit(
                    event: nil, lane: lane,
                    operation: .observe([name: value], complete: Bool.random(using: &generator), snapshot))
            case 5...11: return PolicyEdit(event: event, lane: lane, operation: .remove(name))
            default: return PolicyEdit(event: event, lane: lane, operation: .set(name, value))
            }
        }
    }

    @Test(arguments: UInt64(1)...60) func aLaneTellsWhatTheEditsTellOfEachName(_ seed: UInt64) {
        let edits = Self.edits(seed)
        // Two exports of one second have no order.
        let snapshots = edits.filter { $0.event == nil }.map(\.moment)
        guard Set(snapshots).count == snapshots.count else { return }
        let timeline = PolicyTimeline(edits)
        let twin = TimelineTwin(edits)
        for second in stride(from: 0, through: 60, by: 3) {
            let moment = Moment.at(Records.time(second))
            let state = timeline.state(of: .sender, .tags, at: moment)
            for name in Self.names {
                #expect(
                    state.told(name) == twin.told(name, in: Self.lane, at: moment), "\(name) at \(second), seed \(seed)"
                )
            }
        }
    }

    @Test(arguments: UInt64(1)...20) func theOrderOfFilesDoesNotMatter(_ seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        let edits = Self.edits(seed).filter { $0.event != nil }
        let timeline = PolicyTimeline(edits)
        // A file that was given twice tells nothing new.
        let shuffled = PolicyTimeline((edits + edits.prefix(10)).shuffled(using: &generator))
        for second in stride(from: 0, through: 60, by: 7) {
            let moment = Moment.at(Records.time(second))
            #expect(
                timeline.state(of: .sender, .tags, at: moment) == shuffled.state(of: .sender, .tags, at: moment))
        }
    }

    @Test(arguments: UInt64(1)...20) func anEditAndItsInverseGiveTheStateBefore(_ seed: UInt64) throws {
        let edits = Self.edits(seed).filter { $0.event != nil }
        let timeline = PolicyTimeline(edits)
        for edit in edits {
            guard let event = edit.event else { continue }
            let inverse = try #require(timeline.inverse(of: event)[edit.lane])
            var undoing = Records.record("TagRole", nil, at: 0, id: event.eventID + " undone")
            undoing.eventTime = event.eventTime
            let undone = PolicyEdit(event: ChangeEvent(undoing), lane: edit.lane, operation: inverse)
            let after = PolicyTimeline(edits + [undone])
            let moment = try #require(undone.event?.moment)
            let before = Self.plainBefore(edit, edits)
            let state = after.state(of: .sender, .tags, at: moment)
            for name in Self.names where before[name] != .unknown {
                #expect(state.told(name) == before[name], "\(name), seed \(seed)")
            }
        }
    }

    private static func plainBefore(_ edit: PolicyEdit, _ edits: [PolicyEdit]) -> [String: TimelineTwin.Told] {
        let earlier = edits.filter { $0.moment < edit.moment }.map(\.moment).max() ?? .at("")
        let twin = TimelineTwin(edits)
        return Dictionary(uniqueKeysWithValues: names.map { ($0, twin.told($0, in: lane, at: earlier)) })
    }

    /// What was undone left no trace, but for what the event itself shows of the time before it.
    @Test(arguments: UInt64(1)...20) func undoingIsLeavingOut(_ seed: UInt64) {
        let edits = Self.edits(seed).filter { $0.event != nil }
        let timeline = PolicyTimeline(edits)
        let twin = TimelineTwin(edits)
        for edit in edits.prefix(8) {
            guard let event = edit.event else { continue }
            for second in stride(from: 0, through: 60, by: 5) {
                let moment = Moment.at(Records.time(second))
                let state = timeline.state(of: .sender, .tags, at: moment, undoing: [event])
                for name in Self.names {
                    let plain = twin.told(name, in: Self.lane, at: moment, without: [event])
                    // With the event one may know more: that something was there which it took away.
                    if plain != .unknown, plain != .present {
                        #expect(state.told(name) == plain, "\(name) at \(second), seed \(seed)")
                    }
                }
            }
        }
    }

    /// What is asked of some names alone is what the whole lane tells of them, whatever is undone.
    @Test(arguments: UInt64(1)...20) func someNamesAreToldAsTheWholeTellsThem(_ seed: UInt64) {
        let edits = Self.edits(seed, count: 200)
        let timeline = PolicyTimeline(edits)
        let events = edits.compactMap(\.event)
        for (number, second) in stride(from: 0, through: 60, by: 2).enumerated() {
            let moment = Moment.at(Records.time(second))
            let undone = Set(events.dropFirst(number * 6).prefix(number % 4))
            for names in [["a"], ["b", "d"], Set<String>()] {
                let whole = timeline.state(of: .sender, .tags, at: moment, undoing: undone).narrowed(to: names)
                #expect(
                    timeline.state(of: .sender, .tags, names, at: moment, undoing: undone) == whole,
                    "\(names) at \(second), seed \(seed)")
            }
        }
    }

    @Test func manyChangesOfOneRoleAreNoMatter() {
        let records = (0..<4_000).map { Records.put("Sender", "p\($0 % 7)", Records.document("s3:Get\($0)"), at: $0) }
        let timeline = PolicyTimeline(records)
        for second in stride(from: 0, to: 4_000, by: 37) {
            let state = timeline.state(at: .at(Records.time(second)), of: PolicySubject(principal: .sender))
            #expect(state.principal?.identity.policies.count == min(7, second + 1))
        }
    }

    @Test func manyNamesOfOneRoleAreNoMatter() {
        let records = (0..<4_000).map { Records.put("Sender", "p\($0)", #"{"Statement":[]}"#, at: $0) }
        let timeline = PolicyTimeline(records)
        #expect(timeline.state(of: .sender, .inline, at: .at(Records.time(1_999))).entries.count == 2_000)
    }

    /// Of 100,000 changes of one role a question does a few again, and what is kept for that is no more than the changes are.
    @Test(arguments: [(100_000, 50), (10_000, 1), (10_000, 1_000)])
    func aQuestionGoesNoFurtherThanItMust(_ count: Int, _ names: Int) {
        let lane = LaneName(.sender, .attached)
        let edits = (0..<count).map { number in
            let time = String(1_000_000 + number)
            let record = ChangeRecord(
                eventID: time, eventTime: time, eventSource: "iam.amazonaws.com", eventName: "AttachRolePolicy")
            return PolicyEdit(
                event: ChangeEvent(record), lane: lane, operation: .set("p\(number % names)", .present))
        }
        let built = Lane(lane, edits)
        let farthest = stride(from: 0, through: count, by: 777).map { $0 - built.base(of: $0).place }.max()
        #expect((farthest ?? .max) <= max(64, names))
        #expect(built.keptEntries <= count + names)
    }
}
