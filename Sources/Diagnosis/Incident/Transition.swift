import Causes
public import TrailStore

/// What became of an incident since the last report of a name.
public enum Transition: String, Sendable, CaseIterable, Codable {
    /// It was not known.
    case opened
    /// It was over or quiet, and calls are refused again.
    case reopened
    /// It goes on.
    case stillOpen = "still-open"
    /// It goes on no more, though nothing tells that it was repaired: the calls are not tried.
    case quiet
    /// Its calls work again, or what was refused was deleted.
    case resolved

    /// Whether somebody has to act: what exit status 3 stands for.
    public var isAlarm: Bool {
        switch self {
        case .opened, .reopened: true
        case .stillOpen, .quiet, .resolved: false
        }
    }
}

/// What the reports of one name remember of incidents, and what the next one is to tell.
public struct IncidentMemory: Sendable {
    private let known: [String: RememberedIncident]
    /// Whether the name has been reported before, by a version that remembered no incidents: what has no new denials is known then.
    private let isOfEarlierVersion: Bool

    /// A name's memory.
    ///
    /// - Parameter isFirstReport: whether the name has never been reported.
    public init(_ remembered: [RememberedIncident], isFirstReport: Bool) {
        known = Dictionary(remembered.map { ($0.id, $0) }) { first, _ in first }
        isOfEarlierVersion = remembered.isEmpty && !isFirstReport
    }

    /// What became of the incidents, by id; those of which there is nothing to tell are left out.
    public func transitions(_ incidents: [Incident]) -> [String: Transition] {
        let formers = formers(of: incidents)
        var transitions: [String: Transition] = [:]
        for incident in incidents { transitions[incident.id] = transition(incident, formers[incident.id]) }
        return transitions
    }

    /// When a report told of each incident last, ISO 8601 UTC text, by id; those of which none has told are left out.
    public func toldAt(_ incidents: [Incident]) -> [String: String] { formers(of: incidents).mapValues(\.toldAt) }

    /// What to remember once a report is delivered.
    ///
    /// - Parameters:
    ///   - incidents: all that there are now.
    ///   - told: ids of those that the report tells of.
    ///   - now: the time of the report, ISO 8601 UTC text.
    public func after(_ incidents: [Incident], told: Set<String>, now: String) -> [RememberedIncident] {
        let formers = formers(of: incidents)
        var memory = known
        // What was taken for one incident may be another by what has come to light since.
        let groups = Set(incidents.flatMap(\.groups))
        for (id, former) in known where !former.groups.isEmpty && groups.isSuperset(of: former.groups) {
            memory[id] = nil
        }
        for incident in incidents {
            let former = formers[incident.id]
            memory[incident.id] = RememberedIncident(
                id: incident.id, state: incident.state.rawValue,
                lastSeen: max(incident.lastSeen, former?.lastSeen ?? ""),
                toldAt: told.contains(incident.id) ? now : former?.toldAt ?? now, groups: incident.groups)
        }
        return memory.values.sorted { $0.id < $1.id }
    }

    /// What is remembered of each incident, by its id: under that id, else under those of the incidents that its groups, all of them,
    /// were taken for before.
    private func formers(of incidents: [Incident]) -> [String: RememberedIncident] {
        var byGroup: [String: RememberedIncident] = [:]
        for former in known.values {
            for group in former.groups {
                // The latest of several; then the order of ids.
                if let other = byGroup[group], (other.lastSeen, other.id) > (former.lastSeen, former.id) { continue }
                byGroup[group] = former
            }
        }
        var formers: [String: RememberedIncident] = [:]
        for incident in incidents {
            if let former = known[incident.id] {
                formers[incident.id] = former
                continue
            }
            let held = incident.groups.compactMap { byGroup[$0] }
            guard held.count == incident.groups.count,
                var former = held.max(by: { ($0.lastSeen, $0.id) < ($1.lastSeen, $1.id) })
            else { continue }
            former.groups = incident.groups
            formers[incident.id] = former
        }
        return formers
    }

    private func transition(_ incident: Incident, _ former: RememberedIncident?) -> Transition? {
        guard let former else {
            guard isOfEarlierVersion, incident.newDenials == 0 else { return .opened }
            return incident.state == .active ? .stillOpen : nil
        }
        // A state of a later version counts as one that goes on.
        let before = Incident.State(rawValue: former.state) ?? .active
        let isRefusedAnew = incident.newDenials > 0 && incident.lastSeen > former.lastSeen
        switch (before, incident.state) {
        case (.active, .active):
            // What one principal lacks need not be mended by the same Allow: another call of it is news.
            let isWider = incident.key.kind == .gap && !Set(former.groups).isSuperset(of: incident.groups)
            return isWider ? .opened : .stillOpen
        case (.active, .quiet): return .quiet
        case (.active, .resolved), (.active, .gone), (.quiet, .resolved), (.quiet, .gone): return .resolved
        case (.quiet, .active), (.resolved, .active), (.gone, .active): return isRefusedAnew ? .reopened : .stillOpen
        case (.quiet, .quiet), (.resolved, .quiet), (.gone, .quiet), (.resolved, .resolved), (.resolved, .gone),
            (.gone, .resolved), (.gone, .gone):
            return isRefusedAnew ? .reopened : nil
        }
    }
}
