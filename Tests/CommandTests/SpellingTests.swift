import Foundation
import TestSupport
import Testing

/// Names and keys that look alike and are not: one letter with its accent, and a letter with an accent behind it.
@Suite struct SpellingTests {
    private static let spellings = ["\\u00e9", "e\\u0301"]

    private static func record(_ id: String, role: String, key: String) -> String {
        """
        {"eventVersion":"1.09","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/caf\(role)",\
        "accountId":"111122223333","userName":"caf\(role)"},"eventTime":"2026-11-01T00:00:00Z",\
        "eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.1",\
        "userAgent":"cli","errorCode":"AccessDenied","errorMessage":"User: arn:aws:iam::111122223333:user/caf\(role) is not \
        authorized to perform: s3:GetObject on resource: \\"arn:aws:s3:::b/k\(key)\\" because no identity-based policy allows \
        the s3:GetObject action","requestParameters":{"bucketName":"b","key":"k\(key)"},"responseElements":null,\
        "requestID":"r","eventID":"\(id)","eventType":"AwsApiCall","recipientAccountId":"111122223333"}
        """
    }

    @Test func `two spellings are two principals, two resources and two groups`() throws {
        let folder = try ScratchFolder()
        var records: [String] = []
        for role in Self.spellings {
            for key in Self.spellings { records.append(Self.record("id-\(records.count)", role: role, key: key)) }
        }
        try folder.write("a.json", "{\"Records\":[" + records.joined(separator: ",") + "]}")
        #expect(try folder.run("ingest", "a.json").status == 0)
        let (composed, decomposed) = ("C3A9", "65CC81")
        let principals = try folder.rows("SELECT DISTINCT hex(principal) FROM denial ORDER BY 1").joined()
        #expect(principals.count == 2)
        #expect(principals.contains { $0.hasSuffix(composed) } && principals.contains { $0.hasSuffix(decomposed) })
        let pairs = try folder.rows("SELECT DISTINCT hex(principal), hex(resource) FROM denial")
        #expect(pairs.count == 4 && Set(pairs.map { $0[1] }).count == 2)
        let run = try folder.run("report", "--service", "all", "--format", "json")
        let report = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
        let groups = try #require(report?["groups"] as? [[String: Any]])
        #expect(groups.count == 2)
        #expect(groups.allSatisfy { $0["denials"] as? Int == 2 && ($0["resources"] as? [Any])?.count == 2 })
    }
}
