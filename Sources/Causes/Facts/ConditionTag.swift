import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore

/// A tag that a condition asks for: what `aws:PrincipalTag/KEY` and `aws:ResourceTag/KEY` compare.
///
/// A tag of a session stands for that of the role. Keys are compared without regard to case, as IAM does.
/// Source: "AWS global condition context keys" and "Tags for AWS Identity and Access Management resources" in the IAM user guide.
package struct ConditionTag: Hashable {
    /// Whose tag a condition asks for.
    package enum Owner { case principal, resource }

    package var owner: Owner
    /// In lower case.
    package var key: String

    /// The tag of a condition key such as `aws:PrincipalTag/team`, `aws:ResourceTag/env` or `secretsmanager:ResourceTag/env`;
    /// `nil` for any other key.
    package init?(conditionKey: String) {
        let name = conditionKey.lowercased()
        guard let slash = name.firstIndex(of: "/"), slash < name.index(before: name.endIndex) else { return nil }
        switch name[..<slash].split(separator: ":").last {
        case "principaltag": owner = .principal
        case "resourcetag": owner = .resource
        default: return nil
        }
        key = String(name[name.index(after: slash)...])
    }

    package init(_ owner: Owner, _ key: String) {
        self.owner = owner
        self.key = key.lowercased()
    }

    /// How a policy writes the tag as a condition's key.
    package var conditionKey: String { "aws:\(owner == .principal ? "PrincipalTag" : "ResourceTag")/\(key)" }
}

extension DenialSession {
    /// Whether the session was given tags, or one before it that may have passed them on.
    var mayHaveTags: Bool { issue.map { ([$0] + $0.chain).contains { !$0.tags.isEmpty } } ?? false }
}
