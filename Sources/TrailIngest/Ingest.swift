public import CloudTrail
package import CompanionLogs
public import Foundation
public import TrailStore

/// Reads log files into a database: readers that inflate, scan and pack, and one writer.
public struct Ingest: Sendable {
    /// How to read and what to keep.
    public struct Options: Sendable {
        /// Which raw records the database keeps.
        public var keptRecords: KeptRecords = [.denied, .changes]
        /// How many files are read at once; 0 for as many as there are processors.
        public var readers = 0
        /// Inflated bytes per stored byte above which a file is taken for a gzip bomb.
        public var maximumRatio = LogFileSource.Limits().maximumRatio
        /// Bytes that one record may have.
        public var maximumRecordBytes = ReaderLimits().maximumRecordBytes
        /// What the database calls the folders that are read instead of their own path, such as `s3://bucket/`; `nil` for the path.
        public var pathPrefix: String?
        /// Bits of a hash of the eventID that tell events of one second apart; fewer for tests alone.
        package var keyHashBits = Schema.keyHashBits
        /// Events whose rows are written together; fewer for tests alone.
        package var eventsTogether = 16_000

        /// The format of API Gateway's access log, where the user gave it.
        package var gatewayFormat: GatewayFormat?

        /// The defaults.
        public init() {}
    }

    /// How far an ingest has come.
    public struct Progress: Sendable {
        /// Files done and files to do.
        public var files = 0
        /// Files to do.
        public var allFiles = 0
        /// Bytes on disk of the files done and of all.
        public var bytes = 0
        /// Bytes of all files.
        public var allBytes = 0
        /// How many records were read.
        public var records = 0
    }

    /// What an ingest did.
    public struct Summary: Sendable {
        /// Log files read.
        public var files = 0
        /// Files left out because they were in before: the same path, size and modification time, or the same bytes.
        public var unchangedFiles = 0
        /// Of those the files whose bytes are in under another path.
        public var movedFiles = 0
        /// Files left out because another file of the same ingest has the same bytes.
        public var copiedFiles = 0
        /// Files that were found below a folder and are no log files.
        public var otherFiles = 0
        /// Of those the first few that bear a log file's name, or lie where log files do: path and what they look like.
        public var namedLikeLogs: [OtherFile] = []

        /// A file that is no log file.
        public struct OtherFile: Sendable {
            /// As the database remembers it.
            public var path: String
            /// What it looks like, in a few words.
            public var looksLike: String
        }

        /// How many such files are named.
        public static let maximumNamed = 3
        /// How many records were read.
        public var records = 0
        /// Events that are new.
        public var stored = 0
        /// Records of events that were stored before.
        public var duplicates = 0
        /// Records that were not taken for events.
        public var skipped = 0
        /// How many denials.
        public var denials = 0
        /// What was skipped or repaired; the first ``maximumIssues`` of a run, and of each file after that one for each code.
        public var issues: [IngestIssue] = []

        /// Issues of a run that are kept one by one.
        public static let maximumIssues = 100_000
        /// Whether it was told to stop before its end; what it counts is in the database.
        public var wasInterrupted = false

        /// Nothing done.
        public init() {}
    }

    /// A path that the user named leads nowhere, or to nothing that could be a log file.
    public struct InputError: Error, Sendable, CustomStringConvertible {
        /// One line for people.
        public let description: String
    }

    private let options: Options
    private let now: @Sendable () -> Int64

    /// An ingest with these options; `now` gives seconds since 1970 for the `ingestedAt` of the files.
    public init(
        options: Options = Options(), now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }
    ) {
        self.options = options
        self.now = now
    }

    /// Files to read, found before anything is written.
    public struct Plan: Sendable {
        let files: [FoundFile]
        let archives: [LogFilePath]
        let issues: [IngestIssue]
        /// The paths that were named.
        let roots: [String]
        /// Whether digest files are among them: then the log files are CloudTrail's own, which have one gzip member each.
        var hasDigests: Bool { files.contains { DigestName(String(decoding: $0.name, as: UTF8.self)) != nil } }

        /// Whether reading takes seconds and not minutes, at some forty megabytes a second: nobody needs to look into a new database
        /// before all of it is there.
        public var isShort: Bool {
            files.allSatisfy(\.isStored) && files.reduce(0) { $0 + $1.size } <= 1 << 30
        }

        /// Whether there is nothing to read.
        public var isEmpty: Bool { files.isEmpty && issues.isEmpty }
    }

    /// Finds the files at and below `paths`; `-` is standard input.
    ///
    /// - Parameter maximumRatio: times its size that a compressed archive may have inside.
    /// - Throws: ``InputError`` for a path where there is nothing.
    public static func plan(_ paths: [String], maximumRatio: Int = Options().maximumRatio) throws -> Plan {
        let findings: LogFileFinder.Findings
        do throws(PathError) {
            findings = try LogFileFinder.find(
                paths.map { LogFilePath($0) }, limits: LogFileSource.Limits(maximumRatio: maximumRatio))
        } catch {
            throw InputError(description: error.description)
        }
        return Plan(
            files: findings.files, archives: findings.archives, issues: findings.issues,
            roots: paths.map { LogFilePath($0).displayName })
    }

    /// The paths under which the database remembers what is found at and below `paths`; none for standard input.
    public static func roots(_ paths: [String]) -> [String] {
        let folder = displayName(FileManager.default.currentDirectoryPath)
        return paths.filter { $0 != "-" }.map { absolute(displayName($0), folder: folder, isFile: true) }
    }

    /// Reads the files of `plan` into `database`.
    ///
    /// - Parameters:
    ///   - progress: called for each batch that was written, on the calling thread.
    ///   - mustStop: asked after each group of batches; true ends the ingest with the last whole file.
    /// - Throws: `StoreError` where the database cannot be written; what was committed before stays.
    public func run(
        _ plan: Plan, into database: TrailDatabase, progress: (Progress) -> Void = { _ in },
        mustStop: @Sendable () -> Bool = { false }
    ) throws -> Summary {
        var summary = Summary()
        let known = try database.knownFiles(
            maximumRatio: options.maximumRatio, maximumRecordBytes: options.maximumRecordBytes)
        let folder = displayName(FileManager.default.currentDirectoryPath)
        let names = StoredPaths(prefix: options.pathPrefix, roots: plan.roots, folder: folder)
        func stored(_ path: String, isFile: Bool = true) -> String { names.name(of: path, isFile: isFile) }
        var files: [PlannedFile] = []
        var sizes: [Int: Int] = [:]
        for found in plan.files {
            let path = stored(found.displayPath, isFile: found.isStored)
            if found.isStored,
                known.contains(path: path, size: found.size, modificationTime: found.modifiedNanoseconds)
            {
                summary.unchangedFiles += 1
                continue
            }
            files.append(PlannedFile(found: found, path: path, isSizeKnown: false))
            sizes[found.size, default: 0] += 1
        }
        let hasDigests = plan.hasDigests
        for index in files.indices where files[index].found.isStored {
            files[index].hasOneMember = hasDigests && LogFileName(files[index].found.name) != nil
            let size = files[index].found.size
            let isReadAgain = known.containsLimited(
                path: files[index].path, size: size, modificationTime: files[index].found.modifiedNanoseconds)
            files[index].isSizeKnown = !isReadAgain && (known.contains(size: size) || (sizes[size] ?? 0) > 1)
        }

        let writer = EventWriter(
            database: database, ingestedAt: Timestamp.text(now()), joiner: FormJoiner(options: options))
        try writer.forgetIssues(
            ofFoldersAbove: plan.files.lazy.map { stored($0.displayPath) })
        try writer.forgetIssues(
            ofArchives: plan.archives.map { stored($0.displayName) })
        for var issue in plan.issues {
            issue.location.file = issue.location.file.map { stored($0) }
            try writer.record(issue)
            summary.issues.append(issue)
        }
        var state = Progress()
        state.allFiles = files.count
        state.allBytes = files.reduce(0) { $0 + $1.found.size }

        let readers = max(
            1, min(files.count, options.readers > 0 ? options.readers : ProcessInfo.processInfo.activeProcessorCount))
        let queue = BatchQueue(
            sizes: files.map { $0.found.isStored ? $0.found.size : nil }, readers: readers,
            eventsTogether: options.eventsTogether)
        let threads = (0..<readers).map { index in
            let reader = LogFileReader(index: index, files: files, queue: queue, options: options)
            let thread = Thread { reader.run() }
            thread.stackSize = 8 << 20
            thread.name = "reader \(index)"
            return thread
        }
        for thread in threads { thread.start() }
        let checkpoints = CheckpointThread(for: database)
        defer {
            queue.stop()
            checkpoints.stop()
        }
        do {
            // What the database holds for good.
            var committed = summary
            var isFileDone = true
            while true {
                var group = queue.receive(unless: mustStop)
                if group.isEmpty { break }
                var issues = summary.issues.count
                for index in group.indices {
                    guard let outcome = group[index].outcome else { continue }
                    if issues >= Summary.maximumIssues {
                        let path = files[group[index].fileIndex].path
                        group[index].outcome?.issues = IssueLog.summary(of: outcome.issues, file: path)
                    }
                    issues += group[index].outcome?.issues.count ?? 0
                }
                let results = try writer.write(group) { files[$0].path }
                for (batch, result) in zip(group, results) {
                    let file = files[batch.fileIndex]
                    state.records += batch.events.count
                    if let outcome = batch.outcome, let result {
                        summary.add(outcome, result, path: file.path)
                        state.files += 1
                        state.bytes += file.found.size
                    }
                    var shown = state
                    if batch.outcome == nil { shown.bytes += min(batch.bytesRead, file.found.size) }
                    progress(shown)
                    isFileDone = batch.outcome != nil
                }
                if writer.isCommitted { committed = summary }
                if writer.isCommitted || !database.hasLog { checkpoints.request() }
                while let batch = group.popLast() { queue.recycle(batch) }
                if mustStop() { break }
            }
            if isFileDone {
                try writer.finish()
            } else {
                // Half a file is none, and takes with it the small files before it that were to be committed together.
                try writer.rollback()
                summary = committed
            }
            summary.wasInterrupted = !queue.isDrained
        } catch {
            // The failure is what the user must hear of; a rollback that fails as well adds nothing to it.
            do { try writer.rollback() } catch let second { _ = second }
            throw error
        }
        return summary
    }

    /// The path that the database remembers: absolute, so that it means the same from every folder.
    static func absolute(_ path: String, folder: String, isFile: Bool) -> String {
        guard isFile, !path.hasPrefix("/") else { return path }
        var parts: [Substring] = []
        for part in "\(folder)/\(path)".split(separator: "/") {
            switch part {
            case ".": continue
            case "..": _ = parts.popLast()
            default: parts.append(part)
            }
        }
        return "/" + parts.joined(separator: "/")
    }
}

extension Ingest.Summary {
    fileprivate mutating func add(_ outcome: LogFileOutcome, _ result: EventWriter.FileResult, path: String) {
        if result.isKnownContent {
            if result.isCopy {
                copiedFiles += 1
            } else {
                unchangedFiles += 1
                movedFiles += 1
            }
            return
        }
        if outcome.kind == .unrecognised, outcome.companionKind == nil, outcome.records == 0, outcome.issues.isEmpty {
            otherFiles += 1
            let isNamedLikeLog =
                [".json", ".json.gz", ".parquet"].contains { path.hasSuffix($0) } || path.contains("/AWSLogs/")
            if isNamedLikeLog, namedLikeLogs.count < Self.maximumNamed, let other = outcome.other {
                namedLikeLogs.append(OtherFile(path: path, looksLike: other.looksLike))
            }
            return
        }
        if outcome.isNothing {
            issues += outcome.issues
            return
        }
        files += 1
        records += outcome.records
        stored += result.stored
        duplicates += result.duplicates
        skipped += outcome.skipped
        denials += result.denials
        issues += outcome.issues
    }
}

/// A file to read, with what is known of it before.
struct PlannedFile: Sendable {
    var found: FoundFile
    /// As the database remembers it.
    var path: String
    /// Whether another file of this size is in, or among the files to read: only then can it be a copy.
    var isSizeKnown: Bool
    /// Whether CloudTrail wrote it by its name and place, and so with one gzip member.
    var hasOneMember = false
}
