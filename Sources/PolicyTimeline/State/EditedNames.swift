/// The names under which events edited the lanes that policies stand in.
///
/// What is told of these names alone, with the events and without them, is all that the events changed of anybody's policies: it
/// costs as much as they edited, whatever stands in the lanes beside it.
package struct EditedNames: Sendable {
    /// `nil` where the whole lane was edited.
    private var ofLane: [LaneName: Set<String>?] = [:]
    /// Managed policies with versions that were edited: whoever has them.
    private var managed: Set<String> = []

    /// What events edited; `nil` where that decides, too, whose policies somebody has.
    package init?(by events: some Sequence<ChangeEvent>, in timeline: PolicyTimeline) {
        for edit in events.lazy.flatMap(timeline.edits) {
            // Members have what their groups have, and a session what its profile has.
            guard edit.lane.kind != .groups, edit.lane.holder.kind != .session else { return nil }
            switch edit.lane.kind {
            case .versions, .defaultVersion: managed.insert(edit.lane.holder.name)
            case .inline, .attached, .grants:
                guard let known = ofLane[edit.lane, default: []] else { continue }
                let names = edit.operation.names
                ofLane[edit.lane] = .some(names.contains(nil) ? nil : known.union(names.compactMap(\.self)))
            case .existence, .boundary, .trust, .settings, .groups, .members, .tags, .policy, .access,
                .organizationPolicies, .serviceControl, .resourceControl, .parent, .organization, .role, .provisioned:
                continue
            }
        }
    }

    /// One managed policy, whoever has it.
    package init(managedPolicy arn: String) { managed = [arn] }

    /// The names of a lane that were edited; `nil` where all may have been, or where the lane is read as a whole.
    func names(in lane: LaneName) -> Set<String>? {
        switch lane.kind {
        case .inline: ofLane[lane, default: []]
        case .attached: ofLane[lane, default: []].map { $0.union(managed) }
        case .grants where lane.holder.kind == .resource: ofLane[lane, default: []]
        // Tags are no policies.
        case .tags: []
        case .grants, .existence, .boundary, .trust, .settings, .groups, .members, .versions, .defaultVersion, .policy,
            .access, .organizationPolicies, .serviceControl, .resourceControl, .parent, .organization, .role,
            .provisioned:
            nil
        }
    }
}
