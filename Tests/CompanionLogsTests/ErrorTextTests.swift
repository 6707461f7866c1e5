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

        init(
            _ name: String, _ text: String, sdk: SDK? = nil, service: String? = nil, operation: String? = nil,
            code: String? = nil,
            status: Int? = nil, id: String? = nil, extended: String? = nil, sentence: String? = nil,
            region: String? = nil,
            page: ErrorPage? = nil, action: String? = nil, reason: String = "unstated"
        ) {
            self.name = name
            self.text = text
            expected = ErrorText()
            expected.sdk = sdk
            expected.service = service
            expected.operation = operation
            expected.code = code
            expected.status = status
            expected.requestID = id
            expected.extendedRequestID = extended
            expected.sentence = sentence
            expected.region = region
            expected.page = page
            self.action = action
            self.reason = reason
        }

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

    static let user = "User: arn:aws:sts::111122223333:assumed-role/app/send"
    static let resource = "arn:aws:mobiletargeting:us-east-1:111122223333:apps/abc/messages"
    static let refusal =
        "\(user) is not authorized to perform: mobiletargeting:SendMessages on resource: \(resource) because no identity-based policy allows the mobiletargeting:SendMessages action"
    static let id = "3df82d79-381a-11e8-8192-df58266db5b7"
    static let missing = "missing-allow:identity-based"
    static let action = "mobiletargeting:SendMessages"

    static let formerCases: [Case] = [
        Case(
            "boto3",
            "botocore.errorfactory.ForbiddenException: An error occurred (ForbiddenException) when calling the SendMessages operation: \(refusal)",
            sdk: .botocore, operation: "SendMessages", code: "ForbiddenException", sentence: refusal,
            region: "us-east-1", action: action, reason: missing),
        Case(
            "AWS CLI 2 with retries",
            "\naws: [ERROR]: An error occurred (AccessDenied) when calling the ListBuckets operation (reached max retries: 4): Access Denied\n",
            sdk: .botocore, operation: "ListBuckets", code: "AccessDenied", sentence: "Access Denied"),
        Case(
            "boto3 in a line of Lambda's JSON, whose request id is the invocation's",
            #"{"timestamp":"2026-11-09T10:12:00Z","level":"ERROR","message":"An error occurred (ForbiddenException) when calling the SendMessages operation: \#(refusal)","requestId":"8f5e2b5c-1c1f-4ac9-9e53-0b6a2d2f7a11"}"#,
            sdk: .botocore, operation: "SendMessages", code: "ForbiddenException", sentence: refusal,
            region: "us-east-1", action: action, reason: missing),
        Case(
            "Java 1",
            "com.amazonaws.services.pinpoint.model.ForbiddenException: \(refusal) (Service: AmazonPinpoint; Status Code: 403; Error Code: ForbiddenException; Request ID: \(id); Proxy: null)",
            sdk: .javaV1, service: "AmazonPinpoint", code: "ForbiddenException", status: 403, id: id, sentence: refusal,
            region: "us-east-1", action: action,
            reason: missing),
        Case(
            "Java 2 with attempts",
            "software.amazon.awssdk.services.pinpoint.model.ForbiddenException: \(refusal) (Service: Pinpoint, Status Code: 403, Request ID: \(id)) (SDK Attempt Count: 1)\n\tat software.amazon.awssdk.services.pinpoint.DefaultPinpointClient.sendMessages(DefaultPinpointClient.java:1)",
            sdk: .javaV2, service: "Pinpoint", operation: "SendMessages", code: "ForbiddenException", status: 403,
            id: id, sentence: refusal,
            region: "us-east-1", action: action, reason: missing),
        Case(
            "Java 2 of S3",
            "software.amazon.awssdk.services.s3.model.S3Exception: Access Denied (Service: S3, Status Code: 403, Request ID: G7WJJ5HW0BBZB1WR, Extended Request ID: ZsA5Pqk/2wCqJz/pLC/WhgQVm7rI0iQ/efh3Qp7A0EU7fCK//3nbVh+q4xBMuVi7eVK966F59og=)",
            sdk: .javaV2, service: "S3", code: "AccessDenied", status: 403, id: "G7WJJ5HW0BBZB1WR",
            extended: "ZsA5Pqk/2wCqJz/pLC/WhgQVm7rI0iQ/efh3Qp7A0EU7fCK//3nbVh+q4xBMuVi7eVK966F59og=",
            sentence: "Access Denied"),
        Case(
            "JavaScript 2",
            "AccessDeniedException: \(refusal)\n    at Request.extractError {\n  code: 'AccessDeniedException',\n  time: 2026-11-09T10:12:00.000Z,\n  requestId: '\(id)',\n  statusCode: 403,\n  retryable: false\n}",
            sdk: .javaScriptV2, code: "AccessDeniedException", status: 403, id: id, sentence: refusal,
            region: "us-east-1", action: action, reason: missing),
        Case(
            "JavaScript 3",
            "ForbiddenException: \(refusal)\n    at de_SendMessagesCommandError (/app/node_modules/@aws-sdk/client-pinpoint/dist-cjs/index.js:1:1) {\n  '$fault': 'client',\n  '$metadata': {\n    httpStatusCode: 403,\n    requestId: '\(id)',\n    attempts: 1,\n    totalRetryDelay: 0\n  },\n  RequestID: '\(id)'\n}",
            sdk: .javaScriptV3, service: "pinpoint", operation: "SendMessages", code: "ForbiddenException", status: 403,
            id: id, sentence: refusal,
            region: "us-east-1", action: action, reason: missing),
        Case(
            "JavaScript 3 as Lambda prints it",
            #"{"errorType":"AccessDenied","errorMessage":"Access Denied","Code":"AccessDenied","name":"AccessDenied","$fault":"client","$metadata":{"httpStatusCode":403,"attempts":1,"totalRetryDelay":0},"stack":["AccessDenied: Access Denied"]}"#,
            sdk: .javaScriptV3, code: "AccessDenied", status: 403, sentence: "Access Denied"),
        Case(
            "Go 1",
            "UnauthorizedOperation: You are not authorized to perform this operation.\n\tstatus code: 403, request id: \(id)",
            sdk: .goV1,
            code: "UnauthorizedOperation", status: 403, id: id,
            sentence: "You are not authorized to perform this operation."),
        Case(
            "Go 1, modelled",
            "AccessDeniedException: \(refusal)\n{\n  RespMetadata: {\n    StatusCode: 400,\n    RequestID: \"\(id)\"\n  },\n  Message_: \"User: …\"\n}",
            sdk: .goV1, code: "AccessDeniedException", status: 400, id: id, sentence: refusal, region: "us-east-1",
            action: action, reason: missing),
        Case(
            "Go 2",
            "operation error Pinpoint: SendMessages, https response error StatusCode: 403, RequestID: \(id), api error ForbiddenException: \(refusal)",
            sdk: .goV2, service: "Pinpoint", operation: "SendMessages", code: "ForbiddenException", status: 403, id: id,
            sentence: refusal,
            region: "us-east-1", action: action, reason: missing),
        Case(
            "Go 2 of S3",
            "operation error S3: PutObject, https response error StatusCode: 403, RequestID: G7WJJ5HW0BBZB1WR, HostID: ZsA5Pqk/2w==, api error AccessDenied: Access Denied",
            sdk: .goV2, service: "S3", operation: "PutObject", code: "AccessDenied", status: 403,
            id: "G7WJJ5HW0BBZB1WR", extended: "ZsA5Pqk/2w==",
            sentence: "Access Denied", action: "s3:PutObject"),
        Case(
            ".NET",
            "Amazon.Pinpoint.Model.ForbiddenException: \(refusal)\n ---> Amazon.Runtime.Internal.HttpErrorResponseException: Exception of type 'Amazon.Runtime.Internal.HttpErrorResponseException' was thrown.\n   at Amazon.Pinpoint.AmazonPinpointClient.SendMessagesAsync(SendMessagesRequest request)",
            sdk: .dotNet, service: "Pinpoint", operation: "SendMessages", code: "ForbiddenException", sentence: refusal,
            region: "us-east-1", action: action,
            reason: missing),
        Case(
            "Ruby", "Aws::Pinpoint::Errors::ForbiddenException (\(refusal))", sdk: .ruby, service: "Pinpoint",
            code: "ForbiddenException", sentence: refusal,
            region: "us-east-1", action: action, reason: missing),
        Case(
            "Ruby's client log",
            "[Aws::Pinpoint::Client 403 0.12 0 retries] send_messages(application_id:\"abc\") Aws::Pinpoint::Errors::ForbiddenException \(refusal)",
            sdk: .ruby, service: "Pinpoint", operation: "SendMessages", code: "ForbiddenException", status: 403,
            sentence: refusal, region: "us-east-1",
            action: action, reason: missing),
        Case(
            "PHP",
            "Error executing \"SendMessages\" on \"https://pinpoint.us-east-1.amazonaws.com/v1/apps/abc/messages\"; AWS HTTP error: Client error: `POST https://pinpoint.us-east-1.amazonaws.com/v1/apps/abc/messages` resulted in a `403 Forbidden` response:\n{\"Message\":\"User: arn:aws:sts::1 (truncated...)\nForbiddenException (client): \(refusal) - {\"Message\":\"\(refusal)\",\"RequestID\":\"\(id)\"}",
            sdk: .php, service: "pinpoint", operation: "SendMessages", code: "ForbiddenException", status: 403, id: id,
            sentence: refusal, region: "us-east-1",
            action: action, reason: missing),
        Case(
            "Rust",
            "unhandled error (ForbiddenException): Error { code: \"ForbiddenException\", message: \"\(refusal)\", aws_request_id: \"\(id)\" }",
            sdk: .rust,
            code: "ForbiddenException", id: id, sentence: refusal, region: "us-east-1", action: action, reason: missing),
        Case(
            "Swift",
            "UnknownAWSHTTPServiceError(typeName: Optional(\"AccessDeniedException\"), message: Optional(\"\(refusal)\"), requestID: Optional(\"\(id)\"), requestID2: nil, httpResponse: …)",
            sdk: .swift, code: "AccessDeniedException", id: id, sentence: refusal, region: "us-east-1", action: action,
            reason: missing),
        Case(
            "C++",
            "HTTP response code: 403\nResolved remote host IP address: 192.0.2.1\nRequest ID: \(id)\nException name: AccessDeniedException\nError message: \(refusal)\n2 response headers:\nx-amzn-requestid : \(id)",
            sdk: .cpp, code: "AccessDeniedException", status: 403, id: id, sentence: refusal, region: "us-east-1",
            action: action, reason: missing),
        Case(
            "a service's JSON", #"{"Message":"\#(refusal)","RequestID":"\#(id)"}"#, sdk: .answer, id: id,
            sentence: refusal, region: "us-east-1",
            action: action, reason: missing),
        Case(
            "S3's XML",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does not match the signature you provided. Check your key and signing method.</Message><AWSAccessKeyId>AKIAIOSFODNN7EXAMPLE</AWSAccessKeyId><StringToSign>GET x-amz-security-token:abc</StringToSign><RequestId>G7WJJ5HW0BBZB1WR</RequestId><HostId>ZsA5Pqk/2w==</HostId></Error>",
            sdk: .answer, code: "SignatureDoesNotMatch", id: "G7WJJ5HW0BBZB1WR",
            sentence:
                "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
            reason: "signature-invalid"),
        Case(
            "escaped twice in a log line",
            #"{"log":"{\"msg\":\"operation error Pinpoint: SendMessages, https response error StatusCode: 403, RequestID: \#(id), ForbiddenException: \#(refusal)\"}\n","stream":"stderr"}"#,
            sdk: .goV2, service: "Pinpoint", operation: "SendMessages", code: "ForbiddenException", status: 403, id: id,
            sentence: refusal,
            region: "us-east-1", action: action, reason: missing),
        Case(
            "broken over lines by a terminal",
            "An error occurred (ForbiddenException) when calling the SendMessages operation: \(user) is not authorized to perform:\nmobiletargeting:SendMessages on resource: \(resource)\nbecause no identity-based policy allows the mobiletargeting:SendMessages action\n",
            sdk: .botocore, operation: "SendMessages", code: "ForbiddenException", sentence: refusal,
            region: "us-east-1", action: action, reason: missing),
        Case(
            "a gateway's", #"{"message":"Missing Authentication Token"}"#, sdk: .answer,
            sentence: "Missing Authentication Token", reason: "credentials-missing"),
        Case("a gateway's other", #"{"message":"Forbidden"}"#, sdk: .answer, sentence: "Forbidden"),
        Case(
            "CloudFront's page",
            "<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD><BODY><H1>403 ERROR</H1>Request blocked. We can't connect<BR>Generated by cloudfront (CloudFront)<BR>Request ID: abc-DEF_123==",
            page: .cloudFrontBlocked),
        Case(
            "a proxy's page",
            "<html><head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center><hr><center>nginx</center></body></html>",
            status: 403, page: .proxy),
        Case(
            "no connection",
            "botocore.exceptions.ConnectTimeoutError: Connect timeout on endpoint URL: \"https://pinpoint.us-east-1.amazonaws.com/v1/apps\"",
            service: "pinpoint", code: nil, region: "us-east-1", page: .network),
        Case("prose", "It works on my machine"),
        Case("nothing", ""),
    ]

    /// `Data/errors.json`: a message a row, with what is to be read of it. A new wording is a new row.
    static let cases = Result<[Case], any Error> {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Data/errors.json")
        return try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
    }

    @Test func `The rows are those of before`() throws {
        let rows = try Self.cases.get()
        #expect(rows.count == Self.formerCases.count)
        for (row, former) in zip(rows, Self.formerCases) {
            #expect(row.text == former.text && row.expected == former.expected && row.name == former.name)
            #expect(row.action == former.action && row.reason == former.reason)
        }
    }

    @Test(arguments: try cases.get()) func `A message is read`(_ row: Case) {
        var error = ErrorText(reading: row.text)
        error.host = nil
        error.time = nil
        #expect(error == row.expected)
        #expect(error.action == row.action)
        #expect(error.reason.slug == row.reason)
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
