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

    /// How a change reaches the refused bucket, and whether that is certain; `nil` where it does not.
    static func reach(_ change: TrailChange, _ facts: GroupFacts) -> (distance: Int, isCertain: Bool)? {
        if case .resource(let bucket)? = change.publicAccessSubject {
            let isRefused = facts.refusedResources.contains { change.isPolicy(bucket, of: $0) }
            guard isRefused, change.rule?.target == .publicAccess || mayBePublic(change, facts) else { return nil }
            return (2, true)
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

    /// Whether a change switched the setting on that refused; `nil` where it did not.
    static func proof(_ change: TrailChange, earlier: ArraySlice<TrailChange>, _ facts: GroupFacts)
        -> PermissionsChanged.Proof?
    {
        let before = earlier.last
        guard change.rule?.target == .publicAccess else {
            return before?.document.map(isPublic) ?? false ? nil : .document
        }
        guard change.parameters != nil else { return PermissionsChanged.Proof.none }
        return isOn(change, facts) && !(before.map { isOn($0, facts) } ?? false) ? .document : nil
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
        guard let settings = parameters?.member(ignoringCase: "PublicAccessBlockConfiguration") else { return [] }
        return ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"].filter {
            switch settings.member(ignoringCase: $0) {
            case .bool(let flag)?: flag
            case .string(let text)?: text.lowercased() == "true"
            default: false
            }
        }
    }

    /// The bucket, or the account, whose Block Public Access changed.
    var publicAccessSubject: Subject? {
        if let bucket = parameter("bucketName") { return .resource(bucket) }
        guard let target = change.target else { return account.isEmpty ? nil : .account(account) }
        return change.targetType == "account" ? .account(target) : .resource(target)
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
