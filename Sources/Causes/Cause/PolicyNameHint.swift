import IAMPolicy
import TrailStore

/// What the name of a policy of AWS's tells about a service, where its text is not known.
package enum PolicyNameHint {
    case denies, cannotAllow, sameService, otherService

    /// `nil` for a policy that AWS does not manage: its name is the customer's and tells nothing.
    package init?(ofPolicy arn: String, _ facts: GroupFacts) {
        guard let parsed = ARN(arn), parsed.account == "aws" else { return nil }
        let name = parsed.name.lowercased()
        if name.contains("deny") || name.contains("quarantine") {
            self = .denies
            return
        }
        if name.contains("readonly"), !Self.reads.contains(where: facts.operation.hasPrefix) {
            self = .cannotAllow
            return
        }
        let service = facts.servicePrefix
        let words = Self.words[service] ?? [service.replacing("-", with: "")]
        self = words.contains { name.contains($0) } ? .sameService : .otherService
    }

    /// How the names of operations begin that may be reads.
    private static let reads = [
        "Get", "List", "Describe", "Head", "Search", "Lookup", "Batch", "Query", "Scan", "Start",
    ]

    /// What AWS calls a service in policy names, where that is not IAM's prefix.
    private static let words: [String: [String]] = [
        "mobiletargeting": ["pinpoint", "mobiletargeting", "endusermessaging"],
        "sms-voice": ["smsvoice", "pinpoint", "endusermessaging"],
        "social-messaging": ["socialmessaging", "endusermessaging"],
        "logs": ["cloudwatch", "logs", "basicexecution"],
        "cloudwatch": ["cloudwatch"],
        "dynamodb": ["dynamodb"],
        "secretsmanager": ["secretsmanager"],
        "elasticfilesystem": ["elasticfilesystem", "efs"],
        "states": ["stepfunctions"],
        "execute-api": ["apigateway"],
    ]
}
