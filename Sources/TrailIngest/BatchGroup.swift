import TrailStore

/// Batches that are written together: the rows of several files in the order of their keys meet each page of a table once.
///
/// Where a group ends depends on the batches alone, never on who was faster.
struct BatchGroup {
    private(set) var batches: [EventBatch] = []
    private(set) var isComplete = false
    /// Whether the group begins within a file. That file's end ends the group, so that the writer can commit now and then.
    private let beginsInFile: Bool
    private var events = 0
    private var bytes = 0
    private var generations: [Int: Int] = [:]

    /// Events after which the group is complete, and half as many at the end of a file.
    private let maximumEvents: Int
    private static let maximumBytes = 8 << 20
    private static let maximumBatches = 64

    /// An empty group, to be complete with so many events.
    init(events: Int, beginsInFile: Bool) {
        maximumEvents = events
        self.beginsInFile = beginsInFile
    }

    /// Whether a batch may be written together with those before it.
    func takes(_ batch: borrowing EventBatch) -> Bool {
        // A file that may be a copy is compared with what is known of the files before it, and what a reader's numbers stand for is
        // known of one generation.
        batch.sha256BeforeReading == nil && generations[batch.reader, default: batch.generation] == batch.generation
    }

    mutating func append(_ batch: consuming EventBatch) {
        events += batch.events.count
        bytes += batch.bytes.count
        generations[batch.reader] = batch.generation
        let isFull = events >= maximumEvents || bytes >= Self.maximumBytes
        isComplete = isFull || batches.count + 1 >= Self.maximumBatches || !batch.companions.isEmpty
        if let outcome = batch.outcome {
            // The number of a file that leaves nothing is the next one's.
            isComplete = isComplete || beginsInFile || events >= maximumEvents / 2 || outcome.isNothing
        }
        batches.append(batch)
    }
}
