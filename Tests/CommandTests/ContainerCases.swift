import Foundation
import TestSupport
import Testing

/// The containers in which people have records.
extension ContainerProgramTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var bytes: [UInt8]
        var kind: String
        /// Columns of `event` that the container cannot give.
        var lacks: Set<String> = []
        var testDescription: String { name }

        init(_ name: String, _ text: String, _ kind: String, lacks: Set<String> = []) {
            self.init(name, bytes: Array(text.utf8), kind, lacks: lacks)
        }

        init(_ name: String, bytes: [UInt8], _ kind: String, lacks: Set<String> = []) {
            self.name = name
            self.bytes = bytes
            self.kind = kind
            self.lacks = lacks
        }
    }

    static func literal(_ text: String) -> String { SampleRecord.literal(text) }

    static func pretty(_ text: String) -> String {
        var text = text
        for (mark, spaced) in [("{", "{\n  "), ("}", "\n}"), (",\"", ",\r\n\t\""), ("\":", "\" : ")] {
            text = text.replacingOccurrences(of: mark, with: spaced)
        }
        return text
    }

    static func reversedKeys(_ record: String) throws -> String {
        let object = try JSONSerialization.jsonObject(with: Data(record.utf8))
        guard let members = object as? [String: Any] else { return record }
        return try "{"
            + members.keys.sorted(by: >).map { key in
                let value = try JSONSerialization.data(
                    withJSONObject: members[key] ?? NSNull(), options: [.fragmentsAllowed])
                return "\"\(key)\":\(String(decoding: value, as: UTF8.self))"
            }.joined(separator: ",") + "}"
    }

    static func lookup(_ records: [String], token: String? = nil) -> String {
        let events = records.map {
            #"{"EventId":"x","EventName":"n","ReadOnly":"true","EventTime":1795000000.0,"Resources":[],"CloudTrailEvent":\#(literal($0))}"#
        }
        return #"{"Events":[\#(events.joined(separator: ","))]\#(token.map { #","NextToken":"\#($0)""# } ?? "")}"#
    }

    static func envelope(_ record: String) -> String {
        #"{"version":"0","id":"i","detail-type":"AWS API Call via CloudTrail","source":"aws.pinpoint","account":"111122223333","time":"2026-11-01T00:00:00Z","region":"us-east-1","resources":[],"detail":\#(record)}"#
    }

    static func logEvents(_ key: String, _ records: [String]) -> String {
        let events = records.map { #"{"id":"1","timestamp":1795000000000,"message":\#(literal($0))}"# }
        return
            #"{"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":"g","logStream":"s","\#(key)":[\#(events.joined(separator: ","))]}"#
    }

    static func csv(_ rows: [[String]]) -> String {
        rows.map { row in
            row.map { "\"" + $0.replacingOccurrences(of: "\"", with: "\"\"") + "\"" }.joined(separator: ",") + "\n"
        }.joined()
    }

    static func field(_ record: String, _ path: String...) throws -> String {
        var value = try JSONSerialization.jsonObject(with: Data(record.utf8))
        for key in path { value = (value as? [String: Any])?[key] ?? NSNull() }
        switch value {
        case let text as String: return text
        case let flag as Bool: return flag ? "true" : "false"
        case is NSNull: return ""
        default: return String(decoding: try JSONSerialization.data(withJSONObject: value), as: UTF8.self)
        }
    }

    static func queryResult(upperCase: Bool) throws -> String {
        let names = [
            "eventVersion", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent",
            "errorCode",
            "errorMessage", "requestParameters", "responseElements", "requestID", "eventID", "readOnly", "eventType",
            "managementEvent", "recipientAccountId", "eventCategory",
        ]
        let rows = try records.map { record in
            let issuer = try field(record, "userIdentity", "sessionContext", "sessionIssuer", "arn")
            let session =
                issuer.isEmpty
                ? "null"
                : "{attributes={creationdate=2026-11-01T00:00:00Z, mfaauthenticated=false}, sessionissuer={type=Role, "
                    + "principalid=AROAEXAMPLE, arn=\(issuer), accountid=111122223333, username=order-notifier}}"
            let user = try field(record, "userIdentity", "userName")
            let identity =
                try
                "{type=\(field(record, "userIdentity", "type")), principalid=\(field(record, "userIdentity", "principalId")), "
                + "arn=\(field(record, "userIdentity", "arn")), accountid=111122223333, invokedby=null, "
                + "accesskeyid=\(field(record, "userIdentity", "accessKeyId")), username=\(user.isEmpty ? "null" : user), "
                + "sessioncontext=\(session)}"
            return try [identity] + names.map { try field(record, $0) }
        }
        let header = ["userIdentity"] + names
        return csv([upperCase ? header : header.map { $0.lowercased() }] + rows)
    }

    static func eventHistory() throws -> String {
        let header = [
            "User name", "AWS access key", "Event time", "Event source", "Event name", "AWS region",
            "Source IP address",
            "User agent", "Error code", "Resources", "Request ID", "Event ID", "Read-only", "Event type",
            "Recipient Account Id", "Event category",
        ]
        let rows = try records.map { record in
            try [
                field(record, "userIdentity", "userName"), field(record, "userIdentity", "accessKeyId"),
                field(record, "eventTime"), field(record, "eventSource"), field(record, "eventName"),
                field(record, "awsRegion"),
                field(record, "sourceIPAddress"), field(record, "userAgent"), field(record, "errorCode"), "[]",
                field(record, "requestID"), field(record, "eventID"), "false", "AwsApiCall", "111122223333",
                field(record, "eventCategory"),
            ]
        }
        return header.joined(separator: ",") + "\n" + csv(rows)
    }

    static func cases() throws -> [Case] {
        let r = records
        let lines = r.joined(separator: "\n")
        let member = { (bytes: [UInt8]) in gzipMember(bytes) }
        return [
            Case("compact", plain, "CloudTrail"),
            Case("pretty", pretty(plain), "CloudTrail"),
            Case(
                "Records first, other keys after",
                "{\"Records\":[\(r.joined(separator: ","))],\"z\":{\"a\":[1]},\"n\":null}", "CloudTrail"),
            Case(
                "Records last",
                "{\"a\":[{\"x\":1}],\"b\":{\"Records\":[7]},\"c\":\"Records\",\"Records\":[\(r.joined(separator: ","))]}",
                "CloudTrail"),
            Case("record keys in another order", SampleRecord.file(try r.map(reversedKeys)), "CloudTrail"),
            Case("bare array", "[\(r.joined(separator: ","))]", "CloudTrail"),
            Case(
                "array of containers", "[\(SampleRecord.file([r[0]])),\(SampleRecord.file([r[1], r[2]]))]", "CloudTrail"
            ),
            Case("lines", lines + "\n", "CloudTrail"),
            Case("lines, CRLF", r.joined(separator: "\r\n") + "\r\n", "CloudTrail"),
            Case("lines, no last newline", lines, "CloudTrail"),
            Case("lines of containers", r.map { SampleRecord.file([$0]) }.joined(separator: "\n"), "CloudTrail"),
            Case("objects without separators", r.joined(), "CloudTrail"),
            Case(
                "containers without separators", SampleRecord.file([r[0]]) + SampleRecord.file([r[1], r[2]]),
                "CloudTrail"),
            Case("byte order mark", "\u{feff}" + plain, "CloudTrail"),
            Case(
                "several gzip members", bytes: r.flatMap { member(Array(SampleRecord.file([$0]).utf8)) }, "CloudTrail"),
            Case("gzip members that cut records", bytes: cutMembers(plain), "CloudTrail"),
            Case(
                "gzip padded with zeros", bytes: gzipMember(plain) + [UInt8](repeating: 0, count: 512),
                "CloudTrail"),
            Case("lookup-events", lookup(r, token: "t"), "lookup-events"),
            Case("lookup-events, pages", r.map { lookup([$0]) }.joined(separator: "\n"), "lookup-events"),
            Case(
                "lookup-events, pages in an array", "[" + r.map { lookup([$0]) }.joined(separator: ",") + "]",
                "lookup-events"),
            Case(
                "lookup-events, pretty",
                pretty(lookup([])).replacingOccurrences(
                    of: "[]",
                    with: "[\n" + r.map { lookup([$0]).dropFirst(11).dropLast(2) }.joined(separator: ",\n") + "\n]"),
                "lookup-events"),
            Case("EventBridge, lines", r.map(envelope).joined(separator: "\n"), "event-bridge"),
            Case("EventBridge, array", "[" + r.map(envelope).joined(separator: ",") + "]", "event-bridge"),
            Case("filter-log-events", logEvents("events", r), "cloudwatch-logs"),
            Case("subscription", logEvents("logEvents", r), "cloudwatch-logs"),
            Case("subscription, batches", r.map { logEvents("logEvents", [$0]) }.joined(), "cloudwatch-logs"),
            Case(
                "subscription, a gzip member a batch",
                bytes: r.flatMap { member(Array(logEvents("logEvents", [$0]).utf8)) }, "cloudwatch-logs"),
            Case(
                "CloudWatch Logs export", r.map { "2026-11-01T00:00:01.000Z " + $0 }.joined(separator: "\n") + "\n",
                "cloudwatch-logs"),
            Case(
                "SNS",
                r.map { #"{"Type":"Notification","MessageId":"m","Message":\#(literal($0))}"# }.joined(separator: "\n"),
                "sns"),
            Case("SNS around Records", #"{"Type":"Notification","Message":\#(literal(plain))}"#, "sns"),
            Case("Athena result", try queryResult(upperCase: false), "query-result-csv"),
            Case("CloudTrail Lake result", try queryResult(upperCase: true), "query-result-csv"),
            Case(
                "Event history", try eventHistory(), "event-history-csv",
                lacks: [
                    "errorMessage", "principal", "userIdentityArn", "userIdentityType", "managementEvent",
                    "sessionIssuerArn",
                ]),
        ]
    }

    static func cutMembers(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        return stride(from: 0, to: bytes.count, by: 101).flatMap {
            gzipMember(Array(bytes[$0..<min($0 + 101, bytes.count)]))
        }
    }
}
