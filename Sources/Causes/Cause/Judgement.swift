import AccessDenial
package import IAMPolicy
import PolicyTimeline
package import RecordedChanges
import TrailStore
package import Wording

/// What some statements of one policy, were there no others, say of a group's refused calls.
package struct Judgement {
    private let statements: [Statement]
    private let type: PolicyType
    private let facts: GroupFacts
    /// The statements, ready to be asked; `nil` for what nobody prepared yet.
    private let prepared: Policy?
    private var requests: [AuthorizationRequest] { facts.scene.requests }
    private var action: String { facts.group.action }

    package init(_ statements: [Statement], as type: PolicyType = .identityBased, _ facts: GroupFacts) {
        self.statements = statements
        self.type = type
        self.facts = facts
        prepared = nil
    }

    package init(_ policy: StandingPolicies.Known, _ facts: GroupFacts) {
        self.init(policy.book, as: .identityBased, facts)
    }

    package init(_ book: PolicyLibrary.Book, as type: PolicyType, _ facts: GroupFacts) {
        statements = book.statements
        self.type = type
        self.facts = facts
        prepared = book.policy
    }

    /// Whether they allow every call.
    package var allows: Truth {
        guard holds(.allow) else { return .no }
        let evaluator = evaluator
        return requests.map { evaluator.answer(on: $0, asking: type).allows }.min() ?? .undetermined
    }

    /// Whether they allow another call.
    package func allows(_ request: AuthorizationRequest) -> Truth { evaluator.answer(on: request, asking: type).allows }

    /// Whether they allow every call that has, under some keys, what a call that succeeded had.
    package func allows(taking keys: [String], from context: RequestContext) -> Truth {
        let changed = requests.map { request in
            var request = request
            for key in keys { request.context.take(key, from: context) }
            return request
        }
        let evaluator = evaluator
        return changed.map { evaluator.answer(on: $0, asking: type).allows }.min() ?? .undetermined
    }

    /// Whether they deny a call; undetermined where a condition is not decided by what is known of the calls.
    package var denies: Truth {
        guard holds(.deny) else { return .no }
        let evaluator = evaluator
        return requests.map { evaluator.answer(on: $0, asking: type).denies }.max() ?? .undetermined
    }

    /// An Allow that names the action and covers the calls but for its conditions.
    package struct Near {
        package var statement: Statement
        /// The conditions that no call meets.
        package var unmet: [FailingStatement.Condition] = []
        /// The conditions of which no record tells whether a call meets them; none where a call fails one for certain, and where the
        /// rest need not cover the calls.
        package var open: [FailingStatement.Condition] = []
    }

    /// Every such Allow, in order.
    package var near: [Near] {
        guard mayMatter else { return [] }
        return statements.lazy.filter { $0.effect == .allow && $0.matchesAction(action) }.compactMap { statement in
            var bare = statement
            bare.conditions = []
            let covers = Judgement(bare, self).allows
            guard covers != .no else { return nil }
            var near = Near(statement: statement)
            var isOpen = covers == .yes
            for condition in statement.conditions {
                let answers = Set(requests.map { condition.matches(in: $0.context) })
                if answers == [.no] {
                    let had = Set(requests.flatMap { $0.context.values(of: condition.key) ?? [] }).sorted()
                    near.unmet.append(FailingStatement.Condition(condition, had: had, matches: .no))
                } else if answers == [.undetermined] {
                    near.open.append(FailingStatement.Condition(condition, had: nil, matches: .undetermined))
                }
                if answers.contains(.no) { isOpen = false }
            }
            if !isOpen { near.open = [] }
            return near
        }
    }

    private init(_ statement: Statement, _ other: Judgement) {
        statements = [statement]
        type = other.type
        facts = other.facts
        prepared = nil
    }

    /// Whether a statement may be about the action's service.
    private var mayMatter: Bool { prepared?.mayBeAbout(facts.service) ?? true }

    private func holds(_ effect: Statement.Effect) -> Bool {
        mayMatter && statements.contains { $0.effect == effect && $0.matchesAction(action) }
    }

    private var evaluator: Evaluator {
        var set = PolicySet()
        set.add(prepared ?? Policy(name: "", PolicyReading(statements), as: type))
        return Evaluator(set)
    }
}

extension PolicySet {
    /// Adds a policy to those of its type; a control policy to those of its level.
    package mutating func add(_ policy: Policy, level: String? = nil) {
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

extension FailingStatement.Condition {
    fileprivate init(_ condition: Statement.Condition, had: [String]?, matches: Truth) {
        self.init(
            conditionOperator: condition.conditionOperator, key: condition.key, wanted: condition.values, had: had,
            matches: matches)
    }

    /// The line as a policy writes it.
    package var written: Statement.Condition { Statement.Condition(conditionOperator, key, wanted) }
    /// What the calls had; empty also where the records do not tell it.
    package var values: [String] { had ?? [] }
    private var name: String { key.lowercased() }
    package var isTime: Bool { name == "aws:currenttime" }
    package var isMFA: Bool { name == "aws:multifactorauthpresent" }
    package var isAddress: Bool { name == "aws:sourceip" }
    package var isEndpoint: Bool { name == "aws:sourcevpce" }
    package var tag: ConditionTag? { ConditionTag(conditionKey: key) }
    /// Why what it lists does not stand for what the request had.
    package var nearMiss: NearMiss? {
        let isListed: Truth = conditionOperator.lowercased().contains("not") ? .no : .yes
        return matches == isListed ? nil : NearMiss(written, had: values)
    }

    /// What the condition asks for, and what the refused calls had.
    package func demand(_ facts: GroupFacts) -> Prose {
        let demand: Prose = "\(key) \(conditionOperator) \(list: wanted, limit: 3)"
        if isTime { return "\(demand), and the refused calls came from \(time: facts.group.firstSeen) on" }
        guard let had else {
            return "\(demand), and the records do not show what the refused calls had\(nearMiss?.shown ?? "")"
        }
        guard had.isEmpty else {
            return "\(demand), and the refused calls had \(list: had, limit: 3)\(nearMiss?.shown ?? "")"
        }
        if isEndpoint { return "\(demand), and the refused calls came through no VPC endpoint" }
        return isAddress
            ? "\(demand), and the refused calls came through a VPC endpoint, where that key is absent"
            : "\(demand), and the refused calls had none"
    }

    /// Whether the calls that succeeded before the denials met it, so that it tells the ones from the others.
    package func wasMet(_ facts: GroupFacts) -> Truth {
        let answers = Set(GroupRequests(facts).succeededContexts.map { written.matches(in: $0) })
        return answers.count == 1 ? answers.first ?? .undetermined : .undetermined
    }
}

extension [Statement] {
    /// Whether they speak of a service at all, be it by a prefix that IAM does not know.
    package func speak(of service: String) -> Bool {
        contains { statement in
            statement.actions.patterns.contains { pattern in
                guard let prefix = pattern.prefix else { return true }
                return prefix == service || prefix.contains("*")
                    || IAMPrefix.isMiswritten(prefix, of: service)
            }
        }
    }
}
