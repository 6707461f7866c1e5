public import AccessDenial
import IAMPolicy

/// A value with the number of denials that bear it.
public struct Counted<Value: Sendable & Hashable>: Sendable, Hashable {
    /// The value.
    public var value: Value
    /// How many denials.
    public var denials: Int

    /// A value and how often it was seen.
    public init(_ value: Value, denials: Int) {
        self.value = value
        self.denials = denials
    }
}

/// One refused event as evidence for its group.
public struct DenialEvidence: Sendable, Hashable {
    /// CloudTrail's `eventID`.
    public var eventID: String
    /// ISO 8601 UTC text.
    public var eventTime: String
    /// CloudTrail's `eventName`, such as `SendMessages`.
    public var eventName: String
    /// The Region that recorded the event.
    public var awsRegion: String?
    /// The resource that AWS named.
    public var resource: String?
    /// CloudTrail's `errorCode`.
    public var errorCode: String?
    /// CloudTrail's `errorMessage`.
    public var errorMessage: String?
    /// The version of TLS that the call came by (`tlsDetails.tlsVersion`); `nil` where the record was not kept or tells none.
    public var tlsVersion: String?
    /// The event's key in the database.
    var key: Int64 = 0

    /// One refused event.
    public init(
        eventID: String, eventTime: String, eventName: String, awsRegion: String? = nil, resource: String? = nil,
        errorCode: String? = nil, errorMessage: String? = nil, tlsVersion: String? = nil
    ) {
        self.eventID = eventID
        self.eventTime = eventTime
        self.eventName = eventName
        self.awsRegion = awsRegion
        self.resource = resource
        self.errorCode = errorCode
        self.errorMessage = errorMessage
        self.tlsVersion = tlsVersion
    }
}

/// Denials of one principal × action × reason within the report's window.
public struct DenialGroup: Sendable, Hashable {
    /// Twelve hexadecimal digits, the same on every machine: a hash of principal, action and reason.
    public var id: String
    /// Who called: a role rather than its sessions.
    public var principal: String
    /// `userIdentity.type`, or `Unknown`.
    public var principalType: String
    /// The IAM action.
    public var action: String
    /// CloudTrail's `eventSource` of the first denial.
    public var eventSource: String
    /// Why AWS says that it refused.
    public var reason: Reason
    /// What kind of refusal it is.
    public var category: Category
    /// How many denials.
    public var denials: Int
    /// The first and the last denial of the report's window, ISO 8601 UTC text.
    public var firstSeen: String
    /// Time of the last denial.
    public var lastSeen: String
    /// The first denial of the latest outage, where the calls had worked for hours between it and earlier denials; `nil` where all
    /// denials are one outage.
    public var outageStart: String?
    /// Denials by UTC day, in order of time; days without any are left out. Empty where they were not counted.
    public var days: [DayCount] = []
    /// Denials by minute, in order of time, where the first and the last lie within ``shortSpan``; else empty.
    public var minutes: [MinuteCount] = []
    /// How many of the denials are new since the run that the report compares with; `nil` where it compares with none.
    public var newDenials: Int?
    /// The last success of the same principal and action before the first denial, in the group's accounts and Regions and on what
    /// was refused; where none is known to be on that, the last one whose record does not tell what it was on. `nil` where
    /// there is neither or it was not looked up: then ``Usage`` bounds it.
    public var lastSuccessBefore: String?
    /// What a log beside CloudTrail tells of the refusals, where no event of CloudTrail has them; `nil` for denials.
    public var companion: CompanionRefusal? {
        get { boxedCompanion?.value }
        set { boxedCompanion = newValue.map(Boxed.init) }
    }

    /// Whether events of CloudTrail tell of the refusals: whether they are denials.
    public var isOfDenials: Bool { boxedCompanion == nil }
    private var boxedCompanion: Boxed<CompanionRefusal>?
    // Groups are copied, sorted and counted by the thousand: what few of them are asked for stays where it is.
    var details = Self.noDetails

    private static let noDetails = Boxed(Details())

    /// Seconds up to which days are too coarse for a look at when the denials were.
    public static let shortSpan: Int64 = 3 * 86_400

    /// A group with its key and count; the lists start empty.
    public init(
        id: String, principal: String, principalType: String, action: String, eventSource: String, reason: Reason,
        category: Category, denials: Int, firstSeen: String, lastSeen: String
    ) {
        self.id = id
        self.principal = principal
        self.principalType = principalType
        self.action = action
        self.eventSource = eventSource
        self.reason = reason
        self.category = category
        self.denials = denials
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
    }
}

/// Two moments, ISO 8601 UTC text.
struct ClosedSpan: Sendable, Hashable {
    var first: String
    var last: String
}

/// Denials of a group in one Region and account, on one target where it is known: by the numbers of their texts, 0 for unknown.
struct DenialPlace: Sendable, Hashable {
    var region: Int64
    var account: Int64
    var target: Int64
    /// Seconds since 1970.
    var first: Int64 = 0
    var last: Int64 = 0
    /// The resource of the first denial: the number of its text, 0 for none.
    var resource: Int64 = 0
}

/// A span between two denials of a group that follow each other.
struct QuietSpell: Sendable, Hashable {
    /// Seconds without a denial from which on a success between two denials ends an outage: shorter ones are calls that succeed
    /// and fail by turns.
    static let minimum: Int64 = 6 * 3600

    /// Seconds since 1970.
    var from: Int64
    var to: Int64
}

extension DenialGroup {
    /// The action whose successes tell whether the call works.
    public var successAction: String { calledAction ?? action }

    /// Seconds of the longest span without a denial between two of them, where it is one of hours; 0 where there is none.
    public var longestPause: Int64 { quietSpells.map { $0.to - $0.from }.max() ?? 0 }

    /// When what is refused now began to be refused.
    public var since: String { outageStart ?? firstDenial }

    /// The first denial that the database holds, be it before the report's window: what "since" and "what changed before" mean.
    public var firstDenial: String { wholeSpan?.first ?? firstSeen }
    /// The last denial that the database holds, be it after the report's window.
    public var lastDenial: String { wholeSpan?.last ?? lastSeen }

    /// Whether the sessions behind the group bear on its reason.
    var asksForSessions: Bool {
        reason.policyType == .session || taggedSession != nil || action == "sts:TagSession"
            || ["credentials-expired", "credentials-invalid"].contains(reason.slug)
    }
}

/// Denials of one UTC day.
public struct DayCount: Sendable, Hashable {
    /// `2026-11-09`.
    public var date: String
    /// How many denials.
    public var denials: Int

    /// One day's denials.
    public init(date: String, denials: Int) {
        self.date = date
        self.denials = denials
    }
}
