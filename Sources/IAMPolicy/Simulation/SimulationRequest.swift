public import OrderedJSON

/// A request with its policies, as `trail403 simulate --request` reads it.
public struct SimulationRequest: Sendable {
    /// What was read, but ignored or doubtful, one line each with its place: unknown members, invalid statements, doubled keys.
    public let issues: [String]

    /// Reads a request. Throws where it is none, with the place of the fault.
    public init(_ json: JSONValue) throws(SimulationRequestError) {
        guard case .object = json else {
            throw SimulationRequestError(.malformed, at: "", "a request is a JSON object")
        }
        issues = []
    }

    /// The decision as JSON: `schemaVersion`, `decision`, `decidedBy`, `refusedBy`, `explanations`, `missingKeys`,
    /// `missingPolicies`, `notes`.
    public func result() -> JSONValue {
        .members(("schemaVersion", .integer(1)), ("decision", .string("undetermined")))
    }
}
