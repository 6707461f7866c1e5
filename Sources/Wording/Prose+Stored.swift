import OrderedJSON

/// How a sentence is stored: as JSON, a list of runs, each an object of one member.
extension Prose {
    /// The sentence as JSON: `[{"words":"No policy allows "},{"value":"s3:GetObject"}]`.
    package var stored: String {
        let runs = runs.map { run in
            switch run {
            case .words(let text): JSONValue.members(("words", .string(text)))
            case .value(let text): JSONValue.members(("value", .string(text)))
            case .code(let text): JSONValue.members(("code", .string(text)))
            case .time(let text): JSONValue.members(("time", .string(text)))
            }
        }
        return JSONValue.array(runs).compactText
    }

    /// A sentence from what was stored; `nil` for any other text.
    package init?(stored: String) {
        guard
            case .success(.array(let values)) = Result(catching: { () throws(JSONError) in
                try JSONValue(parsing: stored)
            })
        else { return nil }
        var runs: [Run] = []
        for value in values {
            guard case .object(let members) = value, members.count == 1, let text = members[0].value.stringValue else {
                return nil
            }
            switch members[0].key {
            case "words": runs.append(.words(text))
            case "value": runs.append(.value(text))
            case "code": runs.append(.code(text))
            case "time": runs.append(.time(text))
            default: return nil
            }
        }
        self.init(runs)
    }
}
