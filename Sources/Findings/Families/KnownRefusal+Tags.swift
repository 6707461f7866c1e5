import AccessDenial
import Causes
import RecordedCalls
import RecordedChanges
import TrailStore
import Wording

// MARK: - Tag policies of AWS Organizations

extension KnownRefusal {
    static func tagPolicy(_ facts: GroupFacts) -> Known {
        let key = facts.group.evidence.lazy.compactMap(\.errorMessage).compactMap(TagPolicyRefusal.key).first
        let values = key.map { passed($0, facts) } ?? []
        let what: Prose = key.map { "\($0)" } ?? "the tag"
        let other: Prose = values.isEmpty ? "a value" : "another value than \(list: values, limit: 3): one"
        let story: Prose =
            values.isEmpty ? "" : "The refused calls give \(what) the value \(list: values, limit: 3)."
        return Known(
            title: "", story: story,
            remedy: Remedy(
                .setting,
                "Give \(what) \(other) that the organization's tag policy allows, in the spelling that it asks for. Whoever manages the organization can say which, or add the value to the tag policy. No policy that grants anything helps."
            ), point: story)
    }

    /// The values that the refused calls give a tag.
    private static func passed(_ key: String, _ facts: GroupFacts) -> [String] {
        let requests = facts.requests.denied.all.map(\.observed)
        return Set(requests.compactMap { $0.call.requestTag(key) }).sorted()
    }
}
