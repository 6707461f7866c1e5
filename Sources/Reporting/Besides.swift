import CompanionLogs
public import Diagnosis
import OrderedJSON
public import TrailStore

/// What the logs beside CloudTrail tell, for a report.
public struct Besides: Sendable, Hashable {
    /// Refusals that CloudTrail does not tell, most first.
    public var groups: [BesideGroup]
    /// What was read.
    public var reach: [CompanionReach]
    /// Refusals that CloudTrail and another log tell.
    public var seenByBoth: Int

    /// What these facts tell.
    public init(_ facts: CompanionFacts) {
        groups = BesideGroup.groups(facts)
        reach = facts.reach
        seenByBoth = facts.seenByBoth
    }

    /// How many refusals there are.
    public var refusals: Int { groups.reduce(0) { $0 + ($1.isRefusal ? $1.refusal.count : 0) } }

    /// `88 more are in no event of CloudTrail: 61 at API Gateway, 27 with a wrong signature`; empty where there is none.
    var headline: Prose {
        var counts: [(words: String, count: Int)] = []
        for group in groups where group.isRefusal {
            let words = group.place
            if let index = counts.firstIndex(where: { $0.words == words }) {
                counts[index].count += group.refusal.count
            } else {
                counts.append((words, group.refusal.count))
            }
        }
        guard !counts.isEmpty else { return "" }
        counts.sort { ($1.count, $0.words) < ($0.count, $1.words) }
        let list = counts.map { "\($0.count.grouped) \($0.words)" }.joined(separator: ", ")
        return
            "\(words: refusals.of("more refusal is", "more refusals are")) in no event of CloudTrail: \(words: list)."
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

    /// The same as JSON.
    var json: JSONValue {
        .members(
            ("refusals", .integer(refusals)), ("seenByBoth", .integer(seenByBoth)),
            (
                "groups",
                .array(
                    groups.map { group in
                        let refusal = group.refusal
                        return .members(
                            ("code", .string(group.code)), ("layer", .string(refusal.layer.rawValue)),
                            ("confidence", .string(group.confidence.rawValue)),
                            ("title", .string(group.title.plain)), ("explanation", .string(group.explanation.plain)),
                            ("refusals", .integer(refusal.count)),
                            ("firstSeen", .optional(refusal.firstSeen.isEmpty ? nil : refusal.firstSeen)),
                            ("lastSeen", .optional(refusal.lastSeen.isEmpty ? nil : refusal.lastSeen)),
                            ("principal", .optional(refusal.principal)), ("action", .optional(refusal.action)),
                            ("resource", .optional(refusal.resource)),
                            ("detail", .optional(refusal.detail)),
                            ("status", refusal.status.map(JSONValue.integer) ?? .null),
                            ("requestID", .optional(refusal.requestID)), ("log", .optional(refusal.log)),
                            ("remedy", group.remedy.json))
                    })
            ),
            (
                "logs",
                .array(
                    reach.map {
                        .members(
                            ("kind", .string($0.kind)), ("files", .integer($0.files)), ("scopes", .integer($0.scopes)),
                            ("entries", .integer($0.entries)),
                            ("refusals", .integer($0.refusals)), ("from", .optional($0.from)), ("to", .optional($0.to)))
                    })
            ))
    }
}

extension BesideGroup {
    /// Where it was refused, to be read behind a number.
    fileprivate var place: String {
        if code == "signature-refused" { return "with a wrong signature or credentials" }
        return switch refusal.layer {
        case .gateway: code == "waf-blocked" ? "by AWS WAF" : "at API Gateway"
        case .firewall: "by AWS WAF"
        case .application: code == "proxy-answered" ? "by something in between" : "that only an application saw"
        case .s3Access: "in S3's own log"
        case .loadBalancer: "at a load balancer or CloudFront"
        case .network, .names: "in the network"
        }
    }

    /// Who and what, for a line of its own.
    var subject: Prose {
        let parts = [
            refusal.principal, refusal.action, refusal.resource, refusal.layer == .application ? nil : refusal.detail,
        ].compactMap(\.self)
        return
            "\(words: parts.isEmpty ? "no details" : "")\(Prose(parts.enumerated().flatMap { index, part in index == 0 ? [Prose.Run.value(part)] : [.words(" "), .value(part)] }))"
    }
}
