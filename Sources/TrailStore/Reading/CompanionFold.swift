import AccessDenial
import CompanionLogs
import IAMPolicy

/// Folds refusals that no event of CloudTrail tells into groups: principal × action × reason, at one place of one layer.
struct CompanionFold {
    /// One row of a companion table, as a group needs it.
    struct Entry {
        var layer: CompanionRefusal.Layer
        var key: Int64
        /// ISO 8601 UTC; empty where the log tells none.
        var time: String
        var lastTime: String
        var count: Int
        var isNew: Bool
        var cause: String?
        var principal: String?
        var action: String?
        var place: String?
        var detail: String?
        var item: String?
        var status: Int?
        var address: String?
        var agent: String?
        var code: String?
        var operation: String?
        var reason: String?
        var category: String?
        var requestID: String?
        var sentence: String?
        var region: String?
        var log: String?
        var offset: Int
    }

    /// What makes a group.
    struct Key: Hashable {
        var layer: CompanionRefusal.Layer
        var principal: String
        var action: String
        var reason: Reason
        var cause: String?
        var place: String?
        var detail: String?

        init(_ entry: Entry) {
            layer = entry.layer
            cause = entry.cause
            place = entry.place
            detail = entry.detail
            reason = CompanionFold.reason(entry)
            switch entry.layer {
            case .gateway:
                principal = entry.principal.map(RoleARN.folding) ?? "anonymous"
                action = "execute-api:Invoke"
            case .application:
                // Where the text names nobody, the log does.
                principal = entry.principal ?? entry.place ?? entry.log.flatMap(CompanionFold.application) ?? "unknown"
                action = entry.action ?? entry.operation ?? "unknown"
                place = nil
            case .s3Access:
                principal = entry.principal.map(RoleARN.folding) ?? "anonymous"
                action = CompanionFold.s3Actions[entry.operation ?? ""] ?? entry.operation ?? "s3:*"
            case .firewall, .loadBalancer:
                principal = "anonymous"
                action = entry.action ?? "request"
            case .network, .names:
                principal = entry.principal ?? ""
                action = entry.action ?? ""
            }
        }

        /// The group of everything beyond the limit.
        var rest: Key {
            var key = self
            key.principal = "various"
            key.cause = nil
            key.place = nil
            key.detail = nil
            return key
        }

        /// The ids that the group may bear.
        var identifiers: [String] {
            let parts = [layer.rawValue, reason.slug, cause ?? "", place ?? "", detail ?? ""]
            return DenialGroup.publicIDs(
                principal: principal, action: action, reason: parts.joined(separator: "\u{1}"))
        }
    }

    /// A call and its caller: what a later success is compared with.
    struct Call: Hashable {
        var item: String
        var caller: String
    }

    fileprivate struct Tally {
        var group: DenialGroup
        var refusal: CompanionRefusal
        var new = 0
        var resources: [String: Int] = [:]
        var addresses: [String: Int] = [:]
        var agents: [String: Int] = [:]
        var codes: [String: Int] = [:]
        var regions: [String: Int] = [:]
        var minutes: [Int64: Int] = [:]
        var calls: Set<Call> = []
        var keys: [Int64] = []
    }

    /// Groups of one layer; what is beyond them is one more for each reason.
    fileprivate static let groupLimit = 500
    /// Values that are told apart in one group, and those that are listed of them.
    fileprivate static let valueLimit = 1_000
    fileprivate static let listLimit = 50
    fileprivate static let minuteLimit = 20_000
    fileprivate static let evidenceLimit = 5

    private let isScheduled: Bool
    private var tallies: [Key: Tally] = [:]
    private var counts: [CompanionRefusal.Layer: Int] = [:]

    /// - Parameter isScheduled: whether the groups tell how many of their refusals are new.
    init(isScheduled: Bool) { self.isScheduled = isScheduled }

    /// Takes a refusal in; rows come in order of time.
    mutating func add(_ entry: Entry) {
        var key = Key(entry)
        if tallies[key] == nil {
            if counts[entry.layer, default: 0] >= Self.groupLimit {
                key = key.rest
                if tallies[key] == nil { tallies[key] = Tally(key) }
            } else {
                counts[entry.layer, default: 0] += 1
                tallies[key] = Tally(key)
            }
        }
        tallies[key]?.add(entry)
    }

    /// The groups, ordered by id, with the calls that each is of and the rows behind it.
    func groups() -> [(group: DenialGroup, calls: Set<Call>, keys: [Int64])] {
        var taken: Set<String> = []
        return tallies.sorted { $0.key.order < $1.key.order }.map { key, tally in
            var group = tally.finished(isScheduled: isScheduled)
            group.id = key.identifiers.first { taken.insert($0).inserted } ?? ""
            return (group, tally.calls, tally.keys)
        }.sorted { $0.group.id < $1.group.id }
    }
}

extension CompanionFold.Entry {
    /// The operation, or method and path.
    fileprivate var eventName: String {
        if let operation { return operation }
        if layer == .application, let action { return String(action.split(separator: ":").last ?? "") }
        return item ?? action ?? layer.rawValue
    }
}

extension CompanionFold.Key {
    fileprivate var order: String {
        [layer.rawValue, principal, action, reason.slug, cause ?? "", place ?? "", detail ?? ""].joined(
            separator: "\u{1}")
    }

    fileprivate var eventSource: String {
        switch layer {
        case .gateway: "execute-api.amazonaws.com"
        case .firewall: "wafv2.amazonaws.com"
        case .s3Access: "s3.amazonaws.com"
        case .application:
            action.firstIndex(of: ":").map { IAMAction.eventSource(ofPrefix: String(action[..<$0])) } ?? ""
        case .loadBalancer, .network, .names: ""
        }
    }
}

extension CompanionFold.Tally {
    fileprivate init(_ key: CompanionFold.Key) {
        group = DenialGroup(
            id: "", principal: key.principal, principalType: "Unknown", action: key.action,
            eventSource: key.eventSource, reason: key.reason, category: key.reason.category, denials: 0, firstSeen: "",
            lastSeen: "")
        refusal = CompanionRefusal(key.layer, cause: key.cause, place: key.place, detail: key.detail)
    }

    fileprivate mutating func add(_ entry: CompanionFold.Entry) {
        group.denials += entry.count
        if entry.isNew { new += entry.count }
        if !entry.time.isEmpty {
            if let last = Timestamp.seconds(group.lastSeen), let time = Timestamp.seconds(entry.time),
                time - last >= QuietSpell.minimum
            {
                group.quietSpells.append(QuietSpell(from: last, to: time))
            }
            if group.firstSeen.isEmpty { group.firstSeen = entry.time }
            group.lastSeen = max(group.lastSeen, entry.lastTime)
            if let seconds = Timestamp.seconds(entry.time) {
                let minute = seconds / 60 * 60
                if minutes[minute] != nil || minutes.count < CompanionFold.minuteLimit {
                    minutes[minute, default: 0] += entry.count
                }
            }
        }
        count(entry.item ?? (entry.layer == .application ? nil : entry.place), in: \.resources, entry.count)
        count(entry.address, in: \.addresses, entry.count)
        let sdk = entry.layer == .application ? entry.agent.flatMap(SDK.init(rawValue:))?.title : nil
        count(sdk ?? entry.agent, in: \.agents, entry.count)
        count(entry.code, in: \.codes, entry.count)
        count(entry.region, in: \.regions, entry.count)
        if let item = entry.item, let caller = entry.principal ?? entry.address,
            calls.count < CompanionFold.valueLimit
        {
            calls.insert(CompanionFold.Call(item: item, caller: caller))
        }
        if keys.count < CompanionFold.valueLimit { keys.append(entry.key) }
        refusal.status = entry.status ?? refusal.status
        refusal.requestID = entry.requestID ?? refusal.requestID
        refusal.sentence = entry.sentence ?? refusal.sentence
        refusal.log = entry.log ?? refusal.log
        let evidence = DenialEvidence(
            eventID: entry.requestID ?? "\(entry.log ?? "log"), byte \(entry.offset)", eventTime: entry.time,
            eventName: entry.eventName, awsRegion: entry.region,
            resource: entry.item ?? entry.place, errorCode: entry.code, errorMessage: entry.sentence)
        // The first ones and the last.
        if group.evidence.count >= CompanionFold.evidenceLimit { group.evidence.removeLast() }
        group.evidence.append(evidence)
    }

    private mutating func count(_ value: String?, in list: WritableKeyPath<Self, [String: Int]>, _ number: Int) {
        guard let value, !value.isEmpty else { return }
        guard self[keyPath: list][value] != nil || self[keyPath: list].count < CompanionFold.valueLimit else { return }
        self[keyPath: list][value, default: 0] += number
    }

    fileprivate func finished(isScheduled: Bool) -> DenialGroup {
        func list(_ counts: [String: Int]) -> [Counted<String>] {
            let sorted = counts.map { Counted($0.key, denials: $0.value) }.sorted {
                ($1.denials, $0.value) < ($0.denials, $1.value)
            }
            return Array(sorted.prefix(CompanionFold.listLimit))
        }
        var group = group
        group.companion = refusal
        group.resources = list(resources)
        group.sourceIPAddresses = list(addresses)
        group.userAgents = list(agents)
        group.errorCodes = list(codes)
        group.regions = list(regions)
        group.accounts =
            ARN(group.principal).map { $0.account.isEmpty ? [] : [Counted($0.account, denials: group.denials)] } ?? []
        group.newDenials = isScheduled ? new : nil
        var days: [String: Int] = [:]
        for (minute, count) in minutes { days[String(Timestamp.text(minute).prefix(10)), default: 0] += count }
        group.days = days.map { DayCount(date: $0.key, denials: $0.value) }.sorted { $0.date < $1.date }
        if let first = Timestamp.seconds(group.firstSeen), let last = Timestamp.seconds(group.lastSeen),
            last - first <= DenialGroup.shortSpan
        {
            group.minutes = minutes.map { MinuteCount(minute: $0.key, count: $0.value) }.sorted {
                $0.minute < $1.minute
            }
        }
        return group
    }
}

extension CompanionFold {
    /// What an application's log is called without its folder, its day and its place in a rotation, so that the next file is of the same
    /// application on every machine; `nil` where nothing is left.
    fileprivate static func application(_ path: String) -> String? {
        let file = path.split(separator: "/").last ?? ""
        let name = file.prefix { $0 != "." && !$0.isNumber }
        let end = name.lastIndex { $0 != "-" && $0 != "_" }
        return end.map { String(name[...$0]) }
    }

    /// The reason of the table that a row's cause, code or sentence tells.
    fileprivate static func reason(_ entry: Entry) -> Reason {
        let slug: String
        switch entry.layer {
        case .gateway:
            switch entry.cause {
            case "waf": slug = "waf"
            case "signature": slug = "signature-invalid"
            case "credentials":
                slug = entry.code == "EXPIRED_TOKEN" ? "credentials-expired" : "credentials-invalid"
            default: slug = "gateway:\(entry.cause ?? "unstated")"
            }
        case .firewall: slug = "waf"
        case .application:
            switch entry.cause {
            case "proxy", "load-balancer", "cloudfront": slug = entry.cause ?? ""
            default: slug = entry.reason ?? ""
            }
        case .s3Access:
            guard let code = entry.code, case .denial(_, let told?) = ErrorCode(code) else { return .unstated }
            return told
        case .loadBalancer: slug = entry.cause == "cloudfront" ? "cloudfront" : "load-balancer"
        case .network, .names: slug = "network"
        }
        return Reason(slug: slug) ?? .unstated
    }

    /// IAM's actions behind the operations of S3's server access logs.
    /// Source: "Amazon S3 server access log format" and "Actions, resources, and condition keys for Amazon S3".
    fileprivate static let s3Actions = [
        "REST.GET.OBJECT": "s3:GetObject", "REST.HEAD.OBJECT": "s3:GetObject", "REST.PUT.OBJECT": "s3:PutObject",
        "REST.POST.OBJECT": "s3:PutObject", "REST.COPY.OBJECT": "s3:PutObject", "REST.PUT.PART": "s3:PutObject",
        "REST.POST.UPLOADS": "s3:PutObject", "REST.POST.UPLOAD": "s3:PutObject",
        "REST.DELETE.OBJECT": "s3:DeleteObject",
        "REST.POST.MULTI_OBJECT_DELETE": "s3:DeleteObject", "REST.DELETE.UPLOAD": "s3:AbortMultipartUpload",
        "REST.GET.BUCKET": "s3:ListBucket", "REST.HEAD.BUCKET": "s3:ListBucket",
        "REST.GET.BUCKETVERSIONS": "s3:ListBucketVersions", "REST.GET.ACL": "s3:GetObjectAcl",
        "REST.PUT.ACL": "s3:PutObjectAcl", "REST.GET.BUCKETPOLICY": "s3:GetBucketPolicy",
        "REST.PUT.BUCKETPOLICY": "s3:PutBucketPolicy", "REST.GET.OBJECT_TAGGING": "s3:GetObjectTagging",
        "REST.GET.LOCATION": "s3:GetBucketLocation", "REST.GET.VERSIONING": "s3:GetBucketVersioning",
    ]
}
