import AccessDenial
import IAMPolicy
import TrailStore

/// What the records of the denials tell about the conditions of a statement.
///
/// Only keys whose value a record gives for certain are looked at; every other key, operator or value leaves the condition open.
/// Source: AWS-FACTS 5.4; "IAM JSON policy elements: Condition operators" and "AWS global condition context keys" in the IAM user
/// guide.
enum ConditionJudgement {
    /// Whether every condition is met by every denial, or one is met by none.
    enum Verdict { case met, unmet, open }

    static func verdict(_ statement: Statement, _ facts: GroupFacts) -> Verdict {
        let verdicts = statement.conditions.map { verdict($0, facts) }
        if verdicts.contains(.unmet) { return .unmet }
        return verdicts.allSatisfy { $0 == .met } ? .met : .open
    }

    /// A condition that every denial fails, with the values that the denials had.
    struct Failure {
        var condition: Statement.Condition
        var values: [String]

        var isTime: Bool { condition.key.lowercased() == "aws:currenttime" }
        var isMFA: Bool { condition.key.lowercased() == "aws:multifactorauthpresent" }
        /// What the condition asks for, and what the refused calls had.
        func demand(_ facts: GroupFacts) -> Prose {
            let demand: Prose =
                "\(condition.key) \(condition.conditionOperator) \(list: condition.values, limit: 3)"
            if isTime { return "\(demand), and the refused calls came from \(time: facts.group.firstSeen) on" }
            return values.isEmpty
                ? isEndpoint
                    ? "\(demand), and the refused calls came through no VPC endpoint"
                    : "\(demand), and the refused calls had none"
                : "\(demand), and the refused calls had \(list: values, limit: 3)\(nearMiss?.shown ?? "")"
        }

        var tag: TagHistory.Tag? { TagHistory.Tag(conditionKey: condition.key) }
        var isAddress: Bool { condition.key.lowercased() == "aws:sourceip" }
        var isEndpoint: Bool { condition.key.lowercased() == "aws:sourcevpce" }
    }

    /// The conditions of a statement that every denial fails.
    static func failures(_ statement: Statement, _ facts: GroupFacts) -> [Failure] {
        statement.conditions.compactMap { condition in
            guard verdict(condition, facts) == .unmet else { return nil }
            let key = condition.key.lowercased()
            let claims = facts.tokenClaim(key)
            let token =
                claims.isEmpty
                ? nil
                : GroupRequests(facts).recordedValues(of: condition.key)
                    ?? (claims.count > 1 ? facts.token.map { [$0.claims] } : claims)
            let values = token ?? values(of: key, facts) ?? (key == mfaKey ? factors(facts) : nil)
            return Failure(condition: condition, values: values ?? [])
        }
    }

    /// Whether the last success before the denials met a condition that the denials fail, so that the condition tells the one from
    /// the others; `nil` where the records do not tell.
    static func wasMet(_ condition: Statement.Condition, _ facts: GroupFacts) -> Bool? {
        let context = facts.group.successContext.flatMap { $0.isComplete ? $0 : nil }
        let values: [String]? =
            switch condition.key.lowercased() {
            case "aws:currenttime": facts.lastSuccessBefore.map { [$0] }
            case "aws:sourceip": context.map { $0.vpcEndpointIds.isEmpty ? $0.sourceIPAddresses.map(\.value) : [] }
            case "aws:sourcevpce": context.map { $0.vpcEndpointIds.map(\.value) }
            case mfaKey: context.map { $0.mfaAuthenticated.map(\.value) }
            default: TagHistory.Tag(conditionKey: condition.key).flatMap { TagHistory.valuesBefore(of: $0, facts) }
            }
        guard let values, !values.isEmpty else { return nil }
        switch verdict(condition, values) {
        case .met: return true
        case .unmet: return false
        case .open: return nil
        }
    }

    private static let mfaKey = "aws:multifactorauthpresent"

    /// What the records of the denials say of a second factor, where none says that there was one.
    private static func factors(_ facts: GroupFacts) -> [String]? {
        // The records of a long-term key tell of no session, and it has no second factor.
        if facts.group.mfaAuthenticated.isEmpty, facts.group.principalType == "IAMUser" { return [] }
        guard let factors = known(facts.group.mfaAuthenticated), !factors.contains("true") else { return nil }
        return factors
    }

    private static func verdict(_ condition: Statement.Condition, _ facts: GroupFacts) -> Verdict {
        let key = condition.key.lowercased()
        // Whether the key is absent or says `false`: a plain demand for MFA fails, and nothing else is decided.
        if key == mfaKey, factors(facts) != nil {
            let asksForMFA =
                condition.conditionOperator.lowercased() == "bool"
                && condition.values.map { $0.lowercased() } == ["true"]
            return asksForMFA ? .unmet : .open
        }
        let claims = facts.tokenClaim(key)
        if !claims.isEmpty {
            // Where the audience ends and the subject begins is not certain.
            let verdicts = Set(claims.map { verdict(condition, [$0]) })
            if verdicts.count == 1 { return verdicts.first ?? .open }
            return verdicts.contains(.met) && !isNegated(condition.conditionOperator.lowercased()) ? .met : .open
        }
        guard let context = values(of: key, facts) else { return .open }
        return verdict(condition, context)
    }

    /// Whether values of the condition's key, empty where it is in none of the requests, all meet it, or none does.
    static func verdict(_ condition: Statement.Condition, _ context: [String]) -> Verdict {
        var name = condition.conditionOperator.lowercased()
        // A value with a variable, and what is compared of a set of values, is not known.
        guard !condition.values.contains(where: { $0.utf8.contains(UInt8(ascii: "$")) }),
            !name.utf8.contains(UInt8(ascii: ":"))
        else { return .open }
        let isIfExists = name.hasSuffix("ifexists")
        if isIfExists { name.removeLast(8) }
        if context.isEmpty {
            // The key is absent from every request: `IfExists` and negated operators hold then, the others do not.
            return isIfExists || isNegated(name) ? .met : .unmet
        }
        guard let test = test(name) else { return .open }
        var answers: Set<Bool> = []
        for value in context {
            let matches = condition.values.map { test(value, $0) }
            if matches.contains(true) {
                answers.insert(!isNegated(name))
            } else if matches.contains(nil) {
                return .open
            } else {
                answers.insert(isNegated(name))
            }
        }
        return answers == [true] ? .met : answers == [false] ? .unmet : .open
    }

    private static func isNegated(_ name: String) -> Bool { name.contains("not") }

    /// The values that a key had in the denials; empty where it was in none of the requests, `nil` where that is not known.
    private static func values(of key: String, _ facts: GroupFacts) -> [String]? {
        let group = facts.group
        switch key {
        case "aws:requestedregion":
            return known(group.regions)
        case "aws:multifactorauthpresent":
            // For the session of a role the record may say `false` where the key is absent; both fail a demand for MFA, but a
            // statement about absence is not decided by it.
            guard let values = known(group.mfaAuthenticated), values == ["true"] else { return nil }
            return values
        case "aws:sourceip":
            // Behind an endpoint the key is absent, and behind a service the address is not the caller's.
            guard group.vpcEndpointIds.isEmpty, let values = known(group.sourceIPAddresses),
                values.allSatisfy({ IPv4Range($0) != nil })
            else { return nil }
            return values
        case "aws:sourcevpce":
            if group.vpcEndpointIds.isEmpty { return cameThroughEndpoints(facts) ? [] : nil }
            guard let values = known(group.vpcEndpointIds), total(group.vpcEndpointIds) == group.denials else {
                return nil
            }
            return values
        case "aws:principalarn":
            return facts.principal == facts.caller && facts.caller.isIdentity ? [facts.caller.arn] : nil
        case "aws:principalaccount":
            return facts.principal == facts.caller && !facts.caller.account.isEmpty ? [facts.caller.account] : nil
        case "aws:username":
            return facts.caller.kind == .user ? [facts.caller.name] : nil
        case "sts:externalid":
            return facts.group.action == "sts:AssumeRole"
                ? RequestedResource.values(ofParameter: "externalId", facts) : nil
        case "aws:currenttime":
            return [facts.group.firstSeen, facts.group.lastSeen]
        case "aws:tokenissuetime":
            // Long-term keys have none.
            return group.sessionStarts.isEmpty ? nil : group.sessionStarts
        case "aws:securetransport":
            // A record without details of TLS does not tell that there was none.
            return !group.evidence.isEmpty && group.evidence.allSatisfy { $0.tlsVersion != nil } ? ["true"] : nil
        case "aws:resourceaccount":
            let owners = facts.refusedResources.map { ARN($0)?.account ?? "" }
            return owners.isEmpty || owners.contains { $0.count != 12 } ? nil : owners
        default:
            return TagHistory.Tag(conditionKey: key).flatMap { TagHistory.values(of: $0, facts) }
        }
    }

    /// Whether the records of the call's successes name a VPC endpoint, so that those of the denials would, had there been one.
    private static func cameThroughEndpoints(_ facts: GroupFacts) -> Bool {
        guard let context = facts.group.successContext, context.isComplete, facts.group.invokedBy.isEmpty else {
            return false
        }
        return !context.vpcEndpointIds.isEmpty
    }

    /// The values of a list that holds all there are.
    private static func known(_ list: [Counted<String>]) -> [String]? {
        list.isEmpty || list.count >= 50 ? nil : list.map(\.value)
    }

    private static func total(_ list: [Counted<String>]) -> Int { list.reduce(0) { $0 + $1.denials } }

    /// Whether a value matches a policy's, by the positive form of an operator; `nil` from the test where that cannot be told, and
    /// for an operator that is not known.
    private static func test(_ name: String) -> ((String, String) -> Bool?)? {
        switch name {
        case "stringequals", "stringnotequals": { $0 == $1 }
        case "stringequalsignorecase", "stringnotequalsignorecase", "bool": { $0.lowercased() == $1.lowercased() }
        case "stringlike", "stringnotlike": { Glob.matches($1[...], $0[...]) }
        case "arnlike", "arnequals", "arnnotlike", "arnnotequals": { ResourcePattern($1).matches($0) }
        case "ipaddress", "notipaddress":
            { value, range in
                guard let address = IPv4Range(value), let range = IPv4Range(range) else { return nil }
                return range.contains(address)
            }
        case "dateequals", "datenotequals": { compare($0, $1) { $0 == $1 } }
        case "datelessthan": { compare($0, $1) { $0 < $1 } }
        case "datelessthanequals": { compare($0, $1) { $0 <= $1 } }
        case "dategreaterthan": { compare($0, $1) { $0 > $1 } }
        case "dategreaterthanequals": { compare($0, $1) { $0 >= $1 } }
        default: nil
        }
    }

    private static func compare(_ time: String, _ bound: String, _ holds: (Int64, Int64) -> Bool) -> Bool? {
        let bound = bound.utf8.count == 10 ? bound + "T00:00:00Z" : bound
        guard let time = Timestamp.seconds(time), let bound = Timestamp.seconds(bound) else { return nil }
        return holds(time, bound)
    }
}

/// An IPv4 address or a range of them, `203.0.113.0/24`.
struct IPv4Range {
    private var address: UInt32
    private var prefix: UInt32

    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let bytes = parts[0].split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard parts.count <= 2, bytes.count == 4 else { return nil }
        address = 0
        for byte in bytes {
            guard let byte else { return nil }
            address = address << 8 | UInt32(byte)
        }
        guard let length = parts.count == 2 ? UInt32(parts[1]) : 32, length <= 32 else { return nil }
        prefix = length
    }

    /// Whether the range holds an address.
    func contains(_ other: IPv4Range) -> Bool {
        guard other.prefix >= prefix else { return false }
        return prefix == 0 || (address ^ other.address) >> (32 - prefix) == 0
    }
}
