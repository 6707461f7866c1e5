import AccessDenial

extension DenialGroup {
    /// What a report tells of a group in full alone, and what a diagnosis is made of.
    struct Details: Sendable, Hashable {
        var policyARNs: [Counted<String>] = []
        var wholeSpan: ClosedSpan?
        var places: [DenialPlace] = []
        var quietSpells: [QuietSpell] = []
        var outageResources: [String] = []
        var outages = 1
        var calledAction: String?
        var whole: [DenialGroup] = []
        var resources: [Counted<String>] = []
        var inferredResources: [Counted<String>] = []
        var sourceIPAddresses: [Counted<String>] = []
        var userAgents: [Counted<String>] = []
        var vpcEndpointIds: [Counted<String>] = []
        var invokedBy: [Counted<String>] = []
        var regions: [Counted<String>] = []
        var accounts: [Counted<String>] = []
        var errorCodes: [Counted<String>] = []
        var truncatedDenials = 0
        var authorizationIDs = 0
        var encodedMessages = 0
        var resourceAccounts: Set<String> = []
        var evidence: [DenialEvidence] = []
        var requests: [RecordedRequest] = []
        var furtherRequests = 0
        var successes: [RecordedRequest] = []
        var lastSuccessIsOnSameResource = false
        var laterUnplacedSuccessBefore: String?
        var laterSuccessElsewhereBefore: String?
        var firstSuccessAfter: String?
        var partialSuccessAfter: String?
        var successesAreOnSameResource: Bool?
        var successesTellTheirResource = false
        var successesElsewhere = 0
        var successesInOtherRegions: [RegionSuccess]?
        var unplacedSuccesses = 0
        var successesWithin: Int?
        var principalIds: [Counted<String>] = []
        var sessions: [DenialSession] = []
        var taggedSession: Boxed<SessionIssue>?
        var sessionCount = 0
        var mfaAuthenticated: [Counted<String>] = []
        var callers: [Counted<String>] = []
        var sourceIdentities: [Counted<String>] = []
        var sessionStarts: [String] = []
        var issuingResources: [Counted<String>] = []
        var alternatingContext: Boxed<SuccessContext>?
        var successContext: Boxed<SuccessContext>?
    }

    /// Most often seen first; empty where AWS names no policy.
    public var policyARNs: [Counted<String>] {
        get { details.value.policyARNs }
        _modify { yield &details.value.policyARNs }
    }
    /// The first and the last denial that the database holds, whatever the window; `nil` where there is no window.
    var wholeSpan: ClosedSpan? {
        get { details.value.wholeSpan }
        _modify { yield &details.value.wholeSpan }
    }
    /// Where and on what the calls were refused, whatever the window.
    var places: [DenialPlace] {
        get { details.value.places }
        _modify { yield &details.value.places }
    }
    /// Hours without a denial between the first and the last one, in order of time.
    var quietSpells: [QuietSpell] {
        get { details.value.quietSpells }
        _modify { yield &details.value.quietSpells }
    }
    /// What the latest outage is about, where that had worked while something else was refused already; empty where it is about
    /// everything that was refused.
    public var outageResources: [String] {
        get { details.value.outageResources }
        _modify { yield &details.value.outageResources }
    }
    /// How many outages there are: denials with a quiet spell between them in which the same call succeeded.
    public var outages: Int {
        get { details.value.outages }
        _modify { yield &details.value.outages }
    }
    /// The IAM action of the event, where the refused action is another one: `iam:PassRole` has no event of its own and is
    /// refused behind a `mobiletargeting:CreateImportJob`. Successes are those of this action.
    public var calledAction: String? {
        get { details.value.calledAction }
        _modify { yield &details.value.calledAction }
    }
    /// The group without the report's window, where the window leaves denials of it out; one at most.
    public var whole: [DenialGroup] {
        get { details.value.whole }
        _modify { yield &details.value.whole }
    }
    /// Most often refused first. Resources that AWS named; never inferred ones.
    public var resources: [Counted<String>] {
        get { details.value.resources }
        _modify { yield &details.value.resources }
    }
    /// Resources that the requests suggest where AWS named none.
    public var inferredResources: [Counted<String>] {
        get { details.value.inferredResources }
        _modify { yield &details.value.inferredResources }
    }
    /// The addresses that the calls came from.
    public var sourceIPAddresses: [Counted<String>] {
        get { details.value.sourceIPAddresses }
        _modify { yield &details.value.sourceIPAddresses }
    }
    /// The callers' agents.
    public var userAgents: [Counted<String>] {
        get { details.value.userAgents }
        _modify { yield &details.value.userAgents }
    }
    /// The VPC endpoints that the calls came through.
    public var vpcEndpointIds: [Counted<String>] {
        get { details.value.vpcEndpointIds }
        _modify { yield &details.value.vpcEndpointIds }
    }
    /// The AWS services that called on the principal's behalf.
    public var invokedBy: [Counted<String>] {
        get { details.value.invokedBy }
        _modify { yield &details.value.invokedBy }
    }
    /// The Regions of the events.
    public var regions: [Counted<String>] {
        get { details.value.regions }
        _modify { yield &details.value.regions }
    }
    /// The accounts that recorded the events.
    public var accounts: [Counted<String>] {
        get { details.value.accounts }
        _modify { yield &details.value.accounts }
    }
    /// CloudTrail's `errorCode`s.
    public var errorCodes: [Counted<String>] {
        get { details.value.errorCodes }
        _modify { yield &details.value.errorCodes }
    }
    /// How many of the denials carry a message that AWS cut at 1 KB.
    public var truncatedDenials: Int {
        get { details.value.truncatedDenials }
        _modify { yield &details.value.truncatedDenials }
    }
    /// How many carry an authorization id.
    public var authorizationIDs: Int {
        get { details.value.authorizationIDs }
        _modify { yield &details.value.authorizationIDs }
    }
    /// How many carry a whole encoded authorization message.
    public var encodedMessages: Int {
        get { details.value.encodedMessages }
        _modify { yield &details.value.encodedMessages }
    }
    /// The accounts that own what was called, as records of ``evidence`` name them; looked up for resource control policies alone.
    public var resourceAccounts: Set<String> {
        get { details.value.resourceAccounts }
        _modify { yield &details.value.resourceAccounts }
    }
    /// The first denials and the last one, in order of time; at most five.
    public var evidence: [DenialEvidence] {
        get { details.value.evidence }
        _modify { yield &details.value.evidence }
    }
    /// The distinct requests that were refused, as far as records or columns tell; at most six, and empty unless AWS's
    /// authorization refused. A further one of the first denials, and the last one, stands for no call (``RecordedRequest/calls``).
    public var requests: [RecordedRequest] {
        get { details.value.requests }
        _modify { yield &details.value.requests }
    }
    /// How many denials none of ``requests`` stands for.
    public var furtherRequests: Int {
        get { details.value.furtherRequests }
        _modify { yield &details.value.furtherRequests }
    }
    /// Requests with the same action that succeeded: the last before the first denial, the last between two denials, the first after
    /// the last denial, and one on something else; empty where there were none or they were not looked up.
    public var successes: [RecordedRequest] {
        get { details.value.successes }
        _modify { yield &details.value.successes }
    }
    /// Whether ``lastSuccessBefore`` is known to be on what was refused.
    public var lastSuccessIsOnSameResource: Bool {
        get { details.value.lastSuccessIsOnSameResource }
        _modify { yield &details.value.lastSuccessIsOnSameResource }
    }
    /// A success between ``lastSuccessBefore`` and the first denial that may have been on what was refused or on something else.
    public var laterUnplacedSuccessBefore: String? {
        get { details.value.laterUnplacedSuccessBefore }
        _modify { yield &details.value.laterUnplacedSuccessBefore }
    }
    /// A success between ``lastSuccessBefore``, where there is one, and the first denial that was on something else.
    public var laterSuccessElsewhereBefore: String? {
        get { details.value.laterSuccessElsewhereBefore }
        _modify { yield &details.value.laterSuccessElsewhereBefore }
    }
    /// The success with which all had worked again after its last denial: in every account and Region, and on everything that
    /// was refused where that is known.
    public var firstSuccessAfter: String? {
        get { details.value.firstSuccessAfter }
        _modify { yield &details.value.firstSuccessAfter }
    }
    /// The latest success that followed some of the denials, where others are still without one.
    public var partialSuccessAfter: String? {
        get { details.value.partialSuccessAfter }
        _modify { yield &details.value.partialSuccessAfter }
    }
    /// Whether the records tell that the successes after the denials were on what had been refused; `nil` where there are none.
    public var successesAreOnSameResource: Bool? {
        get { details.value.successesAreOnSameResource }
        _modify { yield &details.value.successesAreOnSameResource }
    }
    /// Whether any success is known to be on what was refused: then those that do not tell what they were on stand for none.
    public var successesTellTheirResource: Bool {
        get { details.value.successesTellTheirResource }
        _modify { yield &details.value.successesTellTheirResource }
    }
    /// Successes of the same action since the first denial on something else than what was refused, which prove nothing.
    public var successesElsewhere: Int {
        get { details.value.successesElsewhere }
        _modify { yield &details.value.successesElsewhere }
    }
    /// The first and the last success in each Region where the calls work, where they never did in the group's own Regions; `nil`
    /// where there are none or they were not looked up.
    public var successesInOtherRegions: [RegionSuccess]? {
        get { details.value.successesInOtherRegions }
        _modify { yield &details.value.successesInOtherRegions }
    }
    /// Successes of the same action since the first denial that may have been on what was refused or on something else.
    public var unplacedSuccesses: Int {
        get { details.value.unplacedSuccesses }
        _modify { yield &details.value.unplacedSuccesses }
    }
    /// How many successes lie between the first and the last denial: on what was refused or, where no success tells, on what is
    /// not told; `nil` where they were not counted.
    public var successesWithin: Int? {
        get { details.value.successesWithin }
        _modify { yield &details.value.successesWithin }
    }
    /// `userIdentity.principalId` without the session's name (`AROA…`), most often refused first.
    public var principalIds: [Counted<String>] {
        get { details.value.principalIds }
        _modify { yield &details.value.principalIds }
    }
    /// The identities behind the denials, the latest first; at most ten, and empty where they were not looked up.
    public var sessions: [DenialSession] {
        get { details.value.sessions }
        _modify { yield &details.value.sessions }
    }
    /// The last session of the role that was opened with session tags while the call still worked; `nil` where there is none.
    public var taggedSession: SessionIssue? {
        get { details.value.taggedSession?.value }
        set { details.value.taggedSession = newValue.map(Boxed.init) }
    }
    /// How many identities there are, those included that ``sessions`` leaves out.
    public var sessionCount: Int {
        get { details.value.sessionCount }
        _modify { yield &details.value.sessionCount }
    }
    /// `mfaAuthenticated` as the records have it: `true`, `false`.
    public var mfaAuthenticated: [Counted<String>] {
        get { details.value.mfaAuthenticated }
        _modify { yield &details.value.mfaAuthenticated }
    }
    /// `userIdentity.arn` as the records have it, of a role that of the session; empty where there are too many to compare.
    public var callers: [Counted<String>] {
        get { details.value.callers }
        _modify { yield &details.value.callers }
    }
    /// The source identities of the sessions.
    public var sourceIdentities: [Counted<String>] {
        get { details.value.sourceIdentities }
        _modify { yield &details.value.sourceIdentities }
    }
    /// The earliest and the latest begin of a session behind the denials, ISO 8601 UTC text; empty unless every record tells one.
    public var sessionStarts: [String] {
        get { details.value.sessionStarts }
        _modify { yield &details.value.sessionStarts }
    }
    /// What the credentials were made for, such as a function's ARN; empty unless every record tells it, and where there are too
    /// many to compare.
    public var issuingResources: [Counted<String>] {
        get { details.value.issuingResources }
        _modify { yield &details.value.issuingResources }
    }
    /// ``successContext`` of those successes alone that lie between the first and the last denial; `nil` where there are none.
    public var alternatingContext: SuccessContext? {
        get { details.value.alternatingContext?.value }
        set { details.value.alternatingContext = newValue.map(Boxed.init) }
    }
    /// How the same principal and action looked when it succeeded, in the group's accounts and Regions; `nil` where that was
    /// not looked up or there was no success.
    public var successContext: SuccessContext? {
        get { details.value.successContext?.value }
        set { details.value.successContext = newValue.map(Boxed.init) }
    }
}
