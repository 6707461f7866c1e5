import AccessDenial
import IAMPolicy
package import RecordedChanges
import TrailStore

/// A call of one stage on what is another stage's, as names tell.
package struct StageMix {
    /// The stage of the caller.
    package var ownStage: String
    /// The stage of everything that was refused.
    package var stage: String
    /// The like-named principal of that stage, which succeeds with the action.
    package var owner: PrincipalName
    /// How often it did.
    package var successes: Int

    /// `nil` where names tell no two stages, or no like-named principal of the other one succeeded.
    package init?(_ facts: GroupFacts) {
        let caller = facts.caller
        guard caller.kind == .role || caller.kind == .user else { return nil }
        let own = Stage.named(in: caller.name)
        guard own.count == 1, let ownStage = own.first else { return nil }
        let stages = Set(facts.refusedResources.map { Stage.named(in: ARN($0)?.resource ?? $0) })
        guard stages.count == 1, let all = stages.first, all.count == 1, let stage = all.first, stage != ownStage,
            !caller.stagelessName.isEmpty
        else { return nil }
        let stageless = caller.stagelessName
        let owners = facts.actionUsage.successes(ofNamesLike: caller).filter {
            $0.stagelessName == stageless && Stage.named(in: $0.principal.name) == [stage]
        }
        guard let first = owners.first else { return nil }
        self.ownStage = ownStage
        self.stage = stage
        owner = first.principal
        successes = owners.filter { $0.usage.principal == first.usage.principal }.reduce(0) {
            $0 + $1.usage.successes
        }
    }
}
