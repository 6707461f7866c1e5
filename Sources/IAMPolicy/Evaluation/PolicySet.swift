/// Every policy that can bear on a request.
///
/// Each slot says whether it is complete: "there is none" and "it was not supplied" are two things.
public struct PolicySet: Sendable {
    /// The policies of one type.
    public struct Slot: Sendable {
        /// The policies that are known.
        public var policies: [Policy]
        /// Whether there are no others.
        public var isComplete: Bool

        /// The policies of one type; without any, there are none.
        public init(_ policies: [Policy] = [], isComplete: Bool = true) {
            self.policies = policies
            self.isComplete = isComplete
        }
    }

    /// The policies at one level of an organization: the root, an organizational unit or an account.
    public struct Level: Sendable {
        /// The root's, unit's or account's id; `nil` where it is not known.
        public var id: String?
        /// The policies attached there.
        public var policies: [Policy]

        /// A level with its policies; without any it allows nothing.
        public init(id: String?, _ policies: [Policy]) {
            self.id = id
            self.policies = policies
        }
    }

    /// The levels from the root down to the account.
    public struct Levels: Sendable {
        /// The levels that are known; none where there is no organization.
        public var levels: [Level]
        /// Whether there are no others.
        public var isComplete: Bool

        /// The levels from the root down.
        public init(_ levels: [Level] = [], isComplete: Bool = true) {
            self.levels = levels
            self.isComplete = isComplete
        }
    }

    /// The caller's policies: inline, managed, and those of a user's groups.
    public var identity = Slot()
    /// The caller's permissions boundary.
    public var boundary = Slot()
    /// The policies passed when the session began: inline and managed.
    public var session = Slot()
    /// The policy of the resource; of the role that is to be assumed, its trust policy.
    public var resource = Slot()
    /// The policy of the VPC endpoint that the request passes.
    public var endpoint = Slot()
    /// Service control policies of the caller's account.
    public var serviceControl = Levels()
    /// Resource control policies of the resource's account.
    public var resourceControl = Levels()
    /// Grants of a KMS key.
    public var grants: [KeyGrant] = []
    /// What AWS Lake Formation allows beside; `nil` where it is not used.
    public var lake: LakePermissions?
    /// Whether a share of AWS RAM may let the caller in to the resource: which actions it allows no record tells.
    public var mayBeShared = false
    /// The organization's management account, which control policies do not bind; `nil` where it is not known.
    public var managementAccount: String?

    /// No policies, and none that are not known.
    public init() {}
}
