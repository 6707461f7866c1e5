import CloudTrail
import Foundation

/// Reads files on several threads, each by the next free one, and keeps of each its hash, or what it says where it is a digest.
final class ArchiveHasher: @unchecked Sendable {
    // SAFETY (@unchecked): every property that changes is read and written with `condition` locked, or after the last thread's end.
    private let condition = NSCondition()
    /// Not changed while threads run.
    private var files: [FoundFile]
    private let limits: LogFileSource.Limits
    private var next = 0
    private var running = 0
    private var isStopped = false
    private var state = Ingest.Progress()

    private(set) var hashed: [HashedFile] = []
    private(set) var changes: [TrailChange] = []
    /// Files that lie beside a digest and may hold its signature.
    private(set) var sidecars: [(name: String, bytes: [UInt8])] = []

    private static let maximumSidecar = 1 << 20
    /// Files that a thread takes at once, so that hundred thousands of small ones do not queue for the lock.
    private static let share = 16

    init(_ files: [FoundFile], limits: LogFileSource.Limits) {
        self.files = files
        self.limits = limits
        state.allFiles = self.files.count
        state.allBytes = self.files.reduce(0) { $0 + $1.size }
        hashed.reserveCapacity(files.count)
    }

    /// Reads all files; true where it was told to stop before.
    func run(readers: Int, progress: (Ingest.Progress) -> Void, mustStop: @Sendable @escaping () -> Bool) -> Bool {
        let count = max(1, min(files.count, readers > 0 ? readers : ProcessInfo.processInfo.activeProcessorCount))
        running = count
        for index in 0..<count {
            let thread = Thread { self.work(mustStop) }
            thread.name = "hasher \(index)"
            thread.stackSize = 8 << 20
            thread.start()
        }
        condition.lock()
        while running > 0 {
            _ = condition.wait(until: Date(timeIntervalSinceNow: 0.1))
            let shown = state
            condition.unlock()
            progress(shown)
            condition.lock()
        }
        let stopped = isStopped
        condition.unlock()
        files = []
        return stopped
    }

    private func work(_ mustStop: () -> Bool) {
        let inflater = Inflater()
        var reader = FileHasher(inflater: inflater, limits: limits)
        while let range = claim() {
            var mine: [HashedFile] = []
            var found: [TrailChange] = []
            var beside: [(String, [UInt8])] = []
            var bytes = 0
            for file in files[range] {
                if mustStop() {
                    condition.withLock { isStopped = true }
                    break
                }
                bytes += file.size
                switch reader.read(file) {
                case .hashed(let hashed, let changes):
                    mine.append(hashed)
                    found += changes
                case .sidecar(let content): beside.append((String(decoding: file.name, as: UTF8.self), content))
                }
            }
            condition.withLock {
                hashed += mine
                changes += found
                sidecars += beside.map { (name: $0.0, bytes: $0.1) }
                state.files += range.count
                state.bytes += bytes
            }
        }
        condition.withLock {
            running -= 1
            condition.broadcast()
        }
    }

    private func claim() -> Range<Int>? {
        condition.withLock {
            guard !isStopped, next < files.count else { return nil }
            let start = next
            next = min(files.count, start + Self.share)
            return start..<next
        }
    }

    /// All that a source gives, up to `limit` bytes.
    static func contents(of source: LogFileSource, limit: Int) throws -> [UInt8] {
        var content: [UInt8] = []
        try read(source, into: &content, limit: limit)
        return content
    }

    /// The same, into bytes that keep what was read where the source breaks.
    static func read(_ source: LogFileSource, into content: inout [UInt8], limit: Int) throws {
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while content.count <= limit {
            // SAFETY: the source fills no more than the array's own bytes.
            let count = try unsafe piece.withUnsafeMutableBytes { try unsafe source.read(into: $0) }
            if count == 0 { return }
            content += piece[..<count]
        }
        throw SourceFault(
            issue: IngestIssue(
                .recordTooLarge, at: Location(file: source.name), "it has more than \(limit >> 20) MB"))
    }
}
