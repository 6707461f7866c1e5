/// Which denials a report is about.
public struct ReportFilter: Sendable {
    /// Seconds since 1970, both inclusive; `nil` leaves that end open.
    public var from: Int64?
    /// The end of the span; `nil` where it is open or there is no event.
    public var to: Int64?
    /// Whether a denial of this eventSource and IAM action belongs to the services asked for.
    public var includesService: @Sendable (_ eventSource: String, _ action: String) -> Bool = { _, _ in true }
    /// Empty sets and lists let everything through.
    public var accounts: Set<String> = []
    /// The Regions of the events.
    public var regions: Set<String> = []
    /// Patterns of principals.
    public var principals: [NamePattern] = []
    /// Patterns of IAM actions.
    public var actions: [NamePattern] = []
    /// Reasons' slugs.
    public var reasons: [NamePattern] = []
    /// Ids of groups.
    public var groupIDs: Set<String> = []
    /// Whether denials of AWS services (`userIdentity.type` AWSService) are groups of the report or only counted, where AWS names no
    /// policy that refused them. Where it names one they are groups.
    public var includesAWSServices = false
    /// Whether the sessions behind every group are read; otherwise only where the reason asks for them.
    public var readsSessions = false

    /// What an earlier report has told: the groups then count their denials beyond it, and those without any are left out.
    public var told: ReportMark?
    /// Whether groups without a denial beyond ``told`` are kept all the same.
    public var keepsKnownGroups = false

    /// A filter that lets every denial through but those of AWS services.
    public init() {}
}

/// What a user typed to choose a principal, an action or a reason.
public struct NamePattern: Sendable, Hashable {
    private let pattern: [UInt8]

    /// A pattern in which `*` stands for any run of characters; letter case does not matter.
    public init(_ text: String) { pattern = Array(text.lowercased().utf8) }

    /// Whether the pattern is the whole of `name`, or the last part of it after a `/` or `:`.
    public func matches(_ name: String) -> Bool {
        let bytes = Array(name.lowercased().utf8)
        if Self.match(pattern[...], bytes[...]) { return true }
        for index in bytes.indices where bytes[index] == UInt8(ascii: "/") || bytes[index] == UInt8(ascii: ":") {
            if Self.match(pattern[...], bytes[(index + 1)...]) { return true }
        }
        return false
    }

    /// Greedy match with one point to fall back to: linear in practice, quadratic at worst, never exponential.
    private static func match(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
        var p = pattern.startIndex, n = name.startIndex
        var fallback: (p: Int, n: Int)?
        while n < name.endIndex {
            if p < pattern.endIndex, pattern[p] == UInt8(ascii: "*") {
                fallback = (p, n)
                p += 1
            } else if p < pattern.endIndex, pattern[p] == name[n] {
                p += 1
                n += 1
            } else if let last = fallback {
                fallback = (last.p, last.n + 1)
                p = last.p + 1
                n = last.n + 1
            } else {
                return false
            }
        }
        while p < pattern.endIndex, pattern[p] == UInt8(ascii: "*") { p += 1 }
        return p == pattern.endIndex
    }
}
