import AccessDenial
package import Causes
import IAMPolicy
import RecordedChanges
import TrailStore
package import Wording

extension PolicyCommands {
    /// The commands that show the policies of a group's endpoints. They lie in the Region of the calls.
    package static func endpoints(_ facts: GroupFacts, limit: Int) -> [ShellCommand] {
        let regions = facts.group.regions
        return facts.group.vpcEndpointIds.prefix(limit).map {
            endpoint($0.value, region: regions.count == 1 ? regions[0].value : nil)
        }
    }

    /// What the principal's policies say of the refused call today.
    package static func simulation(_ facts: GroupFacts) -> [ShellCommand] {
        simulation(
            of: facts.principal, action: facts.group.action,
            on: facts.refusedResources.first { ARN($0) != nil } ?? RequestedResource.arn(facts))
    }
}

extension ResourcePolicyCommands {
    /// The commands for the refused resources of a group, else for the one that the request names; at most two.
    package static func show(_ facts: GroupFacts) -> [ShellCommand] {
        let refused = facts.refusedResources.compactMap { ARN($0) }
        let requested = refused.isEmpty ? RequestedResource.arn(facts).flatMap { ARN($0) } : nil
        let commands = (refused + [requested].compactMap(\.self)).compactMap(show)
        var shown: [ShellCommand] = []
        for command in commands where !shown.contains(command) { shown.append(command) }
        return Array(shown.prefix(2))
    }
}
