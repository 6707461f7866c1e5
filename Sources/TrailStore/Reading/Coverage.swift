/// What the database holds, and so what a report over it can and cannot show.
public struct Coverage: Sendable, Hashable {
    /// How many log files.
    public var logFiles = 0
    /// Records read, those of pruned events among them: `records = events + prunedEvents + duplicates + skipped`.
    public var records = 0
    /// How many distinct events the database holds.
    public var events = 0
    /// How many events `trail403 prune` has deleted.
    public var prunedEvents = 0
    /// Records of events that were stored before.
    public var duplicates = 0
    /// Records that were not taken for events.
    public var skipped = 0
    /// Sorted.
    public var accounts: [String] = []
    /// The Regions of the events.
    public var regions: [String] = []
    /// Log files by kind, sorted by kind: `CloudTrail`, `CloudTrail-Digest`, `CloudTrail-Insight`, …
    public var kinds: [KindCoverage] = []
    /// Time of the first and the last event; `nil` in an empty database.
    public var from: String?
    /// The end of the span; `nil` where it is open or there is no event.
    public var to: String?
    /// The end of the last hour with an event, by account; ISO 8601 UTC text, and empty where it was not sought.
    public var ends: [String: String] = [:]
    /// Events by eventSource and eventCategory (`Management`, `Data`, `NetworkActivity` or `nil` for old records).
    public var services: [ServiceCoverage] = []
    /// Rows of `ingestIssue`.
    public var issues = 0
    /// Spans without any log file in an account and Region that has some before and after; empty where they were not sought.
    public var gaps: [DeliveryGap] = []
    /// The records' `eventVersion`s, in order of their numbers.
    public var eventVersions: [String] = []
    /// What `trail403 verify` found out about the log files; `nil` where it was not asked.
    public var verified: VerifiedCoverage?
    /// When the last log file was ingested, ISO 8601 UTC; `nil` where there is none.
    public var lastIngest: String?
    /// Events before this time were deleted by `trail403 prune`; `nil` where none were.
    public var prunedBefore: String?
    /// Denials whose message is worded in a way that is not known.
    public var unrecognisedMessages = 0
    /// Events of which no form has told whether they succeeded: neither successes nor denials.
    public var untoldOutcomes = 0
    /// Denials whose forms, all of them, hold no message.
    public var unwordedDenials = 0
    /// Events without an eventID that may be other forms of events that the database holds as well.
    public var possibleDoubles = 0

    /// An empty database's coverage.
    public init() {}

    /// Where the archive ends for these accounts: an archive may hold one of them for longer than another.
    public func end(ofAccounts accounts: [String]) -> String? {
        guard let to else { return nil }
        let known = accounts.compactMap { ends[$0] }
        guard let last = known.max(), known.count == accounts.count else { return to }
        return min(last, to)
    }
}

/// A span in which nothing was delivered where something was delivered before and after.
public struct DeliveryGap: Sendable, Hashable {
    /// The account that recorded the event.
    public var accountId: String
    /// The Region that recorded the event.
    public var awsRegion: String
    /// ISO 8601 UTC text: the last event before and the first one after.
    public var from: String
    /// The end of the span; `nil` where it is open or there is no event.
    public var to: String

    /// One gap.
    public init(accountId: String, awsRegion: String, from: String, to: String) {
        self.accountId = accountId
        self.awsRegion = awsRegion
        self.from = from
        self.to = to
    }
}

/// Events of one service and category.
public struct ServiceCoverage: Sendable, Hashable {
    /// CloudTrail's `eventSource`, such as `pinpoint.amazonaws.com`.
    public var eventSource: String
    /// `Management`, `Data`, `NetworkActivity`; `nil` in old records.
    public var eventCategory: String?
    /// How many distinct events.
    public var events: Int
    /// How many denials.
    public var denials: Int

    /// One row.
    public init(eventSource: String, eventCategory: String?, events: Int, denials: Int) {
        self.eventSource = eventSource
        self.eventCategory = eventCategory
        self.events = events
        self.denials = denials
    }
}

/// Log files of one kind.
public struct KindCoverage: Sendable, Hashable {
    /// The kind, such as `CloudTrail` or `CloudTrail-Digest`.
    public var kind: String
    /// How many log files.
    public var logFiles: Int

    /// One row.
    public init(kind: String, logFiles: Int) {
        self.kind = kind
        self.logFiles = logFiles
    }
}
