import CloudTrail
import Testing

@Suite struct ArchiveNameTests {
    struct Name: Sendable, CustomTestStringConvertible {
        var text: String
        var parts: String?
        var testDescription: String { text }
    }

    static let names = [
        Name(
            text: "111122223333_CloudTrail_us-east-2_20150801T0210Z_Mu0KsOhtH1ar15ZZ.json.gz",
            parts: "111122223333 log us-east-2 2015-08-01T02:10:00Z"),
        Name(
            text: "123456789012_CloudTrail_us-gov-west-1_20140612T1255ZHdkvFTXOA3Vnhbc.json.gz",
            parts: "123456789012 log us-gov-west-1 2014-06-12T12:55:00Z"),
        Name(
            text: "123456789012_CloudTrail-Digest_us-east-1_my_trail_us-east-2_20240131T235959Z_backfill.json.gz",
            parts: "123456789012 digest us-east-1 2024-01-31T23:59:59Z"),
        Name(
            text: "123456789012_CloudTrail-NetworkActivity_eu-west-1_20240131T2355Z_0000000000000000.json.gz",
            parts: "123456789012 networkActivity eu-west-1 2024-01-31T23:55:00Z"),
        Name(text: "123456789012_CloudTrail_us-east-1_20241331T2355Z_0000000000000000.json.gz"),
        Name(text: "123456789012_CloudTrail_us-east-1_20240131T2455Z_0000000000000000.json.gz"),
        Name(text: "12345678901_CloudTrail_us-east-1_20240131T2355Z_0000000000000000.json.gz"),
        Name(text: "123456789012_Config_us-east-1_20240131T2355Z_0000000000000000.json.gz"),
        Name(text: "123456789012_CloudTrail_us-east-1_20240131T2355"), Name(text: "20240131T2355Z"),
        Name(text: "events.json"),
        Name(text: ""), Name(text: "___"),
    ]

    @Test(arguments: names) func `a file's name is read as CloudTrail writes it`(row: Name) {
        let name = LogFileName(Array(row.text.utf8)[...])
        #expect(name.map { "\($0.accountId) \($0.kind) \($0.region) \($0.deliveryTime)" } == row.parts)
    }

    struct Key: Sendable, CustomTestStringConvertible {
        var text: String
        var parts: String
        var testDescription: String { text }
    }

    static let keys = [
        Key(
            text:
                "AWSLogs/111122223333/CloudTrail/us-east-2/2015/08/01/111122223333_CloudTrail_us-east-2_20150801T0210Z_Mu0.json.gz",
            parts: "'' - 111122223333 log us-east-2 2015-08-01T02:10:00Z"),
        Key(
            text: "/tmp/a/AWSLogs/o-abcde12345/111122223333/CloudTrail-Insight/us-east-2/2015/08/01/renamed.json",
            parts: "'/tmp/a' o-abcde12345 111122223333 insight us-east-2 -"),
        Key(
            text: "x/AWSLogs/111122223333/CloudTrail-Lake/Query/2024/01/31/0000/result_1.csv.gz",
            parts: "'x' - 111122223333 lake - -"),
        Key(text: "AWSLogs/111122223333/vpcflowlogs/us-east-2/a.gz", parts: "'' - 111122223333 - us-east-2 -"),
        Key(
            text: "a/111122223333_CloudTrail_us-east-2_20150801T0210Z_Mu0.json.gz",
            parts: "- - 111122223333 log us-east-2 2015-08-01T02:10:00Z"),
        Key(text: "AWSLogs", parts: "- - - - - -"), Key(text: "AWSLogs/", parts: "'' - - - - -"),
        Key(text: "", parts: "- - - - - -"),
        Key(text: "AWSLogs/b/AWSLogs/o-short/x", parts: "'AWSLogs/b' - - - - -"),
    ]

    @Test(arguments: keys) func `a key is read part by part`(row: Key) {
        let key = S3Key(Array(row.text.utf8))
        let parts = [
            key.prefix.map { "'\(String(decoding: $0, as: UTF8.self))'" }, key.organizationId, key.accountId,
            key.kind.map { "\($0)" }, key.region, key.deliveryTime.map { "\($0)" },
        ]
        #expect(parts.map { $0 ?? "-" }.joined(separator: " ") == row.parts)
    }
}
