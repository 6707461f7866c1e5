import IAMPolicy
import OrderedJSON

/// Policy documents that were read before: pipelines write the same text again and again.
struct DocumentCache {
    private var known: [String: PolicyDocument?] = [:]

    /// The policy that a value is or holds as text; `nil` where it is none.
    mutating func document(_ value: JSONValue) -> PolicyDocument? {
        guard case .string(let text) = value else { return Self.read(value) }
        if let document = known[text] { return document }
        let document = Self.read(value)
        known[text] = .some(document)
        return document
    }

    private static func read(_ value: JSONValue) -> PolicyDocument? {
        switch Result(catching: { () throws(PolicyError) in try PolicyDocument(value) }) {
        case .success(let document): document
        case .failure: nil
        }
    }
}
