import AccessDenial
import CompanionLogs
import Foundation
import IAMPolicy
import TestSupport
import Testing

/// Error messages as SDKs, the AWS CLI, services and pages in between write them.
@Suite struct ErrorTextTests {
    struct Case: Sendable, Decodable, CustomTestStringConvertible {
        var name: String
        var text: String
        var expected: ErrorText
        var action: String?
        var reason: String
        var testDescription: String { name }

        private enum Key: String, CodingKey {
            case name, text, sdk, service, operation, code, status, requestID, extendedRequestID, sentence, region, page
            case action, reason
        }

        init(from decoder: any Decoder) throws {
            let row = try decoder.container(keyedBy: Key.self)
            func text(_ key: Key) throws -> String? { try row.decodeIfPresent(String.self, forKey: key) }
            func known<T: RawRepresentable>(_ key: Key) throws -> T? where T.RawValue == String {
                guard let name = try text(key) else { return nil }
                guard let value = T(rawValue: name) else {
                    throw DecodingError.dataCorruptedError(forKey: key, in: row, debugDescription: name)
                }
                return value
            }
            name = try row.decode(String.self, forKey: .name)
            self.text = try row.decode(String.self, forKey: .text)
            expected = ErrorText()
            expected.sdk = try known(.sdk)
            expected.service = try text(.service)
            expected.operation = try text(.operation)
            expected.code = try text(.code)
            expected.status = try row.decodeIfPresent(Int.self, forKey: .status)
            expected.requestID = try text(.requestID)
            expected.extendedRequestID = try text(.extendedRequestID)
            expected.sentence = try text(.sentence)
            expected.region = try text(.region)
            expected.page = try known(.page)
            action = try text(.action)
            reason = try text(.reason) ?? "unstated"
        }
    }

    /// `Data/errors.json`: a message a row, with what is to be read of it. A new wording is a new row.
    static let cases = Result<[Case], any Error> {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Data/errors.json")
        return try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
    }

    @Test(arguments: try cases.get()) func `A message is read`(_ row: Case) {
        var error = ErrorText(reading: row.text)
        error.host = nil
        error.time = nil
        #expect(error == row.expected)
        #expect(error.action == row.action)
        #expect(error.reason.slug == row.reason)
    }

    /// What the lines of the samples tell, in their order; the first is a template without values.
    private static let samples: [(sdk: SDK?, code: String?, status: Int?)] = [
        (nil, nil, nil), (.javaV2, nil, 500), (.javaV2, nil, 500), (.javaV2, nil, 500), (.javaV2, nil, 500),
        (.javaV2, "AccessDenied", 403), (.javaV1, "AccessDeniedException", 403),
        (.javaV1, "AccessDeniedException", 403),
        (.goV1, "UnauthorizedOperation", 403), (.goV1, "AccessDeniedException", 400),
        (.goV2, "AccessDeniedException", 400),
        // Cut off before what tells whose wording it is.
        (.answer, "UnauthorizedOperation", 403), (.javaScriptV3, "AccessDenied", 403), (nil, nil, nil),
    ]

    @Test func `Lines of real logs are read`() throws {
        guard let file = sharedData("companion/sdk-texts/error-lines.tsv") else { return }
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst()
        #expect(lines.count == Self.samples.count)
        for (line, sample) in zip(lines, Self.samples) {
            let text = line.split(separator: "\t", maxSplits: 2).last ?? ""
            let error = ErrorText(
                reading: String(text.replacing("\\n", with: "\n").replacing("\\t", with: "\t")))
            #expect(error.sdk == sample.sdk && error.code == sample.code && error.status == sample.status, "\(text)")
        }
        let body = ErrorText(reading: String(lines.last ?? ""))
        #expect(body.action == "mobiletargeting:PutEvents")
    }

    @Test func `Secrets that AWS quotes are not kept`() {
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
        for text in [
            "{\"message\":\"'\(token)' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer \(token)'.\"}",
            "An error occurred (SignatureDoesNotMatch) when calling the X operation: The request signature we calculated does not match. The Canonical String for this request should have been 'POST\n/\nx-amz-security-token:\(token)'",
            "AccessDenied: X-Amz-Security-Token=\(token)&X-Amz-Signature=\(token) is bad",
        ] {
            let error = ErrorText(reading: text)
            #expect(error.sentence?.contains("c2lnbmF0dXJl") == false && error.sentence?.isEmpty == false, "\(error)")
        }
        #expect(Secrets.removed(from: "key AKIAIOSFODNN7EXAMPLE.") == "key [removed]MPLE.")
        #expect(
            Secrets.removed(from: "Authorization: AWS4-HMAC-SHA256 Credential=AKIA/1, Signature=abc\nnext")
                == "Authorization: [removed]\nnext")
        #expect(
            Secrets.removed(from: "Authorization header requires 'Credential' parameter.")
                == "Authorization header requires 'Credential' parameter.")
    }

    @Test func `Times are read in the notations of logs`() {
        for text in [
            "2026-11-09T10:12:00.123Z ERROR", "[ERROR] 2026-11-09 10:12:00,123 - x", "2026/11/09 10:12:00 failed",
            "x [09/Nov/2026:11:12:00 +0100] y",
        ] {
            #expect(ErrorText(reading: text).time == 1_794_219_120, "\(text)")
        }
    }

    @Test func `A text cut anywhere is read without harm`() throws {
        for row in try Self.cases.get() {
            let bytes = Array(row.text.utf8)
            for length in stride(from: 0, to: bytes.count, by: 3) {
                _ = ErrorText(reading: String(decoding: bytes[..<length], as: UTF8.self))
            }
        }
    }
}
