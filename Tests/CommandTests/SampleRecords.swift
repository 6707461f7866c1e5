import TestSupport
import Foundation

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

/// gzip members whose blocks are stored, not compressed.
enum StoredGzip {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xedb8_8320 ^ (value >> 1) : value >> 1 }
    }

    static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(~0) { table[Int(($0 ^ UInt32($1)) & 0xff)] ^ ($0 >> 8) }
    }

    private static func little(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    /// One member.
    static func member(_ content: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]
        var rest = content[...]
        repeat {
            let part = rest.prefix(0xffff)
            rest = rest.dropFirst(part.count)
            let count = UInt16(part.count)
            bytes.append(rest.isEmpty ? 1 : 0)
            bytes += [UInt8(count & 0xff), UInt8(count >> 8), UInt8(~count & 0xff), UInt8(~count >> 8)]
            bytes += part
        } while !rest.isEmpty
        return bytes + little(checksum(content)) + little(UInt32(truncatingIfNeeded: content.count))
    }

    static func member(_ text: String) -> [UInt8] { member(Array(text.utf8)) }
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

    /// The rows of a query, their values as texts; NULL is `NULL`.
    func rows(_ sql: String, database: String = "trail403.sqlite") throws -> [[String]] {
        let result = try Program.run(["sql", "--format", "jsonl", "--database", database, sql], in: path)
        guard result.status == 0 else { throw QueryFailed(sql: sql, errors: result.errors) }
        return try result.output.split(separator: "\n").map { line in
            let pairs = try Self.members(String(line))
            return pairs.map(\.1)
        }
    }

    struct QueryFailed: Error {
        var sql: String
        var errors: String
    }

    /// The members of a flat object in their order: Foundation's decoder would lose it.
    private static func members(_ line: String) throws -> [(String, String)] {
        var values: [(String, String)] = []
        var rest = line.dropFirst()
        func token() throws -> String {
            if rest.first != "\"" {
                let end = rest.firstIndex { $0 == "," || $0 == "}" } ?? rest.endIndex
                defer { rest = rest[end...] }
                return rest[..<end] == "null" ? "NULL" : String(rest[..<end])
            }
            var index = rest.index(after: rest.startIndex)
            while rest[index] != "\"" { index = rest.index(index, offsetBy: rest[index] == "\\" ? 2 : 1) }
            let end = rest.index(after: index)
            defer { rest = rest[end...] }
            return try JSONDecoder().decode(String.self, from: Data(rest[..<end].utf8))
        }
        while rest.first != nil, rest.first != "}" {
            let key = try token()
            rest = rest.dropFirst()
            values.append((key, try token()))
            if rest.first == "," { rest = rest.dropFirst() }
        }
        return values
    }

    /// Asserts nothing by itself: log files whose counts do not add up.
    func unbalancedFiles(database: String = "trail403.sqlite") throws -> [[String]] {
        try rows("SELECT path FROM logFile WHERE records <> stored + duplicates + skipped", database: database)
    }
}
