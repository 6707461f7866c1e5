import AccessDenial
import Diagnosis
import IAMPolicy
import TrailStore

extension Report {
    /// The report as GitHub-flavoured Markdown, for tickets and chat.
    public func markdown() -> String {
        var writer = MarkdownReport(report: self)
        writer.write()
        return writer.output
    }
}

private struct MarkdownReport {
    let report: Report
    var output = ""

    init(report: Report) { self.report = report }

    mutating func write() {
        let answer = Answer(report)
        line("# Refused AWS calls")
        line("**" + MarkdownText.prose(answer.headline) + "**")
        if !answer.details.isEmpty {
            output += answer.details.map { "- **\($0.label):** \(MarkdownText.prose($0.text))\n" }.joined() + "\n"
        }
        if report.groups.count > 1 { writeOverview() }
        for (index, group) in report.groups.enumerated() { write(group, number: index + 1) }
        writeCoverage()
    }

    private mutating func line(_ text: String) { output += text + "\n\n" }

    private mutating func table(_ header: [String], alignment: [String], rows: [[String]]) {
        output += "| " + header.joined(separator: " | ") + " |\n"
        output += "| " + alignment.joined(separator: " | ") + " |\n"
        for row in rows { output += "| " + row.joined(separator: " | ") + " |\n" }
        output += "\n"
    }

    private func cell(_ prose: Prose) -> String { MarkdownText.prose(prose, inTable: true) }

    private mutating func writeOverview() {
        table(
            ["#", "Principal", "Action", "Denials", "First seen", "Status", "Root cause"],
            alignment: ["--:", "---", "---", "--:", "---", "---", "---"],
            rows: report.groups.enumerated().map { index, group in
                [
                    String(index + 1), cell(PrincipalLabel.prose(group.group.principal)),
                    cell("\(group.group.action)"), group.group.denials.grouped, cell("\(time: group.group.firstSeen)"),
                    group.status.words, cell(group.rootCause.title),
                ]
            })
    }

    private mutating func write(_ group: DiagnosedGroup, number: Int) {
        let facts = group.group
        let title: Prose = "\(PrincipalLabel.prose(facts.principal)): \(facts.action)"
        line("## \(number). " + MarkdownText.prose(title))
        line(
            "\(Answer.denials(group)), **\(group.status.words)**, group "
                + MarkdownText.code(facts.id))
        var rows: [[String]] = [["Who", cell("\(facts.principal) (\(facts.principalType))")]]
        let resources = facts.resources.isEmpty ? facts.inferredResources : facts.resources
        if !resources.isEmpty { rows.append(["On", cell("\(list: resources.map(\.value), limit: 5)")]) }
        rows.append([
            "When", cell("\(time: facts.firstSeen) to \(time: facts.lastSeen). \(group.statusText)"),
        ])
        rows.append([
            "Where", cell("\(list: facts.regions.map(\.value)), account \(list: facts.accounts.map(\.value))"),
        ])
        if !facts.sourceIPAddresses.isEmpty {
            rows.append(["From", cell("\(list: facts.sourceIPAddresses.map(\.value), limit: 3)")])
        }
        if let agent = facts.userAgents.first { rows.append(["Client", cell("\(agent.value)")]) }
        rows.append(["AWS says", cell("\(words: facts.reason.title)")])
        table(["", ""], alignment: ["---", "---"], rows: rows)
        line("**Why.** " + MarkdownText.prose(Answer.why(group.rootCause)))
        line("**Fix.** " + MarkdownText.prose(group.remedy.text))
        if !group.remedy.commands.isEmpty {
            output += MarkdownText.block(group.remedy.commands, language: "sh") + "\n"
        }
        if let policy = group.remedy.policy {
            let lines = policy.text.split(separator: "\n").map(String.init)
            output += MarkdownText.block(lines, language: "json") + "\n"
        }
        let others = group.findings.filter { $0.code != group.rootCause.code }
        if !others.isEmpty {
            output += others.map { "- " + MarkdownText.prose(Answer.why($0)) + "\n" }.joined() + "\n"
        }
        let evidence = group.rootCause.evidence
        guard !evidence.isEmpty else { return }
        table(
            ["Evidence", "Time", "Event", "What"], alignment: ["---", "---", "---", "---"],
            rows: evidence.map {
                [cell("\($0.eventID)"), cell("\(time: $0.eventTime)"), cell("\($0.eventName)"), cell($0.summary)]
            })
    }

    private mutating func writeCoverage() {
        let coverage = report.coverage
        line("## What this rests on")
        line(MarkdownText.prose(Answer.archive(coverage)))
        var items = report.notes.map(\.text)
        if !report.groups.isEmpty, !report.otherDenials.isEmpty { items.append(Answer.others(report)) }
        items += Answer.omissions(report)
        output += items.map { "- " + MarkdownText.prose($0) + "\n" }.joined()
    }
}
