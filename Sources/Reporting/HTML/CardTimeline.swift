import Diagnosis
import RecordedChanges
import Remedies
import TrailStore

/// One group's successes, changes and denials on a line: numbers for a small SVG, and the same in words.
struct CardTimeline {
    /// Denials of a stretch of time.
    struct Bar {
        var x: Double
        var width: Double
        var y: Double
        var height: Double
    }

    /// A moment of interest.
    struct Mark {
        /// What happened, which the shape of the mark tells as well as its colour.
        enum Kind: String {
            case success, change, fix
        }

        var kind: Kind
        var x: Double
        var time: String
        var words: String
    }

    static let width = 600.0
    static let height = 34.0
    /// Where the bars end and the marks begin.
    private static let floor = 22.0
    private static let columns: Int64 = 60

    /// What the bars count.
    var noun = "denials"
    var bars: [Bar] = []
    var marks: [Mark] = []
    /// The first and the last moment that it shows.
    var from = ""
    var to = ""

    /// The line of a group; `nil` where nothing is known of when it was refused, or all of it is one moment.
    init?(_ diagnosed: DiagnosedGroup) {
        let group = diagnosed.group
        noun = group.noun.many
        var points: [(time: Int64, denials: Int)] = group.minutes.map { ($0.minute, $0.count) }
        if points.isEmpty {
            points = group.days.compactMap { day in
                Timestamp.seconds(day.date + "T00:00:00").map { ($0, day.denials) }
            }
        }
        var moments: [(Mark.Kind, String?, String)] = [
            (.success, group.lastSuccessBefore, "last success before"),
            (.success, group.firstSuccessAfter, "works again"),
        ]
        if let change = diagnosed.change { moments.append((.change, change.eventTime, change.eventName)) }
        if let fix = diagnosed.fixedBy { moments.append((.fix, fix.eventTime, fix.eventName)) }
        let told = moments.compactMap {
            kind, time, words -> (kind: Mark.Kind, seconds: Int64, time: String, words: String)? in
            guard let time, let seconds = Timestamp.seconds(time) else { return nil }
            return (kind, seconds, time, words)
        }
        let ends = [group.firstSeen, group.lastSeen].compactMap { Timestamp.seconds($0) }
        let all = told.map(\.seconds) + ends + points.map(\.time)
        guard let first = all.min(), let last = all.max(), first < last, !points.isEmpty else { return nil }
        from = Timestamp.text(first)
        to = Timestamp.text(last)
        let span = last - first
        func place(_ time: Int64) -> Double { Double(time - first) / Double(span) * (Self.width - 20) + 10 }
        var counts: [Int64: Int] = [:]
        for point in points {
            counts[min((point.time - first) * Self.columns / span, Self.columns - 1), default: 0] += point.denials
        }
        let highest = Double(counts.values.max() ?? 1)
        let step = (Self.width - 20) / Double(Self.columns)
        bars = counts.sorted { $0.key < $1.key }.map { column, count in
            let height = max(3, Double(count) / highest * (Self.floor - 2))
            return Bar(x: 10 + Double(column) * step, width: step * 0.85, y: Self.floor - height, height: height)
        }
        marks = told.sorted { $0.seconds < $1.seconds }.map {
            Mark(kind: $0.kind, x: place($0.seconds), time: $0.time, words: $0.words)
        }
    }

    /// The shape of a mark below the bars: a circle, a diamond or a triangle, by its path.
    static func shape(_ mark: Mark) -> String {
        let (x, y) = (rounded(mark.x), 28)
        return switch mark.kind {
        case .success: "M\(x) \(y)m-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z"
        case .change: "M\(x) \(y - 6)l6 6l-6 6l-6 -6z"
        case .fix: "M\(x) \(y - 6)l6 11h-12z"
        }
    }

    /// One decimal is as fine as a screen.
    static func rounded(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }
}
