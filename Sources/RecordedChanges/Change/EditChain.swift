package import PolicyTimeline

/// What edits follow each other on: one inline policy, one attachment, the one policy of a resource.
package struct EditChain: Hashable, Comparable {
    package var lane: LaneName
    /// Empty where the lane holds one thing, or the edit is of all that it holds.
    package var name: String

    package static func < (left: EditChain, right: EditChain) -> Bool {
        (left.lane, left.name) < (right.lane, right.name)
    }
}

extension PolicyEdit {
    /// What the edit is on; only the last edit of a chain holds.
    package var chain: EditChain {
        switch lane.kind {
        case .inline, .attached, .groups, .grants, .organizationPolicies, .serviceControl, .resourceControl, .tags,
            .settings, .access:
            switch operation {
            case .set(let name, _), .remove(let name), .blur(let name): EditChain(lane: lane, name: name)
            case .replaceAll, .removeStatement, .blurAll, .observe, .restore, .restoreAll:
                EditChain(lane: lane, name: "")
            }
        case .boundary, .trust, .versions, .defaultVersion, .policy, .existence, .members, .parent, .organization,
            .role, .provisioned:
            EditChain(lane: lane, name: "")
        }
    }
}

extension LaneName {
    /// Whether policies stand in the lane, and not what they look at.
    package var holdsPolicies: Bool {
        switch kind {
        case .inline, .attached, .boundary, .trust, .groups, .versions, .defaultVersion, .policy, .grants,
            .organizationPolicies, .serviceControl, .resourceControl:
            true
        case .existence, .settings, .members, .tags, .access, .parent, .organization, .role, .provisioned: false
        }
    }
}

extension TrailChange {
    /// What the change is made on: of changes of the same only the last one holds.
    package var chain: EditChain? { (edits.last { $0.lane.holdsPolicies } ?? edits.last)?.chain }
}

extension PolicyEdit.Operation {
    /// Whether the record does not tell what it wrote.
    package var isBlur: Bool {
        switch self {
        case .blur, .blurAll: true
        case .replaceAll, .set, .remove, .removeStatement, .observe, .restore, .restoreAll: false
        }
    }
}
