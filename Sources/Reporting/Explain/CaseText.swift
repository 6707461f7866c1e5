import AccessDenial
import Causes
import Diagnosis
import Findings
import IAMPolicy
import OrderedJSON
import RecordedCalls
import RecordedChanges
import Remedies
import TrailStore
import Wording

extension CaseReport {
    /// The page as text for a terminal.
    ///
    /// - Parameters:
    ///   - width: columns, 40 to 200; other values are clamped.
    ///   - color: whether to use ANSI colours. Nothing is told by colour alone.
    ///   - ascii: whether the chart is drawn with ASCII alone.
    ///   - times: how times are shown.
    public func text(width: Int = 80, color: Bool = false, ascii: Bool = false, times: TimeDisplay = .utc) -> String {
        var page = CasePage(
            report: self, text: TerminalText(width: width, usesColor: color, times: times),
            width: min(max(width, 40), 200), marks: ascii ? .ascii : .blocks, times: times)
        page.write()
        return page.text.output
    }
}

extension EventAnswer {
    /// The answer as text for a terminal.
    public func text(width: Int = 80, color: Bool = false, times: TimeDisplay = .utc) -> String {
        var text = TerminalText(width: width, usesColor: color, times: times)
        text.paragraph([.init("Event \(event.eventID)", .strong)])
        for (label, prose) in event.rows { text.row(label, prose.spans) }
        text.row("Verdict", verdict.spans)
        for explained in explains {
            let group = explained.group
            var line: Prose =
                "\(PrincipalLabel.prose(group.group.principal)), \(group.group.action), \(words: group.group.counted)"
            line =
                explained.finding.map { "\(line): \(words: $0.code.rawValue), \($0.title)" }
                ?? "\(line): it most likely fixed this"
            text.row("Explains", line.spans + [.init("  [\(group.group.id)]", .faint)])
        }
        for diff in diffs { text.diff(diff, indent: TerminalText.labelMargin) }
        if let first = explains.first {
            text.row("Next", Prose("for the whole case, run \(code: "trail403 explain \(first.group.group.id)")").spans)
        }
        return text.output
    }
}

extension StoredEvent {
    /// What the event was, a label and a sentence each.
    fileprivate var rows: [(String, Prose)] {
        var rows: [(String, Prose)] = [("When", "\(time: eventTime)")]
        if let principal { rows.append(("Who", "\(principal)")) }
        var what: Prose = "\(eventName) of \(eventSource)"
        if let action { what = "\(what), IAM action \(action)" }
        rows.append(("What", what))
        if let resource { rows.append(("On", "\(resource)")) }
        var place: Prose = ""
        if let awsRegion { place = "\(awsRegion)" }
        if let accountId { place = place.isEmpty ? "account \(accountId)" : "\(place), account \(accountId)" }
        if !place.isEmpty { rows.append(("Where", place)) }
        var from: Prose = ""
        if let sourceIPAddress { from = "\(sourceIPAddress)" }
        if let userAgent { from = from.isEmpty ? "\(userAgent)" : "\(from); \(userAgent)" }
        if !from.isEmpty { rows.append(("From", from)) }
        if let errorCode {
            rows.append(("Error", errorMessage.map { "\(errorCode): \($0)" } ?? "\(errorCode)"))
        } else if let errorMessage {
            rows.append(("Error", "\(errorMessage)"))
        }
        if let doubt { rows.append(("Doubt", "\(words: doubt.text) (\(code: "trail403 verify"))")) }
        return rows
    }
}

private struct CasePage {
    let report: CaseReport
    var text: TerminalText
    let width: Int
    let marks: CaseTimeline.Marks
    let times: TimeDisplay

    /// Room for the labels at the left.
    static let margin = 10

    private var study: CaseStudy { report.study }
    private var diagnosis: DiagnosedGroup { report.study.diagnosis }
    private var group: DenialGroup { report.study.diagnosis.group }

    mutating func write() {
        writeAnswer()
        writeEvent()
        writeTimeline()
        writeDiffs()
        writeFindings()
        writeComparison()
        writeRemedy()
        writeSessions()
        writeChecklist()
        writeRecord()
    }

    private mutating func writeAnswer() {
        text.paragraph(
            PrincipalLabel.prose(group.principal).spans(.strong) + [.init(", ", .strong), .init(group.action, .strong)]
                + [.init(", \(group.counted), ", .strong)]
                + [.init(diagnosis.status.words, style), .init("  [\(group.id)]", .faint)])
        text.row("Who", Answer.whom(group).spans)
        let resources = group.resources.isEmpty ? group.inferredResources : group.resources
        if !resources.isEmpty {
            var on: Prose = "\(list: resources.map(\.value), limit: 5)"
            if group.resources.isEmpty { on = "\(on) (from the request; AWS did not name a resource)" }
            text.row("On", on.spans)
        }
        text.row("When", Answer.when(diagnosis).spans)
        if let place = group.standsIn {
            text.row("Where", place.spans)
        } else if !group.regions.isEmpty {
            text.row(
                "Where",
                Prose(
                    "\(list: group.regions.map(\.value), limit: 4), account \(list: group.accounts.map(\.value), limit: 4)"
                ).spans)
        }
        var from: Prose = ""
        if !group.sourceIPAddresses.isEmpty { from = "\(list: group.sourceIPAddresses.map(\.value), limit: 3)" }
        if !group.userAgents.isEmpty {
            let agents: Prose = "\(list: group.userAgents.map(\.value), limit: 2)"
            from = from.isEmpty ? agents : "\(from); \(agents)"
        }
        if !group.vpcEndpointIds.isEmpty {
            from = "\(from), through \(list: group.vpcEndpointIds.map(\.value), limit: 2)"
        }
        if !from.isEmpty { text.row("From", from.spans) }
        text.row("Why", Answer.cause(diagnosis).spans)
        if let person = diagnosis.change?.person { text.row("By", person.story.spans) }
        let fix = Answer.fix(diagnosis.remedy)
        text.row(fix.label, fix.text.spans)
        if let command = fix.command { text.verbatim("$ " + command, indent: Self.margin, style: .value) }
    }

    private var style: TerminalText.Style {
        switch diagnosis.status {
        case .ongoing: .bad
        case .intermittent: .warning
        case .resolved: .good
        case .quiet, .gone: .faint
        }
    }

    private mutating func writeEvent() {
        guard let event = report.event else { return }
        heading("The event you asked about: \(event.eventID)")
        for (label, prose) in event.rows { text.row(label, prose.spans) }
    }

    private mutating func writeTimeline() {
        let timeline = CaseTimeline(report.times, changes: study.changes, limit: min(width - Self.margin - 14, 72))
        heading("What happened")
        if let first = timeline.columns.first, let last = timeline.columns.last, timeline.columns.count > 1 {
            let totals = (
                successes: report.times.successes.reduce(0) { $0 + $1.count },
                denials: report.times.denials.reduce(0) { $0 + $1.count }
            )
            chart("success", timeline.line(\.successes, marks: marks), totals.successes, timeline.highest(\.successes))
            chart("change", timeline.changeLine(marks: marks), study.changes.count, 0)
            chart("denial", timeline.line(\.denials, marks: marks), totals.denials, timeline.highest(\.denials))
            let isShort = timeline.length < 86_400
            let span: Prose =
                isShort
                ? "\(time: Timestamp.text(first.start)) to \(time: Timestamp.text(last.start + timeline.length)), a column is \(words: timeline.columnLength.withArticle)"
                : "\(words: String(Timestamp.text(first.start).prefix(10))) to \(words: String(Timestamp.text(last.start + timeline.length - 1).prefix(10))) (UTC), a column is \(words: timeline.columnLength.withArticle)"
            text.paragraph(span.spans, first: String(repeating: " ", count: Self.margin), hanging: Self.margin)
            text.blank()
        }
        for moment in report.moments {
            let mark =
                switch moment.kind {
                case .success: "success"
                case .change: "change"
                case .denial: "denial"
                }
            let time = VisibleText.visible(times.short(moment.time))
            let head = "\(time)  \(mark)" + String(repeating: " ", count: 9 - mark.count)
            var spans = moment.text.spans
            if let eventID = moment.eventID { spans.append(.init("  \(eventID)", .faint)) }
            text.paragraph(spans, first: head, hanging: width < 70 ? Self.margin : head.count)
        }
        if study.furtherChanges > 0 {
            text.paragraph(
                Prose(
                    "\(words: study.furtherChanges.of("more change affects", "more changes affect")) this group, further from the first denial."
                )
                .spans, hanging: Self.margin)
        }
    }

    private mutating func chart(_ label: String, _ line: String, _ total: Int, _ highest: Int) {
        let count = highest > 0 && highest < total ? "\(total.grouped), at most \(highest.grouped)" : total.grouped
        let padded = label + String(repeating: " ", count: max(1, Self.margin - label.count))
        // Marks are ours; dots keep the columns countable, so that no blank has to.
        text.verbatim(padded + line + "  " + count, indent: 0)
    }

    private mutating func writeDiffs() {
        guard !report.diffs.isEmpty else { return }
        heading("What the change did")
        for diff in report.diffs { text.diff(diff, indent: 2) }
    }

    private mutating func writeFindings() {
        heading("What was found")
        var told: Set<String> = []
        for (index, finding) in diagnosis.findings.enumerated() {
            let number = "\(index + 1). "
            text.paragraph(
                [.init(finding.code.rawValue, .strong), .init(": ")]
                    + Answer.why(finding).spans,
                first: number, hanging: 3)
            if let statement = finding.statement, index == 0 || finding.code == .explicitDeny {
                text.paragraph([.init("Statement: "), .init(statement.text, .value)], first: "   ", hanging: 5)
            }
            // Findings share most of their evidence; each event is told once.
            let fresh = finding.evidence.filter { told.insert($0.eventID).inserted }
            for evidence in fresh {
                let proof: Prose =
                    "\(evidence.eventID) at \(time: evidence.eventTime), \(evidence.eventName): \(evidence.summary)"
                text.paragraph([.init("- ")] + proof.spans, first: "   ", hanging: 5)
            }
            let again = finding.evidence.count - fresh.count
            if again > 0 {
                let words = again.of("event", "events")
                text.paragraph(
                    [.init(fresh.isEmpty ? "- \(words) named above" : "- and \(words) named above")], first: "   ",
                    hanging: 5)
            }
        }
    }

    /// In what the refused requests differ from the answered ones, field by field.
    private mutating func writeComparison() {
        guard let comparison = diagnosis.comparison, !comparison.differences.isEmpty || comparison.isWhole else {
            return
        }
        heading("Refused and answered requests")
        if comparison.differences.isEmpty {
            text.paragraph(Prose("Nothing that their records show tells them apart.").spans)
        }
        for difference in comparison.differences.prefix(8) {
            text.paragraph([.init("- ")] + difference.words.spans, hanging: 2)
        }
    }

    private mutating func writeRemedy() {
        heading("What to do")
        text.paragraph(diagnosis.remedy.text.spans)
        for line in diagnosis.remedy.commands.lines { text.command(line, indent: 2) }
        if let policy = diagnosis.remedy.policy {
            text.policy(policy.text, indent: 2)
        }
        for part in diagnosis.remedy.parts {
            text.verbatim(part.title, indent: 2)
            for line in part.lines { text.verbatim(line, indent: 4) }
        }
        if let caveat = Answer.caveat([diagnosis]) { text.paragraph(caveat.spans) }
    }

    private mutating func writeSessions() {
        guard !study.sessions.isEmpty else { return }
        heading("Who called")
        for session in study.sessions.prefix(5) { text.paragraph([.init("- ")] + session.spans, hanging: 2) }
        let further = group.sessionCount - min(study.sessions.count, 5)
        if further > 0 {
            text.paragraph([.init("- and \(further.of("earlier identity", "earlier identities"))")], hanging: 2)
        }
    }

    private mutating func writeChecklist() {
        heading("Checklist, by topic of the troubleshooting guide")
        for mark in ChecklistItem.Mark.allCases {
            for item in study.checklist where item.mark == mark {
                var spans: [TerminalText.Span] = [
                    .init(mark.words, mark.style),
                    .init(" \(GuideStep(rawValue: item.step)?.title ?? ""): \(item.question) ", .strong),
                ]
                spans += item.note.spans
                if !item.look.isEmpty { spans += [.init(" ")] + item.look.spans }
                text.paragraph(spans, hanging: 4)
                // Commands for what is settled would only bury the others.
                if mark != .ruledOut {
                    for line in item.commands.lines { text.command(line, indent: 4) }
                }
            }
        }
    }

    private mutating func writeRecord() {
        guard let record = report.record else { return }
        heading("The record of \(record.eventID)")
        for line in record.lines { text.verbatim(line, indent: 0) }
    }

    private mutating func heading(_ words: String) {
        text.blank()
        text.paragraph([.init(words, .strong)])
    }
}

extension CaseReport.Record {
    /// The record line by line, indented where it is JSON; every line is safe to show.
    fileprivate var lines: [String] {
        switch Result(catching: { () throws(JSONError) in try JSONValue(parsing: json) }) {
        case .success(let value): value.prettyText().split(separator: "\n").map(String.init)
        case .failure: [json]
        }
    }
}

extension ChecklistItem.Mark {
    fileprivate var words: String {
        switch self {
        case .found: "[found]"
        case .ruledOut: "[ruled out]"
        case .notVisible: "[not visible in CloudTrail]"
        }
    }

    fileprivate var style: TerminalText.Style {
        switch self {
        case .found: .bad
        case .ruledOut: .good
        case .notVisible: .warning
        }
    }
}
