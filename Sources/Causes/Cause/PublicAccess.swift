import AccessDenial
import IAMPolicy
import OrderedJSON
import PolicyTimeline
package import RecordedChanges
import TrailStore

/// Block Public Access of Amazon S3, which refuses whatever the policies say.
///
/// Source: "Blocking public access to your Amazon S3 storage" in the S3 user guide.
package enum PublicAccess {
    /// Whether Block Public Access is the reason that AWS gave: then no policy's lack of an Allow is.
    package static func isReason(_ facts: GroupFacts) -> Bool { facts.group.reason.slug.hasPrefix(slug) }

    private static let slug = "block-public-access"

    /// The settings by the slugs of the reasons.
    private static let settings = [
        "block-public-acls": "BlockPublicAcls", "ignore-public-acls": "IgnorePublicAcls",
        "block-public-policy": "BlockPublicPolicy", "restrict-public-buckets": "RestrictPublicBuckets",
    ]

    /// The setting that AWS named; `nil` where it named none.
    package static func setting(_ facts: GroupFacts) -> String? {
        facts.group.reason.slug.split(separator: ":").last.flatMap { settings[String($0)] }
    }

    /// How a change reaches the refused bucket, and whether that is certain; `nil` where it does not.
    package static func reach(_ change: TrailChange, _ facts: GroupFacts) -> (distance: Int, isCertain: Bool)? {
        guard change.holder(.account) != nil else {
            let isConcerned = change.rule?.target == .publicAccess || isOpening(change, facts)
            return isConcerned && !facts.refused(under: change).isEmpty ? (2, true) : nil
        }
        guard change.rule?.target == .publicAccess else { return nil }
        let isOwn = change.account == facts.principal.account
        // Callers of the bucket's own account are not restricted, so the bucket is another account's.
        if setting(facts) == "RestrictPublicBuckets" {
            return isOwn ? nil : (3, facts.group.accounts.contains { $0.value == change.account })
        }
        return isOwn || facts.group.accounts.contains { $0.value == change.account } ? (3, true) : nil
    }

    /// Whether a bucket's policy became public and thereby one that `RestrictPublicBuckets` cuts off from other accounts.
    private static func isOpening(_ change: TrailChange, _ facts: GroupFacts) -> Bool {
        setting(facts) == "RestrictPublicBuckets" && change.document.map(PublicBucket.isPublic) ?? false
    }

    /// Whether a change switched the setting on that refused, or opened the bucket to everybody, as far as its record tells.
    package static func verdict(_ change: TrailChange, _ facts: GroupFacts) -> Counterfactual.Verdict {
        guard let lane = change.chain?.lane else { return .innocent }
        func state(_ moment: Moment, undoing undone: Set<ChangeEvent> = []) -> LaneState {
            facts.trail.timeline.state(of: lane.holder, lane.kind, at: moment, undoing: undone)
        }
        let before = state(change.event.moment, undoing: [change.event])
        guard change.rule?.target == .publicAccess else {
            guard case .document(let text)? = before.known[""] else { return .decisive(isExact: false) }
            return text.document.map(PublicBucket.isPublic) ?? false ? .innocent : .decisive(isExact: false)
        }
        guard change.parameters != nil else { return .untold(policy: "") }
        func isOn(_ state: LaneState) -> Bool {
            let on = state.known.filter { $0.value == .text("true") }
            return setting(facts).map { on[$0] != nil } ?? !on.isEmpty
        }
        return isOn(state(.at(facts.group.firstSeen))) && isOn(state(change.event.moment)) && !isOn(before)
            ? .decisive(isExact: false) : .innocent
    }

    /// Whether a change leaves the setting that refused switched on.
    package static func isOn(_ change: TrailChange, _ facts: GroupFacts) -> Bool {
        let on = change.settingsOn
        return setting(facts).map(on.contains) ?? !on.isEmpty
    }
}
