import OrderedJSON

/// One statement of a policy.
public struct Statement: Sendable, Hashable {
    /// Whether the statement allows or denies what it matches.
    public enum Effect: String, Sendable, CaseIterable {
        case allow = "Allow"
        case deny = "Deny"
    }

    /// A list of patterns, or everything but the list.
    public enum Selection<Pattern: Sendable & Hashable>: Sendable, Hashable {
        case matching([Pattern])
        case exceptMatching([Pattern])

        /// The patterns, whichever way round they are meant.
        public var patterns: [Pattern] {
            switch self {
            case .matching(let patterns), .exceptMatching(let patterns): patterns
            }
        }
    }

    /// One line of a `Condition` block, kept as written.
    public struct Condition: Sendable, Hashable {
        /// `StringEquals`, `ForAllValues:StringLike`, …, as written.
        public var conditionOperator: String
        /// The condition key, such as `aws:SourceIp`, as written.
        public var key: String
        /// The values, numbers and Booleans as text.
        public var values: [String]

        /// A condition such as `StringEquals`, `iam:PassedToService`, `[…]`.
        public init(_ conditionOperator: String, _ key: String, _ values: [String]) {
            self.conditionOperator = conditionOperator
            self.key = key
            self.values = values
        }
    }

    /// The statement's name; `nil` where it has none.
    public var sid: String?
    /// Allow or Deny.
    public var effect: Effect
    /// `Action` or `NotAction`.
    public var actions: Selection<ActionPattern>
    /// `nil` where the document has no `Resource`, as in a trust policy.
    public var resources: Selection<ResourcePattern>?
    /// `nil` where the document has no `Principal`, as in an identity-based policy.
    public var principals: Selection<PrincipalPattern>?
    /// The lines of `Condition`, which must all be met.
    public var conditions: [Condition]

    /// A statement. `resources` and `principals` are left out where the policy type has none.
    public init(
        sid: String? = nil, _ effect: Effect, actions: Selection<ActionPattern>,
        resources: Selection<ResourcePattern>? = nil, principals: Selection<PrincipalPattern>? = nil,
        conditions: [Condition] = []
    ) {
        self.sid = sid
        self.effect = effect
        self.actions = actions
        self.resources = resources
        self.principals = principals
        self.conditions = conditions
    }

    /// Whether the statement's `Action` or `NotAction` covers an action such as `mobiletargeting:SendMessages`.
    public func matchesAction(_ action: String) -> Bool {
        var isListed = false
        // Taken apart only for a pattern that may be about it.
        let mark = ActionName.serviceMark(of: action)
        for pattern in actions.patterns where pattern.compiled.mayName(mark) && pattern.matches(action) {
            isListed = true
            break
        }
        return isListed != actions.isException
    }

    /// Whether the statement's `Resource` or `NotResource` covers a resource; a statement without either covers all.
    public func matchesResource(_ resource: String) -> Bool {
        switch resources {
        case .matching(let patterns): patterns.contains { $0.matches(resource) }
        case .exceptMatching(let patterns): !patterns.contains { $0.matches(resource) }
        case nil: true
        }
    }
}

// MARK: - JSON

extension Statement {
    /// The statement as a JSON value: `Sid`, `Effect`, `Principal`, `Action`, `Resource`, `Condition`.
    var json: JSONValue {
        var members: [JSONValue.Member] = []
        if let sid { members.append(.init("Sid", .string(sid))) }
        members.append(.init("Effect", .string(effect.rawValue)))
        switch principals {
        case .matching(let list): members.append(.init("Principal", PrincipalPattern.json(list)))
        case .exceptMatching(let list): members.append(.init("NotPrincipal", PrincipalPattern.json(list)))
        case nil: break
        }
        switch actions {
        case .matching(let list): members.append(.init("Action", Self.scalarOrList(list.map(\.text))))
        case .exceptMatching(let list): members.append(.init("NotAction", Self.scalarOrList(list.map(\.text))))
        }
        switch resources {
        case .matching(let list): members.append(.init("Resource", Self.scalarOrList(list.map(\.text))))
        case .exceptMatching(let list): members.append(.init("NotResource", Self.scalarOrList(list.map(\.text))))
        case nil: break
        }
        if !conditions.isEmpty {
            var operators: [JSONValue.Member] = []
            for condition in conditions {
                let line = JSONValue.Member(condition.key, Self.scalarOrList(condition.values))
                if let index = operators.firstIndex(where: { $0.key == condition.conditionOperator }),
                    case .object(let lines) = operators[index].value
                {
                    operators[index].value = .object(lines + [line])
                } else {
                    operators.append(.init(condition.conditionOperator, .object([line])))
                }
            }
            members.append(.init("Condition", .object(operators)))
        }
        return .object(members)
    }

    static func scalarOrList(_ texts: [String]) -> JSONValue {
        texts.count == 1 ? .string(texts[0]) : .array(texts.map(JSONValue.string))
    }
}
