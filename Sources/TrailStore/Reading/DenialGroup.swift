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
    /// Most often seen first; empty where AWS names no policy.
    public var policyARNs: [Counted<String>] = []
    /// How many denials.
    public var denials: Int
    /// The first and the last denial of the report's window, ISO 8601 UTC text.
    public var firstSeen: String
    /// Time of the last denial.
    public var lastSeen: String
    /// The first and the last denial that the database holds, whatever the window; `nil` where there is no window.
    var wholeSpan: ClosedSpan?
    /// Where and on what the calls were refused, whatever the window.
    var places: [DenialPlace] = []
    /// Hours without a denial between the first and the last one, in order of time.
    var quietSpells: [QuietSpell] = []
    /// The first denial of the latest outage, where the calls had worked for hours between it and earlier denials; `nil` where all
    /// denials are one outage.
    public var outageStart: String?
    /// What the latest outage is about, where that had worked while something else was refused already; empty where it is about
    /// everything that was refused.
    public var outageResources: [String] = []
    /// How many outages there are: denials with a quiet spell between them in which the same call succeeded.
    public var outages = 1
    /// The IAM action of the event, where the refused action is another one: `iam:PassRole` has no event of its own and is
    /// refused behind a `mobiletargeting:CreateImportJob`. Successes are those of this action.
    public var calledAction: String?
    /// The group without the report's window, where the window leaves denials of it out; one at most.
    public var whole: [DenialGroup] = []
    /// Most often refused first. Resources that AWS named; never inferred ones.
    public var resources: [Counted<String>] = []
    /// Resources that the requests suggest where AWS named none.
    public var inferredResources: [Counted<String>] = []
    /// The addresses that the calls came from.
    public var sourceIPAddresses: [Counted<String>] = []
    /// The callers' agents.
    public var userAgents: [Counted<String>] = []
    /// The VPC endpoints that the calls came through.
    public var vpcEndpointIds: [Counted<String>] = []
    /// The AWS services that called on the principal's behalf.
    public var invokedBy: [Counted<String>] = []
    /// The Regions of the events.
    public var regions: [Counted<String>] = []
    /// The accounts that recorded the events.
    public var accounts: [Counted<String>] = []
    /// CloudTrail's `errorCode`s.
    public var errorCodes: [Counted<String>] = []
    /// How many of the denials carry a message that AWS cut at 1 KB.
    public var truncatedDenials = 0
    /// How many carry an authorization id.
    public var authorizationIDs = 0
    /// How many carry a whole encoded authorization message.
    public var encodedMessages = 0
    /// The accounts that own what was called, as records of ``evidence`` name them; looked up for resource control policies alone.
    public var resourceAccounts: Set<String> = []
    /// The first denials and the last one, in order of time; at most five.
    public var evidence: [DenialEvidence] = []
    /// The distinct requests that were refused, as far as records or columns tell; at most six, and empty unless AWS's
    /// authorization refused. A further one of the first denials, and the last one, stands for no call (``RecordedRequest/calls``).
    public var requests: [RecordedRequest] = []
    /// How many denials none of ``requests`` stands for.
    public var furtherRequests = 0
    /// Requests with the same action that succeeded: the last before the first denial, the last between two denials, the first after
    /// the last denial, and one on something else; empty where there were none or they were not looked up.
    public var successes: [RecordedRequest] = []
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
    /// Whether ``lastSuccessBefore`` is known to be on what was refused.
    public var lastSuccessIsOnSameResource = false
    /// A success between ``lastSuccessBefore`` and the first denial that may have been on what was refused or on something else.
    public var laterUnplacedSuccessBefore: String?
    /// A success between ``lastSuccessBefore``, where there is one, and the first denial that was on something else.
    public var laterSuccessElsewhereBefore: String?
    /// The success with which all had worked again after its last denial: in every account and Region, and on everything that
    /// was refused where that is known.
    public var firstSuccessAfter: String?
    /// The latest success that followed some of the denials, where others are still without one.
    public var partialSuccessAfter: String?
    /// Whether the records tell that the successes after the denials were on what had been refused; `nil` where there are none.
    public var successesAreOnSameResource: Bool?
    /// Whether any success is known to be on what was refused: then those that do not tell what they were on stand for none.
    public var successesTellTheirResource = false
    /// Successes of the same action since the first denial on something else than what was refused, which prove nothing.
    public var successesElsewhere = 0
    /// The first and the last success in each Region where the calls work, where they never did in the group's own Regions; `nil`
    /// where there are none or they were not looked up.
    public var successesInOtherRegions: [RegionSuccess]?
    /// Successes of the same action since the first denial that may have been on what was refused or on something else.
    public var unplacedSuccesses = 0
    /// How many successes lie between the first and the last denial: on what was refused or, where no success tells, on what is
    /// not told; `nil` where they were not counted.
    public var successesWithin: Int?
    /// `userIdentity.principalId` without the session's name (`AROA…`), most often refused first.
    public var principalIds: [Counted<String>] = []
    /// The identities behind the denials, the latest first; at most ten, and empty where they were not looked up.
    public var sessions: [DenialSession] = []
    /// The last session of the role that was opened with session tags while the call still worked; `nil` where there is none.
    public var taggedSession: SessionIssue? {
        get { boxedSession?.value }
        set { boxedSession = newValue.map(Boxed.init) }
    }
    /// How many identities there are, those included that ``sessions`` leaves out.
    public var sessionCount = 0
    /// `mfaAuthenticated` as the records have it: `true`, `false`.
    public var mfaAuthenticated: [Counted<String>] = []
    /// `userIdentity.arn` as the records have it, of a role that of the session; empty where there are too many to compare.
    public var callers: [Counted<String>] = []
    /// The source identities of the sessions.
    public var sourceIdentities: [Counted<String>] = []
    /// The earliest and the latest begin of a session behind the denials, ISO 8601 UTC text; empty unless every record tells one.
    public var sessionStarts: [String] = []
    /// What the credentials were made for, such as a function's ARN; empty unless every record tells it, and where there are too
    /// many to compare.
    public var issuingResources: [Counted<String>] = []
    /// ``successContext`` of those successes alone that lie between the first and the last denial; `nil` where there are none.
    public var alternatingContext: SuccessContext? {
        get { boxedAlternatingContext?.value }
        set { boxedAlternatingContext = newValue.map(Boxed.init) }
    }
    /// How the same principal and action looked when it succeeded, in the group's accounts and Regions; `nil` where that was
    /// not looked up or there was no success.
    public var successContext: SuccessContext? {
        get { boxedSuccessContext?.value }
        set { boxedSuccessContext = newValue.map(Boxed.init) }
    }

    /// What a log beside CloudTrail tells of the refusals, where no event of CloudTrail has them; `nil` for denials.
    public var companion: CompanionRefusal? {
        get { boxedCompanion?.value }
        set { boxedCompanion = newValue.map(Boxed.init) }
    }

    // Groups are copied by the thousand, and most have none of these.
    private var boxedSession: Boxed<SessionIssue>?
    private var boxedAlternatingContext: Boxed<SuccessContext>?
    private var boxedSuccessContext: Boxed<SuccessContext>?
    private var boxedCompanion: Boxed<CompanionRefusal>?

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
