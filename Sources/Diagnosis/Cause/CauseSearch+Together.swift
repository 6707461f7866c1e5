import IAMPolicy
import PolicyTimeline
import TrailStore

/// Edits of several policies that matter together, and whether what one does is proven by all policies together.
extension CauseSearch {
    /// How many chains are looked at together, the nearest to the first denial.
    private static let chainLimit = 12

    /// What was found of each chain, with those edits in the place of theirs that turn the answer together and none alone; `nil` where
    /// there are none.
    func together(
        _ chains: [Chain: [PolicyEdit]], _ question: Replay.Question, beside single: [Counterfactual]
    ) -> [Counterfactual]? {
        // AWS says which one it is, and names one at a time.
        guard chains.count > 1, replay.named.isEmpty,
            !single.contains(where: { $0.isDecisive && flips(Set($0.undone), question) })
        else { return nil }
        // IAM deletes a policy only once nobody has it: what is detached is told, and not the deletion.
        let near = chains.filter { $0.value.last?.event?.name != .deletePolicy }.sorted {
            ($0.value.last?.moment ?? .at(""), $0.key) > ($1.value.last?.moment ?? .at(""), $1.key)
        }
        .prefix(Self.chainLimit)
        var parts = near.map { chain, edits in
            (chain: chain, events: Set(edits.suffix(Self.editLimit).compactMap(\.event)))
        }
        func undone(_ parts: some Sequence<(chain: Chain, events: Set<ChangeEvent>)>) -> Set<ChangeEvent> {
            parts.reduce(into: []) { $0.formUnion($1.events) }
        }
        guard flips(undone(parts), question) else { return nil }
        // Leave out what is not needed, the farthest first; of what is needed the latest edits may do.
        for part in parts.reversed() {
            let rest = parts.filter { $0.chain != part.chain }
            if flips(undone(rest), question) { parts = rest }
        }
        for index in parts.indices {
            let edits = (chains[parts[index].chain] ?? []).compactMap(\.event)
            for count in 1..<max(edits.count, 1) {
                var fewer = parts
                fewer[index].events = Set(edits.suffix(count))
                if flips(undone(fewer), question) {
                    parts = fewer
                    break
                }
            }
        }
        let events = undone(parts).sorted { $0.moment < $1.moment }
        guard parts.count > 1, let last = events.last, let lane = parts.first(where: { $0.events.contains(last) })
        else { return nil }
        let statements = replay.read(replay.policies(question, in: view).placed).statements
        let joint = Counterfactual(
            event: last, undone: events, lane: lane.chain.lane, question: question,
            verdict: .decisive(isExact: statements.allSatisfy(\.isExact)), isJoint: true)
        let taken = Set(events)
        return [joint] + single.filter { taken.isDisjoint(with: $0.undone) }
    }

    /// A counterfactual that is called exact only where undoing it turns the answer of all policies together.
    func proven(_ found: Counterfactual, _ question: Replay.Question) -> Counterfactual {
        guard case .decisive(isExact: true) = found.verdict, found.lane.kind != .groups, !found.statements.isEmpty,
            replay.named.isEmpty, !flips(Set(found.undone), question)
        else { return found }
        var found = found
        found.verdict = .decisive(isExact: false)
        return found
    }

    /// Whether the policies that are known allow, or do not deny, a call without some events, and do not allow, or deny, it with them.
    private func flips(_ undone: Set<ChangeEvent>, _ question: Replay.Question) -> Bool {
        let before = replay.policies(question, in: replay.view(at: denial, undoing: undone)).placed
        let after = replay.policies(question, in: view).placed.filter {
            question.effect == .deny || replay.hasSettled($0.held)
        }
        return requests.contains { request in
            let (old, new) = (replay.answer(question, before, on: request), replay.answer(question, after, on: request))
            return question.effect == .allow ? old == .yes && new != .yes : old == .no && new == .yes
        }
    }
}
