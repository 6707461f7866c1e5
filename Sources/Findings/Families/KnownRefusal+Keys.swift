import AccessDenial
import Causes
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import RecordedCalls
import RecordedChanges
import TrailStore
import Wording

/// Keys of AWS KMS that AWS manages for one service: no other service can use them, and nobody can edit their policies.
extension KnownRefusal {
    /// Whether an AWS service was refused by the policy of a key.
    static func isOfServiceOnKey(_ group: DenialGroup) -> Bool {
        group.eventSource == "kms.amazonaws.com" && group.principalType == "AWSService"
            && group.reason == .missingAllow(.resourceBased)
    }

    /// What the refused calls encrypt for, by their encryption contexts: a queue, a topic.
    static func encryptedFor(_ group: DenialGroup) -> [ARN] {
        var found: [ARN] = []
        for call in group.requests.prefix(3).map({ RecordedCall($0) }) {
            guard case .value(.object(let members)) = call.parameter(["encryptionContext"]) else { continue }
            for arn in members.compactMap(\.value.stringValue).compactMap({ ARN($0) }) where !found.contains(arn) {
                found.append(arn)
            }
        }
        return found
    }

    /// The AWS managed key of what the refused calls encrypt for; `nil` where the trail does not show that it has such a key.
    static func managedKey(_ facts: GroupFacts) -> Known? {
        guard isOfServiceOnKey(facts.group), let owner = encryptedFor(facts.group).first else { return nil }
        guard let choice = KeyChoice(facts), let key = choice.key, key.contains("alias/aws/"), !isCustomers(facts)
        else {
            return nil
        }
        let chosen = choice.change
        let what: Prose =
            switch owner.service {
            case "sqs": "queue \(owner.name)"
            case "sns": "topic \(owner.name)"
            default: "\(owner.description)"
            }
        let service = facts.principal.arn
        var text: Prose =
            "Encrypt \(what) with a customer managed key whose policy lets \(service) call \("kms:GenerateDataKey*") and \("kms:Decrypt")"
        text =
            owner.service == "sqs"
            ? "\(text), or with the keys of SQS itself (\("SqsManagedSseEnabled")), which need no permission."
            : "\(text)."
        text += "If it has another key by now, that key's policy must let \(service) in."
        return Known(
            title: "The key is an AWS managed key, which lets no other service in",
            story:
                "The key encrypts \(what). \(chosen.summary.capitalised) at \(time: chosen.time) with \(key), a key that AWS manages: it serves principals of the account through \(owner.service + ".amazonaws.com") alone, and nobody can edit its policy.",
            remedy: Remedy(.setting, text), evidence: [chosen.evidence])
    }
}

extension KnownRefusal {
    /// Whether the trail shows that the refused key is one that customers manage: somebody wrote its policy.
    private static func isCustomers(_ facts: GroupFacts) -> Bool {
        for change in facts.changes where change.change.eventSource == "kms.amazonaws.com" {
            guard change.changeName == .putKeyPolicy || change.rule?.direction == .creates else { continue }
            if facts.refusedResources.contains(where: { change.isMade(on: $0) }) { return true }
        }
        return false
    }
}
