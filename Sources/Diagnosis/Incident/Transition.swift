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
        var transitions: [String: Transition] = [:]
        for incident in incidents {
            if let transition = transition(incident, former(incident, incidents)) {
                transitions[incident.id] = transition
            }
        }
        return transitions
    }

    /// Whether an incident that goes on was told of last before a moment, ISO 8601 UTC text.
    public func wasToldBefore(_ moment: String, _ incident: Incident, _ incidents: [Incident]) -> Bool {
        former(incident, incidents).map { $0.toldAt <= moment } ?? false
    }

    /// What to remember once a report is delivered.
    ///
    /// - Parameters:
    ///   - incidents: all that there are now.
    ///   - told: ids of those that the report tells of.
    ///   - now: the time of the report, ISO 8601 UTC text.
    public func after(_ incidents: [Incident], told: Set<String>, now: String) -> [RememberedIncident] {
        var memory = known
        // What was taken for one incident may be another by what has come to light since.
        let groups = Set(incidents.flatMap(\.groups))
        for (id, former) in known where !former.groups.isEmpty && groups.isSuperset(of: former.groups) {
            memory[id] = nil
        }
        for incident in incidents {
            let former = former(incident, incidents)
            memory[incident.id] = RememberedIncident(
                id: incident.id, state: incident.state.rawValue,
                lastSeen: max(incident.lastSeen, former?.lastSeen ?? ""),
                toldAt: told.contains(incident.id) ? now : former?.toldAt ?? now, groups: incident.groups)
        }
        return memory.values.sorted { $0.id < $1.id }
    }

    /// What is remembered of an incident: under its id, else under that of incidents which are no more and held all of its groups.
    private func former(_ incident: Incident, _ incidents: [Incident]) -> RememberedIncident? {
        if let former = known[incident.id] { return former }
        let present = Set(incidents.map(\.id))
        let gone = known.values.filter { !present.contains($0.id) && !$0.groups.isEmpty }
        let held = gone.filter { !Set($0.groups).isDisjoint(with: incident.groups) }
        guard var former = held.max(by: { ($0.lastSeen, $0.id) < ($1.lastSeen, $1.id) }),
            Set(held.flatMap(\.groups)).isSuperset(of: incident.groups)
        else { return nil }
        former.groups = held.flatMap(\.groups)
        return former
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
