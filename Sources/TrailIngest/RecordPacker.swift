import AccessDenial
import CloudTrail
import IAMPolicy
import PolicyTimeline
import TrailStore

/// Which raw records the database keeps beside their projection.
public struct KeptRecords: OptionSet, Sendable, Hashable {
    /// The choice's bits.
    public let rawValue: Int

    /// A choice by its raw bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Records of refused events.
    public static let denied = KeptRecords(rawValue: 1)
    /// Records of events that can change permissions and succeeded.
    public static let changes = KeptRecords(rawValue: 2)
    /// Every record.
    public static let all = KeptRecords(rawValue: 4)
}

/// Turns the records of one reader into batches for the writer.
///
/// What repeats from record to record (an identity, an operation, an address) is recognised by its raw bytes and sent once; a
/// record costs a few hash look-ups and the copying of what is its own.
struct RecordPacker {
    var batch: EventBatch
    private let kept: KeptRecords
    /// The bits of a hash of the eventID that are kept.
    let hashMask: UInt64
    private var generation = 0
    var texts = Interner()
    var identities = Interner()
    var operations = Interner()
    /// By identity: the account to take where a record names none, as old ones do. Not a foreign caller's.
    var identityAccounts: [UInt32] = [0]
    var operationTraits: [OperationTraits] = [OperationTraits()]
    var scratch: [UInt8] = []
    /// Whether a text of the record was longer than ``BoundedText`` allows.
    var isCut = false
    /// Identities of which a text was.
    var cutIdentities: Set<UInt32> = []
    /// Bytes of the batch's records that are longer than any text may be.
    private var largeRecordBytes = 0
    private var keeper = RecordKeeper()
    /// What hardly changes within a file, as the record before had it.
    var last = (
        operation: UInt32(0), identity: UInt32(0), region: UInt32(0), account: UInt32(0), eventVersion: UInt32(0)
    )

    /// Bytes or events after which a batch is full.
    private static let maximumBytes = 512 << 10
    private static let maximumEvents = 2048
    private static let maximumLargeBytes = 8 << 20

    /// What is decided once for an operation.
    struct OperationTraits {
        var canChangePermissions = false
        var issuesSessions = false
        /// Whether a record without an error code may be a denial all the same.
        var hidesErrors = false
        /// Which parameter tells what the call was made on.
        var target: CallTarget.Rule?
    }

    init(reader: Int, options: Ingest.Options, batch: EventBatch) {
        kept = options.keptRecords
        hashMask = 1 << UInt64(options.keyHashBits) - 1
        self.batch = batch
        self.batch.reader = reader
    }

    /// Whether the batch should be sent before another record is packed.
    var isFull: Bool {
        batch.bytes.count >= Self.maximumBytes || batch.events.count >= Self.maximumEvents
            || largeRecordBytes >= Self.maximumLargeBytes
    }

    /// Whether the batch holds anything that the writer must see.
    var isEmpty: Bool { batch.events.isEmpty }

    /// Takes the batch out and goes on with `next`, an empty one.
    mutating func take(next: consuming EventBatch, bytesRead: Int = 0) -> EventBatch {
        keeper.compress(into: &batch)
        batch.bytesRead = bytesRead
        largeRecordBytes = 0
        var next = next
        next.reader = batch.reader
        next.fileIndex = batch.fileIndex
        if texts.isFull || identities.isFull || operations.isFull {
            // The writer forgets with the first batch of the new generation.
            generation += 1
            texts.removeAll()
            identities.removeAll()
            cutIdentities.removeAll()
            operations.removeAll()
            operationTraits.removeLast(operationTraits.count - 1)
            identityAccounts.removeLast(identityAccounts.count - 1)
        }
        next.generation = generation
        swap(&batch, &next)
        return next
    }

    mutating func begin(fileIndex: Int, sha256BeforeReading: String?) {
        batch.fileIndex = fileIndex
        batch.sha256BeforeReading = sha256BeforeReading
    }

    mutating func end(_ outcome: LogFileOutcome) { batch.outcome = outcome }

    /// What came of a record.
    enum Result {
        case packed
        /// Packed, but for the rest of a text that is too long.
        case cut
        /// Not packed: it tells no time that an event can have.
        case timeless
        /// Not packed: what it is, or its own id, is too long, or it is a part of an event and some text of it is.
        case tooLong
    }

    /// What no event has in any length but its own.
    private static let names: [RecordField] = [
        .eventID, .aggregatedEventId, .eventSource, .eventName, .eventType, .eventCategory,
    ]

    /// Packs one record.
    mutating func pack(
        _ fields: borrowing RecordFields, _ record: UnsafeRawBufferPointer, _ position: RecordPosition
    ) -> Result {
        var event = PackedEvent()
        isCut = false
        let isLarge = record.count > BoundedText.maximumBytes
        if isLarge {
            for name in Self.names where fields[name].length > BoundedText.maximumBytes { return .tooLong }
            largeRecordBytes += record.count
        }
        guard unsafe copyTime(fields, record, &event) else { return .timeless }
        event.byteOffset = Int64(position.byteOffset)
        event.byteLength = Int64(position.length)
        event.operation = unsafe operation(fields, record)
        event.identity = unsafe identity(fields, record)
        event.region = unsafe text(fields[.awsRegion], record, guess: last.region)
        event.account = unsafe text(fields[.recipientAccountId], record, guess: last.account)
        if event.account == 0 { event.account = identityAccounts[Int(event.identity)] }
        event.sourceIPAddress = unsafe text(fields[.sourceIPAddress], record)
        event.userAgent = unsafe text(fields[.userAgent], record)
        event.vpcEndpoint = unsafe text(fields[.vpcEndpointId], record)
        event.errorCode = unsafe text(fields[.errorCode], record)
        event.eventVersion = unsafe text(fields[.eventVersion], record, guess: last.eventVersion)
        last = (event.operation, event.identity, event.region, event.account, event.eventVersion)
        unsafe copyID(fields, record, &event)
        if event.addendumEventID.count == 0 { event.requestID = unsafe copy(fields[.requestID], record) }
        event.sharedEventID = unsafe copy(fields[.sharedEventID], record)
        event.errorMessage = unsafe copy(fields[.errorMessage], record, limit: BoundedText.maximumMessageBytes)

        let traits = operationTraits[Int(event.operation)]
        if let rule = traits.target { unsafe readTarget(rule, fields, record, &event) }
        // Credentials are most of all answers, and bear no error.
        var hidesErrors = traits.hidesErrors
        if !hidesErrors, !traits.issuesSessions { hidesErrors = unsafe answersWithError(fields, record) }
        if event.errorCode != 0 || event.errorMessage.count > 0 || hidesErrors {
            unsafe packRefusal(fields, record, traits.target, &event)
        }
        if event.outcome == .success, unsafe !fields.tellsOutcome(record) { event.outcome = .untold }
        if traits.canChangePermissions, event.outcome == .success {
            if var change = unsafe ChangeCatalogue.change(in: Event(brief: fields, record)) {
                if isLarge { change.bound() }
                event.change = Int32(truncatingIfNeeded: batch.changes.count)
                batch.changes.append(change)
            }
        }
        if traits.issuesSessions, event.outcome == .success {
            unsafe packSession(fields, record, &event)
        }
        let isWhole = unsafe fields.isWhole(record)
        if isCut, !isWhole { return .tooLong }
        // What --keep-records is for most often, denials and changes, stays plain text, which json_extract can read.
        // A record with a text that was cut is read from its file.
        if isCut {
            event.record = .none
        } else if event.denial >= 0 && kept.isDisjoint(with: [.denied, .all]) == false
            || event.change >= 0 && kept.isDisjoint(with: [.changes, .all]) == false
        {
            event.record = unsafe copyRecord(record, isRepaired: fields.isRepaired)
        } else if kept.contains(.all) {
            unsafe keeper.keep(record, isRepaired: fields.isRepaired, event, in: &batch)
        }
        if !isWhole {
            event.partial = unsafe copyForm(fields, record)
            event.isNameless = fields[.eventID].isEmpty && fields[.aggregatedEventId].isEmpty
        }
        batch.events.append(event)
        return isCut ? .cut : .packed
    }

    // MARK: - Refusals

    private mutating func packRefusal(
        _ fields: borrowing RecordFields, _ record: UnsafeRawBufferPointer, _ rule: CallTarget.Rule?,
        _ event: inout PackedEvent
    ) {
        if event.errorCode != 0 || event.errorMessage.count > 0 { event.outcome = .otherError }
        let refused = unsafe Event(brief: fields, record)
        guard var denial = Denial(reading: refused) else { return }
        if record.count > BoundedText.maximumBytes { denial.bound() }
        event.outcome = .denied
        event.denial = Int32(truncatingIfNeeded: batch.denials.count)
        event.invokedBy = text(refused.userIdentity.invokedBy)
        if let resource = denial.resource { settleTarget(resource, rule, &event) }
        batch.denials.append(denial)
        if event.errorCode == 0, event.errorMessage.count == 0, unsafe answersWithError(fields, record) {
            // Told in the answer alone: the database has it where it has every error.
            let answer = fields[.responseElements]
            event.errorCode = unsafe text(answer.member("errorCode", or: "errorCode", in: record), record)
            event.errorMessage = unsafe copy(
                answer.member("errorMessage", or: "errorMessage", in: record), record,
                limit: BoundedText.maximumMessageBytes)
        }
    }

    /// Whether the service answered 200 with an error inside.
    private func answersWithError(_ fields: borrowing RecordFields, _ record: UnsafeRawBufferPointer) -> Bool {
        let answer = fields[.responseElements]
        guard answer.kind == .object else { return false }
        return unsafe answer.member("errorCode", or: "errorCode", in: record).isString
    }

    private mutating func packSession(
        _ fields: borrowing RecordFields, _ record: UnsafeRawBufferPointer, _ event: inout PackedEvent
    ) {
        guard
            let session = unsafe IssuedSession(
                asked: fields[.requestParameters], answered: fields[.responseElements], in: record)
        else { return }
        var packed = PackedSession()
        packed.accessKeyId = append(session.accessKeyId)
        packed.expiration = append(session.expiration)
        packed.policy = append(session.sessionPolicy)
        packed.policyARNs = append(session.sessionPolicyARNs.joined(separator: " "))
        packed.tags = append(
            SessionIssue.text(
                of: session.tags.map {
                    SessionIssue.Tag(key: $0.key, value: $0.value, isTransitive: $0.isTransitive)
                }))
        packed.profileARN = append(session.profileARN)
        packed.sourceIdentity = append(session.sourceIdentity)
        event.session = Int32(truncatingIfNeeded: batch.sessions.count)
        batch.sessions.append(packed)
    }
}
