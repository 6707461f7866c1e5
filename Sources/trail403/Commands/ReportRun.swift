import AccessDenial
import CloudTrail
import Diagnosis
import Foundation
import Remedies
import Reporting
import Suppressions
import Synchronization
import TrailStore
import Wording

/// Builds the report that the options ask for, and brings it where it belongs: what `report` and `analyze` have in common.
struct ReportRun {
    var filter: FilterOptions
    var suppression: SuppressionOption
    var rules: Suppression?
    var output: OutputOptions
    var schedule: ScheduleOptions
    var path: String
    /// What was found out just before; `nil` where nothing was.
    var diagnosed: DiagnosisRun.Diagnosed?
    /// Whether the database is there for other commands.
    var isLasting = true
    /// What is added to the report's notes.
    var remark: (inout Report) -> Void = { _ in }

    /// Reports; returns how many refusals there were to report, with `--new-since-last` how many incidents opened or reopened.
    func deliver() throws -> Int {
        if let file = output.file, Output.isPart(file, ofDatabase: path) {
            throw Failure(
                description: "`\(displayName(file))` is the database, or belongs to it: name another file with -o",
                status: ExitStatus.usage)
        }
        guard let name = schedule.newSinceLast else {
            let database = try TrailDatabase.openForReading(path)
            Output.remarks(database.remarks)
            let report =
                try reportOfDiagnosed(database) ?? reportInOutline(database) ?? reportOfStored(database)
                ?? wholeReport(database)
            try database.close()
            return try deliver(report)
        }
        try TrailDatabase.requireFile(path)
        // Held until the report is delivered: a second run waits, and then finds nothing new.
        let lock = try TrailDatabase.openForWritingLocked(path) {
            Output.error("trail403: another run is writing to `\(displayName(path))`: waiting for it to end")
        }
        defer { lock.release() }
        var alarms = 0
        var found = (facts: ReportFacts(), groups: 0)
        try lock.database.deliverNews(
            name: name, filterText: filter.text, filter: filter.filter, changes: Diagnoser.changeSelection, now: now
        ) { news in
            if let other = news.otherFilter {
                Output.error(
                    "trail403: the last report \(name) had another filter (\(other)), so this one starts over and tells everything: give each filter a name of its own"
                )
            }
            let previous = Report.Previous(name: name, deliveredAt: news.lastDelivery)
            let isFirst = news.lastDelivery == nil && news.remembered.isEmpty
            let memory = IncidentMemory(news.remembered, isFirstReport: isFirst)
            func transitions(_ incidents: [Incident]) -> [String: Transition] {
                let toldAt = memory.toldAt(incidents)
                return memory.transitions(incidents).filter { id, transition in
                    schedule.tells(transition, toldAt: toldAt[id], now: now)
                }
            }
            var report: Report
            if let read = try newsInOutline(news, { Set(transitions($0).keys) }) {
                found = (read.facts, read.groups.count)
                report = self.report(read.facts, read.groups, previous: previous, incidents: read.incidents)
            } else {
                let facts = try news.facts()
                found = (facts, facts.groups.count)
                report = self.report(facts, previous: previous)
            }
            let incidents = report.incidents
            if schedule.baseline {
                Output.error(
                    "trail403: \(counted(incidents.count, "incident")) taken for known: report \(name) tells what comes later"
                )
                return memory.after(incidents, told: Set(incidents.map(\.id)), now: now)
            }
            let told = transitions(incidents)
            report.keepNews(told)
            alarms = told.values.count(where: \.isAlarm)
            _ = try deliver(report)
            return memory.after(incidents, told: Set(told.keys), now: now)
        }
        try tellNearMisses(found.facts, groups: found.groups, lock.database)
        try lock.database.checkpoint()
        try lock.database.close()
        return alarms
    }

    /// The groups that news are made of where few incidents are told of: those of such incidents are read whole, and of the rest it is
    /// known what was found out when the views were written. `nil` where everything has to be read.
    ///
    /// - Parameter told: the ids of the incidents that are told of.
    private func newsInOutline(_ news: News, _ told: ([Incident]) -> Set<String>) throws -> GroupsInOutline? {
        guard rules == nil, let (outline, reader) = try news.outline(version: Version.text, keepingTimes: tellsTimes),
            var groups = DiagnosedGroup.outlines(outline)
        else { return nil }
        var wanted = outline.groupsRestingOnOthers
        let behind = outline.groupsBehind
        var facts: ReportFacts?
        for _ in 0..<Self.readLimit {
            groups = Report.ordered(groups, end: outline.to)
            let incidents = Incident.incidents(of: groups)
            var needed = wanted
            // What is taken for known is not told.
            if !schedule.baseline {
                let told = told(incidents)
                for incident in incidents where told.contains(incident.id) { needed.formUnion(incident.groups) }
                if let example = Report.example(of: groups, outline) { needed.insert(example) }
            }
            if let facts, needed.isSubset(of: wanted) { return (facts, groups, incidents) }
            wanted = needed
            // To read many one by one takes longer than to read all.
            guard wanted.count <= groups.count / 2 else { return nil }
            let read = try reader.facts(of: wanted.union(wanted.compactMap { behind[$0] }))
            facts = read
            let found = Dictionary(diagnose(read).map { ($0.group.id, $0) }) { first, _ in first }
            groups = groups.map { wanted.contains($0.group.id) ? found[$0.group.id] ?? $0 : $0 }
        }
        return nil
    }

    /// Tells on standard error where the filter matches nothing, and what was probably meant.
    private func tellNearMisses(_ facts: ReportFacts, groups: Int, _ database: TrailDatabase) throws {
        var hints = filter.unknownServices(facts.coverage)
        if groups == 0, facts.omitted.unmatchedDenials > 0 {
            hints += try filter.nearMisses(database, facts.coverage)
        }
        for hint in hints { Output.error("trail403: \(hint)") }
    }

    private func wholeReport(_ database: TrailDatabase) throws -> Report {
        let facts = try database.reportFacts(filter.filter, changes: Diagnoser.changeSelection)
        try tellNearMisses(facts, groups: facts.groups.count, database)
        return report(facts)
    }

    /// The report of what was found out just before, so far as the filter lets it through; `nil` where everything has to be read.
    private func reportOfDiagnosed(_ database: TrailDatabase) throws -> Report? {
        guard var facts = diagnosed?.facts, let groups = diagnosed?.groups else { return nil }
        let diagnoser = Diagnoser(facts, reportTime: now)
        let outline = try database.withOutline(
            filter.filter, changes: Diagnoser.changeSelection, version: Version.text
        ) { outline, _ in outline }
        guard let outline else { return nil }
        facts.omitted = outline.omitted
        Self.keep((facts, diagnoser))
        let read = Dictionary(facts.groups.map { ($0.id, $0) }) { first, _ in first }
        return report(
            facts,
            groups.compactMap { found in
                guard outline.contains(found.group.id) else { return nil }
                // Of a denial that the filter leaves out nothing is told.
                let restsOnOther = found.behindGroupID.map { !outline.contains($0) } ?? false
                var told = restsOnOther ? read[found.group.id].map(diagnoser.diagnose) ?? found : found
                told.group.newDenials = nil
                return told
            })
    }

    /// What a report is made of where most groups are told in a line each; the groups and their incidents come in its order.
    private typealias GroupsInOutline = (facts: ReportFacts, groups: [DiagnosedGroup], incidents: [Incident])

    /// Whether more is told of every group than a line.
    var readsEveryGroup: Bool { output.extent == nil || rules != nil || output.redact }

    /// Whether the report tells when the denials of groups were that it tells of in a line.
    private var tellsTimes: Bool { output.format == .html }

    /// How often groups are read because what was found of others brought them forward.
    private static let readLimit = 4

    /// The report where most groups are told in a line each: what it tells in full is read and diagnosed, and of the rest it says what
    /// was found out when the views were written. `nil` where everything has to be read.
    private func reportInOutline(_ database: TrailDatabase) throws -> Report? {
        guard !readsEveryGroup, let extent = output.extent else { return nil }
        let read = try database.withOutline(
            filter.filter, changes: Diagnoser.changeSelection, version: Version.text, keepingTimes: tellsTimes
        ) { outline, reader -> GroupsInOutline? in
            guard outline.groups.count > extent.groups, var groups = DiagnosedGroup.outlines(outline) else {
                return nil
            }
            var wanted = outline.groupsRestingOnOthers
            let behind = outline.groupsBehind
            outline.removeGroups()
            groups = Report.ordered(groups, end: outline.to)
            var incidents = Incident.incidents(of: groups)
            wanted.formUnion(Report.told(of: groups, incidents, outline, extent))
            for _ in 0..<Self.readLimit {
                wanted.formUnion(wanted.compactMap { behind[$0] })
                let facts = try reader.facts(of: wanted)
                let found = Dictionary(diagnose(facts).map { ($0.group.id, $0) }) { first, _ in first }
                var isMoved = false
                for (index, group) in groups.enumerated() {
                    guard let known = found[group.group.id] else { continue }
                    if !known.ranksLike(group) { isMoved = true }
                    groups[index] = known
                }
                guard isMoved else { return (facts, groups, Incident.renewed(incidents, Set(found.keys), of: groups)) }
                groups = Report.ordered(groups, end: outline.to)
                incidents = Incident.incidents(of: groups)
                let told = Report.told(of: groups, incidents, outline, extent)
                if told.isSubset(of: wanted) { return (facts, groups, incidents) }
                wanted.formUnion(told)
            }
            return nil
        }
        guard let read else { return nil }
        try tellNearMisses(read.facts, groups: read.groups.count, database)
        return report(read.facts, read.groups, incidents: read.incidents)
    }

    /// Whether the report is made of what the database holds of each group as reports in JSON say it.
    var isOfStoredGroups: Bool { [.json, .csv].contains(output.format) && rules == nil && !output.redact }

    /// The report in JSON or CSV of what was stored when the views were written; `nil` where everything has to be read.
    private func reportOfStored(_ database: TrailDatabase) throws -> Report? {
        guard isOfStoredGroups else { return nil }
        let read = try database.withOutline(
            filter.filter, changes: Diagnoser.changeSelection, version: Version.text
        ) { outline, reader -> (facts: ReportFacts, groups: [DiagnosedGroup], stored: StoredGroups)? in
            guard var groups = DiagnosedGroup.outlines(outline) else { return nil }
            let logFiles = outline.groupsWithLogFiles
            var wanted = outline.groupsRestingOnOthers
            let behind = outline.groupsBehind
            for diagnosis in outline.diagnoses
            where diagnosis.unreadRecords > 0 && logFiles.contains(diagnosis.denialGroupID) {
                wanted.insert(diagnosis.denialGroupID)
            }
            var facts = ReportFacts()
            for _ in 0..<Self.readLimit {
                // Who is read shares the log files with the others that are.
                let read = wanted.isEmpty ? [] : wanted.union(logFiles)
                facts = try reader.facts(of: read.union(read.compactMap { behind[$0] }))
                let found = Dictionary(diagnose(facts).map { ($0.group.id, $0) }) { first, _ in first }
                groups = groups.map { wanted.contains($0.group.id) ? found[$0.group.id] ?? $0 : $0 }
                groups = Report.ordered(groups, end: outline.to)
                guard let example = Report.example(of: groups, outline), wanted.insert(example).inserted else { break }
            }
            // What an event's log file is worth may have been found out since.
            let verified = facts.coverage.verified
            guard verified.map({ $0.count("invalid") + $0.count("unlisted") == 0 }) ?? true else { return nil }
            let others = outline.groups.lazy.map(\.id).filter { !wanted.contains($0) }
            let stored = try reader.json(of: Array(others))
            guard stored.count == outline.groups.count - wanted.count else { return nil }
            return (facts, groups, StoredGroups(stored))
        }
        guard let read else { return nil }
        try tellNearMisses(read.facts, groups: read.groups.count, database)
        var report = report(read.facts, read.groups)
        report.stored = read.stored
        return report
    }

    private func diagnose(_ facts: ReportFacts) -> [DiagnosedGroup] {
        let diagnoser = Diagnoser(facts, reportTime: now)
        Self.keep((facts, diagnoser))
        return diagnoser.diagnose(facts.groups)
    }

    private func report(_ facts: ReportFacts, previous: Report.Previous? = nil) -> Report {
        report(facts, diagnose(facts), previous: previous)
    }

    private func report(
        _ facts: ReportFacts, _ groups: [DiagnosedGroup], previous: Report.Previous? = nil,
        incidents: [Incident]? = nil
    ) -> Report {
        let services = filter.services
        let isEveryService = services.contains(ServiceFamily.everyServiceName)
        var omitted = Report.Omitted(awsServiceDenials: facts.omitted.awsServiceDenials)
        omitted.knownGroups = facts.omitted.knownGroups
        omitted.knownDenials = facts.omitted.knownDenials
        omitted.unmatchedDenials = facts.omitted.unmatchedDenials
        omitted.denialsOutsideWindow = facts.omitted.denialsOutsideWindow
        var report = Report(
            groups: groups, coverage: facts.coverage,
            window: Report.Window(
                from: filter.from.map { Timestamp.text($0.seconds) }, to: filter.to.map { Timestamp.text($0.seconds) }),
            services: services,
            eventSources: isEveryService ? nil : services.flatMap { ServiceFamily(named: $0)?.eventSources ?? [] },
            omitted: omitted, database: path, previous: previous,
            filters: filter.choices.map { Report.Filter($0.name, $0.values) }, incidents: incidents)
        report.generatedAt = Self.timeOfMaking ?? now
        report.version = Version.number
        report.add(facts.companions)
        report.markDoubtful(facts.doubtful)
        remark(&report)
        if output.format == .html { report.addPolicyDiffs(facts.changes) }
        suppression.apply(rules, to: &report, at: now)
        return report
    }

    private func deliver(_ report: Report) throws -> Int {
        Self.keep(report)
        let isForReader = schedule.newSinceLast == nil && schedule.notifyCommand == nil
        let text = try output.render(report, hint: isForReader ? hint : nil)
        let new = report.newDenials + report.newRefusals
        let isNews = schedule.newSinceLast == nil ? new > 0 : !report.incidents.isEmpty
        if let file = output.file {
            try Output.write(text, toFile: file) { try report.stored?.check() }
        } else if schedule.notifyCommand == nil, isNews || schedule.newSinceLast == nil || !output.isProse {
            try output.pager.write(text)
            try report.stored?.check()
            if isForReader, isLasting, output.isProse, !output.redact { LastReport.remember(report, of: path) }
        }
        if let command = schedule.notifyCommand, isNews {
            try NotifyCommand(command: command, seconds: schedule.notifyTimeout)
                .run(input: text.joined(), denials: new, subject: report.subject)
        }
        return new
    }

    /// What names the database for another command where its default does not.
    private var hint: String {
        let standard = DatabaseOption.standardPath()
        return path == standard ? "" : " --database \(ShellQuoting.quoted(path))"
    }

    private let now = Timestamp.now()

    /// What the report gives as the time of its making, where the same facts are to give the same bytes: `SOURCE_DATE_EPOCH`, seconds
    /// since 1970. Source: the specification of that name by the Reproducible Builds project.
    private static var timeOfMaking: String? {
        ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"].flatMap { Int64($0) }
            .flatMap { Timestamp.range.contains($0) ? Timestamp.text($0) : nil }
    }

    /// Keeps a value until the process ends, which is soon: to free a large report part by part takes as long as to write it.
    private static func keep(_ value: some Sendable) { kept.withLock { $0.append(value) } }

    private static let kept = Mutex<[any Sendable]>([])
}
