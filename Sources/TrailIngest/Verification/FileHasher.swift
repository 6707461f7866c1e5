import CloudTrail

/// Reads one file after the other: its hash, what it is, and whether it tells of a change to a trail.
struct FileHasher {
    /// What came of a file.
    enum Result {
        case hashed(HashedFile, [TrailChange])
        /// A small file beside a digest, which may hold the digest's signature.
        case sidecar([UInt8])
    }

    private let inflater: Inflater
    private let limits: LogFileSource.Limits
    private var block: [UInt8]
    private static let blockSize = 256 << 10
    /// Bytes of the block before that stand in front of each block, so that no place between two is overlooked.
    private static let carried = 256

    init(inflater: Inflater, limits: LogFileSource.Limits) {
        self.inflater = inflater
        self.limits = limits
        block = [UInt8](repeating: 0, count: Self.carried + Self.blockSize)
    }

    /// Reads a file to its end. Whatever is wrong with it is part of the result.
    mutating func read(_ file: FoundFile) -> Result {
        let kind = LogFileName(file.name)?.kind
        var isNamedDigest = false
        if kind == nil || kind == .digest {
            let name = String(decoding: file.name, as: UTF8.self)
            isNamedDigest =
                DigestName(name) != nil
                && [".json", ".json.gz"].contains { name.hasSuffix($0) && !name.hasSuffix(".json.gz.json") }
            if !isNamedDigest, file.size <= 1 << 20, name.contains("_CloudTrail-Digest_"), let bytes = sidecar(file) {
                return .sidecar(bytes)
            }
        }
        let isNamedLog = !isNamedDigest && kind != nil
        let signatures = isNamedDigest && file.kind == .file ? signature(beside: file.path).map { [$0] } ?? [] : []
        var isLogFile = isNamedLog
        do {
            let source = try LogFileSource(file, isStrict: true, limits: limits, inflater: inflater)
            if isNamedDigest {
                return .hashed(HashedFile(file, content: try digest(source), signatures: signatures), [])
            }
            var hash = ContentHash()
            var tellsOfTrails = false
            var size = 0
            while true {
                let start = Self.carried
                // SAFETY: the block has room for `blockSize` bytes behind what is carried.
                let count = try unsafe block.withUnsafeMutableBytes {
                    try unsafe source.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[start...]))
                }
                if count == 0 { break }
                if size == 0, !isNamedLog {
                    let head = String(decoding: block[start..<(start + min(count, 4096))], as: UTF8.self)
                    if head.hasPrefix("{"), head.contains("\"digestS3Object\"") {
                        let again = try LogFileSource(file, isStrict: true, limits: limits, inflater: inflater)
                        return .hashed(HashedFile(file, content: try digest(again)), [])
                    }
                    isLogFile = head.prefix(64).contains("\"Records\"")
                }
                size += count
                // SAFETY: the first bytes behind what is carried have just been written; so were those in front, by the last round.
                unsafe block.withUnsafeBytes {
                    unsafe hash.update(UnsafeRawBufferPointer(rebasing: $0[start..<(start + count)]))
                    if !tellsOfTrails {
                        tellsOfTrails = unsafe TrailChangeScan.finds(
                            in: UnsafeRawBufferPointer(rebasing: $0[(size == count ? start : 0)..<(start + count)]))
                    }
                }
                if count >= Self.carried {
                    for index in 0..<Self.carried { block[index] = block[start + count - Self.carried + index] }
                } else {
                    for index in 0..<(Self.carried - count) { block[index] = block[index + count] }
                    for index in 0..<count { block[Self.carried - count + index] = block[start + index] }
                }
            }
            let changes = tellsOfTrails ? self.changes(file) : []
            return .hashed(HashedFile(file, content: .other(hash.digest, isLogFile: isLogFile)), changes)
        } catch {
            let reason = (error as? SourceFault)?.issue.message ?? "\(error)"
            return .hashed(
                HashedFile(
                    file, content: isNamedDigest ? .brokenDigest(reason) : .broken(reason, isLogFile: isLogFile),
                    signatures: signatures), [])
        }
    }

    private func digest(_ source: LogFileSource) throws -> HashedFile.Content {
        var bytes: [UInt8] = []
        var fault: String?
        do {
            try ArchiveHasher.read(source, into: &bytes, limit: Digest.maximumSize)
        } catch let damage as SourceFault {
            fault = damage.issue.message
        }
        do throws(Digest.Fault) {
            return .digest(try Digest(bytes), fault: fault)
        } catch {
            return .brokenDigest(fault ?? error.reason, carried: Digest.Carried(in: bytes))
        }
    }

    /// What a small file beside a digest holds; `nil` where it cannot be read.
    private func sidecar(_ file: FoundFile) -> [UInt8]? {
        do {
            return try ArchiveHasher.contents(
                of: LogFileSource(file, limits: limits, inflater: inflater), limit: 1 << 20)
        } catch {
            return nil
        }
    }

    /// Reads the records that change trails; a file that breaks gives those before the break.
    private func changes(_ file: FoundFile) -> [TrailChange] {
        var changes: [TrailChange] = []
        do {
            var source = try LogFileSource(file, limits: limits, inflater: inflater)
            var reader = RecordReader()
            _ = try unsafe reader.read(
                &source, file: file.displayPath,
                record: { fields, bytes, _ in
                    guard unsafe fields.string(.eventSource, in: bytes) == "cloudtrail.amazonaws.com",
                        let change = unsafe TrailChange(Event(fields, bytes), path: file.displayPath)
                    else { return }
                    changes.append(change)
                }, issue: { _ in })
        } catch {
            return changes
        }
        return changes
    }
}
