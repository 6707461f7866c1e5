/// What one event did to one lane.
public struct PolicyEdit: Sendable, Hashable {
    /// The event; `nil` where an export tells what is there.
    public var event: ChangeEvent?
    /// The lane that it edits.
    public var lane: LaneName
    /// What it did.
    public var operation: Operation

    /// What an event, or an export, did to a lane.
    public init(event: ChangeEvent?, lane: LaneName, operation: Operation) {
        self.event = event
        self.lane = lane
        self.operation = operation
    }

    /// What can be done to a lane. Behind one reference: edits are handed about by the list.
    public indirect enum Operation: Sendable, Hashable {
        /// Nothing but this is there from now on: something was created, deleted, or written as a whole.
        case replaceAll([String: Value])
        /// This is there from now on.
        case set(String, Value)
        /// This is not there any more.
        case remove(String)
        /// The statement of this name went, whoever wrote it.
        case removeStatement(String)
        /// This was changed, into what the record does not tell.
        case blur(String)
        /// Anything may be there from now on.
        case blurAll
        /// An export tells what is there; it names all where it is `complete`.
        case observe([String: Value], complete: Bool, SnapshotReference)
        /// What stood there before is put back: the inverse of another operation.
        case restore([String: LaneState.Entry?])
        /// All that stood there before is put back: the inverse of another operation.
        case restoreAll(LaneState)
    }
}

extension PolicyEdit {
    /// The names in the lane that the edit is about; empty where it is about all.
    public var keys: [String] {
        switch operation {
        case .set(let name, _), .remove(let name), .blur(let name): [name]
        case .removeStatement(let sid): ["sid:\(sid)"]
        case .replaceAll(let values), .observe(let values, _, _): values.keys.sorted()
        case .restore(let former): former.keys.sorted()
        case .blurAll, .restoreAll: []
        }
    }

    /// What the edit does to some names.
    func narrowed(to names: Set<String>) -> PolicyEdit {
        let operation: Operation =
            switch operation {
            case .replaceAll(let values): .replaceAll(values.filter { names.contains($0.key) })
            case .observe(let values, let complete, let snapshot):
                .observe(values.filter { names.contains($0.key) }, complete: complete, snapshot)
            case .restore(let former): .restore(former.filter { names.contains($0.key) })
            case .restoreAll(let former): .restoreAll(former.narrowed(to: names))
            case .set, .remove, .removeStatement, .blur, .blurAll: operation
            }
        return PolicyEdit(event: event, lane: lane, operation: operation)
    }

    /// Where the edit stands among all: an export behind the events of its second.
    public var moment: Moment {
        if let event { return event.moment }
        guard case .observe(_, _, let snapshot) = operation else { return .at("") }
        return .at(snapshot.time)
    }

    /// Where what the edit tells comes from.
    var source: LaneState.Source? {
        if let event { return .event(event) }
        guard case .observe(_, _, let snapshot) = operation else { return nil }
        return .snapshot(snapshot)
    }
}

extension PolicyEdit.Operation {
    /// The names that it bears on: `nil` for all.
    var names: [String?] {
        switch self {
        case .set(let name, _), .remove(let name), .blur(let name): [name]
        // It may be one of the whole text's.
        case .removeStatement(let sid): ["sid:\(sid)", ""]
        case .restore(let former): Array(former.keys)
        case .observe(let values, complete: false, _): Array(values.keys)
        case .replaceAll, .blurAll, .observe, .restoreAll: [nil]
        }
    }
}

/// What stands in a lane under one name.
public enum Value: Sendable, Hashable {
    /// A policy.
    case document(DocumentText)
    /// A text: a boundary's ARN, a tag's value, a version's id.
    case text(String)
    /// That it is there is all: an attachment, a membership.
    case present
}

/// The name of a lane: whose it is and of what.
public struct LaneName: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// What edits of one lane are about.
    public enum Kind: String, Sendable, CaseIterable {
        /// That it exists (`""`), its unique id (`id`) and its name (`name`).
        case existence
        /// Inline policies by their names.
        case inline
        /// Attached managed policies by their ARNs; of a permission set also `customer:PATH/NAME`.
        case attached
        /// The permissions boundary's ARN (`""`).
        case boundary
        /// Who may assume a role (`""`).
        case trust
        /// Texts such as the longest duration of a role's sessions.
        case settings
        /// Groups of a user by their names.
        case groups
        /// Users of a group by their names.
        case members
        /// Tags by their keys in lower case.
        case tags
        /// Versions of a managed policy by their ids.
        case versions
        /// Which version of a managed policy counts (`""`).
        case defaultVersion = "default-version"
        /// A resource's own policy: the whole of it (`""`), single statements (`sid:NAME`), or named policies.
        case policy
        /// Grants by their ids: KMS, Lake Formation, RAM and the like.
        case grants
        /// Access control lists, object ownership, Block Public Access and the like, by their names.
        case access
        /// Policies of AWS Organizations at a target, by their ids: as an event tells them, and those whose type nothing tells.
        case organizationPolicies = "organization-policies"
        /// Service control policies at a target, by their ids.
        case serviceControl = "service-control-policies"
        /// Resource control policies at a target, by their ids.
        case resourceControl = "resource-control-policies"
        /// The root or unit above an account or a unit (`""`).
        case parent
        /// The organization of an account (`""`).
        case organization
        /// The role, or the roles, that a workload runs under.
        case role
        /// Accounts into which a permission set was written, by their ids; `*` for all.
        case provisioned
    }

    /// Whose lane it is.
    public var holder: Holder
    /// What it is about.
    public var kind: Kind

    /// A lane's name.
    public init(_ holder: Holder, _ kind: Kind) {
        self.holder = holder
        self.kind = kind
    }

    /// Equal names hash alike. The kinds of one holder differ in length or first letter, but for two pairs.
    public func hash(into hasher: inout Hasher) {
        let kind = kind.rawValue.utf8
        hasher.combine(holder)
        hasher.combine(kind.count << 8 | Int(kind.first ?? 0))
    }

    /// An order for output.
    public static func < (left: LaneName, right: LaneName) -> Bool {
        (left.holder, left.kind.rawValue) < (right.holder, right.kind.rawValue)
    }

    /// The holder and the kind.
    public var description: String { "\(holder) \(kind.rawValue)" }
}
