public import CloudTrail
import IAMPolicy

/// Which events can change what somebody may do, whom they concern, and which way they go: one table for all who ask.
///
/// A change counts only where the call succeeded. Security groups, network ACLs and routes are not here: what they block
/// never reaches AWS, so that no denial comes of it. Neither is AssumeRole, which changes nothing but its own session.
public enum ChangeCatalogue {
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
            row.conditions.isEmpty || row.conditions.contains(where: { holds($0, in: event) })
        else { return nil }
        let target = first(row.target, in: event)
        var change = PermissionChangeTarget(
            targetType: row.targetType.refined(by: target), target: target,
            policyARN: first(row.policyARN, in: event), policyName: first(row.policyName, in: event))
        if change.targetType.isWorkload { change.workloadRole = first(workloadRoles, in: event) }
        if change.targetType == .instanceProfile { change.workloadRole = first(profileRoles, in: event) }
        if change.targetType == .role { change.trustedServices = hosts(first(trustDocuments, in: event)) }
        if change.targetType == .identityPool { change.guestRole = first(guestRoles, in: event) }
        change.concerned = concerned(by: change.targetType, in: event)
        if change.target == nil, change.targetType == .resource { change.target = change.concerned.first }
        if change.targetType == .service {
            change.taskFamily = first(taskDefinitions, in: event).map(TaskDefinitionName.family(of:))
        }
        return change
    }

    /// What the program explains denials by; `nil` for an event that it explains none by.
    package static func rule(source: String, name: String) -> ChangeRule? {
        row(eventSource: source, eventName: name)?.rule
    }

    /// Whether changes of resource-based policies come from a source.
    package static func hasResourcePolicies(_ source: String) -> Bool { sourcesOfResourcePolicies.contains(source) }

    private static let sourcesOfResourcePolicies = Set(
        rows.filter { _, names in
            names.values.contains {
                $0.isRuled && $0.rule?.target == .resource && $0.rule?.policyType == .resourceBased
            }
        }.keys)

    private struct Row: Sendable {
        var targetType: PermissionChangeTarget.TargetType
        var target: [Place]
        var policyARN: [Place]
        var policyName: [Place]
        /// Of which one has to hold; empty where the event always counts.
        var conditions: [Condition]
        var rule: ChangeRule?
        /// Whether the table itself gives the rule.
        var isRuled: Bool
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
        for fields in ChangeTable.fields where fields.count == ChangeTable.width {
            let prefix = String(fields[0])
            guard let type = PermissionChangeTarget.TargetType(rawValue: String(fields[2])) else { continue }
            let conditions = fields[6].split(separator: " ").map { field -> Condition in
                let sides = field.split(separator: "=")
                return Condition(place: Place(sides[0]), value: sides.count == 2 ? String(sides[1]) : nil)
            }
            let target = fields[3] == "*" ? usualPlaces : places(fields[3])
            let rule = ChangeRule(fields[7])
            for name in fields[1].split(separator: " ").map(String.init) {
                let row = Row(
                    targetType: type, target: target, policyARN: places(fields[4]), policyName: places(fields[5]),
                    conditions: conditions, rule: rule ?? ResourcePolicies.rule(prefix, name), isRuled: rule != nil)
                for source in EventSources.all(of: prefix) { table[source, default: [:]][name] = row }
            }
        }
        return table
    }()

    private static func places(_ field: Substring) -> [Place] { field.split(separator: " ").map(Place.init) }

    private static let usualPlaces = places("resourceArn resourceARN arn name id")

    /// The role that the request gives; of an instance its instance profile, which most often bears the role's name.
    private static let workloadRoles = places(
        """
        role taskRoleArn roleArn serviceRole executionRoleArn jobUpdate.role roles.authenticated ReplaceIamInstanceProfileAssociationRequest.IamInstanceProfile.Arn iamInstanceProfile.arn \
        ReplaceIamInstanceProfileAssociationRequest.IamInstanceProfile.Name iamInstanceProfile.name \
        AssociateIamInstanceProfileRequest.IamInstanceProfile.Arn AssociateIamInstanceProfileRequest.IamInstanceProfile.Name
        """)

    private static let profileRoles = places("roleName")

    /// The role of an identity pool's guests, beside that of its users.
    private static let guestRoles = places("roles.unauthenticated")
    private static let trustDocuments = places("assumeRolePolicyDocument policyDocument")

    /// Few services of many stand in a trust policy; a document that names more is none that anybody looks for by them.
    private static let hostLimit = 8

    /// What a policy's text names that ends like the host of an AWS service.
    private static func hosts(_ document: String?) -> Set<String> {
        guard let document else { return [] }
        // By bytes: a document is met with every role that is made.
        let words = document.utf8.split { !isOfHost($0) }.filter { $0.last == UInt8(ascii: "m") }.map { Substring($0) }
        return Set(words.filter { $0.hasSuffix(".amazonaws.com") }.prefix(hostLimit).map { $0.lowercased() })
    }

    private static func isOfHost(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static let taskDefinitions = places("taskDefinition")

    private static func row(eventSource: String, eventName: String) -> Row? {
        guard !isReading(eventName), let names = rows[eventSource] else { return nil }
        if let row = names[eventName] { return row }
        guard let last = eventName.utf8.last, last >= 0x30, last <= 0x39 else { return nil }
        return names[eventName.withoutVersion]
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
            if let value = value(at: place, in: event), isReadable(value) { return value }
        }
        return nil
    }

    /// How many of those are looked up by name.
    private static let concernedLimit = 100

    private static func concerned(by type: PermissionChangeTarget.TargetType, in event: Event) -> [String] {
        let texts: [String?]
        switch (type, event.eventName) {
        case (.resourceShare, _):
            texts = (event.requestParameters?.fragment(at: "resourceArns")?.elements() ?? []).map(\.stringValue)
        case (_, "CreateTags"?), (_, "DeleteTags"?), (_, "CreateOrUpdateTags"?):
            // Amazon EC2 lists what gets the tags, EC2 Auto Scaling the tags.
            let parameters = event.requestParameters
            let list = parameters?.fragment(at: "resourcesSet", "items") ?? parameters?.fragment(at: "tags")
            texts = (list?.elements() ?? []).map { $0.string(at: "resourceId") }
        case (.taskDefinition, _): texts = [event.requestParameters?.string(at: "executionRoleArn")]
        case (_, "RunInstances"?):
            texts = (event.responseElements?.fragment(at: "instancesSet", "items")?.elements() ?? []).map {
                $0.string(at: "instanceId")
            }
        case (_, "CreateUserPool"?), (_, "UpdateUserPool"?), (_, "CreateUserPoolClient"?), (_, "UpdateUserPoolClient"?):
            texts = [event.requestParameters?.string(at: "userPoolId"), PermissionChangeTarget.userPoolName]
        case (_, "BatchGrantPermissions"?), (_, "BatchRevokePermissions"?):
            texts = (event.requestParameters?.fragment(at: "entries")?.elements() ?? []).map {
                $0.string(at: "principal", "dataLakePrincipalIdentifier")
            }
        default: return []
        }
        return Set(texts.compactMap(\.self).filter(isReadable)).sorted().prefix(concernedLimit).map(\.self)
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
