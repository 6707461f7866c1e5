import Foundation
import TestSupport
import Testing

/// A success is on what was refused, or on something else, by what its record names where no column tells it.
@Suite struct RecordedTargetTests {
    /// A call at a minute past ten, and what it names.
    struct Call: Sendable {
        var minute: Int
        var name: String
        var isRefused = false
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var calls: [Call]
        var status: String
        var tells: String
        /// Whether no record tells what the successes were on.
        var isUnknown = false
        /// Whether the log file is gone when the groups are diagnosed.
        var isGone = false
    }

    private static let refused = [
        Call(minute: 10, name: "orders", isRefused: true), Call(minute: 20, name: "orders", isRefused: true),
    ]

    static let rows: [Row] = [
        Row(
            testDescription: "another one after the denials", calls: refused + [Call(minute: 40, name: "customers")],
            status: "ongoing", tells: "on something else"),
        Row(
            testDescription: "the same one after the denials", calls: refused + [Call(minute: 40, name: "orders")],
            status: "resolved", tells: "It works again"),
        Row(
            testDescription: "another one, and then the same",
            calls: refused + [Call(minute: 40, name: "customers"), Call(minute: 50, name: "orders")],
            status: "resolved", tells: "It works again"),
        Row(
            testDescription: "another one between the denials", calls: refused + [Call(minute: 15, name: "customers")],
            status: "ongoing", tells: "on something else"),
        Row(
            testDescription: "the same one between the denials", calls: refused + [Call(minute: 15, name: "orders")],
            status: "intermittent", tells: "alternate"),
        Row(
            testDescription: "more of another one than are looked up",
            calls: refused + (30..<40).map { Call(minute: $0, name: "customers") }, status: "resolved",
            tells: "It works again", isUnknown: true),
        Row(
            testDescription: "another one, whose log file is gone",
            calls: refused + [Call(minute: 40, name: "customers")], status: "resolved", tells: "It works again",
            isUnknown: true, isGone: true),
    ]

    /// Lake Formation names the table in its message, and the record as a parameter.
    private static func tables(_ call: Call) -> [String: Any] {
        record(
            call, source: "glue.amazonaws.com", event: "GetTable",
            parameters: ["databaseName": "sales", "name": call.name], code: "AccessDeniedException",
            message: "Insufficient Lake Formation permission(s): Required Describe on \(call.name)")
    }

    /// EC2 names the subnet by its ARN in the message, and the record by its id.
    private static func subnets(_ call: Call) -> [String: Any] {
        let id = "subnet-0\(call.name)"
        return record(
            call, source: "ec2.amazonaws.com", event: "RunInstances",
            parameters: ["instanceType": "c7i.large", "subnetId": id], code: "Client.UnauthorizedOperation",
            message:
                "You are not authorized to perform this operation. User: arn:aws:sts::111122223333:assumed-role/worker/job is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:eu-west-1:111122223333:subnet/\(id) because no identity-based policy allows the ec2:RunInstances action"
        )
    }

    private static func record(
        _ call: Call, source: String, event: String, parameters: [String: Any], code: String, message: String
    ) -> [String: Any] {
        var record: [String: Any] = [
            "eventVersion": "1.11", "eventID": "d0000000-0000-4000-8000-0000000000\(call.minute)",
            "eventTime": "2026-11-09T10:\(call.minute):00Z", "eventSource": source, "eventName": event,
            "awsRegion": "eu-west-1", "sourceIPAddress": "203.0.113.7", "userAgent": "Boto3/1.40",
            "eventType": "AwsApiCall", "eventCategory": "Management", "managementEvent": true, "readOnly": true,
            "recipientAccountId": "111122223333", "requestID": "r\(call.minute)", "requestParameters": parameters,
            "responseElements": NSNull(),
            "userIdentity": [
                "type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/worker/job",
                "accountId": "111122223333", "principalId": "AROAEXAMPLEEXAMPLE111:job",
                "sessionContext": [
                    "sessionIssuer": ["type": "Role", "arn": "arn:aws:iam::111122223333:role/worker"]
                ],
            ],
        ]
        if call.isRefused { (record["errorCode"], record["errorMessage"]) = (code, message) }
        return record
    }

    private static let kinds: [@Sendable (Call) -> [String: Any]] = [{ tables($0) }, { subnets($0) }]

    @Test(arguments: rows, [0, 1]) func whatASuccessWasOn(_ row: Row, _ kind: Int) throws {
        let folder = try ScratchFolder()
        let log = ["Records": row.calls.map(Self.kinds[kind])]
        try folder.write("a.json", Array(JSONSerialization.data(withJSONObject: log)))
        var ingest = ["ingest", "a.json"]
        if row.isGone { ingest.append("--no-diagnosis") }
        #expect(try Program.run(ingest, in: folder.path).status == 0)
        if row.isGone { try FileManager.default.removeItem(atPath: folder.path("a.json")) }
        let report = try Program.run(["report", "--service", "all", "--format", "json"], in: folder.path)
        let groups = try JSONDecoder().decode(Report.self, from: Data(report.output.utf8)).groups
        let group = try #require(groups.count == 1 ? groups.first : nil)
        // What EC2 refused names a resource: that it works is not said where no record tells what a call was on.
        let isUnknown = kind == 1 && row.isUnknown
        #expect(group.status == (isUnknown ? "ongoing" : row.status), "\(group.statusText)")
        #expect(group.statusText.contains(isUnknown ? "It may work again" : row.tells), "\(group.statusText)")
    }

    private struct Report: Decodable {
        struct Group: Decodable {
            var status: String
            var statusText: String
        }

        var groups: [Group]
    }
}
