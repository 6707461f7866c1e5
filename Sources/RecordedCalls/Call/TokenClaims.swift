import IAMPolicy

/// What a token of an identity provider said of its bearer, each claim for itself.
///
/// Source: "Available keys for AWS OIDC federation" in the IAM user guide; records of AssumeRoleWithWebIdentity.
struct TokenClaims: Sendable, Hashable {
    /// The provider as condition keys name it: `token.actions.githubusercontent.com`.
    var provider: String
    /// Whom the token is for; `nil` where the record does not tell it.
    var audience: String?
    /// Whom the token is about; `nil` where the record does not tell it.
    var subject: String?

    /// The claims behind a call with a token, or behind a session that was opened with one; `nil` for every other call.
    init?(_ call: RecordedCall) {
        if call.identityType == "WebIdentityUser" {
            guard let named = call.text("userIdentity", "identityProvider") else { return nil }
            provider = Self.host(named)
            subject = call.text("userIdentity", "userName")
            // `PROVIDER:AUD:SUB`, whose parts hold colons themselves.
            if let id = call.text("userIdentity", "principalId"), id.hasPrefix(named + ":") {
                let rest = id.dropFirst(named.count + 1)
                if let subject, rest.hasSuffix(":" + subject) {
                    audience = String(rest.dropLast(subject.count + 1))
                } else if subject == nil {
                    audience = rest.split(separator: ":").first.map(String.init)
                }
            }
            return
        }
        let path = ["userIdentity", "sessionContext", "webIdFederationData"]
        guard case .value(let named) = call.at(path + ["federatedProvider"]), let name = named.scalarText else {
            return nil
        }
        provider = Self.host(name)
        func claim(_ suffix: String) -> String? {
            guard case .value(let value) = call.at(path + ["attributes", "\(Self.host(name)):\(suffix)"]) else {
                return nil
            }
            return value.scalarText
        }
        audience = claim("aud")
        subject = claim("sub")
    }

    /// `arn:aws:iam::111122223333:oidc-provider/HOST` without what stands before the host.
    private static func host(_ provider: String) -> String {
        guard let arn = ARN(provider), arn.resource.hasPrefix("oidc-provider/") else { return provider }
        return String(arn.resource.dropFirst("oidc-provider/".count))
    }

    /// Sets the claims in a context; those that the record does not tell stay unknown.
    func set(in context: inout RequestContext) {
        context.setUnknown("\(provider):*")
        if let audience { context.set("\(provider):aud", audience) }
        if let subject { context.set("\(provider):sub", subject) }
        guard provider == "cognito-identity.amazonaws.com", let subject, subject.isEmpty == false else { return }
        context.setUnknown("\(provider):amr")
    }
}
