import OrderedJSON
import PolicyTimeline
import TrailStore
package import Wording

extension TrailChange {
    /// To whom Lake Formation granted, or from whom it took: an ARN, or `IAM_ALLOWED_PRINCIPALS`.
    package var grantee: String? {
        parameters?.member(ignoringCase: "principal")?.member(ignoringCase: "dataLakePrincipalIdentifier")?.stringValue
            ?? change.target
    }

    /// The table of a grant in Lake Formation; `nil` where it is about a database, or about all tables of one.
    package var grantedTable: String? { granted?.member(ignoringCase: "name")?.stringValue }

    /// The database of that table.
    package var grantedDatabase: String? { granted?.member(ignoringCase: "databaseName")?.stringValue }

    private var granted: JSONValue? {
        let resource = parameters?.member(ignoringCase: "resource")
        return ["table", "tableWithColumns"].lazy.compactMap { resource?.member(ignoringCase: $0) }.first
    }

    /// The accounts and groups that an image is no longer shared with.
    package var sharingEnded: [String] {
        edits.filter { $0.lane.kind == .grants }.compactMap {
            if case .remove(let who) = $0.operation { who } else { nil }
        }
    }

    /// Whom a grant of a service's own was made to or taken from.
    package var grantSubject: Subject? {
        switch change.eventSource {
        case "lakeformation.amazonaws.com":
            guard let grantee else { return nil }
            return PrincipalName(grantee).holder.map(Subject.holder) ?? .resource(grantee)
        case "ec2.amazonaws.com", "glue.amazonaws.com": return change.target.map { .resource($0) }
        default: return organizationTarget.map { .account($0) }
        }
    }

    /// What happened to such a grant, for a sentence.
    package var serviceGrantSummary: Prose {
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
        case _ where change.eventSource == "glue.amazonaws.com":
            let kind = change.eventName.dropFirst("Delete".count).lowercased()
            return
                "\(actor) deleted \(words: kind) \(change.target ?? "?"), and Lake Formation's grants on it by its name with it"
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
