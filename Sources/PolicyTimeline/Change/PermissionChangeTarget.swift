import IAMPolicy

/// One successful event that can have changed permissions.
public struct PermissionChangeTarget: Sendable, Hashable {
    /// What kind of thing ``target`` is.
    public var targetType: TargetType
    /// Whose permissions, or which policy, changed: a name, an id or an ARN, as the record gives it; `nil` where the record
    /// does not name it.
    public var target: String?
    /// The managed policy that was attached, detached or changed.
    public var policyARN: String?
    /// The name of an inline policy, or the id (`p-…`) of an organization's.
    public var policyName: String?
    /// The role that a function, a task, a pod, a state machine or a job is to run under, that the users of an identity pool get, or that
    /// an instance profile holds; the instance profile of an instance; `nil` for every other kind of target.
    public var workloadRole: String?
    /// The role that the guests of an identity pool get; `nil` for every other kind of target.
    public var guestRole: String?
    /// The AWS services and identity providers of AWS's own that a role's trust policy names, by their hosts.
    public var trustedServices: Set<String> = []
    /// The family of the task definition that a service of ECS is to run; `nil` for every other kind of target.
    public var taskFamily: String?
    /// Of one change of several things the others: resources that AWS RAM shares, whom AWS Lake Formation grants something, what gets
    /// tags or instance profiles in Amazon EC2; empty for every other kind of change.
    public var concerned: [String] = []

    /// The kinds of targets.
    public enum TargetType: String, Sendable, CaseIterable {
        case user, role, group, policy, account
        case instanceProfile = "instance-profile"
        case identityProvider = "identity-provider"
        case mfaDevice = "mfa-device"
        /// The organization, its root, or one of its units; every account below is concerned.
        case organization
        case organizationalUnit = "organizational-unit"
        case permissionSet = "permission-set"
        case vpcEndpoint = "vpc-endpoint"
        case instance, function
        case taskDefinition = "task-definition"
        case stateMachine = "state-machine"
        case podIdentityAssociation = "pod-identity-association"
        case service, cluster
        /// Anything else that runs under a role: a job, a project, a notebook, a model.
        case workload
        case identityPool = "identity-pool"
        case profile, bucket
        case accessPoint = "access-point"
        case key, topic, queue, secret, identity
        case resourceShare = "resource-share"
        /// A Pinpoint project.
        case app
        /// Any other resource with a policy of its own.
        case resource

        /// Whether it is something that runs under a role.
        var isWorkload: Bool {
            switch self {
            case .function, .taskDefinition, .instance, .stateMachine, .podIdentityAssociation, .identityPool,
                .workload:
                true
            case .user, .role, .group, .policy, .account, .instanceProfile, .identityProvider, .mfaDevice,
                .organization,
                .organizationalUnit, .permissionSet, .vpcEndpoint, .service, .cluster, .profile, .bucket, .accessPoint,
                .key, .topic, .queue, .secret, .identity, .resourceShare, .app, .resource:
                false
            }
        }

        /// The kind, told apart by an organization's id: `r-…`, `ou-…` or an account's.
        func refined(by target: String?) -> TargetType {
            guard self == .organization, let target else { return self }
            if target.hasPrefix("ou-") { return .organizationalUnit }
            if target.utf8.count == 12, target.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) { return .account }
            return self
        }
    }

    /// A change with the given parts.
    public init(targetType: TargetType, target: String? = nil, policyARN: String? = nil, policyName: String? = nil) {
        self.targetType = targetType
        self.target = target
        self.policyARN = policyARN
        self.policyName = policyName
    }
}

extension PermissionChangeTarget {
    /// The name of every change on the root of an organization, and so on all of its accounts.
    public static let organizationRootName = "organization root"
    /// The name of every change of a permission set: none tells the roles that are made of it.
    public static let permissionSetName = "permission set"
    /// The name of every change of a VPC endpoint: calls that no longer come through it do not tell which one they came through.
    public static let endpointName = "VPC endpoint"

    /// The name of every change of a user pool or of one of its app clients: few calls of people who sign in tell theirs.
    public static let userPoolName = "user pool"

    /// The name of every change of a managed policy of an account: who has one since before the archive no event tells.
    public static func managedPolicyName(ofAccount account: String) -> String { managedPolicyPrefix + account }

    /// How those names begin.
    public static let managedPolicyPrefix = "managed policies of "
    /// Of how many such changes of an account all are looked at. Of more no single one stands out, and reading them costs more than the
    /// rest of a report: then one more than that is read, which tells that there are more.
    public static let managedPolicyLimit = 200

    /// What the change can be looked up by: whom it is made on, and the policy or role that it is about, as the record names
    /// them; of an ARN or a URL the last part, too.
    ///
    /// The managed policy of an attachment is not among them: nobody who asks for that policy means to find its other holders.
    public var names: Set<String> {
        var names: Set<String> = []
        switch targetType {
        case .policy, .organization, .organizationalUnit, .account:
            for text in [target, policyARN, policyName] { Self.add(text, to: &names) }
            if targetType == .policy, let arn = policyARN.flatMap({ ARN($0) }) ?? target.flatMap({ ARN($0) }),
                arn.service == "iam"
            {
                names.insert(Self.managedPolicyName(ofAccount: arn.account))
            }
        case .permissionSet:
            names.insert(Self.permissionSetName)
        case .user, .role, .group, .instanceProfile, .identityProvider, .mfaDevice, .vpcEndpoint, .instance, .function,
            .taskDefinition, .stateMachine, .podIdentityAssociation, .service, .cluster, .identityPool, .workload,
            .profile,
            .bucket, .accessPoint, .key, .topic, .queue,
            .secret, .identity, .resourceShare, .app, .resource:
            for text in [target, workloadRole, guestRole, taskFamily] { Self.add(text, to: &names) }
        }
        if targetType == .vpcEndpoint { names.insert(Self.endpointName) }
        // IAM does not tell groups apart by case, and a membership knows its group by the name in small letters.
        if targetType == .group, let target { names.insert(target.lowercased()) }
        for text in concerned { Self.add(text, to: &names) }
        names.formUnion(trustedServices)
        // Which accounts a unit holds no event needs to tell.
        if target?.hasPrefix("r-") == true || target?.hasPrefix("ou-") == true {
            names.insert(Self.organizationRootName)
        }
        return names
    }

    private static func add(_ text: String?, to names: inout Set<String>) {
        guard let text, !text.isEmpty else { return }
        names.insert(text)
        guard text.hasPrefix("arn:") || text.hasPrefix("http") else { return }
        for separator in ["/", ":"] as [Character] {
            guard let last = text.lastIndex(of: separator) else { continue }
            let name = text[text.index(after: last)...]
            if !name.isEmpty { names.insert(String(name)) }
        }
    }
}

/// How Amazon ECS names task definitions: `FAMILY`, `FAMILY:REVISION` or an ARN that ends in such.
package enum TaskDefinitionName {
    /// `web` of `arn:aws:ecs:us-east-1:111122223333:task-definition/web:7`.
    package static func family(of text: String) -> String { String(withoutARN(text).prefix { $0 != ":" }) }

    /// `web:7` of the same; the family alone where no revision is given, which stands for the latest one.
    package static func withoutARN(_ text: String) -> Substring {
        text.hasPrefix("arn:") ? text[text.index(after: text.lastIndex(of: "/") ?? text.startIndex)...] : text[...]
    }
}
