/// How closely a policy of a resource names the caller, which decides what else must allow.
///
/// Source: "How permissions boundaries… implicit denies" (`policy-eval-denyallow`) in the IAM user guide.
enum PrincipalLevel: UInt8, Sendable, Comparable {
    /// Not at all.
    case none
    /// The caller's account: lets the account's own policies grant, grants nobody by itself.
    case account
    /// The caller's role (or the user of a federated session): boundary and session policy must allow, too.
    case role
    /// The caller itself, or everybody.
    case direct

    static func < (left: PrincipalLevel, right: PrincipalLevel) -> Bool { left.rawValue < right.rawValue }
}

/// What one entry of a `Principal` element names.
///
/// Source: "IAM JSON policy elements: Principal" in the IAM user guide. ARNs are case-sensitive and take no wildcards.
enum PrincipalForm: Sendable, Hashable {
    case everyone
    case account(String, partition: String?)
    case user(String)
    case role(account: String, partition: String, name: String)
    /// A session of a role or a federated user.
    case session(String)
    /// A service's host, or an identity provider's host or ARN.
    case named(String)
    case canonicalUser(String)
    /// The id of a user or role that was deleted: nobody, also where a new one has the name.
    case deleted
    case nobody

    init(_ pattern: PrincipalPattern) {
        let text = pattern.text
        switch pattern.kind {
        case "*" where text == "*": self = .everyone
        case "Service", "Federated": self = .named(text)
        case "CanonicalUser": self = .canonicalUser(text.lowercased())
        case "AWS", "*": self = Self.form(text)
        default: self = .nobody
        }
    }

    private static func form(_ text: String) -> PrincipalForm {
        if text == "*" { return .everyone }
        if text.utf8.count == 12, text.utf8.allSatisfy(\.isDigit) { return .account(text, partition: nil) }
        if text.utf8.count >= 16, text.hasPrefix("AROA") || text.hasPrefix("AIDA") { return .deleted }
        guard let arn = ARN(text), !arn.account.isEmpty else { return .nobody }
        let parts = arn.resource.split(separator: "/", omittingEmptySubsequences: false)
        switch (arn.service, parts.first) {
        case ("iam", "root") where parts.count == 1: return .account(arn.account, partition: arn.partition)
        case ("iam", "user") where parts.count > 1: return .user(text)
        case ("iam", "role") where parts.count > 1:
            return .role(account: arn.account, partition: arn.partition, name: arn.name)
        case ("sts", "assumed-role") where parts.count == 3: return .session(text)
        case ("sts", "federated-user") where parts.count == 2: return .session(text)
        case ("iam", "oidc-provider"), ("iam", "saml-provider"): return .named(text)
        default: return .nobody
        }
    }

    /// How closely the entry names a principal. Undetermined where only S3's canonical id could tell.
    func level(of principal: RequestPrincipal) -> (level: PrincipalLevel, truth: Truth) {
        func found(_ isNamed: Bool, _ level: PrincipalLevel) -> (PrincipalLevel, Truth) {
            isNamed ? (level, .yes) : (.none, .no)
        }
        switch self {
        case .everyone: return (.direct, .yes)
        case .account(let account, let partition):
            guard principal.account == account, principal.kind != .federated else { return (.none, .no) }
            return found(partition == nil || partition == principal.partition, .account)
        case .user(let arn):
            switch principal.kind {
            case .user: return found(arn == principal.arn, .direct)
            case .federatedUser: return found(arn == principal.principalARN, .role)
            case .role, .serviceLinkedRole, .root, .service, .federated, .anonymous: return (.none, .no)
            }
        case .role(let account, let partition, let name):
            guard principal.kind == .role || principal.kind == .serviceLinkedRole else { return (.none, .no) }
            return found(
                account == principal.account && partition == principal.partition && name == principal.name, .role)
        case .session(let arn): return found(principal.isSession && arn == principal.arn, .direct)
        case .named(let text):
            return found((principal.kind == .service || principal.kind == .federated) && text == principal.arn, .direct)
        case .canonicalUser(let id):
            guard principal.account != nil else { return (.none, .no) }
            guard let known = principal.canonicalUser else { return (.account, .undetermined) }
            return found(known.lowercased() == id, .account)
        case .deleted, .nobody: return (.none, .no)
        }
    }
}

/// A `Principal` or `NotPrincipal` element, prepared to be matched.
struct CompiledPrincipals: Sendable {
    let forms: [PrincipalForm]
    let isNegated: Bool

    init(_ selection: Statement.Selection<PrincipalPattern>) {
        forms = selection.patterns.map(PrincipalForm.init)
        switch selection {
        case .matching: isNegated = false
        case .exceptMatching: isNegated = true
        }
    }

    /// Whether the element covers a principal, and how closely it names it.
    ///
    /// `NotPrincipal` with Deny spares a role's session only where account, role and session are all listed; a caller with a
    /// permissions boundary is never spared. Source: "IAM JSON policy elements: NotPrincipal".
    func match(
        _ principal: RequestPrincipal, effect: Statement.Effect, hasBoundary: Truth
    ) -> (level: PrincipalLevel, truth: Truth) {
        guard isNegated else { return strongest(principal) }
        switch effect {
        case .allow: return (.direct, !strongest(principal).truth)
        case .deny:
            return (.direct, hasBoundary || !isSpared(principal))
        }
    }

    private func strongest(_ principal: RequestPrincipal) -> (level: PrincipalLevel, truth: Truth) {
        var best: (level: PrincipalLevel, truth: Truth) = (.none, .no)
        for form in forms {
            let found = form.level(of: principal)
            if found.truth > best.truth || (found.truth == best.truth && found.level > best.level) { best = found }
        }
        return best
    }

    private func isSpared(_ principal: RequestPrincipal) -> Truth {
        func lists(_ wanted: PrincipalLevel) -> Truth {
            forms.reduce(.no) { result, form in
                let found = form.level(of: principal)
                return result || (found.level == wanted ? found.truth : .no)
            }
        }
        if forms.contains(.everyone) { return .yes }
        switch principal.kind {
        case .role, .serviceLinkedRole:
            let role = lists(.account) && lists(.role)
            return principal.isSession ? role && lists(.direct) : role
        case .root: return lists(.account)
        case .user, .federatedUser, .service, .federated, .anonymous: return lists(.direct)
        }
    }
}
