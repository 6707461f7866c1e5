public import IAMPolicy
import OrderedJSON
import PolicyTimeline
import TrailStore

/// A policy that somebody means to put in force, and where.
public struct ProposedPolicy: Sendable {
    /// What the policy is to be.
    public enum Role: String, Sendable, CaseIterable {
        case scp, rcp, boundary, identity, resource

        /// The type that it is evaluated as; of a role the resource's policy is its trust policy.
        func type(on target: Target) -> PolicyType {
            switch self {
            case .scp: .serviceControl
            case .rcp: .resourceControl
            case .boundary: .permissionsBoundary
            case .identity: .identityBased
            case .resource: target.holder?.kind == .role ? .roleTrust : .resourceBased
            }
        }
    }

    /// What the policy is to be put on.
    public struct Target: Sendable {
        /// An ARN, an account, or the id of a root or an organizational unit.
        public var name: String
        /// Whose policies an archive knows by that name.
        var holder: Holder?

        /// `nil` where nothing of that name can have a policy of that role.
        public init?(_ name: String, of role: Role) {
            self.name = name
            let holder = Holder(naming: name)
            switch role {
            case .scp, .rcp:
                let isAccount = name.count == 12 && name.allSatisfy { $0.isASCII && $0.isNumber }
                guard isAccount || name.hasPrefix("ou-") || name.hasPrefix("r-") else { return nil }
            case .boundary, .identity:
                guard let holder, holder.kind == .user || holder.kind == .role else { return nil }
                self.holder = holder
            case .resource:
                guard let holder, holder.kind == .resource || holder.kind == .role else { return nil }
                self.holder = holder
            }
        }

        /// Whether it is one account.
        var isAccount: Bool { name.first?.isNumber ?? false }
    }

    /// What the policy is to be.
    public let role: Role
    /// Where.
    public let target: Target
    /// Its text, read.
    public let reading: PolicyReading
    /// The type that it is evaluated as.
    public let type: PolicyType
    /// Prepared once for all calls.
    let policy: Policy
    /// Whether it takes the place of the control policies that are attached to the target. A boundary and a resource's policy always
    /// take the place of the one there is, a policy of a principal never does.
    public let standsAlone: Bool

    /// A policy that is to be put on a target.
    public init(_ reading: PolicyReading, as role: Role, on target: Target, standsAlone: Bool = false) {
        self.reading = reading
        self.role = role
        self.target = target
        self.standsAlone = standsAlone
        type = role.type(on: target)
        policy = Policy(name: Self.shownName, reading, as: type)
    }

    /// What AWS would refuse in it, or what means less than it seems to.
    public var issues: [PolicyIssue] { policy.issues }

    /// The name of the policy in decisions.
    public static let shownName = "proposed"

    /// Whether what it does not allow is refused, and not only what it denies.
    var limits: Bool {
        switch role {
        case .scp, .rcp: standsAlone
        case .boundary, .resource: true
        case .identity: false
        }
    }

    /// Whether it can change what becomes of calls for an action.
    func concerns(action: String, isRefused: Bool) -> Bool {
        let effects = reading.entries.compactMap(\.statement).filter { $0.matchesAction(action) }.map(\.effect)
        return isRefused ? effects.contains(.allow) : limits || effects.contains(.deny)
    }

    /// In what calls may differ to the policy, beside principal, action and Region.
    var traits: Set<CallSelection.Trait> {
        let statements = reading.entries.compactMap(\.statement)
        let keys = Set(statements.flatMap(\.conditions).map { $0.key.lowercased() })
        var traits: Set<CallSelection.Trait> = []
        if keys.contains(where: { $0.hasSuffix("sourceip") }) { traits.insert(.address) }
        if keys.contains(where: { $0.contains("sourcevpc") || $0.hasPrefix("aws:vpc") }) { traits.insert(.endpoint) }
        if keys.contains(where: { $0.contains("multifactorauth") }) { traits.insert(.factor) }
        let isOfResources = statements.contains { statement in
            statement.resources.map { $0 != .matching([ResourcePattern("*")]) } ?? false
        }
        // What else a policy may ask for hangs on what is called.
        let others = keys.subtracting(["aws:requestedregion", "aws:principalarn", "aws:principalaccount"])
        if role == .resource || isOfResources || !others.isEmpty { traits.insert(.target) }
        return traits
    }

    /// Policies of which nothing but the proposed one, or one that is known to stand beside it, refuses a request.
    func alone(for request: AuthorizationRequest) -> PolicySet {
        var set = PolicySet()
        set.identity = PolicySet.Slot([Self.everyAction])
        // Whom an account's own grant reaches depends on the caller's policies, as with any account that trusts its administrators.
        let account = request.principal.account.map { "arn:aws:iam::\($0):root" } ?? "*"
        let isTrust = Holder(naming: request.resource)?.kind == .role && request.action.lowercased().hasPrefix("sts:")
        set.resource = PolicySet.Slot([
            Self.everything(
                as: isTrust ? .roleTrust : .resourceBased, to: [PrincipalPattern(kind: "AWS", account)])
        ])
        switch role {
        case .scp: set.serviceControl = level(beside: Self.fullAccess)
        case .rcp: set.resourceControl = level(beside: Self.fullResourceAccess)
        case .boundary: set.boundary = PolicySet.Slot([policy])
        case .identity: set.identity.policies.append(policy)
        case .resource: set.resource = PolicySet.Slot([policy])
        }
        return set
    }

    private static let everyAction = everything(as: .identityBased)
    private static let fullAccess = everything(as: .serviceControl)
    private static let fullResourceAccess = everything(as: .resourceControl)

    /// The target's level of an organization, with what AWS attaches to each where that stays.
    private func level(beside fullAccess: Policy) -> PolicySet.Levels {
        PolicySet.Levels([PolicySet.Level(id: target.name, standsAlone ? [policy] : [fullAccess, policy])])
    }

    private static func everything(as type: PolicyType, to principals: [PrincipalPattern]? = nil) -> Policy {
        let isTrust = type == .roleTrust
        let isControl = type == .resourceControl
        let statement = Statement(
            .allow, actions: .matching([ActionPattern("*")]),
            resources: isTrust ? nil : .matching([ResourcePattern("*")]),
            principals: principals.map { .matching($0) }
                ?? (isControl ? .matching([PrincipalPattern(kind: "*", "*")]) : nil))
        return Policy(name: "all else", PolicyReading([statement]), as: type)
    }
}
