import PolicyTimeline
import TrailStore

extension TrailChange {
    /// The event as the timeline knows it.
    var event: ChangeEvent {
        ChangeEvent(
            ChangeRecord(
                eventID: change.eventID, eventTime: change.eventTime, eventSource: change.eventSource,
                eventName: change.eventName, actor: change.actor, account: account))
    }
}
