import AccessDenial
import Crypto
import Diagnosis
import Foundation
import IAMPolicy
import Mustache
import TrailStore

extension Report {
    /// The report as one HTML page that needs no network and no script to be read.
    ///
    /// Throws only when the built-in template is broken, which the tests rule out.
    ///
    /// - Parameter open: how many groups' cards are open from the start; `nil` for as many as are easy to survey.
    public func html(open: Int? = nil) throws -> String { try HTMLReport.render(self, open: open) }
}

/// Fills the page's template. Every value goes through ``HTMLText``; what is written unescaped are the style, the script, and
/// policies, whose lines ``HTMLText/policy(_:)`` has made fit.
private enum HTMLReport {
    typealias Fields = [String: Any]

    static func render(_ report: Report, open: Int?) throws -> String {
        MustacheContentTypes.register(HTMLText(), named: HTMLText.name)
        var library = MustacheLibrary()
        try library.register(HTMLTemplate.prose, named: "prose")
        try library.register(HTMLTemplate.group, named: "group")
        let page = try MustacheTemplate(string: HTMLTemplate.page)
        return page.render(fields(report, open: open ?? openCards(of: report.groups.count)), library: library)
    }

    private static func fields(_ report: Report, open: Int) -> Fields {
        let answer = Answer(report)
        let chart = DenialChart(report.groups)
        // A narrow chart's width is a rule of the style: the page's policy knows no style attributes.
        let isNarrow = chart.map { $0.width < DenialChart.fullWidth } ?? false
        let style = HTMLTemplate.style + (isNarrow ? "\n.plot{max-width:\(Int(chart?.width ?? 0))px}" : "")
        var fields: Fields = [
            "style": style,
            "styleHash": hash(style),
            "script": HTMLTemplate.script,
            "scriptHash": hash(HTMLTemplate.script),
            "headline": prose(answer.headline),
            "title": answer.headline.plain,
            "details": answer.details.map { ["label": $0.label, "text": prose($0.whole)] as Fields },
            "groups": report.groups.enumerated().map {
                group($0.element, number: $0.offset + 1, isOpen: $0.offset < open)
            },
            "hasIncidents": report.groups.count > 1,
            "incidents": report.incidents.map(incident),
            "hasGroups": !report.groups.isEmpty,
            "hasSeveral": report.groups.count > 1,
            "reasons": Set(report.groups.map(\.group.reason.slug)).sorted(),
            "archive": prose(Answer.archive(report.coverage)),
            "accounts": values(report.coverage.accounts),
            "regions": values(report.coverage.regions),
            "notes": answer.furtherNotes.map { ["code": $0.code, "text": prose($0.text)] as Fields },
            "steps": GuideStep.allCases.map { step($0, report) },
        ]
        var remarks = Answer.omissions(report).map { "Left out: \($0)" as Prose }
        if !report.groups.isEmpty, !report.otherDenials.isEmpty { remarks.insert(Answer.others(report), at: 0) }
        fields["remarks"] = remarks.map { ["text": prose($0)] as Fields }
        if let chart { fields["chart"] = self.chart(chart) }
        return fields
    }

    /// The SHA-256 by which the page's Content-Security-Policy lets its own style and script through, and nothing else.
    private static func hash(_ text: String) -> String {
        Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString()
    }

    private static func prose(_ prose: Prose) -> Fields {
        [
            "runs": prose.runs.flatMap(Piece.pieces).map { run -> Fields in
                switch run {
                // The template looks outward for a key that a run lacks: no other key may be called like these.
                case .words(let text): ["runWords": text]
                case .time(let text): ["runTime": text]
                case .value(let text): ["runValue": text]
                }
            }
        ]
    }

    /// A stretch of a sentence; times are kept on one line.
    private enum Piece {
        case words(String), time(String), value(String)

        static func pieces(_ run: Prose.Run) -> [Piece] {
            guard case .words(let text) = run else {
                switch run {
                case .words: return []
                case .value(let text), .code(let text): return [.value(text)]
                }
            }
            var pieces: [Piece] = []
            var rest = text[...]
            while let time = firstTime(in: rest) {
                if time.lowerBound > rest.startIndex { pieces.append(.words(String(rest[..<time.lowerBound]))) }
                pieces.append(.time(String(rest[time])))
                rest = rest[time.upperBound...]
            }
            if !rest.isEmpty { pieces.append(.words(String(rest))) }
            return pieces
        }
    }

    private static let timeShape = Array("0000-00-00 00:00:00 UTC".utf8)

    /// Where a time such as `2026-11-09 10:12:00 UTC` stands first; a regular expression took most of a page's time.
    private static func firstTime(in text: Substring) -> Range<Substring.Index>? {
        let bytes = Array(text.utf8)
        guard bytes.count >= timeShape.count else { return nil }
        let start = (0...(bytes.count - timeShape.count)).first { start in
            timeShape.indices.allSatisfy { index in
                let byte = bytes[start + index]
                return timeShape[index] == 0x30 ? byte >= 0x30 && byte <= 0x39 : byte == timeShape[index]
            }
        }
        guard let start else { return nil }
        let lower = text.utf8.index(text.startIndex, offsetBy: start)
        return lower..<text.utf8.index(lower, offsetBy: timeShape.count)
    }

    /// Cards that are open from the start; beyond them a page is easier to survey with closed ones, and a page of very many is a list
    /// to choose from.
    private static func openCards(of groups: Int) -> Int { groups > 100 ? 0 : 10 }

    private static func values(_ values: [String]) -> [Fields] { values.map { ["value": $0] } }

    private static func group(_ diagnosed: DiagnosedGroup, number: Int, isOpen: Bool) -> Fields {
        let group = diagnosed.group
        var rows: [Fields] = []
        func row(_ label: String, _ text: Prose) { rows.append(["label": label, "text": prose(text)]) }
        row("Who", "\(group.principal) (\(group.principalType))")
        row("Action", "\(group.action)")
        if !group.resources.isEmpty {
            row("On", "\(list: group.resources.map(\.value), limit: 5)")
        } else if !group.inferredResources.isEmpty {
            row("On", "\(list: group.inferredResources.map(\.value), limit: 5) (from the request; AWS named none)")
        }
        row("When", Answer.when(diagnosed))
        if !group.regions.isEmpty {
            row("Where", "\(list: group.regions.map(\.value)), account \(list: group.accounts.map(\.value))")
        }
        if !group.sourceIPAddresses.isEmpty { row("From", "\(list: group.sourceIPAddresses.map(\.value), limit: 3)") }
        if !group.vpcEndpointIds.isEmpty { row("Endpoint", "\(list: group.vpcEndpointIds.map(\.value), limit: 3)") }
        if let agent = group.userAgents.first { row("Client", "\(agent.value)") }
        row("AWS says", "\(words: group.reason.title)")
        if let fixedBy = diagnosed.fixedBy {
            row("Fixed by", "\(fixedBy.summary.capitalised) at \(time: fixedBy.eventTime)")
        }
        var fields: Fields = [
            "number": number,
            "isOpen": isOpen,
            "id": group.id,
            "heading": prose("\(PrincipalLabel.prose(group.principal)): \(group.action)"),
            "status": diagnosed.status.words,
            "denials": group.denials,
            "denialsText": Answer.denials(diagnosed),
            "firstSeen": group.firstSeen,
            "lastSeen": group.lastSeen,
            "reason": group.reason.slug,
            "rows": rows,
            "cause": prose(Answer.cause(diagnosed.rootCause)),
            "explanation": prose(diagnosed.rootCause.explanation),
            "fix": prose(diagnosed.remedy.text),
            "hasCommands": !diagnosed.remedy.commands.isEmpty,
            "commands": diagnosed.remedy.commands.lines,
            "evidence": diagnosed.rootCause.evidence.map(evidence),
            "evidenceText": diagnosed.rootCause.evidence.count.of("event", "events"),
            "hasEvidence": !diagnosed.rootCause.evidence.isEmpty,
        ]
        if let policy = diagnosed.remedy.policy {
            fields["policy"] = ["text": HTMLText.policy(policy.text)] as Fields
        }
        fields["edits"] = (diagnosed.remedy.edit?.parts ?? []).map {
            ["title": $0.title, "lines": $0.lines] as Fields
        }
        let others = diagnosed.findings.filter { $0.code != diagnosed.rootCause.code }
        fields["hasOthers"] = !others.isEmpty
        fields["othersText"] = others.count.of("other finding", "other findings")
        fields["others"] = others.map {
            ["step": $0.step, "cause": prose(Answer.cause($0)), "explanation": prose($0.explanation)] as Fields
        }
        return fields
    }

    private static func incident(_ incident: Incident) -> Fields {
        var fields: Fields = [
            "incidentTitle": prose(incident.title), "state": incident.state.rawValue,
            "mark": incident.transition?.words ?? incident.state.rawValue,
        ]
        // The template would look outward for a key that is not there.
        fields["incidentBy"] = incident.person.map { prose($0.story) } ?? false
        return fields
    }

    private static func evidence(_ evidence: Evidence) -> Fields {
        [
            "id": evidence.eventID, "time": evidence.eventTime, "name": evidence.eventName,
            "principal": evidence.principal, "summary": prose(evidence.summary),
        ]
    }

    private static func step(_ step: GuideStep, _ report: Report) -> Fields {
        let numbers = report.groups.enumerated().filter { $0.element.findings.contains { $0.step == step.rawValue } }
            .map { $0.offset + 1 }
        return [
            "number": step.rawValue, "title": step.title, "elsewhere": step.elsewhere,
            "groups": numbers.prefix(20).map { ["number": $0] as Fields }, "hasGroups": !numbers.isEmpty,
            "further": numbers.count > 20 ? " and \((numbers.count - 20).grouped) more" : "",
        ]
    }

    private static func chart(_ chart: DenialChart) -> Fields {
        // One decimal is as fine as a screen; more would only be noise in the file.
        func short(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }
        return [
            "width": short(chart.width), "height": Int(DenialChart.height),
            "unit": chart.barLength.name.prefix(1).uppercased() + chart.barLength.name.dropFirst(),
            "maximum": "\(chart.maximum.of("denial", "denials")) in \(chart.barLength.withArticle)",
            "chartLabel":
                "Stacked bars, one for \(chart.barLength.withArticle), \(chart.rows.first?.span ?? "") to \(chart.rows.last?.span ?? ""), at most \(chart.maximum.of("denial", "denials")) each; the same numbers are in the table below.",
            "first": chart.rows.first?.span ?? "", "last": chart.rows.count > 1 ? chart.rows.last?.span ?? "" : "",
            "series": chart.series.enumerated().map {
                [
                    "index": $0.offset, "name": $0.element.name, "title": $0.element.title,
                    "denials": $0.element.denials.grouped,
                ] as Fields
            },
            "bars": chart.bars.map {
                [
                    "index": $0.series, "x": short($0.x), "y": short($0.y), "width": short($0.width),
                    "height": short($0.height), "label": $0.label,
                ] as Fields
            },
            "rows": chart.rows.filter { $0.counts.contains { $0 > 0 } }.map {
                ["span": $0.span, "counts": $0.counts.map(\.grouped)] as Fields
            },
        ]
    }
}

/// The steps of the troubleshooting guide, and where to look for what CloudTrail does not record.
enum GuideStep: Int, CaseIterable {
    case credentials = 1, policies, network, apiGateway, request, quotas, observability, client, advanced

    var title: String {
        switch self {
        case .credentials: "Credentials and Region"
        case .policies: "IAM policies"
        case .network: "Network and VPC endpoints"
        case .apiGateway: "API Gateway"
        case .request: "Request and signature"
        case .quotas: "Quotas and throttling"
        case .observability: "Logs"
        case .client: "SDK and client"
        case .advanced: "Other accounts, environments, the service itself"
        }
    }

    var elsewhere: String {
        switch self {
        case .credentials: "A wrong key or signature leaves no record; the client's own log shows it."
        case .policies: "The message never names a condition; tags and organization ids are not in the record."
        case .network: "Blocked packets and a proxy's own 403 leave no record: VPC flow logs, the proxy's log."
        case .apiGateway: "A gateway's own 403 leaves no record: the stage's execution and access logs, WAF logs."
        case .request: "Bodies and headers are not recorded; the client's own log shows them."
        case .quotas: "Pinpoint throttles with status 429, never 403."
        case .observability: "Data events are recorded only where a trail is told to."
        case .client: "A client that finds no credentials sends no request."
        case .advanced: "The other account's half of a call is in its own trail."
        }
    }
}
