import Foundation
public import OrderedJSON

/// One policy of the IAM policy language, of any policy type.
///
/// Scalars that stand where a list may stand are read as lists of one. Elements that this version does not evaluate
/// (`Condition`) are kept. Source: "IAM JSON policy elements reference" in the IAM user guide.
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

    /// Reads a policy from its JSON text, which may be percent-encoded as the IAM API returns it.
    ///
    /// Throws ``PolicyError`` when the text is not JSON, is no object, has no `Statement`, or has a statement without a valid
    /// `Effect`, action or shape. A policy is read whole or not at all: half a policy would explain wrongly.
    public init(json text: String) throws(PolicyError) {
        try self.init(JSONValue.string(text))
    }

    /// Reads a policy from a JSON value: an object, or a string that holds one.
    public init(_ value: JSONValue) throws(PolicyError) {
        var value = value
        if case .string(let text) = value {
            let isEncoded = text.hasPrefix("%7B") || text.hasPrefix("%7b")
            do {
                value = try JSONValue(parsing: isEncoded ? text.removingPercentEncoding ?? text : text)
            } catch {
                throw PolicyError(.notJSON, error.description)
            }
        }
        guard case .object = value else { throw PolicyError(.notAnObject, "a policy is a JSON object") }
        guard let list = value["Statement"], list != .null else {
            throw PolicyError(.noStatement, "the policy has no `Statement`")
        }
        var statements: [Statement] = []
        for (index, element) in list.elements.enumerated() {
            statements.append(try Statement(element, number: index + 1))
        }
        self.statements = statements
        version = value["Version"]?.stringValue
        id = value["Id"]?.stringValue
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
