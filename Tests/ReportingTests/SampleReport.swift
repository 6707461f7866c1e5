import AccessDenial
import Diagnosis
import IAMPolicy
import Remedies
import Reporting
import TrailStore

/// A report that shows every part of the formats, made through the diagnosis like a real one.
enum SampleReport {
    static let account = "111122223333"
    static let role = "arn:aws:iam::111122223333:role/app/order-notifier"
    static let messages = "arn:aws:mobiletargeting:us-east-1:111122223333:apps/0a1b2c3d4e5f/messages"

    static func group(
        id: String, principal: String = role, type: String = "AssumedRole",
        action: String = "mobiletargeting:SendMessages",
        source: String = "pinpoint.amazonaws.com", reason: Reason, category: AccessDenial.Category = .authorization,
        denials: Int = 12, first: String = "2026-11-09T10:12:00Z", last: String = "2026-11-12T07:58:00Z",
        resources: [String] = [messages], policies: [String] = []
    ) -> DenialGroup {
        var group = DenialGroup(
            id: id, principal: principal, principalType: type, action: action, eventSource: source, reason: reason,
            category: category, denials: denials, firstSeen: first, lastSeen: last)
        group.resources = resources.map { Counted($0, denials: denials / resources.count) }
        group.policyARNs = policies.map { Counted($0, denials: denials) }
        group.regions = [Counted("us-east-1", denials: denials)]
        group.accounts = [Counted(account, denials: denials)]
        group.sourceIPAddresses = [Counted("192.0.2.10", denials: denials)]
        group.userAgents = [Counted("aws-sdk-go-v2/1.32.0 os/linux lang/go#1.23", denials: denials)]
        group.errorCodes = [Counted("AccessDenied", denials: denials)]
        group.evidence = [
            DenialEvidence(
                eventID: "d0000000-0000-4000-8000-00000000000\(id.suffix(1))", eventTime: first,
                eventName: String(action.split(separator: ":").last ?? "?"), awsRegion: "us-east-1",
                resource: resources.first, errorCode: "AccessDenied")
        ]
        group.days = [
            DayCount(date: "2026-11-09", denials: denials / 2),
            DayCount(date: "2026-11-12", denials: denials - denials / 2),
        ]
        return group
    }

    static let groups: [DenialGroup] = [
        group(id: "7c1f09ab0001", reason: .missingAllow(.identityBased), denials: 318),
        group(
            id: "7c1f09ab0002", action: "mobiletargeting:CreateImportJob", reason: .explicitDeny(.serviceControl),
            denials: 64,
            resources: ["arn:aws:mobiletargeting:us-east-1:111122223333:apps/0a1b2c3d4e5f"],
            policies: ["arn:aws:organizations::444455556666:policy/o-exampleorg/service_control_policy/p-example1"]),
        group(
            id: "7c1f09ab0003", principal: "arn:aws:iam::111122223333:user/alice", type: "IAMUser",
            action: "mobiletargeting:GetSegments", reason: Reason(slug: "service-ended") ?? .unstated,
            category: .account,
            denials: 29, first: "2026-11-01T00:10:00Z", resources: []),
        group(
            id: "7c1f09ab0004", principal: "arn:aws:iam::111122223333:role/reporter", action: "mobiletargeting:GetApps",
            reason: .unstated, denials: 1, last: "2026-11-09T10:12:00Z", resources: []),
    ]

    static let usage: [Usage] = [
        Usage(
            principal: role, action: "mobiletargeting:SendMessages", eventSource: "pinpoint.amazonaws.com",
            eventName: "SendMessages", readOnly: false, awsRegion: "us-east-1", accountId: account, successes: 900,
            firstSuccess: "2026-11-01T00:00:00Z", lastSuccess: "2026-11-09T10:01:00Z", denials: 318),
        Usage(
            principal: "arn:aws:iam::111122223333:role/reporter", action: "mobiletargeting:GetApps",
            eventSource: "pinpoint.amazonaws.com", eventName: "GetApps", readOnly: true, awsRegion: "us-east-1",
            accountId: account, successes: 3, firstSuccess: "2026-11-10T00:00:00Z", lastSuccess: "2026-11-11T00:00:00Z",
            denials: 1),
    ]

    static let changes: [PermissionChange] = [
        PermissionChange(
            eventID: "c0000000-0000-4000-8000-000000000001", eventTime: "2026-11-09T10:05:12Z",
            eventSource: "iam.amazonaws.com", eventName: "DetachRolePolicy",
            actor: "arn:aws:iam::111122223333:user/bob", targetType: "role", target: "order-notifier",
            policyARN: "arn:aws:iam::111122223333:policy/pinpoint-send", accountId: account, awsRegion: "us-east-1")
    ]

    static var coverage: Coverage {
        var coverage = Coverage()
        coverage.logFiles = 12
        coverage.records = 3_456
        coverage.events = 3_400
        coverage.duplicates = 50
        coverage.skipped = 6
        coverage.issues = 1
        coverage.accounts = [account]
        coverage.regions = ["eu-west-1", "us-east-1"]
        coverage.kinds = [KindCoverage(kind: "CloudTrail", logFiles: 12)]
        coverage.from = "2026-11-01T00:00:00Z"
        coverage.to = "2026-11-12T08:00:00Z"
        coverage.services = [
            ServiceCoverage(eventSource: "iam.amazonaws.com", eventCategory: "Management", events: 100, denials: 3),
            ServiceCoverage(eventSource: "pinpoint.amazonaws.com", eventCategory: "Data", events: 1_300, denials: 319),
            ServiceCoverage(
                eventSource: "pinpoint.amazonaws.com", eventCategory: "Management", events: 900, denials: 93),
            ServiceCoverage(
                eventSource: "s3.amazonaws.com", eventCategory: "Management", events: 1_100, denials: 1_041),
        ]
        return coverage
    }

    static let sources = ServiceFamily.pinpoint.eventSources

    static func report(groups: [DenialGroup] = groups, changes: [PermissionChange] = changes) -> Report {
        let diagnoser = Diagnoser(
            usage: usage, changes: changes, coverage: coverage, reportTime: "2026-11-23T00:00:00Z")
        return report(diagnosed: diagnoser.diagnose(groups))
    }

    static func report(diagnosed: [DiagnosedGroup]) -> Report {
        Report(
            groups: diagnosed, coverage: coverage, services: ["pinpoint"], eventSources: sources,
            omitted: Report.Omitted(awsServiceDenials: 300), database: "trail403.sqlite")
    }

    static var empty: Report { report(groups: []) }
}
