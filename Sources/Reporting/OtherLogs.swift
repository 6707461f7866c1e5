import Causes
import CompanionLogs
import Diagnosis
import OrderedJSON
public import Remedies
public import TrailStore
import Wording

/// What the logs beside CloudTrail tell, apart from the refusals that are groups of the report.
public struct OtherLogs: Sendable, Hashable {
    /// What may keep calls from being made: names that do not resolve, rejected packets that no call is known to miss.
    public var leads: [DiagnosedGroup]
    /// What was read.
    public var reach: [CompanionReach]
    /// Refusals that CloudTrail and another log tell.
    public var seenByBoth: Int

    /// What these facts tell.
    public init(_ facts: CompanionFacts) {
        leads = Diagnoser.leads(facts)
        reach = facts.reach
        seenByBoth = facts.seenByBoth
    }

    /// What was read, a sentence for each kind.
    var sentences: [Prose] {
        reach.map { part in
            let title = CompanionKind(rawValue: part.kind)?.title ?? part.kind
            var text: Prose =
                "\(words: title): \(words: part.entries.of("entry", "entries")) in \(words: part.files.of("file", "files"))"
            if let from = part.from, let to = part.to { text = "\(text), \(time: from) to \(time: to)" }
            return text
        }
    }
}

extension Report {
    /// Refusals that no event of CloudTrail has, by what refused, the most frequent first: sentences to be read behind that of the
    /// denials. Empty where there is none.
    var refusalSentences: Prose {
        var counts: [RefusalPlace: Int] = [:]
        for group in groups {
            guard let place = RefusalPlace(group) else { continue }
            counts[place, default: 0] += group.group.denials
        }
        let isMore = denials > 0
        func parts(reached: Bool) -> [(place: RefusalPlace, count: Int)] {
            counts.filter { $0.key.reachedTheService == reached }.map { ($0.key, $0.value) }
                .sorted { ($1.count, $0.place.rawValue) < ($0.count, $1.place.rawValue) }
        }
        func list(_ parts: some Sequence<(place: RefusalPlace, count: Int)>) -> String {
            parts.map { "\($0.count.grouped) \($0.place.words)" }.joined(separator: ", ")
        }
        var text: Prose = ""
        let before = parts(reached: false)
        if !before.isEmpty {
            let total = before.reduce(0) { $0 + $1.count }
            let calls = isMore ? "\(total.grouped) more" : total.of("call", "calls")
            text += "\(words: calls) never reached the service: \(words: list(before))."
        }
        let behind = parts(reached: true)
        if let first = behind.first {
            let calls =
                isMore || !before.isEmpty ? "\(first.count.grouped) more" : first.count.of("refusal", "refusals")
            let verb = first.count == 1 ? "is" : "are"
            let others = behind.count > 1 ? ", \(list(behind.dropFirst()))" : ""
            text += "\(words: calls) \(words: verb) \(words: first.place.words)\(words: others)."
        }
        return text
    }

    /// What the logs beside CloudTrail tell, as JSON: refusals that are groups of the report, and what is none.
    var otherLogsJSON: JSONValue {
        let told = groups.filter { $0.group.companion != nil } + otherLogs.leads
        return .members(
            ("refusals", .integer(refusals)), ("seenByBoth", .integer(otherLogs.seenByBoth)),
            ("groups", .array(told.map(\.otherLogJSON))),
            (
                "logs",
                .array(
                    otherLogs.reach.map {
                        .members(
                            ("kind", .string($0.kind)), ("files", .integer($0.files)), ("scopes", .integer($0.scopes)),
                            ("entries", .integer($0.entries)),
                            ("refusals", .integer($0.refusals)), ("from", .optional($0.from)), ("to", .optional($0.to)))
                    })
            ))
    }
}

/// Where a refusal that no event of CloudTrail has was made, for the first lines of a report.
private enum RefusalPlace: String, Hashable {
    case gateway, firewall, signature, between, balancer, network, application, s3, integration

    init?(_ group: DiagnosedGroup) {
        guard let refusal = group.group.companion else { return nil }
        switch group.rootCause.code {
        case .signatureRefused: self = .signature
        case .wafBlocked: self = .firewall
        case .cloudFrontRefused, .loadBalancerRefused: self = .balancer
        case .proxyAnswered: self = .between
        case .gatewayIntegrationDenied, .gatewayStatusMasked: self = .integration
        default:
            switch refusal.layer {
            case .gateway: self = .gateway
            case .firewall: self = .firewall
            case .application: self = .application
            case .s3Access: self = .s3
            case .loadBalancer: self = .balancer
            case .network, .names: self = .network
            }
        }
    }

    /// Whether AWS's service answered itself, though CloudTrail does not tell.
    var reachedTheService: Bool {
        switch self {
        case .application, .s3, .integration: true
        case .gateway, .firewall, .signature, .between, .balancer, .network: false
        }
    }

    /// The words to be read behind a number.
    var words: String {
        switch self {
        case .gateway: "at API Gateway"
        case .firewall: "at AWS WAF"
        case .signature: "with a wrong signature or credentials"
        case .between: "at a proxy"
        case .balancer: "at a load balancer or CloudFront"
        case .network: "in the network"
        case .application: "in an application's log alone"
        case .s3: "in S3's access log alone"
        case .integration: "behind API Gateway, in its log alone"
        }
    }
}

extension DiagnosedGroup {
    /// The group among what the logs beside CloudTrail tell.
    fileprivate var otherLogJSON: JSONValue {
        let refusal = group.companion
        return .members(
            ("id", .string(group.id)), ("code", .string(rootCause.code.rawValue)),
            ("layer", .optional(refusal?.layer.rawValue)),
            ("confidence", .string(rootCause.confidence.rawValue)),
            ("title", .string(rootCause.title.plain)), ("explanation", .string(rootCause.explanation.plain)),
            ("refusals", .integer(group.denials)),
            ("firstSeen", .optional(group.firstSeen.isEmpty ? nil : group.firstSeen)),
            ("lastSeen", .optional(group.lastSeen.isEmpty ? nil : group.lastSeen)),
            ("principal", .optional(group.principal.isEmpty ? nil : group.principal)),
            ("action", .optional(group.action.isEmpty ? nil : group.action)),
            ("resource", .optional(group.resources.first?.value ?? refusal?.place)),
            ("place", .optional(refusal?.place)), ("detail", .optional(refusal?.detail)),
            ("sentence", .optional(refusal?.sentence)),
            ("status", refusal?.status.map(JSONValue.integer) ?? .null),
            ("requestID", .optional(refusal?.requestID)), ("log", .optional(refusal?.log)),
            ("remedy", remedy.json))
    }
}

extension DenialGroup {
    /// What the group counts: `denial` is CloudTrail's.
    var noun: (one: String, many: String) {
        switch companion?.layer {
        case nil: ("denial", "denials")
        case .network: ("rejected connection", "rejected connections")
        case .names: ("query", "queries")
        case .gateway, .firewall, .application, .s3Access, .loadBalancer: ("refusal", "refusals")
        }
    }

    /// How many there are, with their noun.
    var counted: String { denials.of(noun.one, noun.many) }

    /// Where the refusals stand, for a row of their own; `nil` for denials.
    var standsIn: Prose? {
        guard let companion else { return nil }
        var text: Prose = companion.place.map { "\($0)" } ?? ""
        if let log = companion.log { text = text.isEmpty ? "log \(log)" : "\(text), log \(log)" }
        if let id = companion.requestID { text = text.isEmpty ? "request \(id)" : "\(text), latest request \(id)" }
        return text.isEmpty ? nil : text
    }
}
