package import PolicyTimeline
package import RecordedChanges
import TrailStore

/// A change that can be blamed for a refusal, and how surely.
package struct BlamedChange {
    package var change: TrailChange
    package var direction: ChangeRule.Direction
    package var confidence: Confidence
    /// 0 is this very principal; larger is farther away.
    package var distance: Int
    /// Whether what is known rather speaks against it.
    package var isDoubtful = false
    /// Whether a success followed so soon that the change need not have held yet.
    package var isSettling = false
    /// Whether it took away what the resource's own policy allowed, while AWS names the identity-based policies: within one account
    /// either side may allow alone.
    package var isResourceLoss = false
    /// Where a workload got another role.
    package var swap: RoleSwap?
    /// What undoing the change shows; `nil` where a workload got another role.
    package var counterfactual: Counterfactual?

    package init(
        change: TrailChange, direction: ChangeRule.Direction, confidence: Confidence, distance: Int,
        isDoubtful: Bool = false, isSettling: Bool = false, isResourceLoss: Bool = false, swap: RoleSwap? = nil,
        counterfactual: Counterfactual? = nil
    ) {
        self.change = change
        self.direction = direction
        self.confidence = confidence
        self.distance = distance
        self.isDoubtful = isDoubtful
        self.isSettling = isSettling
        self.isResourceLoss = isResourceLoss
        self.swap = swap
        self.counterfactual = counterfactual
    }

    /// How little proves it: 0 is what undoing it shows for certain.
    package var doubt: Int { isDoubtful ? 4 : counterfactual?.verdict.doubt ?? 3 }
    /// Whether undoing it turns the answer.
    package var isProven: Bool { counterfactual?.isDecisive ?? false }
}
