import IAMPolicy
import OrderedJSON

/// Sessions that STS and IAM Roles Anywhere issue: their policies, their tags, what they bear.
///
/// A session whose issue the trail holds has no session policy but the one that was asked for. One that another session asked for has
/// that one's transitive tags. Sources: the STS API reference; "Pass session tags in AWS STS" in the IAM user guide.
enum SessionIssues: ChangeReader {
    static let services = ["sts"]
    static let events: [String: @Sendable (inout ChangeReading) -> Void] = [
        "AssumeRole": issue, "AssumeRoleWithSAML": issue, "AssumeRoleWithWebIdentity": issue, "AssumeRoot": issue,
        "GetFederationToken": issue, "GetSessionToken": issue,
    ]

    /// The fact that sessions which this one opens have a tag, too.
    static func passedOn(_ tag: String) -> String { "transitive \(tag)" }

    /// Whether an access key is one of a session.
    static func isTemporary(_ key: String) -> Bool { key.hasPrefix("ASIA") }

    private static func issue(_ reading: inout ChangeReading) {
        guard let key = reading.text("<credentials.accessKeyId") else { return }
        let session = Holder.session(key)
        var facts: [String: Value] = [:]
        for (name, paths) in [
            ("role", ["roleArn"]), ("sourceIdentity", ["sourceIdentity", "<sourceIdentity"]),
            ("externalId", ["externalId"]), ("mfa", ["serialNumber"]), ("duration", ["durationSeconds"]),
            ("session", ["<assumedRoleUser.arn", "<federatedUser.arn"]), ("provider", ["<provider"]),
            ("audience", ["<audience"]), ("subject", ["<subjectFromWebIdentityToken", "<subject"]),
            ("target", ["targetPrincipal"]),
        ] {
            facts[name] = reading.text(paths).map(Value.text)
        }
        // Such a session has what its policies leave of the user's permissions.
        if reading.name == "GetFederationToken" { facts["user"] = .text(reading.record.actor) }
        for tag in reading.texts("transitiveTagKeys") { facts[passedOn(tag.lowercased())] = .present }
        if isTemporary(reading.record.accessKey) { facts["parent"] = .text(reading.record.accessKey) }
        reading.add(session, .settings, .replaceAll(facts))
        let isCut = reading.isCut
        let policy = reading.asked("policy")
        reading.add(
            session, .inline,
            policy.map { .replaceAll(["": .document(DocumentText($0))]) } ?? (isCut ? .blurAll : .replaceAll([:])))
        var arns = (reading.asked("policyArns")?.elements ?? []).prefix(ChangeReading.listLimit).compactMap {
            ChangeReading.text($0.member(ignoringCase: "arn") ?? $0)
        }
        if let task = reading.text("taskPolicyArn.arn", "taskPolicyArn") { arns.append(task) }
        let attached = Dictionary(arns.map { ($0, Value.present) }) { first, _ in first }
        reading.add(session, .attached, isCut ? .blurAll : .replaceAll(attached))
        let tags = reading.tags("tags") ?? reading.tags("principalTags")
        reading.add(session, .tags, tags.map { .replaceAll($0) } ?? (isCut ? .blurAll : .replaceAll([:])))
    }
}

/// Profiles of IAM Roles Anywhere, the sessions that they limit, and the trust anchors whose certificates open sessions.
///
/// Source: the IAM Roles Anywhere API reference.
enum RolesAnywhere: ChangeReader {
    static let services = ["rolesanywhere"]
    static let events: [String: @Sendable (inout ChangeReading) -> Void] = [
        "CreateProfile": write, "UpdateProfile": write, "DeleteProfile": delete, "EnableProfile": enable,
        "DisableProfile": enable, "CreateSession": issue,
        "CreateTrustAnchor": anchor, "UpdateTrustAnchor": anchor, "EnableTrustAnchor": anchor,
        "DisableTrustAnchor": anchor, "DeleteTrustAnchor": anchor,
    ]

    /// A trust anchor: what certificates it trusts, and whether it is on.
    private static func anchor(_ reading: inout ChangeReading) {
        let text = reading.text("trustAnchorId", "<trustAnchor.trustAnchorId", "<trustAnchor.trustAnchorArn")
        guard let anchor = reading.resource(text, "trust-anchor/") else { return }
        switch reading.name {
        case "CreateTrustAnchor":
            reading.add(anchor, .existence, .replaceAll(["": .present]))
            var settings: [String: Value] = ["enabled": .text("\(reading.flag("enabled") ?? false)")]
            settings["source"] = reading.text("source.sourceType").map(Value.text)
            reading.add(anchor, .settings, .replaceAll(settings))
        case "DeleteTrustAnchor": reading.clear(anchor, [.existence, .settings])
        case "UpdateTrustAnchor":
            if reading.asked("source") != nil || reading.isCut { reading.add(anchor, .settings, .blur("source")) }
        default:
            reading.add(anchor, .settings, .set("enabled", .text("\(reading.name == "EnableTrustAnchor")")))
        }
    }

    private static func profile(_ reading: ChangeReading) -> Holder? {
        reading.text("profileId", "<profile.profileId", "profileArn").map { id in
            Holder(.rolesAnywhereProfile, account: reading.account, String(id.split(separator: "/").last ?? ""))
        }
    }

    private static func write(_ reading: inout ChangeReading) {
        guard let profile = profile(reading) else { return }
        let isNew = reading.name == "CreateProfile"
        if isNew { reading.add(profile, .existence, .replaceAll(["": .present])) }
        if let policy = reading.asked("sessionPolicy") {
            reading.add(profile, .inline, .replaceAll(["": .document(DocumentText(policy))]))
        } else if isNew {
            reading.add(profile, .inline, .replaceAll([:]))
        }
        list("managedPolicyArns", .attached)
        list("roleArns", .role)
        let isEnabled = reading.flag("enabled")
        if isNew || isEnabled != nil {
            reading.add(profile, .settings, .set("enabled", .text("\(isEnabled ?? false)")))
        }

        func list(_ path: String, _ lane: LaneName.Kind) {
            guard isNew || reading.asked(path) != nil else { return }
            let texts = reading.texts(path)
            reading.add(profile, lane, .replaceAll(Dictionary(texts.map { ($0, .present) }) { first, _ in first }))
        }
    }

    private static func delete(_ reading: inout ChangeReading) {
        guard let profile = profile(reading) else { return }
        reading.clear(profile, [.existence, .inline, .attached, .role, .settings])
    }

    private static func enable(_ reading: inout ChangeReading) {
        guard let profile = profile(reading) else { return }
        reading.add(profile, .settings, .set("enabled", .text("\(reading.name == "EnableProfile")")))
    }

    /// A session has the policies of the profile that it was made with, as they were then.
    private static func issue(_ reading: inout ChangeReading) {
        let first = reading.answered("credentialSet")?.elements.first
        let credentials = first?.member(ignoringCase: "credentials")
        guard let key = ChangeReading.text(credentials?.member(ignoringCase: "accessKeyId")) else { return }
        var facts: [String: Value] = [:]
        facts["role"] = reading.text("roleArn").map(Value.text)
        facts["profile"] = reading.text("profileArn").map(Value.text)
        reading.add(.session(key), .settings, .replaceAll(facts))
        for lane in [LaneName.Kind.inline, .attached, .tags] { reading.add(.session(key), lane, .blurAll) }
    }
}
