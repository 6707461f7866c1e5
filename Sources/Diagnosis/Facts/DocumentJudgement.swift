import AccessDenial
import IAMPolicy
import TrailStore

/// What one policy document alone says about a refused request.
enum DocumentJudgement {
    /// Whether it does: conditions that a log cannot decide leave it open.
    enum Answer { case yes, no, maybe }

    /// Whether an Allow statement covers the action on every refused resource (on any, where none is known).
    static func allows(_ document: PolicyDocument, _ facts: GroupFacts) -> Answer {
        let matching = document.statements.filter {
            $0.effect == .allow && $0.matchesAction(facts.group.action) && names($0, facts.group.principal)
        }
        guard !matching.isEmpty else { return .no }
        let resources = facts.refusedResources
        let covering = matching.filter { statement in
            resources.isEmpty || resources.allSatisfy { statement.matchesResource($0) }
        }
        if covering.contains(where: { $0.conditions.isEmpty }) { return .yes }
        let holdsVariable = matching.contains { $0.resources?.patterns.contains(where: \.holdsVariable) ?? false }
        return covering.isEmpty && !holdsVariable ? .no : .maybe
    }

    /// Whether a Deny statement matches the action and a refused resource. Conditions are taken as met: AWS did refuse.
    static func denies(_ document: PolicyDocument, _ facts: GroupFacts) -> Bool {
        let resources = facts.refusedResources
        return document.statements.contains { statement in
            statement.effect == .deny && statement.matchesAction(facts.group.action)
                && names(statement, facts.group.principal)
                && (resources.isEmpty || resources.contains { statement.matchesResource($0) })
        }
    }

    /// Whether a document speaks of the action's service at all.
    static func mentionsService(_ document: PolicyDocument, _ facts: GroupFacts) -> Bool {
        document.statements.contains { statement in
            statement.actions.patterns.contains { pattern in
                guard let prefix = pattern.prefix else { return true }
                return prefix == facts.servicePrefix || prefix.contains("*")
                    || PolicyDocuments.wrongPrefixes[prefix] == facts.servicePrefix
            }
        }
    }

    private static func names(_ statement: Statement, _ principal: String) -> Bool {
        switch statement.principals {
        case .matching(let list)?: list.contains { $0.names(principal) }
        case .exceptMatching(let list)?: !list.contains { $0.names(principal) }
        case nil: true
        }
    }

    /// What the name of an AWS managed policy tells about a service, its text not being in the trail.
    enum NameHint { case denies, broad, sameService, otherService }

    /// `nil` for a policy that AWS does not manage: its name is the customer's and tells nothing.
    static func hint(ofPolicy arn: String, _ facts: GroupFacts) -> NameHint? {
        guard let parsed = ARN(arn), parsed.account == "aws" else { return nil }
        let name = parsed.name.lowercased()
        if name.contains("deny") || name.contains("quarantine") { return .denies }
        if broadPolicies.contains(parsed.name) { return .broad }
        let words = serviceWords[facts.servicePrefix] ?? [facts.servicePrefix.replacing("-", with: "")]
        return words.contains { name.contains($0) } ? .sameService : .otherService
    }

    private static let broadPolicies: Set<String> = [
        "AdministratorAccess", "PowerUserAccess", "ReadOnlyAccess", "ViewOnlyAccess", "SecurityAudit",
        "SystemAdministrator",
        "SupportUser", "NetworkAdministrator", "DatabaseAdministrator", "DataScientist", "Billing",
    ]

    /// What AWS calls a service in policy names, where that is not IAM's prefix.
    private static let serviceWords: [String: [String]] = [
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
