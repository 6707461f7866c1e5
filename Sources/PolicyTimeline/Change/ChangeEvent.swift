/// The event behind an edit, in short.
///
/// An object rather than a value because every edit that the event made holds it, and so does every state that follows.
public final class ChangeEvent: Sendable, Hashable {
    /// CloudTrail's id of the event.
    public let eventID: String
    /// ISO 8601 UTC text.
    public let eventTime: String
    /// The service, such as `iam.amazonaws.com`.
    public let eventSource: String
    /// The operation, as CloudTrail names it.
    public let eventName: String
    /// Who made the change; empty where the record does not tell.
    public let actor: String
    /// The account that recorded the event; empty where the record does not tell.
    public let account: String
    /// Which change it is; `nil` for one that nothing depends on.
    package let name: ChangeName?
    /// What sorts the events of one second.
    private let order: String
    private let idHash: Int
    /// What was prepared of the texts that it wrote.
    let shelf = TextShelf()

    /// The event of a record.
    package init(_ record: ChangeRecord) {
        eventID = record.eventID
        eventTime = record.eventTime
        eventSource = record.eventSource
        eventName = record.eventName
        actor = record.actor
        account = record.account
        name = ChangeName(eventName: record.eventName)
        let isCreation =
            record.eventName.hasPrefix("Create")
            && ChangeCatalogue.rule(source: record.eventSource, name: record.eventName)?.direction == .creates
        order = isCreation ? Moment.ofCreation + record.eventID : record.eventID
        idHash = record.eventID.hashValue
    }

    /// Where the event stands among all.
    public var moment: Moment { Moment(time: eventTime, order: order) }

    /// Whether it stands before another one in the order of moments, which need not be put together for that.
    package func isBefore(_ other: ChangeEvent) -> Bool {
        eventTime == other.eventTime ? order < other.order : eventTime < other.eventTime
    }

    /// Events are equal by their ids and times.
    public static func == (left: ChangeEvent, right: ChangeEvent) -> Bool {
        left === right
            || (left.idHash == right.idHash && left.eventID == right.eventID && left.eventTime == right.eventTime)
    }

    /// Equal events hash alike.
    public func hash(into hasher: inout Hasher) { hasher.combine(idHash) }
}

/// A place in the order of events: by time, and within one second creations before all else, and then by the events' ids.
///
/// CloudTrail tells seconds alone, so that the order within one of them is agreed upon, not known. What a pipeline makes and at once
/// gives policies stands there before them, though.
public struct Moment: Sendable, Hashable, Comparable {
    /// ISO 8601 UTC text.
    public var time: String
    /// The place within the second; `nil` stands behind every event of it, the empty text before.
    private var order: String?

    /// What stands before the ids of events that made something.
    static let ofCreation = "\u{1}"

    init(time: String, order: String?) {
        self.time = time
        self.order = order
    }

    /// The moment before all events of a time.
    public static func before(_ time: String) -> Moment { Moment(time: time, order: "") }

    /// The moment behind all events of a time.
    public static func at(_ time: String) -> Moment { Moment(time: time, order: nil) }

    /// Earlier moments sort first.
    public static func < (left: Moment, right: Moment) -> Bool {
        if left.time != right.time { return left.time < right.time }
        return switch (left.order, right.order) {
        case (let left?, let right?): left < right
        case (_?, nil): true
        case (nil, _): false
        }
    }
}
