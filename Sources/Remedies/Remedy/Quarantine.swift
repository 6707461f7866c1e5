import AccessDenial
import Causes
import Findings
import IAMPolicy
import RecordedChanges
import TrailStore
import Wording

/// The policy that AWS itself attaches to a user whose access key was found in public.
///
/// Source: "AWSCompromisedKeyQuarantineV3" in the AWS managed policy reference: it is not to be removed before the support case of
/// that event is settled.
enum Quarantine {
    /// Whether a policy is one of those, whatever its version.
    static func isQuarantine(_ arn: String) -> Bool {
        guard let parsed = ARN(arn), parsed.account == "aws" else { return false }
        return parsed.name.hasPrefix("AWSCompromisedKeyQuarantine")
    }

    /// What to do where such a policy refuses: AWS names it, or it is what was attached last. `nil` where there is none.
    package static func remedy(_ facts: GroupFacts, attached change: TrailChange? = nil) -> Remedy? {
        let named = facts.group.policyARNs.map(\.value)
        guard facts.group.reason.effect != .implicit,
            let arn = (named + [change?.policyARN].compactMap(\.self)).first(where: isQuarantine)
        else { return nil }
        let holder = facts.principal.shown
        var commands: [ShellCommand] = []
        if facts.principal.kind == .user {
            commands = [ShellCommand(.iamListAccessKeys, ["--user-name", .user(facts.principal.name)])]
        }
        return Remedy(
            commands.isEmpty ? .setting : .command,
            "Do not detach \(arn) first: AWS attaches it where an access key was found in public, and it limits what whoever found the key can do. Give the programs of \(holder) another key, make the old one inactive (\(code: "aws iam update-access-key --status Inactive")), search the archive for activity with it that is not yours (users, roles, keys, instances and functions that came), delete it, and answer the support case that AWS opened that day. Detach the policy last.",
            commands: commands)
    }
}
