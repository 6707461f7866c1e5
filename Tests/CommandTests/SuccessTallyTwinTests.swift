import Diagnosis
import Foundation
import GRDB
import TestSupport
import Testing

@testable import TrailStore

/// What successes prove about a group's denials, against the obvious comparison of each success with each place that was refused.
@Suite struct SuccessTallyTwinTests {
    private struct Success {
        var time, region, account, target: Int64
    }

    /// The rules as they read, for a group whose denials are one outage.
    private struct Slow {
        var same: [Success] = []
        var unplaced: [Success] = []
        var other: [Success] = []
        /// For each place the first success after its last denial.
        var healedSame: [Int64?]
        var healedUnplaced: [Int64?]
        private let places: [DenialPlace]
        private let first: Int64

        init(_ group: DenialGroup, _ successes: [Success]) {
            places = group.places
            first = Timestamp.seconds(group.firstDenial) ?? 0
            healedSame = Array(repeating: nil, count: places.count)
            healedUnplaced = healedSame
            let isAboutObjects =
                group.action.hasPrefix("s3:")
                && (group.resources + group.inferredResources).contains {
                    $0.value.contains(":::") && $0.value.contains("/")
                }
            for success in successes {
                let near = places.indices.filter {
                    places[$0].region == success.region && places[$0].account == success.account
                }
                guard !near.isEmpty else { continue }
                let tells = success.target < 0 || success.target > 0 && !isAboutObjects
                let equal = tells ? near.filter { places[$0].target == success.target } : []
                let possible = near.filter {
                    success.target == 0 || places[$0].target == 0
                        || TargetNumber.whole(success.target) == TargetNumber.whole(places[$0].target)
                }
                if !equal.isEmpty {
                    same.append(success)
                    heal(&healedSame, equal, success.time)
                } else if !possible.isEmpty {
                    unplaced.append(success)
                    heal(&healedUnplaced, possible, success.time)
                } else {
                    other.append(success)
                }
            }
        }

        private func heal(_ healed: inout [Int64?], _ indices: [Int], _ time: Int64) {
            for index in indices {
                let place = places[index]
                guard time >= place.last && time > place.first || time > place.last else { continue }
                healed[index] = min(healed[index] ?? time, time)
            }
        }

        /// What counts: successes on what was refused, and only where there are none those that may have been.
        var known: [Success] { same.isEmpty ? unplaced : same }

        var lastBefore: Int64? {
            same.map(\.time).filter { $0 <= first }.max() ?? unplaced.map(\.time).filter { $0 <= first }.max()
        }

        func since(_ successes: [Success]) -> Int { successes.count { $0.time > first } }

        var firstAfter: Int64? {
            let healed = zip(healedSame, healedUnplaced).map { $0 ?? $1 }
            return healed.contains { $0 == nil } ? nil : healed.compactMap(\.self).max()
        }
    }

    private static func successes(of group: DenialGroup, _ db: GRDB.Database) throws -> [Success] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT e.key >> 31, coalesce(e.regionID, 0), coalesce(e.accountID, 0), coalesce(e.targetID, 0)
                FROM eventRow e JOIN identity i ON i.id = e.identityID JOIN text p ON p.id = i.foldedPrincipalID
                    JOIN operation o ON o.id = e.operationID
                WHERE p.value = ? AND o.action = ? AND e.errorCodeID IS NULL AND e.errorMessage IS NULL
                    AND e.key NOT IN (SELECT key FROM denialRow)
                """, arguments: [group.principal, group.successAction]
        ).map { Success(time: $0[0], region: $0[1], account: $0[2], target: $0[3]) }
    }

    @Test func `A group's successes are what comparing one by one says`() throws {
        let store = try TrailDatabase.openForReading(SQLTests.sample.get() + "/trail403.sqlite")
        let groups = try store.reportFacts(ReportFilter(), changes: Diagnoser.changeSelection).groups
        var compared = 0
        for group in groups where group.outageStart == nil && group.outages == 1 {
            let slow = Slow(group, try store.queue.read { try Self.successes(of: group, $0) })
            #expect(group.lastSuccessBefore == slow.lastBefore.map { Timestamp.text($0) }, "\(group.id)")
            #expect(group.firstSuccessAfter == slow.firstAfter.map { Timestamp.text($0) }, "\(group.id)")
            #expect(group.successesElsewhere == slow.since(slow.other), "\(group.id)")
            #expect(group.unplacedSuccesses == slow.since(slow.unplaced), "\(group.id)")
            #expect(group.successesTellTheirResource == !slow.same.isEmpty, "\(group.id)")
            if slow.since(slow.known) > 0 { compared += 1 }
        }
        try store.close()
        #expect(compared > 2)
    }
}
