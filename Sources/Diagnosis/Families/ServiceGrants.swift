import AccessDenial
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import TrailStore

/// What services grant by themselves, beside IAM's policies: Lake Formation's permissions, the accounts that an image is shared
/// with, the accounts that administer a service for their organization.
///
/// Source: "Lake Formation permissions reference", "Share an AMI with specific AWS accounts" in the EC2 user guide, "Delegated
/// administrator for AWS services that work with Organizations" in the Organizations user guide.
enum ServiceGrants {
    /// Whether AWS gave a reason that such a grant alone decides, and no policy of IAM's.
    static func isReason(_ facts: GroupFacts) -> Bool {
        [lakeFormation, notShared].contains(facts.group.reason.slug)
    }

    private static let lakeFormation = "lake-formation-permissions"
    private static let notShared = "resource-not-shared"

    /// Everybody whom IAM's policies allow it, to Lake Formation.
    private static let allPrincipals = "IAM_ALLOWED_PRINCIPALS"

    /// Whom changes of such grants are made on beside the group's own principal, account and resources.
    static func subjects(_ group: DenialGroup) -> [TrailChange.Subject] {
        switch group.reason.slug {
        case lakeFormation: [.resource(allPrincipals)]
        case notShared: group.resources.flatMap { images(in: $0.value) }.map { .resource($0) }
        default: []
        }
    }

    /// The ids in `[ami-1, ami-2]`.
    private static func images(in text: String) -> [String] {
        text.split(whereSeparator: { "[], ".contains($0) }).map(String.init)
    }

    /// Whether a change of such a grant reaches the refused calls.
    static func reaches(_ change: TrailChange, _ facts: GroupFacts) -> Bool {
        switch change.change.eventSource {
        case "lakeformation.amazonaws.com":
            guard facts.group.reason.slug == lakeFormation, let grantee = change.grantee else { return false }
            return grantee == allPrincipals
                ? facts.principal.account == change.account : PrincipalName(grantee).isSame(as: facts.principal)
        case "ec2.amazonaws.com":
            guard facts.group.reason.slug == notShared, let image = change.change.target else { return false }
            return facts.group.resources.contains { images(in: $0.value).contains(image) }
        case "organizations.amazonaws.com":
            return facts.servicePrefix == "organizations" && change.organizationTarget == facts.principal.account
                && [nil, .resourceBased].contains(facts.group.reason.policyType)
        default: return false
        }
    }

    /// Whether a change took what the call needs; `nil` where its record speaks against it.
    static func proof(_ change: TrailChange, _ facts: GroupFacts) -> BlamedChange.Proof? {
        switch change.change.eventSource {
        case "lakeformation.amazonaws.com":
            // A message ends in the table or database: `Insufficient Lake Formation permission(s) on orders`.
            let named = facts.group.evidence.compactMap(\.errorMessage).compactMap {
                $0.contains(" on ") ? $0.split(whereSeparator: { " .".contains($0) }).last.map(String.init) : nil
            }
            guard let table = change.grantedTable, !named.isEmpty else { return BlamedChange.Proof.none }
            return named.contains(table) ? .document : nil
        case "ec2.amazonaws.com":
            guard change.parameters != nil else { return BlamedChange.Proof.none }
            return change.endsSharing(with: facts.principal.account) ? .document : nil
        default: return BlamedChange.Proof.none
        }
    }

    /// What the change means, for a finding.
    static func story(_ change: TrailChange, _ proof: BlamedChange.Proof) -> Prose {
        switch change.change.eventSource {
        case "lakeformation.amazonaws.com":
            proof == .document
                ? "Lake Formation asks for its own grant on the table, beside what IAM's policies allow."
                : "Lake Formation asks for its own grant, beside what IAM's policies allow; whether this one covered what was called is not certain."
        case "ec2.amazonaws.com":
            "An image of another account can be used by those alone with whom it is shared."
        default:
            "Of AWS Organizations a member account may call what its management account delegates to it, and little else."
        }
    }

    /// What to do about a grant that went, or that is not there.
    static func remedy(_ change: TrailChange?, _ facts: GroupFacts) -> Remedy {
        var text: Prose
        switch facts.group.reason.slug {
        case lakeFormation:
            text =
                "Grant \(facts.principal.shown) the permission in Lake Formation: IAM's policies alone are not enough for tables that it governs."
        case notShared:
            text =
                "Let the owner of \(list: facts.group.resources.map(\.value), limit: 2) share it with account \(facts.principal.account), or use one that is shared. No policy of account \(facts.principal.account) can allow it."
        default:
            text =
                "Let the management account of the organization make account \(facts.principal.account) a delegated administrator again, or allow \(facts.group.action) in the organization's delegation policy; or make the call in the management account."
        }
        if let change {
            text +=
                "\(change.person.ask) whether removing it was intentional."
        }
        let commands = change.map { ChangeCommands.commands(for: $0) } ?? []
        return Remedy(commands.isEmpty ? .setting : .command, text, commands: commands)
    }
}

extension TrailChange {
    /// To whom Lake Formation granted, or from whom it took: an ARN, or `IAM_ALLOWED_PRINCIPALS`.
    var grantee: String? {
        parameters?.member(ignoringCase: "principal")?.member(ignoringCase: "dataLakePrincipalIdentifier")?.stringValue
            ?? change.target
    }

    /// The table of a grant in Lake Formation; `nil` where it is about a database, or about all tables of one.
    fileprivate var grantedTable: String? {
        let resource = parameters?.member(ignoringCase: "resource")
        return ["table", "tableWithColumns"].lazy.compactMap { resource?.member(ignoringCase: $0) }.first?
            .member(ignoringCase: "name")?.stringValue
    }

    /// The accounts and groups that an image is no longer shared with.
    var sharingEnded: [String] {
        edits.filter { $0.lane.kind == .grants }.compactMap {
            if case .remove(let who) = $0.operation { who } else { nil }
        }
    }

    fileprivate func endsSharing(with account: String) -> Bool {
        sharingEnded.contains { $0 == account || $0 == "all" }
    }

    /// Whom a grant of a service's own was made to or taken from.
    var grantSubject: Subject? {
        switch change.eventSource {
        case "lakeformation.amazonaws.com":
            guard let grantee else { return nil }
            return PrincipalName(grantee).holder.map(Subject.holder) ?? .resource(grantee)
        case "ec2.amazonaws.com": return change.target.map { .resource($0) }
        default: return organizationTarget.map { .account($0) }
        }
    }

    /// What happened to such a grant, for a sentence.
    var serviceGrantSummary: Prose {
        let actor = author
        switch changeName {
        case .grantPermissions, .revokePermissions:
            let verb = changeName == .grantPermissions ? "granted" : "revoked"
            let permissions = (parameters?.member(ignoringCase: "permissions")?.elements ?? []).compactMap(
                \.stringValue)
            let what: Prose = permissions.isEmpty ? "permissions" : "\(list: permissions, limit: 3)"
            let place: Prose = grantedTable.map { " on table \($0)" } ?? ""
            let who: Prose = grantee.map { PrincipalName($0).shown } ?? "?"
            return
                "\(actor) \(words: verb) Lake Formation's \(what)\(place) \(words: verb == "granted" ? "to" : "from") \(who)"
        case .modifyImageAttribute:
            return sharingEnded.isEmpty
                ? "\(actor) shared image \(change.target ?? "?")"
                : "\(actor) stopped sharing image \(change.target ?? "?") with \(list: sharingEnded, limit: 3)"
        case .deregisterDelegatedAdministrator:
            return
                "\(actor) removed account \(organizationTarget ?? "?") as delegated administrator of \(parameter("servicePrincipal") ?? "a service")"
        default:
            return
                "\(actor) made account \(organizationTarget ?? "?") delegated administrator of \(parameter("servicePrincipal") ?? "a service")"
        }
    }
}
