import AccessDenial
import CloudTrail
import Crypto
import IAMPolicy
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
    private(set) var batch: EventBatch
    private let kept: KeptRecords
    private var generation = 0
    private var texts = Interner()
    private var identities = Interner()
    private var operations = Interner()
    /// By identity: the account to take where a record names none, as old ones do. Not a foreign caller's.
    private var identityAccounts: [UInt32] = [0]
    private var operationTraits: [OperationTraits] = [OperationTraits()]
    private var scratch: [UInt8] = []
    /// Records of the batch that are to be kept and are not compressed yet, one after the other.
    private var unpacked: [UInt8] = []
    private var unpackedRecords: [UnpackedRecord] = []
    /// What hardly changes within a file, as the record before had it.
    private var last = (
        operation: UInt32(0), identity: UInt32(0), region: UInt32(0), account: UInt32(0), eventVersion: UInt32(0)
    )

    /// Bytes or events after which a batch is full.
    private static let maximumBytes = 512 << 10
    private static let maximumEvents = 2048
    /// Bytes of records after which a block ends: its last page in the database is half empty as a rule, and to read one record
    /// all of it is inflated, which takes some milliseconds.
    private static let blockBytes = 1 << 20
    /// Bytes of records that are put in order before they are compressed.
    private static let maximumUnpacked = 4 << 20

    /// A record in ``unpacked``.
    private struct UnpackedRecord {
        /// Index of its event in the batch.
        var event: Int
        var range: Range<Int>
        /// Records of one caller and one operation are alike.
        var likeness: UInt64
    }

    /// What is decided once for an operation.
    private struct OperationTraits {
        var canChangePermissions = false
        var issuesSessions = false
        /// Whether a record without an error code may be a denial all the same.
        var hidesErrors = false
        /// Which parameter tells what the call was made on.
        var target: CallTarget.Rule?
    }

    init(reader: Int, kept: KeptRecords, batch: EventBatch) {
        self.kept = kept
        self.batch = batch
        self.batch.reader = reader
    }

    /// Whether the batch should be sent before another record is packed.
    var isFull: Bool { batch.bytes.count >= Self.maximumBytes || batch.events.count >= Self.maximumEvents }

    /// Whether the batch holds anything that the writer must see.
    var isEmpty: Bool { batch.events.isEmpty }

    /// Takes the batch out and goes on with `next`, an empty one.
    mutating func take(next: consuming EventBatch, bytesRead: Int = 0) -> EventBatch {
        compressRecords()
        batch.bytesRead = bytesRead
        var next = next
        next.reader = batch.reader
        next.fileIndex = batch.fileIndex
        next.isIncomplete = batch.isIncomplete
        if texts.isFull || identities.isFull || operations.isFull {
            // The writer forgets with the first batch of the new generation.
            generation += 1
            texts.removeAll()
            identities.removeAll()
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
        batch.isIncomplete = false
        batch.sha256BeforeReading = sha256BeforeReading
    }

    /// Says that the file's events lack error messages and identities.
    mutating func markIncomplete() { batch.isIncomplete = true }

    mutating func end(_ outcome: LogFileOutcome) { batch.outcome = outcome }

    /// Packs one record; returns false, and packs nothing, where the database has no key for its time.
    mutating func pack(
        _ fields: borrowing RecordFields, _ record: UnsafeRawBufferPointer, _ position: RecordPosition
    ) -> Bool {
        var event = PackedEvent()
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
        unsafe copyTime(fields, record, &event)
        guard EventKey.times.contains(event.time) else { return false }
        unsafe copyID(fields, record, &event)
        if event.addendumEventID.count == 0 { event.requestID = unsafe copy(fields[.requestID], record) }
        event.sharedEventID = unsafe copy(fields[.sharedEventID], record)
        event.errorMessage = unsafe copy(fields[.errorMessage], record)

        let traits = operationTraits[Int(event.operation)]
        if let rule = traits.target { unsafe readTarget(rule, fields, record, &event) }
        // Credentials are most of all answers, and bear no error.
        var hidesErrors = traits.hidesErrors
        if !hidesErrors, !traits.issuesSessions { hidesErrors = unsafe answersWithError(fields, record) }
        if event.errorCode != 0 || event.errorMessage.count > 0 || hidesErrors {
            unsafe packRefusal(fields, record, traits.target, &event)
        }
        if traits.canChangePermissions, event.outcome == .success {
            if let change = unsafe PermissionChangeCatalogue.change(in: Event(fields, record)) {
                event.change = Int32(truncatingIfNeeded: batch.changes.count)
                batch.changes.append(change)
            }
        }
        if traits.issuesSessions, event.outcome == .success {
            unsafe packSession(fields, record, &event)
        }
        // What --keep-records is for most often, denials and changes, stays plain text, which json_extract can read.
        if event.denial >= 0 && kept.isDisjoint(with: [.denied, .all]) == false
            || event.change >= 0 && kept.isDisjoint(with: [.changes, .all]) == false
        {
            event.record = unsafe copyRecord(record, isRepaired: fields.isRepaired)
        } else if kept.contains(.all) {
            unsafe keepCompressed(record, isRepaired: fields.isRepaired, event)
        }
        batch.events.append(event)
        return true
    }

    // MARK: - Refusals

    private mutating func packRefusal(
        _ fields: borrowing RecordFields, _ record: UnsafeRawBufferPointer, _ rule: CallTarget.Rule?,
        _ event: inout PackedEvent
    ) {
        if event.errorCode != 0 || event.errorMessage.count > 0 { event.outcome = .otherError }
        let refused = unsafe Event(refused: fields, record)
        guard let denial = Denial(reading: refused) else { return }
        event.outcome = .denied
        event.denial = Int32(truncatingIfNeeded: batch.denials.count)
        event.invokedBy = text(refused.userIdentity.invokedBy)
        if let resource = denial.resource { settleTarget(resource, rule, &event) }
        batch.denials.append(denial)
        if event.errorCode == 0, event.errorMessage.count == 0, unsafe answersWithError(fields, record) {
            // Told in the answer alone: the database has it where it has every error.
            let answer = fields[.responseElements]
            event.errorCode = unsafe text(answer.member("errorCode", or: "errorCode", in: record), record)
            event.errorMessage = unsafe copy(answer.member("errorMessage", or: "errorMessage", in: record), record)
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
        packed.tags = append(session.tags.map { "\($0.key)=\($0.value)" }.joined(separator: " "))
        packed.sourceIdentity = append(session.sourceIdentity)
        event.session = Int32(truncatingIfNeeded: batch.sessions.count)
        batch.sessions.append(packed)
    }

    // MARK: - What repeats

    private mutating func text(_ field: FieldReference, _ record: UnsafeRawBufferPointer, guess: UInt32 = 0) -> UInt32 {
        guard !field.isEmpty else { return 0 }
        switch field.kind {
        case .absent, .null, .object, .array: return 0
        case .plainString, .number, .trueLiteral, .falseLiteral:
            return unsafe number(ofText: field.content(in: record), guess: guess)
        case .escapedString:
            scratch.removeAll(keepingCapacity: true)
            unsafe field.append(from: record, to: &scratch)
            return number(ofScratch: scratch)
        }
    }

    // MARK: - What the call was made on

    private mutating func readTarget(
        _ rule: CallTarget.Rule, _ fields: borrowing RecordFields, _ record: UnsafeRawBufferPointer,
        _ event: inout PackedEvent
    ) {
        let parameters = fields[.requestParameters]
        let value = unsafe parameters.member(rule.keys.0, or: rule.keys.1, in: record)
        switch rule.form {
        case .bareName: event.target = unsafe text(value, record)
        case .bucket:
            event.target = unsafe bucket(value, record)
            if event.target != 0 {
                event.targetPart = unsafe hash(parameters.member("key", or: "key", in: record), record)
            }
        case .key:
            event.target = unsafe keyID(value, record)
            if event.target == 0 {
                let resource = unsafe fields[.resources].onlyElement(in: record)
                event.target = unsafe keyID(resource.member("ARN", or: "ARN", in: record), record)
            }
        case .resource, .secret, .systemsManager, .originationIdentity, .smsVoice, .whatsAppNumber:
            event.target = unsafe name(value, rule.form, record)
        }
    }

    private mutating func name(
        _ value: FieldReference, _ form: CallTarget.Form, _ record: UnsafeRawBufferPointer
    ) -> UInt32 {
        text(unsafe value.string(in: record).flatMap { CallTarget.name(in: $0, form) })
    }

    /// ``CallTarget/Form/bucket`` without a string of its own where the bytes do: a third of all calls is on a bucket.
    private mutating func bucket(_ value: FieldReference, _ record: UnsafeRawBufferPointer) -> UInt32 {
        guard value.kind == .plainString, unsafe !value.hasPrefix("arn:", in: record),
            unsafe !value.hasSuffix("-s3alias", in: record)
        else { return unsafe name(value, .bucket, record) }
        return unsafe text(value, record)
    }

    /// ``CallTarget/Form/key`` in the same way.
    private mutating func keyID(_ value: FieldReference, _ record: UnsafeRawBufferPointer) -> UInt32 {
        guard value.kind == .plainString else { return unsafe name(value, .key, record) }
        let bytes = unsafe value.content(in: record)
        guard let slash = unsafe bytes.lastIndex(of: UInt8(ascii: "/")) else { return unsafe text(value, record) }
        guard unsafe value.hasPrefix("arn:", in: record), unsafe bytes[..<slash].suffix(4).elementsEqual(":key".utf8),
            slash + 1 < bytes.count
        else { return 0 }
        // SAFETY: the rest behind the slash lies within the value.
        return unsafe number(ofText: UnsafeRawBufferPointer(rebasing: bytes[(slash + 1)...]))
    }

    /// Decides on the target of a refusal by the resource that AWS names, where the request names none or may name another.
    private mutating func settleTarget(_ resource: String, _ rule: CallTarget.Rule?, _ event: inout PackedEvent) {
        let name = text(CallTarget.name(ofResource: resource, rule))
        if event.target == 0 {
            event.target = name
            if name != 0, let key = CallTarget.objectKey(ofResource: resource) { event.targetPart = Self.hash(key) }
        } else if name != event.target, let service = rule?.comparedService,
            CallTarget.isResource(resource, of: service)
        {
            event.target = 0
        }
    }

    /// A hash of an object's key that is not 0; 0 where there is none.
    private mutating func hash(_ field: FieldReference, _ record: UnsafeRawBufferPointer) -> UInt32 {
        guard field.isString, field.length > 0 else { return 0 }
        if field.kind == .plainString { return unsafe Self.hash(field.content(in: record)) }
        scratch.removeAll(keepingCapacity: true)
        unsafe field.append(from: record, to: &scratch)
        return unsafe scratch.withUnsafeBytes { unsafe Self.hash($0) }
    }

    private static func hash(_ key: String) -> UInt32 {
        var key = key
        return key.withUTF8 { unsafe hash(UnsafeRawBufferPointer($0)) }
    }

    private static func hash(_ key: UnsafeRawBufferPointer) -> UInt32 {
        max(1, UInt32(truncatingIfNeeded: unsafe ByteHash.hash(key, seed: 0)) & 0x7fff_ffff)
    }

    private mutating func text(_ string: String?) -> UInt32 {
        guard let string, !string.isEmpty else { return 0 }
        return number(ofScratch: Array(string.utf8))
    }

    private mutating func number(ofScratch bytes: [UInt8]) -> UInt32 {
        unsafe bytes.withUnsafeBytes { unsafe number(ofText: $0) }
    }

    private mutating func number(ofText bytes: UnsafeRawBufferPointer, guess: UInt32 = 0) -> UInt32 {
        let (number, isNew) = unsafe texts.intern(bytes, guess: guess)
        if isNew { batch.newTexts.append(unsafe String(decoding: bytes, as: UTF8.self)) }
        return number
    }

    private mutating func identity(_ fields: borrowing RecordFields, _ record: UnsafeRawBufferPointer) -> UInt32 {
        let field = fields[.userIdentity]
        guard field.kind == .object else { return 0 }
        let (number, isNew) = unsafe identities.intern(field.content(in: record), guess: last.identity)
        if isNew {
            let identity = unsafe UserIdentity(field.content(in: record))
            batch.newIdentities.append(PrincipalIdentity(identity: identity, principal: identity.principal))
            identityAccounts.append(identity.type == "AWSAccount" ? 0 : text(identity.accountId))
        }
        return number
    }

    private static let operationFields: [RecordField] = [
        .eventSource, .eventName, .eventType, .eventCategory, .readOnly, .managementEvent,
    ]

    private mutating func operation(_ fields: borrowing RecordFields, _ record: UnsafeRawBufferPointer) -> UInt32 {
        scratch.removeAll(keepingCapacity: true)
        for field in Self.operationFields {
            unsafe fields.append(field, from: record, to: &scratch)
            scratch.append(0)
        }
        let (number, isNew) = unsafe scratch.withUnsafeBytes { unsafe operations.intern($0, guess: last.operation) }
        if isNew {
            let source = unsafe fields.string(.eventSource, in: record)
            let name = unsafe fields.string(.eventName, in: record)
            batch.newOperations.append(
                Operation(
                    eventSource: source, eventName: name, eventType: unsafe fields.string(.eventType, in: record),
                    eventCategory: unsafe fields.string(.eventCategory, in: record),
                    readOnly: unsafe fields.bool(.readOnly, in: record),
                    managementEvent: unsafe fields.bool(.managementEvent, in: record),
                    action: IAMAction.name(eventSource: source ?? "", eventName: name ?? "")))
            operationTraits.append(
                OperationTraits(
                    canChangePermissions: PermissionChangeCatalogue.isChange(
                        eventSource: source ?? "", eventName: name ?? ""),
                    issuesSessions: source == "sts.amazonaws.com" && IssuedSession.isIssue(eventName: name ?? ""),
                    hidesErrors: EventClass.namesSignIn(name ?? ""),
                    target: CallTarget.rule(eventSource: source ?? "", eventName: name ?? "")))
        }
        return number
    }

    // MARK: - What is the record's own

    private mutating func copy(_ field: FieldReference, _ record: UnsafeRawBufferPointer) -> ByteRange {
        let start = batch.bytes.count
        guard unsafe field.append(from: record, to: &batch.bytes) else { return .none }
        return ByteRange(offset: start, count: batch.bytes.count - start)
    }

    /// Keeps a record for ``compressRecords()``; the event is the batch's next.
    private mutating func keepCompressed(_ record: UnsafeRawBufferPointer, isRepaired: Bool, _ event: PackedEvent) {
        if unpacked.count >= Self.maximumUnpacked { compressRecords() }
        let start = unpacked.count
        if isRepaired {
            unpacked += unsafe String(decoding: record, as: UTF8.self).utf8
        } else {
            unsafe unpacked.append(contentsOf: record)
        }
        unpackedRecords.append(
            UnpackedRecord(
                event: batch.events.count, range: start..<unpacked.count,
                likeness: UInt64(event.identity) << 32 | UInt64(event.operation)))
    }

    /// Compresses what was kept, in blocks. Like beside like it takes a fifth less: zlib looks back 32 KB, some twenty records.
    private mutating func compressRecords() {
        guard !unpackedRecords.isEmpty else { return }
        unpackedRecords.sort { ($0.likeness, $0.event) < ($1.likeness, $1.event) }
        var block: [UInt8] = []
        block.reserveCapacity(min(unpacked.count, 2 * Self.blockBytes))
        for record in unpackedRecords {
            batch.events[record.event].block = Int32(truncatingIfNeeded: batch.blocks.count)
            batch.events[record.event].blockRange = ByteRange(offset: block.count, count: record.range.count)
            block += unpacked[record.range]
            if block.count >= Self.blockBytes {
                batch.blocks.append(CompressedBlock(compressing: block))
                block.removeAll(keepingCapacity: true)
            }
        }
        if !block.isEmpty { batch.blocks.append(CompressedBlock(compressing: block)) }
        unpackedRecords.removeAll(keepingCapacity: true)
        unpacked.removeAll(keepingCapacity: unpacked.count <= 2 * Self.maximumUnpacked)
    }

    private mutating func copyRecord(_ record: UnsafeRawBufferPointer, isRepaired: Bool) -> ByteRange {
        let start = batch.bytes.count
        if isRepaired {
            batch.bytes.append(contentsOf: unsafe String(decoding: record, as: UTF8.self).utf8)
        } else {
            unsafe batch.bytes.append(contentsOf: record)
        }
        return ByteRange(offset: start, count: batch.bytes.count - start)
    }

    /// The time as `YYYY-MM-DDThh:mm:ssZ`; a time that cannot be read is kept as it is, and counts as 1970.
    private mutating func copyTime(
        _ fields: borrowing RecordFields, _ record: UnsafeRawBufferPointer, _ event: inout PackedEvent
    ) {
        let field = fields[.eventTime]
        let start = batch.bytes.count
        event.eventTime = unsafe copy(field, record)
        guard event.eventTime.count > 0 else { return }
        let seconds = unsafe batch.bytes.withUnsafeBytes { bytes in
            // SAFETY: the stretch was just appended.
            unsafe Timestamp.seconds(UnsafeRawBufferPointer(rebasing: bytes[start...]))
        }
        guard let seconds else { return }
        event.time = seconds
        if event.eventTime.count != 20 || batch.bytes[start + 10] != UInt8(ascii: "T") {
            batch.bytes.removeLast(batch.bytes.count - start)
            batch.bytes.append(contentsOf: Timestamp.text(seconds).utf8)
            event.eventTime = ByteRange(offset: start, count: 20)
        }
    }

    private mutating func append(_ text: String?) -> ByteRange {
        guard let text, !text.isEmpty else { return .none }
        let start = batch.bytes.count
        batch.bytes.append(contentsOf: text.utf8)
        return ByteRange(offset: start, count: batch.bytes.count - start)
    }

    /// The eventID, or for records without one (version 1.0) a hash of their content; for an addendum that corrects an earlier
    /// event that event's.
    private mutating func copyID(
        _ fields: borrowing RecordFields, _ record: UnsafeRawBufferPointer, _ event: inout PackedEvent
    ) {
        var start = batch.bytes.count
        event.eventID = unsafe copy(fields[.eventID], record)
        if event.eventID.count == 0 {
            let digest = unsafe SHA256.hash(data: record)
            batch.bytes.append(contentsOf: "content-".utf8)
            for byte in digest.prefix(16) {
                for nibble in [byte >> 4, byte & 15] {
                    batch.bytes.append(nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10)
                }
            }
            event.eventID = ByteRange(offset: start, count: batch.bytes.count - start)
        }
        if fields[.addendum].kind == .object, let addendum = unsafe fields.fragment(.addendum, in: record),
            let original = addendum.string(at: "originalEventID"), !original.isEmpty,
            addendum.string(at: "reason") == "UPDATED_DATA"
        {
            // The record is the earlier event once more, with what was missing or wrong in it.
            event.addendumEventID = event.eventID
            let own = unsafe fields.string(.requestID, in: record)
            let request = addendum.string(at: "originalRequestID") ?? own ?? ""
            event.requestID = append(request)
            start = batch.bytes.count
            event.eventID = append(original)
        }
        event.idHash = unsafe batch.bytes.withUnsafeBytes { bytes in
            // SAFETY: the stretch was just appended.
            unsafe UInt32(
                truncatingIfNeeded: ByteHash.hash(UnsafeRawBufferPointer(rebasing: bytes[start...]), seed: 0)
                    & (1 << UInt64(Schema.keyHashBits) - 1))
        }
    }
}
