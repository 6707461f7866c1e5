import AccessDenial
import Causes
import Findings
import IAMPolicy
import RecordedCalls
import RecordedChanges
import TrailStore
import Wording

/// The smallest statement that would allow what was refused.
enum LeastPrivilege {
    /// How many resources a statement lists before their common parent is used.
    private static let resourceLimit = 20

    /// The statement for the group's action and resources, as an identity-based policy.
    package static func policy(_ facts: GroupFacts) -> PolicyDocument {
        policy(facts, PolicyDocuments.standingConditions(facts))
    }

    /// The same under other conditions than those of the Allows that stand.
    package static func policy(_ facts: GroupFacts, _ standing: [Statement.Condition]) -> PolicyDocument {
        if facts.group.action.lowercased() == "iam:passrole" { return passRole(facts) }
        let conditions =
            ServiceLinkedRole(facts).map { [$0.condition] } ?? ofServicesGrant(facts)
            ?? ofCreation(facts).map { [$0] } ?? standing
        return .allowing([facts.group.action], on: resources(facts) + GlueParts.others(facts), where: conditions)
    }

    /// What the statement allows, in a sentence: `kms:Decrypt on ARN`.
    package static func call(_ facts: GroupFacts) -> Prose {
        let refused = facts.refusedResources
        guard !refused.isEmpty else { return "\(facts.group.action)" }
        let resources = facts.group.action.lowercased() == "iam:passrole" ? refused : resources(facts)
        return "\(facts.group.action) on \(list: resources, limit: 2)"
    }

    /// What keeps grants of a key to AWS services, where services alone asked for them on the caller's behalf; `nil` for anything else.
    ///
    /// Source: "Condition keys for AWS KMS", kms:GrantIsForAWSResource.
    static func ofServicesGrant(_ facts: GroupFacts) -> [Statement.Condition]? {
        guard facts.group.action.lowercased() == "kms:creategrant",
            facts.group.invokedBy.reduce(0, { $0 + $1.denials }) == facts.group.denials
        else { return nil }
        return [.init("Bool", "kms:GrantIsForAWSResource", ["true"])]
    }

    /// What keeps tags to those that a call sets on what it creates, where the tags were refused as a part of such a call; `nil` for
    /// anything else.
    static func ofCreation(_ facts: GroupFacts) -> Statement.Condition? {
        guard let key = creationKeys[facts.group.action.lowercased()],
            let tagging = facts.group.action.split(separator: ":").last?.lowercased()
        else { return nil }
        let operations = Set(facts.group.evidence.map(\.eventName))
        guard let operation = operations.first, operations.count == 1, operation.lowercased() != tagging else {
            return nil
        }
        return .init("StringEquals", key, [operation])
    }

    /// The keys that tell which operation sets tags, by the action that sets them.
    /// Source: the services' entries in the service authorization reference.
    private static let creationKeys = [
        "ec2:createtags": "ec2:CreateAction", "elasticloadbalancing:addtags": "elasticloadbalancing:CreateAction",
        "ecs:tagresource": "ecs:CreateAction", "elasticfilesystem:tagresource": "elasticfilesystem:CreateAction",
    ]

    /// The same for resources whose names change from call to call; `nil` where none does, and for actions that give permissions away.
    package static func workable(_ facts: GroupFacts) -> PolicyDocument? {
        let action = facts.group.action.lowercased()
        guard !managesPermissions(action), !managesKeys.contains(action), action != "iam:passrole" else { return nil }
        let least = resources(facts)
        let scopes = Set(least.flatMap(ChangingName.scopes))
        guard !least.contains("*"), scopes != Set(least) else { return nil }
        return .allowing(
            [facts.group.action], on: scopes.sorted(), where: PolicyDocuments.standingConditions(facts))
    }

    /// `iam:PassRole` for the refused roles, to the service that was called and to no other.
    private static func passRole(_ facts: GroupFacts) -> PolicyDocument {
        let services = servicesPassedTo(facts)
        return .allowing(
            ["iam:PassRole"], on: resources(facts),
            where: services.isEmpty ? [] : [.init("StringEquals", "iam:PassedToService", services)])
    }

    /// The services to which the refused calls would pass the role; empty where that is not certain.
    private static func servicesPassedTo(_ facts: GroupFacts) -> [String] {
        let names = Set(facts.group.evidence.map(\.eventName))
        // The group tells the event source of its first denial only; usage tells those of the other calls.
        let sources = names.reduce(into: Set([facts.group.eventSource])) {
            $0.formUnion(facts.ownUsage.sources(ofDenied: $1))
        }
        let services = Set(names.map { PassedRole.services(passedToBy: facts.group.eventSource, $0) })
        return sources.count == 1 && services.count == 1 ? services.first ?? [] : []
    }

    /// What has to be said of a statement that is offered: how sure its resource is, and how much it gives away.
    static func caveats(_ policy: PolicyDocument, _ facts: GroupFacts) -> Prose {
        // A trust policy names principals and no resources.
        guard policy.statements.contains(where: { $0.principals == nil }) else { return "" }
        var text: Prose = ""
        let action = facts.group.action.lowercased()
        let refused = facts.refusedResources
        if let named = refused.first(where: { ARN($0) == nil && arn(of: $0, facts) != nil }),
            let shown = arn(of: named, facts)
        {
            if ARN(named.split(separator: " ").dropFirst().first.map(String.init) ?? "") == nil {
                text +=
                    "AWS named \(named) without its path, so \(shown) is right only where it has none; else put the path before the name."
            }
        } else if isBroad(facts) {
            if let named = refused.first(where: { arn(of: $0, facts) == nil && $0.contains(where: \.isWhitespace) }) {
                text +=
                    "AWS named \(named), which is not an ARN: replace the resource below with its ARN, or that of what it belongs to."
            } else {
                text +=
                    ResourceForms.isNarrowable(facts)
                    ? "AWS named no single resource, so narrow the resource below where the action supports it." : ""
            }
        }
        let widened = widening(facts)
        if !widened.isEmpty {
            text +=
                "The statement is broader than what was refused: \(list: widened, limit: 3) \(words: widened.count == 1 ? "stands" : "stand") for \(words: refused.count.of("resource", "resources")). Narrow it where you can."
        }
        if let condition = PolicyDocuments.standingConditions(facts).first, action != "iam:passrole",
            policy.statements.contains(where: { $0.conditions.contains(condition) })
        {
            text +=
                "The existing Allow has a condition (\(condition.key)), so the one below has it too: without it, more than intended would be allowed."
        }
        if action == "ec2:runinstances" {
            text +=
                "\("ec2:RunInstances") needs several kinds of resources at once (\(list: runInstancesTypes, limit: runInstancesTypes.count)), and AWS names one at a time: allow it on the ones that the call uses as well."
        }
        // Source: "Job run (.sync)" in "IAM policies for integrated services" in the AWS Step Functions developer guide.
        if refused.contains(where: { $0.contains(":rule/StepFunctionsGetEventsFor") }) {
            text +=
                "A state machine that waits for what it runs (\(".sync")) takes \("events:PutRule"), \("events:PutTargets") and \("events:DescribeRule") on this rule, and what describes and stops what it runs: AWS names one at a time."
        }
        if action == "iam:passrole" {
            if servicesPassedTo(facts).isEmpty {
                text +=
                    "To which service the role is passed is not certain here, so the statement has no condition: add \("iam:PassedToService") with the service that the role trusts."
            }
            text +=
                "Passing a role grants what the role may do, so check with the owners of permissions first."
        } else if managesPermissions(action) {
            text +=
                "Whoever may call \(facts.group.action) can grant themselves any permission: this is equivalent to administrator access, so check with the owners of permissions first."
        } else if ofServicesGrant(facts) != nil {
            text +=
                "The condition keeps the grants to AWS services that act for the caller: without it, whoever may call \(facts.group.action) can let others use the key."
        } else if managesKeys.contains(action) {
            text +=
                "Whoever may call \(facts.group.action) can grant themselves and others use of the key, so check with the key's owners first."
        } else if action == "organizations:leaveorganization" {
            text +=
                "\(facts.group.action) removes the account from its organization and with it every service and resource control policy: leave this refused unless the organization's owners want the account to leave."
        } else if managesOrganization(facts) {
            text +=
                "\(facts.group.action) changes what whole accounts of the organization may do, so check with the organization's owners first. It works only in the management account (or a delegated administrator)."
        }
        return text
    }

    /// What `ec2:RunInstances` is checked against. Source: Amazon EC2 in the service authorization reference.
    private static let runInstancesTypes = [
        "instance", "image", "subnet", "network-interface", "security-group", "volume", "key-pair",
    ]

    /// Actions, in lower case, that let others use a key of KMS.
    private static let managesKeys: Set<String> = ["kms:putkeypolicy", "kms:creategrant"]

    /// Whether an action of AWS Organizations does more than read.
    private static func managesOrganization(_ facts: GroupFacts) -> Bool {
        facts.servicePrefix == "organizations"
            && !["Describe", "List"].contains { facts.operation.hasPrefix($0) }
    }

    /// Whether an action, in lower case, can be used to gain any permission.
    private static func managesPermissions(_ action: String) -> Bool {
        guard action.hasPrefix("iam:") else { return false }
        let operation = action.dropFirst(4)
        return escalating.contains(String(operation)) || operation == "*"
            || ["attach", "put"].contains { operation.hasPrefix($0) }
    }

    /// Source: "Permissions management" access level in the service authorization reference of IAM, those that give.
    private static let escalating: Set<String> = [
        "createpolicyversion", "setdefaultpolicyversion", "createaccesskey", "createloginprofile", "updateloginprofile",
        "updateassumerolepolicy", "addusertogroup", "addroletoinstanceprofile", "deleteuserpermissionsboundary",
        "deleterolepermissionsboundary", "createservicespecificcredential",
    ]

    /// IAM's own way to name a resource, and the type in its ARN.
    private static let wordedTypes = [
        ("instance profile ", "instance-profile"), ("server certificate ", "server-certificate"), ("user ", "user"),
        ("role ", "role"), ("group ", "group"), ("policy ", "policy"),
    ]

    /// The ARN of a refused resource: as AWS gave it, or of what IAM gives in words (`user bob`, `policy ARN version v2`).
    /// `nil` for anything else.
    private static func arn(of resource: String, _ facts: GroupFacts) -> String? {
        if ARN(resource) != nil { return resource }
        guard facts.servicePrefix == "iam",
            let (words, type) = wordedTypes.first(where: { resource.hasPrefix($0.0) })
        else { return nil }
        var name = String(resource.dropFirst(words.count))
        if let version = name.firstRange(of: " version v") { name = String(name[..<version.lowerBound]) }
        if ARN(name) != nil { return name }
        let account = facts.group.accounts.first?.value ?? facts.principal.account
        guard !name.isEmpty, !name.contains(where: \.isWhitespace), account.utf8.count == 12 else { return nil }
        return "arn:\(facts.principal.partition):iam::\(account):\(type)/\(name)"
    }

    /// The statement that lets the caller assume the role, as part of the role's trust policy.
    static func trustPolicy(_ facts: GroupFacts) -> PolicyDocument {
        .allowing([facts.group.action], to: [PrincipalPattern(kind: "AWS", facts.principal.arn)])
    }

    /// The resources of the statement: what was refused, ids that come and go (Pinpoint's endpoints and users) as `*`.
    package static func resources(_ facts: GroupFacts) -> [String] {
        facts.causeMemo.leastResources.value { scopes(facts) }
    }

    private static func scopes(_ facts: GroupFacts) -> [String] {
        if facts.refusedResources.contains(where: ResourceForms.isOfNothing) { return ["*"] }
        let refused = facts.refusedResources.compactMap { arn(of: $0, facts) }
        guard !refused.isEmpty else { return shape(facts) }
        let scopes = RecurringName.scopes(refused.map(generalised))
        guard scopes.count > resourceLimit else { return scopes.sorted() }
        let parents = Set(scopes.map(parentOf))
        // A list that would be cut would leave out what was refused.
        return parents.count > resourceLimit ? ["*"] : parents.sorted()
    }

    /// The resources of the statement that cover more than what was refused, because it would be a long list, or because ids
    /// such as those of endpoints come and go.
    private static func widening(_ facts: GroupFacts) -> [String] {
        let refused = Set(facts.refusedResources.compactMap { arn(of: $0, facts) }.map(literal))
        guard !refused.isEmpty else { return [] }
        return resources(facts).filter { !refused.contains($0) }
    }

    /// Where AWS named no resource: the class that the operation works on, in the accounts and Regions of the denials.
    private static func shape(_ facts: GroupFacts) -> [String] {
        guard facts.servicePrefix == "mobiletargeting",
            let types = PinpointCatalogue.operation(named: facts.operation)?.resourceTypes, types.count == 1,
            let shape = PinpointCatalogue.arnShape(ofResourceType: types[0]),
            let region = facts.group.regions.first?.value, let account = facts.group.accounts.first?.value
        else { return ["*"] }
        return ["arn:\(facts.principal.partition):mobiletargeting:\(region):\(account):\(anyParameter(shape))"]
    }

    /// A shape such as `apps/{application-id}/messages` with `*` for every parameter.
    private static func anyParameter(_ shape: String) -> String {
        shape.split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("{") ? "*" : String($0) }.joined(separator: "/")
    }

    /// The resource with an id that comes and goes replaced, and with every other text taken literally: `${` would be a variable.
    private static func generalised(_ resource: String) -> String {
        guard let arn = ARN(resource) else { return resource }
        guard arn.service == "mobiletargeting" else { return literal(resource) }
        var parts = arn.resource.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 4, ["endpoints", "users", "attributes"].contains(parts[2]) { parts[3] = "*" }
        return literal(arn.with(resource: parts.joined(separator: "/")).description)
    }

    /// The text with every `$` of a `${` written as the variable that stands for it.
    private static func literal(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
        var result = ""
        var isAfterDollar = false
        for scalar in text.unicodeScalars {
            if scalar == "{", isAfterDollar { result += "{$}" }
            result.unicodeScalars.append(scalar)
            isAfterDollar = scalar == "$"
        }
        return result
    }

    private static func parentOf(_ resource: String) -> String {
        guard let slash = resource.lastIndex(of: "/") else { return resource }
        // The keys of a bucket are no tree.
        if let arn = ARN(resource), arn.service == "s3" {
            return "arn:\(arn.partition):s3:::\(arn.resource.prefix { $0 != "/" })/*"
        }
        return resource[..<slash] + "/*"
    }

    /// Whether the statement covers more than single resources because AWS named none, or named a wildcard.
    static func isBroad(_ facts: GroupFacts) -> Bool {
        resources(facts).contains { $0 == "*" }
            || facts.refusedResources.contains { $0.contains("*") || $0.contains("?") }
    }
}
