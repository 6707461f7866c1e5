import AccessDenial
import Causes
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import RecordedCalls
import RecordedChanges
import TrailStore
import Wording

/// A setting of what was called that refuses by itself, whatever policies allow: who set it, since when, and what to do.
///
/// Sources: "Using Requester Pays general purpose buckets" and "Locking objects with Object Lock" in the Amazon S3 user guide;
/// `UpdateIdentityPool` in the Amazon Cognito federated identities API reference.
struct ServiceSetting: Sendable {
    /// The events that set it.
    private let events: Set<String>
    /// What the refused call names the thing by that has the setting.
    private let parameter: String
    /// Whether a change leaves the setting so that it refuses.
    private let refuses: @Sendable (TrailChange) -> Bool
    /// Whether the setting is what refuses, given when and by which change it was made so.
    private let concerns: @Sendable (GroupFacts, TrailChange) -> Bool
    private let title: Prose
    /// What the setting does.
    private let meaning: Prose
    private let remedy: @Sendable (TrailChange) -> Prose

    /// What is known where such a setting refuses; `nil` where the trail does not show that it was set.
    static func known(_ facts: GroupFacts) -> KnownRefusal.Known? {
        let setting = all(facts.group.reason.slug).first { $0.change(facts) != nil }
        guard let setting, let change = setting.change(facts) else { return nil }
        let story: Prose =
            "\(change.summary.capitalised) at \(time: change.time): \(setting.meaning)"
        return KnownRefusal.Known(
            title: setting.title, story: story, remedy: Remedy(.setting, setting.remedy(change)),
            evidence: [change.evidence], point: story)
    }

    /// Whom the changes are made on that switch an identity pool's guests off.
    static func subjects(_ group: DenialGroup) -> [TrailChange.Subject] {
        let pools = group.requests.prefix(3).compactMap { RecordedCall($0).parameterText(guests.parameter) }
        return Set(pools).sorted().map { .resource($0) }
    }

    /// The last change of the setting before the denials, where it made it refuse.
    private func change(_ facts: GroupFacts) -> TrailChange? {
        let names = Set(facts.group.requests.prefix(3).map { RecordedCall($0).parameterText(parameter) ?? "" })
        let named = names.subtracting([""])
        guard let name = named.first, named.count == 1 else { return nil }
        let change = facts.trail.settings(of: name).last {
            events.contains($0.change.eventName) && $0.time <= facts.group.firstSeen
        }
        return change.flatMap { refuses($0) && concerns(facts, $0) ? $0 : nil }
    }

    private static func all(_ slug: String) -> [ServiceSetting] {
        switch slug {
        case guestsRefused: [guests]
        case "object-locked": [retention]
        default: Unstated.slugs.contains(slug) ? [requesterPays] : []
        }
    }

    /// The reason of an identity pool that takes no guests.
    static let guestsRefused = "guests-refused"

    private static let guests = ServiceSetting(
        events: ["UpdateIdentityPool"], parameter: "identityPoolId",
        refuses: { $0.parameters?.member(ignoringCase: "allowUnauthenticatedIdentities")?.scalarText == "false" },
        concerns: { _, _ in true }, title: "The identity pool takes no guests",
        meaning:
            "it sent \("allowUnauthenticatedIdentities") as false, and this call replaces all settings of the pool. Users who sign in are not concerned.",
        remedy: { change in
            "If guests are wanted, call UpdateIdentityPool again with all settings of the pool and \("allowUnauthenticatedIdentities") as true. If not, have the application sign in first and pass its logins. No policy is to be changed. \(change.person.ask) which is meant."
        })

    private static let retention = ServiceSetting(
        events: ["PutBucketObjectLockConfiguration", "PutObjectLockConfiguration"], parameter: "bucketName",
        refuses: { mode($0) != nil }, concerns: { _, _ in true },
        title: "",
        meaning:
            "what was written since then is kept until its retention ends; older objects are not concerned, so that the first refusal may come days later.",
        remedy: { change in
            mode(change) == "GOVERNANCE"
                ? "Delete after the retention has ended, or send \("x-amz-bypass-governance-retention: true") as somebody who has s3:BypassGovernanceRetention. What is written later keeps to the bucket's setting: \(change.person.ask) whether it is meant for these objects."
                : "Delete after the retention has ended: in the mode COMPLIANCE nobody can shorten it, root included. What is written later keeps to the bucket's setting: \(change.person.ask) whether it is meant for these objects."
        })

    private static let requesterPays = ServiceSetting(
        events: ["PutBucketRequestPayment"], parameter: "bucketName",
        refuses: { change in
            change.parameters?.member(ignoringCase: "RequestPaymentConfiguration")?.member(ignoringCase: "Payer")?
                .scalarText == "Requester"
        },
        concerns: { facts, change in
            let header = "x-amz-request-payer"
            func lacks(_ record: RecordedRequest) -> Bool { RecordedCall(record).parameterText(header) == nil }
            let account = facts.callerAccount
            // The owner's own account pays without being asked.
            return facts.group.eventSource == "s3.amazonaws.com" && !account.isEmpty && account != change.account
                && !facts.group.requests.isEmpty && facts.group.requests.allSatisfy(lacks)
                && !facts.group.successes.contains { $0.eventTime > change.time && lacks($0) }
        },
        title: "Who reads the bucket is to pay, and the call does not say that it will",
        meaning:
            "since then S3 refuses requests of other accounts that lack the header \("x-amz-request-payer"), whatever policies allow.",
        remedy: { change in
            "Send \("x-amz-request-payer: requester") (\("--request-payer requester"), or RequestPayer in an SDK). Or have account \(change.account) pay again: PutBucketRequestPayment with \("Payer=BucketOwner"). No policy is to be changed."
        })

    /// The mode of a bucket's default retention; `nil` where a change sets none.
    private static func mode(_ change: TrailChange) -> String? {
        // In small letters and with a hyphen it is the name of the call's subresource, which has no value.
        change.parameters?["ObjectLockConfiguration"]?.member(ignoringCase: "Rule")?
            .member(ignoringCase: "DefaultRetention")?.member(ignoringCase: "Mode")?.scalarText
    }
}
