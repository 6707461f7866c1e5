import AccessDenial
import Causes
import Diagnosis
import Findings
import Remedies
import Testing
import TrailStore

/// One row: facts in, diagnosis out.
struct Scenario: Sendable, CustomTestStringConvertible {
    var name: String
    var group: DenialGroup
    var usage: [Usage] = []
    var changes: [PermissionChange] = []
    var coverage = Facts.coverage
    var projects: [ProjectUse] = []
    /// What logs beside CloudTrail tell of the same refusals.
    var sightings: [CompanionSighting] = []
    /// How far such logs reach.
    var reach: [CompanionReach] = []
    var reportTime = "2026-11-23T00:00:00Z"
    /// The code of the root cause.
    var rootCause: Finding.Code
    /// Codes that must be among the findings beside the root cause.
    var finds: [Finding.Code] = []
    /// Codes that must not be among them.
    var spares: [Finding.Code] = []
    /// The changes that the root cause must blame, by event id; `nil` where that is not asked.
    var blames: [String]?
    var confidence: Confidence?
    var status: DiagnosedGroup.Status = .ongoing
    /// What the status's text must hold, and what it must not.
    var tells: [String] = []
    var tellsNot: [String] = []
    var fixedBy: String?
    var remedy: Remedy.Kind?
    /// Whether the remedy offers an Allow.
    var offersPolicy: Bool?
    /// What the remedy's words or commands must hold.
    var says: [String] = []
    /// What they must not hold.
    var saysNot: [String] = []
    /// What the root cause's explanation must hold, and what it must not.
    var explains: [String] = []
    var explainsNot: [String] = []

    var testDescription: String { name }

    private var diagnoser: Diagnoser {
        var companions = CompanionFacts()
        companions.sightings[group.id] = sightings.isEmpty ? nil : sightings
        companions.reach = reach
        return Diagnoser(
            usage: usage, changes: changes, coverage: coverage, reportTime: reportTime, projects: projects,
            companions: companions)
    }

    var study: CaseStudy { diagnoser.study(group) }

    var diagnosis: DiagnosedGroup {
        diagnoser.diagnose(group)
    }
}

extension RecordedRequest {
    /// A refused request by what its record tells beside the caller; `requestParameters` is JSON text.
    init(eventID: String, requestParameters: String?, resources: [String] = []) {
        let list = resources.map { "{\"ARN\":\"\($0)\"}" }.joined(separator: ",")
        self.init(
            eventID: eventID, record: "{\"requestParameters\":\(requestParameters ?? "null"),\"resources\":[\(list)]}")
    }
}

/// Short ways to write facts. Accounts and addresses are those of documentation.
enum Facts {
    /// How often a call was refused, where a row does not tell.
    static let denials = 12
    static let account = "111122223333"
    static let other = "444455556666"
    static let role = "arn:aws:iam::111122223333:role/app/order-notifier"
    static let user = "arn:aws:iam::111122223333:user/alice"
    static let send = "mobiletargeting:SendMessages"
    static let app = "arn:aws:mobiletargeting:us-east-1:111122223333:apps/0a1b2c"
    static let messages = "arn:aws:mobiletargeting:us-east-1:111122223333:apps/0a1b2c/messages"
    static let policy = "arn:aws:iam::111122223333:policy/pinpoint-send"
    static let scp = "arn:aws:organizations::444455556666:policy/o-exampleorg/service_control_policy/p-example1"
    static let firstSeen = "2026-11-10T12:00:00Z"
    static let lastSeen = "2026-11-11T12:00:00Z"

    static var coverage: Coverage {
        var coverage = Coverage()
        coverage.events = 1_000
        coverage.from = "2026-11-01T00:00:00Z"
        coverage.to = "2026-11-11T18:00:00Z"
        return coverage
    }

    static func group(
        _ reason: Reason, principal: String = role, action: String = send, resource: String? = messages,
        policies: [String] = [], region: String = "us-east-1", source: String = "pinpoint.amazonaws.com",
        category: AccessDenial.Category? = nil, with change: (inout DenialGroup) -> Void = { _ in }
    ) -> DenialGroup {
        var group = DenialGroup(
            id: "7c1f09ab0001", principal: principal, principalType: "AssumedRole", action: action, eventSource: source,
            reason: reason, category: category ?? reason.category, denials: denials, firstSeen: firstSeen,
            lastSeen: lastSeen
        )
        group.resources = resource.map { [Counted($0, denials: 12)] } ?? []
        group.policyARNs = policies.map { Counted($0, denials: 12) }
        group.regions = [Counted(region, denials: 12)]
        group.accounts = [Counted(account, denials: 12)]
        group.evidence = [
            DenialEvidence(
                eventID: "denial", eventTime: firstSeen, eventName: String(action.split(separator: ":").last ?? ""),
                awsRegion: region, resource: resource, errorCode: "AccessDenied")
        ]
        change(&group)
        return group
    }

    static func slug(_ slug: String) -> Reason { Reason(slug: slug) ?? .unrecognised }

    static func usage(
        _ principal: String = role, _ action: String = send, successes: Int = 100,
        first: String? = "2026-11-02T00:00:00Z", last: String? = "2026-11-10T11:50:00Z", region: String = "us-east-1",
        account: String = account, readOnly: Bool = false, source: String = "pinpoint.amazonaws.com"
    ) -> Usage {
        Usage(
            principal: principal, action: action, eventSource: source,
            eventName: String(action.split(separator: ":").last ?? ""), readOnly: readOnly, awsRegion: region,
            accountId: account, successes: successes, firstSuccess: successes > 0 ? first : nil,
            lastSuccess: successes > 0 ? last : nil, denials: 0)
    }

    /// A change; `parameters` become the record's `requestParameters`, `nil` stands for a record that was not kept.
    static func change(
        _ name: String, at time: String = "2026-11-10T11:55:00Z", id: String = "change",
        target: String? = "order-notifier",
        type: String? = "role", policy: String? = nil, source: String = "iam.amazonaws.com", account: String = account,
        parameters: String? = nil, response: String? = nil
    ) -> PermissionChange {
        let record = parameters.map {
            #"{"eventName":"\#(name)","requestParameters":\#($0),"responseElements":\#(response ?? "null")}"#
        }
        return PermissionChange(
            eventID: id, eventTime: time, eventSource: source, eventName: name,
            actor: "arn:aws:iam::111122223333:user/bob", targetType: type, target: target, policyARN: policy,
            accountId: account, awsRegion: "us-east-1", record: record)
    }

    static func put(
        _ document: String, at time: String = "2026-11-10T11:55:00Z", id: String = "change", name: String = "inline",
        event: String = "PutRolePolicy", owner: String = "order-notifier"
    ) -> PermissionChange {
        let key = event.contains("Role") ? "roleName" : event.contains("User") ? "userName" : "groupName"
        let type = event.contains("Role") ? "role" : event.contains("User") ? "user" : "group"
        return change(
            event, at: time, id: id, target: owner, type: type,
            parameters: #"{"\#(key)":"\#(owner)","policyName":"\#(name)","policyDocument":\#(quoted(document))}"#)
    }

    static func version(
        _ document: String, of arn: String = policy, at time: String = "2026-11-10T11:55:00Z", id: String = "change",
        isDefault: Bool = true, version: String = "v2"
    ) -> PermissionChange {
        change(
            "CreatePolicyVersion", at: time, id: id, target: arn, type: "policy", policy: arn,
            parameters: #"{"policyArn":"\#(arn)","policyDocument":\#(quoted(document)),"setAsDefault":\#(isDefault)}"#,
            response: #"{"policyVersion":{"versionId":"\#(version)","isDefaultVersion":\#(isDefault)}}"#)
    }

    static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    static func statement(_ effect: String, _ action: String, _ resource: String) -> String {
        #"{"Version":"2012-10-17","Statement":[{"Effect":"\#(effect)","Action":"\#(action)","Resource":"\#(resource)"}]}"#
    }

    static let allowSend = statement("Allow", "mobiletargeting:SendMessages", "*")
    static let denySend = statement("Deny", "mobiletargeting:Send*", "*")
    static let allowReads = statement("Allow", "mobiletargeting:Get*", "*")
    static let allowS3 = statement("Allow", "s3:*", "*")
}
