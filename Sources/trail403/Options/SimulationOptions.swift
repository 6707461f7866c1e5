import ArgumentParser
import Foundation
import IAMPolicy
import OrderedJSON
import PolicyTimeline

/// A request and its policies, given as options and files of policies.
struct SimulationOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Who makes the request: an ARN, a service's host name, or anonymous.", valueName: "arn"))
    var principal: String?

    @Option(help: ArgumentHelp("The role's ARN with its path, where the principal is a session.", valueName: "arn"))
    var principalArn: String?

    @Option(help: ArgumentHelp("The action, such as mobiletargeting:SendMessages.", valueName: "service:action"))
    var action: String?

    @Option(help: ArgumentHelp("The resource: an ARN, or * (the default) for actions without one.", valueName: "arn"))
    var resource: String?

    @Option(help: ArgumentHelp("The account that owns the resource, if its ARN does not say.", valueName: "id"))
    var resourceAccount: String?

    @Option(
        help: ArgumentHelp(
            "A context key and its value; repeat a key to give it several values. Keys that follow from the principal are already set.",
            valueName: "key=value"))
    var context: [String] = []

    @Option(
        help: ArgumentHelp(
            "A context key whose value is unknown: aws:SourceVpce, aws:ResourceTag/*, or * for all.", valueName: "key"))
    var unknown: [String] = []

    @Option(
        help: ArgumentHelp(
            "A type of policy that exists but is not given here: service-control, session, ...; may be repeated.",
            valueName: "type"))
    var unknownPolicies: [String] = []

    @Option(
        help: ArgumentHelp(
            "A policy of the principal: a file, or the ARN of one that AWS manages; may be repeated.", valueName: "file"
        ), completion: .file())
    var identityPolicy: [String] = []

    @Option(help: ArgumentHelp("The principal's permissions boundary.", valueName: "file"), completion: .file())
    var boundary: [String] = []

    @Option(help: ArgumentHelp("A session policy; may be repeated.", valueName: "file"), completion: .file())
    var sessionPolicy: [String] = []

    @Option(
        help: ArgumentHelp("The resource's policy; for a role to assume, its trust policy.", valueName: "file"),
        completion: .file())
    var resourcePolicy: [String] = []

    @Option(
        help: ArgumentHelp(
            "Service control policies from the root down: each FILE is a level; LEVEL=FILE groups those of one LEVEL. FullAWSAccess in place of a file is AWS's own policy.",
            valueName: "[level=]file"),
        completion: .file())
    var scp: [String] = []

    @Option(
        help: ArgumentHelp("Resource control policies, as --scp.", valueName: "[level=]file"), completion: .file())
    var rcp: [String] = []

    @Option(
        help: ArgumentHelp("The policy of the VPC endpoint that the request goes through.", valueName: "file"),
        completion: .file())
    var endpointPolicy: [String] = []

    /// Whether any of the options was given.
    var isGiven: Bool {
        let single = [principal, principalArn, action, resource, resourceAccount]
        let lists = [
            context, unknown, unknownPolicies, identityPolicy, boundary, sessionPolicy, resourcePolicy, scp, rcp,
            endpointPolicy,
        ]
        return single.contains { $0 != nil } || lists.contains { !$0.isEmpty }
    }

    /// Whether policies were given: without any, the archive is asked for them.
    var givesPolicies: Bool {
        [unknownPolicies, identityPolicy, boundary, sessionPolicy, resourcePolicy, scp, rcp, endpointPolicy]
            .contains { !$0.isEmpty }
    }

    func check() throws {
        guard principal != nil, action != nil else {
            throw ValidationError("give --request FILE, or at least --principal and --action")
        }
        for pair in context where !pair.contains("=") || pair.hasPrefix("=") {
            throw ValidationError("--context takes KEY=VALUE")
        }
    }

    /// The request in the form of a request file.
    func request() throws -> JSONValue {
        var members: [JSONValue.Member] = []
        func add(_ key: String, _ value: JSONValue?) { if let value { members.append(.init(key, value)) } }
        let isAnonymous = principal == "anonymous"
        add("principal", isAnonymous ? .members(("type", .string("Anonymous"))) : principal.map(JSONValue.string))
        add("principalArn", principalArn.map(JSONValue.string))
        add("action", action.map(JSONValue.string))
        add(
            "resource",
            .members(
                ("resource", .string(resource ?? "*")), ("accountId", resourceAccount.map(JSONValue.string) ?? .null)))
        add("context", contextMember())
        add("unknownContextKeys", .array(unknown.map(JSONValue.string)))
        add("identityPolicies", try documents(identityPolicy))
        add("permissionBoundaries", try documents(boundary))
        add("sessionPolicy", try documents(sessionPolicy))
        add("resourcePolicy", try documents(resourcePolicy))
        add("endpointPolicies", try documents(endpointPolicy))
        add("serviceControlPolicies", try levels(scp))
        add("resourceControlPolicies", try levels(rcp))
        add("unknownPolicyTypes", .array(unknownPolicies.map(JSONValue.string)))
        return .object(members)
    }

    /// The request alone, for policies that stand elsewhere.
    func timelineRequest() throws -> TimelineRequest {
        var request = TimelineRequest(
            principal: principal == "anonymous" ? "" : principal ?? "", action: action ?? "", resource: resource ?? "*")
        request.principalARN = principalArn
        request.resourceAccount = resourceAccount
        let (keys, values) = givenContext
        request.context = keys.map { ($0, values[$0] ?? []) }
        request.unknown = unknown
        return request
    }

    /// The keys that were given, in their order, with their values.
    private var givenContext: (keys: [String], values: [String: [String]]) {
        var keys: [String] = []
        var values: [String: [String]] = [:]
        for pair in context {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let key = keys.first { $0.lowercased() == parts[0].lowercased() } ?? parts[0]
            if values[key] == nil { keys.append(key) }
            values[key, default: []].append(parts[1])
        }
        return (keys, values)
    }

    /// The keys that were given, and those that follow from the principal.
    private func contextMember() -> JSONValue {
        var (keys, values) = givenContext
        let own = principal.flatMap { RequestPrincipal($0, principalARN: principalArn) }?.contextKeys ?? []
        for (key, value) in own where !keys.contains(where: { $0.lowercased() == key.lowercased() }) {
            keys.append(key)
            values[key] = [value]
        }
        return .object(
            keys.map { key in
                let list = values[key] ?? []
                return .init(key, list.count == 1 ? .string(list[0]) : .array(list.map(JSONValue.string)))
            })
    }

    private func documents(_ files: [String]) throws -> JSONValue? {
        files.isEmpty ? nil : .array(try files.map(Self.document))
    }

    private func levels(_ entries: [String]) throws -> JSONValue? {
        var labels: [String] = []
        var files: [String: [String]] = [:]
        for (index, entry) in entries.enumerated() {
            let parts = entry.split(separator: "=", maxSplits: 1).map(String.init)
            let isLabelled = parts.count == 2 && !parts[0].contains("/")
            let label = isLabelled ? parts[0] : "level \(index + 1)"
            if files[label] == nil { labels.append(label) }
            files[label, default: []].append(isLabelled ? parts[1] : entry)
        }
        guard !labels.isEmpty else { return nil }
        return .array(
            try labels.map { label in
                .members(
                    ("orgIdentifier", .string(label)),
                    ("policies", .array(try (files[label] ?? []).map(Self.document))))
            })
    }

    /// A policy with its file's name, or the ARN of one that AWS manages; what stands in the file may have any form in which policies come.
    private static func document(_ file: String) throws -> JSONValue {
        if file == "FullAWSAccess" { return .members(("name", .string(file)), ("document", .string(fullAccess))) }
        if ManagedPolicyReferences.isReference(file) { return .string(file) }
        let text = try RequestFile.text(file, limit: PolicyReading.sizeLimit)
        do {
            _ = try Policy(name: file, json: text, as: .identityBased)
        } catch {
            throw Failure(description: "`\(file)` is not a policy: \(error)")
        }
        return .members(("name", .string(file)), ("document", .string(text)))
    }

    private static let fullAccess =
        #"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#
}

/// Reads files of requests and policies.
enum RequestFile {
    /// The text of a file, or of standard input for `-`; more than `limit` bytes are refused.
    static func text(_ file: String, limit: Int) throws -> String {
        var data: Data?
        do {
            let handle =
                try file == "-" ? FileHandle.standardInput : FileHandle(forReadingFrom: URL(fileURLWithPath: file))
            data = try handle.read(upToCount: limit + 1)
        } catch {
            throw Failure(description: "cannot read `\(file)`: check that it is a readable file")
        }
        guard let data, !data.isEmpty else { throw Failure(description: "`\(file)` is empty") }
        guard data.count <= limit else { throw Failure(description: "`\(file)` is larger than \(limit) bytes") }
        guard let text = String(data: data, encoding: .utf8) else {
            throw Failure(description: "`\(file)` is not UTF-8 text")
        }
        return text
    }
}
