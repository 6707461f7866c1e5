import AccessDenial
import Causes
import Diagnosis
import IAMPolicy
import OrderedJSON
import RecordedChanges
import Remedies
import TrailStore
import Wording

extension CaseReport {
    /// Columns of the timeline in JSON.
    private static let columnLimit = 72

    /// The page as JSON (`schemaVersion` 1): `group` is as in a report, and the rest stands beside it.
    public func json() -> String {
        let timeline = CaseTimeline(times, changes: study.changes, limit: Self.columnLimit)
        return JSONValue.members(
            ("schemaVersion", .integer(Report.schemaVersion)),
            ("database", .optional(database)),
            ("event", event?.json ?? .null),
            ("group", study.diagnosis.json),
            (
                "timeline",
                .members(
                    ("columnSeconds", .integer(Int(timeline.length))),
                    (
                        "columns",
                        .array(
                            timeline.columns.map { column in
                                .members(
                                    ("from", .string(Timestamp.text(column.start))),
                                    ("successes", .integer(column.successes)), ("changes", .integer(column.changes)),
                                    ("denials", .integer(column.denials)))
                            })
                    ),
                    (
                        "moments",
                        .array(
                            moments.map { moment in
                                .members(
                                    ("time", .string(moment.time)), ("kind", .string(moment.kind.rawValue)),
                                    ("eventID", .optional(moment.eventID)), ("text", .string(moment.text.plain)))
                            })
                    ))
            ),
            (
                "changes",
                .array(
                    study.changes.map { change in
                        .members(("verdict", .string(change.verdict.rawValue)), ("event", change.evidence.json))
                    })
            ),
            ("furtherChanges", .integer(study.furtherChanges)),
            ("policyDiffs", .array(diffs.map(\.json))),
            ("sessions", .array(study.diagnosis.group.sessions.map(\.json))),
            ("sessionCount", .integer(study.diagnosis.group.sessionCount)),
            (
                "checklist",
                .array(
                    study.checklist.map { item in
                        .members(
                            ("id", .string(item.id)), ("step", .integer(item.step)),
                            ("question", .string(item.question)), ("mark", .string(item.mark.rawValue)),
                            ("note", .string(item.note.plain)), ("look", .string(item.look.plain)),
                            ("commands", .array(item.commands.lines.map(JSONValue.string))))
                    })
            ),
            ("record", record?.value ?? .null)
        ).prettyText() + "\n"
    }
}

extension EventAnswer {
    /// The answer as JSON (`schemaVersion` 1).
    public func json() -> String {
        JSONValue.members(
            ("schemaVersion", .integer(Report.schemaVersion)),
            ("event", event.json),
            ("kind", .string(kind.rawValue)),
            ("verdict", .string(verdict.plain)),
            ("policyDiffs", .array(diffs.map(\.json))),
            (
                "explains",
                .array(
                    explains.map { explained in
                        .members(
                            ("group", .string(explained.group.group.id)),
                            ("principal", .string(explained.group.group.principal)),
                            ("action", .string(explained.group.group.action)),
                            ("reason", .string(explained.group.group.reason.slug)),
                            ("denials", .integer(explained.group.group.denials)),
                            ("finding", .optional(explained.finding?.code.rawValue)))
                    })
            )
        ).prettyText() + "\n"
    }
}

extension StoredEvent {
    fileprivate var json: JSONValue {
        .members(
            ("eventID", .string(eventID)), ("eventTime", .string(eventTime)), ("eventSource", .string(eventSource)),
            ("eventName", .string(eventName)), ("awsRegion", .optional(awsRegion)), ("accountId", .optional(accountId)),
            ("principal", .optional(principal)), ("action", .optional(action)), ("resource", .optional(resource)),
            ("sourceIPAddress", .optional(sourceIPAddress)), ("userAgent", .optional(userAgent)),
            ("errorCode", .optional(errorCode)), ("errorMessage", .optional(errorMessage)),
            ("denialGroup", .optional(denialGroupID)), ("logFileState", .optional(doubt?.rawValue)))
    }
}

extension DenialSession {
    fileprivate var json: JSONValue {
        .members(
            ("arn", .optional(arn)), ("accessKeyId", .optional(accessKeyId)), ("startedAt", .optional(startedAt)),
            ("sourceIdentity", .optional(sourceIdentity ?? issue?.sourceIdentity)),
            ("issuingResource", .optional(issuingResource)), ("denials", .integer(denials)),
            ("firstDenial", .string(firstDenial)), ("lastDenial", .string(lastDenial)), ("issue", issue?.json ?? .null))
    }
}

extension SessionIssue {
    fileprivate var json: JSONValue {
        .members(
            ("eventID", .string(eventID)), ("issuedAt", .string(issuedAt)), ("eventName", .string(eventName)),
            ("issuedTo", .optional(issuedTo)), ("roleArn", .optional(roleARN)), ("expiration", .optional(expiration)),
            ("policy", .optional(policy)), ("policyARNs", .array(policyARNs.map(JSONValue.string))),
            ("tags", .array(tags.map { .string($0.description) })))
    }
}

extension CaseReport.Record {
    /// The record as the JSON that it is; as a string where it is none.
    fileprivate var value: JSONValue {
        switch Result(catching: { () throws(JSONError) in try JSONValue(parsing: json) }) {
        case .success(let value): value
        case .failure: .string(json)
        }
    }
}
