package import PolicyTimeline
import TrailStore
package import Wording

extension TrailChange {
    /// Where the event stands among all.
    package var moment: Moment { event.moment }

    /// The keys of the tags that the change sets or takes away, in lower case.
    package var tagKeys: [String] { keys(.tags) }

    /// The permission set that the event is about.
    package var permissionSet: Holder? { holder(.permissionSet) }

    /// Where its record is found, to be read behind "is in".
    package var recordShown: Prose { "the record of event \(change.eventID) (\(change.eventName) at \(time: time))" }

    /// Who made the change.
    package var person: Person { knownPerson.value { Person(change) } }
    /// Who made the change, for a sentence.
    package var author: Prose { person.shown }
}
