import TrailStore

/// What puts groups, and incidents, in the order of a report: all of it that is a number.
///
/// People, and services that somebody's change shut out, before other services, whose refusals are mostly no harm; what goes on before
/// what is over; the more often refused first, where calls that always fail count ten times those that fail by turns; the more recent
/// first.
package struct ReportRank: Sendable, Comparable {
    private let place: UInt64
    private let lastSeen: Int64

    private static let weightBits: UInt64 = 56

    /// A rank.
    ///
    /// - Parameters:
    ///   - isUnexplainedService: whether an AWS service was refused that nobody's change shut out.
    ///   - stage: how far it is over, 0 to 7: lower comes first.
    ///   - weight: higher comes first.
    ///   - isOngoing: whether nothing is known to have worked since; what goes on comes first.
    ///   - lastSeen: ISO 8601 UTC text; later comes first.
    package init(isUnexplainedService: Bool, stage: Int, weight: Int, isOngoing: Bool = true, lastSeen: String) {
        let heaviest: UInt64 = (1 << Self.weightBits) - 1
        let lightness = heaviest - min(UInt64(clamping: weight), heaviest)
        let first = (isUnexplainedService ? 8 : 0) + UInt64(clamping: stage)
        place = (first << Self.weightBits | lightness) << 1 | (isOngoing ? 0 : 1)
        self.lastSeen = Timestamp.seconds(lastSeen) ?? .min
    }

    package static func < (left: ReportRank, right: ReportRank) -> Bool {
        (left.place, right.lastSeen) < (right.place, left.lastSeen)
    }
}
