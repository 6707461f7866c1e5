import Diagnosis
import RecordedChanges
import TrailStore

/// Successes, changes and denials of one group in columns of equal length, few enough for a screen.
struct CaseTimeline: Sendable, Hashable {
    /// What one column holds.
    struct Column: Sendable, Hashable {
        /// The column's first second, since 1970.
        var start: Int64
        var successes = 0
        var changes = 0
        var denials = 0
    }

    var columnLength: ColumnLength
    /// Seconds of a column.
    var length: Int64 { columnLength.seconds }
    var columns: [Column]

    /// The shortest columns that need no more than `limit`; empty where nothing happened.
    init(_ times: CaseTimes, changes: [CaseStudy.Change], limit: Int) {
        let moments = changes.compactMap { Timestamp.seconds($0.evidence.eventTime) }
        let starts = [times.successes.first?.minute, times.denials.first?.minute, moments.min()].compactMap(\.self)
        let ends = [times.successes.last?.minute, times.denials.last?.minute, moments.max()].compactMap(\.self)
        columns = []
        columnLength = ColumnLength.all[0]
        guard let start = starts.min(), let end = ends.max() else { return }
        let limit = Int64(max(limit, 1))
        if let shortest = ColumnLength.shortest(from: start, to: end, limit: limit) {
            columnLength = shortest
        } else {
            // Decades: as many weeks as it takes.
            var days: Int64 = 7
            while ColumnLength.days(days).columns(from: start, to: end) > limit { days *= 2 }
            columnLength = .days(days)
        }
        let length = columnLength.seconds
        let first = start / length
        columns = (0..<columnLength.columns(from: start, to: end)).map { Column(start: (first + $0) * length) }
        for minute in times.successes { columns[Int(minute.minute / length - first)].successes += minute.count }
        for minute in times.denials { columns[Int(minute.minute / length - first)].denials += minute.count }
        for moment in moments { columns[Int(moment / length - first)].changes += 1 }
    }

    /// How the height of a column is drawn.
    enum Marks: Sendable {
        case blocks, ascii

        /// From the lowest to the highest; nothing is a dot in both.
        fileprivate var heights: [Character] {
            switch self {
            case .blocks: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
            case .ascii: [".", ":", "-", "=", "+", "*", "#", "@"]
            }
        }

        fileprivate var nothing: Character {
            switch self {
            case .blocks: "·"
            case .ascii: "_"
            }
        }
    }

    /// One value of every column as a line of marks; any number above none has a mark.
    func line(_ value: KeyPath<Column, Int>, marks: Marks) -> String {
        let highest = columns.map { $0[keyPath: value] }.max() ?? 0
        let heights = marks.heights
        return String(
            columns.map { column -> Character in
                let count = column[keyPath: value]
                guard count > 0 else { return marks.nothing }
                return heights[(count * heights.count - 1) / max(highest, 1)]
            })
    }

    /// Changes are few and each matters: their number, `+` for more than nine.
    func changeLine(marks: Marks) -> String {
        String(
            columns.map { column -> Character in
                switch column.changes {
                case 0: marks.nothing
                case 1...9: Character(String(column.changes))
                default: "+"
                }
            })
    }

    /// The largest value of a column.
    func highest(_ value: KeyPath<Column, Int>) -> Int { columns.map { $0[keyPath: value] }.max() ?? 0 }
}
