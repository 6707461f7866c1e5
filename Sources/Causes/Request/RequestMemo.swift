import PolicyTimeline
import RecordedChanges
import TrailStore

/// What is read of a group's requests, once somebody asks.
final class RequestMemo: Sendable {
    /// The requests, as their records tell them.
    package let requests: ObservedRequests
    /// Whose policies decide.
    package let subject = Once<PolicySubject>()

    init(_ facts: GroupFacts) { requests = ObservedRequests(facts.group, refused: facts.principal) }
}

extension GroupFacts {
    var requestMemo: RequestMemo { ofRequests.kept.part { RequestMemo(self) } }

    /// The group's requests, as their records tell them.
    package var requests: ObservedRequests { requestMemo.requests }
}
