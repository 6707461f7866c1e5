import AccessDenial
import Causes
import Findings
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// What to do where the trust policy of a role refuses.
enum TrustPolicyRemedy {
    /// It lacks an Allow.
    package static func missing(_ facts: GroupFacts) -> Remedy {
        return Remedy(
            .policy,
            "Let \(named(facts)) allow \(facts.group.action) to \(facts.callerNamed). If the role is another account's, the caller's own policy must allow \(facts.group.action) on it as well.",
            commands: showTrust(facts), policy: LeastPrivilege.trustPolicy(facts))
    }

    /// It denies.
    package static func denied(_ facts: GroupFacts) -> Remedy {
        return Remedy(
            .policy, "Remove or narrow the Deny in \(named(facts)). An Allow cannot override it.",
            commands: showTrust(facts))
    }

    private static func named(_ facts: GroupFacts) -> Prose {
        facts.roleToAssume.map { "the trust policy of role \($0.name)" } ?? "the trust policy of the role"
    }

    /// Callers with a token of an identity provider have no policies: the role's trust policy alone lets them in.
    package static func federated(_ facts: GroupFacts) -> Remedy {
        let isSAML = facts.operation.hasSuffix("SAML")
        let role: Prose =
            facts.roleToAssume.map { "role \($0.name) (\($0.description))" } ?? "the role that was asked for"
        var text: Prose =
            "Look at the trust policy of \(role): it alone decides, because whoever comes with \(words: isSAML ? "an assertion" : "a token") of an identity provider has no policies in IAM."
        text +=
            "It must name the provider as \("Federated") principal and allow \(facts.group.action), and its conditions must match what the provider sends:"
        text =
            isSAML
            ? "\(text) \("SAML:aud") the sign-in address, \("SAML:sub") or \("SAML:iss") the user or the provider."
            : "\(text) \("aud") the client or audience, \("sub") the user, repository or service account. For Amazon Cognito \("cognito-identity.amazonaws.com:aud") is the id of the identity pool and \("cognito-identity.amazonaws.com:amr") tells guests from users."
        text += ConditionalAllow.ofRole(facts)?.demand ?? ""
        let commands = facts.roleToAssume.map { [PolicyCommands.trust(ofRole: $0.name)] } ?? []
        return Remedy(commands.isEmpty ? .setting : .command, text, commands: commands)
    }

    /// The command that shows the trust policy of the refused role; none where no role was.
    static func showTrust(_ facts: GroupFacts) -> [ShellCommand] {
        let role = facts.refusedResources.lazy.compactMap { ARN($0) }.first { $0.resource.hasPrefix("role/") }
        return role.map { [PolicyCommands.trust(ofRole: $0.name)] } ?? []
    }
}
