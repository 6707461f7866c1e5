import AccessDenial
import IAMPolicy
import OrderedJSON
package import PolicyTimeline
package import RecordedChanges
import TrailStore
package import Wording

/// The identity provider of a caller that comes with a token or an assertion, and what changes of it mean.
///
/// Sources: "OIDC federation" and "SAML 2.0 federation" in the IAM user guide; AssumeRoleWithWebIdentity in the STS API reference.
package enum IdentityProvider {
    /// How surely a change is of the caller's provider.
    package enum Match { case certain, possible }

    /// Whether it is the provider that the caller's token or assertion comes from; `nil` where it is another one, or nothing ties the
    /// two.
    package static func match(_ provider: Holder, _ facts: GroupFacts) -> Match? {
        guard facts.isFederatedAssumption else { return nil }
        if let own = facts.group.tokenProvider { return own == provider.name ? .certain : nil }
        let trusted = trustedProviders(facts)
        guard trusted.contains(provider.name) else { return nil }
        return trusted.count == 1 ? .certain : .possible
    }

    /// The providers that the role's trust policy names, as far as the trail holds it.
    private static func trustedProviders(_ facts: GroupFacts) -> Set<String> {
        guard let role = facts.roleToAssume else { return [] }
        let trust = facts.trail.timeline.state(
            of: .role(role.name, account: role.account), .trust, at: .at(facts.group.firstSeen))
        guard case .known(.document(let text))? = trust.entries[""]?.knowledge else { return [] }
        return Set(text.trustedProviders)
    }

    /// Whether an edit of the caller's provider explains the refusal; `nil` where it does not.
    package static func verdict(_ edit: PolicyEdit, _ facts: GroupFacts) -> Counterfactual.Verdict? {
        let told = rejections.first { words, _ in message(facts)?.contains(words) ?? false }
        // STS named what it did not accept.
        if let told { return edit.event?.name.map(told.events.contains) ?? false ? .decisive(isExact: false) : nil }
        let lane = edit.lane
        let now = facts.trail.timeline.state(of: lane.holder, lane.kind, at: .at(facts.group.firstSeen))
        switch (lane.kind, edit.operation) {
        // No token of a provider is accepted that the account does not know.
        case (.existence, _): return now.holds("") == false ? .decisive(isExact: false) : nil
        case (.settings, .remove(let client)):
            guard now.holds(client) == false else { return nil }
            guard let token = facts.token else { return .untold(policy: "") }
            return token.claims.hasPrefix(client.dropFirst("client ".utf8.count) + ":")
                ? .decisive(isExact: false) : nil
        case (.settings, .blur), (.access, _): return .untold(policy: "")
        default: return nil
        }
    }

    /// What STS says about tokens that it does not accept, and the events that bring it about.
    private static let rejections: [(words: String, events: Set<ChangeName>)] = [
        ("no openidconnect provider found", [.deleteOpenIDConnectProvider]),
        ("incorrect token audience", [.removeClientIDFromOpenIDConnectProvider]),
        ("thumbprint", [.updateOpenIDConnectProviderThumbprint]),
        ("response signature invalid", [.updateSAMLProvider]),
        ("issuer not present", [.updateSAMLProvider]),
        ("provider doesn't exist", [.deleteSAMLProvider]),
    ]

    private static func message(_ facts: GroupFacts) -> String? {
        facts.group.evidence.lazy.compactMap(\.errorMessage).first?.lowercased()
    }

    /// The change of the caller's provider that is behind a token or assertion that was not accepted; `nil` where there is none.
    package static func rejection(_ facts: GroupFacts) -> (change: TrailChange, isCertain: Bool)? {
        guard facts.group.reason.slug == "identity-token-rejected" else { return nil }
        var found: (change: TrailChange, isCertain: Bool)?
        for change in facts.changes
        where change.time <= facts.group.firstSeen && change.time > facts.lastSuccessBefore ?? "" {
            for edit in change.edits where edit.lane.holder.kind == .identityProvider {
                guard let match = match(edit.lane.holder, facts), let verdict = verdict(edit, facts) else { continue }
                let isCertain = match == .certain && verdict == .decisive(isExact: false)
                if isCertain || found.map({ !$0.isCertain }) ?? true { found = (change, isCertain) }
            }
        }
        return found
    }

    /// What a change of the provider means for its tokens or assertions.
    package static func story(_ change: TrailChange) -> Prose {
        switch change.changeName {
        case .deleteOpenIDConnectProvider, .deleteSAMLProvider:
            "Nothing that this provider issues is accepted any more, whatever the role's trust policy says."
        case .removeClientIDFromOpenIDConnectProvider:
            "Tokens for an audience that is not among the provider's client ids are not accepted."
        default: "The provider's tokens must match what IAM has on record for it."
        }
    }

    /// How to undo a change of the provider.
    package static func repair(_ change: TrailChange) -> Prose {
        let arn = change.providerARN ?? "?"
        let name = ARN(arn)?.resource.split(separator: "/", maxSplits: 1).last.map(String.init) ?? arn
        switch change.changeName {
        case .deleteOpenIDConnectProvider:
            return
                "Create the provider \(name) again, with the client ids that it had, unless deleting it was intentional: \(code: "aws iam create-open-id-connect-provider --url … --client-id-list …"). Trust policies that name its ARN then match again."
        case .deleteSAMLProvider:
            return
                "Create the provider \(name) again from its metadata, unless deleting it was intentional: \(code: "aws iam create-saml-provider --name … --saml-metadata-document …"). Trust policies that name its ARN then match again."
        case .removeClientIDFromOpenIDConnectProvider:
            return
                "Give the provider its client id back, unless removing it was intentional, or let the client ask for a token of an audience that it has."
        case .updateSAMLProvider:
            return
                "Compare the metadata with what the provider publishes now, its certificate above all, and upload that (\(code: "aws iam update-saml-provider"))."
        default:
            return
                "Compare the thumbprint with the certificate of the provider's host, and set it again (\(code: "aws iam update-open-id-connect-provider-thumbprint"))."
        }
    }
}

extension DenialGroup {
    /// The OIDC provider of IAM that issued the caller's token; `nil` where the record does not tell it.
    ///
    /// The unique id of such a caller is the provider, the audience and the subject, parted by colons; the provider is its ARN, or
    /// its host.
    package var tokenProvider: String? {
        guard let token = tokenParts else { return nil }
        if token.provider.hasPrefix("arn:") || Self.builtIn.contains(token.provider) { return token.provider }
        guard let role = inferredResources.lazy.compactMap({ ARN($0.value) }).first(where: { $0.service == "iam" })
        else { return nil }
        return "arn:\(role.partition):iam::\(role.account):oidc-provider/\(token.provider)"
    }

    /// Providers that IAM knows without an object for them: a policy names them by their host.
    /// Source: "OpenID Connect federation" and "AWS JSON policy elements: Principal" in the IAM user guide.
    private static let builtIn: Set<String> = [
        "cognito-identity.amazonaws.com", "accounts.google.com", "www.amazon.com", "graph.facebook.com",
    ]

    /// The provider and what follows it in the unique id of a caller with a token.
    package var tokenParts: (provider: String, claims: Substring)? {
        action.hasSuffix(":AssumeRoleWithWebIdentity") ? NamelessCaller.parts(principal) : nil
    }
}

extension GroupFacts {
    /// The issuer of the caller's token, and its audience and subject with a colon between them; `nil` where the record does not
    /// tell. Either may hold colons of its own.
    package var token: (issuer: String, claims: String)? {
        group.tokenParts.map { token in
            let issuer = token.provider.firstRange(of: ":oidc-provider/").map { token.provider[$0.upperBound...] }
            return (String(issuer ?? token.provider[...]), String(token.claims))
        }
    }
}
