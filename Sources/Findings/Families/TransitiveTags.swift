import AccessDenial
import Causes
import OrderedJSON
import PolicyTimeline
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
    /// The keys of those that a call took along, as its record tells them.
    private let taken: [String]
    /// Since when EKS Pod Identity opens the caller's sessions; `nil` where the trail does not show it.
    package let association: TrailChange?
    /// Until when calls without such tags were answered; `nil` where none is known.
    private let lastWithout: String?

    /// The tags behind a refused `sts:TagSession`; `nil` where the call itself passes tags, and for any other refusal.
    init?(_ facts: GroupFacts) {
        guard facts.group.action == "sts:TagSession" else { return nil }
        let calls = facts.requests.denied.all.map(\.observed.call)
        let passesNone = calls.allSatisfy { call in
            ["tags", "principalTags"].allSatisfy { name in
                if case .missing = call.parameter([name]) { true } else { false }
            }
        }
        guard passesNone, let first = calls.first else { return nil }
        issue = facts.group.sessions.lazy.compactMap(\.issue).first { $0.tags.contains(where: \.isTransitive) }
        taken =
            switch first.parameter(["incomingTransitiveTags"]) {
            case .value(.object(let tags)): tags.map(\.key)
            case .value, .missing, .untold: []
            }
        association = facts.changes.last { change in
            [.createPodIdentityAssociation, .updatePodIdentityAssociation].contains(change.changeName)
                && change.time <= facts.group.firstSeen
                && change.workloadRole?.isSame(as: facts.principal) ?? false
        }
        lastWithout = facts.asksForMore ? facts.group.lastSuccessBefore : nil
    }

    /// Why the call needs the action.
    package var story: Prose {
        var text: Prose = "The call passes no tags."
        let tags = issue?.tags.filter(\.isTransitive).map(\.key) ?? taken
        if tags.isEmpty {
            text +=
                "Tags that were made transitive when the caller's session was opened go along into every role that it assumes; EKS Pod Identity makes all of its tags transitive."
        } else {
            let opener: Prose = issue?.issuedTo.map { " by \(PrincipalName($0).shown)" } ?? ""
            let opened: Prose = issue.map { ", set when it was opened\(opener) at \(time: $0.issuedAt)," } ?? ""
            text +=
                "The caller's session has transitive tags (\(list: tags, limit: 3))\(opened) and they go along into every role that it assumes."
        }
        if let association {
            text +=
                "EKS Pod Identity opens its sessions since \(time: association.time), when \(association.author) called \(association.change.eventName), and makes all of its tags transitive."
        }
        if let lastWithout { text += "Calls without such tags were answered, the last at \(time: lastWithout)." }
        return text
    }

    /// How to make the call without the action.
    package var without: Prose {
        "Open the caller's session without transitive tags (EKS Pod Identity: set \("disableSessionTags") in the pod identity association)."
    }

    /// The evidence for what is told of them.
    package var evidence: [Evidence] { association.map { [$0.evidence] } ?? [] }
}
