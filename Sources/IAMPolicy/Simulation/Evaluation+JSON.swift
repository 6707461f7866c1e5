package import OrderedJSON

extension Evaluation {
    /// The evaluation in the form that `trail403 simulate` prints.
    package var json: JSONValue {
        .members(
            ("schemaVersion", .integer(1)), ("decision", .string(decision.rawValue)),
            ("decidedBy", decidedBy?.json ?? .null),
            ("refusedBy", .array(refusedBy.map { .string($0.name) })),
            ("explanations", .array(statements.map(\.json))),
            ("missingKeys", .array(missingKeys.map(JSONValue.string))),
            ("missingPolicies", .array(missingPolicies.map { .string($0.rawValue) })),
            ("notes", .array(notes.map(JSONValue.string))))
    }
}

extension JSONValue {
    fileprivate static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }

    fileprivate static func statement(_ index: Int, _ sid: String?) -> JSONValue {
        .members(("index", .integer(index)), ("sid", .optional(sid)))
    }
}

extension DecidedBy {
    fileprivate var json: JSONValue {
        .members(
            ("policyType", .string(layer.name)), ("policy", .optional(policy)),
            ("statement", statement.map { .statement($0, sid) } ?? .null), ("level", .optional(level)))
    }
}

extension StatementTrace {
    fileprivate var json: JSONValue {
        .members(
            ("policyType", .string(type.rawValue)), ("policy", .string(policy)), ("level", .optional(level)),
            ("statement", .statement(index, sid)), ("effect", .string(effectText)),
            ("matches", .string(matches.word)), ("action", .string(action.word)),
            ("principal", .string(principal.word)),
            ("resource", .string(resource.word)), ("conditions", .array(conditions.map(\.json))))
    }
}

extension StatementTrace.Condition {
    fileprivate var json: JSONValue {
        .members(
            ("operator", .string(conditionOperator)), ("key", .string(key)),
            ("values", .array(values.map(JSONValue.string))),
            ("requestValues", requestValues.map { .array($0.map(JSONValue.string)) } ?? .null),
            ("state", .string(state)), ("matches", .string(matches.word)))
    }
}
