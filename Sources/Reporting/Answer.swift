import AccessDenial
import Causes
import Diagnosis
import Findings
import RecordedChanges
import Remedies
import TrailStore
import Wording

/// The first lines of every report: the answer.
struct Answer {
    /// Who was refused how often.
    var headline: Prose
    /// What else was refused, of which CloudTrail does not tell; empty where nothing was.
    var refusals: Prose = ""
    /// How many incidents there are in which state; `nil` for one or none.
    var states: Prose?
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
        // What the report is about comes before what it says.
        var scope: [Detail] = []
        if let index = furtherNotes.firstIndex(where: { $0.code == Report.Note.otherArchives }) {
            scope.append(Detail(label: "Scope", text: furtherNotes.remove(at: index).text))
        }
        guard let incident = report.incidents.first,
            let lead = report.groups.first(where: { $0.group.id == incident.groups.first })
        else {
            let none: Prose = "No denial of \(Self.services(report))\(Self.exceptions(report))"
            headline =
                report.filters.isEmpty
                ? "\(none) was found\(Self.span(report))."
                : "\(none) matches \(Self.filters(report))\(Self.span(report))."
            if let previous = report.previous, previous.deliveredAt != nil {
                headline = "\(none) is new since \(Self.previous(previous))."
            }
            details = scope
            if let index = furtherNotes.firstIndex(where: {
                $0.code == "data-events-not-recorded" || $0.code == "no-events"
            }) {
                let note = furtherNotes.remove(at: index)
                // Where the archive cannot answer, that is the answer.
                if note.code == "data-events-not-recorded", Self.asksForSends(report), !Self.holdsSends(report),
                    report.filters.isEmpty, report.previous == nil
                {
                    details.append(Detail(label: "Found", text: headline))
                    headline = "The archive cannot show whether sends were refused: it has none of their events."
                }
                details.append(Detail(label: "Warning", text: note.text))
                if let command = note.command {
                    details.append(Detail(label: "Fix", text: "Let the trail record them.", command: command))
                }
            }
            details += Self.unmatched(report).map { Detail(label: "Warning", text: $0) }
            if report.omitted.awsServiceDenials > 0, report.filters.isEmpty {
                details.append(
                    Detail(
                        label: "Others",
                        text:
                            "With \(code: "--include-aws-services") the report tells of the calls that AWS services made for themselves and that were refused."
                    ))
            }
            if !report.otherDenials.isEmpty { details.append(Detail(label: "Others", text: Self.others(report))) }
            return
        }
        let principals = Set(report.groups.lazy.filter { $0.group.isOfDenials }.map { $0.group.principal }).count
        refusals = report.refusalSentences
        if principals > 0 {
            headline =
                "\(words: principals.of("principal was", "principals were")) refused \(words: report.denials.of("call", "calls")) to \(Self.services(report))\(Self.span(report))."
        } else {
            headline = refusals
            refusals = ""
        }
        let new = report.newDenials + report.newRefusals
        if new != report.denials + report.refusals, new > 0 || report.subject == nil {
            let since: Prose = report.previous.map(Self.previous) ?? "the last report"
            let noun = report.refusals > 0 ? ("refusal is", "refusals are") : ("denial is", "denials are")
            headline += "\(words: new.of(noun.0, noun.1)) new since \(since)."
        }
        if report.incidents.count > 1 {
            var counts: [Incident.State: Int] = [:]
            for place in report.incidents.indices { counts[report.incidents[place].state, default: 0] += 1 }
            let states = Incident.State.allCases.compactMap { state in
                counts[state].map { "\($0.grouped) \(state.rawValue)" }
            }
            self.states =
                "\(words: report.incidents.count.of("incident", "incidents")): \(words: states.joined(separator: ", "))."
        }
        var who: Prose = "\(Self.who(incident, lead)) \(lead.statusText)"
        who = report.incidents.count == 1 ? who.capitalised : "Start here: \(who)"
        details =
            scope + [
                Detail(label: "Who", text: who)
            ]
        let why = Self.cause(lead) + lead.rootCause.point + Self.dependents(incident, report)
        if let on = Self.resources(incident, lead, named: why) { details.append(Detail(label: "On", text: on)) }
        details.append(Detail(label: "Why", text: why))
        if let change = incident.change, let person = change.person {
            details.append(
                Detail(label: "By", text: "\(Self.story(person, change, told: why)), at \(time: change.eventTime)"))
        }
        details.append(Self.fix(incident.remedy))
    }

    /// What was refused because of the rest of its incident; empty where nothing was.
    private static func dependents(_ incident: Incident, _ report: Report) -> Prose {
        guard !incident.dependents.isEmpty else { return "" }
        let actions = Set(report.groups.lazy.filter { incident.dependents.contains($0.group.id) }.map(\.group.action))
        return "Refused in the same moments, and most likely because of it: \(list: actions.sorted(), limit: 3)."
    }

    /// Who, from where and with what, without the role that the person used; and what they did where nothing says so.
    private static func story(_ person: Person, _ change: Evidence, told why: Prose) -> Prose {
        let isTold = why.plain.lowercased().contains(change.summary.plain.lowercased())
        var text = isTold ? person.shown : change.summary
        if let address = person.sourceIPAddress, !address.hasSuffix(".amazonaws.com") {
            text = "\(text), from \(address)"
        }
        guard let client = person.client else { return text }
        return client.kind == .service ? "\(text), through \(client.name)" : "\(text), with \(words: client.name)"
    }

    /// The headline with the incidents' states behind it.
    var wholeHeadline: Prose { headline + refusals + (states ?? "") }

    /// Who was refused what, how often and since when, with a full stop.
    private static func who(_ incident: Incident, _ lead: DiagnosedGroup) -> Prose {
        guard incident.groups.count > 1 else {
            let group = lead.group
            return "\(caller(group)) refused \(group.action) \(times(group))."
        }
        guard incident.key.kind != .front else {
            return
                "\(words: incident.denials.of(incident.noun, incident.noun + "s")) from \(words: incident.principals.count == 1 ? "one kind of caller" : "several callers") were refused since \(time: incident.since), last at \(time: incident.lastSeen)."
        }
        let principals = incident.principals
        let whom: Prose =
            principals.count == 1
            ? "\(PrincipalLabel.prose(principals[0].value)) was"
            : "\(words: principals.count.of("principal", "principals")) (\(list: principals.map { PrincipalLabel.short($0.value) }, limit: 3)) were"
        let what: Prose =
            incident.actions.count == 1
            ? "\(incident.actions[0].value)"
            : "\(words: incident.actions.count.of("action", "actions")) (\(list: incident.actions.map(\.value), limit: 3))"
        return
            "\(whom) refused \(what) \(words: incident.denials.of("time", "times")) since \(time: incident.since), last at \(time: incident.lastSeen)."
    }

    /// What was refused; `nil` where the cause names it, where nothing is known of it, and of several groups.
    private static func resources(_ incident: Incident, _ lead: DiagnosedGroup, named why: Prose) -> Prose? {
        let group = lead.group
        let resources = (group.resources.isEmpty ? group.inferredResources : group.resources).map(\.value)
        let isNamed = resources.contains { resource in why.runs.contains(.value(resource)) }
        guard incident.groups.count == 1, !resources.isEmpty, !isNamed else { return nil }
        return "\(list: resources, limit: 2)"
    }

    /// Who was refused, with the verb behind it. What stands in front of a service seldom knows a caller by name.
    private static func caller(_ group: DenialGroup) -> Prose {
        switch group.companion?.layer {
        case nil: return "\(PrincipalLabel.prose(group.principal)) was"
        case .application where !group.principal.hasPrefix("arn:"):
            return "application \(group.principal) was"
        case .network: return "host \(group.principal) was"
        default:
            return group.principal == "anonymous" || group.principal == "various"
                ? "callers without a name were" : "\(PrincipalLabel.prose(group.principal)) was"
        }
    }

    /// What holds for every fix of a report, said once; `nil` where it does not.
    static func caveat(_ groups: [DiagnosedGroup]) -> Prose? {
        guard groups.contains(where: { $0.status != .resolved && $0.anotherPolicyMayRefuse }) else { return nil }
        return "AWS reports only the first blocking policy; a second may appear after a fix."
    }

    /// When the report was made, and by which version; `nil` where neither is told.
    static func origin(_ report: Report) -> Prose? {
        guard let time = report.generatedAt, let version = report.version else { return nil }
        return "Made at \(time: time) by trail403 \(words: version)."
    }

    /// How often, since when and when last; since its first denial ever, whatever the report's window.
    private static func times(_ group: DenialGroup) -> Prose {
        let often: Prose = group.denials == 1 ? "once" : "\(words: group.denials.of("time", "times"))"
        guard !group.lastSeen.isEmpty else { return often }
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
        group.group.lastSeen.isEmpty
            ? group.statusText : "\(span(from: group.group.firstSeen, to: group.group.lastSeen)). \(group.statusText)"
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
            return Detail(label: "Fix", text: sentence + "The command is below.")
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

    /// Whether the report is about the services that send messages, and not about every service.
    private static func asksForSends(_ report: Report) -> Bool {
        report.services.contains { name in
            (ServiceFamily(named: name)?.eventSources ?? []).contains(
                where: ServiceFamily.pinpoint.eventSources.contains)
        }
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
        if accepted > 0 { parts.append("the \(accepted.grouped) accepted by the suppression file") }
        let services = report.omitted.awsServiceDenials
        if services > 0 { parts.append("\(services.grouped) from AWS services' own calls") }
        return parts.isEmpty ? "" : ", except \(words: parts.joined(separator: " and ")),"
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
                "\(words: outside.of("denial is", "denials are")) outside the window.")
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

    /// Who was refused, with the kind of principal where a record tells it.
    static func whom(_ group: DenialGroup) -> Prose {
        group.companion == nil ? "\(group.principal) (\(group.principalType))" : "\(group.principal)"
    }

    /// A group's denials, and how many of them are new where not all are.
    static func denials(_ group: DiagnosedGroup) -> String {
        let all = group.group.counted
        return group.newDenials == group.group.denials ? all : "\(all), \(group.newDenials.grouped) new"
    }

    /// What was left out, each to be read behind `Left out: `.
    static func omissions(_ report: Report) -> [Prose] {
        let omitted = report.omitted
        var sentences: [Prose] = []
        if omitted.awsServiceDenials > 0 {
            sentences.append(
                "\(words: omitted.awsServiceDenials.of("denial", "denials")) from calls that AWS services made on their own; \("--include-aws-services") shows them."
            )
        }
        if omitted.suppressedDenials > 0 {
            sentences.append(
                "\(words: omitted.suppressedDenials.of("denial", "denials")) accepted by the suppression file."
            )
        }
        if omitted.knownGroups > 0 {
            sentences.append(
                "\(words: omitted.knownGroups.of("group", "groups")) of \(words: omitted.knownDenials.of("denial", "denials")) with nothing new."
            )
        }
        if omitted.furtherGroups > 0 {
            sentences.append("\(words: omitted.furtherGroups.of("group", "groups")) over the limit.")
        }
        return sentences
    }

    static func others(_ report: Report) -> Prose {
        let total = report.otherDenials.reduce(0) { $0 + $1.denials }
        let shown = report.otherDenials.prefix(5).map { "\($0.value) \($0.denials.grouped)" }
        return
            "Other services refused \(words: total.of("call", "calls")): \(list: shown)\(words: report.otherDenials.count > 5 ? " and others" : ""). \("--service all") shows them."
    }
}

extension Confidence {
    /// How sure, for a reader.
    var words: String {
        switch self {
        case .stated: "stated by AWS"
        case .simulated: "confirmed by evaluating the policies"
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
