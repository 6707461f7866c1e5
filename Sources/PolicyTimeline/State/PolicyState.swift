public import IAMPolicy

/// The policies that bear on somebody's calls as of a moment, as far as changes and exports tell.
public struct PolicyState: Sendable, Hashable {
    /// The moment.
    public var moment: Moment
    /// What bears on the principal's side; `nil` where nobody was asked for.
    public var principal: PrincipalState?
    /// The resources that were asked for, in their order.
    public var resources: [ResourceState] = []
    /// What an organization attaches from the account upwards, by account.
    public var organization: [String: OrganizationState] = [:]
    /// What AWS Lake Formation grants in the account of a resource of the Data Catalog; `nil` where none was asked for, and where nothing
    /// tells that it is used.
    public var lake: LaneState?
    /// The endpoint's policy; `nil` where no endpoint was asked for.
    public var endpoint: PolicySlot?
    /// The session's own policies; `nil` where no session was asked for.
    public var session: PolicySlot?
    /// The session's tags; `nil` where no session was asked for.
    public var sessionTags: LaneState?
    /// What the session was issued with: its role, its source identity; `nil` where no session was asked for.
    public var sessionFacts: LaneState?
}

/// A user or role as of a moment.
public struct PrincipalState: Sendable, Hashable {
    /// Whose policies these are.
    public var holder: Holder
    /// Whether it exists: `nil` where that is not known.
    public var exists: Bool?
    /// `AIDA…` or `AROA…`; `nil` where it is not known.
    public var uniqueID: String?
    /// Inline, attached and through groups.
    public var identity: PolicySlot
    /// The permissions boundary: one policy at most.
    public var boundary: PolicySlot
    /// Who may assume the role; without policies and complete for a user.
    public var trust: PolicySlot
    /// The tags, by their keys in lower case.
    public var tags: LaneState
    /// The groups of a user.
    public var groups: LaneState
    /// Session duration, devices and keys.
    public var settings: LaneState
}

/// A resource as of a moment.
public struct ResourceState: Sendable, Hashable {
    /// Whose policies these are.
    public var holder: Holder
    /// Its own policy, or its policies.
    public var policy: PolicySlot
    /// Grants, each as the statement that it amounts to where that is known.
    public var grants: PolicySlot
    /// Access control lists, ownership, Block Public Access.
    public var access: LaneState
    /// With whom AWS RAM shares it: accounts, organizations, units and principals, each with what shows it.
    public var shares: LaneState
    /// The tags, by their keys in lower case.
    public var tags: LaneState
}

/// What an organization attaches to an account and all above it.
public struct OrganizationState: Sendable, Hashable {
    /// From the account upwards, as far as the tree is known.
    public var levels: [PolicyLevel] = []
    /// Whether the levels are all that there are, up to the root.
    public var isComplete = false
    /// The types of control policies that are switched off, and so bind nobody.
    public var offTypes: Set<PolicyType> = []
    /// The organization's id; `nil` where it is not known.
    public var organization: String?
    /// Whether the account is in no organization for certain.
    public var isAlone = false
    /// Whether it is the organization's management account, which control policies do not bind.
    public var isManagement = false
}

/// Whose policies are asked for.
public struct PolicySubject: Sendable, Hashable {
    /// A user or role.
    public var principal: Holder?
    /// What the call is made on.
    public var resources: [Holder]
    /// The accounts whose organization is asked for.
    public var accounts: [String]
    /// The VPC endpoint (`vpce-…`) that the call comes through.
    public var endpoint: String?
    /// The session, by its access key.
    public var session: String?

    /// A subject; what is left out is not asked for.
    public init(
        principal: Holder? = nil, resources: [Holder] = [], accounts: [String] = [], endpoint: String? = nil,
        session: String? = nil
    ) {
        self.principal = principal
        self.resources = resources
        self.accounts = accounts
        self.endpoint = endpoint
        self.session = session
    }
}
