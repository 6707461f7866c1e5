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
    let events: Set<String>
    /// What the refused call names the thing by that has the setting, the likeliest first.
    let parameters: [String]
    /// What stands for it where calls do not name it: then any of the account in the Region may be meant; `nil` where they must.
    var unnamed: (@Sendable (DenialGroup) -> String?)?
    /// Whether a change leaves the setting so that it refuses, given the one before it.
    let refuses: @Sendable (_ change: TrailChange, _ former: TrailChange?, GroupFacts) -> Bool
    /// Whether the setting is what refuses, given when and by which change it was made so.
    var concerns: @Sendable (GroupFacts, TrailChange) -> Bool = { _, _ in true }
    let title: Prose
    /// What the setting does.
    let meaning: Prose
    let remedy: @Sendable (TrailChange) -> Prose
    /// What to do where the trail does not show who set it; empty where only the change tells that the setting refuses.
    var unseen: Prose = ""

    /// What is known where such a setting refuses; `nil` where it need not be one.
    static func known(_ facts: GroupFacts) -> KnownRefusal.Known? {
        for setting in all(facts.group.reason.slug) {
            if let change = setting.change(facts) {
                let story: Prose = "\(change.summary.capitalised) at \(time: change.time): \(setting.meaning)"
                return KnownRefusal.Known(
                    title: setting.title, story: story, remedy: Remedy(.setting, setting.remedy(change)),
                    evidence: [change.evidence], point: story)
            }
            guard !setting.unseen.isEmpty else { continue }
            return KnownRefusal.Known(
                title: setting.title, story: Prose(stringLiteral: facts.group.reason.meaning),
                remedy: Remedy(.setting, setting.unseen))
        }
        return nil
    }

    /// Whom the changes are made on that make a setting refuse which AWS names.
    static func subjects(_ group: DenialGroup) -> [TrailChange.Subject] {
        let settings = all(group.reason.slug).filter { named[group.reason.slug] != nil && !$0.events.isEmpty }
        let names = settings.flatMap { setting in
            let names = setting.names(in: group)
            return names.isEmpty ? [setting.unnamed?(group)].compactMap(\.self) : names.sorted()
        }
        return Set(names).sorted().map { .resource($0) }
    }

    /// By what the refused calls name the thing.
    private func names(in group: DenialGroup) -> Set<String> {
        let calls = group.requests.prefix(3).map { RecordedCall($0) }
        for parameter in parameters {
            let names = calls.compactMap {
                $0.parameterText(parameter) ?? $0.text("additionalEventData", parameter)
            }
            if !names.isEmpty { return Set(names) }
        }
        return []
    }

    /// The last change of the setting before the denials, where it made it refuse. Of several things that calls may be about it is only
    /// told where one alone refuses.
    private func change(_ facts: GroupFacts) -> TrailChange? {
        let names = names(in: facts.group)
        guard let name = names.count == 1 ? names.first : names.isEmpty ? unnamed?(facts.group) : nil else {
            return nil
        }
        let regions = Set(facts.group.regions.map(\.value))
        let changes = facts.trail.settings(of: name).filter { change in
            events.contains(change.change.eventName) && change.time <= facts.group.firstSeen
                && (!names.isEmpty || change.change.awsRegion.map(regions.contains) ?? true)
        }
        let refusing = Dictionary(grouping: changes) { $0.change.target }.values.compactMap { line -> TrailChange? in
            guard let last = line.last, refuses(last, line.dropLast().last, facts), concerns(facts, last) else {
                return nil
            }
            return last
        }
        return refusing.count == 1 ? refusing[0] : nil
    }

    private static func all(_ slug: String) -> [ServiceSetting] {
        named[slug].map { [$0] } ?? (Unstated.slugs.contains(slug) ? [requesterPays] : [])
    }

    /// Whether a reason of AWS's own words is such a setting.
    static func isNamed(_ slug: String) -> Bool { named[slug] != nil }

    /// The settings that AWS's own words name, by the reason.
    private static let named: [String: ServiceSetting] = [
        "guests-refused": guests, "object-locked": retention, "token-scope": tokenScope,
        "attribute-not-writable": writableAttributes, "sign-up-closed": closedSignUp, "sending-paused": sending,
    ]

    private static let sending = ServiceSetting(
        events: ["UpdateAccountSendingEnabled", "PutAccountSendingAttributes"], parameters: [],
        unnamed: { group in group.accounts.count == 1 ? group.accounts.first?.value : nil },
        refuses: { change, _, _ in
            (change.parameter("enabled") ?? change.parameters?.member(ignoringCase: "enabled")?.scalarText
                ?? change.parameters?.member(ignoringCase: "sendingEnabled")?.scalarText) == "false"
        },
        title: "Sending was switched off for the account",
        meaning: "since then Amazon SES sends nothing in this Region, whoever asks for it.",
        remedy: { change in
            "Switch sending on again for the Region once it is clear why it was switched off (\(code: "aws sesv2 put-account-sending-attributes --sending-enabled --region \(change.change.awsRegion ?? "REGION")")): look for bounces and complaints first. \(change.person.ask) whether it was meant. No policy is to be changed."
        })

    private static let guests = ServiceSetting(
        events: ["UpdateIdentityPool"], parameters: ["identityPoolId"],
        refuses: { change, _, _ in
            change.parameters?.member(ignoringCase: "allowUnauthenticatedIdentities")?.scalarText == "false"
        },
        title: "The identity pool takes no guests",
        meaning:
            "it sent \("allowUnauthenticatedIdentities") as false, and this call replaces all settings of the pool. Users who sign in are not concerned.",
        remedy: { change in
            "If guests are wanted, call UpdateIdentityPool again with all settings of the pool and \("allowUnauthenticatedIdentities") as true. If not, have the application sign in first and pass its logins. No policy is to be changed. \(change.person.ask) which is meant."
        })

    private static let retention = ServiceSetting(
        events: ["PutBucketObjectLockConfiguration", "PutObjectLockConfiguration"], parameters: ["bucketName"],
        refuses: { change, _, _ in mode(change) != nil },
        title: "",
        meaning:
            "what was written since then is kept until its retention ends; older objects are not concerned, so that the first refusal may come days later.",
        remedy: { change in
            mode(change) == "GOVERNANCE"
                ? "Delete after the retention has ended, or send \("x-amz-bypass-governance-retention: true") as somebody who has s3:BypassGovernanceRetention. What is written later keeps to the bucket's setting: \(change.person.ask) whether it is meant for these objects."
                : "Delete after the retention has ended: in the mode COMPLIANCE nobody can shorten it, root included. What is written later keeps to the bucket's setting: \(change.person.ask) whether it is meant for these objects."
        })

    private static let requesterPays = ServiceSetting(
        events: ["PutBucketRequestPayment"], parameters: ["bucketName"],
        refuses: { change, _, _ in
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
