public import Diagnosis
public import Remedies
public import TrailStore
public import Wording

/// Everything that one report says, as a value: renderers only show it.
///
/// The same report gives the same bytes in every format.
public struct Report: Sendable, Hashable {
    /// The version of the JSON contract. Keys may be added under the same version; none is removed or changes its meaning.
    public static let schemaVersion = 1

    /// The span that was asked for; `nil` where it is open.
    public struct Window: Sendable, Hashable {
        /// The first moment, inclusive.
        public var from: String?
        /// The last moment.
        public var to: String?

        /// A span of ISO 8601 UTC texts.
        public init(from: String? = nil, to: String? = nil) {
            self.from = from
            self.to = to
        }
    }

    /// What was left out, and how much of it there is.
    public struct Omitted: Sendable, Hashable {
        /// Denials of calls that AWS services made for themselves (`userIdentity.type` AWSService).
        public var awsServiceDenials: Int
        /// Denials accepted by the suppression file.
        public var suppressedDenials: Int
        /// Groups beyond the limit that was asked for.
        public var furtherGroups: Int
        /// Groups without a new denial since the last report of the name.
        public var knownGroups = 0
        /// Denials of those groups.
        public var knownDenials = 0
        /// Incidents of which nothing is to be told since the last report of the name.
        public var knownIncidents = 0
        /// Denials of the services asked for that do not match the filters.
        public var unmatchedDenials = 0
        /// Denials that match the filters but lie outside of the window.
        public var denialsOutsideWindow = 0

        /// Counts of what was left out.
        public init(awsServiceDenials: Int = 0, suppressedDenials: Int = 0, furtherGroups: Int = 0) {
            self.awsServiceDenials = awsServiceDenials
            self.suppressedDenials = suppressedDenials
            self.furtherGroups = furtherGroups
        }
    }

    /// The report that this one tells the news since.
    public struct Previous: Sendable, Hashable {
        /// The name that `--new-since-last` gave.
        public var name: String
        /// When the last report of the name was delivered, ISO 8601 UTC; `nil` for the first one.
        public var deliveredAt: String?

        /// A name and when it was last reported.
        public init(name: String, deliveredAt: String?) {
            self.name = name
            self.deliveredAt = deliveredAt
        }
    }

    /// A choice of denials, as the user typed it.
    public struct Filter: Sendable, Hashable {
        /// The option's name without its dashes: `account`, `region`, `principal`, `action`, `reason`.
        public var name: String
        /// The values.
        public var values: [String]

        /// An option and its values.
        public init(_ name: String, _ values: [String]) {
            self.name = name
            self.values = values
        }
    }

    /// What the archive cannot show.
    public struct Note: Sendable, Hashable {
        /// A stable name, such as `data-events-not-recorded`.
        public var code: String
        /// One or more sentences.
        public var text: Prose
        /// The command that closes the gap, where there is one; words in capitals are to be replaced.
        public var command: String?

        /// One note.
        public init(_ code: String, _ text: Prose, command: String? = nil) {
            self.code = code
            self.text = text
            self.command = command
        }
    }

    /// The database's path as the user named it.
    public var database: String?
    /// The span that was asked for.
    public var window: Window
    /// The services as the user named them: `pinpoint`, `all`, …
    public var services: [String]
    /// Which denials of those services were asked for; empty for all.
    public var filters: [Filter]
    /// What the database holds.
    public var coverage: Coverage
    /// What the archive cannot show.
    public var notes: [Note]
    /// The most telling first.
    public var groups: [DiagnosedGroup]
    /// Groups that share one root cause, the most telling first. Made of the groups: whoever changes those calls
    /// ``updateIncidents()``.
    public private(set) var incidents: [Incident]
    /// What was left out.
    public var omitted: Omitted
    /// What the blamed changes did to policies, by eventID; empty unless it was asked for.
    var policyDiffs: [String: [PolicyDiff]] = [:]
    /// What the database holds of groups that are known in outline, for reports in JSON; `nil` where all are known whole.
    public var stored: StoredGroups?
    /// When the report was made, ISO 8601 UTC text; `nil` where that is not told.
    public var generatedAt: String?
    /// The program's version, likewise.
    public var version: String?
    /// The report that this one tells the news since; `nil` where it tells everything.
    public var previous: Previous?
    /// Denials of services that the report does not tell of, most first. Empty where it tells of all.
    public var otherDenials: [Counted<String>]

    /// What the logs beside CloudTrail tell, apart from refusals that are groups.
    public internal(set) var otherLogs = OtherLogs(CompanionFacts())

    /// A report.
    ///
    /// - Parameters:
    ///   - groups: in any order; the report puts first what matters now.
    ///   - coverage: what the database holds.
    ///   - services: the services as the user named them.
    ///   - eventSources: the event sources of those services; `nil` for all.
    ///   - database: the path as the user named it.
    ///   - filters: which denials of the services were asked for.
    ///   - incidents: those of the groups, where they are known; the groups come in the order of a report then.
    public init(
        groups: [DiagnosedGroup], coverage: Coverage, window: Window = Window(), services: [String] = ["pinpoint"],
        eventSources: [String]? = nil, omitted: Omitted = Omitted(), database: String? = nil, previous: Previous? = nil,
        filters: [Filter] = [], incidents: [Incident]? = nil
    ) {
        self.filters = filters
        let end = [window.to, coverage.to].compactMap(\.self).min()
        self.groups = incidents == nil ? GroupOrder(end: end).sorted(groups) : groups
        self.incidents = incidents ?? Incident.incidents(of: self.groups)
        self.coverage = coverage
        self.window = window
        self.services = services
        self.omitted = omitted
        self.database = database
        self.previous = previous
        notes = CoverageNotes.all(coverage, window: window, eventSources: eventSources)
        if let note = CoverageNotes.older(self.groups, coverage) { notes.append(note) }
        otherDenials = Self.otherDenials(coverage, eventSources: eventSources)
    }

    /// Makes the incidents anew, of the groups that are there now.
    mutating func updateIncidents() { incidents = Incident.incidents(of: groups) }

    /// Replaces the incidents by some of them.
    mutating func setIncidents(_ incidents: [Incident]) { self.incidents = incidents }

    /// Replaces the incidents one by one.
    mutating func changeIncidents(_ change: (inout Incident) -> Void) {
        for index in incidents.indices { change(&incidents[index]) }
    }

    /// Denials of all groups: refusals that CloudTrail tells.
    public var denials: Int { sum(ofDenials: true) { $0.group.denials } }

    /// Denials that are new since the run that the report compares with.
    public var newDenials: Int { sum(ofDenials: true) { $0.group.newDenials ?? $0.group.denials } }

    /// Refusals of all groups that no event of CloudTrail tells.
    public var refusals: Int { sum(ofDenials: false) { $0.group.denials } }

    /// Those of them that are new, likewise.
    public var newRefusals: Int { sum(ofDenials: false) { $0.group.newDenials ?? $0.group.denials } }

    private func sum(ofDenials: Bool, _ count: (DiagnosedGroup) -> Int) -> Int {
        groups.reduce(0) { $1.group.isOfDenials == ofDenials ? $0 + count($1) : $0 }
    }

    /// Adds what the logs beside CloudTrail tell apart from groups, refusals of services that the report does not tell of among it.
    public mutating func add(_ facts: CompanionFacts) {
        otherLogs = OtherLogs(facts)
        if !facts.reach.isEmpty, let index = notes.firstIndex(where: { $0.code == "no-events" }) {
            notes[index].text =
                "The database holds no event of CloudTrail: what changed before the refusals, and what CloudTrail has of them, is not known."
        }
        let others = facts.others
        guard !others.isEmpty else { return }
        var counts = Dictionary(otherDenials.map { ($0.value, $0.denials) }) { $0 + $1 }
        for other in others { counts[other.value, default: 0] += other.denials }
        otherDenials = counts.map { Counted($0.key, denials: $0.value) }
            .sorted { ($1.denials, $0.value) < ($0.denials, $1.value) }
    }

    private static func otherDenials(_ coverage: Coverage, eventSources: [String]?) -> [Counted<String>] {
        guard let eventSources else { return [] }
        let told = Set(eventSources)
        var counts: [String: Int] = [:]
        for service in coverage.services where service.denials > 0 && !told.contains(service.eventSource) {
            counts[service.eventSource, default: 0] += service.denials
        }
        return counts.map { Counted($0.key, denials: $0.value) }
            .sorted { ($1.denials, $0.value) < ($0.denials, $1.value) }
    }
}
