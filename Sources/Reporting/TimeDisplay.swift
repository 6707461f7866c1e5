import Diagnosis
import Foundation
import TrailStore
import Wording

/// How people are shown a time: in UTC, as CloudTrail has it, or in the time of a place.
///
/// What it prints can be given back to `--from` and `--to` as it stands. Formats for programs always hold UTC.
public struct TimeDisplay: Sendable, Hashable {
    /// Times as CloudTrail has them: `2026-11-09 10:12:00 UTC`.
    public static let utc = TimeDisplay(zone: nil)

    private let zone: TimeZone?

    private init(zone: TimeZone?) { self.zone = zone }

    /// A display by name: `UTC`, `local`, a name of the IANA time zone database such as `Europe/Berlin`, or an offset such as
    /// `+02:00`; `nil` for any other text.
    public init?(named name: String) {
        switch name.lowercased() {
        case "utc", "z", "gmt": zone = nil
        case "local": zone = TimeZone.current
        default:
            if let seconds = UTCOffset.seconds(name) {
                zone = TimeZone(secondsFromGMT: seconds)
            } else {
                guard let named = TimeZone(identifier: name) else { return nil }
                zone = named
            }
        }
    }

    /// `2026-11-09T10:12:00Z` as `2026-11-09 10:12:00 UTC` or `2026-11-09 11:12:00 +01:00`; any other text as it is.
    func shown(_ time: String) -> String {
        guard let shown = shownTime(time), let seconds = Timestamp.seconds(time) else { return time }
        guard let zone else { return shown }
        let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(seconds)))
        guard offset != 0 || zone.identifier != "UTC" && zone.identifier != "GMT" else { return shown }
        let local = Timestamp.text(seconds + Int64(offset))
        return "\(local.prefix(10)) \(local.dropFirst(11).prefix(8)) \(UTCOffset.text(offset))"
    }

    /// A sentence as text, its times as they are shown.
    func plain(_ prose: Prose) -> String {
        prose.runs.map { run in
            switch run {
            case .words(let text), .value(let text), .code(let text): text
            case .time(let time): shown(time)
            }
        }.joined()
    }

    /// A time of day without its zone, for columns whose head tells it.
    func short(_ time: String) -> String {
        let whole = shown(time)
        return whole.lastIndex(of: " ").map { String(whole[..<$0]) } ?? whole
    }

    /// What ``shown(_:)`` writes behind a time at this moment: `UTC`, `+01:00`.
    func suffix(at time: String) -> String {
        shown(time).split(separator: " ").last.map(String.init) ?? "UTC"
    }
}

/// An offset from UTC as it is written: `+02:00`, `-0330`, `+1`.
package enum UTCOffset {
    /// Seconds east of UTC; `nil` for any other text. No place is farther than 18 hours (RFC 3339 allows for less than a day).
    package static func seconds(_ text: String) -> Int? {
        guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
        let digits = text.dropFirst().filter { $0 != ":" }
        guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), text.filter({ $0 == ":" }).count <= 1 else {
            return nil
        }
        let hours: Int?
        let minutes: Int?
        switch digits.count {
        case 1, 2: (hours, minutes) = (Int(digits), 0)
        case 4: (hours, minutes) = (Int(digits.prefix(2)), Int(digits.suffix(2)))
        default: return nil
        }
        guard let hours, let minutes, hours <= 18, minutes < 60 else { return nil }
        return (sign == "-" ? -1 : 1) * (hours * 3600 + minutes * 60)
    }

    /// `+02:00`.
    static func text(_ seconds: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
        let minutes = abs(seconds) / 60
        return (seconds < 0 ? "-" : "+") + two(minutes / 60) + ":" + two(minutes % 60)
    }
}
