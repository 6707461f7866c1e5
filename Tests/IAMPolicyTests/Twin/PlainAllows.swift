/// What each layer allows, and what they allow together.
struct PlainAllows {
    /// How the caller stands to the resource.
    enum Kind { case sameAccount, acrossAccounts, withoutAccount, rootForRole }

    var control: PlainTruth
    var endpoint: PlainTruth
    var identity: PlainTruth
    var boundary: PlainTruth
    var session: PlainTruth
    /// What the resource's policy allows to the caller itself, to the role behind the session, to the account.
    var direct: PlainTruth
    var role: PlainTruth
    var account: PlainTruth
    /// Whether the resource's policy must let the account in.
    var mustBeLetIn: Bool
    var kind: Kind

    /// What the caller's account and the resource's policy say together.
    var core: PlainTruth {
        switch kind {
        case .withoutAccount: return .any([direct, role, account])
        case .rootForRole: return .no
        case .sameAccount:
            let throughIdentity = mustBeLetIn ? PlainTruth.all([identity, account]) : identity
            return .any([direct, .all([.any([role, throughIdentity]), boundary, session])])
        case .acrossAccounts: return .all([identity, boundary, session, .any([direct, role, account])])
        }
    }

    var all: PlainTruth { .all([control, endpoint, core]) }

    /// Whether a layer that is unknown makes a difference: whether it is one or the other.
    func matters(_ layer: WritableKeyPath<PlainAllows, PlainTruth>) -> Bool {
        guard self[keyPath: layer] == .unknown else { return false }
        var met = self
        var unmet = self
        met[keyPath: layer] = .yes
        unmet[keyPath: layer] = .no
        return met.all != unmet.all
    }
}
