/// What allows a request, layer by layer, and how the layers work together.
///
/// Same account (source: `policy-eval-denyallow`, "Determining whether a request is allowed or denied within an account"):
/// ```
/// allowed = service control ∧ resource control ∧ endpoint ∧ core ∧ Lake Formation's permissions
/// core    = direct                                  the resource's policy names the caller itself, or everybody
///         ∨ role ∧ boundary ∧ session               … names the caller's role
///         ∨ identity ∧ boundary ∧ session           (KMS keys, role trust: only where their policy admits the account)
///         ∨ grant                                   (KMS keys)
/// ```
/// Across accounts: `core = identity ∧ boundary ∧ session ∧ (direct ∨ role ∨ account) ∨ grant`. Who has no account, such as a service:
/// `core = direct ∨ role ∨ account ∨ grant`.
struct AllowSide: Sendable {
    /// What a request is, as far as the layers' working together depends on it.
    struct Setting: Sendable {
        var isSameAccount: Truth
        /// Whether the caller has policies of its own.
        var hasIdentity: Bool
        /// Whether the resource's policy must admit the account.
        var isGated: Bool
        /// Whether S3 leaves out what a public bucket policy allows to strangers; settled before evaluation.
        var isPublicAccessBlocked: Bool
        /// Whether resources of the service have no policies, so that nothing lets strangers in.
        var hasNoResourcePolicies: Bool
        /// Whether nothing needs to allow.
        var needsNothing: Bool
    }

    var identity = Truth.no
    var boundary = Truth.yes
    var session = Truth.yes
    /// What the resource's policy allows to whom it names as itself, by role, by account.
    var direct = Truth.no
    var role = Truth.no
    var account = Truth.no
    var endpoint = Truth.yes
    var serviceControl = Truth.yes
    var resourceControl = Truth.yes
    var grant = Truth.no
    var lake = Truth.yes

    var setting: Setting

    init(setting: Setting) { self.setting = setting }

    /// Whether everything that must allow does.
    var truth: Truth {
        if setting.needsNothing { return .yes }
        return serviceControl && resourceControl && endpoint && core && lake
    }

    /// What boundary and session policy leave.
    var limit: Truth { boundary && session }

    /// Whether the caller's own policies allow, and are admitted.
    var identityPath: Truth { identity && (setting.isGated ? account : .yes) }

    /// Whether the resource's policy lets the caller in, from outside of its account.
    var admitted: Truth {
        setting.isPublicAccessBlocked || setting.hasNoResourcePolicies ? .no : direct || role || account
    }

    var core: Truth {
        guard setting.hasIdentity else { return admitted || grant }
        switch setting.isSameAccount {
        case .yes: return within
        case .no: return across
        case .undetermined: return within == across ? within : .undetermined
        }
    }

    private var within: Truth { direct || (role && limit) || (identityPath && limit) || grant }
    private var across: Truth { (identity && limit && admitted) || grant }

    /// Whether a field is undetermined and can change the answer.
    func depends(on field: WritableKeyPath<AllowSide, Truth>) -> Bool {
        guard self[keyPath: field] == .undetermined else { return false }
        var met = self
        var unmet = self
        met[keyPath: field] = .yes
        unmet[keyPath: field] = .no
        return met.truth != unmet.truth
    }

    // MARK: - Who lacks an Allow

    /// The layers of the core whose Allow is needed and lacks for certain.
    func lacking(resourceType: PolicyType) -> [PolicyType] {
        guard core == .no else { return [] }
        guard setting.hasIdentity else { return [resourceType] }
        var types: [PolicyType] = []
        if boundary == .no { types.append(.permissionsBoundary) }
        if session == .no { types.append(.session) }
        if setting.isSameAccount == .yes {
            if identity == .no, role == .no { types.append(.identityBased) }
            if setting.isGated, account == .no, role == .no { types.append(resourceType) }
        } else {
            if identity == .no { types.append(.identityBased) }
            if setting.isSameAccount == .no, admitted == .no { types.append(resourceType) }
        }
        return types
    }

    /// The layer of the core that AWS would name.
    func blamed(resourceType: PolicyType) -> PolicyType {
        guard setting.hasIdentity else { return resourceType }
        if setting.isSameAccount == .no {
            if identity == .no { return .identityBased }
            if boundary == .no { return .permissionsBoundary }
            return session == .no ? .session : resourceType
        }
        if identityPath != .no || role != .no {
            if boundary == .no { return .permissionsBoundary }
            if session == .no { return .session }
        }
        if setting.isGated, account == .no, role == .no { return resourceType }
        return .identityBased
    }
}
