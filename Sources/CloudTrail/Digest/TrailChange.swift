/// A change of a trail that a log file of the archive tells of: what explains that digests or log files are missing.
package struct TrailChange: Sendable, Hashable, Comparable {
    /// Seconds since 1970.
    package var time: Int64
    package var eventName: String
    /// Who did it: the principal's ARN, or what the record gives instead.
    package var actor: String
    /// The trail's name, from its name or ARN; empty where the record gives none.
    package var trail: String
    /// The Region where the trail was made: its ARN's; of a trail that is named without one, the Region of the call.
    package var homeRegion: String
    /// The account whose trail it is: its ARN's, else the one that the call was made in.
    package var account: String
    /// The log file that tells of it, as messages show it.
    package var path: String

    /// A change.
    package init(
        time: Int64, eventName: String, actor: String, trail: String, homeRegion: String, account: String, path: String
    ) {
        self.time = time
        self.eventName = eventName
        self.actor = actor
        self.trail = trail
        self.homeRegion = homeRegion
        self.account = account
        self.path = path
    }

    /// The calls after which CloudTrail delivers less than before.
    package static let stops: Set<String> = ["StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors"]

    /// Orders by time.
    package static func < (left: TrailChange, right: TrailChange) -> Bool {
        (left.time, left.eventName, left.path) < (right.time, right.eventName, right.path)
    }
}
