import AccessDenial
package import IAMPolicy
package import OrderedJSON
package import PolicyTimeline
package import TrailStore

/// One event that changed permissions, with what its record says about target and policy.
///
/// An object rather than a value because every group that a change concerns holds it.
package final class TrailChange: Sendable {
    /// Whom a change concerns: what changes are looked up by.
    package enum Subject: Hashable {
        /// A user, a role, a group, a policy, an endpoint, an identity provider.
        case holder(Holder)
        case account(String)
        /// Any root of an organization, which holds every account, or unit of one, which may hold any.
        case organizationRoots
        case resource(String)
        /// Any permission set of IAM Identity Center: its events name an instance's ARN, never the roles.
        case permissionSets
        /// A function, a family of tasks or an instance.
        case workload(account: String, source: String, name: String)

        /// One of the names by which the store finds the changes of the subject (`PermissionChangeTarget.names`).
        package var name: String {
            switch self {
            case .holder(let holder): holder.name
            case .account(let name), .resource(let name), .workload(_, _, let name): name
            case .organizationRoots: PermissionChangeTarget.organizationRootName
            case .permissionSets: PermissionChangeTarget.permissionSetName
            }
        }
    }

    package let change: PermissionChange
    /// `requestParameters` of the kept record; `nil` where no record was kept or it is damaged.
    package let parameters: JSONValue?
    package let response: JSONValue?

    // Every group asks every change that concerns it for these, so they are read once.
    /// The event as the timeline knows it.
    package let event: ChangeEvent
    /// What it did to policies, and to what they are judged by.
    package let edits: [PolicyEdit]
    /// Whose changes matter to whom it concerns, because of it.
    package let leadsTo: [Holder]
    package let rule: ChangeRule?
    package let roleName: String?
    /// The user; key events without a name concern the caller.
    package let userName: String?
    package let groupName: String?
    /// The managed policy or boundary that the change names.
    package let policyARN: String?
    /// The name of the inline policy.
    package let inlinePolicyName: String?
    /// Who made the change, and the change as evidence, once somebody asked.
    package let knownPerson = Once<Person>()
    package let knownEvidence = Once<Evidence>()
    private let knownDocument = Once<PolicyDocument?>()

    /// A change, whose record is read once, where there is one.
    package init(_ change: PermissionChange) {
        let record = ChangeRecord(change)
        let edits = ChangeReaders.edits(of: record)
        self.edits = edits
        event = edits.first?.event ?? ChangeEvent(record)
        leadsTo = Array(Set(edits.flatMap(\.leadsTo)))
        self.change = change
        rule = ChangeCatalogue.rule(source: change.eventSource, name: change.eventName)
        // Some EC2 calls wrap their parameters once more: `ModifyVpcEndpointRequest`.
        let request = record.request?.member(ignoringCase: record.eventName + "Request") ?? record.request
        parameters = record.isPartial ? nil : request
        response = record.isPartial ? nil : record.response
        func name(_ kind: Holder.Kind) -> String? {
            edits.lazy.map(\.lane.holder).first { $0.kind == kind }?.name
                ?? (change.targetType == kind.rawValue ? change.target.map { ARN($0)?.name ?? $0 } : nil)
        }
        roleName = name(.role) ?? parameters?.member(ignoringCase: "roleName")?.stringValue
        userName = name(.user)
        groupName = name(.group)
        inlinePolicyName = edits.first { $0.lane.kind == .inline && $0.keys != [""] }?.keys.first
        policyARN = ([change.policyARN].compactMap(\.self) + edits.flatMap(\.policies)).first {
            $0.hasPrefix("arn:")
        }
    }

    package var time: String { change.eventTime }

    /// A parameter's text by its name in any case.
    package func parameter(_ name: String) -> String? { parameters?.member(ignoringCase: name)?.stringValue }

    /// The account in which the change was made.
    package var account: String { change.accountId ?? "" }

    /// What the change lets a workload run as: its role (`""`), that of the guests of an identity pool, an instance profile.
    package func role(_ key: String) -> String? {
        guard case .replaceAll(let values)? = edits.first(where: { $0.lane.kind == .role })?.operation,
            case .text(let text)? = values[key]
        else { return nil }
        return text
    }

    /// The role that a function, a task or an instance is to run under, as far as this event alone tells.
    package var workloadRole: PrincipalName? {
        guard rule?.target == .workload, changeName != .setIdentityPoolRoles else { return nil }
        // What goes into an instance profile, or out of it.
        if let roleName { return PrincipalName("arn:aws:iam::\(account):role/\(roleName)") }
        if let role = role("") { return PrincipalName(role) }
        // The console names an instance profile after its role, and so do most.
        return role("instance profile").map { text in
            PrincipalName("arn:\(ARN(text)?.partition ?? "aws"):iam::\(account):role/\(ARN(text)?.name ?? text)")
        }
    }

    /// The role with which a task is started: its images, secrets and log groups are asked for with it.
    package var startingRole: PrincipalName? {
        changeName == .registerTaskDefinition ? role("execution").map { PrincipalName($0) } : nil
    }

    /// The function, the family of tasks or the instance whose role is set.
    package var workloadName: String? {
        if changeName == .updateService { return parameter("taskDefinition").map(TaskDefinitionName.family) }
        let workload = holder(.workload) ?? holder(.instanceProfile)
        return workload?.name ?? (parameter("functionName") ?? change.target).map(CallTarget.name(in:))
    }

    /// The roles that the users and the guests of an identity pool get, in this order; empty for anything else.
    package var poolRoles: [PrincipalName] {
        changeName == .setIdentityPoolRoles ? ["", "guest"].compactMap(role).map { PrincipalName($0) } : []
    }

    /// Whom or what of a kind the change edits; the first where there are several.
    package func holder(_ kind: Holder.Kind) -> Holder? { edits.lazy.map(\.lane.holder).first { $0.kind == kind } }

    /// The names under which it edits lanes of a kind.
    package func keys(_ kind: LaneName.Kind) -> [String] { edits.filter { $0.lane.kind == kind }.flatMap(\.keys) }

    /// The id (`p-…`) of a policy of AWS Organizations.
    package var organizationPolicyID: String? {
        holder(.organizationPolicy)?.name
            ?? (rule?.target == .organizationPolicyTarget ? keys(.organizationPolicies).first : nil)
    }

    /// The account, organizational unit or root that a policy of AWS Organizations was attached to, or the account that moved.
    package var organizationTarget: String? { (holder(.organizationTarget) ?? holder(.account))?.name }

    /// The id of a VPC endpoint.
    package var endpointID: String? { holder(.vpcEndpoint)?.name }

    /// The resource whose own policy changed: an ARN, a bucket's name, a key's id.
    package var resource: String? {
        if let layer = parameter("layerName"), let version = layerVersion {
            // Each version of a layer has a policy of its own.
            return layer.hasPrefix("arn:") ? "\(layer):\(version)" : "layer:\(layer):\(version)"
        }
        if let functionResource { return functionResource }
        // What matters is the set that every message of the identity uses from then on.
        if setsDefaultConfigurationSet { return change.target }
        // Among what a change passes that gives a key is the key.
        if rule?.direction == .touchesConditions, change.eventSource != "kms.amazonaws.com", keyGiven != nil {
            return change.target.map(Self.queueName)
        }
        for name in [
            "bucketName", "keyId", "topicArn", "queueUrl", "resourceArn", "secretId", "identity", "emailIdentity",
        ] {
            guard let text = parameter(name) else { continue }
            return name == "queueUrl" ? Self.queueName(text) : text
        }
        return change.target.map(Self.queueName)
    }

    /// Whether it gave an identity of Amazon SES a default configuration set.
    package var setsDefaultConfigurationSet: Bool { changeName == .putEmailIdentityConfigurationSetAttributes }

    /// The number of a layer's version.
    private var layerVersion: String? {
        switch parameters?.member(ignoringCase: "versionNumber") {
        case .integer(let number)?: String(number)
        case .string(let text)?: text
        case .null?, .bool?, .number?, .array?, .object?, nil: nil
        }
    }

    /// The name of a queue in its URL; any other text as it is.
    private static func queueName(_ text: String) -> String {
        guard text.hasPrefix("https://") || text.hasPrefix("http://") else { return text }
        return text.split(separator: "/").last.map(String.init) ?? text
    }

    /// The policy that the change writes as a whole, if the record was kept and holds one that can be read; of a role that is created
    /// its trust policy.
    package var document: PolicyDocument? {
        knownDocument.value {
            edits.lazy.filter { $0.lane.kind != .grants }.compactMap { edit -> PolicyDocument? in
                switch edit.operation {
                case .replaceAll(let values): values.keys.sorted().lazy.compactMap { values[$0]?.document }.first
                case .set(let name, let value) where !name.hasPrefix("sid:"): value.document
                case .set, .remove, .removeStatement, .blur, .blurAll, .observe, .restore, .restoreAll: nil
                }
            }.first
        }
    }

    /// Whether an `UpdateAccessKey` switched the key on.
    package var activatesKey: Bool { changeName == .updateAccessKey && parameter("status") == "Active" }

    /// The version that becomes the default: given by the caller, or by the response.
    package var versionID: String? {
        parameter("versionId")
            ?? response?.member(ignoringCase: "policyVersion")?.member(ignoringCase: "versionId")?.stringValue
    }

    /// By what a setting that the change made is looked up: its target, and of an app client the user pool, and all of them.
    var namesOfSetting: Set<String> {
        guard let target = change.target else { return [] }
        guard change.eventSource == "cognito-idp.amazonaws.com" else { return [target] }
        return Set([target, parameter("userPoolId"), PermissionChangeTarget.userPoolName].compactMap(\.self))
    }

    /// Everything that the change concerns.
    package var subjects: [Subject] {
        guard let rule else { return [] }
        switch rule.target {
        case .user, .accessKey, .role, .trust, .group, .membership, .managedPolicy, .organizationPolicy,
            .identityProvider, .endpoint:
            return Array(Set(edits.map(\.lane.holder))).map(Subject.holder)
        case .organizationPolicyTarget:
            let policy = organizationPolicyID.map { Subject.holder(.organizationPolicy($0)) }
            let target = organizationTarget.map(Subject.account)
            // Which accounts a unit holds no event needs to tell.
            let isAbove = organizationTarget.map { $0.hasPrefix("r-") || $0.hasPrefix("ou-") } ?? false
            return [policy, target].compactMap(\.self) + (isAbove ? [.organizationRoots] : [])
        case .account: return organizationTarget.map { [.account($0)] } ?? []
        case .resource:
            // A function is found by its bare name.
            let name = functionResource == nil ? resource : workloadName
            return name.map { [.resource($0)] } ?? []
        case .permissionSet: return [.permissionSets]
        case .publicAccess: return publicAccessSubject.map { [$0] } ?? []
        case .serviceGrant: return grantSubject.map { [$0] } ?? []
        case .workload:
            let workload = workloadName.map {
                Subject.workload(account: account, source: change.eventSource, name: $0)
            }
            let roles = ([workloadRole, startingRole].compactMap(\.self) + poolRoles).compactMap(\.holder).map(
                Subject.holder)
            return (workload.map { [$0] } ?? []) + roles
        }
    }
}

extension TrailChange: Hashable {
    package static func == (left: TrailChange, right: TrailChange) -> Bool {
        left === right || left.change == right.change
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(event) }
}

extension Value {
    /// The policy; `nil` for anything else, and for a text that cannot be read.
    fileprivate var document: PolicyDocument? { if case .document(let text) = self { text.document } else { nil } }
}

extension PolicyEdit {
    /// The managed policies that it names, and texts that are none.
    fileprivate var policies: [String] {
        switch (lane.kind, operation) {
        case (.attached, _): keys
        case (.boundary, .replaceAll(let values)):
            values.values.compactMap { if case .text(let arn) = $0 { arn } else { nil } }
        default: lane.holder.kind == .managedPolicy ? [lane.holder.name] : []
        }
    }
}
