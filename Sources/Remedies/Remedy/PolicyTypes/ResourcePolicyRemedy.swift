import AccessDenial
import Causes
import Findings
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// What to do where the policy of the resource itself refuses.
enum ResourcePolicyRemedy {
    /// It lacks an Allow.
    package static func missing(_ facts: GroupFacts) -> Remedy {
        let least = LeastPrivilege.resourcePolicy(facts)
        var text: Prose =
            "Let \(policy(facts)) allow \(facts.group.action) to \(facts.principal.arn). It belongs to the owner of the resource\(owner(facts))."
        if least != nil { text += "The statement to add is below." }
        if let grant = grant(facts) {
            text = grant + "If neither is an option, the key's policy has to allow the call." + text
        }
        return Remedy(.policy, text, commands: ResourcePolicyCommands.show(facts), policy: least)
    }

    /// How a grant of a key comes to let the calls pass whose encryption context it does not; `nil` where none nearly does.
    private static func grant(_ facts: GroupFacts) -> Prose? {
        guard let statement = facts.failing?.statement, let id = statement.grantID, statement.principals.isEmpty else {
            return nil
        }
        let unmet = statement.conditions.filter { $0.matches == .no }
        guard !unmet.isEmpty, unmet.allSatisfy({ $0.key.hasPrefix("kms:EncryptionContext") }) else { return nil }
        let prefix = "kms:EncryptionContext:"
        let pairs = statement.conditions.filter { $0.key.hasPrefix(prefix) }.map {
            "\($0.key.dropFirst(prefix.count))=\($0.wanted.first ?? "")"
        }
        let areTooMany = unmet.allSatisfy { $0.key == "kms:EncryptionContextKeys" }
        let context: Prose = "\(list: pairs)\(words: areTooMany ? " and no other pair" : "")"
        let constraint: Prose =
            areTooMany
            ? "EncryptionContextSubset in its constraints, which lets further pairs pass"
            : "the encryption context that the calls send"
        return
            "Send the encryption context that grant \(id) asks for (\(context)), or create a grant with \(constraint): a grant cannot be edited."
    }

    /// It denies.
    package static func denied(_ facts: GroupFacts) -> Remedy {
        return Remedy(
            .policy,
            "Remove or narrow the Deny in \(policy(facts)). It belongs to the owner of the resource\(owner(facts)). An Allow cannot override it.",
            commands: ResourcePolicyCommands.show(facts))
    }

    /// The policy that is to be edited: of objects their bucket's.
    private static func policy(_ facts: GroupFacts) -> Prose {
        let owners = Set(facts.refusedResources.map { Holder.resource(arn: $0) })
        guard owners.count == 1, let owner = owners.first ?? nil, let resource = facts.refusedResources.first else {
            return "the resource's own policy"
        }
        return owner.service == "s3" && owner.account.isEmpty
            ? "the policy of bucket \(owner.name)" : "the policy of \(resource)"
    }

    /// Whose it is, where that is another account than the caller's or not; empty where the resource tells no account.
    package static func owner(_ facts: GroupFacts) -> Prose {
        facts.resourceAccount.map { ", account \($0)" } ?? ""
    }
}
