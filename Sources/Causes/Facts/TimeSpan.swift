import TrailStore
import Wording

/// Spans between the times of events.
package enum TimeSpan {
    /// How many seconds a change may take until it holds everywhere: a success so soon behind it does not acquit it. AWS says no
    /// more than that it takes a while. Source: "Changes that I make are not always immediately visible" in the IAM user guide.
    package static let settling = 300

    /// Seconds between two ISO 8601 UTC texts; a very large number where one is no time.
    package static func seconds(from: String, to: String) -> Int {
        guard let start = Timestamp.seconds(from), let end = Timestamp.seconds(to) else { return .max }
        return Int(end - start)
    }

    /// A span in words, as coarse as a reader needs: `40 seconds`, `7 minutes`, `3 hours`, `12 days`.
    package static func words(_ seconds: Int) -> String {
        switch seconds {
        case ..<0, Int.max: "some time"
        case ..<120: seconds.of("second", "seconds")
        case ..<7_200: (seconds / 60).of("minute", "minutes")
        case ..<172_800: (seconds / 3_600).of("hour", "hours")
        default: (seconds / 86_400).of("day", "days")
        }
    }
}
