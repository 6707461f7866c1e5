/// What the archive tells of a trail around the end of its digests.
struct TrailStops {
    /// The last call that made the trail stop delivering digests.
    private(set) var explanation: Verification.Explanation?
    /// The last call that made it deliver fewer events; its digests go on.
    private(set) var also: Verification.Explanation?

    /// Seconds before the end within which a call takes effect: the last digest covers up to an hour, and is delivered late.
    private static let before: Int64 = 7200
    /// Seconds behind the end: a call is delivered some minutes after it was made.
    private static let behind: Int64 = 900

    /// Looks through `changes`, the earliest first.
    init(_ changes: [TrailChange], _ chain: DigestChain, before end: Int64) {
        let first = Self.first(of: changes, from: end - Self.before)
        for change in changes[first...].prefix(while: { $0.time <= end + Self.behind })
        where Self.concerns(change, chain) {
            if change.eventName == "PutEventSelectors" {
                also = Verification.Explanation(change: change)
            } else {
                explanation = Verification.Explanation(change: change)
            }
        }
    }

    /// The place of the first change from `time` on: chains may have many holes, and archives many changes.
    private static func first(of changes: [TrailChange], from time: Int64) -> Int {
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle].time < time { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Whether a call names the chain's own trail. An organization's trail belongs to the management account.
    private static func concerns(_ change: TrailChange, _ chain: DigestChain) -> Bool {
        change.trail == chain.trail && change.homeRegion == chain.homeRegion
            && (change.account == chain.account || !chain.organization.isEmpty)
    }
}

extension Verification {
    /// Says of each explanation how far the log file that tells it can be believed.
    mutating func nameWitnesses() {
        let witnesses = Set(
            chains.flatMap { [$0.endExplanation] + $0.holes.flatMap { [$0.explanation, $0.also] } }.compactMap {
                $0?.change.path
            })
        if witnesses.isEmpty { return }
        var states: [String: FileState] = [:]
        for file in files {
            let path = file.path.displayName
            if witnesses.contains(path) { states[path] = file.state }
        }
        func name(_ explanation: inout Explanation?) {
            guard let path = explanation?.change.path else { return }
            explanation?.witness = states[path]
        }
        for index in chains.indices {
            name(&chains[index].endExplanation)
            for hole in chains[index].holes.indices {
                name(&chains[index].holes[hole].explanation)
                name(&chains[index].holes[hole].also)
            }
        }
    }
}
