import AccessDenial
import ArgumentParser
import Causes
import Diagnosis
import Foundation
import RecordedChanges
import Remedies
import Reporting
import TrailStore

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explains one case in full: what happened, why, what to do, and what was ruled out.",
        discussion: """
            Shows the answer, a timeline of successes, permission changes and denials,
            every finding with its evidence, the fix, the sessions behind the calls,
            and a checklist of possible causes: found, ruled out, or not visible in
            CloudTrail.

            Name an incident or group by its number in the last report (2, 2.1), or by
            its id in [brackets] or the start of it; or give a part of a principal's or
            action's name that fits one group only, the ARN of a principal or resource,
            an eventID or a request id of any log. A denial is shown with its group, a
            permission change with the groups that it explains.

            Examples:
              trail403 explain 2
              trail403 explain order-notifier
              trail403 explain 7c1f09ab
              trail403 explain 7c1f --format json
              trail403 explain 4ad86e2d-9c07-42e5-8123-5a311cadf067 --record
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @Argument(
        help: ArgumentHelp(
            "A number of the last report, an id or its start, a part of a name, an ARN, an eventID or a request id.",
            valueName: "what"))
    var name: String

    @Option(help: ArgumentHelp("text or json.", valueName: "format"))
    var format = Format.text

    @Flag(help: "Also show the raw record of a denial: the event you named, else the group's latest.")
    var record = false

    @Option(help: ArgumentHelp("Color the text: auto, always or never.", valueName: "when"))
    var color = ColorMode.auto

    @OptionGroup var timezone: TimezoneOption
    @OptionGroup var pager: PagerOption
    @OptionGroup var database: DatabaseOption

    mutating func validate() throws {
        guard !name.isEmpty else { throw ValidationError("name a denial group or an event to explain") }
    }

    func run() throws {
        let store = try TrailDatabase.openForReading(database.path)
        Output.remarks(store.remarks)
        if let page = try incident(store) {
            switch format {
            case .json: try Output.write(page.json())
            case .text:
                let terminal = Terminal.current()
                try pager.write(
                    page.text(width: terminal.width, color: color.applies(to: terminal), times: timezone.display))
            }
            return try store.close()
        }
        switch try subject(store) {
        case .group(let id): try explain(groupID: id, event: nil, store)
        case .event(let id):
            var found = try store.event(id: id) ?? store.event(requestID: id)
            if found == nil {
                switch try store.companionCase(requestID: id) {
                case .group(let id): return try explain(groupID: id, event: nil, store)
                case .event(let eventID): found = try store.event(id: eventID)
                case nil: break
                }
            }
            guard let event = found else {
                throw Failure(
                    description:
                        "no event or request `\(VisibleText.visible(id))` is in `\(database.path)`: check the id, or ingest the log files that hold it"
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

    /// The incident that is named, by its number in the last report, its id or, where no group's begins so, the start of it; `nil` for
    /// anything else, and for an incident of one group, whose case says more.
    private func incident(_ store: TrailDatabase) throws -> IncidentPage? {
        let names = try store.groupNames()
        let wanted = name.trimmingCharacters(in: CharacterSet(charactersIn: " []#")).lowercased()
        if LastReport.isNumber(wanted), !wanted.contains(".") {
            guard let id = try group(ofNumber: wanted, store) else { return nil }
            let (report, changes) = try wholeReport(store)
            let found = report.incidents.first { $0.groups.contains(id) && $0.groups.count > 1 }
            return found.map { page($0, report, changes) }
        }
        guard (4...64).contains(wanted.utf8.count), wanted.allSatisfy({ $0.isHexDigit }),
            !names.contains(where: { $0.id == wanted })
        else { return nil }
        let isStartOfGroup = names.contains { $0.id.hasPrefix(wanted) }
        guard !isStartOfGroup || wanted.utf8.count >= 8 else { return nil }
        let (report, changes) = try wholeReport(store)
        let found = report.incidents.filter { isStartOfGroup ? $0.id == wanted : $0.id.hasPrefix(wanted) }
        return found.count == 1 ? page(found[0], report, changes) : nil
    }

    private func page(_ incident: Incident, _ report: Report, _ changes: [PermissionChange]) -> IncidentPage {
        var page = IncidentPage(incident, in: report)
        page.addPolicyDiffs(changes)
        return page
    }

    /// Everything that the database holds, as a report, with the changes that were read for it.
    private func wholeReport(_ store: TrailDatabase) throws -> (report: Report, changes: [PermissionChange]) {
        var filter = ReportFilter()
        filter.includesAWSServices = true
        let facts = try store.reportFacts(filter, changes: Diagnoser.changeSelection)
        let groups = diagnoser(facts).diagnose(facts.groups)
        return (Report(groups: groups, coverage: facts.coverage, services: ["all"]), facts.changes)
    }

    /// The group that a number of the last report stands for; `nil` where it stands for none.
    private func group(ofNumber number: String, _ store: TrailDatabase) throws -> String? {
        let last = try LastReport(of: database.path) ?? LastReport(plainReport(store))
        return last.group(number)
    }

    /// What the name stands for: a number of the last report first, then whatever else can be named.
    private func subject(_ store: TrailDatabase) throws -> CaseName.Subject {
        let groups = try store.groupNames()
        let wanted = name.trimmingCharacters(in: CharacterSet(charactersIn: " []#"))
        if LastReport.isNumber(wanted) {
            if let id = try group(ofNumber: wanted, store), groups.contains(where: { $0.id == id }) {
                return .group(id)
            }
        }
        if wanted.hasPrefix("arn:") {
            let ids = try store.groups(onResource: wanted)
            if ids.count == 1, let id = ids.first { return .group(id) }
            if !ids.isEmpty {
                return try CaseName(wanted, among: groups.filter { ids.contains($0.id) }).choice()
            }
        }
        do {
            return try CaseName(name, among: groups).subject()
        } catch let failure as Failure {
            // Not every service's request ids have the shape of an eventID.
            if let event = try store.event(requestID: wanted) { return .event(event.eventID) }
            switch try store.companionCase(requestID: wanted) {
            case .group(let id): return .group(id)
            case .event(let id): return .event(id)
            case nil: throw failure
            }
        }
    }

    /// The report that `trail403 report` without options makes: its numbers count where none is remembered.
    private func plainReport(_ store: TrailDatabase) throws -> Report {
        let filter = try FilterOptions.parse([])
        let facts = try store.reportFacts(filter.filter, changes: Diagnoser.changeSelection)
        return Report(groups: diagnoser(facts).diagnose(facts.groups), coverage: facts.coverage)
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
        page.addPolicyDiffs(facts.report.changes)
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
            try pager.write(
                page.text(
                    width: terminal.width, color: color.applies(to: terminal), ascii: !Self.isUnicodeLocale(),
                    times: timezone.display))
        }
    }

    private func answer(_ event: StoredEvent, _ store: TrailDatabase) throws {
        let code = event.errorCode
        var kind: EventAnswer.Kind = code == nil && event.errorMessage == nil ? .success : .error
        if let code, ErrorCode(code) == .noDenial(.throttling) { kind = .throttled }
        var explains: [EventAnswer.Explained] = []
        var changes: [PermissionChange] = []
        if event.isPermissionChange {
            kind = .permissionChange
            let report: Report
            (report, changes) = try wholeReport(store)
            explains = report.groups.compactMap { group in
                if let finding = group.findings.first(where: { $0.evidence.contains { $0.eventID == event.eventID } }) {
                    return EventAnswer.Explained(group: group, finding: finding)
                }
                guard group.fixedBy?.eventID == event.eventID else { return nil }
                return EventAnswer.Explained(group: group, finding: nil)
            }
        }
        var page = EventAnswer(event: event, kind: kind, explains: explains)
        page.addPolicyDiffs(changes)
        let terminal = Terminal.current()
        switch format {
        case .json: try Output.write(page.json())
        case .text:
            try pager.write(
                page.text(width: terminal.width, color: color.applies(to: terminal), times: timezone.display))
        }
    }

    private func diagnoser(_ facts: ReportFacts) -> Diagnoser {
        Diagnoser(facts, reportTime: Timestamp.now())
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
                description: "\(decimal(candidates.count)) denial groups start with `\(shown)`: give more of the id"
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
                    "nothing here is called `\(shown)`: `trail403 report --service all` lists the incidents and groups with their numbers and ids"
            )
        }
        // A part of a name that fits one group only means that group; an id with a slip in it might mean another.
        let named = near.filter {
            $0.principal.lowercased().contains(wanted) || $0.action.lowercased().contains(wanted)
        }
        if near.count == 1, named.count == 1 { return .group(near[0].id) }
        throw Failure(description: "`\(shown)` is not the id of a group: did you mean one of these?" + list(near))
    }

    /// One of all groups, where there is one only; else the user must choose.
    func choice() throws -> Subject {
        if groups.count == 1 { return .group(groups[0].id) }
        throw Failure(
            description: "\(decimal(groups.count)) denial groups fit `\(shown)`: name one of them" + list(groups),
            status: ExitStatus.usage)
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
