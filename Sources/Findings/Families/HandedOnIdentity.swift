import AccessDenial
import Causes
import RecordedCalls
import RecordedChanges
import TrailStore
import Wording

/// A source identity that a caller's session hands on to every role that it assumes: `sts:SetSourceIdentity` is asked for though the
/// call sets none.
///
/// Source: "Monitor and control actions taken with assumed roles" in the IAM user guide.
struct HandedOnIdentity {
    /// The identities, as the records have them.
    private let identities: [String]

    /// The identity behind a refused `sts:SetSourceIdentity`; `nil` where the call itself sets one, and for any other refusal.
    init?(_ facts: GroupFacts) {
        guard facts.group.action == "sts:SetSourceIdentity" else { return nil }
        let calls = facts.requests.denied.all.map(\.observed.call)
        let setsNone = calls.allSatisfy { call in
            if case .missing = call.parameter(["sourceIdentity"]) { true } else { false }
        }
        guard setsNone, !calls.isEmpty else { return nil }
        identities = Set(calls.compactMap { $0.text("userIdentity", "sessionContext", "sourceIdentity") }).sorted()
    }

    /// Why the call needs the action.
    package var story: Prose {
        let whose: Prose =
            identities.isEmpty
            ? "The caller's session has one" : "The caller's session has one (\(list: identities, limit: 3))"
        return
            "The call sets no source identity. \(whose), given when it was opened, and it goes along into every role that the session assumes."
    }
}
