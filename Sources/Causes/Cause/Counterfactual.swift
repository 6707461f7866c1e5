import IAMPolicy
package import PolicyTimeline
import RecordedChanges

/// What becomes of a group's calls without some events.
package struct Counterfactual {
    /// What undoing them shows.
    package enum Verdict: Hashable {
        /// Without them the policies allow, or do not deny, what AWS refused; `isExact` where the very texts are known.
        case decisive(isExact: Bool)
        /// What they took, or brought, fits but for conditions or variables that the records do not decide.
        case conditional
        /// What must allow by itself does not any more, or never did; what stood there before is not known.
        case lacking
        /// A policy came or went, or was another one, whose text is not known; its name where it has one.
        case untold(policy: String)
        /// What may or may not have stood there before was written over.
        case overwritten
        /// A policy allows the call all the same; `isOwn` where it is the one that was edited.
        case stillAllowed(policy: String, isOwn: Bool)
        /// They make no difference to the calls.
        case innocent

        /// How little it proves: 0 is what turns the answer for certain, 3 what nothing but the events themselves tells.
        package var doubt: Int {
            switch self {
            case .decisive: 0
            case .lacking: 1
            case .conditional: 2
            case .untold, .overwritten, .stillAllowed, .innocent: 3
            }
        }
    }

    /// The first of the events that were undone: the one that brought it about.
    package var event: ChangeEvent
    /// All that were undone together, that one first.
    package var undone: [ChangeEvent]
    /// The lane that they edited.
    package var lane: LaneName
    /// What was asked.
    package var question: Replay.Question
    package var verdict: Verdict
    /// The statements that decide: those that went, or those that came.
    package var statements: [Replay.Owned] = []
    /// Whether events of several policies turn the answer together, and none alone.
    package var isJoint = false

    /// Whether undoing them turns the answer for certain.
    package var isDecisive: Bool {
        switch verdict {
        case .decisive: true
        case .conditional, .lacking, .untold, .overwritten, .stillAllowed, .innocent: false
        }
    }
}
