package import PolicyTimeline

/// The permission sets that a trail tells of, by their names, which only the creation of one tells.
package struct PermissionSets: Sendable {
    package private(set) var names: [Holder: String] = [:]
    /// In order; several with one name have borne it one after the other.
    package private(set) var named: [String: [Holder]] = [:]
    /// Those whose names nothing tells, in order.
    package private(set) var nameless: [Holder] = []

    package init(_ timeline: PolicyTimeline) {
        for set in timeline.holders(of: .permissionSet) {
            let existence = timeline.state(of: set, .existence, at: .at("9999"))
            if case .known(.text(let name))? = existence.entries["name"]?.knowledge {
                names[set] = name
                named[name, default: []].append(set)
            } else {
                nameless.append(set)
            }
        }
    }
}
