import AccessDenial
import Causes
import Crypto
import Diagnosis
import Findings
import Foundation
import IAMPolicy
import Mustache
import RecordedChanges
import Remedies
import TrailStore
import Wording

extension Report {
    /// Groups that have a card of their own on a page of HTML; the others take a row each.
    public static let cardLimit = 300

    /// The report as one HTML page that needs no network and no script to be read.
    ///
    /// Throws only when the built-in template is broken, which the tests rule out.
    ///
    /// - Parameters:
    ///   - open: how many groups' cards are open from the start; `nil` for as many as are easy to survey.
    ///   - times: how times are shown.
    public func html(open: Int? = nil, times: TimeDisplay = .utc) throws -> String {
        try HTMLReport(report: self, times: times).render(open: open)
    }
}

/// Fills the page's template. Every value goes through ``HTMLText``; what is written unescaped are the style, the script, and
/// policies, whose lines ``HTMLText/policy(_:)`` has made fit.
private struct HTMLReport {
    typealias Fields = [String: Any]

    let report: Report
    let times: TimeDisplay

    /// Bytes of all cards: the page stays below 8 MB, which any browser and most mail servers take.
    private static let cardBytes = 5_500_000
    /// Rows behind the cards.
    private static let rowLimit = 5_000
    private static let incidentLimit = 1_000

    private let numbers: IncidentNumbers
    private let groups: [DiagnosedGroup]
    /// The place of each group by its id, counted from 1: the cards' anchors.
    private let places: [String: Int]
    /// The places of the groups whose root cause rests on an event.
    private let uses: [String: [Int]]

    init(report: Report, times: TimeDisplay) {
        self.report = report
        self.times = times
        numbers = IncidentNumbers(report.incidents)
        groups = report.groupsByIncident
        places = Dictionary(groups.enumerated().map { ($1.group.id, $0 + 1) }) { one, _ in one }
        var uses: [String: [Int]] = [:]
        for (index, group) in groups.prefix(Report.cardLimit).enumerated() {
            for evidence in group.rootCause.evidence { uses[evidence.eventID, default: []].append(index + 1) }
        }
        self.uses = uses
    }

    func render(open: Int?) throws -> String {
        MustacheContentTypes.register(HTMLText(), named: HTMLText.name)
        var library = MustacheLibrary()
        try library.register(HTMLTemplate.prose, named: "prose")
        let card = try MustacheTemplate(string: HTMLTemplate.group)
        let page = try MustacheTemplate(string: HTMLTemplate.page)
        let open = open ?? Self.openCards(of: groups.count)
        var cards = ""
        var count = 0
        for (index, diagnosed) in groups.prefix(Report.cardLimit).enumerated() {
            let text = card.render(group(diagnosed, number: index + 1, isOpen: index < open), library: library)
            guard cards.utf8.count + text.utf8.count <= Self.cardBytes else { break }
            cards += text
            count += 1
        }
        return page.render(fields(cards: cards, count: count), library: library)
    }

    private func fields(cards: String, count: Int) -> Fields {
        let answer = Answer(report)
        let chart = DenialChart(report.groups, times: times)
        // A narrow chart's width is a rule of the style: the page's policy knows no style attributes.
        let isNarrow = chart.map { $0.width < DenialChart.fullWidth } ?? false
        let style = HTMLTemplate.style + (isNarrow ? "\n.plot{max-width:\(Int(chart?.width ?? 0))px}" : "")
        let further = groups.dropFirst(count)
        let left = further.count - Self.rowLimit
        let hidden = report.incidents.count - Self.incidentLimit
        var fields: Fields = [
            "style": style,
            "styleHash": Self.hash(style),
            "script": HTMLTemplate.script,
            "scriptHash": Self.hash(HTMLTemplate.script),
            "headline": prose(answer.wholeHeadline),
            "title": times.plain(answer.wholeHeadline),
            "details": answer.details.map { ["label": $0.label, "text": prose($0.whole)] as Fields },
            "cards": cards,
            "further": further.prefix(Self.rowLimit).map(row),
            "hasFurther": !further.isEmpty,
            "furtherText": "\(further.count.of("more group", "more groups")), a row each",
            "leftText": left > 0 ? "And \(left.grouped) more: --format csv and --format json hold them all." : "",
            "hasIncidents": report.groups.count > 1,
            "zone": times.suffix(at: report.incidents.first?.since ?? ""),
            "incidents": report.incidents.prefix(Self.incidentLimit).enumerated().map { incident($1, number: $0 + 1) },
            "hiddenText": hidden > 0 ? "And \(hidden.grouped) more: --format json holds them all." : "",
            "hasGroups": !report.groups.isEmpty,
            "hasSeveral": count > 1,
            "reasons": Set(groups.prefix(count).map(\.group.reason.slug)).sorted(),
            "archive": prose(Answer.archive(report.coverage)),
            "accounts": Self.values(report.coverage.accounts),
            "regions": Self.values(report.coverage.regions),
            "notes": answer.furtherNotes.map { ["code": $0.code, "text": prose($0.text)] as Fields },
            "steps": GuideStep.allCases.map { step($0) },
        ]
        var remarks = report.otherLogs.sentences + Answer.omissions(report).map { "Hidden: \($0)" as Prose }
        remarks += report.otherLogs.leads.map {
            "\($0.rootCause.title), \(words: $0.group.counted). \($0.rootCause.explanation) \($0.remedy.text)"
        }
        if !report.groups.isEmpty, !report.otherDenials.isEmpty { remarks.insert(Answer.others(report), at: 0) }
        if let caveat = Answer.caveat(groups) { remarks.append(caveat) }
        fields["remarks"] = remarks.map { ["text": prose($0)] as Fields }
        if let origin = Answer.origin(report) { fields["origin"] = prose(origin) }
        if let chart { fields["chart"] = Self.chart(chart) }
        return fields
    }

    /// The SHA-256 by which the page's Content-Security-Policy lets its own style and script through, and nothing else.
    private static func hash(_ text: String) -> String {
        Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString()
    }

    private func prose(_ prose: Prose) -> Fields {
        [
            "runs": prose.runs.map { run -> Fields in
                switch run {
                // The template looks outward for a key that a run lacks: no other key may be called like these.
                case .words(let text): ["runWords": text]
                case .value(let text), .code(let text): ["runValue": text]
                case .time(let time): ["runTime": ["runMoment": time, "runShown": times.shown(time)] as Fields]
                }
            }
        ]
    }

    /// Cards that are open from the start; beyond them a page is easier to survey with closed ones, and a page of very many is a list
    /// to choose from.
    private static func openCards(of groups: Int) -> Int { groups > 100 ? 0 : 10 }

    private static func values(_ values: [String]) -> [Fields] { values.map { ["value": $0] } }

    private func group(_ diagnosed: DiagnosedGroup, number: Int, isOpen: Bool) -> Fields {
        let group = diagnosed.group
        var rows: [Fields] = []
        func row(_ label: String, _ text: Prose) { rows.append(["label": label, "text": prose(text)]) }
        row("Who", Answer.whom(group))
        row("Action", "\(group.action)")
        if !group.resources.isEmpty {
            row("On", "\(list: group.resources.map(\.value), limit: 5)")
        } else if !group.inferredResources.isEmpty {
            row(
                "On",
                "\(list: group.inferredResources.map(\.value), limit: 5) (from the request; AWS did not name a resource)"
            )
        }
        row("When", Answer.when(diagnosed))
        if let place = group.standsIn {
            row("Where", place)
        } else if !group.regions.isEmpty {
            row("Where", "\(list: group.regions.map(\.value)), account \(list: group.accounts.map(\.value))")
        }
        if !group.sourceIPAddresses.isEmpty { row("From", "\(list: group.sourceIPAddresses.map(\.value), limit: 3)") }
        if !group.vpcEndpointIds.isEmpty { row("Endpoint", "\(list: group.vpcEndpointIds.map(\.value), limit: 3)") }
        if let agent = group.userAgents.first { row("Client", "\(agent.value)") }
        row("AWS says", "\(words: group.reason.title)")
        if let change = diagnosed.change, let person = change.person {
            row("Changed by", "\(person.story), at \(time: change.eventTime)")
        }
        if let fixedBy = diagnosed.fixedBy {
            row("Fixed by", "\(fixedBy.summary.capitalised) at \(time: fixedBy.eventTime)")
        }
        var fields: Fields = [
            "number": number,
            "ordinal": numbers[diagnosed],
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
            "evidence": diagnosed.rootCause.evidence.map { evidence($0, of: number) },
            "evidenceText": diagnosed.rootCause.evidence.count.of("event", "events"),
            "hasEvidence": !diagnosed.rootCause.evidence.isEmpty,
        ]
        if let policy = diagnosed.remedy.policy {
            fields["policy"] = ["text": HTMLText.policy(policy.text)] as Fields
        }
        fields["edits"] = diagnosed.remedy.parts.map {
            ["title": $0.title, "lines": $0.lines] as Fields
        }
        let others = diagnosed.findings.filter { $0.code != diagnosed.rootCause.code }
        fields["hasOthers"] = !others.isEmpty
        fields["othersText"] = others.count.of("other finding", "other findings")
        fields["others"] = others.map {
            [
                "topic": GuideStep(rawValue: $0.step)?.title ?? "", "cause": prose(Answer.cause($0)),
                "explanation": prose($0.explanation),
            ] as Fields
        }
        let diffs = diagnosed.rootCause.evidence.flatMap { report.policyDiffs[$0.eventID] ?? [] }
        fields["diffs"] = diffs.map(diff)
        fields["hasDiffs"] = !diffs.isEmpty
        fields["line"] = CardTimeline(diagnosed).map { line($0) } ?? false
        return fields
    }

    private func line(_ line: CardTimeline) -> Fields {
        let told = line.marks.map { "\($0.words) \(times.shown($0.time))" }
        return [
            "lineWidth": Int(CardTimeline.width), "lineHeight": Int(CardTimeline.height),
            "lineBars": line.bars.map {
                [
                    "barX": CardTimeline.rounded($0.x), "barY": CardTimeline.rounded($0.y),
                    "barWidth": CardTimeline.rounded($0.width), "barHeight": CardTimeline.rounded($0.height),
                ] as Fields
            },
            "lineMarks": line.marks.map {
                [
                    "markKind": $0.kind.rawValue, "markPath": CardTimeline.shape($0),
                    "markWords": "\($0.words), \(times.shown($0.time))",
                ] as Fields
            },
            "lineLabel":
                "Timeline from \(times.shown(line.from)) to \(times.shown(line.to)): bars are \(line.noun)\(told.isEmpty ? "" : "; \(told.joined(separator: "; "))").",
            "lineFrom": times.shown(line.from), "lineTo": times.shown(line.to),
        ]
    }

    /// Signs tell what colours tell; removed and added lines are marked up as such for screen readers.
    private func diff(_ diff: PolicyDiff) -> Fields {
        [
            "diffTitle": prose(diff.title), "diffName": diff.title.plain,
            "diffLines": diff.lines.map { line -> Fields in
                switch line.mark {
                case .same: ["lineSame": line.text]
                case .removed: ["lineRemoved": line.text]
                case .added: ["lineAdded": line.text]
                }
            },
        ]
    }

    /// A group without a card.
    private func row(_ diagnosed: DiagnosedGroup) -> Fields {
        let group = diagnosed.group
        return [
            "rowOrdinal": numbers[diagnosed], "rowWho": prose(PrincipalLabel.prose(group.principal)),
            "rowAction": group.action,
            "rowDenials": group.denials.grouped, "rowSince": times.shown(group.firstSeen),
            "rowStatus": diagnosed.status.words, "rowCause": prose(diagnosed.rootCause.title), "rowID": group.id,
        ]
    }

    private func incident(_ incident: Incident, number: Int) -> Fields {
        let cards = incident.groups.compactMap { places[$0] }
        var fields: Fields = [
            "incidentNumber": number, "incidentTitle": prose(incident.headline), "state": incident.state.rawValue,
            "mark": incident.transition?.words ?? incident.state.rawValue,
            "incidentSince": String(times.shown(incident.since).prefix(16)),
            "incidentDenials": incident.denials.grouped,
            "incidentWho": prose(
                "\(list: incident.principals.map { PrincipalLabel.short($0.value) }, limit: 2)"),
            "incidentWhat": prose("\(list: incident.actions.map(\.value), limit: 2)"),
            "incidentCard": cards.first.map(String.init) ?? "",
        ]
        // The template would look outward for a key that is not there.
        fields["incidentBy"] = incident.person.map { prose($0.shown) } ?? false
        let others = cards.dropFirst().filter { $0 <= Report.cardLimit }.prefix(12)
        fields["incidentOthers"] = others.map { ["otherCard": $0, "otherOrdinal": numbers[groups[$0 - 1]]] as Fields }
        fields["hasIncidentOthers"] = !others.isEmpty
        return fields
    }

    private func evidence(_ evidence: Evidence, of number: Int) -> Fields {
        let others = (uses[evidence.eventID] ?? []).filter { $0 != number }.prefix(10)
        return [
            "id": evidence.eventID, "time": times.shown(evidence.eventTime), "name": evidence.eventName,
            "principal": evidence.principal, "summary": prose(evidence.summary),
            "alsoIn": others.map { ["alsoCard": $0, "alsoOrdinal": numbers[groups[$0 - 1]]] as Fields },
            "hasAlso": !others.isEmpty,
        ]
    }

    private func step(_ step: GuideStep) -> Fields {
        let found = groups.enumerated().filter { $0.element.findings.contains { $0.step == step.rawValue } }
            .map { $0.offset + 1 }
        let linked = found.filter { $0 <= Report.cardLimit }.prefix(20)
        return [
            "number": step.rawValue, "title": step.title, "elsewhere": step.elsewhere,
            "stepGroups": linked.map { ["stepCard": $0, "stepOrdinal": numbers[groups[$0 - 1]]] as Fields },
            "hasStepGroups": !found.isEmpty,
            "stepFurther": found.count > linked.count ? " and \((found.count - linked.count).grouped) more" : "",
        ]
    }

    private static func chart(_ chart: DenialChart) -> Fields {
        // One decimal is as fine as a screen; more would only be noise in the file.
        func short(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }
        return [
            "width": short(chart.width), "height": Int(DenialChart.height),
            "unit": chart.barLength.name.prefix(1).uppercased() + chart.barLength.name.dropFirst(),
            "maximum": "\(chart.maximum.grouped) refused in \(chart.barLength.withArticle)",
            "chartLabel":
                "Stacked bars, one for \(chart.barLength.withArticle), \(chart.rows.first?.span ?? "") to \(chart.rows.last?.span ?? ""), at most \(chart.maximum.grouped) refused calls each; the table below has the same numbers.",
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
