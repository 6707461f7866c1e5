import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore
import Wording

/// What some statements of one policy, were there no others, say of a group's refused calls.
struct Judgement {
    private let statements: [Statement]
    private let type: PolicyType
    private let facts: GroupFacts
    /// The statements, ready to be asked; `nil` for what nobody prepared yet.
    private let prepared: Policy?
    private var requests: [AuthorizationRequest] { facts.scene.requests }
    private var action: String { facts.group.action }

    init(_ statements: [Statement], as type: PolicyType = .identityBased, _ facts: GroupFacts) {
        self.statements = statements
        self.type = type
        self.facts = facts
        prepared = nil
    }

    init(_ policy: StandingPolicies.Known, _ facts: GroupFacts) {
        self.init(policy.book, as: .identityBased, facts)
    }

    init(_ book: PolicyLibrary.Book, as type: PolicyType, _ facts: GroupFacts) {
        statements = book.statements
        self.type = type
        self.facts = facts
        prepared = book.policy
    }

    /// Whether they allow every call.
    var allows: Truth {
        guard holds(.allow) else { return .no }
        let evaluator = evaluator
        return requests.map { evaluator.answer(on: $0, asking: type).allows }.min() ?? .undetermined
    }

    /// Whether they allow every call that has, under some keys, what a call that succeeded had.
    func allows(taking keys: [String], from context: RequestContext) -> Truth {
        let changed = requests.map { request in
            var request = request
            for key in keys { request.context.take(key, from: context) }
            return request
        }
        let evaluator = evaluator
        return changed.map { evaluator.answer(on: $0, asking: type).allows }.min() ?? .undetermined
    }

    /// Whether they deny a call; undetermined where a condition is not decided by what is known of the calls.
    var denies: Truth {
        guard holds(.deny) else { return .no }
        let evaluator = evaluator
        return requests.map { evaluator.answer(on: $0, asking: type).denies }.max() ?? .undetermined
    }

    /// The conditions that no call meets, of every Allow that covers the calls but for its conditions; empty for one of which that is
    /// not certain.
    var unmet: [[UnmetCondition]] {
        statements.lazy.filter { $0.effect == .allow && $0.matchesAction(action) }.compactMap { statement in
            var bare = statement
            bare.conditions = []
            guard Judgement(bare, self).allows != .no else { return nil }
            return statement.conditions.compactMap { condition in
                guard !requests.isEmpty, requests.allSatisfy({ condition.matches(in: $0.context) == .no }) else {
                    return nil
                }
                let values = requests.flatMap { $0.context.values(of: condition.key) ?? [] }
                return UnmetCondition(condition: condition, values: Set(values).sorted())
            }
        }
    }

    /// The conditions of which the records do not tell whether a call meets them, of every Allow that covers the calls but for its
    /// conditions, none of which a call fails for certain.
    var undecided: [[UnmetCondition]] {
        statements.filter { $0.effect == .allow && !$0.conditions.isEmpty }.compactMap { statement in
            var bare = statement
            bare.conditions = []
            guard Judgement(bare, self).allows == .yes else { return nil }
            let answers = statement.conditions.map { condition in requests.map { condition.matches(in: $0.context) } }
            guard !answers.contains(where: { $0.contains(.no) }) else { return nil }
            let open = zip(statement.conditions, answers).filter { $1.allSatisfy { $0 == .undetermined } }
            return open.isEmpty ? nil : open.map { UnmetCondition(condition: $0.0, values: [], isTold: false) }
        }
    }

    private init(_ statement: Statement, _ other: Judgement) {
        statements = [statement]
        type = other.type
        facts = other.facts
        prepared = nil
    }

    private func holds(_ effect: Statement.Effect) -> Bool {
        statements.contains { $0.effect == effect && $0.matchesAction(action) }
    }

    private var evaluator: Evaluator {
        var set = PolicySet()
        set.add(prepared ?? Policy(name: "", PolicyReading(statements), as: type))
        return Evaluator(set)
    }
}

extension PolicySet {
    /// Adds a policy to those of its type; a control policy to those of its level.
    mutating func add(_ policy: Policy, level: String? = nil) {
        switch policy.type {
        case .identityBased: identity.policies.append(policy)
        case .permissionsBoundary: boundary.policies.append(policy)
        case .session: session.policies.append(policy)
        case .resourceBased, .roleTrust: resource.policies.append(policy)
        case .vpcEndpoint: endpoint.policies.append(policy)
        case .serviceControl: serviceControl.add(policy, level: level)
        case .resourceControl: resourceControl.add(policy, level: level)
        }
    }
}

extension PolicySet.Levels {
    fileprivate mutating func add(_ policy: Policy, level: String?) {
        if let place = levels.firstIndex(where: { $0.id == level }) {
            levels[place].policies.append(policy)
        } else {
            levels.append(.init(id: level, [policy]))
        }
    }
}

extension RequestContext {
    /// Takes over what another context tells of a key.
    fileprivate mutating func take(_ key: String, from other: RequestContext) {
        switch other.values(of: key) {
        case nil: break
        case []?: setAbsent(key)
        case let values? where values.count == 1: set(key, values[0])
        case let values?: set(key, values: values)
        }
    }
}

/// A condition that every refused call fails, with the values that the calls had.
struct UnmetCondition {
    var condition: Statement.Condition
    /// Empty where the key was in none of the calls, and where the records do not tell it.
    var values: [String]
    /// Whether the records tell what the calls had.
    var isTold = true

    private var key: String { condition.key.lowercased() }
    var isTime: Bool { key == "aws:currenttime" }
    var isMFA: Bool { key == "aws:multifactorauthpresent" }
    var isAddress: Bool { key == "aws:sourceip" }
    var isEndpoint: Bool { key == "aws:sourcevpce" }
    var tag: ConditionTag? { ConditionTag(conditionKey: condition.key) }
    var nearMiss: NearMiss? { NearMiss(condition, had: values) }

    /// What the condition asks for, and what the refused calls had.
    func demand(_ facts: GroupFacts) -> Prose {
        let demand: Prose = "\(condition.key) \(condition.conditionOperator) \(list: condition.values, limit: 3)"
        if isTime { return "\(demand), and the refused calls came from \(time: facts.group.firstSeen) on" }
        if !isTold {
            return "\(demand), and the records do not show what the refused calls had\(nearMiss?.shown ?? "")"
        }
        return values.isEmpty
            ? isEndpoint
                ? "\(demand), and the refused calls came through no VPC endpoint"
                : isAddress
                    ? "\(demand), and the refused calls came through a VPC endpoint, where that key is absent"
                    : "\(demand), and the refused calls had none"
            : "\(demand), and the refused calls had \(list: values, limit: 3)\(nearMiss?.shown ?? "")"
    }

    /// Whether the calls that succeeded before the denials met it, so that it tells the ones from the others.
    func wasMet(_ facts: GroupFacts) -> Truth {
        let answers = Set(GroupRequests(facts).succeededContexts.map { condition.matches(in: $0) })
        return answers.count == 1 ? answers.first ?? .undetermined : .undetermined
    }
}

extension [Statement] {
    /// Whether they speak of a service at all, be it by a prefix that IAM does not know.
    func speak(of service: String) -> Bool {
        contains { statement in
            statement.actions.patterns.contains { pattern in
                guard let prefix = pattern.prefix else { return true }
                return prefix == service || prefix.contains("*")
                    || IAMPrefix.isMiswritten(prefix, of: service)
            }
        }
    }
}
