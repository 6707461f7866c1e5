import Foundation
import TrailStore

/// Brings what was written to where it stays, on a thread of its own while the writer goes on: by checkpoints of the log, or where
/// there is none by syncs of the file.
///
/// The log starts from its beginning again only when a transaction begins after all of it was moved, which a writer without
/// pauses never lets happen: so where the log has become long, the writer waits once.
final class CheckpointThread: @unchecked Sendable {
    // SAFETY (@unchecked): every property below is read and written with `condition` locked.
    private let condition = NSCondition()
    private var isWanted = false
    private var isAtWork = false
    private var isStopped = false
    private var thread: Thread?
    private var pagesInLog = 0

    private let database: TrailDatabase

    /// Pages in the log above which the writer waits: 256 MB.
    private static let maximumPages = 16_384

    init(for database: TrailDatabase) { self.database = database }

    /// Asks for a checkpoint of what has been committed, or a sync. Waits for it where the log is long.
    func request() {
        condition.withLock {
            isWanted = true
            if thread == nil {
                let started = Thread { self.work() }
                started.name = "checkpoint"
                thread = started
                started.start()
            }
            condition.broadcast()
            if pagesInLog > Self.maximumPages {
                while isWanted || isAtWork { condition.wait() }
                // The next transaction starts the log again, unless a reader still needs it: the next checkpoint tells.
                pagesInLog = 0
            }
        }
    }

    /// Ends the thread, after what it is at.
    func stop() {
        condition.withLock {
            isStopped = true
            condition.broadcast()
            while thread != nil { condition.wait() }
        }
    }

    private func work() {
        var checkpointer: Checkpointer?
        while beginNext() {
            guard database.hasLog else {
                database.syncUnfinished()
                continue
            }
            // What fails here has failed for nobody: the pages stay in the log. A disk that is full or broken stops the writer, or
            // the checkpoint that ends the ingest, and that is told.
            do {
                let opened = try checkpointer ?? Checkpointer(for: database)
                checkpointer = opened
                let pages = try opened.checkpoint()
                condition.withLock { pagesInLog = pages }
            } catch let fault {
                _ = fault
            }
        }
        do { try checkpointer?.close() } catch let fault { _ = fault }
        condition.withLock {
            thread = nil
            condition.broadcast()
        }
    }

    /// Waits for a request; false when there will be none.
    private func beginNext() -> Bool {
        condition.withLock {
            isAtWork = false
            condition.broadcast()
            while !isWanted, !isStopped { condition.wait() }
            guard !isStopped else { return false }
            isWanted = false
            isAtWork = true
            return true
        }
    }
}
