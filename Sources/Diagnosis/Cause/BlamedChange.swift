import PolicyTimeline
import TrailStore

/// A change that can be blamed for a refusal, and how surely.
struct BlamedChange {
    /// How a change is known to matter.
    enum Proof: Int {
        /// The text before and after it, or a Deny in it, proves it.
        case document
        /// The text after it lacks the Allow; the one before it is not known.
        case lacking
        /// The text is known, and conditions in it are not decided by the records.
        case conditional
        /// No text is known.
        case none
        /// What is known rather speaks against it.
        case weak
    }

    var change: TrailChange
    var direction: ChangeRule.Direction
    var confidence: Confidence
    /// 0 is this very principal; larger is farther away.
    var distance: Int
    var proof: Proof
    /// Whether a success followed so soon that the change need not have held yet.
    var isSettling = false
    /// Whether it took away what the resource's own policy allowed, while AWS names the identity-based policies.
    var isResourceLoss = false
    /// Where a workload got another role.
    var swap: RoleSwap?
    /// What undoing the change shows; `nil` where the timeline does not hold what it did.
    var counterfactual: Counterfactual?
}
