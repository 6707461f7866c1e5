import IAMPolicy

/// The policies of everybody that changes and exports tell of, as of any moment.
///
/// A trail shows changes, not states: what was there before the first event about it, and never changed, is not known, and every
/// answer says whether it is complete. Building it costs as much as there are changes.
public struct PolicyTimeline: Sendable {
    private let trail: Trail
    /// Of sessions, which come and go by the thousand and lead to nobody else's changes.
    private var sessions: LaneIndex

    /// What all copies share, those with further sessions, too.
    private final class Trail: Sendable {
        let lanes: LaneIndex
        /// Whose name was given to whom, and when.
        let renames: [Holder: [(moment: Moment, holder: Holder)]]
        /// The shares of AWS RAM that hold a resource or did.
        let sharesOfResource: [Holder: Set<Holder>]
        let root: String?
        /// Everybody that lanes are told of, by what it is, in order.
        let ofKind: [Holder.Kind: [Holder]]

        init(
            _ lanes: LaneIndex, renames: [Holder: [(moment: Moment, holder: Holder)]],
            sharesOfResource: [Holder: Set<Holder>], root: String?
        ) {
            self.lanes = lanes
            self.renames = renames
            self.sharesOfResource = sharesOfResource
            self.root = root
            ofKind = Dictionary(grouping: lanes.ofHolder.keys, by: \.kind).mapValues { $0.sorted() }
        }
    }

    /// The root of the one organization that the edits tell of; `nil` where they tell of none, or of several.
    package var root: String? { trail.root }

    /// A timeline of changes, in whatever order they come, and of exports.
    public init(_ records: some Sequence<ChangeRecord>, snapshots: [Snapshot] = []) {
        self.init(records.flatMap(ChangeReaders.edits), snapshots: snapshots)
    }

    /// A timeline of edits, in whatever order they come, and of exports.
    public init(_ edits: [PolicyEdit], snapshots: [Snapshot] = []) {
        var edits = edits + snapshots.flatMap(\.edits)
        let organization = OrganizationLanes(edits)
        if !organization.isEmpty { edits = edits.flatMap(organization.resolved) }
        let names = Renames(edits)
        if !names.table.isEmpty {
            for place in edits.indices { edits[place].lane.holder = names.holder(of: edits[place]) }
        }
        var shares: [Holder: Set<Holder>] = [:]
        for edit in edits where edit.lane.holder.kind == .resourceShare && edit.lane.kind == .grants {
            for resource in edit.keys.compactMap(ResourceShares.resource) {
                shares[resource, default: []].insert(edit.lane.holder)
            }
        }
        trail = Trail(
            LaneIndex(edits.filter { $0.lane.holder.kind != .session }), renames: names.table, sharesOfResource: shares,
            root: organization.root)
        sessions = LaneIndex(edits.filter { $0.lane.holder.kind == .session })
    }

    /// The shares of AWS RAM that hold a resource or did, in order.
    func shares(of resource: Holder) -> [Holder] { trail.sharesOfResource[resource, default: []].sorted() }

    /// The same with sessions that are told of besides: it costs as much as they have edits.
    public func adding(sessions records: some Sequence<ChangeRecord>) -> PolicyTimeline {
        let edits = records.flatMap(ChangeReaders.edits).filter { $0.lane.holder.kind == .session }
        guard !edits.isEmpty else { return self }
        var timeline = self
        timeline.sessions = LaneIndex(sessions.lanes.flatMap(\.edits) + edits)
        return timeline
    }

    /// Everybody that the timeline tells of, in order.
    public var holders: [Holder] { (Array(trail.lanes.ofHolder.keys) + Array(sessions.ofHolder.keys)).sorted() }

    /// Those of one kind, in order; nobody's sessions.
    package func holders(of kind: Holder.Kind) -> [Holder] { trail.ofKind[kind] ?? [] }

    private func lane(_ name: LaneName) -> Lane? { lanes(of: name.holder).first { $0.name.kind == name.kind } }

    private func index(of holder: Holder) -> LaneIndex { holder.kind == .session ? sessions : trail.lanes }

    private func lanes(of event: ChangeEvent) -> [Lane] {
        trail.lanes.ofEvent[event] ?? sessions.ofEvent[event] ?? []
    }

    private func lanes(of holder: Holder) -> [Lane] { index(of: holder).ofHolder[holder] ?? [] }

    /// What stood in a lane at a moment, as if some events had not happened. Nothing is known of a lane without edits.
    public func state(
        of holder: Holder, _ kind: LaneName.Kind, at moment: Moment, undoing undone: Set<ChangeEvent> = []
    )
        -> LaneState
    {
        state(of: holder, kind, nil, at: moment, undoing: undone)
    }

    /// The same of some names alone, at the cost of those; `nil` for all.
    package func state(
        of holder: Holder, _ kind: LaneName.Kind, _ names: Set<String>?, at moment: Moment,
        undoing undone: Set<ChangeEvent> = []
    ) -> LaneState {
        guard let (lane, touching) = lane(of: holder, kind, at: moment, undoing: undone) else { return LaneState() }
        if let names { return lane.state(of: names, at: moment, undoing: touching) }
        return lane.state(at: moment, undoing: touching)
    }

    /// What stood under a name of a lane before an event edited it.
    package func state(of holder: Holder, _ kind: LaneName.Kind, _ name: String, before event: ChangeEvent) -> LaneState
    {
        let lane = lane(LaneName(self.holder(named: holder, at: event.moment), kind))
        return lane?.state(of: [name], before: event) ?? LaneState()
    }

    /// Whether no edit is about a holder, whatever it was called.
    package func isSilent(about holder: Holder) -> Bool {
        trail.renames[holder] == nil && index(of: holder).ofHolder[holder] == nil
    }

    /// A lane of who bore a name at a moment, with those of some events that edited it.
    func lane(
        of holder: Holder, _ kind: LaneName.Kind, at moment: Moment, undoing undone: Set<ChangeEvent>
    ) -> (Lane, Set<ChangeEvent>)? {
        let name = LaneName(self.holder(named: holder, at: moment), kind)
        guard let lane = lane(name) else { return nil }
        return (lane, undone.isEmpty ? undone : undone.filter { lanes(of: $0).contains { $0 === lane } })
    }

    /// What an event did.
    public func edits(of event: ChangeEvent) -> [PolicyEdit] {
        lanes(of: event).sorted { $0.name < $1.name }.flatMap { $0.edits(of: event) }
    }

    /// Calls `body` with every edit that an event made, in no order.
    func forEachEdit(of event: ChangeEvent, _ body: (PolicyEdit) -> Void) {
        for lane in lanes(of: event) { lane.edits(of: event).forEach(body) }
    }

    /// The edits behind one moment up to another that touch these holders, in order.
    public func edits(after start: Moment, upTo end: Moment, touching holders: some Sequence<Holder>) -> [PolicyEdit] {
        var seen: Set<LaneName> = []
        var found: [PolicyEdit] = []
        for holder in holders {
            for lane in lanes(of: self.holder(named: holder, at: end)) where seen.insert(lane.name).inserted {
                found += lane.edits(after: start, upTo: end)
            }
        }
        return found.sorted { ($0.moment, $0.lane) < ($1.moment, $1.lane) }
    }

    /// The edits behind one moment up to another of each lane of these holders that has some, in the order of the holders.
    package func lanes(after start: Moment, upTo end: Moment, of holders: [Holder]) -> [(
        name: LaneName, edits: ArraySlice<PolicyEdit>
    )] {
        var seen: Set<LaneName> = []
        return holders.flatMap { lanes(of: holder(named: $0, at: end)) }.compactMap { lane in
            let edits = lane.edits(after: start, upTo: end)
            return edits.isEmpty || !seen.insert(lane.name).inserted ? nil : (lane.name, edits)
        }
    }

    /// The edits of one lane behind one moment up to another, in order.
    public func edits(after start: Moment, upTo end: Moment, of name: LaneName) -> ArraySlice<PolicyEdit> {
        lane(LaneName(holder(named: name.holder, at: end), name.kind))?.edits(after: start, upTo: end) ?? []
    }

    /// The last edit of a lane up to a moment.
    public func lastEdit(of holder: Holder, _ kind: LaneName.Kind, upTo moment: Moment) -> PolicyEdit? {
        guard let lane = lane(LaneName(self.holder(named: holder, at: moment), kind)) else { return nil }
        let place = lane.place(behind: moment)
        return place > 0 ? lane.edits[place - 1] : nil
    }

    /// The operations that put back what stood there before an event, in the lanes that it edited.
    public func inverse(of event: ChangeEvent) -> [LaneName: PolicyEdit.Operation] {
        var inverse: [LaneName: PolicyEdit.Operation] = [:]
        for lane in lanes(of: event) {
            let places = lane.edits.indices.filter { lane.edits[$0].event == event }
            if places.count == 1 {
                inverse[lane.name] = lane.inverse(of: places[0])
            } else if let first = places.first {
                inverse[lane.name] = .restoreAll(lane.state(before: first))
            }
        }
        return inverse
    }

    /// Everything whose changes can matter to some holders: the groups of users, the policies that are or were attached, the
    /// providers that a trust names, what a workload ran under, the units above an account.
    public func reach(of holders: some Sequence<Holder>) -> Set<Holder> {
        var reached = Set(holders)
        var next = Array(reached)
        // What is attached to the root binds every account below it.
        if let root, reached.contains(where: { $0.kind == .organizationTarget }),
            reached.insert(.organizationTarget(root)).inserted
        {
            next.append(.organizationTarget(root))
        }
        while let holder = next.popLast() {
            for edit in lanes(of: holder).lazy.flatMap(\.edits) {
                for other in edit.leadsTo where reached.insert(other).inserted { next.append(other) }
            }
        }
        return reached
    }

    /// What all lanes keep so that no question goes far, in entries.
    var keptEntries: Int {
        (Array(trail.lanes.lanes) + Array(sessions.lanes)).reduce(0) { $0 + $1.keptEntries }
    }

    /// The lanes that anything is told of, of who bore a name at a moment.
    func lanes(of holder: Holder, at moment: Moment) -> [LaneName] {
        lanes(of: self.holder(named: holder, at: moment)).map(\.name)
    }

    /// Who bore a name at a moment.
    func holder(named holder: Holder, at moment: Moment) -> Holder {
        guard let names = trail.renames[holder] else { return holder }
        return names.last { $0.moment <= moment }?.holder ?? holder
    }
}

/// Lanes with what finds them.
private struct LaneIndex: Sendable {
    /// Each holder's, in order.
    let ofHolder: [Holder: [Lane]]
    /// Those that an event edited, in no order.
    let ofEvent: [ChangeEvent: [Lane]]

    init(_ edits: [PolicyEdit]) {
        var byHolder: [Holder: [Lane]] = [:]
        var byEvent: [ChangeEvent: [Lane]] = [:]
        for (name, edits) in Dictionary(grouping: edits, by: \.lane) {
            let lane = Lane(name, edits)
            byHolder[name.holder, default: []].append(lane)
            // What one event did stands together.
            for event in lane.edits.lazy.compactMap(\.event) where byEvent[event]?.last !== lane {
                byEvent[event, default: []].append(lane)
            }
        }
        ofHolder = byHolder.mapValues { $0.sorted { $0.name < $1.name } }
        ofEvent = byEvent
    }

    /// All of them, in no order.
    var lanes: some Sequence<Lane> { ofHolder.values.joined() }
}

/// Who bore which name when: a renamed user or group keeps its policies, and its old name is free.
private struct Renames {
    private(set) var table: [Holder: [(moment: Moment, holder: Holder)]] = [:]

    init(_ edits: [PolicyEdit]) {
        let renaming = edits.filter { edit in
            guard edit.lane.kind == .existence, case .set("name", .text) = edit.operation else { return false }
            return edit.lane.holder.kind == .user || edit.lane.holder.kind == .group
        }
        for edit in renaming.sorted(by: { $0.moment < $1.moment }) {
            guard case .set(_, .text(let name)) = edit.operation else { continue }
            let old = edit.lane.holder
            let new = Holder(old.kind, account: old.account, name)
            guard new != old else { continue }
            let borne = holder(named: old, before: edit.moment)
            let fresh = old.following((table[old]?.count ?? 0) + 1)
            table[new, default: []].append((edit.moment, borne))
            table[old, default: []].append((edit.moment, fresh))
        }
    }

    /// An edit is made on who bears the name as it is made; the renaming itself on who bore it.
    func holder(of edit: PolicyEdit) -> Holder { holder(named: edit.lane.holder, before: edit.moment) }

    private func holder(named holder: Holder, before moment: Moment) -> Holder {
        table[holder]?.last { $0.moment < moment }?.holder ?? holder
    }
}

extension PolicyEdit {
    /// Whose changes matter to whom the edit concerns, because of it: what is attached, who trusts whom, what runs under a role.
    public var leadsTo: [Holder] {
        // Whoever looks for the role, or for what is shared, finds the event alone; what else became of the workload, or of the share,
        // bears on what it tells.
        switch lane.kind {
        case .role: [lane.holder] + further
        case .grants where lane.holder.kind == .resourceShare: [lane.holder]
        default: further
        }
    }

    private var further: [Holder] {
        switch (lane.kind, operation) {
        case (.attached, .set(let name, _)), (.attached, .remove(let name)): [.managedPolicy(name)]
        case (.attached, .replaceAll(let values)), (.attached, .observe(let values, _, _)):
            values.keys.sorted().map(Holder.managedPolicy)
        case (.boundary, .replaceAll(let values)), (.boundary, .observe(let values, _, _)):
            values.values.compactMap { if case .text(let arn) = $0 { .managedPolicy(arn) } else { nil } }
        case (.groups, .set(let name, _)), (.groups, .remove(let name)):
            [.group(name, account: lane.holder.account)]
        case (.groups, .observe(let values, _, _)):
            values.keys.sorted().map { .group($0, account: lane.holder.account) }
        case (.organizationPolicies, .set(let id, _)), (.organizationPolicies, .remove(let id)),
            (.serviceControl, .set(let id, _)), (.serviceControl, .remove(let id)),
            (.resourceControl, .set(let id, _)), (.resourceControl, .remove(let id)):
            [.organizationPolicy(id)]
        case (.organizationPolicies, .observe(let values, _, _)), (.serviceControl, .observe(let values, _, _)),
            (.resourceControl, .observe(let values, _, _)):
            values.keys.sorted().map(Holder.organizationPolicy)
        case (.parent, .replaceAll(let values)), (.parent, .observe(let values, _, _)):
            values.values.compactMap { if case .text(let id) = $0 { .organizationTarget(id) } else { nil } }
        case (.trust, .replaceAll(let values)), (.trust, .observe(let values, _, _)):
            values.values.flatMap { value -> [Holder] in
                guard case .document(let text) = value else { return [] }
                return text.trustedProviders.map { Holder(.identityProvider, $0) }
            }
        case (.settings, .replaceAll(let values)) where lane.holder.kind == .session:
            lane.holder.ofSession(values)
        case (.settings, .replaceAll(let values)) where lane.holder.service == "cognito-idp":
            values.sorted { $0.key < $1.key }.compactMap {
                if case .text(let arn) = $0.value { Holder.resource(arn: arn) } else { nil }
            }
        case (.role, .replaceAll(let values)): values.sorted { $0.key < $1.key }.compactMap(lane.holder.whatRuns)
        case (.settings, .set("key", .text(let id))) where lane.holder.service == "kms": [lane.holder.key(ofAlias: id)]
        case (.trust, .set(_, .document(let text))): text.trustedProviders.map { Holder(.identityProvider, $0) }
        default: []
        }
    }
}

extension Holder {
    /// What bears on a session: its role, the profile that limits it, the session that opened it.
    fileprivate func ofSession(_ facts: [String: Value]) -> [Holder] {
        var holders: [Holder] = []
        if case .text(let role)? = facts["role"], let role = Holder(naming: role) { holders.append(role) }
        if case .text(let user)? = facts["user"], let user = Holder(naming: user) { holders.append(user) }
        if case .text(let arn)? = facts["profile"], let profile = Holder(rolesAnywhereProfile: arn) {
            holders.append(profile)
        }
        if case .text(let key)? = facts["parent"] { holders.append(.session(key)) }
        return holders
    }

    /// What a workload runs as, where that is something with a role of its own: a task definition, an instance profile.
    fileprivate func whatRuns(_ key: String, _ value: Value) -> Holder? {
        guard case .text(let text) = value else { return nil }
        switch key {
        case "task definition":
            return Holder(
                .workload, service: "ecs", account: account, region: region, TaskDefinitionName.family(of: text))
        case "instance profile":
            let name = ARN(text)?.name ?? text
            return Holder(.instanceProfile, account: account, name)
        // What it ran under before is what a role that it has now is compared with.
        default: return text.contains(":role/") ? Holder(naming: text) : nil
        }
    }
}

extension ChangeRecord {
    /// The names of further changes that must be known to tell what this one did: those of whatever it leads to, and, of the role
    /// that something runs under, of what runs.
    public var furtherNames: Set<String> {
        var names: Set<String> = []
        for edit in ChangeReaders.edits(of: self) {
            for holder in edit.leadsTo { names.formUnion(holder.lookUpNames) }
        }
        return names
    }
}

extension DocumentText {
    /// The identity providers of IAM that a trust policy names.
    package var trustedProviders: [String] {
        let principals = document?.statements.compactMap(\.principals) ?? []
        return principals.flatMap(\.patterns).filter { $0.kind == "Federated" && $0.text.hasPrefix("arn:") }
            .map(\.text)
    }
}
