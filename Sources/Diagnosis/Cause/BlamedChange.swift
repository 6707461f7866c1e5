import PolicyTimeline
import RecordedChanges
import TrailStore

/// A change that can be blamed for a refusal, and how surely.
struct BlamedChange {
    var change: TrailChange
    var direction: ChangeRule.Direction
    var confidence: Confidence
    /// 0 is this very principal; larger is farther away.
    var distance: Int
    /// Whether what is known rather speaks against it.
    var isDoubtful = false
    /// Whether a success followed so soon that the change need not have held yet.
    var isSettling = false
    /// Whether it took away what the resource's own policy allowed, while AWS names the identity-based policies: within one account
    /// either side may allow alone.
    var isResourceLoss = false
    /// Where a workload got another role.
    var swap: RoleSwap?
    /// What undoing the change shows; `nil` where a workload got another role.
    var counterfactual: Counterfactual?

    /// How little proves it: 0 is what undoing it shows for certain.
    var doubt: Int { isDoubtful ? 4 : counterfactual?.verdict.doubt ?? 3 }
    /// Whether undoing it turns the answer.
    var isProven: Bool { counterfactual?.isDecisive ?? false }
}
