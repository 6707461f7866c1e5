import CloudTrail
public import IAMPolicy

/// What is known of Amazon Pinpoint and its successors in AWS End User Messaging: operations, actions, ARNs, recording.
public enum PinpointCatalogue {
    /// The day on which AWS ended support for Pinpoint's engagement features.
    public static let endOfSupport = "2026-10-30"
    /// The day since which Pinpoint has data events (`AWS::Pinpoint::App`), off by default and never in Event history.
    public static let dataEventsSince = "2025-03-03"
    /// `resources.type` of Pinpoint's data events.
    public static let dataEventResourceType = "AWS::Pinpoint::App"

    /// All 122 operations of Pinpoint, in alphabetical order. Every one has exactly one IAM action of the same name.
    public static let operations: [PinpointOperation] = PinpointTables.rows(PinpointTables.operations)
        .compactMap(PinpointOperation.init(row:))

    /// The operation with this name, which is CloudTrail's event name and the IAM action's; `nil` where Pinpoint has none.
    public static func operation(named name: String) -> PinpointOperation? { operationByName[name] }

    /// The actions of AWS End User Messaging SMS (`sms-voice`), version 1 included.
    public static let smsVoiceActions = ServiceAction.list("sms-voice", PinpointTables.smsVoiceActions)
    /// The actions of AWS End User Messaging Social (`social-messaging`).
    public static let socialMessagingActions = ServiceAction.list(
        "social-messaging", PinpointTables.socialMessagingActions)
    /// The actions of Amazon Mobile Analytics (`mobileanalytics`).
    public static let mobileAnalyticsActions = ServiceAction.list(
        "mobileanalytics", PinpointTables.mobileAnalyticsActions)
    /// Pinpoint's one action that no operation has: the analytics pages of the console.
    public static let consoleAction = ServiceAction(
        name: "mobiletargeting:GetReports", accessLevel: .read, resourceTypes: ["reports"], requiredTypes: ["reports"])

    /// Every IAM action of the family, Pinpoint's first.
    public static var actions: [ServiceAction] {
        operations.map(\.serviceAction) + [consoleAction] + smsVoiceActions + socialMessagingActions
            + mobileAnalyticsActions
    }

    /// The shape of the ARN of a Pinpoint resource type behind the account, such as `apps/{application-id}/messages` for
    /// `messages`; `nil` where Pinpoint has no such type.
    public static func arnShape(ofResourceType type: String) -> String? { arnShapes[type] }

    /// Whether a policy of this type can refuse an action of the family. Pinpoint's resources have no policies of their own,
    /// those of AWS End User Messaging SMS do, and resource control policies reach none of these services; a role's trust
    /// policy is asked by STS alone. What a message states counts all the same: this is for what it leaves open.
    ///
    /// Sources: the IAM service authorization reference, and "Resource control policies" in the AWS Organizations user guide.
    public static func canDeny(_ type: PolicyType, action: String) -> Bool {
        switch type {
        case .identityBased, .serviceControl, .permissionsBoundary, .session, .vpcEndpoint: true
        case .resourceBased: action.hasPrefix("sms-voice:")
        case .resourceControl, .roleTrust: false
        }
    }

    private static let operationByName = Dictionary(
        operations.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

    private static let arnShapes = PinpointTables.pairs(PinpointTables.arnShapes)
    static let smsVoiceShapes = PinpointTables.pairs(PinpointTables.smsVoiceARNShapes)
    static let smsVoiceActionByName = Dictionary(
        smsVoiceActions.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    static let socialMessagingActionByName = Dictionary(
        socialMessagingActions.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
}

/// One operation of the Pinpoint API.
public struct PinpointOperation: Sendable, Hashable {
    /// The operation's name, which CloudTrail's `eventName` and the IAM action share.
    public let name: String
    /// The HTTP method: POST for SendMessages, PUT for UpdateEndpoint.
    public let method: HTTPMethod
    /// The path behind `/v1`, such as `/apps/{application-id}/messages`.
    public let path: String
    /// IAM's access level of the action.
    public let accessLevel: AccessLevel
    /// The types of the resource that its action is checked on; several only for tags.
    public let resourceTypes: [String]
    /// The actions that it needs besides its own: `iam:PassRole`, and `mobiletargeting:TagResource` where tags are given.
    public let extraActions: [String]
    /// What became of it on ``PinpointCatalogue/endOfSupport``. Always inferred from the notice's words: AWS publishes no
    /// list of operations.
    public let afterSupport: AfterSupport
    private let notRecorded: [Character]

    /// The HTTP methods of the API.
    public enum HTTPMethod: String, Sendable, CaseIterable {
        case get = "GET"
        case put = "PUT"
        case post = "POST"
        case delete = "DELETE"
    }

    /// What becomes of an operation at the end of support.
    public enum AfterSupport: String, Sendable, CaseIterable {
        /// An engagement feature: refused with a ForbiddenException.
        case stops
        /// It serves push, SMS, voice, OTP or phone number validation and goes on.
        case stays
        /// The notice's words do not tell.
        case unknown
    }

    /// Whether CloudTrail records an operation.
    public enum Recording: String, Sendable, CaseIterable {
        /// As a management event, by the documentation of the time.
        case recorded
        /// Not at all, by the documentation of the time.
        case notRecorded
        /// Probably as a data event, which a trail records only where it is told to. AWS does not say which operations are
        /// data events; a record's own `eventCategory` does.
        case dataEventProbable
        /// The list of supported operations does not name it.
        case notListed
    }

    /// The IAM action: `mobiletargeting:SendMessages`.
    public var action: String { "mobiletargeting:\(name)" }

    /// The operation's action as one of the family's.
    public var serviceAction: ServiceAction {
        ServiceAction(
            name: action, accessLevel: accessLevel, resourceTypes: resourceTypes,
            requiredTypes: resourceTypes.count == 1 ? resourceTypes : [])
    }

    /// Whether CloudTrail recorded the operation on a day, given as ISO 8601 text. The documentation of 2018 speaks for all
    /// days before June 2023.
    public func recording(on day: String) -> Recording {
        if day < "2023-06" { return notRecorded.contains("a") ? .notRecorded : .recorded }
        if day < PinpointCatalogue.dataEventsSince { return notRecorded.contains("b") ? .notRecorded : .recorded }
        if PinpointOperation.probableDataEvents.contains(name) { return .dataEventProbable }
        return notRecorded.contains("c") ? .notListed : .recorded
    }

    private static let probableDataEvents: Set<String> = [
        "SendMessages", "SendUsersMessages", "SendOTPMessage", "PutEvents",
    ]

    /// The ARN behind the account of the resource that a call with these parameters is checked on, such as
    /// `apps/ID/messages`. The parameters bear the names of the path: `application-id`. `nil` where one is missing or
    /// masked.
    func resourcePath(parameter: (String) -> String?) -> String? {
        guard let type = resourceTypes.first, resourceTypes.count == 1,
            let shape = PinpointCatalogue.arnShape(ofResourceType: type)
        else { return nil }
        return ARNShape.filled(shape) { name in
            switch name {
            case "template-type": templateType ?? parameter(name)?.uppercased()
            case "channel-type": path.split(separator: "/").last.map(String.init)
            default: parameter(name)
            }
        }
    }

    /// The type that the path of a template's operation names; in ARNs it stands in upper case.
    private var templateType: String? {
        let parts = path.split(separator: "/")
        guard parts.count == 3, parts[0] == "templates", !parts[2].hasPrefix("{") else { return nil }
        return parts[2].uppercased()
    }

    init?(row: [Substring]) {
        guard row.count == 8, let method = HTTPMethod(rawValue: String(row[1])),
            let accessLevel = AccessLevel(rawValue: String(row[3]))
        else { return nil }
        name = String(row[0])
        self.method = method
        path = String(row[2])
        self.accessLevel = accessLevel
        resourceTypes = row[4].split(separator: " ").map(String.init)
        extraActions = row[5].split(separator: " ").map(String.init)
        notRecorded = Array(row[6])
        switch row[7] {
        case "stop": afterSupport = .stops
        case "stay": afterSupport = .stays
        default: afterSupport = .unknown
        }
    }
}

/// IAM's access level of an action.
public enum AccessLevel: String, Sendable, CaseIterable {
    case list = "List"
    case read = "Read"
    case write = "Write"
    case tagging = "Tagging"
    case permissionsManagement = "Permissions management"
}

/// One IAM action and what it is checked on.
public struct ServiceAction: Sendable, Hashable {
    /// The action with its prefix: `sms-voice:SendTextMessage`.
    public let name: String
    /// IAM's access level of the action.
    public let accessLevel: AccessLevel
    /// Every resource type that a policy can name for it.
    public let resourceTypes: [String]
    /// Those of them that a policy must cover.
    public let requiredTypes: [String]

    init(name: String, accessLevel: AccessLevel, resourceTypes: [String], requiredTypes: [String]) {
        self.name = name
        self.accessLevel = accessLevel
        self.resourceTypes = resourceTypes
        self.requiredTypes = requiredTypes
    }

    static func list(_ prefix: String, _ table: String) -> [ServiceAction] {
        PinpointTables.rows(table).compactMap { row in
            guard row.count == 3, let accessLevel = AccessLevel(rawValue: String(row[1])) else { return nil }
            let types = row[2].split(separator: " ")
            return ServiceAction(
                name: "\(prefix):\(row[0])", accessLevel: accessLevel,
                resourceTypes: types.map { String($0.hasSuffix("*") ? $0.dropLast() : $0) },
                requiredTypes: types.filter { $0.hasSuffix("*") }.map { String($0.dropLast()) })
        }
    }
}

/// The shape of an ARN behind the account, with `{parameters}` to fill in.
enum ARNShape {
    /// The shape with every parameter filled; `nil` where one is missing, empty or masked (`***`, `HIDDEN_DUE_TO_…`).
    static func filled(_ shape: String, parameter: (String) -> String?) -> String? {
        var result = ""
        var rest = shape[...]
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}") else { return nil }
            result += rest[..<open]
            guard let value = parameter(String(rest[rest.index(after: open)..<close])), isReadable(value) else {
                return nil
            }
            result += value
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }

    /// The partition that a Region belongs to.
    static func partition(ofRegion region: String) -> String {
        partitions.first { region.hasPrefix($0.prefix) }?.partition ?? "aws"
    }

    /// Source: `partitions.json` of the AWS SDKs.
    private static let partitions: [(prefix: String, partition: String)] = [
        ("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("us-iso-", "aws-iso"), ("us-isob-", "aws-iso-b"),
        ("eu-isoe-", "aws-iso-e"), ("us-isof-", "aws-iso-f"), ("eusc-", "aws-eusc"),
    ]
}

extension PinpointTables {
    /// The lines of a table, each split at its bars.
    static func rows(_ table: String) -> [[Substring]] {
        table.split(separator: "\n").map { $0.split(separator: "|", omittingEmptySubsequences: false) }
    }

    /// A table of two columns.
    static func pairs(_ table: String) -> [String: String] {
        Dictionary(
            rows(table).compactMap { $0.count == 2 ? (String($0[0]), String($0[1])) : nil },
            uniquingKeysWith: { first, _ in first })
    }
}
