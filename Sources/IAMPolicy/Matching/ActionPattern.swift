/// One entry of `Action` or `NotAction`, such as `mobiletargeting:Get*`.
///
/// Prefix and name match without regard to case; `*` and `?` may stand anywhere.
/// Source: "IAM JSON policy elements: Action" in the IAM user guide.
public struct ActionPattern: Sendable, Hashable, CustomStringConvertible {
    /// The pattern as the policy has it.
    public var text: String

    /// A pattern as written in a policy.
    public init(_ text: String) { self.text = text }

    /// Whether an action such as `mobiletargeting:SendMessages` is covered.
    public func matches(_ action: String) -> Bool {
        Glob.matches(text[...], action[...], ignoringCase: true)
    }

    /// The service prefix in lower case, which may hold wildcards; `nil` for a bare `*`.
    public var prefix: String? {
        text.firstIndex(of: ":").map { text[..<$0].lowercased() }
    }

    /// What follows the prefix: the operation's name or pattern.
    public var name: Substring {
        text.firstIndex(of: ":").map { text[text.index(after: $0)...] } ?? text[...]
    }

    /// The pattern as the policy has it.
    public var description: String { text }
}
