/// Why a JSON value is not a request that can be simulated.
public struct SimulationRequestError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, as a stable code.
    public enum Code: String, Sendable, CaseIterable {
        /// A member that must be there is not.
        case missing
        /// A member has another type or form than the contract says.
        case malformed
        /// A policy document cannot be read.
        case badPolicy = "bad-policy"
        /// The same context key is given twice in other case.
        case repeatedKey = "repeated-key"
    }

    /// What is wrong.
    public var code: Code
    /// The place, such as `identityPolicies[0].document`; empty for the request itself.
    public var path: String
    /// One line, lower case.
    public var message: String

    /// An error with its code, its place and one line.
    public init(_ code: Code, at path: String, _ message: String) {
        self.code = code
        self.path = path
        self.message = message
    }

    /// Errors are equal by code and place; the wording may change.
    public static func == (left: SimulationRequestError, right: SimulationRequestError) -> Bool {
        left.code == right.code && left.path == right.path
    }

    /// Equal errors hash alike.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(path)
    }

    /// The place and the message.
    public var description: String { path.isEmpty ? message : "`\(path)`: \(message)" }
}
