/// How much time one column of a chart stands for.
struct ColumnLength: Hashable {
    var seconds: Int64
    /// `hour`, `5 minutes`, …
    var name: String

    /// Lengths that a column may have: an hour and a day are what people count in.
    static let all = [
        ColumnLength(seconds: 60, name: "minute"), ColumnLength(seconds: 300, name: "5 minutes"),
        ColumnLength(seconds: 900, name: "15 minutes"), ColumnLength(seconds: 3600, name: "hour"),
        ColumnLength(seconds: 21_600, name: "6 hours"), day, ColumnLength(seconds: 604_800, name: "week"),
        ColumnLength(seconds: 2_419_200, name: "4 weeks"),
    ]

    /// The length of the days that a report counts.
    static let day = ColumnLength(seconds: 86_400, name: "day")

    /// So many days.
    static func days(_ count: Int64) -> ColumnLength {
        count == 1 ? day : ColumnLength(seconds: count * day.seconds, name: "\(count) days")
    }

    /// The shortest length of which no more than `limit` columns hold both moments; `nil` where none does.
    static func shortest(from start: Int64, to end: Int64, limit: Int64) -> ColumnLength? {
        all.first { $0.columns(from: start, to: end) <= limit }
    }

    /// How many columns, each beginning at a multiple of the length, hold both moments.
    func columns(from start: Int64, to end: Int64) -> Int64 { end / seconds - start / seconds + 1 }

    /// `an hour`, `5 minutes`, …
    var withArticle: String { name.first?.isNumber ?? false ? name : name == "hour" ? "an hour" : "a \(name)" }
}
