import Foundation

/// A folder of its own for one test, gone with the test.
final class ScratchFolder {
    let url: URL
    var path: String { url.path }

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("trail403-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        do { try FileManager.default.removeItem(at: url) } catch { print("cannot remove \(url.path): \(error)") }
    }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let file = url.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        return file.path
    }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }
}

/// Records for tests, as the JSON text of one record each.
enum Record {
    static func id(_ number: Int) -> String {
        let digits = String(number)
        return "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
    }

    static func time(_ second: Int) -> String {
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return
            "2026-11-\(two(1 + second / 86_400))T\(two(second / 3600 % 24)):\(two(second / 60 % 60)):\(two(second % 60))Z"
    }

    static let role = "arn:aws:iam::111122223333:role/messaging/order-notifier"
    static let session = "arn:aws:sts::111122223333:assumed-role/order-notifier/i-0123"

    static func identity(session: String = "i-0123") -> String {
        """
        {"type":"AssumedRole","principalId":"AROAEXAMPLE:\(session)",\
        "arn":"arn:aws:sts::111122223333:assumed-role/order-notifier/\(session)","accountId":"111122223333",\
        "accessKeyId":"ASIAEXAMPLE","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAEXAMPLE",\
        "arn":"\(role)","accountId":"111122223333","userName":"order-notifier"},\
        "attributes":{"creationDate":"2026-11-01T00:00:00Z","mfaAuthenticated":"false"}}}
        """
    }

    static func success(
        _ number: Int, second: Int? = nil, name: String = "SendMessages", source: String = "pinpoint.amazonaws.com"
    ) -> String {
        """
        {"eventVersion":"1.09","userIdentity":\(identity()),"eventTime":"\(time(second ?? number))","eventSource":"\(source)",\
        "eventName":"\(name)","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.1","userAgent":"aws-sdk","requestParameters":\
        {"application-id":"abc"},"responseElements":null,"requestID":"r-\(number)","eventID":"\(id(number))","readOnly":false,\
        "eventType":"AwsApiCall","managementEvent":false,"recipientAccountId":"111122223333","eventCategory":"Data"}
        """
    }

    static func denied(_ number: Int, second: Int? = nil, action: String = "mobiletargeting:SendMessages") -> String {
        """
        {"eventVersion":"1.09","userIdentity":\(identity()),"eventTime":"\(time(second ?? number))",\
        "eventSource":"pinpoint.amazonaws.com","eventName":"SendMessages","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.1",\
        "userAgent":"aws-sdk","errorCode":"AccessDenied","errorMessage":"User: \(session) is not authorized to perform: \(action) on \
        resource: arn:aws:mobiletargeting:us-east-1:111122223333:apps/abc/messages because no identity-based policy allows the \
        \(action) action","requestParameters":{"application-id":"abc"},"responseElements":null,"requestID":"r-\(number)",\
        "eventID":"\(id(number))","readOnly":false,"eventType":"AwsApiCall","managementEvent":false,\
        "recipientAccountId":"111122223333","eventCategory":"Data"}
        """
    }

    static func detach(_ number: Int, second: Int? = nil) -> String {
        """
        {"eventVersion":"1.09","userIdentity":{"type":"IAMUser","principalId":"AIDAEXAMPLE",\
        "arn":"arn:aws:iam::111122223333:user/alice","accountId":"111122223333","accessKeyId":"AKIAEXAMPLE","userName":"alice"},\
        "eventTime":"\(time(second ?? number))","eventSource":"iam.amazonaws.com","eventName":"DetachRolePolicy",\
        "awsRegion":"us-east-1","sourceIPAddress":"192.0.2.9","userAgent":"console","requestParameters":{"roleName":"order-notifier",\
        "policyArn":"arn:aws:iam::111122223333:policy/Send"},"responseElements":null,"requestID":"r-\(number)",\
        "eventID":"\(id(number))","readOnly":false,"eventType":"AwsApiCall","managementEvent":true,\
        "recipientAccountId":"111122223333","eventCategory":"Management"}
        """
    }

    static func file(_ records: [String]) -> String { "{\"Records\":[" + records.joined(separator: ",") + "]}" }
}

/// A gzip member that holds `bytes` uncompressed, in stored blocks.
func gzipMember(_ bytes: [UInt8]) -> [UInt8] {
    var member: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
    var rest = bytes[...]
    repeat {
        let block = rest.prefix(65_535)
        rest = rest.dropFirst(65_535)
        let length = UInt16(block.count)
        member.append(rest.isEmpty ? 1 : 0)
        member += littleEndian(length) + littleEndian(~length) + block
    } while !rest.isEmpty
    return member + littleEndian(crc32(bytes)) + littleEndian(UInt32(truncatingIfNeeded: bytes.count))
}

private func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    (0..<(value.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
}

private func crc32(_ bytes: [UInt8]) -> UInt32 {
    var sum: UInt32 = .max
    for byte in bytes {
        sum ^= UInt32(byte)
        for _ in 0..<8 { sum = (sum >> 1) ^ (sum & 1 == 1 ? 0xedb8_8320 : 0) }
    }
    return ~sum
}
