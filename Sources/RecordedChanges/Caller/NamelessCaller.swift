public import Wording

/// A caller without an ARN: who brings a token or an assertion of an identity provider, and who signs nothing.
///
/// The store calls such a caller by CloudTrail's type of identity and its unique id: `WebIdentityUser:PROVIDER:AUDIENCE:SUBJECT`.
public struct NamelessCaller: Sendable, Hashable {
    /// The name for a sentence.
    public let shown: Prose
    /// The name for a column.
    public let short: String

    /// What a caller of this name is; `nil` for one with an ARN, a service, and a name of another form.
    public init?(_ principal: String) {
        if Self.isAnonymous(principal) {
            shown = "an anonymous caller"
            short = "anonymous"
        } else if let (issuer, subject) = Self.token(principal) {
            shown = "\(subject) with a token of \(issuer)"
            short = subject
        } else {
            return nil
        }
    }

    /// Whether CloudTrail calls so whoever signs nothing; a token's subject may hold the word, too.
    static func isAnonymous(_ principal: String) -> Bool {
        let name = principal.lowercased()
        return name == "anonymous" || name == "unknown:anonymous" || name.hasPrefix("awsaccount:anonymous")
    }

    /// Who issued a token, and for whom.
    private static func token(_ principal: String) -> (issuer: String, subject: String)? {
        guard principal.hasPrefix(prefix), let (provider, claims) = parts(principal) else { return nil }
        let issuer = provider.firstRange(of: marker).map { provider[$0.upperBound...] } ?? provider[...]
        // The audience that AWS's own clients ask for holds no colon; where another one ends is not certain.
        let audience = "sts.amazonaws.com:"
        let subject = claims.hasPrefix(audience) ? claims.dropFirst(audience.count) : claims
        return subject.isEmpty ? nil : (String(issuer), String(subject))
    }

    private static let prefix = "WebIdentityUser:"
    private static let marker = ":oidc-provider/"

    /// The provider and what follows it in the unique id of a caller with a token; `nil` for any other text.
    package static func parts(_ principal: String) -> (provider: String, claims: Substring)? {
        let id = principal.hasPrefix(prefix) ? principal.dropFirst(prefix.count) : principal[...]
        let start = id.hasPrefix("arn:") ? id.firstRange(of: marker)?.upperBound : id.startIndex
        guard let start, let end = id[start...].firstIndex(of: ":"), id[..<end].contains(".") else { return nil }
        return (String(id[..<end]), id[id.index(after: end)...])
    }
}
