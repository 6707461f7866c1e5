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
        if principal.lowercased() == "unknown:anonymous" {
            shown = "an anonymous caller"
            short = "anonymous"
        } else if let (issuer, subject) = Self.token(principal) {
            shown = "\(subject) with a token of \(issuer)"
            short = subject
        } else {
            return nil
        }
    }

    /// Who issued a token, and for whom.
    private static func token(_ principal: String) -> (issuer: String, subject: String)? {
        let prefix = "WebIdentityUser:"
        guard principal.hasPrefix(prefix) else { return nil }
        let id = principal.dropFirst(prefix.count)
        let marker = ":oidc-provider/"
        let start = id.hasPrefix("arn:") ? id.firstRange(of: marker)?.upperBound : id.startIndex
        guard let start, let end = id[start...].firstIndex(of: ":"), id[start..<end].contains(".") else { return nil }
        let claims = id[id.index(after: end)...]
        // The audience that AWS's own clients ask for holds no colon; where another one ends is not certain.
        let audience = "sts.amazonaws.com:"
        let subject = claims.hasPrefix(audience) ? claims.dropFirst(audience.count) : claims
        return subject.isEmpty ? nil : (String(id[start..<end]), String(subject))
    }
}
