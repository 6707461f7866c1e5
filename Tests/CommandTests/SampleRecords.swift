import Foundation
import TestSupport
import TrailStore

/// Records for tests, as the JSON text of one record each; a number makes the eventID and the time.
enum SampleRecord {
    static let role = "arn:aws:iam::111122223333:role/messaging/order-notifier"
    static let session = "arn:aws:sts::111122223333:assumed-role/order-notifier/i-0123"

    static func id(_ number: Int) -> String {
        let digits = String(number)
        return "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
    }

    static func time(_ second: Int) -> String {
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return
            "2026-11-\(two(1 + second / 86_400))T\(two(second / 3600 % 24)):\(two(second / 60 % 60)):\(two(second % 60))Z"
    }

    private static let identity = """
        {"type":"AssumedRole","principalId":"AROAEXAMPLE:i-0123","arn":"\(session)","accountId":"111122223333",\
        "accessKeyId":"ASIAEXAMPLE","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAEXAMPLE",\
        "arn":"\(role)","accountId":"111122223333","userName":"order-notifier"},\
        "attributes":{"creationDate":"2026-11-01T00:00:00Z","mfaAuthenticated":"false"}}}
        """

    private static let refusal =
        "User: \(session) is not authorized to perform: mobiletargeting:SendMessages on resource: "
        + "arn:aws:mobiletargeting:us-east-1:111122223333:apps/abc/messages because no identity-based policy allows the "
        + "mobiletargeting:SendMessages action"

    /// A call that went well; `extra` is further members with a comma in front.
    static func success(_ number: Int, version: String = "1.09", agent: String = "aws-sdk", extra: String = "")
        -> String
    {
        """
        {"eventVersion":"\(version)","userIdentity":\(identity),"eventTime":"\(time(number))",\
        "eventSource":"pinpoint.amazonaws.com","eventName":"SendMessages","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.1",\
        "userAgent":"\(agent)","requestParameters":{"application-id":"abc"},"responseElements":null,"requestID":"r-\(number)",\
        "eventID":"\(id(number))","readOnly":false,"eventType":"AwsApiCall","managementEvent":false,\
        "recipientAccountId":"111122223333","eventCategory":"Data"\(extra)}
        """
    }

    /// A call that AWS refused.
    static func denied(_ number: Int, extra: String = "") -> String {
        success(number, extra: ",\"errorCode\":\"AccessDenied\",\"errorMessage\":\"\(refusal)\"" + extra)
    }

    /// A permission change.
    static func detach(_ number: Int) -> String {
        """
        {"eventVersion":"1.09","userIdentity":{"type":"IAMUser","principalId":"AIDAEXAMPLE",\
        "arn":"arn:aws:iam::111122223333:user/alice","accountId":"111122223333","accessKeyId":"AKIAEXAMPLE","userName":"alice"},\
        "eventTime":"\(time(number))","eventSource":"iam.amazonaws.com","eventName":"DetachRolePolicy",\
        "awsRegion":"us-east-1","sourceIPAddress":"192.0.2.9","userAgent":"console","requestParameters":{"roleName":"order-notifier",\
        "policyArn":"arn:aws:iam::111122223333:policy/Send"},"responseElements":null,"requestID":"r-\(number)",\
        "eventID":"\(id(number))","readOnly":false,"eventType":"AwsApiCall","managementEvent":true,\
        "recipientAccountId":"111122223333","eventCategory":"Management"}
        """
    }

    /// A mix of the three.
    static func mixed(_ number: Int) -> String {
        number % 5 == 0 ? denied(number) : number % 41 == 1 ? detach(number) : success(number)
    }

    static func file(_ records: [String]) -> String { "{\"Records\":[" + records.joined(separator: ",") + "]}" }

    /// The text as a JSON string literal.
    static func literal(_ text: String) -> String {
        var literal = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": literal += "\\\""
            case "\\": literal += "\\\\"
            case "\n": literal += "\\n"
            case "\r": literal += "\\r"
            default: literal.unicodeScalars.append(scalar)
            }
        }
        return literal + "\""
    }
}

extension ScratchFolder {
    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let file = url.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        return file.path
    }

    /// Runs the program in this folder.
    func run(_ arguments: String..., input: [UInt8] = []) throws -> Program.Result {
        try Program.run(arguments, in: path, input: Data(input))
    }

    /// The rows of a query, their values as texts; NULL is `NULL`. Asked in this process: a process for each would take a while.
    func rows(_ sql: String, database: String = "trail403.sqlite") throws -> [[String]] {
        var rows: [[String]] = []
        try ReadOnlyQuery(path: path(database)).run(
            sql,
            into: ReadOnlyQuery.Sink(
                columns: { _ in },
                row: { values in
                    rows.append(values.map(Self.text))
                    return true
                }))
        return rows
    }

    private static func text(_ value: SQLValue) -> String {
        switch value {
        case .null: "NULL"
        case .integer(let number): String(number)
        case .real(let number): String(number)
        case .text(let text): text
        case .blob(let bytes): bytes.map { String($0, radix: 16) }.joined(separator: " ")
        }
    }

    /// Asserts nothing by itself: log files whose counts do not add up.
    func unbalancedFiles(database: String = "trail403.sqlite") throws -> [[String]] {
        try rows("SELECT path FROM logFile WHERE records <> stored + duplicates + skipped", database: database)
    }
}
