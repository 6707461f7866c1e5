import AccessDenial
import Causes
import RecordedCalls
import RecordedChanges
import TrailStore
import Wording

/// Session tags that a caller's session hands on to every role that it assumes: `sts:TagSession` is asked for though the call passes no
/// tag.
///
/// Sources: "Chaining roles with session tags" in the IAM user guide; "EKS Pod Identity session tags" in the Amazon EKS user guide.
struct TransitiveTags {
    /// The session that has them; `nil` where the archive does not hold its start.
    private let issue: SessionIssue?

    /// The tags behind a refused `sts:TagSession`; `nil` where the call itself passes tags, and for any other refusal.
    init?(_ facts: GroupFacts) {
        guard facts.group.action == "sts:TagSession" else { return nil }
        let passesNone = facts.requests.denied.all.allSatisfy { denied in
            ["tags", "principalTags"].allSatisfy { name in
                if case .missing = denied.observed.call.parameter([name]) { true } else { false }
            }
        }
        guard passesNone, !facts.requests.denied.all.isEmpty else { return nil }
        issue = facts.group.sessions.lazy.compactMap(\.issue).first { $0.tags.contains(where: \.isTransitive) }
    }

    /// Why the call needs the action.
    package var story: Prose {
        let text: Prose = "The call passes no tags."
        guard let issue else {
            return text
                + "Tags that were made transitive when the caller's session was opened go along into every role that it assumes; EKS Pod Identity makes all of its tags transitive."
        }
        let tags = issue.tags.filter(\.isTransitive).map(\.key)
        let opener: Prose = issue.issuedTo.map { " by \(PrincipalName($0).shown)" } ?? ""
        return text
            + "The caller's session has transitive tags (\(list: tags, limit: 3)), set when it was opened\(opener) at \(time: issue.issuedAt), and they go along into every role that it assumes."
    }

    /// How to make the call without the action.
    package var without: Prose {
        "Open the caller's session without transitive tags (EKS Pod Identity: switch off session tags in the pod identity association)."
    }
}
