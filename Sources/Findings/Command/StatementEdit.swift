import IAMPolicy
public import OrderedJSON
import RecordedChanges

/// A statement of a policy as it is, and as it reads with an exception for what was refused.
public struct StatementEdit: Sendable, Hashable {
    /// The policy's name, ARN or id.
    public var policy: String
    /// The statement's Sid; `nil` where it has none.
    public var sid: String?
    /// The statement as it is.
    public var before: JSONValue
    /// The statement with the exception.
    public var after: JSONValue

    /// An edit.
    public init(policy: String, sid: String?, before: JSONValue, after: JSONValue) {
        self.policy = policy
        self.sid = sid
        self.before = before
        self.after = after
    }

    /// The two statements with a line above each, as JSON text that is safe to show.
    public var parts: [(title: String, lines: [String])] {
        let isAllow = before["Effect"]?.stringValue == "Allow"
        return [("The statement as it is:", before), (isAllow ? "With the change:" : "With the exception:", after)].map
        { title, statement in
            (title, statement.prettyText().split(separator: "\n").map(String.init))
        }
    }
}
