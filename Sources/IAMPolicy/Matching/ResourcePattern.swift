/// One entry of `Resource` or `NotResource`.
///
/// `*` alone covers every resource. Else the first five parts of the ARN are matched one by one and the sixth takes the rest;
/// case counts; the service may not be a wildcard. Source: "IAM JSON policy elements: Resource" in the IAM user guide.
public struct ResourcePattern: Sendable, Hashable, CustomStringConvertible {
    /// The pattern as the policy has it.
    public var text: String

    /// A pattern as written in a policy.
    public init(_ text: String) { self.text = text }

    /// Whether a resource is covered. A resource that is no ARN is covered only by `*` or by the same text.
    public func matches(_ resource: String) -> Bool {
        if text == "*" || text == resource { return true }
        let wanted = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        let given = resource.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard wanted.count == 6, given.count == 6, wanted[2] == given[2] else { return false }
        return zip(wanted, given).allSatisfy { Glob.matches($0, $1) }
    }

    /// Whether the entry holds a policy variable, whose value a log does not tell.
    public var holdsVariable: Bool { text.contains("${") }

    /// The pattern as the policy has it.
    public var description: String { text }
}
