import AccessDenial
import Causes
import Findings
import IAMPolicy
import PolicyTimeline
import RecordedCalls
import RecordedChanges
import TrailStore
import Wording

/// What to do about credentials, tokens and second factors. No policy is involved but where one asks for a second factor.
enum CredentialsRemedy {
    /// AWS does not know the access key, the password or the token.
    package static func invalid(_ facts: GroupFacts) -> Remedy {
        if facts.group.reason.slug == "sign-in-failed" {
            return Remedy(
                .setting,
                "Check user name, password and second factor. If the user did not try to sign in, someone else did. No policy is involved."
            )
        }
        if facts.group.reason.slug == "identity-token-rejected" { return identityToken(facts) }
        if let region = OptInRegion(facts) { return region.remedy }
        if let key = Stated.disabledKey(facts) {
            return Remedy(
                .setting,
                "Give the client the access key that took the place of this one, or a role: \(key.summary). \(key.person.ask) whether that was intended. No policy is involved.",
                commands: [PolicyCommands.callerIdentity])
        }
        return Remedy(
            .setting,
            "Check which credentials the client actually uses, and whether the access key exists and is active. No policy is involved.",
            commands: [PolicyCommands.callerIdentity])
    }

    /// What to do about a token or an assertion that STS did not accept.
    static func identityToken(_ facts: GroupFacts) -> Remedy {
        if let (change, _) = IdentityProvider.rejection(facts) {
            return Remedy(
                .command,
                IdentityProvider.repair(change)
                    + "\(change.person.ask) whether the change was intentional. No policy is involved.",
                commands: ChangeCommands.commands(for: change))
        }
        let isSAML = facts.operation.hasSuffix("SAML")
        return Remedy(
            .command,
            isSAML
                ? "Check that the account still has the identity provider, and that its metadata holds the certificate with which the provider signs now. No policy is involved."
                : "Check that the account still has the identity provider, that its client ids hold the audience of the token, and that the token had not ended. No policy is involved.",
            commands: [
                ShellCommand(isSAML ? .iamListSamlProviders : .iamListOpenIdConnectProviders)
            ])
    }

    /// Whether the sessions that were refused are opened with a token of an identity provider, which STS never takes for MFA.
    ///
    /// Source: "AWS global condition context keys", aws:MultiFactorAuthPresent.
    static func neverHasMFA(_ facts: GroupFacts) -> Bool {
        let calls = facts.requests.denied.all.map(\.observed.call)
        return !calls.isEmpty
            && calls.allSatisfy { call in
                if case .value = call.at(["userIdentity", "sessionContext", "webIdFederationData", "federatedProvider"])
                {
                    true
                } else {
                    false
                }
            }
    }

    /// How to meet a condition on a second factor, without a full stop: of a policy of the caller's, or of the role that is assumed.
    static func callWithMFA(role: String?) -> Prose {
        role.map { role in
            "Assume role \(role) with MFA (\(code: "aws sts assume-role --role-arn … --role-session-name … --serial-number … --token-code …"))"
        } ?? "Call from a session opened with MFA"
    }

    /// How to call with a second factor.
    static func withMFA(_ facts: GroupFacts) -> Remedy {
        guard facts.principal.kind == .role else {
            return Remedy(
                .setting,
                "Call from a session opened with MFA (\(code: "aws sts get-session-token --serial-number … --token-code …"))."
            )
        }
        if facts.principal.isPermissionSet {
            return Remedy(
                .setting,
                "IAM Identity Center opens the sessions of this role, so MFA is set up there. Compare how the sessions that worked were opened."
            )
        }
        return Remedy(
            .setting,
            "Assume the role with MFA, with the credentials of an IAM user (\(code: "aws sts assume-role --role-arn … --role-session-name … --serial-number … --token-code …")): a session that has begun without MFA cannot add it. A service that calls with the role has no MFA, so for it the condition must be narrowed."
        )
    }
}
