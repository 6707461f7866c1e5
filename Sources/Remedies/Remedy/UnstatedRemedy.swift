import AccessDenial
import Causes
import Findings
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// How to find out what AWS does not say.
enum UnstatedRemedy {
    /// AWS did not say why: how to find out.
    package static func simulate(_ facts: GroupFacts) -> Remedy {
        let group = facts.group
        if facts.isFederatedAssumption { return TrustPolicyRemedy.federated(facts) }
        if let decode = decoding(facts) {
            return Remedy(
                .command,
                "Decode the message: it says which policy and statement decided. It needs the permission \("sts:DecodeAuthorizationMessage") in the account of the caller.",
                commands: PolicyCommands.simulation(facts) + [decode])
        }
        if facts.servicePrefix == "sts", let role = facts.refusedResources.first {
            return Remedy(
                .command,
                "Look at both sides: the trust policy of \(role), and whether the policies of \(facts.principal.shown) allow \(group.action) on it.",
                commands: TrustPolicyRemedy.showTrust(facts) + PolicyCommands.simulation(facts))
        }
        var text: Prose = "AWS does not say enough for a fix."
        let commands = PolicyCommands.simulation(facts)
        if !commands.isEmpty { text += "Have IAM evaluate the principal's policies for exactly this call, as below." }
        if group.authorizationIDs > 0 {
            text += "For 24 hours after a denial, its authorization id gives access to the details."
        }
        return Remedy(.command, text, commands: commands)
    }

    /// The command that reads the encoded part of a message; `nil` where the archive holds none that is whole.
    package static func decoding(_ facts: GroupFacts) -> ShellCommand? {
        guard facts.group.encodedMessages > 0 else { return nil }
        let marker = "Encoded authorization failure message: "
        for message in facts.group.evidence.reversed().compactMap(\.errorMessage)
        where DenialMessage(message).encodedMessage == .whole {
            guard let start = message.firstRange(of: marker)?.upperBound else { continue }
            let encoded = message[start...].prefix { !$0.isWhitespace }
            return ShellCommand(
                .stsDecodeAuthorizationMessage,
                [
                    "--query", "DecodedMessage", "--output", "text",
                    "--encoded-message",
                    .value(String(encoded.hasSuffix(".") ? encoded.dropLast() : encoded), .encodedMessage),
                ])
        }
        return nil
    }
}
