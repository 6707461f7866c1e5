public import OrderedJSON

/// Something in a policy that AWS would refuse, or that means less than it seems to.
public struct PolicyIssue: Sendable, Hashable, CustomStringConvertible {
    /// The place in the policy, such as `Statement[1].Condition`.
    public var path: JSONPath
    /// One line, lower case, without the policy's values.
    public var message: String
    /// Whether the statement is left out because of it: it matches nothing.
    public var invalidatesStatement: Bool

    /// An issue at a place.
    public init(_ message: String, at path: JSONPath, invalidatesStatement: Bool = false) {
        self.path = path
        self.message = message
        self.invalidatesStatement = invalidatesStatement
    }

    /// The place and the message.
    public var description: String { "`\(path)`: \(message)" }
}
