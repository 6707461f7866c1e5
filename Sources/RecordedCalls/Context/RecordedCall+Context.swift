import IAMPolicy
import Synchronization

extension RecordedCall {
    /// The context keys of the call with an action.
    func context(of action: String, _ caller: RequestPrincipal) -> RequestContext {
        let plan = ContextTable.plan(of: action.lowercased())
        var context = plan.context
        var absent: [ContextKey] = []
        absent.reserveCapacity(plan.entries.count)
        for entry in plan.entries { set(entry, in: &context, &absent) }
        context.setAbsent(absent)
        for (key, value) in caller.contextKeys { context.set(key, value) }
        if identityType == "Root" { context.setAbsent("aws:PrincipalTag/*") }
        TokenClaims(self)?.set(in: &context)
        caller.setWhatNoAccountHas(in: &context)
        return context
    }

    /// Sets what the record tells of a key; one that is not there is added to `absent`.
    private func set(_ entry: ContextTable.Entry, in context: inout RequestContext, _ absent: inout [ContextKey]) {
        let row = entry.row
        switch row.told(by: self) {
        case .value(let value): context.set(entry.key, [value], isMultivalued: false)
        case .list(let values): context.set(entry.key, values, isMultivalued: true)
        case .pairs(let pairs):
            context.setAbsent(row.key)
            for (name, value) in pairs { context.set(row.key.dropLast() + name, value) }
        case .among(let values, let orAbsent): context.setUnknown(entry.key, among: values, orAbsent: orAbsent)
        case .missing where row.missing == .absent:
            if entry.isPrefix { context.setAbsent(row.key) } else { absent.append(entry.key) }
        case .missing, .untold: if entry.isPrefix { context.setUnknown(row.key) }
        }
    }
}

extension RequestPrincipal {
    /// Keys that only a principal of an account has: who is known to an identity provider alone, or to nobody, lacks them.
    ///
    /// Source: "AWS global condition context keys", properties of the principal.
    fileprivate func setWhatNoAccountHas(in context: inout RequestContext) {
        guard kind == .anonymous || kind == .federated else { return }
        for key in ["aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalTag/*"] { context.setAbsent(key) }
        guard kind == .anonymous else { return }
        for key in ["aws:PrincipalArn", "aws:PrincipalIsAWSService", "aws:PrincipalServiceName"] {
            context.setAbsent(key)
        }
    }
}

extension ContextTable {
    /// A row with its key as it is looked up.
    struct Entry: Sendable {
        var row: ContextRow
        var key: ContextKey
        var isPrefix: Bool
    }

    /// The rows, taken apart once.
    static let entries = rows.map { Entry(row: $0, key: ContextKey($0.key), isPrefix: $0.key.hasSuffix("*")) }

    /// What is the same for every request of an action.
    struct Plan: Sendable {
        /// The rows that apply, each key once.
        var entries: [Entry]
        /// What no record need be asked for: keys of other actions are absent, and what stands in no row is unknown.
        var context: RequestContext

        init(of action: String) {
            var handled: Set<ContextKey> = []
            entries = ContextTable.entries.filter { $0.row.applies(to: action) && handled.insert($0.key).inserted }
            context = RequestContext()
            context.setUnknown("*")
            let others = ContextTable.entries.filter { !handled.contains($0.key) }
            for entry in others where entry.isPrefix { context.setAbsent(entry.row.key) }
            context.setAbsent(Set(others.filter { !$0.isPrefix }.map(\.key)))
        }
    }

    private static let plans = Mutex<[String: Plan]>([:])
    /// An archive may name any number of actions.
    private static let planLimit = 1_000

    /// The plan of an action, given in lower case.
    static func plan(of action: String) -> Plan {
        plans.withLock { plans in
            if let plan = plans[action] { return plan }
            let plan = Plan(of: action)
            if plans.count >= planLimit { plans.removeAll(keepingCapacity: true) }
            plans[action] = plan
            return plan
        }
    }
}
