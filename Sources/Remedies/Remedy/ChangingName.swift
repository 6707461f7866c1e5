import AccessDenial
import Causes
import IAMPolicy
import RecordedChanges

/// Resources whose names change from call to call: a grant on those that were refused would refuse the next one.
///
/// Sources: the resource types of the services in the service authorization reference.
enum ChangingName {
    /// The least resources that keep a call working when the names change; the resource itself where its name stays.
    package static func scopes(_ resource: String) -> [String] {
        guard let arn = ARN(resource), !arn.resource.contains("*") else { return [resource] }
        func same(_ resources: String...) -> [String] {
            resources.map { arn.with(resource: $0).description }
        }
        let parts = arn.resource.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let names = arn.resource.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        switch arn.service {
        // The application itself is what reads and edits it are on, and what lies under it has ids of its own.
        case "mobiletargeting" where parts.count > 1 && parts[0] == "apps":
            return parts.count == 2 ? same("apps/\(parts[1])", "apps/\(parts[1])/*") : same("apps/\(parts[1])/*")
        // Instances, volumes, snapshots and interfaces come and go; Regions, accounts and types stay.
        case "ec2" where parts.count == 2 && passing.contains(parts[0]): return same("\(parts[0])/*")
        case "s3" where parts.count > 1:
            // The key's folder, without the folders of days.
            let folders = parts.dropFirst().dropLast().prefix { !$0.allSatisfy(\.isNumber) }
            return same(([parts[0]] + folders + ["*"]).joined(separator: "/"))
        case "ses" where parts.count == 2 && parts[0] == "identity": return same("identity/*")
        case "lambda" where names.count >= 2 && names[0] == "function":
            return same("function:\(names[1])", "function:\(names[1]):*")
        case "secretsmanager":
            return arn.secretName.map { same("secret:\($0)-??????") } ?? [resource]
        case "dynamodb" where parts.count > 1 && parts[0] == "table":
            return same("table/\(parts[1])", "table/\(parts[1])/*")
        case "ecs" where parts.count == 3 && ["task", "container-instance", "task-set"].contains(parts[0]):
            return same("\(parts[0])/\(parts[1])/*")
        case "states" where names.count >= 3 && ["execution", "express"].contains(names[0]):
            return same("\(names[0]):\(names[1]):*")
        case "cloudformation" where parts.count == 3 && ["stack", "changeSet"].contains(parts[0]):
            return same("\(parts[0])/\(parts[1])/*")
        case "codebuild" where parts.count == 2 && parts[0] == "build":
            return same("build/\(parts[1].prefix { $0 != ":" }):*")
        case "ssm" where parts.count == 2 && parts[0] == "session": return same("session/*")
        case "events" where parts.count == 3 && parts[0] == "rule": return same("rule/\(parts[1])/*")
        // Streams come and go within their group.
        case "logs" where names.count >= 4 && names[0] == "log-group" && names[2] == "log-stream":
            return same("log-group:\(names[1]):*")
        // Ids of who joins what, made by the service.
        case "identitystore" where parts.count == 2 && ["membership", "user", "group"].contains(parts[0]):
            return same("\(parts[0])/*")
        // The endpoints of an application's devices.
        case "sns" where parts.count == 4 && parts[0] == "endpoint":
            return same("endpoint/\(parts[1])/\(parts[2])/*")
        default: return [resource]
        }
    }

    /// Kinds of EC2 whose members come and go.
    private static let passing: Set<String> = [
        "instance", "volume", "snapshot", "network-interface", "spot-instances-request", "fleet",
    ]
}
