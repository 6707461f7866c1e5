import AccessDenial
import Causes
import IAMPolicy
import RecordedChanges
import TrailStore

/// Whether sessions of a role are those of one function or instance, by what the records of their calls tell.
///
/// A record names what the credentials were made for in `inScopeOf`. Where it does not, the session's name tells: Lambda calls a
/// session after the function, EC2 after the instance. Sources: "CloudTrail userIdentity element" in the CloudTrail user guide;
/// "AWS global condition context keys", `ec2:SourceInstanceARN` and `lambda:SourceFunctionArn`, in the IAM user guide.
enum WorkloadSession {
    /// Whether the refused calls surely came from something else than what the change gave the role to.
    static func isOfOther(than change: TrailChange, _ facts: GroupFacts) -> Bool {
        guard let name = change.workloadName, facts.principal == facts.caller else { return false }
        let service = change.change.eventSource.prefix { $0 != "." }
        let issuers = facts.group.issuingResources.compactMap { ARN($0.value) }
        if !issuers.isEmpty {
            return !issuers.contains {
                isSame($0, service: String(service), name: name, region: change.change.awsRegion)
            }
        }
        let sessions = facts.group.callers.compactMap { sessionName($0.value) }
        guard !sessions.isEmpty else { return false }
        switch service {
        case "lambda", "ec2": return !sessions.contains(name)
        // A session of ECS bears the id of its task, which no event of its definition knows.
        default: return false
        }
    }

    /// Whether credentials were made for the workload. Those of a task name the task, and not its definition.
    private static func isSame(_ issuer: ARN, service: String, name: String, region: String?) -> Bool {
        guard issuer.service == service, issuer.region.isEmpty || region == nil || issuer.region == region else {
            return false
        }
        switch service {
        case "lambda": return issuer.resource == "function:\(name)" || issuer.resource.hasPrefix("function:\(name):")
        case "ec2": return issuer.resource == "instance/\(name)"
        default: return true
        }
    }

    /// `report` of `arn:aws:sts::111122223333:assumed-role/billing/report`.
    private static func sessionName(_ caller: String) -> String? {
        guard let arn = ARN(caller), arn.service == "sts", arn.resource.hasPrefix("assumed-role/") else { return nil }
        return arn.resource.split(separator: "/").last.map(String.init)
    }
}
