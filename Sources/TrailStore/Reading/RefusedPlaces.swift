/// The places of a denial group, indexed such that a success is compared with those that it may tell of in the time that one look-up
/// takes: a group may have as many places as its principal has successes.
struct RefusedPlaces {
    /// Places that a success is compared with at once.
    private struct List {
        /// The places, by the first second in which a success shows that the refusals there had ended.
        private let places: [(ends: Int64, index: Int)]
        /// Seconds between the first and the last denial of some place, merged, in order of time.
        private let refused: [ClosedRange<Int64>]
        /// For each number of places that had ended the first success of that moment; empty before the first success.
        private var firstSuccess: [Int64?] = []

        init(_ indices: [Int], of all: [DenialPlace]) {
            places = indices.map { index in
                let place = all[index]
                // Times are whole seconds: a success in the second of the last denial may be what followed it, unless that denial
                // is the only one.
                return (place.last > place.first ? place.last : place.last + 1, index)
            }.sorted { ($0.ends, $0.index) < ($1.ends, $1.index) }
            var merged: [ClosedRange<Int64>] = []
            let spans = indices.map { (from: all[$0].first + 1, to: all[$0].last - 1) }.filter { $0.from <= $0.to }
            for span in spans.sorted(by: { $0.from < $1.from }) {
                if let last = merged.last, span.from <= last.upperBound {
                    merged[merged.count - 1] = last.lowerBound...max(last.upperBound, span.to)
                } else {
                    merged.append(span.from...span.to)
                }
            }
            refused = merged
        }

        /// Whether some place was refused both before and after that second.
        func isRefused(around time: Int64) -> Bool {
            let next = refused.partitioningIndex { $0.lowerBound > time }
            return next > 0 && refused[next - 1].contains(time)
        }

        /// Takes notice of a success.
        mutating func add(_ time: Int64) {
            let ended = places.partitioningIndex { $0.ends > time }
            guard ended > 0 else { return }
            if firstSuccess.isEmpty { firstSuccess = Array(repeating: nil, count: places.count) }
            firstSuccess[ended - 1] = min(firstSuccess[ended - 1] ?? time, time)
        }

        /// Puts the first success after each place's last denial where it is the earliest known.
        func tell(_ healed: inout [Int64?]) {
            guard !firstSuccess.isEmpty else { return }
            var first: Int64?
            for (place, success) in zip(places, firstSuccess).reversed() {
                if let success { first = min(first ?? success, success) }
                guard let first else { continue }
                healed[place.index] = min(healed[place.index] ?? first, first)
            }
        }
    }

    private struct Near: Hashable {
        var region: Int64
        var account: Int64
    }

    private struct Key: Hashable {
        var near: Near
        var target: Int64
    }

    /// Which lists a success is compared with; gives them to ``isRefused(around:in:)`` and ``add(_:to:)``.
    enum Match {
        /// The call was in another account or Region.
        case elsewhere
        /// On what was refused.
        case same([Int])
        /// On what was refused or on something else: the records do not tell.
        case unplaced([Int])
        /// On something else.
        case other([Int])
    }

    private let count: Int
    private var lists: [List] = []
    private var near: [Near: Int] = [:]
    private var byTarget: [Key: Int] = [:]
    private var byWhole: [Key: Int] = [:]

    init(_ places: [DenialPlace]) {
        count = places.count
        func place(_ index: Int) -> Near { Near(region: places[index].region, account: places[index].account) }
        add(Dictionary(grouping: places.indices, by: place), places, to: \.near)
        let known = places.indices.filter { places[$0].target != 0 }
        add(
            Dictionary(grouping: places.indices) { Key(near: place($0), target: places[$0].target) }, places,
            to: \.byTarget)
        add(
            Dictionary(grouping: known) { Key(near: place($0), target: TargetNumber.whole(places[$0].target)) }, places,
            to: \.byWhole)
    }

    private mutating func add<Name: Hashable>(
        _ groups: [Name: [Int]], _ places: [DenialPlace], to index: WritableKeyPath<Self, [Name: Int]>
    ) {
        for (name, indices) in groups {
            self[keyPath: index][name] = lists.count
            lists.append(List(indices, of: places))
        }
    }

    /// The places that a success may tell of.
    ///
    /// Two targets may be the same where one is unknown, or both are in one bucket: a policy that covers one object as a rule covers
    /// more.
    ///
    /// - Parameter tells: whether the target's number says what the call was on.
    func match(region: Int64, account: Int64, target: Int64, tells: Bool) -> Match {
        let place = Near(region: region, account: account)
        guard let all = near[place] else { return .elsewhere }
        if tells, let equal = byTarget[Key(near: place, target: target)] { return .same([equal]) }
        if target == 0 { return .unplaced([all]) }
        let possible = [
            byWhole[Key(near: place, target: TargetNumber.whole(target))], byTarget[Key(near: place, target: 0)],
        ].compactMap(\.self)
        return possible.isEmpty ? .other([all]) : .unplaced(possible)
    }

    /// Whether some place of the lists was refused both before and after that second.
    func isRefused(around time: Int64, in lists: [Int]) -> Bool {
        lists.contains { self.lists[$0].isRefused(around: time) }
    }

    /// Takes notice of a success at the places of the lists.
    mutating func add(_ time: Int64, to lists: [Int]) {
        for list in lists { self.lists[list].add(time) }
    }

    /// For each place the first success after its last denial: on what was refused, and on what may have been.
    var healed: (same: [Int64?], unplaced: [Int64?]) {
        var same = [Int64?](repeating: nil, count: count)
        var unplaced = same
        for (key, list) in byTarget {
            // Where nothing is known of the target, the list serves both; see ``match(region:account:target:tells:)``.
            if key.target == 0 { lists[list].tell(&unplaced) } else { lists[list].tell(&same) }
        }
        for list in near.values { lists[list].tell(&unplaced) }
        for list in byWhole.values { lists[list].tell(&unplaced) }
        return (same, unplaced)
    }
}

extension Array {
    /// The first index whose element belongs to the second part, where all such elements follow all others.
    func partitioningIndex(_ belongsToSecondPart: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if belongsToSecondPart(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
