import Diagnosis
import Findings
import OrderedJSON
import RecordedChanges
import TrailStore
import Wording

extension Report {
    /// The report as one message of Slack's Block Kit, JSON to be posted to an incoming webhook as it is.
    ///
    /// The limits are Slack's: 150 characters of a header, 3,000 of a section, 50 blocks. Source: "Reference: Block Kit blocks".
    public func slack() -> String { SlackReport(report: self).message.prettyText() + "\n" }

    /// How many incidents have a section of their own in such a message.
    public static let slackLimit = 10
}

private struct SlackReport {
    let report: Report

    private static let headerLimit = 150
    private static let sectionLimit = 3_000
    /// Characters of one incident's commands; longer ones are told by the command that shows them.
    private static let commandLimit = 1_200

    var message: JSONValue {
        let answer = Answer(report)
        let title = report.subject ?? report.incidents.first.map { VisibleText.visible($0.headline.plain) }
        let headline = VisibleText.visible(answer.headline.plain)
        var blocks: [JSONValue] = [
            .members(
                ("type", .string("header")),
                (
                    "text",
                    .members(
                        ("type", .string("plain_text")),
                        ("text", .string((title ?? headline).clipped(to: Self.headerLimit))), ("emoji", .bool(false)))
                ))
        ]
        if report.incidents.isEmpty {
            let text = answer.details.reduce(SlackText.prose(answer.headline)) {
                "\($0)\n*\($1.label)* \(SlackText.prose($1.whole))"
            }
            blocks.append(section(text))
        }
        for incident in report.incidents.prefix(Report.slackLimit) { blocks.append(section(text(incident))) }
        var remarks: [String] = []
        let further = report.incidents.count - Report.slackLimit
        if further > 0 {
            remarks.append("\(further.of("more incident", "more incidents")): `trail403 report` tells them all.")
        }
        if !report.incidents.isEmpty { remarks.append(SlackText.prose(answer.headline)) }
        if let time = report.generatedAt { remarks.append("Made at \(shownTime(time) ?? "").") }
        if !remarks.isEmpty {
            blocks.append(
                .members(
                    ("type", .string("context")),
                    ("elements", .array([mrkdwn(remarks.joined(separator: " "))]))))
        }
        return .members(("text", .string(SlackText.escaped(title ?? headline))), ("blocks", .array(blocks)))
    }

    private func text(_ incident: Incident) -> String {
        let mark =
            incident.transition.map { $0.isAlarm ? "*NEW, \($0.words)*" : "*\($0.words)*" }
            ?? "*\(incident.state.rawValue)*"
        var lines = ["\(mark) \(SlackText.prose(incident.title)) `\(SlackText.escaped(incident.id))`"]
        if let person = incident.person { lines.append("*By* \(SlackText.prose(person.story))") }
        lines.append("*Fix* \(SlackText.prose(incident.remedy.text.firstSentence))")
        let commands = incident.remedy.commands.lines.joined(separator: "\n")
        if !commands.isEmpty, commands.utf16.count <= Self.commandLimit, !commands.contains("`") {
            lines.append("```\n\(SlackText.escaped(commands))\n```")
        } else if !commands.isEmpty {
            lines.append("`trail403 explain \(SlackText.escaped(incident.id))` shows the commands.")
        }
        return lines.joined(separator: "\n")
    }

    private func section(_ text: String) -> JSONValue {
        .members(("type", .string("section")), ("text", mrkdwn(text)))
    }

    private func mrkdwn(_ text: String) -> JSONValue {
        // Where even the few sentences of an incident are too long, no formatting is left open: plain text has none.
        guard text.utf16.count <= Self.sectionLimit else {
            return .members(
                ("type", .string("plain_text")), ("text", .string(text.clipped(to: Self.sectionLimit))),
                ("emoji", .bool(false)))
        }
        // Verbatim: Slack makes no links of names and channels that stand in it.
        return .members(("type", .string("mrkdwn")), ("text", .string(text)), ("verbatim", .bool(true)))
    }
}

/// Text of a message: values stand in code spans, and nothing of them is a mention, a link or formatting.
private enum SlackText {
    /// The three characters that Slack reads as markup. Source: "Formatting text for app surfaces".
    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    /// The longest value that is shown whole.
    private static let valueLimit = 300

    static func prose(_ prose: Prose) -> String {
        prose.runs.map { run in
            switch run {
            case .words(let text): escaped(text)
            case .value(let text), .code(let text): code(text)
            case .time(let time): escaped(shownTime(time) ?? time)
            }
        }.joined()
    }

    private static func code(_ text: String) -> String {
        // A backtick would end the span, and so would a line break.
        let shown = VisibleText.visible(text).replacing("`", with: "'").replacing("\n", with: " ").clipped(
            to: valueLimit)
        return shown.allSatisfy(\.isWhitespace) ? "" : "`\(escaped(shown))`"
    }
}
