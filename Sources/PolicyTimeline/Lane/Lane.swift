import Synchronization

/// The edits of one lane in order of time, and what stood in it at any moment.
///
/// Building it costs as much as there are edits. A question costs the edits since the last kept state, of which there are enough
/// that no question goes far, and few enough that all together are no larger than the edits.
///
/// An object rather than a value because every question looks some up.
final class Lane: Sendable {
    let name: LaneName
    /// In order of time, then of the events' ids.
    let edits: [PolicyEdit]
    private let moments: [Moment]
    /// States before the edits at these places.
    private let kept: [(place: Int, state: LaneState)]
    /// The places of the edits that bear on a name, and under `nil` those that bear on all names.
    private let places: [String?: [Int]]
    private let told = Told()

    private static let keepEvery = 8

    init(_ name: LaneName, _ edits: [PolicyEdit]) {
        self.name = name
        // One file more with the same event, or one file less, tells nothing else.
        var ordered = edits.sorted { $0.moment < $1.moment }
        if zip(ordered, ordered.dropFirst()).contains(where: { $0 == $1 }) {
            var known: Set<PolicyEdit> = []
            ordered = ordered.filter { known.insert($0).inserted }
        }
        self.edits = ordered
        moments = ordered.map(\.moment)
        var places: [String?: [Int]] = [:]
        for (place, edit) in ordered.enumerated() {
            for name in edit.operation.names { places[name, default: []].append(place) }
        }
        self.places = places
        var state = LaneState()
        for edit in ordered.reversed() { state.unapply(edit) }
        var kept = [(place: 0, state: state)]
        for (place, edit) in ordered.enumerated() {
            if place - kept[kept.count - 1].place >= max(Self.keepEvery, state.entries.count + state.absent.count) {
                kept.append((place, state))
            }
            state.apply(edit)
        }
        self.kept = kept
    }

    /// What stood there before the edit at a place; behind the last one what stands there now.
    ///
    /// - Parameter undone: events that are left out, as if they had not happened.
    func state(before place: Int, undoing undone: Set<ChangeEvent> = []) -> LaneState {
        let base = base(of: place, undoing: undone)
        var state = base.state
        for place in base.place..<place where !isLeftOut(place, undone) { state.apply(edits[place]) }
        ReplayWork.add(1 + place - base.place + state.entries.count)
        return state
    }

    /// What stood under some names at a moment: the state without all others. It costs what was done to these names since the last
    /// kept state, however much stands in the lane beside them.
    func state(of names: Set<String>, at moment: Moment, undoing undone: Set<ChangeEvent> = []) -> LaneState {
        // Of no name nothing is told but whether there are others, which an edit of all names alone changes.
        if names.isEmpty, places[nil] == nil {
            ReplayWork.add(1)
            return LaneState(isComplete: kept[0].state.isComplete, completedBy: kept[0].state.completedBy)
        }
        return state(of: names, before: place(behind: moment), undoing: undone)
    }

    /// The same before an event.
    func state(of names: Set<String>, before event: ChangeEvent) -> LaneState {
        state(of: names, before: edits(of: event).startIndex, undoing: [])
    }

    private func state(of names: Set<String>, before place: Int, undoing undone: Set<ChangeEvent>) -> LaneState {
        let base = base(of: place, undoing: undone)
        var state = base.state.narrowed(to: names)
        let places = places(of: names, in: base.place..<place)
        ReplayWork.add(1 + places.count)
        for place in places where !isLeftOut(place, undone) {
            state.apply(edits[place].narrowed(to: names))
        }
        return state.narrowed(to: names)
    }

    /// What is made of what stood there at a moment, made once for all who ask of the same place where it is worth keeping.
    func made<Made: AnyObject & Sendable>(
        at moment: Moment, _ make: (LaneState) -> (made: Made, isKept: Bool)
    ) -> Made {
        let place = place(behind: moment)
        if let known = told.made(at: place) as? Made { return known }
        let (made, isKept) = make(state(before: place))
        if isKept { told.keep(made, at: place) }
        return made
    }

    /// Whether the edit at a place is one of an event that is left out.
    private func isLeftOut(_ place: Int, _ undone: Set<ChangeEvent>) -> Bool {
        guard !undone.isEmpty, let event = edits[place].event else { return false }
        return undone.contains(event)
    }

    /// The places of the edits that bear on one of some names, in order.
    private func places(of names: Set<String>, in range: Range<Int>) -> [Int] {
        guard !range.isEmpty else { return [] }
        var lists: [ArraySlice<Int>] = []
        func add(_ list: [Int]?) {
            guard let list else { return }
            let part = list[
                Self.count(of: list) { $0 < range.lowerBound }..<Self.count(of: list) { $0 < range.upperBound }]
            if !part.isEmpty { lists.append(part) }
        }
        add(places[nil])
        for name in names { add(places[name]) }
        return lists.count > 1 ? Set(lists.joined()).sorted() : lists.first.map(Array.init) ?? []
    }

    /// The last kept state before a place, and before all events that are left out, from which the edits up to it are done again.
    func base(of place: Int, undoing undone: Set<ChangeEvent> = []) -> (place: Int, state: LaneState) {
        var start = place
        if let first = undone.map(\.moment).min() { start = min(place, Self.count(of: moments) { $0 < first }) }
        return kept[Self.count(of: kept) { $0.place <= start } - 1]
    }

    /// What all kept states hold, in entries: what keeping them costs.
    var keptEntries: Int { kept.reduce(0) { $0 + $1.state.entries.count + $1.state.absent.count } }

    /// What stood there at a moment.
    func state(at moment: Moment, undoing undone: Set<ChangeEvent> = []) -> LaneState {
        state(before: place(behind: moment), undoing: undone)
    }

    /// The place of the first edit behind a moment.
    func place(behind moment: Moment) -> Int { Self.count(of: moments) { $0 <= moment } }

    /// The edits behind one moment up to another.
    func edits(after start: Moment, upTo end: Moment) -> ArraySlice<PolicyEdit> {
        let first = place(behind: start)
        return edits[first..<max(first, place(behind: end))]
    }

    /// Those of an event.
    func edits(of event: ChangeEvent) -> ArraySlice<PolicyEdit> {
        let end = place(behind: event.moment)
        var begin = end
        while begin > 0, edits[begin - 1].event == event { begin -= 1 }
        return edits[begin..<end]
    }

    /// The operation that puts back what stood there before an edit.
    func inverse(of place: Int) -> PolicyEdit.Operation {
        let before = state(before: place)
        switch edits[place].operation {
        case .set(let name, _), .remove(let name), .blur(let name): return .restore([name: before.entries[name]])
        case .removeStatement(let sid):
            return .restore(["sid:\(sid)": before.entries["sid:\(sid)"], "": before.entries[""]])
        case .replaceAll, .blurAll, .observe, .restore, .restoreAll: return .restoreAll(before)
        }
    }

    /// How many elements, of a list in which those that meet the condition come first, do so.
    private static func count<Element>(of list: [Element], _ holds: (Element) -> Bool) -> Int {
        var low = 0
        var high = list.count
        while low < high {
            let middle = low + (high - low) / 2
            if holds(list[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// What was made of the states at the places of a lane: groups of one principal ask for the same.
private final class Told: Sendable {
    private let made = Mutex<[(place: Int, made: any AnyObject & Sendable)]>([])
    /// How many places are kept.
    private static let placeLimit = 8

    func made(at place: Int) -> (any AnyObject & Sendable)? {
        made.withLock { made in
            for one in made where one.place == place { return one.made }
            return nil
        }
    }

    func keep(_ one: any AnyObject & Sendable, at place: Int) {
        made.withLock { made in
            if made.count == Self.placeLimit { made.removeFirst() }
            made.append((place, one))
        }
    }
}
