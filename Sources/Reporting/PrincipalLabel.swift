import Diagnosis
import RecordedChanges
import Wording

/// A principal's short name for headings.
enum PrincipalLabel {
    static func prose(_ arn: String) -> Prose {
        let isPlain = VisibleText.isPlain(arn)
        let parts = arn.parts(partedBy: ":", maxSplits: 5, isPlain: isPlain)
        guard parts.count == 6, parts[0] == "arn" else { return NamelessCaller(arn)?.shown ?? "\(arn)" }
        let path = parts[5].parts(partedBy: "/", isPlain: isPlain).filter { !$0.isEmpty }
        guard let kind = path.first, let name = path.last, path.count > 1 else {
            return parts[5] == "root" ? "the root user of \(String(parts[4]))" : "\(arn)"
        }
        switch kind {
        case "role": return "role \(String(name))"
        case "assumed-role": return "role \(String(path[1]))"
        case "user": return "user \(String(name))"
        case "federated-user": return "federated user \(String(name))"
        default: return "\(arn)"
        }
    }

    /// The name alone, for columns: a role's or user's last part, a service's host, else the ARN.
    static func short(_ arn: String) -> String {
        let isPlain = VisibleText.isPlain(arn)
        let parts = arn.parts(partedBy: ":", maxSplits: 5, isPlain: isPlain)
        guard parts.count == 6, parts[0] == "arn" else { return NamelessCaller(arn)?.short ?? arn }
        let path = parts[5].parts(partedBy: "/", isPlain: isPlain).filter { !$0.isEmpty }
        guard path.count > 1, let name = path.last else { return parts[5] == "root" ? "root" : arn }
        return String(path[0] == "assumed-role" ? path[1] : name)
    }
}
