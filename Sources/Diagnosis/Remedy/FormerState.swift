import IAMPolicy
import OrderedJSON
import PolicyTimeline
import TrailStore

/// Commands that put back what a change replaced or took away, where the timeline tells what that was; ``LostUndo`` tells which of
/// them fail by now.
enum FormerState {
    static func commands(undoing change: TrailChange, _ facts: GroupFacts) -> [ShellCommand] {
        if change.isRevocation { return grant(change, facts).map { [ShellCommand(.kmsCreateGrant, $0)] } ?? [] }
        let inverse = facts.trail.timeline.inverse(of: change.event)
        return inverse.sorted { $0.key < $1.key }.compactMap { lane, operation -> ShellCommand? in
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

    /// The grant that was revoked, made anew.
    private static func grant(_ change: TrailChange, _ facts: GroupFacts) -> [ShellWord]? {
        guard let id = change.grantID, let key = change.resource else { return nil }
        let made = facts.changes.last {
            $0.change.eventName == "CreateGrant" && $0.grantID == id && $0.time <= change.time
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
    /// The one text that an operation puts back; `nil` where it puts back something else, or nothing.
    fileprivate var text: String? {
        let entry: LaneState.Entry? =
            switch self {
            case .restoreAll(let state): state.entries[""]
            case .restore(let entries): entries[""] ?? nil
            case .replaceAll, .set, .remove, .removeStatement, .blur, .blurAll, .observe: nil
            }
        guard case .known(.text(let text))? = entry?.knowledge else { return nil }
        return text
    }
}
