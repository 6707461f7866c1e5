import Foundation
import TrailStore

/// Hands batches from the readers to the one writer: any number of files are read at once, but they arrive in their order.
///
/// Bounded: a reader waits while the writer is behind, except that the file whose turn it is may always go on.
final class BatchQueue: @unchecked Sendable {
    // SAFETY (@unchecked): every property below is read and written with `condition` locked.
    private let condition = NSCondition()
    private var pending: [Int: [EventBatch]] = [:]
    private var pendingCount = 0
    private var currentFile = 0
    /// Whether a batch of the current file has been received.
    private var isWithinFile = false
    private var nextFile = 0
    private let fileCount: Int
    private var spare: [EventBatch] = []
    private var isStopped = false

    /// The last of several readers. Where every processor has a reader, the writer gets one to itself only while this one waits.
    private let sharer: Int?
    /// Batches that may wait for their turn, and of those that may wait for the file whose turn it is.
    private let limit: Int
    private let currentLimit = 8
    /// Of those that wait for their turn as many as give the writer enough to do for now: the ``sharer`` waits for room among these.
    private var sharerLimit: Int { limit / 8 }
    /// Events of a group.
    private let eventsTogether: Int
    /// Stored bytes of each file and of those after it; `nil` where one of them has no known size.
    private let bytesFrom: [Int?]
    /// Events received so far.
    private var events = 0

    /// The ingest was told to stop.
    struct Stopped: Error {}

    /// A queue for files of these stored sizes in bytes; `nil` where a size is not known.
    init(sizes: [Int?], readers: Int, eventsTogether: Int) {
        fileCount = sizes.count
        var bytes: Int? = 0
        var bytesFrom: [Int?] = []
        for size in sizes.reversed() {
            if let known = bytes, let size { bytes = known + size } else { bytes = nil }
            bytesFrom.append(bytes)
        }
        self.bytesFrom = bytesFrom.reversed()
        sharer = readers > 1 ? readers - 1 : nil
        // A batch has about half a megabyte.
        limit = 8 * readers
        self.eventsTogether = eventsTogether
    }

    /// The next file for a reader to take, in order; `nil` when all are taken.
    func claimFile() -> Int? {
        condition.withLock {
            guard !isStopped, nextFile < fileCount else { return nil }
            nextFile += 1
            return nextFile - 1
        }
    }

    /// An empty batch, one that the writer is done with where there is one.
    func emptyBatch() -> EventBatch {
        condition.withLock { spare.popLast() } ?? EventBatch()
    }

    /// Gives a batch back for its memory.
    func recycle(_ batch: consuming EventBatch) {
        batch.removeAll()
        // A batch that grew for one huge record would keep that memory for good.
        guard batch.bytes.capacity < 8 << 20 else { return }
        let emptied = batch
        condition.withLock {
            if spare.count < limit { spare.append(emptied) }
        }
    }

    /// Hands over a batch; waits while too many are pending.
    func send(_ batch: consuming EventBatch) throws(Stopped) {
        let sent = batch
        condition.lock()
        defer { condition.unlock() }
        while !isStopped, !hasRoom(for: sent.fileIndex, of: sent.reader) { condition.wait() }
        guard !isStopped else { throw Stopped() }
        pending[sent.fileIndex, default: []].append(sent)
        pendingCount += 1
        condition.broadcast()
    }

    private func hasRoom(for file: Int, of reader: Int) -> Bool {
        if file == currentFile { return pending[file, default: []].count < currentLimit }
        return pendingCount < (reader == sharer ? sharerLimit : limit)
    }

    /// Whether the last file's last batch was received.
    var isDrained: Bool { condition.withLock { currentFile >= fileCount } }

    /// The next batches in order, as many as are written together; waits for them. None after the last file's last batch, and what
    /// there is once `mustStop` is true, which is asked ten times a second: a reader may be waiting for a pipe that nobody writes to.
    func receive(unless mustStop: () -> Bool) -> [EventBatch] {
        condition.lock()
        defer { condition.unlock() }
        var group = BatchGroup(events: eventsOfNextGroup, beginsInFile: isWithinFile)
        while !group.isComplete, currentFile < fileCount {
            while pending[currentFile, default: []].isEmpty {
                if mustStop() { return group.batches }
                _ = condition.wait(until: Date(timeIntervalSinceNow: 0.1))
            }
            if let next = pending[currentFile]?.first, !group.batches.isEmpty, !group.takes(next) { break }
            guard let batch = pending[currentFile]?.removeFirst() else { break }
            pendingCount -= 1
            isWithinFile = batch.outcome == nil
            if !isWithinFile {
                pending[currentFile] = nil
                currentFile += 1
            }
            events += batch.events.count
            group.append(batch)
            condition.broadcast()
        }
        return group.batches
    }

    /// The events of the next group: towards the end as many as are left by what the files before had in a byte, so that the last group
    /// is small. While it is written, no reader has anything to do.
    private var eventsOfNextGroup: Int {
        guard currentFile < fileCount, let all = bytesFrom[0], let left = bytesFrom[currentFile], all > left else {
            return eventsTogether
        }
        let expected = Double(events) * Double(left) / Double(all - left)
        return min(eventsTogether, max(Self.leastTogether, Int(min(expected, Double(eventsTogether)))))
    }

    /// Events for which the order of the keys does not yet pay.
    private static let leastTogether = 1000

    /// Makes every reader give up at its next batch.
    func stop() {
        condition.withLock {
            isStopped = true
            condition.broadcast()
        }
    }
}
