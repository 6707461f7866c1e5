import AccessDenial
import IAMPolicy
import PolicyTimeline
package import RecordedChanges
import TrailStore

extension Standing {
    /// A Deny that came behind the last denial and refuses the requests as the archive ends, whatever allows them; `nil` where none does for
    /// certain, and where AWS names a Deny itself.
    package var laterDeny: (failing: Failing, change: TrailChange)? {
        guard facts.group.reason.effect != .explicit, let answer = first else { return nil }
        for trace in evaluation(answer, telling: .statementsOfAction).statements {
            guard trace.effect == .deny, trace.isValid, trace.matches == .yes,
                let policy = answer.state.policy(named: trace.policy, as: trace.type), policy.isCertain,
                let place = Place(policy, trace.type, trace.index),
                let change = [policy.source.event, facts.writing(policy)?.event].compactMap(\.self)
                    .compactMap(facts.trail.change).max(by: { $0.moment < $1.moment }),
                change.time > facts.group.lastSeen
            else { continue }
            return (Failing(trace: trace, place: place, request: answer.request, lines: []), change)
        }
        return nil
    }
}
