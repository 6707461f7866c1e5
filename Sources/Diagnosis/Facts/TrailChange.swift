import AccessDenial
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import TrailStore

/// One event that changed permissions, with what its record says about target and policy.
///
/// An object rather than a value because every group that a change concerns holds it.
final class TrailChange: Sendable {
    /// Whom a change concerns: what changes are looked up by.
    enum Subject: Hashable {
        case user(account: String, name: String)
        case role(account: String, name: String)
        case group(account: String, name: String)
        case policy(arn: String)
        case organizationPolicy(id: String)
        case account(String)
        /// Any root of an organization, which holds every account, or unit of one, which may hold any.
        case organizationRoots
        case endpoint(String)
        case identityProvider(arn: String)
        case resource(String)
        /// Any permission set of IAM Identity Center: its events name an instance's ARN, never the roles.
        case permissionSets
        /// A function, a family of tasks or an instance.
        case workload(account: String, source: String, name: String)

        /// One of the names by which the store finds the changes of the subject (`PermissionChangeTarget.names`).
        var name: String {
            switch self {
            case .user(_, let name), .role(_, let name), .group(_, let name): name
            case .policy(let arn), .identityProvider(let arn): arn
            case .organizationPolicy(let id): id
            case .account(let id): id
            case .organizationRoots: PermissionChangeTarget.organizationRootName
            case .endpoint(let id): id
            case .resource(let text): text
            case .permissionSets: PermissionChangeTarget.permissionSetName
            case .workload(_, _, let name): name
            }
        }
    }

    let change: PermissionChange
    /// `requestParameters` of the kept record; `nil` where no record was kept or it is damaged.
    let parameters: JSONValue?
    let response: JSONValue?

    // Every group asks every change that concerns it for these, so they are read once.
    /// The event as the timeline knows it.
    let event: ChangeEvent
    /// What it did to policies, and to what they are judged by.
    let edits: [PolicyEdit]
    /// Whose changes matter to whom it concerns, because of it.
    let leadsTo: [Holder]
    let rule: ChangeRule?
    let roleName: String?
    /// The user; key events without a name concern the caller.
    let userName: String?
    let groupName: String?
    /// The managed policy or boundary that the change names.
    let policyARN: String?
    /// The name of the inline policy.
    let inlinePolicyName: String?
    /// Who made the change, and the change as evidence, once somebody asked.
    let knownPerson = Once<Person>()
    let knownEvidence = Once<Evidence>()
    private let knownDocument = Once<PolicyDocument?>()

    /// A change, whose record is read once, where there is one.
    init(_ change: PermissionChange) {
        let known = ChangeRecord(change)
        let record = KeptRecord(known)
        edits = ChangeReaders.edits(of: known)
        event = edits.first?.event ?? ChangeEvent(known)
        leadsTo = Array(Set(edits.flatMap(\.leadsTo)))
        self.change = change
        rule = ChangeCatalogue.rule(source: change.eventSource, name: change.eventName)
        parameters = record.parameters
        response = record.response
        let target = change.target.map { ARN($0)?.name ?? $0 }
        roleName = record.parameter("roleName") ?? (change.targetType == "role" ? target : nil)
        groupName = record.parameter("groupName") ?? (change.targetType == "group" ? target : nil)
        inlinePolicyName = record.parameter("policyName")
        policyARN = record.policyARN(of: change)
        if let name = record.parameter("userName") ?? (change.targetType == "user" ? target : nil) {
            userName = name
        } else if rule?.target == .accessKey {
            let actor = PrincipalName(change.actor)
            userName = actor.kind == .user ? actor.name : nil
        } else {
            userName = nil
        }
    }

    var time: String { change.eventTime }

    /// A parameter's text by its name in any case.
    func parameter(_ name: String) -> String? { parameters?.member(ignoringCase: name)?.stringValue }

    /// The account in which the change was made.
    var account: String { change.accountId ?? "" }

    /// The role that a function, a task or an instance is to run under, as far as this event alone tells.
    var workloadRole: PrincipalName? {
        guard rule?.target == .workload else { return nil }
        if let text = parameter("role") ?? parameter("taskRoleArn") ?? parameter("roleArn") {
            return PrincipalName(text)
        }
        if change.eventSource == "iam.amazonaws.com" {
            return roleName.map { PrincipalName("arn:aws:iam::\(account):role/\($0)") }
        }
        let profile = parameters?.member(ignoringCase: "iamInstanceProfile")
        guard
            let text = profile?.member(ignoringCase: "arn")?.stringValue
                ?? profile?.member(ignoringCase: "name")?.stringValue
        else { return nil }
        // The console names an instance profile after its role, and so do most.
        return PrincipalName("arn:\(ARN(text)?.partition ?? "aws"):iam::\(account):role/\(ARN(text)?.name ?? text)")
    }

    /// The function, the family of tasks or the instance whose role is set.
    var workloadName: String? {
        switch changeName {
        case .updateService: parameter("taskDefinition").map(TaskDefinitionName.family(of:))
        case .replaceIamInstanceProfileAssociation, .associateIamInstanceProfile:
            parameter("instanceId") ?? instanceAssociation?.member(ignoringCase: "instanceId")?.stringValue
                ?? change.target
        case .addRoleToInstanceProfile, .removeRoleFromInstanceProfile:
            parameter("instanceProfileName") ?? change.target
        case .setIdentityPoolRoles: parameter("identityPoolId") ?? change.target
        case .createPodIdentityAssociation, .updatePodIdentityAssociation: change.target
        case .createStateMachine, .updateStateMachine: change.target?.split(separator: ":").last.map(String.init)
        default: (parameter("functionName") ?? parameter("family") ?? change.target).map(CallTarget.name(in:))
        }
    }

    /// The roles that the users and the guests of an identity pool get, in this order; empty for anything else.
    var poolRoles: [PrincipalName] {
        guard changeName == .setIdentityPoolRoles else { return [] }
        let roles = parameters?.member(ignoringCase: "roles")
        return ["authenticated", "unauthenticated"].compactMap {
            roles?.member(ignoringCase: $0)?.stringValue.map { PrincipalName($0) }
        }
    }

    private var instanceAssociation: JSONValue? {
        let name = "iamInstanceProfileAssociation"
        return response?.member(ignoringCase: name)
            ?? response?.member(ignoringCase: change.eventName + "Response")?.member(ignoringCase: name)
    }

    /// The id (`p-…`) of a policy of AWS Organizations.
    var organizationPolicyID: String? {
        for text in [parameter("policyId"), change.policyARN, change.target] {
            guard let text else { continue }
            let id = ARN(text)?.name ?? text
            if id.hasPrefix("p-") { return id }
        }
        return nil
    }

    /// The type that the event gives an organization's policy, such as `SERVICE_CONTROL_POLICY`; `nil` where it gives none.
    var organizationPolicyType: String? {
        parameter("type")
            ?? response?.member(ignoringCase: "policy")?.member(ignoringCase: "policySummary")?
            .member(ignoringCase: "type")?.stringValue
    }

    /// The account, organizational unit or root that a policy of AWS Organizations was attached to, or the account that moved.
    var organizationTarget: String? {
        if let target = parameter("targetId") ?? parameter("accountId") { return target }
        guard let target = change.target, !target.hasPrefix("p-") else { return nil }
        return target
    }

    var endpointID: String? {
        for text in [parameter("vpcEndpointId"), change.target] {
            if let text, text.hasPrefix("vpce-") { return text }
        }
        return response?.member(ignoringCase: "vpcEndpoint")?.member(ignoringCase: "vpcEndpointId")?.stringValue
    }

    /// The resource whose own policy changed: an ARN, a bucket's name, a key's id.
    var resource: String? {
        if let layer = parameter("layerName"), let version = layerVersion {
            // Each version of a layer has a policy of its own.
            return layer.hasPrefix("arn:") ? "\(layer):\(version)" : "layer:\(layer):\(version)"
        }
        if let functionResource { return functionResource }
        // What matters is the set that every message of the identity uses from then on.
        if setsDefaultConfigurationSet { return change.target }
        for name in [
            "bucketName", "keyId", "topicArn", "queueUrl", "resourceArn", "secretId", "identity", "emailIdentity",
        ] {
            guard let text = parameter(name) else { continue }
            return name == "queueUrl" ? Self.queueName(text) : text
        }
        return change.target.map(Self.queueName)
    }

    /// Whether it gave an identity of Amazon SES a default configuration set.
    var setsDefaultConfigurationSet: Bool { changeName == .putEmailIdentityConfigurationSetAttributes }

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

    /// Whether the record shows that no policy was written: another attribute of a topic, a queue or an endpoint was.
    var leavesPolicyAlone: Bool {
        guard let parameters else { return false }
        switch changeName {
        case .setTopicAttributes: return parameter("attributeName").map { $0 != "Policy" } ?? false
        case .setQueueAttributes:
            return parameters.member(ignoringCase: "attributes").map { $0.member(ignoringCase: "Policy") == nil }
                ?? false
        case .acceptHandshake:
            // Members agree to other things than an invitation, too.
            return response?.member(ignoringCase: "handshake")?.member(ignoringCase: "action")?.stringValue
                .map { $0 != "INVITE" } ?? false
        case .createVpcEndpoint:
            // Without a document the endpoint gets the policy that allows everything.
            return parameter("policyDocument") == nil
        case .modifyVpcEndpoint:
            // What `ResetPolicy` puts in place allows everything, so it refuses nothing.
            return parameter("policyDocument") == nil && !bringsTraffic
        default: return false
        }
    }

    /// Whether a VPC endpoint got back the policy that allows everything.
    var resetsPolicy: Bool {
        guard changeName == .modifyVpcEndpoint else { return false }
        switch parameters?.member(ignoringCase: "resetPolicy") {
        case .bool(let flag)?: return flag
        case .string(let text)?: return text.lowercased() == "true"
        default: return false
        }
    }

    /// Whether calls that took another way before go through the VPC endpoint from now on.
    var bringsTraffic: Bool {
        guard changeName == .modifyVpcEndpoint, let parameters else { return false }
        if parameters.member(ignoringCase: "addRouteTableId") != nil { return true }
        switch parameters.member(ignoringCase: "privateDnsEnabled") {
        case .bool(let flag)?: return flag
        case .string(let text)?: return text.lowercased() == "true"
        default: return false
        }
    }

    /// The policy that the change writes as a whole, if the record was kept and holds one that can be read; of a role that is created
    /// its trust policy.
    var document: PolicyDocument? {
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

    /// Whether a `CreatePolicyVersion` left the default version as it was.
    var keepsDefaultVersion: Bool {
        guard changeName == .createPolicyVersion, let parameters else { return false }
        switch parameters.member(ignoringCase: "setAsDefault") {
        case .bool(let flag)?: return !flag
        case .string(let text)?: return text.lowercased() != "true"
        default: return true  // the API's default
        }
    }

    /// Whether an `UpdateAccessKey` switched the key on.
    var activatesKey: Bool { changeName == .updateAccessKey && parameter("status") == "Active" }

    /// The version that becomes the default: given by the caller, or by the response.
    var versionID: String? {
        parameter("versionId")
            ?? response?.member(ignoringCase: "policyVersion")?.member(ignoringCase: "versionId")?.stringValue
    }

    /// Everything that the change concerns.
    var subjects: [Subject] {
        guard let rule else { return [] }
        switch rule.target {
        case .user, .accessKey: return userName.map { [.user(account: account, name: $0)] } ?? []
        case .role, .trust: return roleName.map { [.role(account: account, name: $0)] } ?? []
        case .group: return groupName.map { [.group(account: account, name: $0)] } ?? []
        case .membership: return userName.map { [.user(account: account, name: $0)] } ?? []
        case .managedPolicy: return policyARN.map { [.policy(arn: $0)] } ?? []
        case .organizationPolicy: return organizationPolicyID.map { [.organizationPolicy(id: $0)] } ?? []
        case .organizationPolicyTarget:
            return (organizationPolicyID.map { [.organizationPolicy(id: $0)] } ?? [])
                + (organizationTarget.map { target -> [Subject] in
                    // Which accounts a unit holds no event needs to tell.
                    target.hasPrefix("r-")
                        ? [.organizationRoots]
                        : target.hasPrefix("ou-") ? [.account(target), .organizationRoots] : [.account(target)]
                } ?? [])
        case .account: return organizationTarget.map { [.account($0)] } ?? []
        case .identityProvider: return providerARN.map { [.identityProvider(arn: $0)] } ?? []
        case .endpoint: return endpointID.map { [.endpoint($0)] } ?? []
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
            let roles = ([workloadRole].compactMap(\.self) + poolRoles).map {
                Subject.role(account: $0.account, name: $0.name)
            }
            return (workload.map { [$0] } ?? []) + roles
        }
    }
}

extension TrailChange: Hashable {
    static func == (left: TrailChange, right: TrailChange) -> Bool {
        left === right || left.change == right.change
    }

    func hash(into hasher: inout Hasher) { hasher.combine(change.eventID) }
}

extension Value {
    /// The policy; `nil` for anything else, and for a text that cannot be read.
    fileprivate var document: PolicyDocument? { if case .document(let text) = self { text.document } else { nil } }
}

/// What the kept record of a change says.
private struct KeptRecord {
    var parameters: JSONValue?
    var response: JSONValue?

    init(_ record: ChangeRecord) {
        guard !record.isPartial else { return }
        // Some EC2 calls wrap their parameters once more: `ModifyVpcEndpointRequest`.
        parameters = record.request?.member(ignoringCase: record.eventName + "Request") ?? record.request
        response = record.response
    }

    func parameter(_ name: String) -> String? { parameters?.member(ignoringCase: name)?.stringValue }

    func policyARN(of change: PermissionChange) -> String? {
        if let arn = change.policyARN, arn.hasPrefix("arn:") { return arn }
        if let arn = parameter("policyArn") ?? parameter("permissionsBoundary") { return arn }
        if let arn = response?.member(ignoringCase: "policy")?.member(ignoringCase: "arn")?.stringValue { return arn }
        guard change.targetType == "policy", let target = change.target, target.hasPrefix("arn:") else { return nil }
        return target
    }
}
