import AccessDenial
import IAMPolicy
import TrailStore

/// What one policy document alone says about a refused request.
enum DocumentJudgement {
    /// Whether it does: conditions that a log cannot decide leave it open.
    enum Answer { case yes, no, maybe }

    /// Whether a document allows the call for certain: where AWS named no resource, on all.
    static func surelyAllows(_ document: PolicyDocument, _ facts: GroupFacts) -> Bool {
        guard allows(document, facts) == .yes else { return false }
        return !facts.refusedResources.isEmpty || allowing(document, facts).contains { $0.matchesResource("*") }
    }

    /// Whether an Allow statement covers the action on every refused resource (on any, where none is known).
    static func allows(_ document: PolicyDocument, _ facts: GroupFacts) -> Answer {
        allows(document, facts, on: facts.refusedResources)
    }

    /// Whether an Allow statement covers the action on each of some resources.
    static func allows(_ document: PolicyDocument, _ facts: GroupFacts, on resources: [String]) -> Answer {
        let matching = document.statements.filter {
            $0.effect == .allow && $0.matchesAction(facts.group.action) && names($0, facts)
        }
        guard !matching.isEmpty else { return .no }
        let covering = allowing(document, facts, on: resources)
        let verdicts = covering.map { ConditionJudgement.verdict($0, facts) }
        if verdicts.contains(.met) { return .yes }
        let holdsVariable = matching.contains { $0.resources?.patterns.contains(where: \.holdsVariable) ?? false }
        return verdicts.allSatisfy { $0 == .unmet } && !holdsVariable ? .no : .maybe
    }

    /// The Allow statements that cover the action on every refused resource, be their conditions met or not.
    static func allowing(_ document: PolicyDocument, _ facts: GroupFacts) -> [Statement] {
        allowing(document, facts, on: facts.refusedResources)
    }

    /// The Allow statements that cover the action on each of some resources, be their conditions met or not.
    static func allowing(_ document: PolicyDocument, _ facts: GroupFacts, on resources: [String]) -> [Statement] {
        document.statements.filter { statement in
            statement.effect == .allow && statement.matchesAction(facts.group.action)
                && names(statement, facts)
                && (resources.isEmpty || resources.allSatisfy { statement.matchesResource($0) })
        }
    }

    /// Whether the policy of a resource allows the action to the principal itself, on every one of these resources.
    ///
    /// An entry for the account as a whole does not: within the account it leaves the decision to identity-based policies.
    /// Source: "AWS JSON policy elements: Principal" in the IAM user guide.
    static func grants(_ document: PolicyDocument, on resources: [String], _ facts: GroupFacts) -> Answer {
        let granting = document.statements.filter { statement in
            statement.effect == .allow && statement.matchesAction(facts.group.action)
                && namesItself(statement, facts) && resources.allSatisfy { statement.matchesResource($0) }
        }
        let verdicts = granting.map { ConditionJudgement.verdict($0, facts) }
        if verdicts.contains(.met) { return .yes }
        return verdicts.allSatisfy { $0 == .unmet } ? .no : .maybe
    }

    /// Whether a statement names the principal, its sessions or everyone.
    private static func namesItself(_ statement: Statement, _ facts: GroupFacts) -> Bool {
        func isNamed(_ pattern: PrincipalPattern) -> Bool {
            (pattern.names(facts.principal.arn) && !pattern.isAccount(facts.principal.account))
                || facts.group.callers.contains { $0.value == pattern.text }
                || facts.group.principalIds.contains { $0.value == pattern.text }
        }
        switch statement.principals {
        case .matching(let list)?: return list.contains(where: isNamed)
        case .exceptMatching(let list)?: return !list.contains(where: isNamed)
        case nil: return false
        }
    }

    /// Whether a Deny statement matches the action and a refused resource. Conditions that the records do not decide are taken as
    /// met: AWS did refuse.
    static func denies(_ document: PolicyDocument, _ facts: GroupFacts) -> Bool { !denials(document, facts).isEmpty }

    /// The Deny statements that match the action and a refused resource, but for those whose conditions are surely not met.
    static func denials(_ document: PolicyDocument, _ facts: GroupFacts) -> [Statement] {
        let resources = facts.refusedResources
        return document.statements.filter { statement in
            statement.effect == .deny && statement.matchesAction(facts.group.action)
                && names(statement, facts)
                && (resources.isEmpty || resources.contains { statement.matchesResource($0) })
                && ConditionJudgement.verdict(statement, facts) != .unmet
        }
    }

    /// Whether a document speaks of the action's service at all.
    static func mentionsService(_ document: PolicyDocument, _ facts: GroupFacts) -> Bool {
        document.statements.contains { statement in
            statement.actions.patterns.contains { pattern in
                guard let prefix = pattern.prefix else { return true }
                return prefix == facts.servicePrefix || prefix.contains("*")
                    || PolicyDocuments.wrongPrefixes[prefix]?.contains(facts.servicePrefix) == true
            }
        }
    }

    private static func names(_ statement: Statement, _ facts: GroupFacts) -> Bool {
        func isNamed(_ pattern: PrincipalPattern) -> Bool {
            pattern.names(facts.principal.arn) || isProvider(pattern, facts)
        }
        switch statement.principals {
        case .matching(let list)?: return list.contains(where: isNamed)
        case .exceptMatching(let list)?:
            return statement.effect == .deny ? !passes(list, facts) : !list.contains(where: isNamed)
        case nil: return true
        }
    }

    /// Whether a Deny with `NotPrincipal` lets the principal pass for certain: a list that holds a role and not its account and the
    /// session too denies the session all the same. Source: "AWS JSON policy elements: NotPrincipal" in the IAM user guide.
    private static func passes(_ list: [PrincipalPattern], _ facts: GroupFacts) -> Bool {
        if list.contains(where: { $0.text == "*" || isProvider($0, facts) }) { return true }
        let principal = facts.principal
        let texts = Set(list.map(\.text))
        guard texts.contains(principal.arn),
            texts.contains(principal.account)
                || texts.contains("arn:\(principal.partition):iam::\(principal.account):root")
        else { return false }
        guard principal.kind == .role else { return true }
        let sessions = facts.group.callers.map(\.value)
        return sessions.isEmpty
            ? texts.contains { $0.contains(":assumed-role/") && PrincipalName($0).isSame(as: principal) }
            : sessions.allSatisfy(texts.contains)
    }

    /// Whether an entry can be the identity provider whose token or assertion the caller brought. The unique id of a SAML user
    /// does not tell the provider.
    private static func isProvider(_ pattern: PrincipalPattern, _ facts: GroupFacts) -> Bool {
        guard facts.isFederatedAssumption, pattern.kind == "Federated" else { return false }
        let host = ARN(pattern.text).map { $0.resource.split(separator: "/", maxSplits: 1).last.map(String.init) ?? "" }
        return facts.operation.hasSuffix("SAML") || facts.group.principal.contains(host ?? pattern.text)
    }

    /// What the name of an AWS managed policy tells about a service, its text not being in the trail.
    enum NameHint { case denies, broad, sameService, otherService, cannotAllow }

    /// `nil` for a policy that AWS does not manage: its name is the customer's and tells nothing.
    static func hint(ofPolicy arn: String, _ facts: GroupFacts) -> NameHint? {
        guard let parsed = ARN(arn), parsed.account == "aws" else { return nil }
        let name = parsed.name.lowercased()
        if name.contains("deny") || name.contains("quarantine") { return .denies }
        if isPlainWrite(facts), readOnlyNames.contains(where: { name.contains($0) }) { return .cannotAllow }
        if isPlainWrite(facts), let services = jobFunctions[parsed.name] {
            return services.contains(facts.servicePrefix) ? .broad : .cannotAllow
        }
        // Its one statement for everything leaves these out.
        if parsed.name == "PowerUserAccess", ["iam", "organizations", "account"].contains(facts.servicePrefix),
            isPlainWrite(facts), !facts.operation.hasSuffix("ServiceLinkedRole")
        {
            return .cannotAllow
        }
        if let services = singleServices[parsed.name], !services.contains(facts.servicePrefix) { return .cannotAllow }
        if broadPolicies.contains(parsed.name) || jobFunctions[parsed.name] != nil { return .broad }
        let words = serviceWords[facts.servicePrefix] ?? [facts.servicePrefix.replacing("-", with: "")]
        return words.contains { name.contains($0) } ? .sameService : .otherService
    }

    private static let broadPolicies: Set<String> = [
        "AdministratorAccess", "PowerUserAccess", "ReadOnlyAccess", "ViewOnlyAccess", "SecurityAudit", "SupportUser",
    ]

    /// Policies of AWS's that allow nothing of any service but these, while most allow something of services that theirs works with.
    /// Source: their pages in the AWS managed policy reference guide.
    private static let singleServices: [String: Set<String>] = [
        "AmazonS3FullAccess": ["s3", "s3-object-lambda"], "AmazonS3ReadOnlyAccess": ["s3", "s3-object-lambda"],
        "AmazonSQSFullAccess": ["sqs"], "AmazonSQSReadOnlyAccess": ["sqs"],
        "AmazonSNSFullAccess": ["sns", "sms-voice"], "AmazonSNSReadOnlyAccess": ["sns", "sms-voice"],
        "AmazonSESFullAccess": ["ses"], "AmazonSESReadOnlyAccess": ["ses"],
        "AmazonKinesisFullAccess": ["kinesis"], "AmazonKinesisReadOnlyAccess": ["kinesis"],
    ]

    /// How AWS names policies that allow reading only.
    private static let readOnlyNames = [
        "readonly", "read-only", "viewonly", "securityaudit", "supportuser", "readaccess",
    ]

    /// AWS's policies for job functions, and the services of which they allow more than reading.
    /// Source: "AWS managed policies for job functions" in the IAM user guide.
    private static let jobFunctions: [String: Set<String>] = [
        "Billing": [
            "aws-portal", "billing", "billingconductor", "budgets", "ce", "consolidatedbilling", "cur", "freetier",
            "invoicing", "payments", "pricing", "purchase-orders", "sustainability", "tax", "account",
            "bcm-data-exports",
        ],
        "NetworkAdministrator": [
            "autoscaling", "cloudfront", "cloudwatch", "directconnect", "ec2", "elasticbeanstalk",
            "elasticloadbalancing",
            "iam", "logs", "network-firewall", "networkmanager", "route53", "route53domains", "s3", "sns", "sts",
            "workspaces",
        ],
        "DatabaseAdministrator": [
            "cloudwatch", "datapipeline", "dynamodb", "elasticache", "iam", "kms", "lambda", "logs", "rds", "redshift",
            "s3", "sns",
        ],
        "DataScientist": [
            "autoscaling", "cloudformation", "cloudwatch", "codedeploy", "datapipeline", "dynamodb", "ec2",
            "elasticfilesystem", "elasticmapreduce", "es", "fpga", "iam", "kinesis", "lambda", "logs",
            "machinelearning", "opsworks", "rds", "redshift", "s3", "sagemaker", "sdb", "sns", "sqs",
        ],
        "SystemAdministrator": [
            "autoscaling", "cloudformation", "cloudtrail", "cloudwatch", "codecommit", "codedeploy", "codepipeline",
            "config", "ds", "ec2", "iam", "inspector", "kms", "lambda", "logs", "rds", "route53", "s3", "ses", "sns",
            "sqs", "ssm", "support", "trustedadvisor",
        ],
    ]

    /// Words with which the names of operations begin that no policy for reading allows. What begins otherwise (`Query`,
    /// `StartQuery`, `BatchGet…`) may be a read.
    private static let writeVerbs = [
        "Create", "Put", "Update", "Delete", "Send", "Add", "Remove", "Attach", "Detach", "Set", "Modify", "Run",
        "Terminate", "Publish", "Invoke", "Tag", "Untag", "Associate", "Disassociate", "Register", "Deregister",
        "Enable", "Disable", "Upload", "Import", "Pass", "Assume", "Write", "Revoke", "Authorize", "Reboot",
    ]

    static func isPlainWrite(_ facts: GroupFacts) -> Bool {
        writeVerbs.contains { verb in
            facts.operation.hasPrefix(verb) && !(facts.operation.dropFirst(verb.count).first?.isLowercase ?? false)
        }
    }

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
