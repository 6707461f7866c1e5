import CloudTrail
import Foundation
import Testing
import TrailStore

@testable import TrailIngest

/// How many events the writer is given at once.
@Suite struct BatchQueueTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        /// The stored size of each file, in bytes; `nil` where it is not known.
        var size: Int?
        /// Events of the groups, of 40 files of 1000 events each.
        var groups: [Int]
        var testDescription: String { name }
    }

    static let rows = [
        // What is left grows smaller, and so do the groups; the last ones are single files.
        Row(name: "sizes are known", size: 100, groups: [8000, 8000, 8000, 8000, 4000, 2000, 1000, 1000]),
        Row(name: "sizes are not known", size: nil, groups: [8000, 8000, 8000, 8000, 8000]),
    ]

    @Test(arguments: rows) func `Groups grow smaller towards the end, where the sizes tell it`(_ row: Row) {
        let queue = BatchQueue(
            sizes: [Int?](repeating: row.size, count: 40), readers: 1, eventsTogether: 16_000)
        let sender = Thread {
            while let file = queue.claimFile() {
                var batch = queue.emptyBatch()
                batch.fileIndex = file
                batch.events = [PackedEvent](repeating: PackedEvent(), count: 1000)
                batch.outcome = LogFileOutcome(
                    kind: .cloudTrail, records: 1000, skipped: 0, issues: [], sha256: nil, size: row.size,
                    uncompressedSize: 0, modificationTime: nil)
                do { try queue.send(batch) } catch { return }
            }
        }
        sender.start()
        var groups: [Int] = []
        while case let group = queue.receive(unless: { false }), !group.isEmpty {
            groups.append(group.reduce(0) { $0 + $1.events.count })
        }
        #expect(groups == row.groups)
        #expect(groups.reduce(0, +) == 40_000)
    }
}
