import AccessDenial
import IAMPolicy
import TrailStore
import Wording

extension PolicyCommands {
    /// The commands that show the policies of a group's endpoints. They lie in the Region of the calls.
    static func endpoints(_ facts: GroupFacts, limit: Int) -> [ShellCommand] {
        let regions = facts.group.regions
        return facts.group.vpcEndpointIds.prefix(limit).map {
            endpoint($0.value, region: regions.count == 1 ? regions[0].value : nil)
        }
    }

    /// What the principal's policies say of the refused call today.
    static func simulation(_ facts: GroupFacts) -> [ShellCommand] {
        simulation(
            of: facts.principal, action: facts.group.action,
            on: facts.refusedResources.first { ARN($0) != nil } ?? RequestedResource.arn(facts))
    }
}
