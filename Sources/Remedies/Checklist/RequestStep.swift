import AccessDenial
import Causes
import IAMPolicy
import PolicyTimeline
import TrailStore
import Wording

/// Step 5 of the guide: the request itself.
enum RequestStep {
    package static let rows: [Checklist.Row] = [
        Checklist.Row(step: 5, id: "signature", question: "Are signature and headers right?") { inputs in
            if let finding = inputs.finding(.signatureInvalid) { return .found(finding) }
            if inputs.isAuthenticated { return .ruledOut("AWS accepted the signature: it knew the caller.") }
            return .notVisible(
                "Requests with a wrong signature are seldom recorded.",
                look: "The client's log shows the error code.")
        },
        Checklist.Row(step: 5, id: "payload", question: "Are content type and payload right?") { inputs in
            inputs.isAuthenticated
                ? .ruledOut("A malformed request is answered with 400, not with this refusal.")
                : .notVisible(
                    "The body of a request is not in a record.", look: "The client's own log shows the request.")
        },
    ]
}
