import IAMPolicy
import OrderedJSON
import TrailStore

/// Commands that put back what a change replaced or took away, where the trail tells what that was; ``LostUndo`` tells which of them
/// fail by now.
enum FormerState {
    static func commands(undoing change: TrailChange, _ facts: GroupFacts) -> [ShellCommand] {
        let before = Array(facts.changes.prefix { $0 != change })
        let region = ShellWord.region(change.change.awsRegion)
        let command: ShellCommand?
        switch change.change.eventName {
        case "CreatePolicyVersion", "SetDefaultPolicyVersion":
            command = change.policyARN.flatMap { arn in
                version(of: arn, before).map {
                    ShellCommand(
                        .iamSetDefaultPolicyVersion,
                        ["--policy-arn", .policyARN(arn), "--version-id", .value($0, .policyVersion)])
                }
            }
        case "PutRolePermissionsBoundary" where change.concerns(facts.principal):
            command = boundary(facts, before).map {
                ShellCommand(
                    .iamPutRolePermissionsBoundary,
                    ["--role-name", .role(facts.principal.name), "--permissions-boundary", .policyARN($0)])
            }
        case "PutUserPermissionsBoundary" where change.concerns(facts.principal):
            command = boundary(facts, before).map {
                ShellCommand(
                    .iamPutUserPermissionsBoundary,
                    ["--user-name", .user(facts.principal.name), "--permissions-boundary", .policyARN($0)])
            }
        case "RevokeGrant", "RetireGrant":
            command = grant(change, before).map { ShellCommand(.kmsCreateGrant, $0 + region) }
        default: command = nil
        }
        return command.map { [$0] } ?? []
    }

    /// The version of a managed policy that was the default one.
    private static func version(of arn: String, _ before: [TrailChange]) -> String? {
        let change = before.last { change in
            change.policyARN == arn && !change.keepsDefaultVersion
                && ["CreatePolicy", "CreatePolicyVersion", "SetDefaultPolicyVersion"].contains(change.change.eventName)
        }
        guard let change else { return nil }
        return change.change.eventName == "CreatePolicy" ? "v1" : change.versionID
    }

    private static func boundary(_ facts: GroupFacts, _ before: [TrailChange]) -> String? {
        guard let last = before.last else { return nil }
        return PolicyHistory(of: facts.principal, at: last.time, changes: before).boundary
    }

    /// The grant that was revoked, made anew.
    private static func grant(_ change: TrailChange, _ before: [TrailChange]) -> [ShellWord]? {
        guard let id = change.grantID, let key = change.resource else { return nil }
        let made = before.last { $0.change.eventName == "CreateGrant" && $0.grantID == id }
        guard let made, let grantee = made.parameter("granteePrincipal") else { return nil }
        let operations = made.parameters?.member(ignoringCase: "operations")?.elements.compactMap(\.stringValue) ?? []
        // Constraints are lost on the way to a command line, and a grant without them would allow more.
        guard !operations.isEmpty, made.parameters?.member(ignoringCase: "constraints") == nil else { return nil }
        return [
            "--key-id", .key(key), "--grantee-principal", .value(grantee, .arn(service: nil)),
            "--operations",
        ] + operations.map { .value($0, .grantOperation) }
    }
}
