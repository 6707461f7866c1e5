import Causes
import TrailStore
import Wording

/// How long a group's calls may pause before they count as not tried any more: measured by the group itself.
struct Rhythm {
    /// Seconds without a call from which on the group is quiet.
    let patience: Int64
    /// Seconds from the last denial to the end of what the archive holds of the group's accounts; 0 where that is not known.
    let silence: Int64

    /// No group is quiet before: a job that runs once a day need not have been due.
    private static let leastPatience: Int64 = 26 * 3600
    /// How many of the usual intervals may pass, and how many times the longest pause.
    private static let factor = 3.0
    private static let pauseFactor = 1.5

    init(_ facts: GroupFacts) {
        let group = facts.group
        let end =
            group.companion == nil
            ? facts.coverage.end(ofAccounts: group.accounts.map(\.value)) : group.companion?.logsUntil
        // One or two denials make no rhythm: the calls that had worked do.
        self.init(group, end: end, successes: group.denials < 3 ? facts.sameActionHere : [])
    }

    /// The rhythm of a group's denials and of calls that had worked, where logs that would show another denial end at that time.
    init(_ group: DenialGroup, end: String?, successes: [Usage] = []) {
        var patience = Self.leastPatience
        // Times end in the year 2106: no product comes near the greatest number.
        func wait(_ seconds: Int64, _ factor: Double) { patience = max(patience, Int64(Double(seconds) * factor)) }
        if group.denials > 1, let first = Timestamp.seconds(group.firstSeen),
            let last = Timestamp.seconds(group.lastSeen)
        {
            wait(max(0, last - first) / Int64(group.denials - 1), Self.factor)
        }
        wait(group.longestPause, Self.pauseFactor)
        for usage in successes where usage.successes > 1 {
            guard let first = usage.firstSuccess.flatMap({ Timestamp.seconds($0) }),
                let last = usage.lastSuccess.flatMap({ Timestamp.seconds($0) })
            else { continue }
            wait(max(0, last - first) / Int64(usage.successes - 1), Self.factor)
        }
        self.patience = patience
        if let end = end.flatMap({ Timestamp.seconds($0) }), let last = Timestamp.seconds(group.lastSeen) {
            silence = max(0, end - last)
        } else {
            silence = 0
        }
    }

    /// Whether the calls are not tried any more as the archive ends.
    var isQuiet: Bool { silence > patience }

    /// `12 days`, `30 hours`: how long nothing was refused.
    var silenceText: String {
        let hours = Int(silence / 3600)
        return hours < 72 ? hours.of("hour", "hours") : (hours / 24).of("day", "days")
    }
}
