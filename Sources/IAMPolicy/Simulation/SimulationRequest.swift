public import OrderedJSON

/// A request with its policies, as `trail403 simulate --request` reads it.
public struct SimulationRequest: Sendable {
    /// What was read, but ignored or doubtful, one line each with its place: unknown members, invalid statements, doubled keys.
    public let issues: [String]
    /// What is asked.
    public let request: AuthorizationRequest
    /// The policies that were given.
    public let policies: PolicySet

    /// What is to be said beside the decision of where the request comes from, one sentence each.
    public var notes: [String] = []

    /// The largest request that is read, in bytes of JSON.
    public static let sizeLimit = 32 << 20

    /// Reads a request. Throws where it is none, with the place of the fault.
    ///
    /// `text` is the text that the value was read from: with it, statements can be quoted as they were written.
    public init(_ json: JSONValue, text: JSONText? = nil) throws(SimulationRequestError) {
        guard case .object = json else {
            throw SimulationRequestError(.malformed, at: "", "a request is a JSON object")
        }
        var reader = SimulationReader(json, text: text)
        request = try reader.request()
        policies = try reader.policySet()
        issues = reader.issues
    }

    /// Reads a request from its JSON text, with a byte order mark or without. Throws ``JSONError`` or ``SimulationRequestError``.
    public init(parsing text: String) throws {
        let (json, text) = try Self.json(parsing: text)
        try self.init(json, text: text)
    }

    /// A request's JSON, and its text without a byte order mark. Throws ``JSONError``.
    package static func json(parsing text: String) throws -> (JSONValue, JSONText) {
        var text = text
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        return (try JSONValue(parsing: text, sizeLimit: sizeLimit), JSONText(text))
    }

    /// A request with policies that were put together elsewhere.
    package init(_ request: AuthorizationRequest, _ policies: PolicySet, issues: [String]) {
        self.request = request.withServiceContext
        self.policies = policies
        self.issues = issues
    }

    /// The decision with its reasons.
    public func evaluation() -> Evaluation {
        var evaluation = Evaluator(policies).evaluation(of: request)
        evaluation.notes += notes
        return evaluation
    }

    /// The decision as JSON: `schemaVersion`, `decision`, `decidedBy`, `refusedBy`, `explanations`, `missingKeys`,
    /// `missingPolicies`, `notes`.
    public func result() -> JSONValue { evaluation().json }
}
