import AccessDenial
import Causes
import Diagnosis
import Findings
import IAMPolicy
import RecordedChanges
import Remedies
import TrailStore
import Wording

extension Report {
    /// The report as text for a terminal or a mail: the answer first, then what the archive covers and what it cannot show, then
    /// the groups.
    ///
    /// - Parameters:
    ///   - width: columns, 40 to 200; other values are clamped. Commands and policies are never broken, so that they can be
    ///     copied.
    ///   - color: whether to use ANSI colours. Nothing is told by colour alone.
    ///   - detailed: how many groups are told in full; the others take one line each.
    ///   - times: how times are shown.
    public func text(width: Int = 80, color: Bool = false, detailed: Int = 5, times: TimeDisplay = .utc) -> String {
        var writer = TextReport(report: self, text: TerminalText(width: width, usesColor: color, times: times))
        writer.write(detailed: detailed)
        return writer.text.output
    }
}

private struct TextReport {
    let report: Report
    var text: TerminalText
    private let numbers: IncidentNumbers

    /// Room for the labels at the left of a block.
    private static let margin = 10

    init(report: Report, text: TerminalText) {
        self.report = report
        self.text = text
        numbers = IncidentNumbers(report.incidents)
    }

    mutating func write(detailed: Int) {
        let answer = Answer(report)
        // Whole, in a line of its own: a mail's subject is taken from here.
        if let subject = report.subject { text.paragraph([.init(subject, .strong)]) }
        write(answer)
        writeCoverage(answer.furtherNotes)
        writeOmitted()
        writeIncidents()
        let groups = report.groupsByIncident
        for group in groups.prefix(detailed) { write(group) }
        let further = groups.dropFirst(detailed)
        if !further.isEmpty {
            text.blank()
            text.paragraph([
                .init("More groups", .strong),
                .init(": --groups all shows them in full, trail403 explain ID shows one", .faint),
            ])
            writeEach(further) { $0.writeShort($1) }
        }
        writeLeads(detailed: detailed)
        let closing = [Answer.caveat(report.groups), Answer.origin(report)].compactMap(\.self)
        if !closing.isEmpty { text.blank() }
        for sentence in closing { text.paragraph(sentence.spans(.faint)) }
    }

    /// What other logs tell that is no refusal, but may keep calls from being made.
    private mutating func writeLeads(detailed: Int) {
        let leads = report.otherLogs.leads
        guard !leads.isEmpty else { return }
        text.blank()
        text.paragraph([.init("What else other logs tell", .strong)])
        for lead in leads.prefix(max(detailed, 1) * 2) {
            let group = lead.group
            text.paragraph(
                [.init("- ")] + lead.rootCause.title.spans + [
                    .init(", \(group.counted)"), .init("  [\(lead.rootCause.code.rawValue)]", .faint),
                ],
                hanging: 2)
            if !group.firstSeen.isEmpty {
                write("  When", Answer.span(from: group.firstSeen, to: group.lastSeen).spans)
            }
            write("  Why", lead.rootCause.explanation.spans)
            write("  Fix", lead.remedy.text.spans)
            lead.remedy.commands.lines.forEach { writeCommand($0) }
        }
        let further = leads.count - min(leads.count, max(detailed, 1) * 2)
        if further > 0 {
            text.paragraph([.init("and \(further.grouped) more: --format json holds all", .faint)])
        }
    }

    private mutating func write(_ answer: Answer) {
        text.paragraph(answer.wholeHeadline.spans(.strong))
        for detail in answer.details {
            write(detail.label, detail.text.spans)
            if let command = detail.command { writeCommand(command) }
        }
    }

    private mutating func write(_ group: DiagnosedGroup) {
        let facts = group.group
        text.blank()
        text.paragraph(
            [.init("\(numbers[group]). ", .strong)] + PrincipalLabel.prose(facts.principal).spans(.strong) + [
                .init(", ", .strong)
            ]
                + [.init(facts.action, .strong), .init(", \(Answer.denials(group)), ", .strong)]
                + [status(group), .init("  [\(facts.id)]", .faint)],
            hanging: 3)
        write("Who", Answer.whom(facts).spans)
        let resources = facts.resources.isEmpty ? facts.inferredResources : facts.resources
        if !resources.isEmpty {
            var spans = counted(resources, limit: 3)
            if facts.resources.isEmpty { spans.append(.init(" (from the request; AWS did not name a resource)")) }
            write("On", spans)
        }
        write("When", Answer.when(group).spans)
        let places: Prose =
            "\(list: facts.regions.map(\.value), limit: 4), account \(list: facts.accounts.map(\.value), limit: 4)"
        if let place = facts.standsIn {
            write("Where", place.spans)
        } else if !facts.regions.isEmpty {
            write("Where", places.spans)
        }
        var from = counted(facts.sourceIPAddresses, limit: 2)
        if let agent = facts.userAgents.first { from += [.init(from.isEmpty ? "" : "; "), .init(agent.value, .value)] }
        if !from.isEmpty { write("From", from) }
        write("Why", Answer.why(group.rootCause).spans)
        if let person = group.change?.person { write("By", person.story.spans) }
        write("Fix", group.remedy.text.spans)
        group.remedy.commands.lines.forEach { writeCommand($0) }
        if let policy = group.remedy.policy {
            text.policy(policy.text, indent: Self.margin)
        }
        for part in group.remedy.parts {
            text.verbatim(part.title, indent: Self.margin)
            for line in part.lines { text.verbatim(line, indent: Self.margin + 2) }
        }
        for finding in group.findings where finding.code != group.rootCause.code {
            write("Also", Answer.why(finding).spans)
        }
        for evidence in group.rootCause.evidence.prefix(3) {
            let proof: Prose =
                "\(evidence.eventID) at \(time: evidence.eventTime), \(evidence.eventName): \(evidence.summary)"
            write("Evidence", proof.spans)
        }
    }

    /// The incidents, one a paragraph; none where each is a group of its own that is told below.
    private mutating func writeIncidents() {
        guard report.incidents.count > 1 || report.groups.count > 1 || report.previous != nil, !report.incidents.isEmpty
        else { return }
        text.blank()
        text.paragraph([
            .init("Incidents", .strong),
            .init(": denials that share a root cause; trail403 explain NUMBER shows one in full", .faint),
        ])
        writeEach(report.incidents.enumerated()) { $0.write($1.element, number: $1.offset + 1) }
    }

    private mutating func write(_ incident: Incident, number: Int) {
        text.paragraph(
            [.init("\(number). ")] + mark(incident) + incident.title.spans + [.init(", "), state(incident)]
                + [.init("  [\(incident.id)]", .faint)],
            hanging: 3)
        guard let person = incident.person else { return }
        text.paragraph(person.story.spans, first: "   By ", hanging: 6)
    }

    /// Writes one after the other; there may be very many, and all processors take part.
    private mutating func writeEach<Element: Sendable>(
        _ elements: some Sequence<Element>, _ write: @Sendable (inout Self, Element) -> Void
    ) {
        var page = self
        page.text = text.blankPage
        let blank = page
        let pages = Array(elements).parallelParts { part in
            var page = blank
            for element in part { write(&page, element) }
            return [page.text.output]
        }
        for page in pages { text.append(page) }
    }

    /// What became of an incident since the last report, where it is one of news.
    private func mark(_ incident: Incident) -> [TerminalText.Span] {
        guard let transition = incident.transition else { return [] }
        return [
            .init(
                transition.isAlarm
                    ? "NEW, \(transition.words): "
                    : "\(transition.words.prefix(1).uppercased())\(transition.words.dropFirst()): ", .strong)
        ]
    }

    private func state(_ incident: Incident) -> TerminalText.Span {
        .init(incident.state.rawValue, incident.state.style)
    }

    private mutating func writeShort(_ group: DiagnosedGroup) {
        text.paragraph(
            [.init("\(numbers[group]). ")] + PrincipalLabel.prose(group.group.principal).spans + [
                .init(", "), .init(group.group.action),
            ]
                + [.init(", \(Answer.denials(group)), "), status(group), .init(", ")]
                + group.rootCause.title.spans + [.init("  [\(group.group.id)]", .faint)],
            hanging: 3)
    }

    private mutating func writeCoverage(_ notes: [Report.Note]) {
        let coverage = report.coverage
        text.blank()
        text.paragraph([.init("Coverage", .strong)])
        write("Archive", Answer.archive(coverage).spans)
        if !coverage.accounts.isEmpty { write("Accounts", Prose("\(list: coverage.accounts, limit: 10)").spans) }
        if !coverage.regions.isEmpty { write("Regions", Prose("\(list: coverage.regions, limit: 10)").spans) }
        for sentence in report.otherLogs.sentences { write("Beside", sentence.spans) }
        for note in notes { write("Warning", note.text.spans) }
    }

    private mutating func writeOmitted() {
        if !report.groups.isEmpty, !report.otherDenials.isEmpty { write("Others", Answer.others(report).spans) }
        for sentence in Answer.omissions(report) { write("Hidden", sentence.spans) }
    }

    private mutating func writeCommand(_ command: String) {
        text.command(command, indent: Self.margin)
    }

    private mutating func write(_ label: String, _ spans: [TerminalText.Span]) {
        let padded = label + String(repeating: " ", count: max(1, Self.margin - label.count))
        text.paragraph(spans, first: padded, hanging: Self.margin)
    }

    private func status(_ group: DiagnosedGroup) -> TerminalText.Span {
        switch group.status {
        case .ongoing: .init(group.status.words, .bad)
        case .intermittent: .init(group.status.words, .warning)
        case .resolved: .init(group.status.words, .good)
        case .quiet, .gone: .init(group.status.words, .faint)
        }
    }

    private func counted(_ values: [Counted<String>], limit: Int) -> [TerminalText.Span] {
        var spans: [TerminalText.Span] = []
        for (index, value) in values.prefix(limit).enumerated() {
            if index > 0 { spans.append(.init(", ")) }
            spans.append(.init(value.value, .value))
            if values.count > 1 { spans.append(.init(" (\(value.denials.grouped))")) }
        }
        if values.count > limit { spans.append(.init(" and \((values.count - limit).grouped) more")) }
        return spans
    }
}
