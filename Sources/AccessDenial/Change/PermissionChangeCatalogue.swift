public import CloudTrail
import IAMPolicy

/// Which events can change what somebody may do, and whom they concern.
///
/// A change counts only where the call succeeded. Security groups, network ACLs and routes are not here: what they block
/// never reaches AWS, so that no denial comes of it. Neither is AssumeRole, which changes nothing but its own session.
public enum PermissionChangeCatalogue {
    /// Whether an event of this name can change permissions. Cheap: two look-ups, and none for most names that read.
    public static func isChange(eventSource: String, eventName: String) -> Bool {
        row(eventSource: eventSource, eventName: eventName) != nil
    }

    /// Every event of the catalogue, by source and name without a version.
    package static var events: [(source: String, name: String)] {
        rows.flatMap { source, names in names.keys.map { (source, $0) } }
    }

    /// What an event changed; `nil` where it is no change: its name is none of ours, the call failed, or its parameters
    /// concern no permission, such as an SNS topic's display name.
    public static func change(in event: Event) -> PermissionChangeTarget? {
        guard event.errorCode == nil, event.errorMessage == nil, let source = event.eventSource,
            let name = event.eventName, let row = row(eventSource: source, eventName: name),
            row.condition.map({ holds($0, in: event) }) ?? true
        else { return nil }
        let target = first(row.target, in: event)
        var change = PermissionChangeTarget(
            targetType: row.targetType.refined(by: target), target: target,
            policyARN: first(row.policyARN, in: event), policyName: first(row.policyName, in: event))
        if change.targetType.isWorkload { change.workloadRole = first(workloadRoles, in: event) }
        if change.targetType == .instanceProfile { change.workloadRole = first(profileRoles, in: event) }
        if change.targetType == .identityPool { change.guestRole = first(guestRoles, in: event) }
        if change.targetType == .service {
            change.taskFamily = first(taskDefinitions, in: event).map(TaskDefinitionName.family(of:))
        }
        return change
    }

    private struct Row: Sendable {
        var targetType: PermissionChangeTarget.TargetType
        var target: [Place]
        var policyARN: [Place]
        var policyName: [Place]
        var condition: Condition?
    }

    /// A value in a record: a path below one of its parts.
    private struct Place: Sendable {
        enum Part { case request, response, identity, literal }

        var part: Part
        var path: [String]

        init(_ text: Substring) {
            switch text.first {
            case "<": part = .response
            case "@": part = .identity
            case "=": part = .literal
            default: part = .request
            }
            let path = part == .request ? text : text.dropFirst()
            self.path = path.split(separator: ".").map(String.init)
        }
    }

    private struct Condition: Sendable {
        var place: Place
        var value: String?
    }

    /// Event source to event name to row.
    private static let rows: [String: [String: Row]] = {
        var table: [String: [String: Row]] = [:]
        for fields in PinpointTables.rows(PermissionChangeTable.rows) where fields.count == 7 {
            let prefix = String(fields[0])
            guard let type = PermissionChangeTarget.TargetType(rawValue: String(fields[2])) else { continue }
            var condition: Condition?
            if !fields[6].isEmpty {
                let sides = fields[6].split(separator: "=")
                condition = Condition(place: Place(sides[0]), value: sides.count == 2 ? String(sides[1]) : nil)
            }
            let target = fields[3] == "*" ? usualPlaces : places(fields[3])
            let row = Row(
                targetType: type, target: target, policyARN: places(fields[4]), policyName: places(fields[5]),
                condition: condition)
            let sources = ServiceCatalogue.byPrefix[prefix]?.eventSources ?? ["\(prefix).amazonaws.com"]
            for source in sources {
                for name in fields[1].split(separator: " ") { table[source, default: [:]][String(name)] = row }
            }
        }
        return table
    }()

    private static func places(_ field: Substring) -> [Place] { field.split(separator: " ").map(Place.init) }

    private static let usualPlaces = places("resourceArn resourceARN arn name id")

    /// The role that the request gives; of an instance its instance profile, which most often bears the role's name.
    private static let workloadRoles = places(
        """
        role taskRoleArn roleArn roles.authenticated ReplaceIamInstanceProfileAssociationRequest.IamInstanceProfile.Arn iamInstanceProfile.arn \
        ReplaceIamInstanceProfileAssociationRequest.IamInstanceProfile.Name iamInstanceProfile.name \
        AssociateIamInstanceProfileRequest.IamInstanceProfile.Arn AssociateIamInstanceProfileRequest.IamInstanceProfile.Name
        """)

    private static let profileRoles = places("roleName")

    /// The role of an identity pool's guests, beside that of its users.
    private static let guestRoles = places("roles.unauthenticated")

    private static let taskDefinitions = places("taskDefinition")

    private static func row(eventSource: String, eventName: String) -> Row? {
        guard !isReading(eventName), let names = rows[eventSource] else { return nil }
        if let row = names[eventName] { return row }
        guard let last = eventName.utf8.last, last >= 0x30, last <= 0x39 else { return nil }
        return names[IAMAction.withoutVersion(eventName)]
    }

    private static func isReading(_ name: String) -> Bool {
        name.hasPrefix("Get") || name.hasPrefix("List") || name.hasPrefix("Describe") || name.hasPrefix("Head")
    }

    private static func holds(_ condition: Condition, in event: Event) -> Bool {
        // A parameter that is there and empty counts: an empty policy takes the queue's policy away.
        guard let wanted = condition.value else {
            return event.requestParameters?.holds(condition.place.path) ?? false
        }
        return value(at: condition.place, in: event) == wanted
    }

    private static func first(_ places: [Place], in event: Event) -> String? {
        for place in places {
            if let value = value(at: place, in: event), ARNShape.isUsable(value) { return value }
        }
        return nil
    }

    private static func value(at place: Place, in event: Event) -> String? {
        switch place.part {
        case .request: event.requestParameters?.text(at: place.path)
        case .response: (event.responseElements ?? event.serviceEventDetails)?.text(at: place.path)
        case .identity:
            switch place.path {
            case ["userName"]: event.userIdentity.userName
            case ["accountId"]: event.recipientAccountId ?? event.userIdentity.accountId
            default: nil
            }
        case .literal: place.path.first
        }
    }
}

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
    /// The role that a function, a task, a pod or a state machine is to run under, that the users of an identity pool get, or that
    /// an instance profile holds; the instance profile of an instance; `nil` for every other kind of target.
    public var workloadRole: String?
    /// The role that the guests of an identity pool get; `nil` for every other kind of target.
    public var guestRole: String?
    /// The family of the task definition that a service of ECS is to run; `nil` for every other kind of target.
    public var taskFamily: String?

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
            case .function, .taskDefinition, .instance, .stateMachine, .podIdentityAssociation, .identityPool: true
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

    /// What the change can be looked up by: whom it is made on, and the policy or role that it is about, as the record names
    /// them; of an ARN or a URL the last part, too.
    ///
    /// The managed policy of an attachment is not among them: nobody who asks for that policy means to find its other holders.
    public var names: Set<String> {
        var names: Set<String> = []
        switch targetType {
        case .policy, .organization, .organizationalUnit, .account:
            for text in [target, policyARN, policyName] { Self.add(text, to: &names) }
        case .permissionSet:
            names.insert(Self.permissionSetName)
        case .user, .role, .group, .instanceProfile, .identityProvider, .mfaDevice, .vpcEndpoint, .instance, .function,
            .taskDefinition, .stateMachine, .podIdentityAssociation, .service, .cluster, .identityPool, .profile,
            .bucket, .accessPoint, .key, .topic, .queue,
            .secret, .identity, .resourceShare, .app, .resource:
            for text in [target, workloadRole, guestRole, taskFamily] { Self.add(text, to: &names) }
        }
        if targetType == .vpcEndpoint { names.insert(Self.endpointName) }
        if target?.hasPrefix("r-") == true { names.insert(Self.organizationRootName) }
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
