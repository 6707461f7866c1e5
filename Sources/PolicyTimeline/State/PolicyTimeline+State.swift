import IAMPolicy

extension PolicyTimeline {
    /// The policies that bear on a subject's calls at a moment, as if some events had not happened.
    public func state(at moment: Moment, undoing undone: Set<ChangeEvent> = [], of subject: PolicySubject)
        -> PolicyState
    {
        View(timeline: self, moment: moment, undone: undone).state(of: subject)
    }

    /// What events changed of the policies that bear on a subject's calls, or what is known of one managed policy: the state at a moment
    /// of the names that were edited, and of no others. What is no policy, such as tags, is left out.
    package func state(
        at moment: Moment, undoing undone: Set<ChangeEvent> = [], of subject: PolicySubject, only edited: EditedNames?
    ) -> PolicyState {
        View(timeline: self, moment: moment, undone: undone, edited: edited).state(of: subject)
    }

    /// A user or role at a moment.
    package func principal(_ holder: Holder, at moment: Moment) -> PrincipalState {
        View(timeline: self, moment: moment, undone: []).principal(holder)
    }

    /// The tags of a session, by its access key, at a moment: those that it was given, and those that a session passed on to it.
    public func sessionTags(_ accessKeyId: String, at moment: Moment) -> LaneState {
        View(timeline: self, moment: moment, undone: []).sessionTags(.session(accessKeyId)).tags
    }

    /// A managed policy that somebody has, with the text of the version that counts.
    func policy(_ arn: String, _ entry: LaneState.Entry, at moment: Moment, undoing undone: Set<ChangeEvent>)
        -> HeldPolicy
    {
        View(timeline: self, moment: moment, undone: undone).managed(arn, entry)
    }

    /// What was written into a permission set when it was last provisioned to an account up to a moment: what the roles that are made
    /// of it have; `nil` where it was not.
    public func permissionSet(
        _ set: Holder, provisionedTo account: String, at moment: Moment, undoing undone: Set<ChangeEvent> = []
    ) -> (identity: PolicySlot, boundary: PolicySlot, provisioned: Moment)? {
        let provisioned = state(of: set, .provisioned, at: moment, undoing: undone)
        let moments = [account, "*"].compactMap { name -> Moment? in
            guard let entry = provisioned.entries[name], case .event(let event) = entry.source else { return nil }
            return event.moment
        }
        guard let last = moments.max() else { return nil }
        let view = View(timeline: self, moment: last, undone: undone)
        return (view.identity(set), view.boundary(set), last)
    }

    /// What stands in a permission set itself as of a moment, whether or not it was provisioned since.
    public func permissionSet(_ set: Holder, editedAt moment: Moment) -> PolicySlot {
        View(timeline: self, moment: moment, undone: []).identity(set)
    }
}

/// The timeline as seen from one moment.
private struct View {
    let timeline: PolicyTimeline
    let moment: Moment
    let undone: Set<ChangeEvent>
    /// The names that are looked at; `nil` for all.
    var edited: EditedNames?

    func state(of subject: PolicySubject) -> PolicyState {
        var state = PolicyState(moment: moment)
        state.principal = subject.principal.map(principal)
        state.resources = subject.resources.map(resource)
        state.lake = subject.resources.lazy.compactMap(lake).first
        for account in Set(subject.accounts).sorted() { state.organization[account] = organization(account) }
        state.endpoint = subject.endpoint.map { documents(.vpcEndpoint($0), .policy) }
        if let session = subject.session {
            state.session = sessionPolicies(.session(session))
            state.sessionTags = sessionTags(.session(session)).tags
            state.sessionFacts = lane(.session(session), .settings)
        }
        return state
    }

    func lane(_ holder: Holder, _ kind: LaneName.Kind) -> LaneState {
        guard let edited else { return timeline.state(of: holder, kind, at: moment, undoing: undone) }
        guard EditedNames.reads(kind) else { return LaneState() }
        let lane = LaneName(timeline.holder(named: holder, at: moment), kind)
        return timeline.state(
            of: lane.holder, kind, edited.names(in: lane), at: moment, undoing: edited.touches(lane) ? undone : [])
    }

    func principal(_ holder: Holder) -> PrincipalState {
        let existence = lane(holder, .existence)
        var id: String?
        if case .known(.text(let text))? = existence.entries["id"]?.knowledge { id = text }
        let groups = lane(holder, .groups)
        var identity = identity(holder)
        if holder.kind == .user {
            for (key, entry) in groups.entries.sorted(by: { $0.key < $1.key }) {
                let group = group(key, entry, account: holder.account)
                let theirs = self.identity(group)
                identity.policies += theirs.policies.map { policy in
                    var policy = policy
                    policy.group = group.name
                    if case .maybe = entry.knowledge { policy.isCertain = false }
                    return policy
                }
                identity.isComplete = identity.isComplete && theirs.isComplete
            }
            identity.isComplete = identity.isComplete && groups.isComplete
        }
        if !identity.isComplete { identity.completedBy = nil }
        var trust = documents(holder, .trust)
        if holder.kind == .user { trust = PolicySlot(isComplete: true) }
        return PrincipalState(
            holder: holder, exists: existence.holds(""), uniqueID: id, identity: identity, boundary: boundary(holder),
            trust: trust, tags: lane(holder, .tags), groups: groups, settings: lane(holder, .settings))
    }

    /// A group by the name that it had when the user joined: it may have been renamed since.
    private func group(_ key: String, _ entry: LaneState.Entry, account: String) -> Holder {
        var name = key
        if case .known(.text(let text)) = entry.knowledge { name = text }
        let group = Holder.group(name, account: account)
        guard case .event(let event) = entry.source else { return group }
        return timeline.holder(named: group, at: event.moment)
    }

    func identity(_ holder: Holder) -> PolicySlot {
        let inline = documents(holder, .inline)
        let attached = lane(holder, .attached)
        var slot = inline
        slot.policies += attached.entries.sorted { $0.key < $1.key }.map { managed($0.key, $0.value) }
        slot.isComplete = inline.isComplete && attached.isComplete
        slot.completedBy = slot.isComplete ? attached.completedBy : nil
        return slot
    }

    func boundary(_ holder: Holder) -> PolicySlot {
        let lane = lane(holder, .boundary)
        // There is one at most.
        let isKnown = lane.isComplete || lane.holds("") != nil
        var slot = PolicySlot(isComplete: isKnown, completedBy: lane.completedBy ?? lane.absent[""])
        for entry in lane.entries.values {
            if case .known(.text(let arn)) = entry.knowledge {
                slot.policies.append(managed(arn, entry))
            } else {
                slot.policies.append(
                    HeldPolicy(
                        name: "", text: .unknown, isCertain: entry.knowledge == .present, source: entry.source,
                        textSource: .unknown))
            }
        }
        return slot
    }

    func sessionPolicies(_ session: Holder) -> PolicySlot {
        let slot = identity(session)
        // A session that a profile limits has the profile's policies, as they were when it began.
        guard case .known(.text(let profile))? = lane(session, .settings).entries["profile"]?.knowledge,
            let began = timeline.lastEdit(of: session, .settings, upTo: moment)?.moment
        else { return slot }
        guard let holder = Holder(rolesAnywhereProfile: profile) else { return slot }
        return View(timeline: timeline, moment: began, undone: undone, edited: edited).identity(holder)
    }

    /// How many sessions of a chain of roles are followed: AWS has no limit, and nobody builds long ones.
    private static let chainLimit = 16

    /// The tags of a session, its own and those that the session passed on that opened it, and which of them it passes on. What is
    /// passed on cannot be overridden. Source: "Pass session tags in AWS STS" in the IAM user guide.
    func sessionTags(_ session: Holder, depth: Int = 0) -> (tags: LaneState, passedOn: Set<String>) {
        let facts = lane(session, .settings)
        var tags = lane(session, .tags)
        var passedOn = Set(tags.entries.keys.filter { facts.entries[SessionIssues.passedOn($0)] != nil })
        guard case .known(.text(let key))? = facts.entries["parent"]?.knowledge else { return (tags, passedOn) }
        guard depth < Self.chainLimit else {
            tags.forgetOthers()
            return (tags, passedOn)
        }
        let parent = sessionTags(.session(key), depth: depth + 1)
        if !parent.tags.isComplete { tags.forgetOthers() }
        for name in parent.passedOn { tags.entries[name] = parent.tags.entries[name] }
        passedOn.formUnion(parent.passedOn)
        return (tags, passedOn)
    }

    /// The documents of a lane, by their names.
    func documents(_ holder: Holder, _ kind: LaneName.Kind) -> PolicySlot {
        edited == nil
            ? timeline.documents(of: holder, kind, at: moment, undoing: undone) : lane(holder, kind).documents
    }

    /// An attached policy with the text of the version that counts.
    func managed(_ arn: String, _ entry: LaneState.Entry) -> HeldPolicy {
        var version: String?
        var text = DocumentText.unknown
        var textSource = HeldPolicy.TextSource.unknown
        let holder = Holder.managedPolicy(arn)
        if case .known(.text(let current))? = lane(holder, .defaultVersion).entries[""]?.knowledge {
            version = current
            if let written = lane(holder, .versions).entries[current],
                case .known(.document(let known)) = written.knowledge
            {
                text = known
                if text != .unknown { textSource = .recorded(written.source) }
            }
        }
        if text == .unknown, let published = PublishedText(arn: arn, at: moment.time) {
            text = published.text
            version = published.version
            textSource = .awsManaged(version: published.version, isCertain: published.isCertain)
        }
        return HeldPolicy(
            name: arn, version: version, text: text, isCertain: entry.knowledge != .maybe, source: entry.source,
            textSource: textSource)
    }

    func resource(_ holder: Holder) -> ResourceState {
        ResourceState(
            holder: holder, policy: policy(of: holder),
            grants: documents(holder, .grants), access: lane(holder, .access), shares: shares(holder),
            tags: lane(holder, .tags))
    }

    /// A resource's own policy.
    private func policy(of holder: Holder) -> PolicySlot {
        guard holder.service == "apigateway" else { return documents(holder, holder.kind == .role ? .trust : .policy) }
        // What was written since the API was deployed last has no effect yet.
        let deployed = lane(holder, .settings).entries["deployment"]
        guard case .event(let event)? = deployed?.source, deployed?.knowledge != .maybe else {
            return documents(holder, .policy).blurred
        }
        return View(timeline: timeline, moment: event.moment, undone: undone).documents(holder, .policy)
    }

    /// With whom the shares that hold a resource share it. Nothing tells that there is no other share.
    private func shares(_ holder: Holder) -> LaneState {
        var shares = LaneState()
        for share in timeline.shares(of: holder) {
            let parts = lane(share, .grants)
            guard let own = parts.entries.first(where: { ResourceShares.resource($0.key) == holder })?.value else {
                continue
            }
            for (part, entry) in parts.entries {
                guard let who = ResourceShares.principal(part) else { continue }
                var entry = entry
                if own.knowledge == .maybe { entry.knowledge = .maybe }
                shares.entries[who] = entry
            }
        }
        return shares
    }

    /// What AWS Lake Formation grants in the account of a resource of the Data Catalog.
    func lake(_ holder: Holder) -> LaneState? {
        guard let lake = LakeFormation.lake(of: holder) else { return nil }
        let grants = lane(lake, .grants)
        return grants == LaneState() ? nil : grants
    }

    /// The most levels that an organization has: a root, five nested units, an account.
    private static let levelLimit = 7

    func organization(_ account: String) -> OrganizationState {
        var state = OrganizationState()
        let membership = lane(.account(account), .organization)
        if case .known(.text(let id))? = membership.entries[""]?.knowledge { state.organization = id }
        state.isAlone = membership.holds("") == false
        state.isManagement = membership.holds("management") == true
        var id = account
        while state.levels.count < Self.levelLimit {
            state.levels.append(level(id))
            if id.hasPrefix("r-") {
                state.isComplete = true
                break
            }
            guard case .known(.text(let parent))? = lane(.organizationTarget(id), .parent).entries[""]?.knowledge,
                parent != "root", parent != id
            else { break }
            id = parent
        }
        let isMember = membership.holds("") == true || state.levels.count > 1
        if let root = timeline.root, !state.isAlone {
            if !state.isComplete, state.levels.count < Self.levelLimit {
                // The units between are not known; what the root has binds every account of the organization.
                var level = level(root)
                if !isMember { level.blur() }
                state.levels.append(level)
            }
            if isMember { state.offTypes = offTypes(root) }
        }
        return state
    }

    private func offTypes(_ root: String) -> Set<PolicyType> {
        let settings = lane(.organizationTarget(root), .settings)
        let off = OrganizationLanes.types.filter {
            settings.entries[Organizations.setting(ofType: $0.name)]?.knowledge == .known(.text("off"))
        }
        return Set(off.compactMap { $0.kind == .serviceControl ? .serviceControl : .resourceControl })
    }

    private func level(_ id: String) -> PolicyLevel {
        let unknown = lane(.organizationTarget(id), .organizationPolicies)
        // Of a type that nothing tells: either of the two, or one that limits nobody.
        let others = unknown.entries.sorted { $0.key < $1.key }.map { id, entry in
            var policy = control(id, entry)
            policy.isCertain = false
            return policy
        }
        func slot(_ kind: LaneName.Kind) -> PolicySlot {
            let attached = attached(kind, to: id)
            return PolicySlot(
                policies: attached.entries.sorted { $0.key < $1.key }.map(control) + others,
                isComplete: attached.isComplete, completedBy: attached.completedBy)
        }
        return PolicyLevel(id: id, serviceControl: slot(.serviceControl), resourceControl: slot(.resourceControl))
    }

    /// What is attached to a target; where no event was about it since the type was switched on, AWS's own policy alone.
    private func attached(_ kind: LaneName.Kind, to id: String) -> LaneState {
        let own = lane(.organizationTarget(id), kind)
        guard own == LaneState(), let root = timeline.root,
            let type = OrganizationLanes.types.first(where: { $0.kind == kind }),
            let entry = lane(.organizationTarget(root), .settings).entries[Organizations.setting(ofType: type.name)],
            entry.knowledge == .known(.text("on"))
        else { return own }
        return LaneState(
            entries: [type.full: .init(knowledge: .known(.present), source: entry.source)], isComplete: true,
            completedBy: entry.source)
    }

    /// A control policy with its text.
    private func control(_ id: String, _ entry: LaneState.Entry) -> HeldPolicy {
        var policy =
            documents(.organizationPolicy(id), .policy).policies.first
            ?? HeldPolicy(name: id, text: .unknown, isCertain: true, source: entry.source, textSource: .unknown)
        policy.name = id
        policy.source = entry.source
        policy.isCertain = entry.knowledge != .maybe
        if let published = PublishedText(organizationPolicy: id) {
            policy.text = published.text
            policy.textSource = .awsManaged(version: "", isCertain: true)
        }
        return policy
    }
}

extension PolicySlot {
    /// The same, where it is not known whether it holds.
    fileprivate var blurred: PolicySlot {
        var slot = self
        for index in slot.policies.indices { slot.policies[index].isCertain = false }
        slot.isComplete = false
        slot.completedBy = nil
        return slot
    }
}

extension PolicyLevel {
    /// Whether these policies bind the account is not known.
    fileprivate mutating func blur() {
        serviceControl = serviceControl.blurred
        resourceControl = resourceControl.blurred
    }
}

extension PolicyTimeline {
    /// The documents that stood in a lane at a moment, by their names.
    fileprivate func documents(
        of holder: Holder, _ kind: LaneName.Kind, at moment: Moment, undoing undone: Set<ChangeEvent>
    ) -> PolicySlot {
        guard let (lane, touching) = lane(of: holder, kind, at: moment, undoing: undone) else { return PolicySlot() }
        guard touching.isEmpty else { return lane.state(at: moment, undoing: touching).documents }
        return lane.made(at: moment) { state in
            let documents = Documents(state.documents)
            return (documents, documents.slot.policies.count <= Documents.keptLimit)
        }.slot
    }
}

/// The documents of a lane at one of its places.
private final class Documents: Sendable {
    let slot: PolicySlot
    /// The most that are kept of a place.
    static let keptLimit = 32

    init(_ slot: PolicySlot) { self.slot = slot }
}

extension LaneState {
    /// The documents that stand there, by their names.
    var documents: PolicySlot {
        let policies = entries.sorted { $0.key < $1.key }.map { name, entry -> HeldPolicy in
            var text = DocumentText.unknown
            if case .known(.document(let document)) = entry.knowledge { text = document }
            return HeldPolicy(
                name: name, text: text, isCertain: entry.knowledge != .maybe, source: entry.source,
                textSource: text == .unknown ? .unknown : .recorded(entry.source))
        }
        return PolicySlot(policies: policies, isComplete: isComplete, completedBy: completedBy)
    }
}
