import AccessDenial
public import Causes
public import Findings
import IAMPolicy
public import RecordedChanges
public import Remedies
public import TrailStore
public import Wording

/// Denial groups that share one root cause: one change, one policy, one ended service, one principal's credentials.
public struct Incident: Sendable, Hashable {
    /// Whether it goes on.
    public enum State: String, Sendable, CaseIterable, Codable {
        /// Some of its calls are refused as the archive ends.
        case active
        /// Its calls are not tried any more.
        case quiet
        /// Its calls work again.
        case resolved
        /// Who called, or what was called, was deleted.
        case gone
    }

    /// Eight hexadecimal digits, the same on every machine: a hash of the cause.
    public var id: String
    /// What its cause comes down to.
    public var key: CauseKey
    /// What happened, to how many, how often and since when; a sentence without a full stop.
    public var title: Prose
    /// The cause alone, as the title begins.
    public var headline: Prose
    /// Whether it goes on.
    public var state: State
    /// The root cause of the most telling group.
    public var cause: Finding {
        _read { yield boxedCause.value }
        _modify { yield &boxedCause.value }
    }
    /// What to do: the remedy of the most telling group, with the commands of all of its kind.
    public var remedy: Remedy {
        _read { yield boxedRemedy.value }
        _modify { yield &boxedRemedy.value }
    }
    /// The change that is to blame; `nil` where none is.
    public var change: Evidence? {
        get { boxedChange?.value }
        set { boxedChange = newValue.map(Boxed.init) }
    }
    /// The change that fixed it, likewise.
    public var fixedBy: Evidence? {
        get { boxedRepair?.value }
        set { boxedRepair = newValue.map(Boxed.init) }
    }
    /// Ids of the groups, the most telling first.
    public var groups: [String]
    /// Those among them that were refused because another of them was.
    public var dependents: Set<String>
    /// Who was refused, most often first.
    public var principals: [Counted<String>]
    /// What was refused, likewise.
    public var actions: [Counted<String>]
    /// Denials of all groups.
    public var denials: Int
    /// Denials that are new since the report that this one compares with; all of them where it compares with none.
    public var newDenials: Int
    /// The first denial of the report's window, ISO 8601 UTC text.
    public var firstSeen: String
    /// The last one.
    public var lastSeen: String
    /// When what is refused now began to be refused, be it before the window.
    public var since: String
    /// What became of it since the last report of the name; `nil` in a report that tells everything.
    public var transition: Transition?
    /// What was refused, one of it: a call, or a connection that no call came over.
    public var noun: String { cause.code == .networkRejected ? "connection" : "call" }
    // Incidents are sorted by the thousand, like groups.
    private var boxedCause: Boxed<Finding>
    private var boxedRemedy: Boxed<Remedy>
    private var boxedChange: Boxed<Evidence>?
    private var boxedRepair: Boxed<Evidence>?
    private var weight: Int
    private var isUnexplainedService: Bool

    /// Who made the change; `nil` where no change is to blame or the record tells nobody.
    public var person: Person? { change?.person }
}

extension Incident {
    /// The incidents of groups that come in their order, the most telling first; so are their incidents.
    public static func incidents(of groups: [DiagnosedGroup]) -> [Incident] {
        let causes = GroupsByCause(groups)
        let incidents = Array(zip(causes.places, identifiers(of: causes.keys))).parallelParts { parts in
            parts.compactMap { places, id in Incident(places.map { groups[$0] }, id: id) }
        }
        // What orders them is taken out once, and each is moved once.
        let ranks = incidents.map { incident in
            ReportRank(
                isUnexplainedService: incident.isUnexplainedService, stage: incident.state.rank,
                weight: incident.weight, lastSeen: incident.lastSeen)
        }
        return incidents.indices.sorted { left, right in
            ranks[left] == ranks[right]
                ? (incidents[right].lastSeen, incidents[left].id) < (incidents[left].lastSeen, incidents[right].id)
                : ranks[left] < ranks[right]
        }.map { incidents[$0] }
    }

    /// The incidents when more is known of some groups, none of which has another place among the others for it.
    public static func renewed(
        _ incidents: [Incident], _ known: Set<String>, of groups: [DiagnosedGroup]
    ) -> [Incident] {
        let places = incidents.indices.filter { incidents[$0].groups.contains(where: known.contains) }
        let ids = Set(places.flatMap { incidents[$0].groups })
        let found = groups.lazy.filter { ids.contains($0.group.id) }.map { ($0.group.id, $0) }
        let parts = Dictionary(found) { first, _ in first }
        var incidents = incidents
        for place in places {
            let groups = incidents[place].groups.compactMap { parts[$0] }
            guard let incident = Incident(groups, id: incidents[place].id) else { continue }
            incidents[place] = incident
        }
        return incidents
    }

    /// An id for every key: eight digits, more where two keys would share them.
    private static func identifiers(of keys: [CauseKey]) -> [String] {
        var ids = keys.map(\.incidentID)
        var sharing: [String: Int] = [:]
        sharing.reserveCapacity(ids.count)
        for id in ids { sharing[id, default: 0] += 1 }
        guard sharing.count < ids.count else { return ids }
        var taken: Set<String> = []
        for place in keys.indices.filter({ sharing[ids[$0]] ?? 0 > 1 }).sorted(by: { keys[$0].text < keys[$1].text }) {
            ids[place] = DenialGroup.incidentIDs(of: keys[place].text).first { taken.insert($0).inserted } ?? ""
        }
        return ids
    }

    /// The incident of groups that share their cause, the most telling first; `nil` where there are none.
    private init?(_ groups: [DiagnosedGroup], id: String) {
        guard let lead = groups.first else { return nil }
        self.id = id
        key = lead.causeKey
        state = groups.lazy.map { State($0.status) }.min { $0.rank < $1.rank } ?? .gone
        boxedCause = lead.sharedCause
        let own = groups.count > 1 ? groups.filter { $0.causeKey == lead.causeKey } : groups
        dependents = own.count < groups.count ? Set(groups.dropFirst(own.count).map(\.group.id)) : []
        boxedRemedy = own.count > 1 ? Boxed(Self.remedy(of: own.map(Share.init))) : lead.sharedRemedy
        boxedChange = lead.sharedChange
        let repair = state == .resolved ? groups.compactMap(\.fixedBy).max { $0.eventTime < $1.eventTime } : nil
        boxedRepair = repair.map(Boxed.init)
        (denials, newDenials, weight, self.groups) = (0, 0, 0, [])
        (firstSeen, lastSeen, since) = (lead.group.firstSeen, lead.group.lastSeen, lead.group.since)
        isUnexplainedService = lead.group.principalType == "AWSService" && !lead.blamesChange
        self.groups.reserveCapacity(groups.count)
        for group in groups {
            self.groups.append(group.group.id)
            denials += group.group.denials
            newDenials += group.group.newDenials ?? group.group.denials
            weight += group.group.denials * (group.status == .intermittent ? 1 : 10)
            firstSeen = min(firstSeen, group.group.firstSeen)
            lastSeen = max(lastSeen, group.group.lastSeen)
            since = min(since, group.group.since)
        }
        principals = Self.counted(groups) { $0.principal }
        actions = Self.counted(groups) { $0.action }
        headline = ""
        title = ""
        headline = IncidentTitle.headline(self, lead, actions: own.count > 1 ? Set(own.map(\.group.action)).count : 1)
        title = IncidentTitle.title(self)
    }

    /// What groups are of, the most frequent first.
    private static func counted(_ groups: [DiagnosedGroup], _ value: (DenialGroup) -> String) -> [Counted<String>] {
        // Most incidents are of one group.
        if let group = groups.first, groups.count == 1 {
            return [Counted(value(group.group), denials: group.group.denials)]
        }
        var sums: [String: Int] = [:]
        for group in groups { sums[value(group.group), default: 0] += group.group.denials }
        return sums.map { Counted($0.key, denials: $0.value) }.sorted {
            ($1.denials, $0.value) < ($0.denials, $1.value)
        }
    }

    /// The most telling group's remedy. Where commands undo what was done to several principals, it takes those of each; where one
    /// principal lacks several Allows, all of them.
    ///
    /// - Parameter groups: the most telling first.
    package static func remedy(of groups: [Share]) -> Remedy {
        guard let lead = groups.first else { return Remedy(.none, "") }
        var remedy = lead.remedy
        guard groups.count > 1 else { return remedy }
        addAllows(of: groups, principal: lead.principal, to: &remedy)
        guard remedy.kind == .command else { return remedy }
        var known = Set(remedy.commands)
        for group in groups.dropFirst() where group.remedy.kind == .command {
            for command in group.remedy.commands where known.insert(command).inserted {
                remedy.commands.append(command)
            }
        }
        return remedy
    }
}

extension Incident {
    /// What a group has to do with its incident's remedy.
    package struct Share {
        /// Who was refused.
        var principal: String
        /// What.
        var action: String
        /// What ends that.
        var remedy: Remedy

        /// A group's share.
        package init(principal: String, action: String, remedy: Remedy) {
            self.principal = principal
            self.action = action
            self.remedy = remedy
        }

        fileprivate init(_ group: DiagnosedGroup) {
            self.init(principal: group.group.principal, action: group.group.action, remedy: group.remedy)
        }
    }

    /// How many statements one policy shows.
    private static let statementLimit = 20

    /// Adds what the other groups of the principal need to an Allow, and says whether other principals need one.
    private static func addAllows(of groups: [Share], principal: String, to remedy: inout Remedy) {
        // A trust policy is one role's.
        guard let policy = remedy.policy, policy.statements.allSatisfy({ $0.principals == nil }) else { return }
        func all(_ policies: [PolicyDocument]) -> [Statement] {
            var known: Set<Statement> = []
            return policies.flatMap(\.statements).filter { known.insert($0).inserted }
        }
        let own = groups.filter { $0.principal == principal && $0.remedy.policy != nil }
        let statements = all(own.compactMap(\.remedy.policy))
        if statements.count > policy.statements.count, statements.count <= statementLimit {
            remedy.policy = PolicyDocument(statements)
            if remedy.workable != nil || own.contains(where: { $0.remedy.workable != nil }) {
                remedy.workable = PolicyDocument(all(own.compactMap { $0.remedy.workable ?? $0.remedy.policy }))
            }
            let actions = Set(own.map(\.action)).sorted()
            let holder = PrincipalName(principal).shown
            if remedy.text.plain.hasPrefix("Allow ") {
                remedy.text =
                    "Allow \(list: actions, limit: 5) in a policy of \(holder), as below."
                    + remedy.text.withoutFirstSentence
            } else {
                remedy.text += "The policy below covers \(list: actions, limit: 5)."
            }
        }
        let others = Set(
            groups.filter { $0.principal != principal && $0.remedy.policy != nil }.map(\.principal))
        if !others.isEmpty {
            remedy.text +=
                "It is for \(PrincipalName(principal).shown) alone: \(words: others.count.of("other principal needs", "other principals need")) one as well."
        }
    }
}

extension Incident.State {
    fileprivate var rank: Int {
        switch self {
        case .active: 0
        case .quiet: 1
        case .resolved: 2
        case .gone: 3
        }
    }

    /// What a group's status means for its incident.
    init(_ status: DiagnosedGroup.Status) {
        self =
            switch status {
            case .ongoing, .intermittent: .active
            case .quiet: .quiet
            case .resolved: .resolved
            case .gone: .gone
            }
    }
}
