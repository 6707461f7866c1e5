import AccessDenial
import IAMPolicy
public import RecordedChanges
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
    ///
    /// - Parameter known: incidents of the same groups, by their keys, which need not be made again.
    public static func incidents(of groups: [DiagnosedGroup], known: [CauseKey: Incident] = [:]) -> [Incident] {
        var places: [CauseKey: Int] = [:]
        var parts: [[DiagnosedGroup]] = []
        let causes = Causes(groups)
        for group in groups {
            let key = causes.key(of: group)
            if let place = places[key] {
                parts[place].append(group)
            } else {
                places[key] = parts.count
                parts.append([group])
            }
        }
        // Whose cause it is leads.
        for place in parts.indices where parts[place].contains(where: { $0.causeKey.kind == .behind }) {
            parts[place] =
                parts[place].filter { $0.causeKey.kind != .behind }
                + parts[place].filter { $0.causeKey.kind == .behind }
        }
        let ids = identifiers(of: parts.map { $0.first?.causeKey.text ?? "" })
        let incidents = Array(zip(parts, ids)).parallelParts { parts in
            parts.compactMap { groups, id in
                groups.first.map {
                    if let incident = known[$0.causeKey], incident.id == id { return incident }
                    return Incident(lead: $0, groups: groups, id: id)
                }
            }
        }
        // What orders them is taken out once, and each is moved once.
        let ranks = incidents.map(Rank.init)
        return incidents.indices.sorted { ranks[$0] < ranks[$1] }.map { incidents[$0] }
    }

    /// What the causes of groups come down to.
    private struct Causes {
        /// The keys of the groups on whose refusal that of another one rests.
        private let keys: [String: CauseKey]

        init(_ groups: [DiagnosedGroup]) {
            let behind = Set(groups.lazy.filter { $0.causeKey.kind == .behind }.compactMap(\.behindGroupID))
            guard !behind.isEmpty else {
                keys = [:]
                return
            }
            let found = groups.lazy.filter { behind.contains($0.group.id) }.map { ($0.group.id, $0.causeKey) }
            keys = Dictionary(found) { first, _ in first }
        }

        /// A group's key, be it that of the group behind it.
        func key(of group: DiagnosedGroup) -> CauseKey {
            guard group.causeKey.kind == .behind, let key = group.behindGroupID.flatMap({ keys[$0] }),
                key.kind != .behind
            else { return group.causeKey }
            return key
        }
    }

    /// What orders incidents: people, and services that somebody's change shut out, before other services, whose refusals are mostly no
    /// harm; what goes on before what is quiet, that before what is over; then as often as it is refused, where calls that always fail
    /// count ten times those that fail by turns; the more recent first; then the id.
    private struct Rank: Comparable {
        let isUnexplainedService: Bool
        let state: Int
        let weight: Int
        let lastSeen: String
        let id: String

        init(_ incident: Incident) {
            isUnexplainedService = incident.isUnexplainedService
            state = incident.state.rank
            weight = incident.weight
            lastSeen = incident.lastSeen
            id = incident.id
        }

        static func < (left: Rank, right: Rank) -> Bool {
            if left.isUnexplainedService != right.isUnexplainedService { return right.isUnexplainedService }
            if left.state != right.state { return left.state < right.state }
            if left.weight != right.weight { return left.weight > right.weight }
            if left.lastSeen != right.lastSeen { return left.lastSeen > right.lastSeen }
            return left.id < right.id
        }
    }

    /// An id for every key: eight digits, more where two keys would share them.
    private static func identifiers(of keys: [String]) -> [String] {
        var taken: Set<String> = []
        var ids = Array(repeating: "", count: keys.count)
        for place in keys.indices.sorted(by: { keys[$0] < keys[$1] }) {
            ids[place] = DenialGroup.incidentIDs(of: keys[place]).first { taken.insert($0).inserted } ?? ""
        }
        return ids
    }

    private init(lead: DiagnosedGroup, groups: [DiagnosedGroup], id: String) {
        self.id = id
        key = lead.causeKey
        state = Self.state(of: groups)
        boxedCause = lead.sharedCause
        let own = groups.filter { $0.causeKey == lead.causeKey }
        dependents = own.count < groups.count ? Set(groups.dropFirst(own.count).map(\.group.id)) : []
        boxedRemedy = own.count > 1 ? Boxed(Self.remedy(of: own.map(Share.init))) : lead.sharedRemedy
        boxedChange = lead.sharedChange
        let repair = state == .resolved ? groups.compactMap(\.fixedBy).max { $0.eventTime < $1.eventTime } : nil
        boxedRepair = repair.map(Boxed.init)
        (denials, newDenials, weight, self.groups) = (0, 0, 0, [])
        (firstSeen, lastSeen, since) = (lead.group.firstSeen, lead.group.lastSeen, lead.group.since)
        isUnexplainedService = lead.group.principalType == "AWSService" && lead.change == nil
        var (callers, calls): ([String: Int], [String: Int]) = ([:], [:])
        for group in groups {
            self.groups.append(group.group.id)
            callers[group.group.principal, default: 0] += group.group.denials
            calls[group.group.action, default: 0] += group.group.denials
            denials += group.group.denials
            newDenials += group.group.newDenials ?? group.group.denials
            weight += group.group.denials * (group.status == .intermittent ? 1 : 10)
            firstSeen = min(firstSeen, group.group.firstSeen)
            lastSeen = max(lastSeen, group.group.lastSeen)
            since = min(since, group.group.since)
        }
        principals = Self.counted(callers)
        actions = Self.counted(calls)
        headline = ""
        title = ""
        headline = IncidentTitle.headline(self, lead, actions: Set(own.map(\.group.action)).count)
        title = IncidentTitle.title(self)
    }

    /// The most frequent first.
    private static func counted(_ sums: [String: Int]) -> [Counted<String>] {
        sums.map { Counted($0.key, denials: $0.value) }.sorted {
            ($1.denials, $0.value) < ($0.denials, $1.value)
        }
    }

    /// An incident goes on as long as any of its groups does.
    private static func state(of groups: [DiagnosedGroup]) -> State {
        let states = Set(groups.map { State($0.status) })
        return [.active, .quiet, .resolved].first(where: states.contains) ?? .gone
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
