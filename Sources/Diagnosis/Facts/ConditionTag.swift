import IAMPolicy
import PolicyTimeline
import TrailStore

/// A tag that a condition asks for: what `aws:PrincipalTag/KEY` and `aws:ResourceTag/KEY` compare.
///
/// A tag of a session stands for that of the role. Keys are compared without regard to case, as IAM does.
/// Source: "AWS global condition context keys" and "Tags for AWS Identity and Access Management resources" in the IAM user guide.
struct ConditionTag: Hashable {
    /// Whose tag a condition asks for.
    enum Owner { case principal, resource }

    var owner: Owner
    /// In lower case.
    var key: String

    /// The tag of a condition key such as `aws:PrincipalTag/team`, `aws:ResourceTag/env` or `secretsmanager:ResourceTag/env`;
    /// `nil` for any other key.
    init?(conditionKey: String) {
        let name = conditionKey.lowercased()
        guard let slash = name.firstIndex(of: "/"), slash < name.index(before: name.endIndex) else { return nil }
        switch name[..<slash].split(separator: ":").last {
        case "principaltag": owner = .principal
        case "resourcetag": owner = .resource
        default: return nil
        }
        key = String(name[name.index(after: slash)...])
    }

    init(_ owner: Owner, _ key: String) {
        self.owner = owner
        self.key = key.lowercased()
    }

    /// How a policy writes the tag as a variable, in lower case.
    var variable: String { "${aws:\(owner == .principal ? "principaltag" : "resourcetag")/\(key)" }

    /// The values that the tag had in the denials; empty where it was in none, `nil` where the trail does not tell.
    func values(_ facts: GroupFacts) -> [String]? {
        let own = value(facts, at: .at(facts.group.firstSeen))
        guard owner == .principal else { return own }
        guard facts.principal == facts.caller else { return nil }
        let sessions = facts.group.sessions
        guard sessions.contains(where: \.mayHaveTags) || facts.group.taggedSession != nil else { return own }
        var values: Set<String> = []
        for session in sessions {
            guard session.issue != nil, let key = session.accessKeyId else { return nil }
            let tags = facts.timeline.sessionTags(key, at: .at(facts.group.firstSeen))
            if case .known(.text(let text))? = tags.entries[self.key]?.knowledge {
                values.insert(text)
            } else {
                values.formUnion(own ?? [])
            }
        }
        return sessions.isEmpty ? own : values.sorted()
    }

    /// The value that the principal's or the resource's own tag had before a change.
    func value(_ facts: GroupFacts, before change: TrailChange) -> [String]? {
        value(facts, at: change.event.moment, undoing: [change.event])
    }

    /// The value of the principal's or the resource's own tag at a moment: none or one; `nil` where the trail does not tell, or several
    /// resources have several.
    private func value(_ facts: GroupFacts, at moment: Moment, undoing undone: Set<ChangeEvent> = []) -> [String]? {
        let holders: [Holder?] =
            switch owner {
            case .principal: [facts.principal.holder]
            case .resource: facts.refusedResources.map { Holder.resource(arn: $0) }
            }
        var found: Set<[String]?> = []
        for holder in holders {
            guard let holder else { return nil }
            let tags = facts.trail.timeline.state(of: holder, .tags, [key], at: moment, undoing: undone)
            if case .known(.text(let text))? = tags.entries[key]?.knowledge {
                found.insert([text])
            } else {
                found.insert(tags.holds(key) == false ? [] : nil)
            }
        }
        return found.count == 1 ? found.first ?? nil : nil
    }
}

extension DenialSession {
    /// Whether the session was given tags, or one before it that may have passed them on.
    var mayHaveTags: Bool { issue.map { ([$0] + $0.chain).contains { !$0.tags.isEmpty } } ?? false }
}

extension PrincipalName {
    /// What the timeline tells of: a user or a role; `nil` for anybody else.
    var holder: Holder? {
        switch kind {
        case .role: .role(name, account: account)
        case .user: .user(name, account: account)
        case .root, .federatedUser, .service, .other: nil
        }
    }
}
