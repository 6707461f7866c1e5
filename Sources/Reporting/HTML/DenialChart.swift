import AccessDenial
import Diagnosis
import Remedies
import TrailStore
import Wording

/// Denials over time by reason, as stacked bars: numbers for an SVG, and the same as a table.
struct DenialChart {
    struct Series {
        /// The reason's slug, or `other reasons`.
        var name: String
        var title: String
        var denials: Int
    }

    struct Bar {
        var series: Int
        var x: Double
        var y: Double
        var width: Double
        var height: Double
        /// What a pointer shows: the span, the reason, the number.
        var label: String
    }

    struct Row {
        /// `2026-11-09`, `2026-11-09 to 2026-11-15`, or the moment at which a part of a day begins: `2026-11-09 10:00 UTC`.
        var span: String
        /// One number a series.
        var counts: [Int]
    }

    /// The width of a chart with many bars; one with few is narrower.
    static let fullWidth = 880.0
    static let height = 200.0
    private static let barLimit: Int64 = 92
    private static let seriesLimit = 6

    var series: [Series]
    var bars: [Bar]
    var rows: [Row]
    /// Up to the end of the last bar, at least so far that two labels fit under the axis.
    var width: Double
    /// How much time a bar stands for: days, or less where all denials lie within a few.
    var barLength: ColumnLength
    /// The largest number on the axis.
    var maximum: Int

    /// A chart of the groups' days or minutes; `nil` where no group has any.
    init?(_ groups: [DiagnosedGroup], times: TimeDisplay = .utc) {
        var totals: [Reason: Int] = [:]
        let points = Self.points(groups)
        for point in points { totals[point.reason, default: 0] += point.denials }
        guard let first = points.map(\.time).min(), let last = points.map(\.time).max() else { return nil }
        let ranked = totals.sorted { ($1.value, $0.key.slug) < ($0.value, $1.key.slug) }
        let shown = ranked.count > Self.seriesLimit ? Array(ranked.prefix(Self.seriesLimit - 1)) : ranked
        let rest = ranked.dropFirst(shown.count).reduce(0) { $0 + $1.value }
        series = shown.map { Series(name: $0.key.slug, title: $0.key.title, denials: $0.value) }
        if rest > 0 { series.append(Series(name: "other reasons", title: "every other reason", denials: rest)) }
        let index = Dictionary(
            shown.enumerated().map { ($0.element.key, $0.offset) }, uniquingKeysWith: { one, _ in one })

        let day = ColumnLength.day.seconds
        let length: ColumnLength
        let start: Int64
        if Self.isShort(groups), let shortest = ColumnLength.shortest(from: first, to: last, limit: Self.barLimit) {
            length = shortest
            start = first / length.seconds * length.seconds
        } else {
            length = .days(((last - first) / day + Self.barLimit) / Self.barLimit)
            start = first
        }
        barLength = length
        let barCount = Int((last - start) / length.seconds + 1)
        var counts = Array(repeating: Array(repeating: 0, count: series.count), count: barCount)
        for point in points {
            counts[Int((point.time - start) / length.seconds)][index[point.reason] ?? series.count - 1] += point.denials
        }
        rows = counts.enumerated().map { offset, counts in
            let begin = start + Int64(offset) * length.seconds
            guard length.seconds >= day else { return Row(span: Self.minute(begin, times), counts: counts) }
            let end = min(begin + length.seconds - day, last)
            return Row(span: begin == end ? Self.day(begin) : "\(Self.day(begin)) to \(Self.day(end))", counts: counts)
        }
        maximum = max(1, rows.map { $0.counts.reduce(0, +) }.max() ?? 1)

        var bars: [Bar] = []
        let step = min(Self.fullWidth / Double(barCount), 64)
        width = min(max(step * Double(barCount), 300), Self.fullWidth)
        for (offset, row) in rows.enumerated() {
            var base = Self.height
            for (number, denials) in row.counts.enumerated() where denials > 0 {
                // A bar of one denial stays visible beside one of thousands.
                let height = max(2, Self.height * Double(denials) / Double(maximum))
                base -= height
                bars.append(
                    Bar(
                        series: number, x: Double(offset) * step + step * 0.08, y: max(base, 0),
                        width: step * 0.84, height: height,
                        label: "\(row.span): \(series[number].name), \(denials.grouped) refused"))
            }
        }
        self.bars = bars
    }

    /// Denials at a moment: the start of a minute or a day, seconds since 1970.
    private struct Point {
        var time: Int64
        var reason: Reason
        var denials: Int
    }

    /// Whether all denials lie so close together that days tell nothing, and every group's minutes are known.
    private static func isShort(_ groups: [DiagnosedGroup]) -> Bool {
        guard groups.allSatisfy({ !$0.group.minutes.isEmpty || $0.group.days.isEmpty }) else { return false }
        let starts = groups.compactMap { $0.group.minutes.first?.minute }
        let ends = groups.compactMap { $0.group.minutes.last?.minute }
        guard let first = starts.min(), let last = ends.max() else { return false }
        return last - first <= DenialGroup.shortSpan
    }

    private static func points(_ groups: [DiagnosedGroup]) -> [Point] {
        if isShort(groups) {
            return groups.flatMap { group in
                group.group.minutes.map { Point(time: $0.minute, reason: group.group.reason, denials: $0.count) }
            }
        }
        return groups.flatMap { group in
            group.group.days.compactMap { day in
                guard let time = Timestamp.seconds(day.date + "T00:00:00"), day.denials > 0 else { return nil }
                return Point(time: time, reason: group.group.reason, denials: day.denials)
            }
        }
    }

    /// `2026-11-09`.
    private static func day(_ time: Int64) -> String { String(Timestamp.text(time).prefix(10)) }

    /// `2026-11-09 10:00 UTC`.
    private static func minute(_ time: Int64, _ times: TimeDisplay) -> String {
        let text = Timestamp.text(time)
        return "\(times.shown(text).prefix(16)) \(times.suffix(at: text))"
    }
}
