import AccessDenial
import Causes
import Diagnosis
import TrailStore
import Wording

extension Report {
    /// The report as one screen of a terminal, and no more: what stands first, with its command; the other incidents in a table as
    /// far as they fit; warnings in a line each; and how to see more.
    ///
    /// - Parameters:
    ///   - width: columns, 40 to 200; other values are clamped.
    ///   - height: rows of the terminal, one of which is left to the prompt.
    ///   - color: whether to use ANSI colours. Nothing is told by colour alone.
    ///   - options: what a command about this report's database needs behind it, such as ` --database case.sqlite`.
    ///   - times: how times are shown.
    public func screen(
        width: Int, height: Int, color: Bool = false, options: String = "", times: TimeDisplay = .utc
    ) -> String {
        FirstScreen(
            report: self, width: min(max(width, 40), 200), rows: max(height, 12) - 1, color: color, options: options,
            times: times
        ).text()
    }
}

private struct FirstScreen {
    let report: Report
    let width: Int
    let rows: Int
    let color: Bool
    let options: String
    let times: TimeDisplay

    /// Room for the labels at the left.
    private static let margin = 10
    /// Rows that one sentence may take: on a small screen the other incidents need some, too.
    private var sentenceRows: Int { isSmall ? 1 : width < 100 ? 2 : 3 }
    /// Too small a screen for more than the answer.
    private var isSmall: Bool { rows < 19 }
    private var warningLimit: Int { rows < 30 ? 1 : 3 }
    /// Incidents that the table shows before the answer gets more room.
    private static let leastIncidents = 6
    private static let mostExtra = 6

    func text() -> String {
        let answer = Answer(report)
        let foot = (isSmall ? "" : warnings(answer)) + closing()
        // What the other incidents do not need is the answer's: on an empty screen no sentence need be cut.
        let others = min(max(report.incidents.count - 1, 0), Self.leastIncidents)
        let spare = rows - count(foot) - (others > 0 ? others + 4 : 1)
        var shorter = answer
        shorter.details.removeAll { $0.label == "On" }
        let longest = isSmall ? 0 : Self.mostExtra
        let head =
            stride(from: longest, through: 0, by: -1).lazy.map { self.head(answer, extra: $0) }
            .first { count($0) <= spare } ?? self.head(shorter, extra: 0)
        // A blank line on either side of the table, and one before the foot.
        let room = rows - count(head) - count(foot) - 1
        let table = answer.states.map { self.table($0, room: room - 1) } ?? ""
        var text = head
        if !table.isEmpty { text += "\n" + table }
        if !foot.isEmpty, room > 0 { text += "\n" }
        return text + foot
    }

    /// The answer, with so many rows more for a sentence than it may take for sure.
    private func head(_ answer: Answer, extra: Int) -> String {
        var head = block { $0.paragraph(answer.headline.spans(.strong), limit: sentenceRows + extra) }
        if !answer.refusals.isEmpty {
            head += block { $0.paragraph(answer.refusals.spans(.strong), limit: sentenceRows + extra) }
        }
        for detail in answer.details { head += lines(of: detail, extra: extra) }
        return head
    }

    private func block(_ write: (inout TerminalText) -> Void) -> String {
        var text = TerminalText(width: width, usesColor: color, times: times)
        write(&text)
        return text.output
    }

    private func count(_ text: String) -> Int { text.isEmpty ? 0 : TerminalWidth.rows(text, columns: width) }

    private func label(_ label: String) -> String {
        label + String(repeating: " ", count: max(1, Self.margin - label.count))
    }

    /// How many rows a line of the answer may take: the cause is what the others are read for.
    private func rows(of label: String) -> Int {
        switch label {
        case "By": 1
        case "Why" where !isSmall: sentenceRows + 1
        default: sentenceRows
        }
    }

    private func lines(of detail: Answer.Detail, extra: Int) -> String {
        let text = block {
            $0.paragraph(
                detail.text.spans, first: label(detail.label), hanging: Self.margin,
                limit: rows(of: detail.label) + extra)
        }
        guard let command = detail.command else { return text }
        let line = block { $0.command(command, indent: Self.margin) }
        // Without an incident there is no page that would hold a long command.
        if report.incidents.isEmpty || count(line) <= (isSmall ? 2 : 3) { return text + line }
        return text
            + block { $0.command("trail403 explain 1\(options)", indent: Self.margin) }
    }

    /// What the archive cannot show, a line each.
    private func warnings(_ answer: Answer) -> String {
        let notes = answer.furtherNotes
        // One line less is no line more.
        let shown = notes.count <= warningLimit + 1 ? notes.count : warningLimit
        var text = ""
        for note in notes.prefix(shown) {
            text += block {
                $0.paragraph(
                    note.text.firstSentence.spans, first: label("Warning"), hanging: Self.margin, limit: 1)
            }
        }
        if notes.count > shown {
            let further = (notes.count - shown).of("more warning", "more warnings")
            text += block {
                $0.paragraph(
                    Prose("\(words: further): \(code: "trail403 status" + options)").spans, first: label("Warning"),
                    hanging: Self.margin, limit: 1)
            }
        }
        if !report.groups.isEmpty, !report.otherDenials.isEmpty {
            let total = report.otherDenials.reduce(0) { $0 + $1.denials }
            text += block {
                $0.paragraph(
                    Prose("other services refused \(words: total.of("call", "calls")): add \(code: "--service all")")
                        .spans,
                    first: label("Also"), hanging: Self.margin, limit: 1)
            }
        }
        return text
    }

    private func closing() -> String {
        // What a temporary database held cannot be asked again.
        let isLasting = !report.notes.contains { $0.code == Report.Note.temporaryDatabase }
        guard !report.incidents.isEmpty else { return "" }
        let one = report.incidents.count > 1 ? "2" : "1"
        let explain: Prose = "\(code: "trail403 explain \(one)\(options)") shows one incident; "
        return block {
            $0.paragraph(
                Prose("\(isLasting ? explain : "")\(code: "--groups all") shows everything.").spans,
                first: label("More"), hanging: Self.margin, limit: isSmall ? 1 : 2)
        }
    }

    // MARK: - The other incidents

    private struct Row {
        var number: String
        var incident: Incident
        var since: String
        var calls: String
        var who: String
        var cause: String
    }

    /// The incidents behind the first, as many as there is room for, with how many are left; nothing where no row fits.
    private func table(_ title: Prose, room: Int) -> String {
        let others = Array(report.incidents.enumerated().dropFirst())
        guard room >= 3, !others.isEmpty else { return "" }
        var shown = min(others.count, room - 2)
        if shown < others.count { shown -= 1 }
        guard shown > 0 else { return "" }
        // Below a hundred columns the day has to do.
        let length = width < 100 ? 10 : 16
        let all = others.prefix(shown).map { index, incident in
            Row(
                number: "\(index + 1)", incident: incident,
                since: VisibleText.visible(String(times.shown(incident.since).prefix(length))),
                calls: incident.denials.grouped, who: who(incident),
                cause: VisibleText.visible(times.plain(incident.headline)))
        }
        let zone = times.suffix(at: report.incidents[0].since)
        let sinceHead = length == 10 ? "Since" : "Since (\(zone))"
        let number = max(all.map(\.number.count).max() ?? 1, 1)
        let state = max(all.map(\.incident.state.rawValue.count).max() ?? 5, 5)
        let since = max(length, sinceHead.count)
        let calls = max(all.map(\.calls.count).max() ?? 5, 5)
        let left = width - number - state - since - calls - 5 * 2
        let widestWho = all.map { TerminalWidth.columns($0.who) }.max() ?? 0
        let whoWidth = min(max(widestWho, 3), max(left * 2 / 5, 12))
        let cause = max(left - whoWidth, 8)
        func line(_ cells: [(String, Int, Bool)], _ style: (Int) -> TerminalText.Style) -> String {
            var text = TerminalText(width: width, usesColor: color)
            text.cells(
                cells.enumerated().map { index, cell in
                    let shown = cut(cell.0, cell.1)
                    let padding = String(repeating: " ", count: max(0, cell.1 - TerminalWidth.columns(shown)))
                    // The last column needs no blanks behind it.
                    let isLast = index == cells.count - 1
                    let gap = index == 0 ? "" : "  "
                    return .init(gap + (cell.2 ? padding + shown : isLast ? shown : shown + padding), style(index))
                })
            return text.output
        }
        var text = block { $0.paragraph(title.spans(.strong), limit: 1) }
        text += line(
            [
                ("#", number, true), ("State", state, false), (sinceHead, since, false), ("Calls", calls, true),
                ("Who", whoWidth, false), ("Cause", cause, false),
            ], { _ in .faint })
        for row in all {
            text += line(
                [
                    (row.number, number, true), (row.incident.state.rawValue, state, false), (row.since, since, false),
                    (row.calls, calls, true), (row.who, whoWidth, false), (row.cause, cause, false),
                ], { $0 == 1 ? row.incident.state.style : .plain })
        }
        let further = others.count - shown
        if further > 0 {
            text += block {
                $0.paragraph(
                    [.init("and \(further.grouped) more", .faint)], first: String(repeating: " ", count: number + 2))
            }
        }
        return text
    }

    private func who(_ incident: Incident) -> String {
        guard let first = incident.principals.first else { return "" }
        let name = VisibleText.visible(PrincipalLabel.short(first.value))
        let others = incident.principals.count - 1
        return others > 0 ? "\(name) +\(others.grouped)" : name
    }

    private func cut(_ text: String, _ limit: Int) -> String {
        TerminalWidth.columns(text) <= limit ? text : TerminalWidth.cut(text[...], columns: limit - 1) + "…"
    }
}

extension Incident.State {
    /// How a state is coloured; its word tells it as well.
    var style: TerminalText.Style {
        switch self {
        case .active: .bad
        case .quiet, .gone: .faint
        case .resolved: .good
        }
    }
}
