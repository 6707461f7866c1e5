import Causes
import Diagnosis
public import Remedies
public import TrailStore

/// Brings the views `incident` and `diagnosis` up to date: what an ingest does last.
public enum DiagnosisRun {
    /// Every group of a database, and what its diagnosis was made of.
    public struct Diagnosed {
        /// What the groups were diagnosed with.
        public var facts: ReportFacts
        /// The groups in the order of a report.
        public var groups: [DiagnosedGroup]
    }

    /// Groups that are read and diagnosed at a time: enough to keep all processors busy, some tens of megabytes.
    public static let groupsInPart = 1024

    /// Diagnoses every group of the database, where its facts are others than when that was done last.
    ///
    /// - Parameters:
    ///   - version: the program's version.
    ///   - now: the time, ISO 8601 UTC text.
    ///   - keepsGroups: whether a report of every group follows.
    ///   - groupsInPart: how many groups are read at a time.
    /// - Returns: what was found, for that report; `nil` where none follows, and where nothing had to be done.
    @discardableResult
    public static func renew(
        _ database: TrailDatabase, version: String, now: String, keepsGroups: Bool = false,
        groupsInPart: Int = groupsInPart
    ) throws -> Diagnosed? {
        var diagnosed: Diagnosed?
        try database.renewDiagnoses(version: version, changes: Diagnoser.changeSelection, now: now) { writer in
            var facts = ReportFacts()
            var groups: [DiagnosedGroup] = []
            var places: [String: Int] = [:]
            var outlines = SharedOutlines()
            var records: [String: Int] = [:]
            var usage: UsageIndex?
            /// The part that is being diagnosed.
            var ahead: Beside<[(DiagnosedGroup, DiagnosisRow)]>?
            /// The roles that groups hand to services, where nothing of their part stands behind them.
            var rolesHanded: [String: [String]] = [:]
            /// Writes what is found of that part; what was found of the same groups before is replaced.
            func finish() throws {
                // Asked once, whatever comes of it.
                let part = ahead.take()
                let found = try part?.value() ?? []
                try writer.write(found.map(\.1))
                for (found, _) in found {
                    if found.behindGroupID != nil { rolesHanded[found.group.id] = nil }
                    let group = keepsGroups ? found : outlines.shared(found)
                    let place = places[group.group.id] ?? groups.count
                    places[group.group.id] = place
                    if place < groups.count { groups[place] = group } else { groups.append(group) }
                }
            }
            /// Diagnoses groups, while the next ones are read.
            func diagnose(_ part: ReportFacts, only ids: Set<String>? = nil) throws {
                let diagnoser = Diagnoser(part, reportTime: now, usage: usage)
                usage = diagnoser.usage
                try finish()
                for group in part.groups {
                    let roles = DenialsBehind.rolesHanded(by: group)
                    if !roles.isEmpty { rolesHanded[group.id] = roles }
                }
                ahead = Beside { [records] in
                    diagnoser.diagnose(part.groups) { group in
                        let unread = part.unreadRecords[group.group.id] ?? 0
                        return (
                            keepsGroups ? group : group.outline,
                            group.row(logFileRecords: records[group.group.id] ?? unread, unreadRecords: unread)
                        )
                    }.filter { ids?.contains($0.0.group.id) ?? true }
                }
            }
            try writer.groups.forEach(groupsInPart: keepsGroups ? .max : groupsInPart) { part in
                try diagnose(part)
                records.merge(part.unreadRecords) { first, _ in first }
                if keepsGroups { facts = part } else { facts.coverage = part.coverage }
            }
            try finish()
            var ids = ReportFacts.groupsWithLogFiles(groups.map { ($0.group.id, $0.group.denials) }, records)
            var behind = Set(groups.filter { ids.contains($0.group.id) }.compactMap(\.behindGroupID))
            // A role that was handed over has its groups in another part. No more is read at once than a part holds.
            let handed = Set(rolesHanded.values.joined())
            let ofRole = Dictionary(
                grouping: groups.filter { handed.contains($0.group.principal) }, by: \.group.principal)
            var left = Self.groupsInPart
            for (id, roles) in rolesHanded.sorted(by: { $0.key < $1.key }) {
                let tried = roles.flatMap { ofRole[$0] ?? [] }.map(\.group.id)
                guard !tried.isEmpty else { continue }
                left -= tried.count + 1
                guard left >= 0 else { break }
                ids.insert(id)
                behind.formUnion(tried)
            }
            if !ids.isEmpty {
                usage = nil
                try diagnose(writer.groups.facts(of: ids.union(behind)), only: ids)
                try finish()
            }
            let report = Report(groups: groups, coverage: facts.coverage, services: ["all"])
            try writer.finish(report.incidentRows, renamed: report.renamedIncidents)
            if keepsGroups { diagnosed = Diagnosed(facts: facts, groups: report.groups) }
        }
        return diagnosed
    }
}
