import Foundation
import TestSupport
import Testing

/// What a report tallies in passes over numbers is what plain SQL counts over the view `denial`.
@Suite struct DenialScanTwinTests {
    struct Filter: Sendable, CustomTestStringConvertible {
        var options: [String]
        /// The same as SQL.
        var condition: String
        var testDescription: String { options.isEmpty ? "everything" : options.joined(separator: " ") }
    }

    static let filters = [
        Filter(options: [], condition: "TRUE"),
        Filter(
            options: ["--from", "2026-11-12T14:00:00Z", "--to", "2026-11-14T00:00:00Z"],
            condition: "eventTime BETWEEN '2026-11-12T14:00:00Z' AND '2026-11-14T00:00:00Z'"),
        Filter(options: ["--region", "us-west-2"], condition: "awsRegion = 'us-west-2'"),
        Filter(options: ["--principal", "*otp*"], condition: "principal LIKE '%otp%'"),
        Filter(options: ["--action", "mobiletargeting:*"], condition: "action LIKE 'mobiletargeting:%'"),
        Filter(options: ["--reason", "explicit-deny*"], condition: "reason LIKE 'explicit-deny%'"),
    ]

    private struct Report: Decodable {
        struct Group: Decodable {
            struct Resource: Decodable {
                var resource: String
                var denials: Int
            }
            struct Day: Decodable {
                var date: String
                var denials: Int
            }
            var id: String
            var denials: Int
            var firstSeen: String
            var lastSeen: String
            var resources: [Resource]
            var sourceIPAddresses: [String]
            var userAgents: [String]
            var regions: [String]
            var accounts: [String]
            var days: [Day]
            var layer: String?
        }
        var groups: [Group]
    }

    private struct Row: Decodable {
        var denialGroupID: String
        var eventTime: String
        var resource: String?
        var sourceIPAddress: String?
        var userAgent: String?
        var awsRegion: String?
        var accountId: String?
    }

    @Test(arguments: filters) func `A report counts what SQL counts`(_ filter: Filter) throws {
        let folder = try SQLTests.sample.get()
        let run = try Program.run(
            ["report", "--service", "all", "--include-aws-services", "--json"] + filter.options, in: folder)
        let report = try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
        let rows = try Program.run(
            [
                "sql", "--format", "jsonl",
                """
                SELECT denialGroupID, eventTime, resource, sourceIPAddress, userAgent, awsRegion, accountId
                FROM denial WHERE NOT isCopy AND \(filter.condition) ORDER BY eventTime
                """,
            ], in: folder
        ).output.split(separator: "\n").map { try JSONDecoder().decode(Row.self, from: Data($0.utf8)) }
        let groups = Dictionary(grouping: rows, by: \.denialGroupID)
        // What only other logs hold is no row of CloudTrail's.
        let recorded = report.groups.filter { $0.layer == nil }
        #expect(!groups.isEmpty && Set(recorded.map(\.id)) == Set(groups.keys))
        for group in recorded {
            let denials = groups[group.id] ?? []
            func values(_ key: (Row) -> String?) -> [String: Int] {
                denials.compactMap(key).reduce(into: [:]) { $0[$1, default: 0] += 1 }
            }
            #expect(group.denials == denials.count)
            #expect(group.firstSeen == denials.first?.eventTime && group.lastSeen == denials.last?.eventTime)
            let resources = Dictionary(uniqueKeysWithValues: group.resources.map { ($0.resource, $0.denials) })
            // A list tells its fifty most frequent values.
            if resources.count < 50 { #expect(resources == values(\.resource)) }
            let days = Dictionary(uniqueKeysWithValues: group.days.map { ($0.date, $0.denials) })
            #expect(days == values { String($0.eventTime.prefix(10)) })
            #expect(Set(group.regions) == Set(values(\.awsRegion).keys))
            #expect(Set(group.accounts) == Set(values(\.accountId).keys))
            if group.sourceIPAddresses.count < 50 {
                #expect(Set(group.sourceIPAddresses) == Set(values(\.sourceIPAddress).keys))
            }
            if group.userAgents.count < 50 { #expect(Set(group.userAgents) == Set(values(\.userAgent).keys)) }
        }
    }
}
