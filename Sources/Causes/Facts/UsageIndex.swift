package import TrailStore

/// How principals fared, by who called and by what was called. Groups that are read in parts share one.
public struct UsageIndex: Sendable {
    package let byPrincipal: [ByteText: PrincipalUsage]
    package let byAction: [String: ActionUsage]

    /// An index of rows in any order.
    package init(_ usage: [Usage]) {
        // Rows are large and many, so each short list is sorted rather than the whole.
        byPrincipal = Dictionary(grouping: usage) { ByteText($0.principal) }.mapValues {
            PrincipalUsage(Self.sorted($0))
        }
        byAction = Dictionary(grouping: usage, by: \.action).mapValues { ActionUsage(Self.sorted($0)) }
    }

    private static func sorted(_ usage: [Usage]) -> [Usage] {
        func isBefore(_ left: Usage, _ right: Usage) -> Bool {
            (left.principal, left.action, left.awsRegion, left.accountId, left.eventName)
                < (right.principal, right.action, right.awsRegion, right.accountId, right.eventName)
        }
        // The store's order agrees with this one mostly.
        return zip(usage, usage.dropFirst()).contains { isBefore($1, $0) } ? usage.sorted(by: isBefore) : usage
    }
}
