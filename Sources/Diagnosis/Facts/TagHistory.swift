import AccessDenial
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import TrailStore

/// What the trail tells of the tags of the principal and of the refused resource: what `aws:PrincipalTag/KEY` and
/// `aws:ResourceTag/KEY` compare.
///
/// A tag of a session stands for that of the role. Keys are compared without regard to case, as IAM does.
/// Source: "AWS global condition context keys" and "Tags for AWS Identity and Access Management resources" in the IAM user guide.
enum TagHistory {
    /// Whose tag a condition asks for.
    enum Holder { case principal, resource }

    /// A tag that a condition asks for; the key in lower case.
    struct Tag: Hashable {
        var holder: Holder
        var key: String

        /// The tag of a condition key such as `aws:PrincipalTag/team`, `aws:ResourceTag/env` or `secretsmanager:ResourceTag/env`;
        /// `nil` for any other key.
        init?(conditionKey: String) {
            let name = conditionKey.lowercased()
            guard let slash = name.firstIndex(of: "/"), slash < name.index(before: name.endIndex) else { return nil }
            switch name[..<slash].split(separator: ":").last {
            case "principaltag": holder = .principal
            case "resourcetag": holder = .resource
            default: return nil
            }
            key = String(name[name.index(after: slash)...])
        }

        init(_ holder: Holder, _ key: String) {
            self.holder = holder
            self.key = key.lowercased()
        }

        /// How a policy writes the tag as a variable, in lower case.
        var variable: String { "${aws:\(holder == .principal ? "principaltag" : "resourcetag")/\(key)" }
    }

    /// The values that a tag had in the denials; empty where it was in none, `nil` where the trail does not tell.
    static func values(of tag: Tag, _ facts: GroupFacts) -> [String]? {
        let own = value(of: tag, facts, in: facts.changes.prefix { $0.time <= facts.group.firstSeen })
        guard tag.holder == .principal else { return own }
        guard facts.principal == facts.caller else { return nil }
        let sessions = facts.group.sessions
        guard sessions.contains(where: { !($0.issue?.tags ?? []).isEmpty }) || facts.group.taggedSession != nil else {
            return own
        }
        var values: Set<String> = []
        for session in sessions {
            guard let issue = session.issue else { return nil }
            if let text = value(of: tag.key, in: issue.tags) {
                values.insert(text)
            } else {
                values.formUnion(own ?? [])
            }
        }
        return sessions.isEmpty ? own : values.sorted()
    }

    /// The values that a tag had when the call last succeeded, as ``values(of:_:)``.
    static func valuesBefore(of tag: Tag, _ facts: GroupFacts) -> [String]? {
        guard let success = facts.lastSuccessBefore else { return nil }
        if tag.holder == .principal, let issue = facts.group.taggedSession, issue.issuedAt <= success,
            let text = value(of: tag.key, in: issue.tags)
        {
            return [text]
        }
        return value(of: tag, facts, in: facts.changes.prefix { $0.time <= success })
    }

    /// The value of a tag after changes: none or one; `nil` where they do not tell.
    static func value(of tag: Tag, _ facts: GroupFacts, in changes: ArraySlice<TrailChange>) -> [String]? {
        if tag.holder == .resource, facts.refusedResources.isEmpty { return nil }
        for change in changes.reversed() where concerns(change, tag.holder, facts) {
            if let value = change.tags[tag.key] { return [value] }
            if change.removedTags.contains(tag.key) { return [] }
            // What was created in the trail has no tags but those that it was given.
            if tag.holder == .principal, ["CreateRole", "CreateUser"].contains(change.change.eventName),
                change.parameters != nil
            {
                return []
            }
        }
        return nil
    }

    private static func concerns(_ change: TrailChange, _ holder: Holder, _ facts: GroupFacts) -> Bool {
        switch holder {
        case .principal: change.concerns(facts.principal)
        case .resource:
            change.rule?.target == .resource && change.rule?.direction == .touchesConditions
                && facts.refusedResources.allSatisfy { resource in
                    change.resource.map { change.isPolicy($0, of: resource) } ?? false
                }
        }
    }

    /// The value of a tag among those of a session, each `key=value`.
    private static func value(of key: String, in tags: [String]) -> String? {
        for tag in tags {
            let parts = tag.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts[0].lowercased() == key { return parts.count == 2 ? String(parts[1]) : "" }
        }
        return nil
    }
}

extension TrailChange {
    /// The tags that the change sets, by their keys in lower case.
    var tags: [String: String] {
        var tags: [String: String] = [:]
        guard let list = parameters?.member(ignoringCase: "tags") else { return tags }
        if case .object(let members) = list {
            for member in members { tags[member.key.lowercased()] = member.value.stringValue ?? "" }
            return tags
        }
        for tag in list.elements {
            // KMS has names of its own for both.
            guard let key = (tag.member(ignoringCase: "key") ?? tag.member(ignoringCase: "tagKey"))?.stringValue else {
                continue
            }
            tags[key.lowercased()] =
                (tag.member(ignoringCase: "value") ?? tag.member(ignoringCase: "tagValue"))?.stringValue ?? ""
        }
        return tags
    }

    /// The keys of the tags that the change takes away, in lower case.
    var removedTags: Set<String> {
        Set(
            (parameters?.member(ignoringCase: "tagKeys")?.elements ?? []).compactMap { $0.stringValue?.lowercased() })
    }
}
