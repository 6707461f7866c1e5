import Foundation
import TestSupport
import Testing

/// What the ingest packs into numbers and texts is what Foundation reads in the records.
@Suite struct RecordPackerTwinTests {
    /// Columns of the view `event`, and where in a record each stands.
    private static let places = [
        "eventTime": "eventTime", "eventSource": "eventSource", "eventName": "eventName", "awsRegion": "awsRegion",
        "sourceIPAddress": "sourceIPAddress", "userAgent": "userAgent", "errorCode": "errorCode",
        "errorMessage": "errorMessage", "requestID": "requestID", "eventType": "eventType",
        "eventCategory": "eventCategory", "readOnly": "readOnly", "managementEvent": "managementEvent",
        "recipientAccountId": "recipientAccountId", "sharedEventID": "sharedEventID",
        "vpcEndpointId": "vpcEndpointId", "userIdentityType": "userIdentity.type",
        "userIdentityArn": "userIdentity.arn", "userIdentityAccountId": "userIdentity.accountId",
        "userIdentityPrincipalId": "userIdentity.principalId", "userIdentityUserName": "userIdentity.userName",
        "userIdentityInvokedBy": "userIdentity.invokedBy", "accessKeyId": "userIdentity.accessKeyId",
        "sessionIssuerArn": "userIdentity.sessionContext.sessionIssuer.arn",
        "sessionCreationDate": "userIdentity.sessionContext.attributes.creationDate",
        "mfaAuthenticated": "userIdentity.sessionContext.attributes.mfaAuthenticated",
        "sourceIdentity": "userIdentity.sessionContext.sourceIdentity",
    ]

    private static func text(_ record: [String: Any], _ path: String) -> String? {
        var value: Any? = record
        for name in path.split(separator: ".") { value = (value as? [String: Any])?[String(name)] }
        return switch value {
        case let flag as Bool: flag ? "true" : "false"
        case let text as String: text
        default: nil
        }
    }

    /// The records of the sample's log files by their eventID, the first of several; without those that an addendum corrects.
    private static func records() throws -> [String: [String: Any]] {
        let folder = Program.projectFolder.appending(path: "SampleTrails/AWSLogs").path
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        var records: [String: [String: Any]] = [:]
        var corrected: Set<String> = []
        for name in names.sorted() where name.contains("/CloudTrail/") && name.hasSuffix(".json.gz") {
            let file = try Program.run("/bin/sh", ["-c", "gzip -dc '\(name)'"], in: folder)
            // One of them is cut.
            guard file.status == 0,
                let whole = try JSONSerialization.jsonObject(with: Data(file.output.utf8)) as? [String: Any]
            else { continue }
            for record in whole["Records"] as? [[String: Any]] ?? [] {
                guard let id = record["eventID"] as? String else { continue }
                if let addendum = record["addendum"] as? [String: Any] {
                    corrected.insert(addendum["originalEventID"] as? String ?? id)
                    corrected.insert(id)
                }
                if records[id] == nil { records[id] = record }
            }
        }
        return records.filter { !corrected.contains($0.key) }
    }

    @Test func `Every event's columns are what its record says`() throws {
        let records = try Self.records()
        let columns = Self.places.keys.sorted()
        let run = try Program.run(
            ["sql", "--format", "jsonl", "SELECT eventID, \(columns.joined(separator: ", ")) FROM event"],
            in: SQLTests.sample.get())
        #expect(run.status == 0, "\(run.errors)")
        var compared = 0
        for line in run.output.split(separator: "\n") {
            let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
            guard let id = row["eventID"] as? String, let record = records[id] else { continue }
            for column in columns {
                let expected = Self.text(record, Self.places[column] ?? column)
                let stored: String? =
                    switch row[column] {
                    case let text as String: text
                    case let number as Int: number == 1 ? "true" : "false"
                    default: nil
                    }
                #expect(stored == expected, "\(column) of \(id)")
            }
            compared += 1
        }
        #expect(compared > 3_000 && compared == records.count)
    }
}
