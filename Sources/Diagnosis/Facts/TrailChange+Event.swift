import PolicyTimeline
import TrailStore

extension TrailChange {
    /// Where the event stands among all.
    var moment: Moment { Moment(time: change.eventTime, eventID: change.eventID) }

    /// The keys of the tags that the change sets or takes away, in lower case.
    var tagKeys: [String] { keys(.tags) }

    /// The permission set that the event is about.
    var permissionSet: Holder? { holder(.permissionSet) }
}
