/// Why a text is not a policy that this module can read.
public struct PolicyError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, as a stable code.
    public enum Code: String, Sendable, CaseIterable {
        case notJSON = "not-json"
        case notAnObject = "not-an-object"
        case noStatement = "no-statement"
        case badStatement = "bad-statement"
        case tooLarge = "too-large"
    }

    /// What is wrong.
    public var code: Code
    /// The statement at fault, counted from 1; `nil` where the fault is the document's.
    public var statement: Int?
    /// One line, lower case, without the policy's content.
    public var message: String

    /// An error with its code, the statement's number and one line.
    public init(_ code: Code, statement: Int? = nil, _ message: String) {
        self.code = code
        self.statement = statement
        self.message = message
    }

    /// Errors are equal by code and statement; the wording may change.
    public static func == (left: PolicyError, right: PolicyError) -> Bool {
        left.code == right.code && left.statement == right.statement
    }

    /// Equal errors hash alike.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(statement)
    }

    /// The statement's number, where there is one, and the message.
    public var description: String { statement.map { "statement \($0): \(message)" } ?? message }
}
