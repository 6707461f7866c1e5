@testable import CloudTrail
import Testing

@Suite struct RecordFieldsTests {
    /// The key that a field stands under.
    static func key(_ field: RecordField) -> String {
        switch field {
        case .aggregatedEventId: "eventId"
        case .timestamp: "@timestamp"
        default: "\(field)"
        }
    }

    @Test(arguments: RecordField.allCases) func `every field is found under its own key alone`(_ field: RecordField) {
        var fields = RecordFields()
        let key = Self.key(field)
        let spellings = [
            key, "\\u" + String(key.utf8.first.map { 0x10000 + Int($0) } ?? 0, radix: 16).dropFirst() + key.dropFirst(),
        ]
        for spelling in spellings {
            let bytes = Array("{ \"x\" : [1] , \"\(spelling)\" : \"v\" , \"y\":{} }".utf8)
            bytes.withUnsafeBytes { bytes in
                #expect(fields.project(bytes) == .complete(end: bytes.count))
                for other in RecordField.allCases {
                    #expect(fields.string(other, in: bytes) == (other == field ? "v" : nil))
                }
                let isDuplicate = fields.hasDuplicateKey
                #expect(!isDuplicate)
            }
        }
        for wrong in [key + "x", String(key.dropLast()), "x" + key.dropFirst(), key.dropLast() + "x"] {
            let bytes = Array("{\"\(wrong)\":\"v\"}".utf8)
            bytes.withUnsafeBytes { bytes in
                #expect(fields.project(bytes) == .complete(end: bytes.count))
                #expect(fields.string(field, in: bytes) == nil)
            }
        }
    }

    struct Case: CustomTestStringConvertible {
        var json: String
        var kind: FieldReference.Kind
        var string: String?
        var bool: Bool?
        var raw: String
        var testDescription: String { json }

        init(_ json: String, _ kind: FieldReference.Kind, _ string: String?, _ bool: Bool? = nil) {
            self.json = json
            self.kind = kind
            self.string = string
            self.bool = bool
            raw = json
        }
    }

    static let values = [
        Case("null", .null, nil),
        Case("\"\"", .plainString, nil),
        Case("\"text\"", .plainString, "text"),
        Case("\"te\\u0078t\"", .escapedString, "text"),
        Case("\"h\u{e9}\"", .plainString, "h\u{e9}"),
        Case("111122223333", .number, "111122223333"),
        Case("123456789012345678901234567890", .number, "123456789012345678901234567890"),
        Case("true", .trueLiteral, "true", true),
        Case("false", .falseLiteral, "false", false),
        Case("\"true\"", .plainString, "true", true),
        Case("\"false\"", .plainString, "false", false),
        Case("\"True\"", .plainString, "True"),
        Case("{\"a\" : 1}", .object, nil),
        Case("[1, {}]", .array, nil),
    ]

    @Test(arguments: values) func `a value reads by its kind`(_ test: Case) {
        var fields = RecordFields()
        let bytes = Array("{\"readOnly\": \(test.json) }".utf8)
        bytes.withUnsafeBytes { bytes in
            #expect(fields.project(bytes) == .complete(end: bytes.count))
            #expect(fields[.readOnly].kind == test.kind)
            #expect(fields.string(.readOnly, in: bytes) == test.string)
            #expect(fields.bool(.readOnly, in: bytes) == test.bool)
            #expect(fields[.readOnly].rawRange.map { String(decoding: bytes[$0], as: UTF8.self) } == test.raw)
            #expect(fields.fragment(.readOnly, in: bytes) == (test.kind == .null ? nil : JSONFragment(test.raw)))
        }
    }

    @Test func `the last of two equal keys counts, and that is told`() {
        var fields = RecordFields()
        let bytes = Array(#"{"eventName":"A","eventSource":"s","eventName":"B"}"#.utf8)
        bytes.withUnsafeBytes { bytes in
            #expect(fields.project(bytes) == .complete(end: bytes.count))
            #expect(fields.string(.eventName, in: bytes) == "B")
            let isDuplicate = fields.hasDuplicateKey
            #expect(isDuplicate)
            #expect(fields[.eventSource].equals("s", in: bytes))
        }
        let clean = Array(#"{"eventName":"A"}"#.utf8)
        clean.withUnsafeBytes { clean in
            #expect(fields.project(clean) == .complete(end: clean.count))
            let isDuplicate = fields.hasDuplicateKey
            #expect(!isDuplicate)
            #expect(fields.string(.eventSource, in: clean) == nil)
        }
    }

    @Test func `references that do not fit the bytes read as nothing`() {
        var fields = RecordFields()
        Array(record("Long").utf8).withUnsafeBytes { _ = fields.project($0) }
        Array("{}".utf8).withUnsafeBytes { short in
            for field in RecordField.allCases {
                _ = (fields.string(field, in: short), fields.fragment(field, in: short))
            }
            #expect(fields.string(.eventID, in: short) == nil || fields.string(.eventID, in: short) == "")
            #expect(fields.fragment(.requestParameters, in: short) == nil)
        }
    }

    @Test func `an event has every field of its record`() throws {
        let event = try #require(
            Event(
                json: Array(
                    (#"{"eventVersion":"1.11","eventTime":"2026-11-02T10:15:00Z","eventSource":"s3.amazonaws.com","#
                        + #""eventName":"GetObject","awsRegion":"eu-west-1","sourceIPAddress":"192.0.2.1","userAgent":"[a]","#
                        + #""errorCode":"AccessDenied","errorMessage":"no","requestID":"R","eventID":"E","eventType":"AwsApiCall","#
                        + #""eventCategory":"Data","readOnly":"true","managementEvent":false,"recipientAccountId":111122223333,"#
                        + #""sharedEventID":"S","vpcEndpointId":"vpce-1","vpcEndpointAccountId":"444455556666","#
                        + #""userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/a"},"#
                        + #""requestParameters":{"k":1},"responseElements":null,"resources":[],"addendum":{}}"#).utf8)))
        var expected = Event()
        expected.eventVersion = "1.11"
        expected.eventTime = "2026-11-02T10:15:00Z"
        expected.eventSource = "s3.amazonaws.com"
        expected.eventName = "GetObject"
        expected.awsRegion = "eu-west-1"
        expected.sourceIPAddress = "192.0.2.1"
        expected.userAgent = "[a]"
        expected.errorCode = "AccessDenied"
        expected.errorMessage = "no"
        expected.requestID = "R"
        expected.eventID = "E"
        expected.eventType = "AwsApiCall"
        expected.eventCategory = "Data"
        expected.readOnly = true
        expected.managementEvent = false
        expected.recipientAccountId = "111122223333"
        expected.sharedEventID = "S"
        expected.vpcEndpointId = "vpce-1"
        expected.vpcEndpointAccountId = "444455556666"
        expected.userIdentity.type = "IAMUser"
        expected.userIdentity.arn = "arn:aws:iam::111122223333:user/a"
        expected.requestParameters = JSONFragment("{\"k\":1}")
        expected.resources = JSONFragment("[]")
        expected.addendum = JSONFragment("{}")
        #expect(event == expected)
        #expect(Event(json: Array("[]".utf8)) == nil)
        #expect(Event(json: Array("{\"eventName\":".utf8)) == nil)
        #expect(Event(json: Array("{}".utf8)) == Event())
    }
}
