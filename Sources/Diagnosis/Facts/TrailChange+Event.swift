import PolicyTimeline
import TrailStore

extension TrailChange {
    /// Where the event stands among all.
    var moment: Moment { Moment(time: change.eventTime, eventID: change.eventID) }

    /// The keys of the tags that the change sets or takes away, in lower case.
    var tagKeys: [String] { edits.filter { $0.lane.kind == .tags }.flatMap(\.keys) }

    /// The permission set that the event is about.
    var permissionSet: Holder? { edits.map(\.lane.holder).first { $0.kind == .permissionSet } }
}
