import AccessDenial
import ArgumentParser
import Diagnosis
import Foundation
import Reporting
import TrailStore

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tells one case in full: what happened, why, what to do, and what was ruled out.",
        discussion: """
            The page holds the answer, a timeline of successes, permission changes and
            denials, every finding with its evidence, the remedy, the sessions behind
            the calls, and the troubleshooting guide's checklist with each row found,
            ruled out or not visible in CloudTrail.

            Name an incident or a denial group by its id, as reports show it in
            [brackets], or by the start of the id; or name an event by its eventID or by
            the request id that an error message tells: a denial is told with its group,
            a permission change with the groups that it explains.

            Examples:
              trail403 explain 7c1f09ab
              trail403 explain 7c1f --format json
              trail403 explain 4ad86e2d-9c07-42e5-8123-5a311cadf067 --record
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @Argument(
        help: ArgumentHelp(
            "The id of an incident or a denial group, or the start of it, an eventID or a request id.",
            valueName: "incident|group|eventid"))
    var name: String

    @Option(help: ArgumentHelp("text or json.", valueName: "format"))
    var format = Format.text

    @Flag(help: "Show the raw record of one denial, too: of the event asked for, else of the group's latest.")
    var record = false

    @Option(help: ArgumentHelp("Colour the text: auto, always or never.", valueName: "when"))
    var color = ColorMode.auto

    @OptionGroup var database: DatabaseOption

    mutating func validate() throws {
        guard !name.isEmpty else { throw ValidationError("name a denial group or an event to explain") }
    }

    func run() throws {
        let store = try TrailDatabase.openForReading(database.path)
        Output.remarks(store.remarks)
        let names = try store.groupNames()
        if let page = try incident(names, store) {
            switch format {
            case .json: try Output.write(page.json())
            case .text:
                let terminal = Terminal.current()
                try Output.write(page.text(width: terminal.width, color: hasColor(terminal)))
            }
            return try store.close()
        }
        switch try CaseName(name, among: names).subject() {
        case .group(let id): try explain(groupID: id, event: nil, store)
        case .event(let id):
            guard let event = try store.event(id: id) ?? store.event(requestID: id) else {
                throw Failure(
                    description:
                        "no event `\(VisibleText.visible(id))` is in `\(database.path)`: check the id, or ingest the log files that hold it"
                )
            }
            if let group = event.denialGroupID {
                try explain(groupID: group, event: event, store)
            } else {
                try answer(event, store)
            }
        }
        try store.close()
    }

    /// The incident that is named, by its id or, where no group's begins so, by the start of it; `nil` for anything else.
    private func incident(_ names: [GroupName], _ store: TrailDatabase) throws -> IncidentPage? {
        let wanted = name.trimmingCharacters(in: CharacterSet(charactersIn: " []")).lowercased()
        guard (4...64).contains(wanted.utf8.count), wanted.allSatisfy({ $0.isHexDigit }),
            !names.contains(where: { $0.id == wanted })
        else { return nil }
        let isStartOfGroup = names.contains { $0.id.hasPrefix(wanted) }
        guard !isStartOfGroup || wanted.utf8.count >= 8 else { return nil }
        var filter = ReportFilter()
        filter.includesAWSServices = true
        let facts = try store.reportFacts(filter, changes: Diagnoser.changeSelection)
        let report = Report(
            groups: diagnoser(facts).diagnose(facts.groups), coverage: facts.coverage, services: ["all"])
        let found = report.incidents.filter { isStartOfGroup ? $0.id == wanted : $0.id.hasPrefix(wanted) }
        return found.count == 1 ? IncidentPage(found[0], in: report) : nil
    }

    private func explain(groupID: String, event: StoredEvent?, _ store: TrailDatabase) throws {
        let facts = try store.caseFacts(groupID: groupID, changes: Diagnoser.changeSelection)
        guard var group = facts.report.groups.first else {
            throw Failure(description: "the denials of group `\(groupID)` are not in `\(database.path)`")
        }
        if let event { group.putFirst(event) }
        let study = diagnoser(facts.report).study(group)
        var page = CaseReport(study: study, times: facts.times, database: database.path, event: event)
        page.markDoubtful(facts.report.doubtful)
        if record {
            let eventID = event?.eventID ?? group.evidence.last?.eventID ?? ""
            guard let json = try store.record(eventID: eventID) else {
                throw Failure(
                    description:
                        "event `\(VisibleText.visible(eventID))` is not in the database")
            }
            page.record = CaseReport.Record(eventID: eventID, json: json)
        }
        let terminal = Terminal.current()
        switch format {
        case .json: try Output.write(page.json())
        case .text:
            let text = page.text(width: terminal.width, color: hasColor(terminal), ascii: !Self.isUnicodeLocale())
            try Output.write(text)
            if let remark = terminal.remark(behind: text) { Output.error(remark) }
        }
    }

    private func answer(_ event: StoredEvent, _ store: TrailDatabase) throws {
        let code = event.errorCode
        var kind: EventAnswer.Kind = code == nil && event.errorMessage == nil ? .success : .error
        if let code, ErrorCode(code) == .noDenial(.throttling) { kind = .throttled }
        var explains: [EventAnswer.Explained] = []
        if event.isPermissionChange {
            kind = .permissionChange
            var filter = ReportFilter()
            filter.includesAWSServices = true
            let facts = try store.reportFacts(filter, changes: Diagnoser.changeSelection)
            let report = Report(
                groups: diagnoser(facts).diagnose(facts.groups), coverage: facts.coverage, services: ["all"])
            explains = report.groups.compactMap { group in
                if let finding = group.findings.first(where: { $0.evidence.contains { $0.eventID == event.eventID } }) {
                    return EventAnswer.Explained(group: group, finding: finding)
                }
                guard group.fixedBy?.eventID == event.eventID else { return nil }
                return EventAnswer.Explained(group: group, finding: nil)
            }
        }
        let page = EventAnswer(event: event, kind: kind, explains: explains)
        let terminal = Terminal.current()
        switch format {
        case .json: try Output.write(page.json())
        case .text: try Output.write(page.text(width: terminal.width, color: hasColor(terminal)))
        }
    }

    private func diagnoser(_ facts: ReportFacts) -> Diagnoser {
        Diagnoser(
            usage: facts.usage, changes: facts.changes, coverage: facts.coverage,
            reportTime: Timestamp.now(), projects: facts.projects)
    }

    private func hasColor(_ terminal: Terminal) -> Bool {
        switch color {
        case .always: true
        case .never: false
        case .auto: terminal.isOutputTerminal && !terminal.refusesColor
        }
    }

    /// Whether the user's locale can show the chart's blocks; by POSIX the first of the three variables that is set decides.
    private static func isUnicodeLocale(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> Bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        let name = locale.lowercased()
        return name.contains("utf-8") || name.contains("utf8")
    }
}

/// What the user named: a group, by the start of its id, or an event.
struct CaseName {
    /// What there is to explain.
    enum Subject: Equatable {
        case group(String)
        case event(String)
    }

    private let name: String
    private let groups: [GroupName]

    init(_ name: String, among groups: [GroupName]) {
        self.name = name.trimmingCharacters(in: CharacterSet(charactersIn: " []"))
        self.groups = groups
    }

    func subject() throws -> Subject {
        let wanted = name.lowercased()
        if let exact = groups.first(where: { $0.id == wanted }) { return .group(exact.id) }
        if Self.isEventID(wanted) { return .event(wanted) }
        if Self.isRequestID(name) { return .event(name) }
        let isHexadecimal = wanted.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        let candidates = isHexadecimal ? groups.filter { $0.id.hasPrefix(wanted) } : []
        if candidates.count == 1 { return .group(candidates[0].id) }
        if candidates.count > 1 {
            throw Failure(
                description: "\(decimal(candidates.count)) denial groups begin with `\(shown)`: give more of the id"
                    + list(candidates), status: ExitStatus.usage)
        }
        // A name in place of an id, or an id with a slip of the finger.
        let near = groups.filter { group in
            group.principal.lowercased().contains(wanted) || group.action.lowercased().contains(wanted)
                || (isHexadecimal && Self.differences(group.id.prefix(wanted.utf8.count), wanted) <= 1)
        }
        if near.isEmpty {
            throw Failure(
                description:
                    "no denial group begins with `\(shown)`: `trail403 report --service all` lists the groups with their ids in brackets"
            )
        }
        throw Failure(description: "no denial group begins with `\(shown)`: did you mean one of these?" + list(near))
    }

    private var shown: String { VisibleText.visible(name) }

    private static let listLimit = 10

    private func list(_ groups: [GroupName]) -> String {
        var text = ""
        for group in groups.prefix(Self.listLimit) {
            text += "\n  " + VisibleText.visible("\(group.id)  \(group.principal)  \(group.action)  \(group.reason)")
        }
        if groups.count > Self.listLimit { text += "\n  and \(decimal(groups.count - Self.listLimit)) more" }
        return text
    }

    /// The shape of a GUID: CloudTrail's event ids are nothing else.
    private static func isEventID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.utf8.count) == [8, 4, 4, 4, 12] && UUID(uuidString: text) != nil
    }

    /// The shape of S3's request ids: sixteen capitals and digits.
    private static func isRequestID(_ text: String) -> Bool {
        text.utf8.count == 16 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
    }

    /// How many places differ between texts of equal length; many where the lengths differ.
    private static func differences(_ left: Substring, _ right: String) -> Int {
        guard left.utf8.count == right.utf8.count else { return .max }
        return zip(left.utf8, right.utf8).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
    }
}

extension DenialGroup {
    /// Makes one denial the first piece of evidence.
    fileprivate mutating func putFirst(_ event: StoredEvent) {
        evidence.removeAll { $0.eventID == event.eventID }
        evidence.insert(
            DenialEvidence(
                eventID: event.eventID, eventTime: event.eventTime, eventName: event.eventName,
                awsRegion: event.awsRegion, resource: event.resource, errorCode: event.errorCode,
                errorMessage: event.errorMessage), at: 0)
    }
}
