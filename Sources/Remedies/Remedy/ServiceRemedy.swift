import AccessDenial
import Causes
import Findings
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// What to do where a service refused in words of its own.
enum ServiceRemedy {
    static func refusedByService(_ facts: GroupFacts) -> Remedy {
        if facts.group.reason.policyType == .vpcEndpoint {
            let ids = facts.group.vpcEndpointIds.map(\.value)
            var text: Prose = "Look at the VPC endpoint's policy: it holds a Deny, or lacks an Allow."
            if !ids.isEmpty { text += "The endpoint is \(list: ids, limit: 3)." }
            return LimitEdit.offered(Remedy(.policy, text, commands: PolicyCommands.endpoints(facts, limit: 3)), facts)
        }
        if PublicAccess.isReason(facts) { return PublicAccess.remedy(nil, facts) }
        if ServiceGrants.isReason(facts) { return ServiceGrants.remedy(nil, facts) }
        if facts.group.reason.slug == "cross-account-pass-role" {
            return Remedy(.setting, "Use a role of the account that makes the call. No policy can allow this.")
        }
        if facts.group.reason.slug == "root-cannot-assume-roles" {
            return Remedy(
                .setting,
                "Call with the credentials of a role, or of a user that may assume the role: a root user assumes none, and \("arn:aws:iam::\(facts.caller.account):root") in a trust policy stands for the account. Delete root's access key if it has one. No policy is to be changed."
            )
        }
        if facts.group.reason.slug == "key-policy-or-region" { return keyOrRegion(facts) }
        return Remedy(.setting, "The service refused for the reason above. \(words: facts.group.reason.meaning)")
    }

    /// KMS names three causes at once: how to tell them apart.
    static func keyOrRegion(_ facts: GroupFacts) -> Remedy {
        let region = facts.group.regions.count == 1 ? facts.group.regions.first?.value : nil
        let key = facts.askedResource.flatMap { ARN($0)?.service == "kms" ? $0 : nil }
        var text: Prose =
            "First check that the key is in the Region that was called (\(list: facts.group.regions.map(\.value), limit: 3)): a key's ARN shows its Region. Then its policy must allow \(facts.principal.arn) to call \(facts.group.action), or let policies of the account do so, and must not deny it."
        if key == nil { text += "The records do not name the key; the application's settings do." }
        let id = key.flatMap { ARN($0)?.name }
        let commands = id.map {
            [
                ShellCommand(.kmsDescribeKey, ["--key-id", .key($0)] + ShellWord.region(region)),
                ShellCommand(
                    .kmsGetKeyPolicy,
                    ["--key-id", .key($0), "--output", "text"]
                        + ShellWord.region(region)),
            ]
        }
        return Remedy(.policy, text, commands: commands ?? [])
    }
}
