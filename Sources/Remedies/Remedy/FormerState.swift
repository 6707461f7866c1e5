import Causes
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import RecordedCalls
import RecordedChanges
import TrailStore
import Wording

/// Commands that put back what a change replaced or took away, where the timeline tells what that was; ``LostUndo`` tells which of
/// them fail by now.
enum FormerState {
    package static func commands(undoing change: TrailChange, _ facts: GroupFacts) -> [ShellCommand] {
        if change.isRevocation { return grant(change, facts).map { [ShellCommand(.kmsCreateGrant, $0)] } ?? [] }
        switch change.changeName {
        case .removePermission, .removeLayerVersionPermission:
            let before = Array(facts.changes.prefix { $0 != change })
            return permission(change, before).map {
                [ShellCommand($0.operation, $0.words + ShellWord.region(change.change.awsRegion))]
            } ?? []
        default: break
        }
        let inverse = facts.trail.timeline.inverse(of: change.event)
        return inverse.sorted { $0.key < $1.key }.compactMap { lane, operation -> ShellCommand? in
            if lane.kind == .tags { return tags(operation, change, facts) }
            guard let former = operation.text else { return nil }
            let holder = lane.holder
            switch (lane.kind, holder.kind) {
            case (.defaultVersion, _):
                return ShellCommand(
                    .iamSetDefaultPolicyVersion,
                    ["--policy-arn", .policyARN(holder.name), "--version-id", .value(former, .policyVersion)])
            case (.boundary, .role):
                return ShellCommand(
                    .iamPutRolePermissionsBoundary,
                    ["--role-name", .role(holder.name), "--permissions-boundary", .policyARN(former)])
            case (.boundary, .user):
                return ShellCommand(
                    .iamPutUserPermissionsBoundary,
                    ["--user-name", .user(holder.name), "--permissions-boundary", .policyARN(former)])
            default: return nil
            }
        }
    }

    /// The event whose record holds what the one policy of a resource, an endpoint or a role's trust said before a change; `nil` where
    /// the trail holds none.
    package static func text(before change: TrailChange, _ facts: GroupFacts) -> TrailChange? {
        let lanes = Set(change.edits.map(\.lane.holder)).sorted().flatMap {
            [LaneName($0, .policy), LaneName($0, .trust)]
        }
        return lanes.lazy.compactMap { lane in
            let before = facts.trail.timeline.state(
                of: lane.holder, lane.kind, at: change.event.moment, undoing: [change.event])
            return before.entries[""]?.source.event.flatMap(facts.trail.change)
        }.first { $0.document != nil }
    }

    /// Whom the text of a resource's policy or of a role's trust lets in by name since a change and did not before: who would be shut out
    /// by the former text. Empty where the trail does not tell both.
    package static func letIn(by change: TrailChange, _ facts: GroupFacts) -> [String] {
        guard let now = change.document, let former = text(before: change, facts)?.document else { return [] }
        return names(now).subtracting(names(former)).subtracting([facts.principal.arn]).sorted()
    }

    /// Whom a policy lets in by name.
    private static func names(_ document: PolicyDocument) -> Set<String> {
        Set(
            document.statements.filter { $0.effect == .allow }.flatMap { $0.principals?.patterns ?? [] }.map(\.text)
                .filter { $0 != "*" && !$0.hasSuffix(":root") })
    }

    /// The tags that a change took or wrote over, as `KEY=VALUE`, as far as the trail tells their values.
    package static func tags(before change: TrailChange, _ facts: GroupFacts) -> [String] {
        let before = facts.changes.prefix { $0.moment < change.moment }
        return facts.trail.timeline.inverse(of: change.event).filter { $0.key.kind == .tags }.values.flatMap {
            operation in
            change.tagKeys.sorted().compactMap { key -> String? in
                guard case .known(.text(let value))? = operation.entry(key)?.knowledge else { return nil }
                return "\(written(key, change, before))=\(value)"
            }
        }.sorted()
    }

    /// The tags that a change took or wrote over, as far as the trail tells their values.
    private static func tags(_ operation: PolicyEdit.Operation, _ change: TrailChange, _ facts: GroupFacts)
        -> ShellCommand?
    {
        let former = change.tagKeys.sorted().compactMap { key -> [ShellWord.Field]? in
            guard case .known(.text(let value))? = operation.entry(key)?.knowledge else { return nil }
            return [
                ShellWord.Field(
                    name: "Key", value: written(key, change, facts.changes.prefix { $0.moment < change.moment }),
                    form: .name("the tag's key")),
                ShellWord.Field(name: "Value", value: value, form: .text("the tag's value")),
            ]
        }
        guard !former.isEmpty else { return nil }
        let (call, words): (AWSOperation, [ShellWord])
        if let role = change.roleName {
            (call, words) = (.iamTagRole, ["--role-name", .role(role)])
        } else if let user = change.userName {
            (call, words) = (.iamTagUser, ["--user-name", .user(user)])
        } else if change.change.eventSource == "secretsmanager.amazonaws.com", let secret = change.parameter("secretId")
        {
            (call, words) = (.secretsmanagerTagResource, ["--secret-id", .secret(secret)])
        } else {
            return nil
        }
        let region = call.isGlobal ? [] : ShellWord.region(change.change.awsRegion)
        return ShellCommand(call, words + ["--tags", .structures(former)] + region)
    }

    /// The key of a tag in its own case.
    private static func written(_ key: String, _ change: TrailChange, _ before: ArraySlice<TrailChange>) -> String {
        for change in [change] + before.reversed() {
            let lists = ["tags", "tagKeys"].compactMap { change.parameters?.member(ignoringCase: $0) }
            for element in lists.flatMap(\.elements) {
                let text = element.stringValue ?? element.member(ignoringCase: "key")?.stringValue
                if let text, text.lowercased() == key { return text }
            }
        }
        return key
    }

    /// The statement of a function's or layer's policy that was taken away, as it was added.
    private static func permission(_ change: TrailChange, _ before: [TrailChange]) -> (
        operation: AWSOperation, words: [ShellWord]
    )? {
        let isLayer = change.changeName == .removeLayerVersionPermission
        guard let id = change.parameter("statementId"), let resource = change.resource else { return nil }
        let made = before.last {
            $0.changeName == (isLayer ? .addLayerVersionPermission : .addPermission)
                && $0.parameter("statementId") == id && $0.resource == resource
        }
        guard let made, case .object(let members)? = made.parameters else { return nil }
        var words: [ShellWord] = []
        for member in members.sorted(by: { $0.key.lowercased() < $1.key.lowercased() }) {
            // A condition that is lost on the way would allow more than was allowed.
            guard let option = permissionOptions[member.key.lowercased()] else { return nil }
            guard let value = member.value.scalarText else { continue }
            words += [.ours(option.name), .value(value, option.form)]
        }
        return (isLayer ? .lambdaAddLayerVersionPermission : .lambdaAddPermission, words)
    }

    /// Source: `add-permission` and `add-layer-version-permission` in the AWS CLI command reference.
    private static let permissionOptions: [String: (name: String, form: ValueForm)] = [
        "functionname": ("--function-name", .nameOrARN("the function's name", service: "lambda")),
        "layername": ("--layer-name", .nameOrARN("the layer's name", service: "lambda")),
        "versionnumber": ("--version-number", .name("the layer's version")),
        "statementid": ("--statement-id", .name("the statement's id")),
        "action": ("--action", .action), "principal": ("--principal", .text("the principal")),
        "sourcearn": ("--source-arn", .arn(service: nil)), "sourceaccount": ("--source-account", .account),
        "organizationid": ("--organization-id", .id("the organization's id", prefix: "o-")),
        "principalorgid": ("--principal-org-id", .id("the organization's id", prefix: "o-")),
        "qualifier": ("--qualifier", .name("the qualifier")),
    ]

    /// The grant that was revoked, made anew.
    private static func grant(_ change: TrailChange, _ facts: GroupFacts) -> [ShellWord]? {
        guard let id = change.grantID, let key = change.resource else { return nil }
        let made = facts.changes.last {
            $0.changeName == .createGrant && $0.grantID == id && $0.time <= change.time
        }
        guard let made, let grantee = made.parameter("granteePrincipal") else { return nil }
        let operations = made.parameters?.member(ignoringCase: "operations")?.elements.compactMap(\.stringValue) ?? []
        // Constraints are lost on the way to a command line, and a grant without them would allow more.
        guard !operations.isEmpty, made.parameters?.member(ignoringCase: "constraints") == nil else { return nil }
        return [
            "--key-id", .key(key), "--grantee-principal", .value(grantee, .arn(service: nil)), "--operations",
        ] + operations.map { .value($0, .grantOperation) } + ShellWord.region(change.change.awsRegion)
    }
}

extension PolicyEdit.Operation {
    /// What an operation puts back under a name; `nil` where it puts back nothing.
    fileprivate func entry(_ name: String) -> LaneState.Entry? {
        switch self {
        case .restoreAll(let state): state.entries[name]
        case .restore(let entries): entries[name] ?? nil
        case .replaceAll, .set, .remove, .removeStatement, .blur, .blurAll, .observe: nil
        }
    }

    /// The one text that an operation puts back; `nil` where it puts back something else, or nothing.
    fileprivate var text: String? {
        if case .known(.text(let text))? = entry("")?.knowledge { text } else { nil }
    }
}
