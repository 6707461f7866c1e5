import AccessDenial
import IAMPolicy
import OrderedJSON
import RecordedCalls
import RecordedChanges
import TrailStore

/// What the refused requests asked for, by the records of the denials.
package enum RequestedResource {
    /// The ARN of what a refused call was on, where AWS named nothing: for a command that has to name it, never as what AWS
    /// evaluated. `nil` where the records do not tell.
    package static func arn(_ facts: GroupFacts) -> String? {
        facts.group.requests.lazy.compactMap { record in
            RecordedCall(record.completed(by: facts.group)).resource(
                of: facts.group.action, partition: facts.principal.partition)
        }.first
    }
}
