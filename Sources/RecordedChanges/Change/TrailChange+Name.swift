package import PolicyTimeline
import TrailStore

extension TrailChange {
    /// Which change it is; `nil` for one that nothing depends on.
    package var changeName: ChangeName? { event.name }
}

extension Evidence {
    /// Which change the event is; `nil` for one that nothing depends on, and for what is none.
    package var changeName: ChangeName? { ChangeName(eventName: eventName) }
}
