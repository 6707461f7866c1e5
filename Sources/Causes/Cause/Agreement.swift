import AccessDenial
import IAMPolicy
import PolicyTimeline
import RecordedCalls
import RecordedChanges
import TrailStore
package import Wording

/// Whether what AWS did and what the replay says of the same calls go together.
///
/// AWS's stated reason fixes the refusal, a success fixes what was allowed. Where the replay says otherwise of either, a policy decided
/// that is not in the archive, or one that is in it was another one: then nothing is proven by evaluation.
package enum Agreement: Sendable, Hashable {
    /// Nothing contradicts.
    case agrees
    /// AWS says that no policy of the type allows the calls, and one allows them by its text, or that one denies them, and all are
    /// known and none does.
    case refusedOtherwise(policy: Prose?)
    /// AWS let a call pass that the policies refuse as they stood.
    case allowedOtherwise(at: String)

    init(_ facts: GroupFacts) {
        self = .agrees
        let replay = Replay(facts)
        guard facts.group.reason.effect != .unstated, let question = replay.questions.first else { return }
        let asked = replay.policies(question, in: facts.scene.view)
        // Where nothing is known nothing contradicts.
        guard !asked.placed.isEmpty || asked.isComplete else { return }
        if let policy = Self.refused(question, asked, replay) {
            self = .refusedOtherwise(policy: policy.plain.isEmpty ? nil : policy)
        } else if let success = Self.allowed(question, replay) {
            self = .allowedOtherwise(at: success)
        }
    }

    /// What it means; empty where nothing contradicts.
    package func story(_ facts: GroupFacts) -> Prose {
        switch self {
        case .agrees: ""
        case .refusedOtherwise(let policy?):
            "By its text in the trail \(policy) allows the call, so a policy that is not in this archive decided, or this one was another one by then."
        case .refusedOtherwise(nil):
            "None of the policies that the trail shows denies the call, so a policy that is not in this archive decided."
        case .allowedOtherwise(let time):
            "By the policies that the trail shows the call should have been refused at \(time: time), too, when it succeeded, so a policy that is not in this archive decided."
        }
    }

    /// What contradicts AWS's reason: the policy that allows, or an empty one where none denies.
    private static func refused(_ question: Replay.Question, _ asked: Replay.Asked, _ replay: Replay) -> Prose? {
        let placed = asked.placed.filter {
            $0.held.isExact && $0.held.text != .unknown && replay.hasSettled($0.held)
        }
        let requests = replay.facts.scene.requests
        guard !requests.isEmpty else { return nil }
        switch question.effect {
        // Each level must allow, and few are known.
        case .allow where replay.isOfOrganization: return nil
        case .allow:
            return placed.first { one in
                requests.allSatisfy { $0.isResourceKnown && replay.answer(question, [one], on: $0) == .yes }
            }.map { one in
                one.type != .identityBased
                    ? "the \(words: one.type.words)"
                    : one.held.name.isEmpty ? "the inline policy" : "policy \(one.held.name)"
            }
        case .deny:
            let isKnown = asked.isComplete && asked.placed.allSatisfy { $0.held.isCertain && $0.held.text != .unknown }
            guard isKnown, placed.count == asked.placed.count else { return nil }
            let boundary = replay.facts.scene.view.state.principal?.boundary.holdsOne
            return requests.allSatisfy { replay.answer(question, placed, on: $0, hasBoundary: boundary) == .no }
                ? "" : nil
        }
    }

    /// When AWS last let a call on what was refused pass that the policies refused, then and some minutes before.
    private static func allowed(_ question: Replay.Question, _ replay: Replay) -> String? {
        let facts = replay.facts
        let success = facts.requests.succeeded.last {
            $0.isOnRefusedResource && $0.observed.eventTime < facts.group.firstSeen
        }
        guard let success, let time = Timestamp.seconds(success.observed.eventTime) else { return nil }
        let moments = [success.observed.moment, .at(Timestamp.text(time - Int64(TimeSpan.settling)))]
        let isRefused = moments.allSatisfy { moment in
            let view = replay.view(at: moment)
            let asked = replay.policies(question, in: view)
            let request = success.observed.request(in: view.state)
            let placed = asked.placed.filter(\.held.isExact)
            let answer = replay.answer(question, placed, on: request)
            switch question.effect {
            case .deny: return answer == .yes
            case .allow:
                let isKnown =
                    asked.isComplete
                    && asked.placed.allSatisfy { $0.held.isCertain && $0.held.isExact && $0.held.text != .unknown }
                return isKnown && !asked.placed.isEmpty && answer == .no
            }
        }
        return isRefused ? success.observed.eventTime : nil
    }
}

extension Replay {
    /// `2026-11-12T14:02:48Z`
    private static let timeLength = 20

    /// Whether a policy was there long enough to have held at the last denial.
    func hasSettled(_ held: HeldPolicy) -> Bool {
        guard case .event(let event) = held.source else { return true }
        // Times in the form in which CloudTrail writes them are in order as texts are.
        if event.eventTime.utf8.count == Self.timeLength, event.eventTime < facts.settledBefore {
            return true
        }
        return TimeSpan.seconds(from: event.eventTime, to: facts.group.lastSeen)
            > TimeSpan.settling
    }
}
