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
    /// How many characters GitHub takes in an issue or a comment: 65,536. Source: its API's error "body is too long (maximum is
    /// 65536 characters)".
    public static let markdownLimit = 65_536

    /// The report as GitHub-flavoured Markdown, for tickets and chat, never longer than ``markdownLimit``.
    ///
    /// - Parameter detailed: how many groups are told in full; the others take a row of the table each. Where the limit allows
    ///   for less, the report says what it leaves out and how to see it.
    /// - Parameter times: how times are shown.
    public func markdown(detailed: Int = 10, times: TimeDisplay = .utc) -> String {
        var writer = MarkdownReport(report: self, times: times)
        writer.write(detailed: detailed)
        return writer.output
    }
}

private struct MarkdownReport {
    let report: Report
    let times: TimeDisplay
    private let numbers: IncidentNumbers
    var output = ""

    init(report: Report, times: TimeDisplay) {
        self.report = report
        self.times = times
        numbers = IncidentNumbers(report.incidents)
    }

    mutating func write(detailed: Int) {
        let answer = Answer(report)
        line("# Refused AWS calls")
        if let subject = report.subject { line(prose("\(subject)")) }
        line("**" + prose(answer.wholeHeadline) + "**")
        if !answer.details.isEmpty {
            output += answer.details.map { "- **\($0.label):** \(prose($0.whole))\n" }.joined() + "\n"
        }
        writeIncidents()
        let coverage = part { $0.writeCoverage(answer.furtherNotes) }
        writeGroups(detailed: detailed, room: Report.markdownLimit - Self.length(output) - Self.length(coverage))
        output += coverage
        // Only a report whose answer alone is an attack comes here.
        if Self.length(output) > Report.markdownLimit {
            let note = "\n\nCut: GitHub accepts at most \(Report.markdownLimit.grouped) characters.\n"
            var length = Self.length(note)
            // Whole lines, so that no code span is left open.
            let lines = output.split(separator: "\n", omittingEmptySubsequences: false).prefix { line in
                length += line.utf16.count + 1
                return length <= Report.markdownLimit
            }
            output = lines.joined(separator: "\n") + note
        }
    }

    /// How many characters the table of incidents may have: most of the report is the groups'.
    private static let incidentRoom = Report.markdownLimit / 5

    private static let incidentHead =
        row(["#", "Incident", "State", "By", "Groups", "ID"]) + row(["--:", "---", "---", "---", "--:", "---"])

    /// The incidents in a table, as many as there is room for; none where there is one group alone.
    private mutating func writeIncidents() {
        guard report.groups.count > 1 else { return }
        var room = Self.incidentRoom
        let rows = report.incidents.enumerated().map { incidentRow($0.element, number: $0.offset + 1) }.prefix { row in
            room -= Self.length(row)
            return room >= 0
        }
        if !rows.isEmpty { output += Self.incidentHead + rows.joined() + "\n" }
        let further = report.incidents.count - rows.count
        if further > 0 { line("\(further.of("incident is", "incidents are")) left out of the table.") }
    }

    private func incidentRow(_ incident: Incident, number: Int) -> String {
        Self.row([
            String(number), cell(incident.title),
            incident.transition.map { $0.isAlarm ? "**NEW, \($0.words)**" : $0.words } ?? incident.state.rawValue,
            incident.person.map { cell($0.story) } ?? "",
            incident.groups.count.grouped, MarkdownText.code(incident.id),
        ])
    }

    /// The table and the groups in full, as far as there is room. The table may take half of it before any group is told in full.
    private mutating func writeGroups(detailed: Int, room: Int) {
        let groups = report.groupsByIncident
        var room = room - Self.overviewHead.utf16.count - Self.noteLength
        let rows = groups.count > 1 ? groups.map { overviewRow($0) } : []
        var forGroups = room - min(rows.reduce(0) { $0 + Self.length($1) }, room / 2)
        var full: [String] = []
        for group in groups.prefix(detailed) {
            let text = part { $0.write(group) }
            guard Self.length(text) <= forGroups else { break }
            forGroups -= Self.length(text)
            room -= Self.length(text)
            full.append(text)
        }
        let shown = rows.prefix { row in
            room -= Self.length(row)
            return room >= 0
        }
        if !shown.isEmpty { output += Self.overviewHead + shown.joined() + "\n" }
        writeOmitted(rows: rows.count - shown.count, full: full.count, detailed: detailed)
        output += full.joined()
    }

    /// What of the groups the report does not tell, and where it is told.
    private mutating func writeOmitted(rows: Int, full: Int, detailed: Int) {
        let count = report.groups.count
        var sentences: [String] = []
        if rows > 0 { sentences.append("\(rows.of("group is", "groups are")) left out of the table.") }
        if full < min(detailed, count) {
            sentences.append(
                "\((count - full).of("group is", "groups are")) not shown in full: GitHub accepts at most \(Report.markdownLimit.grouped) characters. `--format html` shows them all, `trail403 explain GROUP` shows one."
            )
        } else if full < count {
            sentences.append(
                "\((count - full).of("group is", "groups are")) not shown in full: `--groups all` shows as many as GitHub accepts, `trail403 explain GROUP` shows one."
            )
        }
        if !sentences.isEmpty { line(sentences.joined(separator: " ")) }
    }

    /// Room for the sentences of ``writeOmitted(rows:full:detailed:)``.
    private static let noteLength = 400

    /// Characters as a browser counts them, never fewer than GitHub does.
    private static func length(_ text: String) -> Int { text.utf16.count }

    /// What `write` adds to the output, apart from it.
    private func part(_ write: (inout Self) -> Void) -> String {
        var writer = Self(report: report, times: times)
        write(&writer)
        return writer.output
    }

    private mutating func line(_ text: String) { output += text + "\n\n" }

    private static func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }

    private mutating func table(_ header: [String], alignment: [String], rows: [[String]]) {
        output += ([header, alignment] + rows).map(Self.row).joined() + "\n"
    }

    private func prose(_ prose: Prose) -> String { MarkdownText.prose(prose, times: times) }

    private func cell(_ prose: Prose) -> String { MarkdownText.prose(prose, inTable: true, times: times) }

    private static let overviewHead =
        row(["#", "Principal", "Action", "Denials", "First seen", "Status", "Root cause", "Group"])
        + row(["--:", "---", "---", "--:", "---", "---", "---", "---"])

    private func overviewRow(_ group: DiagnosedGroup) -> String {
        Self.row([
            numbers[group], cell(PrincipalLabel.prose(group.group.principal)), cell("\(group.group.action)"),
            group.group.denials.grouped, cell("\(time: group.group.firstSeen)"), group.status.words,
            cell(group.rootCause.title), MarkdownText.code(group.group.id),
        ])
    }

    private mutating func write(_ group: DiagnosedGroup) {
        let facts = group.group
        let title: Prose = "\(PrincipalLabel.prose(facts.principal)): \(facts.action)"
        line("## \(numbers[group]). " + prose(title))
        line(
            "\(Answer.denials(group)), **\(group.status.words)**, group "
                + MarkdownText.code(facts.id))
        var rows: [[String]] = [["Who", cell(Answer.whom(facts))]]
        let resources = facts.resources.isEmpty ? facts.inferredResources : facts.resources
        if !resources.isEmpty { rows.append(["On", cell("\(list: resources.map(\.value), limit: 5)")]) }
        rows.append(["When", cell(Answer.when(group))])
        rows.append([
            "Where",
            cell(
                facts.standsIn
                    ?? "\(list: facts.regions.map(\.value)), account \(list: facts.accounts.map(\.value))"),
        ])
        if !facts.sourceIPAddresses.isEmpty {
            rows.append(["From", cell("\(list: facts.sourceIPAddresses.map(\.value), limit: 3)")])
        }
        if let agent = facts.userAgents.first { rows.append(["Client", cell("\(agent.value)")]) }
        rows.append(["AWS says", cell("\(words: facts.reason.title)")])
        table(["", ""], alignment: ["---", "---"], rows: rows)
        line("**Why.** " + prose(Answer.why(group.rootCause)))
        if let person = group.change?.person { line("**By.** " + prose(person.story)) }
        line("**Fix.** " + prose(group.remedy.text))
        if !group.remedy.commands.isEmpty {
            output += MarkdownText.block(group.remedy.commands.lines, language: "sh") + "\n"
        }
        if let policy = group.remedy.policy {
            output += MarkdownText.policy(policy.text) + "\n"
        }
        for part in group.remedy.parts {
            line(part.title)
            output += MarkdownText.block(part.lines, language: "json") + "\n"
        }
        let others = group.findings.filter { $0.code != group.rootCause.code }
        if !others.isEmpty {
            output += others.map { "- " + prose(Answer.why($0)) + "\n" }.joined() + "\n"
        }
        let evidence = group.rootCause.evidence
        guard !evidence.isEmpty else { return }
        table(
            ["Evidence", "Time", "Event", "What"], alignment: ["---", "---", "---", "---"],
            rows: evidence.map {
                [cell("\($0.eventID)"), cell("\(time: $0.eventTime)"), cell("\($0.eventName)"), cell($0.summary)]
            })
    }

    private mutating func writeCoverage(_ notes: [Report.Note]) {
        let coverage = report.coverage
        line("## Coverage")
        line(prose(Answer.archive(coverage)))
        var items = report.otherLogs.sentences + notes.map(\.text)
        items += report.otherLogs.leads.map {
            "\($0.rootCause.title), \(words: $0.group.counted). \($0.rootCause.explanation) \($0.remedy.text)"
        }
        if !report.groups.isEmpty, !report.otherDenials.isEmpty { items.append(Answer.others(report)) }
        items += Answer.omissions(report).map { "Hidden: \($0)" }
        output += items.map { "- " + prose($0) + "\n" }.joined()
        if let caveat = Answer.caveat(report.groups) { output += "\n" + prose(caveat) + "\n" }
        if let origin = Answer.origin(report) { output += "\n" + prose(origin) + "\n" }
    }
}
