/// A decision with its reasons.
public struct Evaluation: Sendable {
    /// What IAM decides.
    public var decision: Decision
    /// The statement that decided, or the layer that lacks one; `nil` where nothing single did.
    public var decidedBy: DecidedBy?
    /// Where no single statement decides whatever an unknown key is, but several together do: all of them, `decidedBy` the first.
    public var decidedTogether: [DecidedBy] = []
    /// Every layer that refuses on its own, by name: who repairs one of them only is refused again.
    public var refusedBy: [DecidingLayer]
    /// What each statement of each layer that binds the caller says, in the order of layers, policies and statements.
    public var statements: [StatementTrace]
    /// The unknown context keys that decide, spelled as in the policies; empty unless the decision is undetermined.
    public var missingKeys: [String]
    /// The types of policy that were not supplied and that decide; empty unless the decision is undetermined.
    public var missingPolicies: [PolicyType]
    /// What else is to be said, one sentence each.
    public var notes: [String]
}

/// What one statement says of a request.
public struct StatementTrace: Sendable {
    /// What a line of a `Condition` block says.
    public struct Condition: Sendable {
        /// The operator, as written.
        public var conditionOperator: String
        /// The key, as written.
        public var key: String
        /// The policy's values.
        public var values: [String]
        /// The request's values; `nil` where the key is absent or unknown.
        public var requestValues: [String]?
        /// `present`, `absent` or `unknown`.
        public var state: String
        /// Whether the line is met.
        public var matches: Truth
    }

    /// As what the policy was evaluated; the policy of a role that is assumed is `role-trust`.
    public var type: PolicyType
    /// The policy's name.
    public var policy: String
    /// The level of the organization, for control policies.
    public var level: String?
    /// The statement's place in its policy, counted from 0.
    public var index: Int
    /// The statement's name; `nil` where it has none.
    public var sid: String?
    /// What it does where it matches; `nil` where an invalid statement does not say it.
    public var effect: Statement.Effect?
    /// The effect as it was written, `Allow` and `Deny` or not; empty where there is none.
    public var effectText: String
    /// Whether AWS would accept the statement; one that it would refuse matches nothing.
    public var isValid: Bool
    /// The entries of `Resource` or `NotResource`, as written.
    public var resources: [String]
    /// Whether every resource but those is meant.
    public var isNotResource: Bool
    /// Whether the action is covered.
    public var action: Truth
    /// Whether the principal is covered.
    public var principal: Truth
    /// Whether the resource is covered.
    public var resource: Truth
    /// What each line of the `Condition` says.
    public var conditions: [Condition]
    /// Whether the statement matches.
    public var matches: Truth
    /// Where the statement was written.
    package var source: Policy.Source?

    /// The statement as it was written and its line; `nil` where the text is not known. Looked up in the text at each question.
    package var quote: (text: String, line: Int)? { source?.quote(statement: index) }

    /// How many of action, principal, resource and conditions are not met: 1 is a near miss.
    package var misses: Int {
        [action, principal, resource].count { $0 == .no } + conditions.count { $0.matches == .no }
    }
}
