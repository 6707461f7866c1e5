import GRDB

/// Writes batches of events into the database: the single writer of an ingest.
///
/// A log file's events, its issues and its counts commit in one transaction; several small files share one. The writer holds
/// what the readers' small numbers stand for, and keeps the roll-ups (`usage`, `activity`) from which reports are answered
/// without reading every event.
package final class EventWriter {
    /// What to write of raw records is decided by the readers; the writer stores what it is given.
    let database: TrailDatabase
    let ingestedAt: String
    /// What is stored once and referred to by number.
    let dictionaries = Dictionaries()
    /// The groups met most recently.
    var groupIDs: [GroupKey: Int64] = [:]
    /// By principal, operation, Region and account.
    var usage = RollUp(zero: UsageCount())
    /// By hour, Region, account and eventVersion.
    var activity = RollUp(zero: Int64(0))
    /// What addenda have corrected, and which rows a fuller one may replace.
    var replacements: Replacements?
    /// Joins forms of one event that each tell a part of it.
    let joiner: (any FormJoining)?
    private var isInTransaction = false
    var rowsInTransaction = 0
    /// The log file whose events are being written.
    var current: CurrentFile?
    /// Whether rows of logs beside CloudTrail's were written.
    var hasCompanions = false
    /// Rows of `otherFile`, once they were counted.
    var otherFiles: Int?
    /// The first row of `logFile` that this writer made.
    var firstFileID = Int64.max

    /// Rows after which the next whole file ends the transaction.
    private let rowsPerTransaction = 100_000
    /// Groups after which ``groupIDs`` is emptied: their keys are three texts, and most are met once.
    let groupLimit = 10_000

    /// What became of one log file.
    package struct FileResult: Sendable {
        package var stored = 0
        package var duplicates = 0
        package var denials = 0
        /// The same bytes are already in, under another path.
        package var isKnownContent = false
        /// And that was a file of the same ingest.
        package var isCopy = false
    }

    /// What tells groups apart.
    struct GroupKey: Hashable {
        var principal: ByteText
        var action: ByteText
        var reason: String

        init(principal: String, action: String, reason: String) {
            self.principal = ByteText(principal)
            self.action = ByteText(action)
            self.reason = reason
        }
    }

    /// A row of `usage`.
    struct UsageCount {
        var events: Int64 = 0
        var successes: Int64 = 0
        var denials: Int64 = 0
        var firstSuccess = Int64.max
        var lastSuccess = Int64.min
    }

    /// The log file whose events are being written.
    struct CurrentFile {
        var index: Int
        var id: Int64
        var result = FileResult()
        /// Events that an earlier reading of the same file had stored.
        var moved = 0
    }

    /// A writer into `database`.
    ///
    /// - Parameters:
    ///   - ingestedAt: the time that `logFile` rows bear, ISO 8601 UTC.
    ///   - joiner: joins forms of one event that each tell a part of it; without one the form that came first is kept.
    package init(database: TrailDatabase, ingestedAt: String, joiner: (any FormJoining)? = nil) {
        self.joiner = joiner
        self.database = database
        self.ingestedAt = ingestedAt
    }

    /// Writes batches together; returns for each its file's result with the last batch of it, `nil` before.
    ///
    /// Batches of one file come one after the other, files in their order. What a reader's numbers stand for must not begin anew within a
    /// group, nor a file come that may be a copy of one that ends in it.
    ///
    /// - Parameter path: tells the path of a file by its ``EventBatch/fileIndex``.
    package func write(_ group: [EventBatch], path: (Int) -> String) throws -> [FileResult?] {
        try database.mapErrors {
            try database.queue.writeWithoutTransaction { db in
                if !isInTransaction {
                    try db.beginTransaction(.immediate)
                    isInTransaction = true
                }
                if replacements == nil { replacements = try Replacements(db) }
                // All files are begun before the rows of any are inserted.
                var begun: [CurrentFile] = []
                for batch in group {
                    try dictionaries.learn(batch, db)
                    if let file = begun.last ?? current, file.index == batch.fileIndex {
                        begun.append(file)
                    } else {
                        begun.append(try begin(batch, path: path(batch.fileIndex), db))
                    }
                }
                let areIn = try insertTogether(group, begun, db)
                var results: [FileResult?] = []
                for (index, batch) in group.enumerated() {
                    if current?.index != batch.fileIndex { current = begun[index] }
                    if current?.result.isKnownContent == false {
                        try insertEvents(batch, areIn: areIn[index], db)
                        try insertCompanions(batch, db)
                    }
                    let path = path(batch.fileIndex)
                    results.append(try batch.outcome.map { try end($0, path: path, db) })
                }
                // Of a file that goes on in the next group rows are in.
                if current == nil, rowsInTransaction >= rowsPerTransaction { try commit(db) }
                return results
            }
        }
    }

    /// Commits what has been written.
    package func finish() throws {
        try database.mapErrors {
            try database.queue.writeWithoutTransaction { db in
                if isInTransaction { try commit(db) }
                try db.inTransaction(.immediate) {
                    try CompanionLinks.make(db)
                    return .commit
                }
            }
        }
    }

    /// Whether everything that was written is in the database for good.
    package var isCommitted: Bool { !isInTransaction }

    /// Undoes everything since the last commit. The writer cannot be used afterwards.
    package func rollback() throws {
        guard isInTransaction else { return }
        isInTransaction = false
        try database.mapErrors { try database.queue.writeWithoutTransaction { try $0.rollback() } }
    }

    private func commit(_ db: Database) throws {
        try removeOriginals(db)
        try removeVagueForms(db)
        try writeRollUps(db)
        try recount(db)
        try dropEmptiedGroups(db)
        try db.commit()
        isInTransaction = false
        rowsInTransaction = 0
    }
}
