/// The names under which events edited the lanes that policies stand in.
///
/// What is told of these names alone, with the events and without them, is all that the events changed of anybody's policies: it
/// costs as much as they edited, whatever stands in the lanes beside it.
package struct EditedNames: Sendable {
    /// `nil` where the whole lane was edited.
    private var ofLane: [LaneName: Set<String>?] = [:]
    /// Managed policies with versions that were edited: whoever has them.
    private var managed: Set<String> = []
    /// Every lane that was edited.
    private var lanes: Set<LaneName> = []
    /// Whether names tell what changed: an edit of whose policies somebody has changes more.
    package private(set) var suffices = true

    /// What no event edited.
    package init() {}

    /// What events edited.
    package init(by events: Set<ChangeEvent>, in timeline: PolicyTimeline) {
        for event in events { add(event, in: timeline) }
    }

    /// One managed policy, whoever has it.
    package init(managedPolicy arn: String) { managed = [arn] }

    /// Adds what one more event edited.
    package mutating func add(_ event: ChangeEvent, in timeline: PolicyTimeline) {
        timeline.forEachEdit(of: event) { edit in
            lanes.insert(edit.lane)
            // Members have what their groups have, and a session what its profile has.
            if edit.lane.kind == .groups || edit.lane.holder.kind == .session { suffices = false }
            switch edit.lane.kind {
            case .versions, .defaultVersion: managed.insert(edit.lane.holder.name)
            case .inline, .attached, .grants:
                guard let known = ofLane[edit.lane, default: []] else { return }
                let names = edit.operation.names
                ofLane[edit.lane] = .some(names.contains(nil) ? nil : known.union(names.compactMap(\.self)))
            case .existence, .boundary, .trust, .settings, .groups, .members, .tags, .policy, .access,
                .organizationPolicies, .serviceControl, .resourceControl, .parent, .organization, .role, .provisioned:
                return
            }
        }
    }

    /// The one lane that the events edited, with the names that they edited there; `nil` where they edited others, or all of it.
    package var only: (lane: LaneName, names: Set<String>)? {
        guard lanes.count == 1, managed.isEmpty, let lane = lanes.first, let names = names(in: lane) else { return nil }
        return (lane, names)
    }

    /// Whether the events edited a lane.
    func touches(_ lane: LaneName) -> Bool { lanes.contains(lane) }

    /// Whether a lane tells of policies at all.
    static func reads(_ kind: LaneName.Kind) -> Bool {
        switch kind {
        case .existence, .tags, .access, .members, .role, .provisioned: false
        case .inline, .attached, .boundary, .trust, .settings, .groups, .versions, .defaultVersion, .policy, .grants,
            .organizationPolicies, .serviceControl, .resourceControl, .parent, .organization:
            true
        }
    }

    /// The names of a lane that were edited; `nil` where all may have been, or where the lane is read as a whole.
    func names(in lane: LaneName) -> Set<String>? {
        switch lane.kind {
        case .inline: ofLane[lane, default: []]
        case .attached: ofLane[lane, default: []].map { $0.union(managed) }
        case .grants where lane.holder.kind == .resource: ofLane[lane, default: []]
        case .grants, .existence, .boundary, .trust, .settings, .groups, .members, .versions, .defaultVersion, .policy,
            .tags, .access, .organizationPolicies, .serviceControl, .resourceControl, .parent, .organization, .role,
            .provisioned:
            nil
        }
    }
}
