import CloudTrail
import Foundation
import TestSupport
import Testing
import TrailIngest
import TrailStore

/// Records that correct or complete what another said of the same event: one row is left, whatever the order.
@Suite struct AddendumTests {
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 16 ^ state << 32
        }
    }

    static let queries = [
        "SELECT eventID, eventTime, eventName, principal, errorCode, errorMessage, requestID, record FROM event ORDER BY eventID",
        "SELECT eventID, principal, action, reason FROM denial ORDER BY eventID",
        "SELECT * FROM denialGroup ORDER BY id",
        "SELECT eventID, actor, target FROM permissionChange ORDER BY eventID",
        """
        SELECT p.value, o.eventName, u.events, u.successes, u.denials, u.firstSuccess, u.lastSuccess FROM usage u
            LEFT JOIN text p ON p.id = u.principalID LEFT JOIN operation o ON o.id = u.operationID ORDER BY 1, 2
        """,
        "SELECT a.hour, v.value, a.events FROM activity a LEFT JOIN text v ON v.id = a.eventVersionID ORDER BY 1, 2",
        "SELECT sum(records), sum(stored), sum(duplicates), sum(skipped) FROM logFile",
        "SELECT eventID, addendumEventID FROM correction ORDER BY 1",
    ]

    /// An addendum to event `number` with an eventID of its own.
    static func addendum(_ record: String, of number: Int, as own: Int, reason: String = "UPDATED_DATA")
        -> String
    {
        record.replacingOccurrences(
            of: "\"eventID\":\"\(Record.id(number))\"", with: "\"eventID\":\"\(Record.id(own))\""
        )
        .replacingOccurrences(of: "\"requestID\":\"r-\(number)\"", with: "\"requestID\":\"other-\(own)\"")
        .dropLast()
            + ",\"addendum\":{\"reason\":\"\(reason)\",\"updatedFields\":\"errorCode, errorMessage\",\"originalRequestID\":\"r-\(number)\",\"originalEventID\":\"\(Record.id(number))\"}}"
    }

    /// Ingests each list of texts as the files of one run, one run after the other, and gives the rows of every query.
    private static func rows(_ runs: [[String]]) throws -> [[[SQLValue]]] {
        try rows(runs.map { $0.map { Array($0.utf8) } })
    }

    private static func rows(_ runs: [[[UInt8]]]) throws -> [[[SQLValue]]] {
        let folder = try ScratchFolder()
        for (run, files) in runs.enumerated() {
            for (index, bytes) in files.enumerated() { try folder.write("\(run)/\(100 + index).json", bytes) }
            let database = try TrailDatabase.openForWriting(folder.path("t.sqlite"))
            _ = try Ingest(now: { 1_795_000_000 }).run(Ingest.plan([folder.path("\(run)")]), into: database)
            try database.close()
        }
        return try queries.map { try queried($0, folder) }
    }

    @Test func `An addendum corrects the earlier event, whatever the order`() throws {
        let success = Record.success(7)
        let denied = Self.addendum(Record.denied(7), of: 7, as: 900)
        let others = [Record.success(5), Record.success(9), Record.denied(8)]
        let expected = try Self.rows([[Record.file([success] + others + [denied])]])
        #expect(expected[0].count == 4)
        #expect(expected[1].map { $0[0] } == [.text(Record.id(7)), .text(Record.id(8))])
        #expect(
            expected[4][0][2...] == [
                .integer(4), .integer(2), .integer(2), .integer(1_793_491_205), .integer(1_793_491_209),
            ])
        #expect(expected[6] == [[.integer(5), .integer(4), .integer(1), .integer(0)]])
        for runs in [
            [[Record.file([denied] + others + [success])]],
            [[Record.file([success] + others), denied]],
            [[denied, Record.file([success] + others)]],
            [[Record.file([success] + others)], [denied]],
            [[denied], [Record.file(others)], [success]],
        ] {
            #expect(try Self.rows(runs) == expected)
        }
    }

    @Test func `The only success that turns out to be a denial leaves no success behind`() throws {
        let denied = Self.addendum(Record.denied(7), of: 7, as: 900)
        let expected = try Self.rows([[Record.success(7)], [denied]])
        #expect(expected[4][0][2...] == [.integer(1), .integer(0), .integer(1), .null, .null])
        #expect(try Self.rows([[denied], [Record.success(7)]]) == expected)
    }

    @Test func `An addendum of another time takes the event's place as well`() throws {
        let late = Self.addendum(Record.denied(7, second: 4000), of: 7, as: 900)
        let expected = try Self.rows([[Record.file([Record.success(7), Record.success(8), late])]])
        #expect(expected[0].count == 2)
        #expect(expected[0][0][1] == .text(Record.time(4000)))
        #expect(expected[6] == [[.integer(3), .integer(2), .integer(1), .integer(0)]])
        for runs in [
            [[late, Record.success(8), Record.success(7)]], [[Record.success(7)], [Record.success(8)], [late]],
            [[late], [Record.file([Record.success(8), Record.success(7)])]],
        ] {
            #expect(try Self.rows(runs) == expected)
        }
    }

    @Test func `Of two addenda the same one wins in every order, and copies change nothing`() throws {
        let texts = [
            Record.success(7), Self.addendum(Record.denied(7), of: 7, as: 900),
            Self.addendum(Record.denied(7, action: "mobiletargeting:GetApp"), of: 7, as: 901),
            Self.addendum(Record.denied(7), of: 7, as: 900), Record.success(8), Record.detach(9),
        ]
        let expected = try Self.rows([[texts.joined(separator: "\n")]])
        #expect(expected[1].map { $0[2] } == [.text("mobiletargeting:GetApp")])
        var random = Seeded(state: 1)
        for _ in 0..<10 {
            let shuffled = texts.shuffled(using: &random)
            let cut = Int.random(in: 1..<texts.count, using: &random)
            #expect(
                try Self.rows([[shuffled[..<cut].joined(separator: "\n")], [shuffled[cut...].joined(separator: "\n")]])
                    == expected)
        }
    }

    @Test(arguments: ["DELIVERY_DELAY", "SERVICE_OUTAGE"])
    func `An addendum that is merely late is an event of its own`(reason: String) throws {
        let late = Self.addendum(Record.denied(7), of: 7, as: 900, reason: reason)
        let found = try Self.rows([[Record.success(7)], [late]])
        #expect(found[0].count == 2 && found[7].isEmpty)
    }

    @Test func `A row of the event history gives way to the same event from elsewhere`() throws {
        let history =
            "User name,AWS access key,Event time,Event source,Event name,AWS region,Source IP address,User agent,Error code,"
            + "Resources,Request ID,Event ID,Read-only,Event type,Recipient Account Id,Event category\n"
            + ",ASIAEXAMPLE,\(Record.time(7)),pinpoint.amazonaws.com,SendMessages,us-east-1,192.0.2.1,aws-sdk,AccessDenied,[],r-7,"
            + "\(Record.id(7)),false,AwsApiCall,111122223333,Data\n"
        let records = Record.file([Record.denied(7), Record.success(8)])
        let expected = try Self.rows([[records], [history]])
        #expect(expected[1].map { $0[3] } == [.text("missing-allow:identity-based")])
        #expect(try Self.rows([[history], [records]]) == expected)
        #expect(try Self.rows([[history, records]]) == expected)
    }

    @Test(arguments: [UInt64](1...6))
    func `Splits into files, gzip members and containers, and their order, change no row`(seed: UInt64) throws {
        var random = Seeded(state: seed)
        let records = (0..<120).map { number in
            number % 17 == 3
                ? Self.addendum(Record.denied(number - 1), of: number - 1, as: 5000 + number)
                : number % 4 == 0
                    ? Record.denied(number) : number % 11 == 0 ? Record.detach(number) : Record.success(number)
        }
        let expected = try Self.rows([[Record.file(records)]])
        var rest = records.shuffled(using: &random)[...]
        var files: [String] = []
        while !rest.isEmpty {
            let part = Array(rest.prefix(Int.random(in: 1...25, using: &random)))
            rest = rest.dropFirst(part.count)
            let literals = part.map { "\"" + $0.replacingOccurrences(of: "\"", with: "\\\"") + "\"" }
            switch Int.random(in: 0..<8, using: &random) {
            case 0: files.append(Record.file(part))
            case 1: files.append("[" + part.joined(separator: ",") + "]")
            case 2: files.append(part.joined(separator: "\r\n"))
            case 3: files.append(part.joined())
            case 4:
                files.append(
                    "{\"Events\":[" + literals.map { "{\"CloudTrailEvent\":\($0)}" }.joined(separator: ",") + "]}")
            case 5:
                files.append(
                    part.map { "{\"detail-type\":\"AWS API Call via CloudTrail\",\"detail\":\($0)}" }.joined(
                        separator: "\n"))
            case 6:
                files.append("{\"logEvents\":[" + literals.map { "{\"message\":\($0)}" }.joined(separator: ",") + "]}")
            default:
                files.append(literals.map { "{\"Type\":\"Notification\",\"Message\":\($0)}" }.joined(separator: "\n"))
            }
        }
        let stored = files.map { Self.stored(Array($0.utf8), &random) }
        let cut = Int.random(in: 0...stored.count, using: &random)
        #expect(try Self.rows([Array(stored[..<cut]), Array(stored[cut...])].filter { !$0.isEmpty }) == expected)
    }

    /// A file's bytes as they are, or as one to five gzip members, cut anywhere.
    private static func stored(_ bytes: [UInt8], _ random: inout Seeded) -> [UInt8] {
        guard Bool.random(using: &random) else { return bytes }
        var cuts = [0, bytes.count]
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            cuts.append(Int.random(in: 0...bytes.count, using: &random))
        }
        cuts.sort()
        return zip(cuts, cuts.dropFirst()).flatMap { gzipMember(Array(bytes[$0..<$1])) }
    }
}
