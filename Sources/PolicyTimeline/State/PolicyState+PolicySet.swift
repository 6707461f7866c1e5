public import IAMPolicy
import OrderedJSON

extension PolicyState {
    /// The policies as the evaluator takes them, for a call on one of the resources.
    ///
    /// What may be there, and what is there without a text that is known, makes its slot incomplete: the evaluator then calls
    /// undetermined what it could decide. A session that was not asked for has no policies of its own, and a call without an
    /// endpoint passes none.
    public func policySet(resource: Holder? = nil, callerAccount: String?, resourceAccount: String?) -> PolicySet {
        policySet(
            resource: resource, callerAccount: callerAccount, resourceAccount: resourceAccount,
            preparing: PolicySlot.prepared)
    }

    /// The same with policies as somebody prepared them before.
    package func policySet(
        resource: Holder? = nil, callerAccount: String?, resourceAccount: String?,
        preparing: (HeldPolicy, PolicyType) -> Policy?
    ) -> PolicySet {
        var set = PolicySet()
        if let principal {
            set.identity = principal.identity.slot(as: .identityBased, preparing)
            set.boundary = principal.boundary.slot(as: .permissionsBoundary, preparing)
        }
        if let session { set.session = session.slot(as: .session, preparing) }
        if let endpoint { set.endpoint = endpoint.slot(as: .vpcEndpoint, preparing) }
        if let state = resources.first(where: { resource == nil || $0.holder == resource }) {
            set.resource = state.policy.slot(as: state.holder.kind == .role ? .roleTrust : .resourceBased, preparing)
            let grants = state.grants.policies.map(\.keyGrant)
            set.grants = grants.compactMap(\.self)
            // A grant whose terms are not known may allow anything.
            if grants.contains(nil) { set.resource.isComplete = false }
        } else {
            set.resource.isComplete = false
        }
        if let state = resources.first(where: { resource == nil || $0.holder == resource }) {
            set.mayBeShared = mayBeShared(state, with: callerAccount, owner: resourceAccount)
        }
        set.lake = lake.map { lake in
            LakePermissions(
                lake.entries.compactMap { name, entry in
                    entry.knowledge == .maybe ? nil : LakeFormation.grant(name)
                }, isComplete: lake.isComplete)
        }
        set.managementAccount = organization.filter(\.value.isManagement).keys.min()
        set.serviceControl = levels(of: callerAccount, \.serviceControl, as: .serviceControl, preparing)
        set.resourceControl = levels(of: resourceAccount, \.resourceControl, as: .resourceControl, preparing)
        return set
    }

    /// Whether AWS RAM may share a resource with a caller of another account: with the account, the caller itself, or an organization or
    /// unit, of which nothing tells for certain whether the account is in it.
    private func mayBeShared(_ resource: ResourceState, with account: String?, owner: String?) -> Bool {
        guard let account, account != owner else { return false }
        return resource.shares.entries.keys.contains { who in
            who == account || who.contains(":organization/") || who.contains(":ou/")
                || who.contains(":\(account):")
        }
    }

    private func levels(
        of account: String?, _ slot: (PolicyLevel) -> PolicySlot, as type: PolicyType,
        _ prepare: (HeldPolicy, PolicyType) -> Policy?
    ) -> PolicySet.Levels {
        guard let account else { return PolicySet.Levels() }
        guard let state = organization[account] else { return PolicySet.Levels(isComplete: false) }
        if state.isAlone || state.offTypes.contains(type) { return PolicySet.Levels() }
        let isResource = type == .resourceControl
        var isComplete = state.isComplete
        let levels = state.levels.reversed().map { level -> PolicySet.Level in
            let known = slot(level).slot(as: type, prepare)
            isComplete = isComplete && known.isComplete
            // What is not known of a level may allow everything there; what is known may still refuse.
            let allowing = known.isComplete && !isResource ? [] : isResource ? Self.fullResourceAccess : Self.fullAccess
            return PolicySet.Level(id: level.id, known.policies + allowing)
        }
        return PolicySet.Levels(levels, isComplete: isComplete)
    }

    private static let fullAccess = full(Organizations.fullAccess, as: .serviceControl)
    private static let fullResourceAccess = full(Organizations.fullResourceAccess, as: .resourceControl)

    private static func full(_ id: String, as type: PolicyType) -> [Policy] {
        [PublishedText(organizationPolicy: id)?.text.policy(named: "not known", as: type)].compactMap(\.self)
    }
}

extension PolicySlot {
    fileprivate static func prepared(_ held: HeldPolicy, as type: PolicyType) -> Policy? {
        held.text.policy(named: held.name.isEmpty ? type.rawValue : held.name, as: type)
    }

    fileprivate func slot(
        as type: PolicyType,
        _ prepare: (HeldPolicy, PolicyType) -> Policy? = prepared
    ) -> PolicySet.Slot {
        var slot = PolicySet.Slot(isComplete: isComplete)
        for policy in policies {
            var isCertain = policy.isCertain
            if case .awsManaged(_, false) = policy.textSource { isCertain = false }
            if isCertain, let prepared = prepare(policy, type) {
                slot.policies.append(prepared)
            } else {
                slot.isComplete = false
            }
        }
        return slot
    }
}

extension DocumentText {
    fileprivate func policy(named name: String, as type: PolicyType) -> Policy? {
        guard let value else { return nil }
        return switch Result(catching: { () throws(PolicyError) in try PolicyReading(value) }) {
        case .success(let reading): Policy(name: name, reading, as: type)
        case .failure: nil
        }
    }
}

extension HeldPolicy {
    /// A grant of a key, read back from the statement that it amounts to; `nil` where its terms are not known.
    fileprivate var keyGrant: KeyGrant? {
        guard isCertain, let statement = text.document?.statements.first,
            let grantee = statement.principals?.patterns.first?.text
        else { return nil }
        var pairs: [String: String] = [:]
        let prefix = "kms:EncryptionContext:"
        for condition in statement.conditions where condition.key.hasPrefix(prefix) {
            pairs[String(condition.key.dropFirst(prefix.count))] = condition.values.first ?? ""
        }
        let isWhole = statement.conditions.contains { $0.key == "kms:EncryptionContextKeys" }
        return KeyGrant(
            grantee: grantee, operations: statement.actions.patterns.map { String($0.name) },
            contextSubset: isWhole ? [:] : pairs, contextEquals: isWhole ? pairs : nil)
    }
}
