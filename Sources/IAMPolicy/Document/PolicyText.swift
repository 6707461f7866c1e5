import Foundation
package import OrderedJSON

/// The forms in which a policy comes: an object, JSON text, percent-encoded JSON text, or what the AWS CLI prints around it.
package struct PolicyText: Sendable {
    /// The policy object.
    package let value: JSONValue
    /// The name that stands beside the policy in what the AWS CLI prints; `nil` where there is none.
    package let name: String?
    /// The text in which the policy stands as it was written, where it came as text.
    package let text: JSONText?
    /// The way to the policy in `text`, or in the value that was given.
    package let path: JSONPath

    /// How many wrappers are opened.
    private static let wrapperLimit = 6

    /// Opens whatever stands around a policy. Throws ``PolicyError`` where there is text that is no JSON.
    package init(_ given: JSONValue) throws(PolicyError) {
        var value = given
        var name: String?
        var text: JSONText?
        var path = JSONPath()
        for _ in 0..<Self.wrapperLimit {
            if case .string(let encoded) = value {
                let decoded = Self.decoded(encoded)
                do {
                    value = try JSONValue(parsing: decoded, sizeLimit: PolicyReading.sizeLimit)
                } catch {
                    throw PolicyError(.notJSON, error.description)
                }
                text = JSONText(decoded)
                path = JSONPath()
            } else if value.lastMember("Statement") == nil, let key = Self.wrapper(of: value),
                let inner = value.lastMember(key)
            {
                let summary = value.lastMember("PolicySummary")?.lastMember("Name")
                name = (value.lastMember("PolicyName") ?? summary)?.stringValue ?? name
                path = path.key(key)
                value = inner
                // A list of endpoints is taken where it holds one.
                if case .array(let list) = inner, list.count == 1 {
                    path = path.index(0)
                    value = list[0]
                }
            } else {
                break
            }
        }
        self.value = value
        self.name = name
        self.text = text
        self.path = path
    }

    /// Reads a policy from the text of a file.
    package init(text: String) throws(PolicyError) {
        try self.init(.string(text))
    }

    private static func wrapper(of value: JSONValue) -> String? {
        wrappers.first { value.lastMember($0) ?? .null != .null }
    }

    /// Members under which the AWS CLI prints a policy, the outer ones first.
    private static let wrappers = [
        "VpcEndpoints", "Attributes", "Role", "Policy", "PolicyVersion", "Document", "PolicyDocument",
        "AssumeRolePolicyDocument", "Content", "ResourcePolicy", "policyText", "policy", "PolicyText",
    ]

    /// The text without a byte order mark, and decoded where it is percent-encoded (`+` is no blank).
    private static func decoded(_ text: String) -> String {
        var text = text
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        let start = text.drop(while: \.isWhitespace)
        guard start.hasPrefix("%7B") || start.hasPrefix("%7b") || start.hasPrefix("%22") else { return text }
        return text.removingPercentEncoding ?? text
    }
}
