package import AccessDenial
package import CloudTrail
package import CompanionLogs
package import PolicyTimeline

/// A stretch of a batch's ``EventBatch/bytes``; empty stands for an absent value.
package struct ByteRange: Sendable {
    package var offset: UInt32
    package var count: UInt32

    package init(offset: Int, count: Int) {
        self.offset = UInt32(truncatingIfNeeded: offset)
        self.count = UInt32(truncatingIfNeeded: count)
    }

    package static let none = ByteRange(offset: 0, count: 0)
}

/// How a call went.
package enum Outcome: UInt8, Sendable {
    case success, otherError, denied
    /// The form of the event has no error column: neither a success nor a refusal.
    case untold
}

/// One event on its way into the database: what repeats as the reader's own small numbers (0 stands for absent), the rest as
/// stretches of the batch's bytes.
package struct PackedEvent: Sendable {
    /// Seconds since 1970; 0 where the record has no readable time.
    package var time: Int64 = 0
    /// Whether the time is not the event's own but one written beside it, such as that of its arrival.
    package var isTimeVague = false
    /// The lower ``Schema/keyHashBits`` bits of a hash of the eventID.
    package var idHash: UInt32 = 0
    package var eventTime = ByteRange.none
    package var eventID = ByteRange.none
    package var requestID = ByteRange.none
    package var sharedEventID = ByteRange.none
    /// Where the record is an addendum that corrects an earlier event: its own eventID; `eventID` is then the earlier event's.
    package var addendumEventID = ByteRange.none
    package var errorMessage = ByteRange.none
    /// The raw record, where it is to be kept as text.
    package var record = ByteRange.none
    /// Where the record does not tell all of the event: the record, to be joined with the event's other forms.
    package var partial = ByteRange.none
    /// Whether a partial record bears no eventID, so that the event is found by its content.
    package var isNameless = false
    /// Index into ``EventBatch/blocks``, or -1, and where in that block's content the raw record stands.
    package var block: Int32 = -1
    package var blockRange = ByteRange.none
    package var identity: UInt32 = 0
    package var operation: UInt32 = 0
    package var region: UInt32 = 0
    package var account: UInt32 = 0
    package var sourceIPAddress: UInt32 = 0
    package var userAgent: UInt32 = 0
    package var vpcEndpoint: UInt32 = 0
    package var errorCode: UInt32 = 0
    /// `userIdentity.invokedBy`; filled for denials only.
    package var invokedBy: UInt32 = 0
    package var eventVersion: UInt32 = 0
    /// What the call was made on (``CallTarget``).
    package var target: UInt32 = 0
    /// A hash of the object's key where the call was made on one object of the target; 0 for none.
    package var targetPart: UInt32 = 0
    package var outcome = Outcome.success
    /// Index into ``EventBatch/denials``, or -1.
    package var denial: Int32 = -1
    /// Index into ``EventBatch/changes``, or -1.
    package var change: Int32 = -1
    /// Index into ``EventBatch/sessions``, or -1.
    package var session: Int32 = -1
    /// Where the record stands in its log file's uncompressed bytes.
    package var byteOffset: Int64 = 0
    package var byteLength: Int64 = 0

    package init() {}
}

/// A session that an event issued (``AccessDenial/IssuedSession``); its role is the event's ``PackedEvent/target``.
package struct PackedSession: Sendable {
    package var accessKeyId = ByteRange.none
    package var expiration = ByteRange.none
    package var policy = ByteRange.none
    /// ARNs with blanks between them.
    package var policyARNs = ByteRange.none
    /// As `SessionIssue.text(of:)` writes them.
    package var tags = ByteRange.none
    package var profileARN = ByteRange.none
    package var sourceIdentity = ByteRange.none

    package init() {}
}

/// An operation as the database tells operations apart.
package struct Operation: Sendable, Hashable {
    package var eventSource: String?
    package var eventName: String?
    package var eventType: String?
    package var eventCategory: String?
    package var readOnly: Bool?
    package var managementEvent: Bool?
    /// The IAM action that the operation maps to.
    package var action: String

    package init(
        eventSource: String?, eventName: String?, eventType: String?, eventCategory: String?, readOnly: Bool?,
        managementEvent: Bool?, action: String
    ) {
        self.eventSource = eventSource
        self.eventName = eventName
        self.eventType = eventType
        self.eventCategory = eventCategory
        self.readOnly = readOnly
        self.managementEvent = managementEvent
        self.action = action
    }
}

/// An identity together with the principal that it folds into.
package struct PrincipalIdentity: Sendable, Hashable {
    package var identity: UserIdentity
    package var principal: String?

    package init(identity: UserIdentity, principal: String?) {
        self.identity = identity
        self.principal = principal
    }
}

/// A file that was found where log files are, and is none.
package struct OtherFile: Sendable, Hashable {
    /// What it looks like, in a few words.
    package var looksLike: String
    /// Why it was left, one line.
    package var reason: String

    package init(looksLike: String, reason: String) {
        self.looksLike = looksLike
        self.reason = reason
    }
}

/// A log file that was read to its end, or as far as its damage allows.
package struct LogFileOutcome: Sendable {
    package var kind: LogFileKind
    /// Records seen, broken ones and records that are no events included.
    package var records: Int
    /// Records that were not taken for events.
    package var skipped: Int
    package var issues: [IngestIssue]
    package var sha256: String?
    /// Bytes on disk and after inflating; `nil` for standard input.
    package var size: Int?
    package var uncompressedSize: Int
    /// Nanoseconds since 1970.
    package var modificationTime: Int64?
    /// Set where the file is no log file.
    package var other: OtherFile?
    /// Set where the file holds logs beside CloudTrail's: the kind that most of it is.
    package var companionKind: CompanionKind?
    /// How far those logs reach.
    package var coverage: [CompanionCoverage] = []
    /// The limits that were in force.
    package var maximumRatio = 0
    package var maximumRecordBytes = 0

    /// Whether there is nothing to remember: no log file, or one that could not be opened.
    package var isNothing: Bool {
        kind == .unrecognised && companionKind == nil && records == 0 && issues.allSatisfy { $0.code == .unreadable }
    }

    package init(
        kind: LogFileKind, records: Int, skipped: Int, issues: [IngestIssue], sha256: String?, size: Int?,
        uncompressedSize: Int, modificationTime: Int64?
    ) {
        self.kind = kind
        self.records = records
        self.skipped = skipped
        self.issues = issues
        self.sha256 = sha256
        self.size = size
        self.uncompressedSize = uncompressedSize
        self.modificationTime = modificationTime
    }
}

/// Events of one log file, packed by one reader, with the dictionary entries that they need and that the reader has not sent before.
///
/// A reader numbers texts, identities and operations from 1 in the order in which it first meets them; a new ``generation``
/// starts the numbering over, so that neither side's memory grows without bound.
package struct EventBatch: Sendable {
    /// Which reader packed the batch: dictionaries are the reader's own.
    package var reader = 0
    package var generation = 0
    /// Position of the log file in the list of files to ingest.
    package var fileIndex = 0
    package var bytes: [UInt8] = []
    package var events: [PackedEvent] = []
    package var newTexts: [String] = []
    package var newIdentities: [PrincipalIdentity] = []
    package var newOperations: [Operation] = []
    package var denials: [Denial] = []
    package var changes: [PermissionChangeTarget] = []
    package var sessions: [PackedSession] = []
    /// Rows of logs beside CloudTrail's.
    package var companions: [CompanionRow] = []
    /// Raw records that are kept compressed.
    package var blocks: [CompressedBlock] = []
    /// The file's SHA-256 where it was taken before reading, so that a copy of a known file can be left out.
    package var sha256BeforeReading: String?
    /// How many of the file's stored bytes had been read when the batch was full.
    package var bytesRead = 0
    /// Set in a file's last batch.
    package var outcome: LogFileOutcome?

    package init() {}

    /// Empties the batch and keeps its memory for the next one.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        events.removeAll(keepingCapacity: true)
        newTexts.removeAll(keepingCapacity: true)
        newIdentities.removeAll(keepingCapacity: true)
        newOperations.removeAll(keepingCapacity: true)
        denials.removeAll(keepingCapacity: true)
        changes.removeAll(keepingCapacity: true)
        sessions.removeAll(keepingCapacity: true)
        blocks.removeAll()
        companions.removeAll(keepingCapacity: true)
        sha256BeforeReading = nil
        bytesRead = 0
        outcome = nil
    }
}
