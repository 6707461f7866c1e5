import AccessDenial
import Diagnosis
import TrailStore

/// The first lines of every report: the answer.
struct Answer {
    /// Who was refused how often.
    var headline: Prose
    /// The most telling group, why, and what to do; where nothing was refused, what that does not prove.
    var details: [Detail]
    /// What the archive cannot show, as far as the answer does not say it already.
    var furtherNotes: [Report.Note]

    /// One line of the answer.
    struct Detail {
        var label: String
        var text: Prose
        /// The command that the text ends in, to be copied.
        var command: String?

        /// The text with its command in it.
        var whole: Prose { command.map { text + Prose.code($0) } ?? text }
    }

    init(_ report: Report) {
        furtherNotes = report.notes
        guard let first = report.groups.first else {
            let none: Prose = "No denial of \(Self.services(report))\(Self.exceptions(report))"
            headline =
                report.filters.isEmpty
                ? "\(none) was found\(Self.span(report))."
                : "\(none) matches \(Self.filters(report))\(Self.span(report))."
            if let previous = report.previous, previous.deliveredAt != nil {
                headline = "\(none) is new since \(Self.previous(previous))."
            }
            details = []
            if let index = report.notes.firstIndex(where: {
                $0.code == "data-events-not-recorded" || $0.code == "no-events"
            }) {
                let note = furtherNotes.remove(at: index)
                // Where the archive cannot answer, that is the answer.
                if note.code == "data-events-not-recorded", !Self.holdsSends(report), report.filters.isEmpty,
                    report.previous == nil
                {
                    details.append(Detail(label: "Found", text: headline))
                    headline = "The archive cannot tell whether sends were refused: it holds none of their events."
                }
                details.append(Detail(label: "But", text: note.text))
                if let command = note.command {
                    details.append(Detail(label: "Fix", text: "Let the trail record them.", command: command))
                }
            }
            details += Self.unmatched(report).map { Detail(label: "But", text: $0) }
            if !report.otherDenials.isEmpty { details.append(Detail(label: "Else", text: Self.others(report))) }
            return
        }
        let principals = Set(report.groups.map(\.group.principal)).count
        headline =
            "\(words: principals.of("principal was", "principals were")) refused \(words: report.denials.of("call", "calls")) to \(Self.services(report))\(Self.span(report))."
        if report.newDenials != report.denials, report.newDenials > 0 || report.subject == nil {
            let since: Prose = report.previous.map(Self.previous) ?? "the last report"
            headline += "\(words: report.newDenials.of("denial is", "denials are")) new since \(since)."
        }
        let group = first.group
        var who: Prose =
            "\(PrincipalLabel.prose(group.principal)) was refused \(group.action) \(Self.times(group)). \(first.statusText)"
        who = report.groups.count == 1 ? who.capitalised : "Most telling: \(who)"
        details = [
            Detail(label: "Who", text: who),
            Detail(label: "Why", text: Self.cause(first)),
            Self.fix(first.remedy),
        ]
    }

    /// How often, since when and when last; since its first denial ever, whatever the report's window.
    private static func times(_ group: DenialGroup) -> Prose {
        let often: Prose = group.denials == 1 ? "once" : "\(words: group.denials.of("time", "times"))"
        let isOneMoment = group.firstSeen == group.lastSeen
        guard group.firstDenial != group.firstSeen || group.lastDenial != group.lastSeen else {
            return isOneMoment
                ? "\(often), at \(time: group.lastSeen)"
                : "\(often) since \(time: group.firstSeen), last at \(time: group.lastSeen)"
        }
        return
            "since \(time: group.firstDenial); \(often) in the window, \(words: isOneMoment ? "at" : "last at") \(time: group.lastSeen)"
    }

    /// When a group's denials were, and whether it works by now.
    static func when(_ group: DiagnosedGroup) -> Prose {
        "\(span(from: group.group.firstSeen, to: group.group.lastSeen)). \(group.statusText)"
    }

    /// Two moments, or the one that they both are.
    static func span(from: String, to: String) -> Prose {
        from == to ? "\(time: from)" : "\(time: from) to \(time: to)"
    }

    /// The remedy in a sentence, with the command that undoes where there is one.
    static func fix(_ remedy: Remedy) -> Detail {
        let sentence = remedy.text.firstSentence
        guard remedy.kind == .command, let command = remedy.commands.lines.last else {
            return Detail(label: "Fix", text: sentence)
        }
        guard command.utf8.count <= longestCommand else {
            return Detail(label: "Fix", text: sentence + "The command stands below.")
        }
        return Detail(label: "Fix", text: sentence, command: command)
    }

    /// Bytes of a command that the answer shows; one with an encoded message in it would bury the rest.
    private static let longestCommand = 400

    /// The root cause in a sentence with how sure it is.
    static func cause(_ group: DiagnosedGroup) -> Prose { "\(cause(group.rootCause))." }

    /// A finding's title with how sure it is, without a full stop.
    static func cause(_ finding: Finding) -> Prose {
        switch finding.code {
        // That AWS says nothing is not something that AWS says.
        case .reasonUnstated, .messageTruncated: finding.title
        default: "\(finding.title) (\(words: finding.confidence.words))"
        }
    }

    /// A finding in full.
    static func why(_ finding: Finding) -> Prose { "\(cause(finding)). \(finding.explanation)" }

    /// ` between … and …`.
    static func span(_ report: Report) -> Prose {
        guard let from = report.window.from ?? report.coverage.from, let to = report.window.to ?? report.coverage.to
        else {
            return ""
        }
        guard from <= to else {
            // The window lies outside of the archive, whose other end would be no end of it.
            if let from = report.window.from { return " from \(time: from) on" }
            return " up to \(time: to)"
        }
        return from == to ? " at \(time: from)" : " between \(time: from) and \(time: to)"
    }

    /// Whether the archive holds data events of any of the messaging services.
    private static func holdsSends(_ report: Report) -> Bool {
        report.coverage.services.contains {
            $0.eventCategory == "Data" && $0.events > 0 && ServiceFamily.pinpoint.eventSources.contains($0.eventSource)
        }
    }

    /// Denials that were found and are not told, so that their absence is not taken for good news.
    private static func exceptions(_ report: Report) -> Prose {
        var parts: [String] = []
        let accepted = report.omitted.suppressedDenials
        if accepted > 0 { parts.append("the \(accepted.grouped) that the suppression file accepts") }
        let services = report.omitted.awsServiceDenials
        if services > 0 { parts.append("the \(services.grouped) of AWS services' own calls") }
        return parts.isEmpty ? "" : ", but for \(words: parts.joined(separator: " and ")),"
    }

    /// `--reason unstated --region eu-west-1`.
    static func filters(_ report: Report) -> Prose {
        let options = report.filters.flatMap { filter in
            filter.values.map { "--\(filter.name) \(ShellQuoting.quoted($0))" }
        }
        return "\(options.joined(separator: " "))"
    }

    /// What the database holds beside the denials asked for, a sentence each.
    private static func unmatched(_ report: Report) -> [Prose] {
        var sentences: [Prose] = []
        let unmatched = report.omitted.unmatchedDenials
        if unmatched > 0 {
            sentences.append(
                "\(words: unmatched.of("denial", "denials")) of \(services(report)) \(words: unmatched == 1 ? "does" : "do") not match \(filters(report))."
            )
        }
        let outside = report.omitted.denialsOutsideWindow
        if outside > 0 {
            sentences.append(
                "\(words: outside.of("denial lies", "denials lie")) outside of the window.")
        }
        return sentences
    }

    static func services(_ report: Report) -> Prose {
        if report.services.contains(ServiceFamily.everyServiceName) {
            return report.groups.isEmpty ? "any AWS service" : "AWS services"
        }
        var text: Prose = ""
        for (index, name) in report.services.enumerated() {
            let title: Prose = ServiceFamily(named: name).map { "\(words: $0.title)" } ?? "\(name)"
            text = index == 0 ? title : "\(text), \(title)"
        }
        return text
    }

    /// What the database holds, in a sentence.
    static func archive(_ coverage: Coverage) -> Prose {
        var text: Prose =
            "\(words: coverage.events.of("event", "events")) from \(words: coverage.records.of("record", "records")) in \(words: coverage.logFiles.of("log file", "log files"))"
        if let from = coverage.from, let to = coverage.to { text = "\(text), \(span(from: from, to: to))" }
        if coverage.duplicates > 0 {
            text = "\(text); \(words: coverage.duplicates.of("duplicate", "duplicates")) stored once"
        }
        if coverage.prunedEvents > 0, let before = coverage.prunedBefore {
            text =
                "\(text); \(words: coverage.prunedEvents.of("event", "events")) before \(time: before) \(words: coverage.prunedEvents == 1 ? "was" : "were") pruned"
        }
        return "\(text)."
    }

    /// The report that this one tells the news since.
    static func previous(_ previous: Report.Previous) -> Prose {
        guard let time = previous.deliveredAt else { return "the last report \(previous.name)" }
        return "the last report \(previous.name) of \(time: time)"
    }

    /// A group's denials, and how many of them are new where not all are.
    static func denials(_ group: DiagnosedGroup) -> String {
        let all = group.group.denials.of("denial", "denials")
        return group.newDenials == group.group.denials ? all : "\(all), \(group.newDenials.grouped) new"
    }

    /// What was left out, each to be read behind `Left out: `.
    static func omissions(_ report: Report) -> [Prose] {
        let omitted = report.omitted
        var sentences: [Prose] = []
        if omitted.awsServiceDenials > 0 {
            sentences.append(
                "\(words: omitted.awsServiceDenials.of("denial", "denials")) of calls that AWS services made for themselves; see them with \("--include-aws-services")."
            )
        }
        if omitted.suppressedDenials > 0 {
            sentences.append(
                "\(words: omitted.suppressedDenials.of("denial", "denials")) accepted by the suppression file."
            )
        }
        if omitted.knownGroups > 0 {
            sentences.append(
                "\(words: omitted.knownGroups.of("group", "groups")) of \(words: omitted.knownDenials.of("denial", "denials")) without a new one."
            )
        }
        if omitted.furtherGroups > 0 {
            sentences.append("\(words: omitted.furtherGroups.of("group", "groups")) beyond the limit.")
        }
        return sentences
    }

    static func others(_ report: Report) -> Prose {
        let total = report.otherDenials.reduce(0) { $0 + $1.denials }
        let shown = report.otherDenials.prefix(5).map { "\($0.value) \($0.denials.grouped)" }
        return
            "Other services refused \(words: total.of("call", "calls")): \(list: shown)\(words: report.otherDenials.count > 5 ? " and others" : ""). See them with \("--service all")."
    }
}

extension Confidence {
    /// How sure, for a reader.
    var words: String {
        switch self {
        case .stated: "stated by AWS"
        case .simulated: "policies evaluated"
        case .inferred: "inferred from the trail"
        case .possible: "possible"
        }
    }
}

extension DiagnosedGroup.Status {
    var words: String {
        switch self {
        case .ongoing: "ongoing"
        case .intermittent: "intermittent"
        case .resolved: "resolved"
        case .quiet: "quiet"
        case .gone: "gone"
        }
    }
}

/// A principal's short name for headings.
enum PrincipalLabel {
    static func prose(_ arn: String) -> Prose {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn" else { return "\(arn)" }
        let path = parts[5].split(separator: "/")
        guard let kind = path.first, let name = path.last, path.count > 1 else {
            return parts[5] == "root" ? "the root user of \(String(parts[4]))" : "\(arn)"
        }
        switch kind {
        case "role": return "role \(String(name))"
        case "assumed-role": return "role \(String(path[1]))"
        case "user": return "user \(String(name))"
        case "federated-user": return "federated user \(String(name))"
        default: return "\(arn)"
        }
    }
}
