import IAMPolicy
package import PolicyTimeline
package import Wording

/// A principal's ARN taken apart: what it is, where, and what it is called.
package struct PrincipalName: Hashable {
    /// What kind of principal.
    package enum Kind: String {
        case role, user, root, federatedUser, service, other
    }

    package var arn: String
    package var kind: Kind
    /// Twelve digits; empty for a service or where the ARN has none.
    package var account: String
    /// The name without path; for a service its host name.
    package var name: String
    package var partition: String

    package init(_ text: String) {
        arn = text
        guard let parsed = ARN(text) else {
            kind = text.hasSuffix(".amazonaws.com") ? .service : .other
            account = ""
            name = text
            partition = "aws"
            return
        }
        account = parsed.account
        partition = parsed.partition
        let parts = PathParts(parsed.resource)
        switch parts.first {
        case "role" where parts.count > 1: (kind, name) = (.role, parts.last ?? "")
        case "assumed-role" where parts.count > 1: (kind, name) = (.role, parts.second ?? "")
        case "user" where parts.count > 1: (kind, name) = (.user, parts.last ?? "")
        case "federated-user" where parts.count > 1: (kind, name) = (.federatedUser, parts.second ?? "")
        case "root": (kind, name) = (.root, "root")
        default: (kind, name) = (.other, parsed.resource)
        }
    }

    /// The name for a sentence: `role order-notifier`, `user alice`, `the root user`, or the ARN.
    package var shown: Prose {
        switch kind {
        case .role: "role \(name)"
        case .user: "user \(name)"
        case .root: "the root user of \(account)"
        case .federatedUser: "federated user \(name)"
        case .service: "AWS service \(name)"
        case .other: NamelessCaller(arn)?.shown ?? "\(arn)"
        }
    }

    /// `account 111122223333`, also where the ARN tells none.
    package var accountShown: Prose { account.isEmpty ? "the caller's account" : "account \(account)" }

    /// Whether nobody signed the calls.
    package var isAnonymous: Bool { kind == .other && NamelessCaller.isAnonymous(arn) }

    /// Whether this is somebody that policies are attached to, or a session of such.
    package var isIdentity: Bool {
        switch kind {
        case .role, .user, .root, .federatedUser: true
        case .service, .other: false
        }
    }

    /// The service whose service-linked role this is, by its host; `nil` for any other principal.
    package var linkedService: String? {
        guard kind == .role, let resource = ARN(arn)?.resource, resource.hasPrefix("role/aws-service-role/") else {
            return nil
        }
        let parts = resource.split(separator: "/")
        return parts.count == 4 && parts[1] == "aws-service-role" ? String(parts[2]) : nil
    }

    /// Whether both are one role, user or root user; a path, which a session's ARN lacks, does not matter.
    package func isSame(as other: PrincipalName) -> Bool {
        kind == other.kind && account == other.account && name == other.name
    }

    /// The role of a session, without the path, which a session's ARN does not tell.
    package var withoutSession: PrincipalName {
        guard kind == .role, ARN(arn)?.resource.hasPrefix("assumed-role/") == true else { return self }
        return PrincipalName("arn:\(partition):iam::\(account):role/\(name)")
    }

    /// Whether this is a role that IAM Identity Center made of a permission set: `AWSReservedSSO_NAME_HASH`.
    package var isPermissionSet: Bool { kind == .role && name.hasPrefix("AWSReservedSSO_") }

    /// The name with the words that tell a stage apart taken out, for comparing like-named principals across environments:
    /// `order-notifier-prod` and `staging-order-notifier` are both `order-notifier`. Empty when nothing else is left.
    package var stagelessName: String { Stage.stripped(name, alsoWithout: account) }
}

extension PrincipalName {
    /// What the timeline tells of: a user or a role; `nil` for anybody else.
    package var holder: Holder? {
        switch kind {
        case .role: .role(name, account: account)
        case .user: .user(name, account: account)
        case .root, .federatedUser, .service, .other: nil
        }
    }
}
