import AccessDenial
package import Causes
import IAMPolicy
import RecordedChanges
import TrailStore
import Wording

/// What AWS did not say, and how to get it.
package enum Unstated {
    /// Reasons that say no more than that AWS refused.
    package static let slugs: Set<String> = ["unstated", "unrecognised", "message-cut"]

    package static func findings(_ facts: GroupFacts) -> [Finding] {
        [truncated(facts), unstated(facts)].compactMap(\.self)
    }

    private static func truncated(_ facts: GroupFacts) -> Finding? {
        let group = facts.group
        guard group.truncatedDenials > 0 || group.reason.slug == "message-cut" else { return nil }
        let count = max(group.truncatedDenials, 1)
        var text: Prose =
            "CloudTrail keeps 1 KB of an error message, and \(words: count == group.denials ? "every message" : count.of("message", "messages")) of this group was cut there. The rest (the policy's ARN, an encoded authorization message) is unknown, not absent."
        text += "The caller's own log may have the whole message."
        return Finding(
            .messageTruncated, .stated, title: "AWS cut the message", text, evidence: facts.denialEvidence)
    }

    private static func unstated(_ facts: GroupFacts) -> Finding? {
        let group = facts.group
        let slug = group.reason.slug
        guard slugs.contains(slug) else { return nil }
        var text: Prose =
            slug == "unrecognised"
            ? "trail403 does not recognize the wording of AWS's message, so the reason is unknown."
            : "AWS does not say why: an Allow may be missing, a Deny may apply, or the service may have its own reason."
        if !KnownRefusal.isKnown(facts) { text = KnownRefusal.quoted(facts) + text }
        text += KnownRefusal.storyBehind(facts)
        if facts.isFederatedAssumption {
            text +=
                "The caller comes with a token of an identity provider and has no policies in IAM: the role's trust policy decides, its conditions included."
        } else if facts.servicePrefix == "sts" {
            text +=
                "STS does not say whether the caller's policy or the role's trust policy refused: both must allow the call."
        }
        if group.encodedMessages > 0 {
            text +=
                "The message contains an encoded part; \(code: "aws sts decode-authorization-message") decodes it, from the caller's account and with that permission."
        }
        if group.authorizationIDs > 0 {
            text += "The message contains an authorization id; AWS keeps its details for about 24 hours."
        }
        text += facts.namedInstead
        return Finding(
            .reasonUnstated, .stated, title: "AWS does not state the reason", text, evidence: facts.denialEvidence)
    }
}
