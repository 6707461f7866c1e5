/// The inflated bytes of a gzip stream of one or several members (RFC 1952).
///
/// Zero bytes after the last member are padding and pass; anything else there is a fault, for nobody's gzip writes it. Only
/// standard input may go on with text, and that with members again: files that were joined. Every byte before a fault is delivered
/// before the fault is thrown.
final class GzipDecoder: ByteSource {
    /// What the output is measured against: the bytes of the file on the disk.
    struct Budget {
        var limits: LogFileSource.Limits
        /// Bytes of the file used so far.
        var bytesUsed: () -> Int
    }

    private enum State {
        case betweenMembers
        case inMember
        case inText
        case ended
    }

    private let inflater: Inflater
    private let budget: Budget
    private let name: String
    private let isJoined: Bool
    private let isSingle: Bool
    private var upstream: any ByteSource
    private var state = State.betweenMembers
    private var hasReadMember: Bool { members > 0 }
    /// Members that were begun.
    private(set) var members = 0
    private var isUpstreamAtEnd = false
    /// Compressed bytes that `inflater` has taken from upstream.
    private var bytesTaken: Int
    private(set) var bytesInflated = 0
    private var fault: (any Error)?

    /// Decodes what is pending in `inflater` and then what `upstream` gives; where it `isJoined`, text may stand between and
    /// before members. Where it `isSingle`, every byte behind the first member is a fault, padding as well.
    init(
        inflater: Inflater, upstream: any ByteSource, name: String, budget: Budget, isJoined: Bool = false,
        isSingle: Bool = false
    ) {
        self.isSingle = isSingle
        self.inflater = inflater
        self.upstream = upstream
        self.name = name
        self.budget = budget
        self.isJoined = isJoined
        bytesTaken = inflater.pendingCount
    }

    /// Fills the buffer, or less at the end or before a fault.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = unsafe fill(buffer)
        if count == 0, let fault { throw fault }
        return count
    }

    /// The first bytes, fewer where the stream ends or breaks before; the fault is thrown by the next read.
    func readHead(_ wanted: Int) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
            // SAFETY: `fill` initializes the first bytes of the buffer and says how many.
            count = unsafe fill(UnsafeMutableRawBufferPointer(buffer))
        }
    }

    private func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        var count = 0
        do {
            while count < buffer.count, state != .ended, fault == nil {
                // SAFETY: the part of the buffer that is still free.
                count += try unsafe step(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
            }
        } catch let partial as PartialFault {
            fault = partial.fault
            count += partial.written
        } catch {
            fault = error
        }
        return count
    }

    /// A fault, and the good bytes that were written to the buffer before it.
    private struct PartialFault: Error {
        var fault: SourceFault
        var written: Int
    }

    private func step(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        if state == .betweenMembers {
            try beginMember()
            return 0
        }
        if state == .inText { return try unsafe copyText(into: buffer) }
        if inflater.pendingCount == 0 { try refill() }
        let (written, step) = unsafe inflater.inflate(into: buffer)
        bytesInflated += written
        switch step {
        case .progress: break
        case .memberEnded: state = .betweenMembers
        case .needsInput:
            if isUpstreamAtEnd { throw PartialFault(fault: truncated, written: written) }
        case .wrongChecksum:
            throw PartialFault(
                fault: fault(
                    .gzipChecksum,
                    "the gzip checksum does not match: the file was damaged or altered; download it again"),
                written: written)
        case .corrupt(let cause):
            throw PartialFault(
                fault: fault(.gzipCorrupt, "the gzip stream is corrupt (\(cause)): download the file again"),
                written: written)
        case .outOfMemory:
            throw PartialFault(fault: fault(.unreadable, "zlib is out of memory"), written: written)
        }
        try checkRatio(written: written)
        return written
    }

    private func beginMember() throws {
        if inflater.pendingCount == 0 { try refill() }
        if hasReadMember, isSingle {
            guard inflater.pendingCount > 0 else {
                state = .ended
                return
            }
            throw try trailing(position)
        }
        if hasReadMember || isJoined { try skipPadding() }
        if state != .betweenMembers { return }
        if case .outOfMemory = inflater.beginMember() { throw fault(.unreadable, "zlib is out of memory") }
        members += 1
        state = .inMember
    }

    /// After a member: the end, another member, or bytes that nobody should have put there.
    private func skipPadding() throws {
        let memberEnd = position
        var padding = inflater.skipZeros()
        while inflater.pendingCount == 0, !isUpstreamAtEnd {
            try refill()
            padding += inflater.skipZeros()
        }
        if inflater.pendingCount == 0 {
            state = .ended
            return
        }
        if padding == 0 {
            while inflater.pendingCount < 2, !isUpstreamAtEnd { try refill() }
            // A lone 0x1f at the end is a member that was cut in its header.
            if ContentSignature(inflater.peek(2)) == .gzip { return }
            while isJoined, inflater.pendingCount < ContentSignature.length, !isUpstreamAtEnd { try refill() }
            if isJoined, ContentSignature(inflater.peek(ContentSignature.length)) == .text {
                state = .inText
                return
            }
        }
        throw try trailing(memberEnd)
    }

    private func trailing(_ memberEnd: Int) throws -> SourceFault {
        while !isUpstreamAtEnd {
            inflater.discardInput()
            try refill()
        }
        let count = bytesTaken - memberEnd
        var trailing = fault(
            .trailingBytes,
            "\(count) \(count == 1 ? "byte follows" : "bytes follow") the gzip stream, which ends at compressed byte "
                + "\(memberEnd): compare the file with the one in S3")
        trailing.issue.location.byteOffset = memberEnd
        return trailing
    }

    /// Passes text on as it is, up to the next member: no text holds the byte that one begins with.
    private func copyText(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while inflater.pendingCount < 2, !isUpstreamAtEnd { try refill() }
        guard inflater.pendingCount > 0, ContentSignature(inflater.peek(2)) != .gzip else {
            state = .betweenMembers
            return 0
        }
        let count = unsafe inflater.take(into: buffer, before: 0x1f)
        bytesInflated += count
        return count
    }

    private func refill() throws {
        let before = inflater.pendingCount
        if try !inflater.fill(atLeast: before + 1, from: &upstream) { isUpstreamAtEnd = true }
        bytesTaken += inflater.pendingCount - before
    }

    private func checkRatio(written: Int) throws {
        let limits = budget.limits
        guard bytesInflated > limits.bytesBeforeRatio, bytesInflated / max(1, budget.bytesUsed()) > limits.maximumRatio
        else { return }
        throw PartialFault(
            fault: fault(
                .inflatedRatio,
                "the gzip stream inflates to more than \(limits.maximumRatio) times its size: raise `--max-ratio` if you "
                    + "trust the file"),
            written: written)
    }

    /// Offset of the next compressed byte.
    private var position: Int { bytesTaken - inflater.pendingCount }

    private var truncated: SourceFault {
        fault(.gzipTruncated, "the gzip stream ends early, at compressed byte \(position): download the file again")
    }

    private func fault(_ code: IngestIssue.Code, _ message: String) -> SourceFault {
        SourceFault(issue: IngestIssue(code, at: Location(file: name, byteOffset: position), message))
    }
}
