import AccessDenial
import Causes
import IAMPolicy
import PolicyTimeline
import TrailStore
import Wording

/// Step 6 of the guide: quotas.
enum QuotaStep {
    package static let rows: [Checklist.Row] = [
        Checklist.Row(step: 6, id: "throttling", question: "Was a quota exceeded?") { inputs in
            .ruledOut(
                inputs.facts.servicePrefix == "mobiletargeting"
                    ? "Pinpoint throttles with 429 (TooManyRequestsException), never 403, so throttling is not counted as a denial."
                    : "Throttling has error codes of its own, and these are none of them.")
        }
    ]
}
