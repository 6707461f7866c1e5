import AccessDenial
import Diagnosis
import Remedies
import Reporting
import TrailStore

/// A case that shows every part of the page.
enum SampleCase {
    static func page(record: Bool = true) -> CaseReport {
        var group = SampleReport.groups[0]
        var issue = SessionIssue(
            eventID: "a0000000-0000-4000-8000-000000000001", issuedAt: "2026-11-09T09:30:00Z", eventName: "AssumeRole")
        issue.issuedTo = "arn:aws:iam::111122223333:role/broker"
        issue.roleARN = SampleReport.role
        issue.expiration = "2026-11-09T10:30:00Z"
        issue.tags = [SessionIssue.Tag(key: "team", value: "messaging")]
        group.sessions = [
            DenialSession(
                arn: "arn:aws:sts::111122223333:assumed-role/order-notifier/order-notifier",
                accessKeyId: "ASIAEXAMPLE0000000001", startedAt: "2026-11-09T09:30:00Z", sourceIdentity: "alice",
                issuingResource: "arn:aws:lambda:us-east-1:111122223333:function:order-notifier", denials: 318,
                firstDenial: "2026-11-09T10:12:00Z", lastDenial: "2026-11-12T07:58:00Z", issue: issue)
        ]
        group.sessionCount = 3
        let diagnoser = Diagnoser(
            usage: SampleReport.usage, changes: SampleReport.changes, coverage: SampleReport.coverage,
            reportTime: "2026-11-23T00:00:00Z")
        var times = CaseTimes()
        let start = Timestamp.seconds("2026-11-01T00:00:00Z") ?? 0
        times.successes = (0..<200).map { MinuteCount(minute: start + Int64($0) * 3600, count: Int($0) % 5 + 1) }
        times.denials = (0..<60).map { MinuteCount(minute: start + 727_920 + Int64($0) * 4200, count: 5) }
        return CaseReport(
            study: diagnoser.study(group), times: times, database: "trail403.sqlite",
            record: record
                ? CaseReport.Record(
                    eventID: "d0000000-0000-4000-8000-000000000001",
                    json: #"{"eventVersion":"1.11","eventName":"SendMessages","errorCode":"AccessDenied"}"#) : nil)
    }

    static let change = EventAnswer(
        event: {
            var event = StoredEvent(
                eventID: "c0000000-0000-4000-8000-000000000001", eventTime: "2026-11-09T10:05:12Z",
                eventSource: "iam.amazonaws.com", eventName: "DetachRolePolicy")
            event.principal = "arn:aws:iam::111122223333:user/bob"
            event.action = "iam:DetachRolePolicy"
            event.awsRegion = "us-east-1"
            event.accountId = SampleReport.account
            event.isPermissionChange = true
            return event
        }(), kind: .permissionChange,
        explains: {
            let diagnosis = page().study.diagnosis
            return [EventAnswer.Explained(group: diagnosis, finding: diagnosis.rootCause)]
        }())
}
