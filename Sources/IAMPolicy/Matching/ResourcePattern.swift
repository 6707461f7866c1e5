/// One entry of `Resource` or `NotResource`.
///
/// `*` alone covers every resource. Else it is a pattern over the ARN, in which case counts: in the first five parts `*` and `?`
/// stay inside of their part, but for a `*` that ends it; the sixth part takes the rest, `/` and `:` included.
/// Source: "IAM JSON policy elements: Resource" in the IAM user guide.
public struct ResourcePattern: Sendable, Hashable, CustomStringConvertible {
    /// The pattern as the policy has it.
    public var text: String

    /// A pattern as written in a policy.
    public init(_ text: String) { self.text = text }

    /// Whether a resource is covered; a variable is read as the text that it is.
    ///
    /// A resource that is no ARN is covered only by `*` or by the same text.
    public func matches(_ resource: String) -> Bool {
        if text == resource { return true }
        let compiled = CompiledResource(self, in: .identityBased, hasVariables: false)
        return compiled.matches(Array(resource.utf8), in: .empty) == .yes
    }

    /// Whether the entry holds a policy variable, whose value a log does not tell.
    public var holdsVariable: Bool { text.contains("${") }

    /// The pattern with what its variables are in a request; `nil` where one of them is not known, or a character is to stand for itself.
    package func resolved(in context: RequestContext) -> String? {
        PolicyVariable.pieces(of: text)?.reduce(into: Optional("")) { whole, piece in
            switch piece {
            case .written(let text): whole?.append(text)
            case .literal: whole = nil
            case .variable(let variable):
                if case .text(let bytes) = variable.value(in: context) {
                    whole?.append(String(decoding: bytes, as: UTF8.self))
                } else {
                    whole = nil
                }
            }
        }
    }

    /// The pattern as the policy has it.
    public var description: String { text }
}

/// An entry of `Resource`, prepared for the type of policy that it stands in.
struct CompiledResource: Sendable {
    /// The entry as written.
    let text: String
    /// `nil` where the entry can match nothing.
    private let pattern: TextPattern?

    init(_ pattern: ResourcePattern, in type: PolicyType, hasVariables: Bool) {
        text = pattern.text
        self.pattern = Self.completed(pattern.text, in: type).map {
            TextPattern($0, wildcards: .arn, hasVariables: hasVariables)
        }
    }

    func matches(_ resource: [UInt8], in context: @autoclosure () -> RequestContext) -> Truth {
        pattern?.matches(resource, in: context()) ?? .no
    }

    /// The variables in the entry.
    var variables: [PolicyVariable] { pattern?.variables ?? [] }

    /// The pattern with the parts that a short ARN leaves out; `nil` for what no resource can match.
    ///
    /// In identity-based policies and boundaries missing parts count as `*` (IAM's grammar). Elsewhere only a wildcard saves a short
    /// ARN: anywhere in policies of resources and endpoints, at the end in service control policies.
    private static func completed(_ text: String, in type: PolicyType) -> String? {
        if !text.isEmpty, text.utf8.allSatisfy({ $0 == UInt8(ascii: "*") }) { return "*" }
        guard text.hasPrefix("arn:") else { return nil }
        let missing = 5 - text.colonsOutsideOfVariables
        guard missing > 0 else { return text }
        let full = text + String(repeating: ":*", count: missing)
        switch type {
        case .identityBased, .permissionsBoundary: return full
        case .serviceControl: return text.hasSuffix("*") ? full : nil
        case .resourceBased, .vpcEndpoint, .roleTrust: return text.contains("*") || text.contains("?") ? full : nil
        case .session, .resourceControl: return nil
        }
    }

    /// Whether the entry is an ARN with fewer than six parts.
    var isShortARN: Bool { text.hasPrefix("arn:") && text.colonsOutsideOfVariables < 5 }
}

extension String {
    /// How many colons the text has, those in `${…}` not counted.
    fileprivate var colonsOutsideOfVariables: Int {
        var count = 0
        var isInside = false
        var before: UInt8 = 0
        for byte in utf8 {
            if byte == UInt8(ascii: "{"), before == UInt8(ascii: "$") { isInside = true }
            if byte == UInt8(ascii: "}") { isInside = false }
            if byte == UInt8(ascii: ":"), !isInside { count += 1 }
            before = byte
        }
        return count
    }
}
