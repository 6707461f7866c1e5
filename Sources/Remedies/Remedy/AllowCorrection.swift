import AccessDenial
import Causes
import Findings
import IAMPolicy
import OrderedJSON
import RecordedCalls
import RecordedChanges
import Wording

/// What lets a refused request in by an Allow that is there already, of a resource or an endpoint, without opening it to others.
enum AllowCorrection {
    /// What to write, in words, with the edited statement; `nil` where nothing is known that fits.
    static func correction(_ failing: Standing.Failing) -> (words: Prose, edit: StatementEdit)? {
        guard failing.trace.effect == .allow, case .object = failing.statement else { return nil }
        return
            (ofService(failing) ?? viaService(failing) ?? ofUnsigned(failing) ?? ofAWSOwned(failing)
            ?? ofCaller(failing)).map {
                ($0, failing.edit($1))
            }
    }

    /// The statement that names another service than the one that calls, with that one as well.
    package static func naming(_ failing: Standing.Failing) -> (words: Prose, edit: StatementEdit) {
        let caller = failing.request.request.principal.principalARN
        let services = failing.statement.services
        if let service = PrincipalName(caller).linkedService {
            let known = failing.statement["Principal"] ?? .object([])
            let named = (known["AWS"]?.elements ?? []) + [.string(caller)]
            let principal = known.replacing("AWS", by: named.count == 1 ? named[0] : .array(named))
            return (
                "add \(caller) to its principals, because \(service) calls with its service-linked role",
                failing.edit(failing.statement.replacing("Principal", by: principal))
            )
        }
        let principal = (failing.statement["Principal"] ?? .object([])).replacing(
            "Service", by: .array((services + [caller]).map { .string($0) }))
        return (
            "let it name \(caller) as well: it names \(list: services, limit: 3), and \(caller) makes the call",
            failing.edit(failing.statement.replacing("Principal", by: principal))
        )
    }

    // MARK: - Services

    /// Keys that a service sends with some calls and not with others.
    /// Source: "Cross-service confused deputy prevention" in the IAM user guide, and the guides of the services.
    private static let sourceKeys: Set<String> = [
        "aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner",
    ]

    /// A service whose calls do not carry whom they are made for: the condition on it goes for that service, and what the call does
    /// carry takes its place.
    private static func ofService(_ failing: Standing.Failing) -> (Prose, JSONValue)? {
        let request = failing.request.request
        let caller = request.principal.arn
        // Elsewhere no record shows the keys, and the service may well send them.
        guard request.principal.kind == .service, request.action.lowercased().hasPrefix("kms:"),
            failing.lines.allSatisfy({ sourceKeys.contains($0.key.lowercased()) && ($0.requestValues ?? []).isEmpty })
        else { return nil }
        let services = failing.statement.services
        guard services.contains(where: { $0.lowercased() == caller.lowercased() }) else { return nil }
        var own = failing.statement.withoutConditions(on: Set(failing.lines.map { $0.key.lowercased() }))
        let keys: Prose = "\(list: failing.lines.map(\.key), limit: 3)"
        var words: Prose =
            "take the condition on \(keys) away for \(caller), which does not send it with this call as far as the records show"
        if let bound = encryptionContext(failing.request.call) {
            own = own.addingCondition("StringEquals", bound.key, .string(bound.value))
            words = "\(words), and bind the statement to \(bound.key) \(bound.value) in its place"
        }
        guard services.count > 1 else { return (words, own) }
        let others = services.filter { $0.lowercased() != caller.lowercased() }
        func naming(_ names: [String], _ statement: JSONValue) -> JSONValue {
            let list: JSONValue = names.count == 1 ? .string(names[0]) : .array(names.map { .string($0) })
            return statement.replacing(
                "Principal", by: (statement["Principal"] ?? .object([])).replacing("Service", by: list))
        }
        own = naming([caller], own)
        if let sid = failing.trace.sid { own = own.replacing("Sid", by: .string(sid + "2")) }
        return (words, .array([naming(others, failing.statement), own]))
    }

    /// What a call to KMS encrypts for: the ARN of a topic, a queue, a secret.
    private static func encryptionContext(_ call: RecordedCall) -> (key: String, value: String)? {
        guard call.text("eventSource") == "kms.amazonaws.com",
            case .value(.object(let members)) = call.parameter(["encryptionContext"])
        else { return nil }
        return members.lazy.compactMap { member -> (key: String, value: String)? in
            guard let value = member.value.stringValue, ARN(value) != nil else { return nil }
            return ("kms:EncryptionContext:\(member.key)", value)
        }.first
    }

    /// A statement of an endpoint's policy that asks who calls, for calls that nobody signs: those of a package manager, say.
    private static func ofUnsigned(_ failing: Standing.Failing) -> (Prose, JSONValue)? {
        let keys = failing.lines.map(\.key)
        guard failing.trace.type == .vpcEndpoint, failing.request.request.principal.kind == .anonymous, !keys.isEmpty,
            keys.allSatisfy({ $0.lowercased().hasPrefix("aws:principal") })
        else { return nil }
        return (
            "take the condition on \(list: keys, limit: 3) away from it, because a call that nobody signed never has what it asks for",
            failing.statement.withoutConditions(on: Set(keys.map { $0.lowercased() }))
        )
    }

    /// Whether a line on `kms:ViaService` names the service through which the call came, and names it as no call does: without a Region.
    ///
    /// Source: "AWS KMS condition keys", kms:ViaService: `SERVICE.REGION.amazonaws.com`.
    static func misnamesService(_ line: StatementTrace.Condition, _ failing: Standing.Failing) -> Bool {
        line.key.lowercased() == "kms:viaservice" && !misnamed(line).isEmpty
    }

    /// The values that lack the Region, of the service that the call came through.
    private static func misnamed(_ line: StatementTrace.Condition) -> [String] {
        guard let had = line.requestValues?.first else { return [] }
        return line.values.filter { value in
            let parts = value.split(separator: ".").map(String.init)
            guard parts.first == had.split(separator: ".").first.map(String.init), !value.contains("*") else {
                return false
            }
            return parts.count < 2 || !AWSRegion.isCode(parts[1])
        }
    }

    private static func viaService(_ failing: Standing.Failing) -> (Prose, JSONValue)? {
        guard failing.lines.count == 1, let line = failing.lines.first, misnamesService(line, failing),
            let had = line.requestValues?.first, let wrong = misnamed(line).first,
            case .object(let operators) = failing.statement["Condition"] ?? .null
        else { return nil }
        let corrected = operators.map { entry -> JSONValue.Member in
            guard case .object(let lines) = entry.value else { return entry }
            let kept = lines.map { line -> JSONValue.Member in
                guard line.key.lowercased() == "kms:viaservice" else { return line }
                let values = line.value.elements.map { $0 == .string(wrong) ? .string(had) : $0 }
                return .init(line.key, values.count == 1 ? values[0] : .array(values))
            }
            return .init(entry.key, .object(kept))
        }
        return (
            "write \(had) in the place of \(wrong): \("kms:ViaService") is \("SERVICE.REGION.amazonaws.com"), and no call has that value without its Region",
            failing.statement.replacing("Condition", by: .object(corrected))
        )
    }

    /// A statement of an endpoint or a resource that lists who may pass, and does not list the caller: nobody can call under another ARN.
    private static func ofCaller(_ failing: Standing.Failing) -> (Prose, JSONValue)? {
        let caller = failing.request.request.principal
        guard failing.trace.type == .vpcEndpoint || failing.trace.type == .resourceBased, failing.lines.count == 1,
            let line = failing.lines.first, line.key.lowercased() == "aws:principalarn",
            caller.kind != .service, ARN(caller.principalARN) != nil,
            let after = failing.statement.mappingCondition(
                line.conditionOperator, line.key, { ($0, $1 + [caller.principalARN]) })
        else { return nil }
        return (
            "add \(caller.principalARN) to its \("aws:PrincipalArn"), beside \(list: line.values, limit: 3), if it is meant to pass",
            after
        )
    }

    // MARK: - What belongs to AWS

    private static let ownerKeys: Set<String> = ["aws:resourceorgid", "aws:resourceorgpaths", "aws:resourceaccount"]

    /// Whether what belongs to AWS never has what a key asks for: it is in nobody's organization, and bears nobody's tags.
    private static func isForeign(_ key: String) -> Bool {
        ownerKeys.contains(key.lowercased()) || ConditionTag(conditionKey: key)?.owner == .resource
    }

    /// Whether an ARN is that of something of AWS's own.
    package static func isOfAWS(_ arn: ARN) -> Bool {
        arn.account == "aws" || arn.account.isEmpty && arn.service != "s3"
    }

    /// What belongs to AWS is in no organization of one's own and bears none of one's tags: a statement beside lets AWS's own pass.
    private static func ofAWSOwned(_ failing: Standing.Failing) -> (Prose, JSONValue)? {
        let resource = failing.request.request.resource
        let keys = failing.lines.map(\.key).filter(isForeign).map { $0.lowercased() }
        guard failing.request.isResourceTold, !keys.isEmpty, let arn = ARN(resource), isOfAWS(arn) else { return nil }
        var pattern = arn
        if !pattern.region.isEmpty { pattern.region = "*" }
        // AWS names what is its own so.
        for prefix in ["document/AWS-", "document/AmazonCloudWatch-", "automation-definition/AWS-"]
        where arn.resource.hasPrefix(prefix) { pattern.resource = prefix + "*" }
        var own = failing.statement.withoutConditions(on: Set(keys))
            .replacing("Resource", by: .string(pattern.description))
        if let sid = failing.trace.sid { own = own.replacing("Sid", by: .string(sid + "AWS")) }
        let asked: Prose = "\(list: failing.lines.map(\.key).filter { keys.contains($0.lowercased()) }, limit: 2)"
        return (
            "put a statement for what belongs to AWS (\(pattern.description)) beside it: \(resource) is AWS's own, so \(asked) never is what the statement asks for",
            .array([failing.statement, own])
        )
    }
}

extension JSONValue {
    /// A statement without the lines of its condition on some keys, given in lower case.
    func withoutConditions(on keys: Set<String>) -> JSONValue {
        guard case .object(var members) = self, let place = members.firstIndex(where: { $0.key == "Condition" }),
            case .object(let operators) = members[place].value
        else { return self }
        let kept = operators.compactMap { entry -> Member? in
            guard case .object(let lines) = entry.value else { return entry }
            let rest = lines.filter { !keys.contains($0.key.lowercased()) }
            return rest.isEmpty ? nil : Member(entry.key, .object(rest))
        }
        if kept.isEmpty { members.remove(at: place) } else { members[place].value = .object(kept) }
        return .object(members)
    }
}
