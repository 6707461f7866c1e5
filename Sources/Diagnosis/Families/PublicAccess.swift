import AccessDenial
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import TrailStore

/// Block Public Access of Amazon S3, which refuses whatever the policies say.
///
/// Source: "Blocking public access to your Amazon S3 storage" in the S3 user guide.
enum PublicAccess {
    /// Whether Block Public Access is the reason that AWS gave: then no policy's lack of an Allow is.
    static func isReason(_ facts: GroupFacts) -> Bool { facts.group.reason.slug.hasPrefix(slug) }

    private static let slug = "block-public-access"

    /// The settings by the slugs of the reasons.
    private static let settings = [
        "block-public-acls": "BlockPublicAcls", "ignore-public-acls": "IgnorePublicAcls",
        "block-public-policy": "BlockPublicPolicy", "restrict-public-buckets": "RestrictPublicBuckets",
    ]

    /// The setting that AWS named; `nil` where it named none.
    private static func setting(_ facts: GroupFacts) -> String? {
        facts.group.reason.slug.split(separator: ":").last.flatMap { settings[String($0)] }
    }

    /// What is known where AWS gives no reason, and the request itself would make a bucket or an object public; `nil` where it would not,
    /// and where the trail does not show that the setting is on.
    static func unstated(_ facts: GroupFacts) -> KnownRefusal.Known? {
        guard facts.group.eventSource == "s3.amazonaws.com", Unstated.slugs.contains(facts.group.reason.slug),
            let asked = publicRequest(facts), let change = blocking(asked.setting, facts)
        else { return nil }
        var text: Prose =
            "\(asked.name) (\(words: asked.setting)) is supposed to refuse this: grant access to named principals instead of the public"
        text =
            asked.setting == "BlockPublicPolicy"
            ? "\(text), such as CloudFront with origin access control, or, if the bucket is meant to be public, let its owner switch \(words: asked.setting) off. No further permission of the caller helps."
            : "\(text), and send no public ACL; or, if the bucket is meant to be public, let its owner switch \(words: asked.setting) off. No further permission of the caller helps."
        text += "\(change.person.ask) what the setting is for."
        return KnownRefusal.Known(
            title: "Block Public Access refuses what would be public",
            story:
                "\(asked.what), and \(words: asked.setting) of Block Public Access refuses that, whoever calls. \(change.summary.capitalised) at \(time: change.time).",
            remedy: Remedy(.setting, text, commands: ChangeCommands.commands(for: change)),
            evidence: [change.evidence])
    }

    /// What in the refused requests would make something public, and the setting that refuses it; `nil` where one of them would not.
    private static func publicRequest(_ facts: GroupFacts) -> (setting: String, name: Prose, what: Prose)? {
        let calls = facts.requests.denied.all.map(\.observed.call)
        guard !calls.isEmpty else { return nil }
        if facts.group.action == "s3:PutBucketPolicy" {
            let isPublic = calls.allSatisfy { call in
                guard case .value(let value) = call.parameter(["bucketPolicy"]) else { return false }
                return DocumentText.json(value).document.map(Self.isPublic) ?? false
            }
            return isPublic
                ? ("BlockPublicPolicy", "Block Public Access", "The policy in the request would make the bucket public")
                : nil
        }
        let lists = Set(calls.map { $0.parameterText("x-amz-acl") ?? "" })
        guard !lists.isEmpty, lists.isSubset(of: publicLists) else { return nil }
        return (
            "BlockPublicAcls", "Block Public Access",
            "The request sets the ACL \(list: lists.sorted(), limit: 2), which is public"
        )
    }

    /// Canned ACLs that let everybody in. Source: "Canned ACL" in the S3 user guide.
    private static let publicLists: Set<String> = ["public-read", "public-read-write", "authenticated-read"]

    /// The change that left a setting on for the bucket or its account; `nil` where the trail shows none.
    private static func blocking(_ setting: String, _ facts: GroupFacts) -> TrailChange? {
        let settings = facts.changes.filter {
            $0.rule?.target == .publicAccess && $0.time <= facts.group.firstSeen && $0.parameters != nil
        }
        let last = Dictionary(grouping: settings, by: \.chain).compactMap { $0.value.last }
        return last.filter { $0.settingsOn.contains(setting) }.max { $0.time < $1.time }
    }

    /// How a change reaches the refused bucket, and whether that is certain; `nil` where it does not.
    static func reach(_ change: TrailChange, _ facts: GroupFacts) -> (distance: Int, isCertain: Bool)? {
        guard change.holder(.account) != nil else {
            let isConcerned = change.rule?.target == .publicAccess || mayBePublic(change, facts)
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
    private static func mayBePublic(_ change: TrailChange, _ facts: GroupFacts) -> Bool {
        setting(facts) == "RestrictPublicBuckets" && change.document.map(isPublic) ?? false
    }

    /// Whether a policy allows everybody something without a condition.
    private static func isPublic(_ document: PolicyDocument) -> Bool {
        document.statements.contains { statement in
            guard statement.effect == .allow, statement.conditions.isEmpty,
                case .matching(let principals)? = statement.principals
            else { return false }
            return principals.contains { $0.text == "*" }
        }
    }

    /// Whether a change switched the setting on that refused, or opened the bucket to everybody; `nil` where it did not.
    static func proof(_ change: TrailChange, _ facts: GroupFacts) -> BlamedChange.Proof? {
        guard let lane = change.chain?.lane else { return nil }
        func state(_ moment: Moment, undoing undone: Set<ChangeEvent> = []) -> LaneState {
            facts.trail.timeline.state(of: lane.holder, lane.kind, at: moment, undoing: undone)
        }
        let before = state(change.event.moment, undoing: [change.event])
        guard change.rule?.target == .publicAccess else {
            guard case .document(let text)? = before.known[""] else { return .document }
            return text.document.map(isPublic) ?? false ? nil : .document
        }
        guard change.parameters != nil else { return BlamedChange.Proof.none }
        func isOn(_ state: LaneState) -> Bool {
            let on = state.known.filter { $0.value == .text("true") }
            return setting(facts).map { on[$0] != nil } ?? !on.isEmpty
        }
        return isOn(state(.at(facts.group.firstSeen))) && isOn(state(change.event.moment)) && !isOn(before)
            ? .document : nil
    }

    /// Whether a change leaves the setting that refused switched on.
    static func isOn(_ change: TrailChange, _ facts: GroupFacts) -> Bool {
        let on = change.settingsOn
        return setting(facts).map(on.contains) ?? !on.isEmpty
    }

    /// What the change means, for a finding.
    static func story(_ change: TrailChange, _ facts: GroupFacts) -> Prose {
        let name: Prose = setting(facts).map { "\(words: $0)" } ?? "Block Public Access"
        if change.rule?.target != .publicAccess {
            return
                "The policy is open to everybody since then, and from such a bucket \(name) keeps other accounts away."
        }
        return change.parameters == nil
            ? "Which of the four settings it switched on is not in the trail."
            : "It switched \(name) on, and that setting refuses whatever the policies allow."
    }

    /// What to do; `change` is the one to blame, where the trail shows it.
    static func remedy(_ change: TrailChange?, _ facts: GroupFacts) -> Remedy {
        var text: Prose =
            "Block Public Access is supposed to refuse this. Grant access to named principals instead of the public, or let the"
        var isOfAccount = false
        if case .account? = change?.publicAccessSubject { isOfAccount = true }
        text = isOfAccount ? "\(text) account change the setting." : "\(text) bucket's owner change the setting."
        if let change {
            text +=
                "\(change.person.ask) what the change was for."
        }
        let shown = change.map { ChangeCommands.commands(for: $0) } ?? []
        return Remedy(.setting, text, commands: shown.isEmpty ? showBuckets(facts) : shown)
    }

    private static func showBuckets(_ facts: GroupFacts) -> [ShellCommand] {
        let buckets = facts.refusedResources.compactMap { CallTarget.name(ofResource: $0) }
        return buckets.prefix(1).map { ChangeCommands.showBucket($0, region: nil) }
    }
}

extension TrailChange {
    /// The settings of Block Public Access that a change switches on.
    var settingsOn: [String] {
        edits.filter { $0.lane.kind == .access }.compactMap {
            if case .set(let name, .text("true")) = $0.operation { name } else { nil }
        }
    }

    /// The bucket, or the account, whose Block Public Access changed.
    var publicAccessSubject: Subject? {
        edits.first { $0.lane.kind == .access }.map(\.lane.holder).map {
            $0.kind == .account ? .account($0.name) : .resource($0.name)
        }
    }

    /// What happened to Block Public Access, for a sentence.
    var publicAccessSummary: Prose {
        let place: Prose =
            switch publicAccessSubject {
            case .resource(let bucket)?: "bucket \(bucket)"
            default: "account \(account)"
            }
        let actor = author
        if rule?.direction == .lifts { return "\(actor) removed Block Public Access of \(place)" }
        let on = settingsOn
        return on.isEmpty
            ? "\(actor) wrote Block Public Access of \(place)"
            : "\(actor) wrote Block Public Access of \(place) (on: \(words: on.joined(separator: ", ")))"
    }
}
