import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore

/// Edits of several policies that matter together, and whether what one does is proven by all policies together.
extension CauseSearch {
    /// How many chains are looked at together, the nearest to the first denial.
    private static let chainLimit = 12
    /// How many counterfactuals are proven by all policies together, the nearest to the first denial.
    private static let proofLimit = 100

    /// What was found of each chain, with those edits in the place of theirs that turn the answer together and none alone; `nil` where
    /// there are none.
    package func together(
        _ lines: [Line], _ whole: Replay.Whole, beside single: [Counterfactual],
        _ flipping: [Int: Bool]
    ) -> [Counterfactual]? {
        // AWS says which one it is, and names one at a time.
        guard lines.count > 1, replay.named.isEmpty, flipping.isEmpty else { return nil }
        // IAM deletes a policy only once nobody has it: what is detached is told, and not the deletion.
        let near = Self.nearest(Self.chainLimit, of: lines) {
            $0.chain.lane.holdsPolicies && $0.edits.last?.event?.name != .deletePolicy
        }.filter {
            // What says nothing of the calls turns nothing.
            lines[$0].speech == .mayMatter
        }
        guard !near.isEmpty else { return nil }
        var parts = near.map { place in
            let all = lines[place].edits.compactMap(\.event)
            return (chain: lines[place].chain, all: all, undone: Set(all.suffix(Self.editLimit)))
        }
        func undone(_ parts: some Sequence<(chain: EditChain, all: [ChangeEvent], undone: Set<ChangeEvent>)>)
            -> Set<ChangeEvent>
        {
            parts.reduce(into: []) { $0.formUnion($1.undone) }
        }
        guard flips(undone(parts), whole) else { return nil }
        // Leave out what is not needed, the farthest first; of what is needed the latest edits may do.
        for part in parts.reversed() {
            let rest = parts.filter { $0.chain != part.chain }
            if flips(undone(rest), whole) { parts = rest }
        }
        for index in parts.indices {
            for count in 1..<max(parts[index].all.count, 1) {
                var fewer = parts
                fewer[index].undone = Set(parts[index].all.suffix(count))
                if flips(undone(fewer), whole) {
                    parts = fewer
                    break
                }
            }
        }
        let events = undone(parts).sorted { $0.moment < $1.moment }
        guard parts.count > 1, let last = events.last, let lane = parts.first(where: { $0.undone.contains(last) })
        else { return nil }
        let joint = Counterfactual(
            event: last, undone: events, lane: lane.chain.lane, question: whole.question,
            verdict: .decisive(isExact: whole.isExact), isJoint: true)
        let taken = Set(events)
        return [joint] + single.filter { taken.isDisjoint(with: $0.undone) }
    }

    /// Counterfactuals of which those are called exact only that turn the answer of all policies together.
    package func proven(_ single: [Counterfactual], _ flipping: [Int: Bool]) -> [Counterfactual] {
        guard replay.named.isEmpty else { return single }
        return single.enumerated().map { index, found in
            guard case .decisive(isExact: true) = found.verdict, found.lane.kind != .groups,
                !found.statements.isEmpty, flipping[index] != true
            else { return found }
            var found = found
            found.verdict = .decisive(isExact: false)
            return found
        }
    }

    /// The places of those decisive counterfactuals that turn the answer, and whether they turn it of all policies together.
    ///
    /// Of an organization's Denies those count that bind the account for certain: what stands at a unit of which nobody knows whether
    /// the account is in it hides no cause, though it keeps one from being proven.
    func flipping(_ single: [Counterfactual], _ whole: Replay.Whole) -> [Int: Bool] {
        // Of a policy that AWS names it is not asked what the others say.
        guard replay.named.isEmpty else { return [:] }
        let decisive = single.indices.filter { single[$0].isDecisive }.sorted {
            (single[$0].event.moment, $0) > (single[$1].event.moment, $1)
        }
        let isPlaced = !replay.isOfOrganization || whole.question.effect == .allow || replay.place(in: view).isComplete
        let certain = isPlaced ? nil : Set(replay.above(replay.boundAccount, in: view).map(\.name))
        var flipping: [Int: Bool] = [:]
        for place in decisive.prefix(Self.proofLimit) {
            // What policies look at changes the calls, and has been asked of all of them.
            guard single[place].lane.holdsPolicies else {
                flipping[place] = true
                continue
            }
            let difference = replay.difference(undoing: Set(single[place].undone), at: denial, in: whole)
            if difference.flips() {
                flipping[place] = true
            } else if let certain, difference.flips(at: certain) {
                flipping[place] = false
            }
        }
        return flipping
    }

    private func flips(_ undone: Set<ChangeEvent>, _ whole: Replay.Whole) -> Bool {
        replay.difference(undoing: undone, at: denial, in: whole).flips()
    }
}
