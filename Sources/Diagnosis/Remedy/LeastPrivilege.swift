import AccessDenial
import IAMPolicy
import TrailStore

/// The smallest statement that would allow what was refused.
enum LeastPrivilege {
    /// How many resources a statement lists before their common parent is used.
    private static let resourceLimit = 5

    /// The statement for the group's action and resources, as an identity-based policy.
    static func policy(_ facts: GroupFacts) -> PolicyDocument {
        if facts.group.action.lowercased() == "iam:passrole" { return passRole(facts) }
        return PolicyDocument([
            Statement(
                .allow, actions: .matching([ActionPattern(facts.group.action)]),
                resources: .matching(resources(facts).map(ResourcePattern.init)))
        ])
    }

    /// `iam:PassRole` for the refused roles, to the service that was called and to no other.
    private static func passRole(_ facts: GroupFacts) -> PolicyDocument {
        let source = facts.group.eventSource
        // The service authorization reference gives `mobiletargeting.amazonaws.com` for Pinpoint, trust policies give
        // `pinpoint.amazonaws.com`; both are Pinpoint, so both are allowed.
        let services =
            source == "pinpoint.amazonaws.com" ? ["mobiletargeting.amazonaws.com", "pinpoint.amazonaws.com"] : [source]
        return PolicyDocument([
            Statement(
                .allow, actions: .matching([ActionPattern("iam:PassRole")]),
                resources: .matching(resources(facts).map(ResourcePattern.init)),
                conditions: [.init("StringEquals", "iam:PassedToService", services)])
        ])
    }

    /// The statement that lets the caller assume the role, as part of the role's trust policy.
    static func trustPolicy(_ facts: GroupFacts) -> PolicyDocument {
        PolicyDocument([
            Statement(
                .allow, actions: .matching([ActionPattern(facts.group.action)]),
                principals: .matching([PrincipalPattern(kind: "AWS", facts.group.principal)]))
        ])
    }

    /// The resources of the statement: what was refused, ids that come and go (endpoints, users, S3 keys) as `*`.
    static func resources(_ facts: GroupFacts) -> [String] {
        let refused = facts.refusedResources.filter { ARN($0) != nil }
        guard !refused.isEmpty else { return shape(facts) }
        var scopes: [String] = []
        for resource in refused {
            let scope = generalised(resource)
            if !scopes.contains(scope) { scopes.append(scope) }
        }
        if scopes.count > resourceLimit {
            var parents: [String] = []
            for scope in scopes {
                let parent = parentOf(scope)
                if !parents.contains(parent) { parents.append(parent) }
            }
            scopes = parents
        }
        return Array(scopes.sorted().prefix(resourceLimit * 4))
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
        guard var arn = ARN(resource) else { return resource }
        var parts = arn.resource.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if arn.service == "mobiletargeting", parts.count == 4, ["endpoints", "users", "attributes"].contains(parts[2]) {
            parts[3] = "*"
        } else if arn.service == "s3", parts.count > 1 {
            parts = [parts[0], "*"]
        }
        arn.resource = parts.joined(separator: "/")
        return literal(arn.description)
    }

    /// The text with every `$` of a `${` written as the variable that stands for it.
    private static func literal(_ text: String) -> String {
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
        return resource[..<slash] + "/*"
    }

    /// Whether the statement covers more than single resources because AWS named none, or named a wildcard.
    static func isBroad(_ facts: GroupFacts) -> Bool {
        resources(facts).contains { $0 == "*" }
            || facts.refusedResources.contains { $0.contains("*") || $0.contains("?") }
    }
}
