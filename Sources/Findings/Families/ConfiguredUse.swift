import AccessDenial
package import Causes
import IAMPolicy
import OrderedJSON
import PolicyTimeline
package import RecordedChanges
import TrailStore
package import Wording

/// Since when what runs under the refused role is configured to use what was refused: nobody changed a policy, the service makes a call
/// that it did not make before.
///
/// Sources: "Send Amazon ECS logs to CloudWatch", "Pass sensitive data to an Amazon ECS container" and "Task definition parameters" in
/// the Amazon ECS developer guide.
package struct ConfiguredUse {
    /// The first configuration that names both.
    package let change: TrailChange
    /// Where it names what was refused.
    private let option: String
    private let resource: String
    /// Whether it has the service create the log group.
    private let createsGroup: Bool

    /// `nil` where no configuration in the trail names both, where the call had worked since, and where AWS names another cause than a
    /// missing Allow.
    package init?(_ facts: GroupFacts) {
        guard facts.principal.kind == .role, facts.group.category == .authorization,
            facts.group.reason.effect != .explicit, [.identityBased, nil].contains(facts.group.reason.policyType),
            let resource = facts.refusedResources.first, let arn = ARN(resource)
        else { return nil }
        let named = facts.changes.lazy.compactMap { change -> (TrailChange, String)? in
            guard change.rule?.target == .workload, change.time <= facts.group.firstSeen,
                change.startingRole?.isSame(as: facts.principal) ?? false
                    || change.workloadRole?.isSame(as: facts.principal) ?? false
            else { return nil }
            return change.parameters.flatMap { Self.option(naming: arn, in: $0) }.map { (change, $0) }
        }.first
        guard let (change, option) = named, facts.lastSuccessBefore.map({ $0 < change.time }) ?? true else {
            return nil
        }
        self.change = change
        self.option = option
        self.resource = Self.group(arn) ?? resource
        createsGroup =
            facts.group.action == "logs:CreateLogGroup"
            && change.parameters.flatMap { Self.value(of: "awslogs-create-group", in: $0) } == "true"
    }

    /// Since when the call is made.
    package var story: Prose {
        "\(change.author.capitalised) called \(change.change.eventName) for \(change.workload) at \(time: change.time): since then it names \(resource) (\(option)), which is asked for with this role."
    }

    /// How to make the service call without what was refused; empty where nothing is known.
    package var without: Prose {
        createsGroup
            ? "Create the log group \(resource) beforehand, and leave \("awslogs-create-group") out of the definition."
            : ""
    }

    // MARK: - What a configuration names

    /// How deep a configuration is looked through.
    private static let depthLimit = 8

    /// The first member of a configuration that names a resource.
    private static func option(naming arn: ARN, in configuration: JSONValue) -> String? {
        search(configuration, depth: 0) { names(arn, $0, $1) }?.key
    }

    private static func value(of option: String, in configuration: JSONValue) -> String? {
        search(configuration, depth: 0) { key, _ in key == option }?.value
    }

    private typealias Option = (key: String, value: String)

    private static func search(_ value: JSONValue, key: String = "", depth: Int, _ holds: (String, String) -> Bool)
        -> Option?
    {
        switch value {
        case .string(let text): return holds(key, text) ? (key, text) : nil
        case .array(let elements) where depth < depthLimit:
            for element in elements {
                if let found = search(element, key: key, depth: depth + 1, holds) { return found }
            }
            return nil
        case .object(let members) where depth < depthLimit:
            for member in members {
                if let found = search(member.value, key: member.key, depth: depth + 1, holds) { return found }
            }
            return nil
        default: return nil
        }
    }

    /// Whether a member's value is this very resource: its ARN, of a secret with what of it is meant behind it, or its name where only a
    /// name of such a thing can stand.
    private static func names(_ arn: ARN, _ key: String, _ value: String) -> Bool {
        if value == arn.description || arn.service == "secretsmanager" && value.hasPrefix(arn.description + ":") {
            return true
        }
        return switch (arn.service, key) {
        case ("logs", "awslogs-group"), ("logs", "logGroupName"), ("logs", "logGroup"): value == group(arn)
        case ("ssm", "valueFrom"): "parameter/" + value.drop { $0 == "/" } == arn.resource
        case ("ecr", "image"): isImage(value, of: arn)
        default: false
        }
    }

    /// The name of a log group; `nil` for every other ARN.
    private static func group(_ arn: ARN) -> String? {
        let parts = arn.resource.split(separator: ":", omittingEmptySubsequences: false)
        return arn.service == "logs" && parts.count > 1 && parts[0] == "log-group" ? String(parts[1]) : nil
    }

    /// Whether an image lies in a repository.
    private static func isImage(_ image: String, of repository: ARN) -> Bool {
        guard repository.resource.hasPrefix("repository/") else { return false }
        let path =
            "\(repository.account).dkr.ecr.\(repository.region).amazonaws.com/\(repository.resource.dropFirst(11))"
        return image == path || image.hasPrefix(path + ":") || image.hasPrefix(path + "@")
    }
}
