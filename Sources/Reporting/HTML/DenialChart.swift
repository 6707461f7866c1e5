import AccessDenial
import Diagnosis
import TrailStore

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
        /// `2026-11-09`, or `2026-11-09 to 2026-11-15`.
        var span: String
        /// One number a series.
        var counts: [Int]
    }

    /// The width of a chart with many bars; one with few is narrower.
    static let fullWidth = 880.0
    static let height = 200.0
    private static let barLimit = 92
    private static let seriesLimit = 6

    var series: [Series]
    var bars: [Bar]
    var rows: [Row]
    /// Up to the end of the last bar, at least so far that two labels fit under the axis.
    var width: Double
    /// How many days a bar stands for.
    var daysPerBar: Int
    /// The largest number on the axis.
    var maximum: Int

    /// A chart of the groups' days; `nil` where no group has any.
    init?(_ groups: [DiagnosedGroup]) {
        var totals: [Reason: Int] = [:]
        var points: [(day: CivilDay, reason: Reason, denials: Int)] = []
        for group in groups {
            for day in group.group.days {
                guard let date = CivilDay(day.date), day.denials > 0 else { continue }
                points.append((date, group.group.reason, day.denials))
                totals[group.group.reason, default: 0] += day.denials
            }
        }
        guard let first = points.map(\.day).min(), let last = points.map(\.day).max() else { return nil }
        let ranked = totals.sorted { ($1.value, $0.key.slug) < ($0.value, $1.key.slug) }
        let shown = ranked.count > Self.seriesLimit ? Array(ranked.prefix(Self.seriesLimit - 1)) : ranked
        let rest = ranked.dropFirst(shown.count).reduce(0) { $0 + $1.value }
        series = shown.map { Series(name: $0.key.slug, title: $0.key.title, denials: $0.value) }
        if rest > 0 { series.append(Series(name: "other reasons", title: "every other reason", denials: rest)) }
        let index = Dictionary(
            shown.enumerated().map { ($0.element.key, $0.offset) }, uniquingKeysWith: { one, _ in one })

        let days = last.number - first.number + 1
        let daysPerBar = (days + Self.barLimit - 1) / Self.barLimit
        self.daysPerBar = daysPerBar
        let barCount = (days + daysPerBar - 1) / daysPerBar
        var counts = Array(repeating: Array(repeating: 0, count: series.count), count: barCount)
        for point in points {
            counts[(point.day.number - first.number) / daysPerBar][index[point.reason] ?? series.count - 1] +=
                point.denials
        }
        rows = counts.enumerated().map { offset, counts in
            let start = CivilDay(number: first.number + offset * daysPerBar)
            let end = CivilDay(number: min(start.number + daysPerBar - 1, last.number))
            return Row(span: start == end ? start.text : "\(start.text) to \(end.text)", counts: counts)
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
                        label: "\(row.span): \(series[number].name), \(denials.of("denial", "denials"))"))
            }
        }
        self.bars = bars
    }
}
