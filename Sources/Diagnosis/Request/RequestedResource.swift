import AccessDenial
import IAMPolicy
import OrderedJSON
import TrailStore

/// What the refused requests asked for, by the records of the denials.
enum RequestedResource {
    /// The ARN of what a refused call was on, where AWS named nothing: for a command that has to name it, never as what AWS
    /// evaluated. `nil` where the records do not tell.
    static func arn(_ facts: GroupFacts) -> String? {
        facts.group.requests.lazy.compactMap { record in
            RecordedCall(record.completed(by: facts.group)).resource(
                of: facts.group.action, partition: facts.principal.partition)
        }.first
    }

    /// What the requests passed as a parameter: one value for each request that did; `nil` where no record was kept.
    static func values(ofParameter name: String, _ facts: GroupFacts) -> [String]? {
        let kept = facts.group.requests.map { RecordedCall($0) }.filter { $0.isWhole || $0.parameters != nil }
        guard !kept.isEmpty else { return nil }
        return Set(kept.compactMap { $0.parameterText(name) }).sorted()
    }
}
