/// What holds policies, or something that policies are judged by: the owner of lanes.
public struct Holder: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// What it is.
    public enum Kind: String, Sendable, CaseIterable {
        case user, role, group
        case managedPolicy = "managed-policy"
        case identityProvider = "identity-provider"
        case instanceProfile = "instance-profile"
        case permissionSet = "permission-set"
        /// A policy of AWS Organizations: a service or resource control policy.
        case organizationPolicy = "organization-policy"
        /// A root, a unit or an account: what policies of AWS Organizations are attached to.
        case organizationTarget = "organization-target"
        case account
        case vpcEndpoint = "vpc-endpoint"
        /// A session of temporary credentials, by its access key.
        case session
        /// A function, a task definition, an instance, a project, a state machine, a pod: what runs under a role.
        case workload
        case resourceShare = "resource-share"
        /// A profile of IAM Roles Anywhere.
        case rolesAnywhereProfile = "roles-anywhere-profile"
        /// Anything with a policy of its own.
        case resource
    }

    /// What it is.
    public var kind: Kind { identity.kind }
    /// IAM's service prefix; empty for what is IAM's or AWS Organizations' own.
    public var service: String { identity.service }
    /// Twelve digits; empty where the name is the world's own, and where the record does not tell.
    public var account: String { identity.account }
    /// Empty where the name is not one of a Region.
    public var region: String { identity.region }
    /// The name, id or ARN, as the record spells it.
    public var name: String { identity.name }
    private let identity: Identity

    /// All of it behind one reference, hashed once: every edit, lane and question bears holders, and lanes are looked up by them.
    private final class Identity: Sendable {
        let kind: Kind
        let service: String
        let account: String
        let region: String
        let name: String
        /// What holders are told apart by: IAM does not tell the names of users, roles and groups apart by case.
        let key: String
        let generation: Int
        let hash: Int

        init(_ kind: Kind, service: String, account: String, region: String, _ name: String, generation: Int) {
            self.kind = kind
            self.service = service
            self.account = account
            self.region = region
            self.name = name
            self.generation = generation
            key = Holder.key(kind, name)
            var hasher = Hasher()
            hasher.combine(kind)
            hasher.combine(account)
            hasher.combine(key)
            hash = hasher.finalize()
        }
    }

    /// - Parameter generation: how many of this name were renamed away before it.
    init(
        _ kind: Kind, service: String = "", account: String = "", region: String = "", _ name: String,
        generation: Int = 0
    ) {
        identity = Identity(
            kind, service: service, account: account, region: region, name, generation: generation)
    }

    /// Another one of the name, which so many bore before it.
    func following(_ generation: Int) -> Holder {
        Holder(kind, service: service, account: account, region: region, name, generation: generation)
    }

    /// The same by another name.
    func named(_ name: String) -> Holder {
        Holder(kind, service: service, account: account, region: region, name, generation: identity.generation)
    }

    private static func key(_ kind: Kind, _ name: String) -> String {
        switch kind {
        case .user, .role, .group: name.lowercased()
        case .managedPolicy, .identityProvider, .instanceProfile, .permissionSet, .organizationPolicy,
            .organizationTarget, .account, .vpcEndpoint, .session, .workload, .resourceShare, .rolesAnywhereProfile,
            .resource:
            name
        }
    }

    /// Holders are equal where AWS does not tell them apart.
    public static func == (left: Holder, right: Holder) -> Bool {
        let (left, right) = (left.identity, right.identity)
        if left === right { return true }
        return left.hash == right.hash && left.key == right.key && left.kind == right.kind
            && left.account == right.account && left.service == right.service && left.region == right.region
            && left.generation == right.generation
    }

    /// Equal holders hash alike.
    public func hash(into hasher: inout Hasher) { hasher.combine(identity.hash) }

    /// A user by its name.
    public static func user(_ name: String, account: String) -> Holder { Holder(.user, account: account, name) }
    /// A role by its name, without its path.
    public static func role(_ name: String, account: String) -> Holder { Holder(.role, account: account, name) }
    /// A function of AWS Lambda, by its name alone, as what runs under a role.
    public static func function(_ name: String, account: String, region: String) -> Holder {
        Holder(.workload, service: "lambda", account: account, region: region, name)
    }
    /// A group by its name.
    public static func group(_ name: String, account: String) -> Holder {
        Holder(.group, account: account, name)
    }
    /// A managed policy by its ARN.
    public static func managedPolicy(_ arn: String) -> Holder { Holder(.managedPolicy, arn) }
    /// An identity provider of IAM by its ARN.
    public static func identityProvider(_ arn: String) -> Holder { Holder(.identityProvider, arn) }
    /// A policy of AWS Organizations by its id (`p-…`).
    public static func organizationPolicy(_ id: String) -> Holder { Holder(.organizationPolicy, id) }
    /// A root (`r-…`), a unit (`ou-…`) or an account, as the place of policies of AWS Organizations.
    public static func organizationTarget(_ id: String) -> Holder { Holder(.organizationTarget, id) }
    /// An account.
    public static func account(_ id: String) -> Holder { Holder(.account, id) }
    /// A VPC endpoint by its id.
    public static func vpcEndpoint(_ id: String) -> Holder { Holder(.vpcEndpoint, id) }
    /// A session by its access key.
    public static func session(_ accessKeyId: String) -> Holder { Holder(.session, accessKeyId) }

    /// What the holder is called: kind, account and name.
    public var description: String {
        [kind.rawValue, service, region, account, name].filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// An order for output.
    public static func < (left: Holder, right: Holder) -> Bool {
        let (left, right) = (left.identity, right.identity)
        if left === right { return false }
        return (left.kind.rawValue, left.service, left.account, left.region, left.key, left.generation)
            < (right.kind.rawValue, right.service, right.account, right.region, right.key, right.generation)
    }
}
