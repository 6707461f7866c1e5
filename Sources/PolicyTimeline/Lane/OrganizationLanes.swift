/// Which edits of AWS Organizations belong to which lane.
///
/// An event names a policy, and not its type; the event that wrote the policy, or an export, tells the type. Policies whose type
/// nothing tells stay in a lane of their own. Switching a type on or off at the root changes the lane of that type everywhere:
/// off, nothing is attached; on again, nothing but AWS's own policy.
///
/// Source: "Enabling a policy type" and "Disabling a policy type" in the AWS Organizations user guide.
struct OrganizationLanes {
    /// The types of control policies, as AWS Organizations calls them, with their lanes and AWS's own policies.
    static let types: [(name: String, kind: LaneName.Kind, full: String)] = [
        ("SERVICE_CONTROL_POLICY", .serviceControl, Organizations.fullAccess),
        ("RESOURCE_CONTROL_POLICY", .resourceControl, Organizations.fullResourceAccess),
    ]

    /// The root, where the edits tell of one alone; an organization has no other.
    let root: String?
    private var typeOfPolicy: [String: String] = [:]
    private var targets: Set<Holder> = []

    init(_ edits: [PolicyEdit]) {
        var roots: Set<String> = []
        for type in Self.types { typeOfPolicy[type.full] = type.name }
        for edit in edits {
            let holder = edit.lane.holder
            switch (holder.kind, edit.lane.kind, edit.operation) {
            case (.organizationPolicy, .settings, .set("type", .text(let type))): typeOfPolicy[holder.name] = type
            case (.organizationPolicy, .settings, .observe(let values, _, _)):
                if case .text(let type)? = values["type"] { typeOfPolicy[holder.name] = type }
            case (.organizationTarget, .parent, .replaceAll(let values)),
                (.organizationTarget, .parent, .observe(let values, _, _)):
                if case .text(let id)? = values[""], id.hasPrefix("r-") { roots.insert(id) }
                targets.insert(holder)
            case (.organizationTarget, _, _):
                if holder.name.hasPrefix("r-") { roots.insert(holder.name) }
                targets.insert(holder)
            default: break
            }
        }
        root = roots.count == 1 ? roots.first : nil
        if let root { targets.insert(.organizationTarget(root)) }
    }

    /// Whether the edits tell of an organization at all.
    var isEmpty: Bool { targets.isEmpty }

    /// The edits that one amounts to.
    func resolved(_ edit: PolicyEdit) -> [PolicyEdit] {
        guard edit.lane.holder.kind == .organizationTarget else { return [edit] }
        switch (edit.lane.kind, edit.operation) {
        case (.settings, .set(let name, let value)):
            guard let type = Self.types.first(where: { name == Organizations.setting(ofType: $0.name) }) else {
                return [edit]
            }
            return [edit] + switched(type, isOn: value == .text("on"), edit)
        case (.parent, .replaceAll(let values)):
            guard let root, values[Organizations.belowRoot.key] == Organizations.belowRoot.value else { return [edit] }
            var edit = edit
            edit.operation = .replaceAll(["": .text(root)])
            return [edit]
        case (.organizationPolicies, let operation): return Self.kinds.compactMap { part(operation, $0, edit) }
        default: return [edit]
        }
    }

    private static let kinds: [LaneName.Kind] = types.map(\.kind) + [.organizationPolicies]

    /// The lane that a policy stands in; `nil` for a policy that limits nobody.
    private func kind(of policy: String) -> LaneName.Kind? {
        guard let name = typeOfPolicy[policy] else { return .organizationPolicies }
        return Self.types.first { $0.name == name }?.kind
    }

    /// What an operation does to one of the lanes.
    private func part(_ operation: PolicyEdit.Operation, _ kind: LaneName.Kind, _ edit: PolicyEdit) -> PolicyEdit? {
        var edit = edit
        edit.lane.kind = kind
        func own(_ values: [String: Value]) -> [String: Value] { values.filter { self.kind(of: $0.key) == kind } }
        switch operation {
        case .set(let id, _), .remove(let id), .blur(let id): return self.kind(of: id) == kind ? edit : nil
        case .replaceAll(let values): edit.operation = .replaceAll(own(values))
        case .observe(let values, let complete, let snapshot):
            let own = own(values)
            if own.isEmpty { return nil }
            // A list is one of a single type.
            edit.operation = .observe(own, complete: complete && kind != .organizationPolicies, snapshot)
        case .removeStatement, .blurAll, .restore, .restoreAll: break
        }
        return edit
    }

    /// A type was switched on or off at a root: below it, which is everywhere where there is one root, and else only there for certain.
    private func switched(
        _ type: (name: String, kind: LaneName.Kind, full: String), isOn: Bool, _ edit: PolicyEdit
    ) -> [PolicyEdit] {
        targets.sorted().flatMap { target -> [PolicyEdit] in
            let isBelow = root != nil || target == edit.lane.holder
            var own = edit
            own.lane = LaneName(target, type.kind)
            own.operation = isBelow ? .replaceAll(isOn ? [type.full: .present] : [:]) : .blurAll
            var others = edit
            others.lane = LaneName(target, .organizationPolicies)
            others.operation = .blurAll
            return [own, others]
        }
    }
}
