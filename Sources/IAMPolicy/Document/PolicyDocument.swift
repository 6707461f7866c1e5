public import OrderedJSON

/// One policy of the IAM policy language, of any policy type.
///
/// Scalars that stand where a list may stand are read as lists of one. Conditions are kept
/// as written. Source: "IAM JSON policy elements reference" in the IAM user guide.
public struct PolicyDocument: Sendable, Hashable {
    /// `2012-10-17`, the only version in which `${…}` is a variable; `nil` where the document names none.
    public var version: String?
    /// The policy's own `Id`; `nil` where it has none.
    public var id: String?
    /// The statements, in their order.
    public var statements: [Statement]

    /// A document of version 2012-10-17 with the given statements.
    public init(_ statements: [Statement], id: String? = nil) {
        version = "2012-10-17"
        self.id = id
        self.statements = statements
    }

    /// Reads a policy from its JSON text, which may be percent-encoded as the IAM API returns it, or stand in what the AWS CLI prints.
    ///
    /// Throws ``PolicyError`` when the text is not JSON, is no object, has no `Statement`, or has a statement without a valid
    /// `Effect`, action or shape. A policy is read whole or not at all: half a policy would explain wrongly.
    public init(json text: String) throws(PolicyError) {
        try self.init(JSONValue.string(text))
    }

    /// Reads a policy from a JSON value: an object, or a string that holds one.
    public init(_ value: JSONValue) throws(PolicyError) {
        let reading = try PolicyReading(PolicyText(value).value)
        for issue in reading.issues where issue.invalidatesStatement {
            throw PolicyError(.badStatement, statement: issue.statement, issue.message)
        }
        version = reading.version
        id = reading.id
        statements = reading.entries.compactMap(\.statement)
    }

    /// Whether `${…}` in this document is a variable rather than literal text.
    public var hasVariables: Bool { version == "2012-10-17" }

    /// The document as a JSON value with its keys in the order in which AWS writes them.
    public var json: JSONValue {
        var members: [JSONValue.Member] = []
        if let version { members.append(.init("Version", .string(version))) }
        if let id { members.append(.init("Id", .string(id))) }
        members.append(.init("Statement", .array(statements.map(\.json))))
        return .object(members)
    }

    /// The document as JSON text, two blanks of indentation.
    public var text: String { json.prettyText() }
}

extension PolicyIssue {
    /// The statement at fault, counted from 1.
    fileprivate var statement: Int? {
        for step in path.steps {
            if case .index(let index) = step { return index + 1 }
        }
        return nil
    }
}
