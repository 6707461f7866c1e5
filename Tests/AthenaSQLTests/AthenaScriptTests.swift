import AccessDenial
import Foundation
import Testing

@testable import AthenaSQL

@Suite("The SQL for Athena")
struct AthenaScriptTests {
    private static func script(
        _ location: String = "s3://logs/AWSLogs/", accounts: [String] = [], regions: [String] = [],
        organization: String? = nil, output: String? = nil
    ) throws -> [String] {
        try AthenaScript(
            TrailLocation(location, organization: organization, accounts: accounts, regions: regions),
            firstDay: "2026/01/01", days: "2026/11/01"..."2026/11/07", output: output
        ).statements.map(\.sql)
    }

    @Test func `every statement is one that Athena takes, and no CASE is longer than engines compile`() throws {
        for sql in try Self.script(accounts: (100_000_000_000..<100_000_003_000).map(String.init)) {
            #expect(sql.utf8.count < AthenaScript.maximumStatement)
            #expect(!sql.contains(";") || sql.contains("; status code: "))
            #expect(sql.filter { $0 == "(" }.count == sql.filter { $0 == ")" }.count || sql.contains("[(]"))
            for part in sql.components(separatedBy: "CASE").dropFirst() {
                let arms = part.prefix(while: { _ in true }).components(separatedBy: " END")[0]
                #expect(arms.components(separatedBy: "WHEN").count - 1 <= 50)
            }
        }
    }

    @Test func `every table of the grammar stands in the view`() throws {
        let view = try Self.script()[1]
        for row in DenialVocabulary.sentences { #expect(view.contains(SQLText.literal(row.words)), "\(row.words)") }
        for row in DenialVocabulary.codes { #expect(view.contains("\(row.code)=\(row.category)=")) }
        for row in DenialVocabulary.policyTypes { #expect(view.contains(row.words)) }
        for row in DenialVocabulary.actions {
            #expect(view.contains("\(row.prefix)=\(row.eventName)=\(row.action)"))
        }
        for column in DenialQuery.columns { #expect(view.contains(column)) }
        #expect(view.hasPrefix("CREATE OR REPLACE VIEW denial AS\nWITH "))
    }

    @Test func `partitions are computed, of the accounts and Regions that were named`() throws {
        let one = try Self.script(accounts: ["111122223333"], regions: ["eu-central-1", "us-east-1"])
        #expect(one[0].contains("'projection.account.type' = 'enum'"))
        #expect(one[0].contains("'projection.region.values' = 'eu-central-1,us-east-1'"))
        #expect(one[0].contains("'s3://logs/AWSLogs/${account}/CloudTrail/${region}/${day}'"))
        #expect(one[2].contains("account IN ('111122223333') AND region IN ('eu-central-1', 'us-east-1')"))
        #expect(one[2].contains("day BETWEEN '2026/11/01' AND '2026/11/07'"))
        #expect(one[2].contains("TO 's3://logs/trail403/2026-11-01/'"))
        #expect(one[2].contains("'iam.amazonaws.com DetachRolePolicy'"))
        let all = try Self.script("s3://logs/p/AWSLogs/o-a1b2c3d4e5/", output: "s3://other/x")
        #expect(all[0].contains("'projection.account.type' = 'injected'"))
        #expect(all[0].contains("'s3://logs/p/AWSLogs/o-a1b2c3d4e5/${account}/CloudTrail/${region}/${day}'"))
        #expect(all[2].contains("TO 's3://other/x/'"))
    }

    @Test(arguments: [
        "logs/AWSLogs/", "s3://logs/", "s3://l/AWSLogs/", "s3://logs/x'; DROP TABLE y/AWSLogs/",
        "s3://logs/a b/AWSLogs",
        "https://logs.s3.amazonaws.com/AWSLogs/", "s3://logs/AWSLogs/111122223333/",
    ])
    func `what is no location is refused`(location: String) {
        #expect(throws: TrailLocation.Fault.self) { try TrailLocation(location) }
    }

    @Test(arguments: [
        ("1234", "", "", ""), ("", "us-east", "", ""), ("", "", "o-'", ""), ("", "", "", "s3://x/' OR 1"),
    ])
    func `what would stand in the SQL is checked`(account: String, region: String, organization: String, output: String)
    {
        #expect(throws: TrailLocation.Fault.self) {
            try Self.script(
                accounts: account.isEmpty ? [] : [account], regions: region.isEmpty ? [] : [region],
                organization: organization.isEmpty ? nil : organization, output: output.isEmpty ? nil : output)
        }
    }

    @Test func `a text cannot end its literal`() {
        #expect(SQLText.literal("it's \u{1b}[31m\n--") == "'it''s [31m--'")
    }
}
