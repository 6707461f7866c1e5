import AccessDenial
import Causes
import IAMPolicy
import OrderedJSON
import RecordedCalls
import RecordedChanges
import TrailStore
import Wording

// Refused resources that say more of the request than of the policy: a secret that was named in part, a recipient of mail.

// MARK: - Secrets

extension ResourceForms {
    /// A secret that was asked for without the end of its ARN, and that the policy allows with it.
    struct UnresolvedSecret {
        var refused: ARN
        /// Whether the name ends as whole ARNs do.
        var looksWhole: Bool

        var story: Prose {
            looksWhole
                ? "The policy allows the secret's whole ARN, and the call passed it in part: without the six characters that Secrets Manager adds. The name itself ends in a hyphen and six characters, so it is taken for a whole ARN and not looked up."
                : "The policy allows the secret's whole ARN, with the six characters that Secrets Manager adds, and AWS names one without them: the call's was not looked up, as for a secret that does not exist in that Region."
        }
    }

    /// `nil` where the policy would not allow it either, and for anything else than secrets.
    static func unresolved(_ allow: PolicyDocuments.NarrowAllow) -> UnresolvedSecret? {
        guard let refused = allow.uncovered.first.flatMap({ ARN($0) }), refused.service == "secretsmanager",
            refused.resource.hasPrefix("secret:"),
            allow.granted.contains(where: { ResourcePattern($0).matches(refused.description + "-AbCdEf") })
        else { return nil }
        return UnresolvedSecret(refused: refused, looksWhole: refused.secretName != nil)
    }

    /// Source: "GetSecretValue" in the AWS Secrets Manager API reference, on partial ARNs.
    static func namingSecret(_ allow: PolicyDocuments.NarrowAllow) -> Remedy? {
        guard let secret = unresolved(allow) else { return nil }
        let arn = secret.refused.description
        return Remedy(
            .setting,
            secret.looksWhole
                ? "Pass the secret's whole ARN (\(arn + "-") and six characters more), or its name alone. Do not allow \(arn): no secret has it, and the call would fail as not found."
                : "Check the secret's name and Region, and pass its whole ARN. Do not allow \(arn): no secret has it."
        )
    }
}

// MARK: - Recipients of mail

extension ResourceForms {
    /// Whoever a mail is for, whose identity was refused.
    struct Recipient {
        var identity: String
        /// Whether the records show that it is the recipient's; they may hide all addresses.
        var isTold: Bool

        /// Source: "Moving out of the Amazon SES sandbox" in the Amazon SES developer guide.
        var story: Prose {
            isTold
                ? "\(identity) is who the mail is for: as long as the account is in the SES sandbox, SES checks the recipient's identity as well as the sender's."
                : "The same caller's mail goes out to others, and the records hide addresses: if \(identity) is who the mail is for, the account is in the SES sandbox, where SES checks the recipient's identity as well. Then production access helps, or an Allow on \("identity/*")."
        }
    }

    /// The refused identity where it is, or may be, that of a recipient; `nil` where it is not.
    static func recipient(_ allow: PolicyDocuments.NarrowAllow, _ facts: GroupFacts) -> Recipient? {
        guard let arn = allow.uncovered.first.flatMap({ ARN($0) }), arn.service == "ses",
            arn.resource.hasPrefix("identity/")
        else { return nil }
        let identity = String(arn.resource.dropFirst("identity/".count))
        let parts = facts.group.requests.prefix(3).map { part(of: identity.lowercased(), in: RecordedCall($0)) }
        guard let first = parts.first, parts.allSatisfy({ $0 == first }) else { return nil }
        switch first {
        case .recipient: return Recipient(identity: identity, isTold: true)
        case .sender: return nil
        case .hidden:
            let hasSent = facts.sameActionHere.contains { $0.successes > 0 }
            let sendsAsOther = allow.granted.contains { ARN($0)?.resource.hasPrefix("identity/") == true }
            return hasSent && sendsAsOther ? Recipient(identity: identity, isTold: false) : nil
        }
    }

    private enum Part { case sender, recipient, hidden }

    private static func part(of identity: String, in call: RecordedCall) -> Part {
        func holds(_ address: String) -> Bool {
            let bare = address.lowercased().split(whereSeparator: { "<>".contains($0) }).last.map(String.init) ?? ""
            return bare == identity || bare.hasSuffix("@" + identity)
        }
        let senders = ["source", "fromEmailAddress", "fromEmailAddressIdentityArn", "fromArn", "sourceArn"]
            .compactMap { call.parameterText($0) }
        if senders.contains(where: holds) { return .sender }
        var isRecipient = false
        for name in ["destination", "destinations"] {
            call.parameters?.member(ignoringCase: name)?.forEachText { if holds($0) { isRecipient = true } }
        }
        return isRecipient ? .recipient : .hidden
    }

    /// Source: the same, and "Controlling access to Amazon SES" on its identities.
    static func leavingSandbox(_ allow: PolicyDocuments.NarrowAllow, _ facts: GroupFacts) -> Remedy? {
        guard let recipient = recipient(allow, facts), recipient.isTold,
            var all = allow.uncovered.first.flatMap({ ARN($0) })
        else { return nil }
        all.resource = "identity/*"
        return Remedy(
            .policy,
            "Ask for production access: outside of the sandbox SES checks the sender's side alone. As long as the account is in it, let policy \(allow.policy.name) allow \(facts.group.action) on \(all.description)."
        )
    }
}
