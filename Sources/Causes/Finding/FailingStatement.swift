public import IAMPolicy
package import Wording

/// The statement that refuses, or that nearly allows, with what its conditions wanted and what the request had.
public struct FailingStatement: Sendable, Hashable {
    /// One line of the statement's `Condition`.
    public struct Condition: Sendable, Hashable {
        /// `StringEquals`, as written.
        public var conditionOperator: String
        /// `aws:SourceIp`, as written.
        public var key: String
        /// The policy's values.
        public var wanted: [String]
        /// The request's values, empty where the key is absent; `nil` where they are not known.
        public var had: [String]?
        /// Whether the line is met.
        public var matches: Truth

        /// One line.
        public init(
            conditionOperator: String, key: String, wanted: [String], had: [String]? = nil,
            matches: Truth = .undetermined
        ) {
            self.conditionOperator = conditionOperator
            self.key = key
            self.wanted = wanted
            self.had = had
            self.matches = matches
        }
    }

    /// Where it stands.
    public var name: Cause.StatementName
    /// Allow or Deny.
    public var effect: Statement.Effect
    /// The statement as JSON text.
    public var text: String
    /// The entries of `Principal` where they are why the statement does not match; else empty.
    public var principals: [String] = []
    /// The entries of `Resource` or `NotResource` where they are why the statement does not match; else empty.
    public var resources: [String] = []
    /// The entries of a Deny's `NotResource`, none of which covers what was called; else empty.
    public var spares: [String] = []
    /// In the statement's order.
    public var conditions: [Condition]
}

extension Prose {
    /// A statement in a sentence: `statement SID`, or by its place, counted from 0, `statement 1`.
    package static func statement(_ sid: String?, at index: Int) -> Prose {
        sid.map { "statement \($0)" } ?? "statement \(index + 1)"
    }
}
