/// What a log beside CloudTrail tells of a group's refusals: where they were seen, and what refused there.
public struct CompanionRefusal: Sendable, Hashable {
    /// Where a refusal was seen.
    public enum Layer: String, Sendable, CaseIterable {
        case gateway = "api-gateway"
        case firewall = "waf"
        case application
        case s3Access = "s3-access"
        case loadBalancer = "load-balancer"
        case network
        /// Names that did not resolve, or not as they should: no refusal, but a reason for calls that do not arrive.
        case names = "dns"
    }

    /// Where it was seen.
    public var layer: Layer
    /// What refused within the layer, as the log's row has it: `api-key`, `signature`, `network`, a rule, an error code.
    public var cause: String?
    /// What it was at: API and stage, web ACL, bucket, load balancer, address and port, host.
    public var place: String?
    /// What tells the refusal's kind beside its cause: a rule group, an operation, an interface.
    public var detail: String?
    /// AWS's sentence, as an application logged it.
    public var sentence: String?
    /// The HTTP status that the caller saw.
    public var status: Int?
    /// The latest request id.
    public var requestID: String?
    /// Where the log of it lies: a log group, or the path of a file.
    public var log: String?
    /// How far the logs of its kind reach, ISO 8601 UTC; `nil` where no entry tells a time.
    public var logsUntil: String?
    /// Calls of applications that got no answer around the time of these refusals.
    public var unanswered = 0

    /// A refusal in a layer.
    public init(_ layer: Layer, cause: String? = nil, place: String? = nil, detail: String? = nil) {
        self.layer = layer
        self.cause = cause
        self.place = place
        self.detail = detail
    }

    /// Whether an application logged AWS's answer to a call that AWS judged by policies or by the account's state: what CloudTrail
    /// tells of the caller bears on it as it does on a denial.
    public var isAnswerOfService: Bool { layer == .application && (cause == "policy" || cause == "account") }
}

/// What another log tells of refusals that CloudTrail has too.
public struct CompanionSighting: Sendable, Hashable {
    /// Where they were seen: ``CompanionRefusal/Layer/gateway``, `application`, `s3Access`; `network` for flows that were let through.
    public var layer: CompanionRefusal.Layer
    /// API, stage and route; a log group or file; addresses of a flow.
    public var place: String
    /// Who called there: an ARN, else an address.
    public var caller: String?
    /// The HTTP status that the caller saw.
    public var status: Int?
    /// How many.
    public var count: Int
    /// ISO 8601 UTC.
    public var firstSeen: String
    /// The last one.
    public var lastSeen: String
    /// The latest request id in that log.
    public var requestID: String?
    /// Where the log lies.
    public var log: String?

    /// Refusals, or flows, that were seen in a layer.
    public init(
        _ layer: CompanionRefusal.Layer, place: String, caller: String? = nil, status: Int? = nil, count: Int,
        firstSeen: String, lastSeen: String, requestID: String? = nil, log: String? = nil
    ) {
        self.layer = layer
        self.place = place
        self.caller = caller
        self.status = status
        self.count = count
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
        self.requestID = requestID
        self.log = log
    }
}

/// How far the logs of one kind reach.
public struct CompanionReach: Sendable, Hashable {
    /// The kind, as `companionLog` has it.
    public var kind: String
    /// API and stage, web ACL, bucket, VPC or log group; how many there are.
    public var scopes: Int
    /// Files.
    public var files: Int
    /// Entries that were read.
    public var entries: Int
    /// Those of them that are refusals.
    public var refusals: Int
    /// ISO 8601 UTC; `nil` where no entry tells its time.
    public var from: String?
    /// The last one.
    public var to: String?

    /// How far logs reach.
    public init(
        kind: String, scopes: Int, files: Int, entries: Int, refusals: Int, from: String? = nil, to: String? = nil
    ) {
        self.kind = kind
        self.scopes = scopes
        self.files = files
        self.entries = entries
        self.refusals = refusals
        self.from = from
        self.to = to
    }
}

/// What the logs beside CloudTrail tell, apart from the refusals that are groups.
public struct CompanionFacts: Sendable, Hashable {
    /// What may keep calls from being made: names that do not resolve, packets that were rejected without a call that is known to miss
    /// them.
    public var leads: [DenialGroup] = []
    /// What was read, by kind.
    public var reach: [CompanionReach] = []
    /// Rows that are linked to an event of CloudTrail: refusals that both saw.
    public var seenByBoth = 0
    /// What other logs tell of a group's refusals, by the group's id.
    public var sightings: [String: [CompanionSighting]] = [:]
    /// Refusals of services that the filter leaves out, by service.
    public var others: [Counted<String>] = []

    /// Nothing read.
    public init() {}

    /// Whether logs of these kinds cover a span: without one that does, that nothing is seen proves nothing.
    public func cover(_ kinds: Set<String>, from: String, to: String) -> Bool {
        reach.contains { part in
            guard kinds.contains(part.kind), let first = part.from, let last = part.to else { return false }
            return first <= from && to <= last
        }
    }
}
