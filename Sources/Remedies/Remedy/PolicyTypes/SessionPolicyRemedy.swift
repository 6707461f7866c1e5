import AccessDenial
import Causes
import Findings
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// What to do where the policy of a session refuses.
enum SessionPolicyRemedy {
    /// It denies, or does not allow.
    package static func limit(_ facts: GroupFacts) -> Remedy {
        let isExplicit = facts.group.reason.effect == .explicit
        let named = facts.group.policyARNs.map(\.value)
        if let service = Sessions.openingService(facts), named.isEmpty { return ofService(service, facts) }
        // What a service writes into the sessions that it opens is its own, also where the trail shows it.
        let openers = Set(facts.group.sessions.compactMap { $0.issue?.issuedTo })
        if let service = openers.first, openers.count == 1, PrincipalName(service).kind == .service {
            return ofService(service, facts)
        }
        let opener = Sessions.refusing(facts)?.opener
        var text: Prose =
            isExplicit
            ? "The session policy denies it: \(opener ?? "whoever opens the session (AssumeRole with a policy, or GetFederationToken)") must remove that Deny."
            : opener.map {
                "Have \($0) pass a session policy that allows \(LeastPrivilege.call(facts)): what a session may do is what both its policy and those of \(facts.principal.shown) allow."
            }
                ?? "The session policy must allow \(facts.group.action): it is given by whoever opens the session (AssumeRole with a policy, or GetFederationToken)."
        if let arn = named.first { text += "AWS names \(arn)." }
        if let session = Sessions.refusing(facts) {
            text += "\(session.opener.capitalised) passed the one that \(session.verdict)."
        }
        if facts.principal.kind == .federatedUser {
            let user: Prose =
                facts.group.sessions.lazy.compactMap { $0.issue?.issuedTo }.first.map { PrincipalName($0).shown }
                ?? "the user who opens the session"
            text =
                isExplicit
                ? text
                : "Pass a session policy that allows \(facts.group.action) to GetFederationToken: a federated user has no policies of its own."
            text +=
                "The session may do what both that policy and the policies of \(user) allow, so these must allow it, too."
            return Remedy(.setting, text)
        }
        text += "The policies of \(facts.principal.shown) are not the cause and cannot help."
        return Remedy(.setting, text)
    }

    /// It is one that an AWS service adds to the sessions that it opens.
    private static func ofService(_ service: String, _ facts: GroupFacts) -> Remedy {
        Remedy(
            .setting,
            "Make the call somewhere else: \(service) opens the session and limits it with a session policy of its own, which nobody in the account can change. A Lambda function or a container with a role of its own can make the call, and the present code can call that. The policies of \(facts.principal.shown) are not the cause and cannot help."
        )
    }

    /// A session policy that would refuse even what the principal's policies allow; empty where none is known.
    package static func caveat(_ facts: GroupFacts) -> Prose {
        guard let session = Sessions.refusing(facts) else { return "" }
        return
            "That alone won't help: \(session.opener) opened the session with a session policy that \(session.verdict), and what a session may do is what both allow. Open it with a session policy that allows \(facts.group.action), or with none."
    }
}
