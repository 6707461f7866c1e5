import TestSupport
import Foundation

/// A CloudTrail record for the tests of commands: a refused call, unless told otherwise.
struct TestRecord {
    var id: Int
    var time = "2026-11-09T10:12:00Z"
    var role = "order-notifier"
    var eventSource = "pinpoint.amazonaws.com"
    var eventName = "GetApps"
    var region = "us-east-1"
    var account = "111122223333"
    var userAgent = "aws-sdk-go-v2/1.32.0"
    var resource = "arn:aws:mobiletargeting:us-east-1:111122223333:apps/0a1b2c3d4e5f"
    var message: String?
    var isRefused = true

    /// The event's id.
    var eventID: String {
        "d0000000-0000-4000-8000-" + String(repeating: "0", count: 12 - String(id).count) + String(id)
    }

    /// The record as a JSON object.
    var object: [String: Any] {
        let session = "arn:aws:sts::111122223333:assumed-role/\(role)/i-0abc"
        var object: [String: Any] = [
            "eventVersion": "1.11", "eventID": eventID, "eventTime": time, "eventSource": eventSource,
            "eventName": eventName, "awsRegion": region, "sourceIPAddress": "203.0.113.7", "userAgent": userAgent,
            "eventType": "AwsApiCall", "eventCategory": "Management", "managementEvent": true, "readOnly": true,
            "recipientAccountId": account, "requestID": "r\(id)",
            "requestParameters": NSNull(), "responseElements": NSNull(),
            "userIdentity": [
                "type": "AssumedRole", "arn": session, "accountId": "111122223333",
                "principalId": "AROAEXAMPLEEXAMPLE111:i-0abc", "accessKeyId": "ASIAEXAMPLEEXAMPLE11",
                "sessionContext": [
                    "sessionIssuer": [
                        "type": "Role", "arn": "arn:aws:iam::111122223333:role/\(role)", "accountId": "111122223333",
                        "principalId": "AROAEXAMPLEEXAMPLE111", "userName": role,
                    ]
                ],
            ],
        ]
        if isRefused {
            object["errorCode"] = "AccessDenied"
            object["errorMessage"] =
                message
                ?? "User: \(session) is not authorized to perform: mobiletargeting:\(eventName) on resource: \(resource) because no identity-based policy allows the mobiletargeting:\(eventName) action"
        }
        return object
    }

    /// A log file of records.
    static func logFile(_ records: [TestRecord]) throws -> Data {
        try JSONSerialization.data(withJSONObject: ["Records": records.map(\.object)], options: [.sortedKeys])
    }
}

extension ScratchFolder {
    /// Writes a log file of records.
    func write(_ name: String, _ records: [TestRecord]) throws {
        let file = url.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try TestRecord.logFile(records).write(to: file)
    }

    /// What is in a file, or `nil` where there is none.
    func text(_ name: String) throws -> String? {
        guard FileManager.default.fileExists(atPath: path(name)) else { return nil }
        return try String(contentsOf: url.appendingPathComponent(name), encoding: .utf8)
    }
}
