import CloudTrail
import IAMPolicy
import OrderedJSON
import PolicyTimeline

/// Puts the texts of AWS's own policies into a request that names them by their ARNs.
struct ManagedPolicyReferences {
    /// What is to be said of the texts: which version each is, and how sure that is.
    private(set) var notes: [String] = []

    private let policies = AWSManagedPolicies.bundled
    /// The time of the request as it was given, and in seconds since 1970; `nil` where it has none.
    private var time: (text: String, seconds: Int64)?

    /// Whether a text stands for a policy by its ARN.
    static func isReference(_ text: String) -> Bool { text.hasPrefix("arn:") }

    /// The request with a document in place of each ARN. Throws ``SimulationRequestError`` where AWS has no such policy.
    mutating func resolve(_ request: JSONValue) throws -> JSONValue {
        guard case .object(let members) = request else { return request }
        if case .object(let keys)? = request.lastMember("context"),
            let text = keys.last(where: { $0.key.lowercased() == "aws:currenttime" })?.value.stringValue,
            let seconds = EventTime.seconds(text)
        {
            time = (text, seconds)
        }
        return .object(
            try members.map { member in
                let path = JSONPath().key(member.key)
                switch member.key {
                case "identityPolicies", "permissionBoundaries", "sessionPolicy", "resourcePolicy", "endpointPolicies":
                    return .init(member.key, try documents(member.value, at: path))
                case "serviceControlPolicies", "resourceControlPolicies":
                    return .init(member.key, try levels(member.value, at: path))
                default: return member
                }
            })
    }

    private mutating func levels(_ value: JSONValue, at path: JSONPath) throws -> JSONValue {
        guard case .array(let levels) = value else { return value }
        var resolved: [JSONValue] = []
        for (index, level) in levels.enumerated() {
            guard case .object(let members) = level else {
                resolved.append(level)
                continue
            }
            let place = path.index(index)
            resolved.append(
                .object(
                    try members.map { member in
                        guard member.key == "policies" else { return member }
                        return .init(member.key, try documents(member.value, at: place.key(member.key)))
                    }))
        }
        return .array(resolved)
    }

    /// A policy, or a list of policies.
    private mutating func documents(_ value: JSONValue, at path: JSONPath) throws -> JSONValue {
        guard case .array(let list) = value else { return try document(value, at: path) }
        var resolved: [JSONValue] = []
        for (index, element) in list.enumerated() { resolved.append(try document(element, at: path.index(index))) }
        return .array(resolved)
    }

    private mutating func document(_ value: JSONValue, at path: JSONPath) throws -> JSONValue {
        if case .string(let arn) = value, Self.isReference(arn) {
            let (name, text) = try text(arn, at: path)
            return .members(("name", .string(name)), ("document", .string(text)))
        }
        guard case .object(let members) = value, value.lastMember("Statement") == nil,
            let arn = value.lastMember("document")?.stringValue, Self.isReference(arn)
        else { return value }
        let (name, text) = try text(arn, at: path.key("document"))
        let own: [JSONValue.Member] = value.lastMember("name") == nil ? [.init("name", .string(name))] : []
        return .object(members.filter { $0.key != "document" } + own + [.init("document", .string(text))])
    }

    /// The name of AWS's policy, and its text at the time of the request; without a time, the newest that is known.
    private mutating func text(_ arn: String, at path: JSONPath) throws -> (name: String, text: String) {
        guard let policy = policies.policy(arn: arn), let newest = policy.versions.last else {
            throw SimulationRequestError(
                .badPolicy, at: path.description,
                "`\(arn)` is not an AWS managed policy that trail403 knows; give the document of any other policy")
        }
        guard let time else {
            note("\(told(policy, newest)), the newest that trail403 knows.")
            return (policy.name, newest.document.prettyText())
        }
        switch policies.document(arn: arn, at: time.seconds) {
        case .certain(let version):
            note("\(told(policy, version)), which was in force at \(time.text).")
            return (policy.name, version.document.prettyText())
        case .nearest(let version, let period):
            let after = EventTime.text(period.after)
            let change = period.until.map { "AWS changed it between \(after) and \(EventTime.text($0))" }
            note(
                "\(told(policy, version)). It is not certain that this was in force at \(time.text): "
                    + "\(change ?? "AWS may have changed it since \(after)").")
            return (policy.name, version.document.prettyText())
        case .unknown:
            throw SimulationRequestError(
                .badPolicy, at: path.description,
                "AWS had no policy `\(arn)` at \(time.text), or none that trail403 knows")
        }
    }

    private func told(_ policy: AWSManagedPolicy, _ version: AWSManagedPolicy.Version) -> String {
        "Policy `\(policy.name)` is AWS's, in version \(version.id) of \(EventTime.text(version.updated).prefix(10))"
    }

    private mutating func note(_ text: String) { if !notes.contains(text) { notes.append(text) } }
}
