import AccessDenial
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import RecordedCalls
package import RecordedChanges
package import TrailStore

/// What services grant by themselves, beside IAM's policies: Lake Formation's permissions, the accounts that an image is shared
/// with, the accounts that administer a service for their organization.
///
/// Source: "Lake Formation permissions reference", "Share an AMI with specific AWS accounts" in the EC2 user guide, "Delegated
/// administrator for AWS services that work with Organizations" in the Organizations user guide.
package enum ServiceGrants {
    /// Whether AWS gave a reason that such a grant alone decides, and no policy of IAM's.
    package static func isReason(_ facts: GroupFacts) -> Bool {
        [lakeFormation, notShared].contains(facts.group.reason.slug)
    }

    package static let lakeFormation = "lake-formation-permissions"
    package static let notShared = "resource-not-shared"

    /// Everybody whom IAM's policies allow it, to Lake Formation.
    private static let allPrincipals = "IAM_ALLOWED_PRINCIPALS"

    /// Whom changes of such grants are made on beside the group's own principal, account and resources.
    package static func subjects(_ group: DenialGroup) -> [TrailChange.Subject] {
        switch group.reason.slug {
        case lakeFormation: [.resource(allPrincipals)] + named(group).map { .resource($0) }
        case notShared: group.resources.flatMap { images(in: $0.value) }.map { .resource($0) }
        default: []
        }
    }

    /// The tables and databases that the messages end in: `Insufficient Lake Formation permission(s): Required Describe on orders`.
    private static func named(_ group: DenialGroup) -> [String] {
        let names = group.evidence.compactMap(\.errorMessage).compactMap {
            $0.contains(" on ") ? $0.split(whereSeparator: { " .".contains($0) }).last.map(String.init) : nil
        }
        return Set(names).sorted()
    }

    /// The ids in `[ami-1, ami-2]`.
    private static func images(in text: String) -> [String] {
        text.split(whereSeparator: { "[], ".contains($0) }).map(String.init)
    }

    /// Whether any change of such a grant can reach the refused calls.
    static func mayReach(_ facts: GroupFacts) -> Bool { isReason(facts) || facts.servicePrefix == "organizations" }

    /// Whether a change of such a grant reaches the refused calls.
    package static func reaches(_ change: TrailChange, _ facts: GroupFacts) -> Bool {
        switch change.change.eventSource {
        case "lakeformation.amazonaws.com":
            guard facts.group.reason.slug == lakeFormation, let grantee = change.grantee else { return false }
            return grantee == allPrincipals
                ? facts.principal.account == change.account : PrincipalName(grantee).isSame(as: facts.principal)
        case "glue.amazonaws.com":
            return facts.group.reason.slug == lakeFormation && deletes(change, facts)
        case "ec2.amazonaws.com":
            guard facts.group.reason.slug == notShared, let image = change.change.target else { return false }
            return facts.group.resources.contains { images(in: $0.value).contains(image) }
        case "organizations.amazonaws.com":
            return facts.servicePrefix == "organizations" && change.organizationTarget == facts.principal.account
                && [nil, .resourceBased].contains(facts.group.reason.policyType)
        default: return false
        }
    }

    /// Whether a change took what the call needs, as far as its record tells.
    package static func verdict(_ change: TrailChange, _ facts: GroupFacts) -> Counterfactual.Verdict {
        let isTaken: Bool?
        switch change.change.eventSource {
        case "lakeformation.amazonaws.com":
            let named = named(facts.group)
            isTaken = named.isEmpty ? nil : change.grantedTable.map(named.contains)
        case "glue.amazonaws.com":
            // What was granted since stands.
            if granted(since: change, facts) { return .innocent }
            isTaken = facts.lastSuccessBefore != nil || !lost(with: change, facts).isEmpty ? true : nil
        case "ec2.amazonaws.com":
            let lost = change.sharingEnded.contains { $0 == facts.principal.account || $0 == "all" }
            isTaken = change.parameters == nil ? nil : lost
        default: isTaken = nil
        }
        return isTaken.map { $0 ? .decisive(isExact: false) : .innocent } ?? .untold(policy: "")
    }
}

// MARK: - Tables that were made anew

extension ServiceGrants {
    /// Whether a table or database was deleted that the refused calls were on.
    private static func deletes(_ change: TrailChange, _ facts: GroupFacts) -> Bool {
        guard let name = change.change.target, named(facts.group).contains(name),
            facts.group.accounts.contains(where: { $0.value == change.account }),
            facts.group.regions.contains(where: { $0.value == change.change.awsRegion })
        else { return false }
        // Another database may have a table of that name.
        guard let database = change.parameter("databaseName") else { return true }
        return facts.requests.denied.all.allSatisfy {
            $0.observed.call.parameterText("databaseName").map { $0.lowercased() == database.lowercased() } ?? true
        }
    }

    /// What the principal had been granted on a table by its name until that was deleted, as far as the trail tells.
    package static func lost(with deletion: TrailChange, _ facts: GroupFacts) -> [String] {
        var held: Set<String> = []
        for change in facts.changes(after: "", upTo: deletion.time) where isOn(deletion, change, facts) {
            let permissions = change.parameters?.member(ignoringCase: "permissions")?.elements ?? []
            let named = permissions.compactMap(\.stringValue)
            switch change.changeName {
            case .grantPermissions: held.formUnion(named)
            case .revokePermissions: held.subtract(named)
            default: break
            }
        }
        return held.sorted()
    }

    /// Whether the principal was granted something, or lost it, on the very table that was deleted.
    private static func isOn(_ deletion: TrailChange, _ change: TrailChange, _ facts: GroupFacts) -> Bool {
        guard change.change.eventSource == "lakeformation.amazonaws.com", let table = change.grantedTable,
            table == deletion.change.target
        else { return false }
        return change.grantedDatabase == deletion.parameter("databaseName")
            && change.account == deletion.account && change.change.awsRegion == deletion.change.awsRegion
            && change.grantee.map { PrincipalName($0).isSame(as: facts.principal) } ?? false
    }

    /// Whether the principal was granted something on what a deletion took away, between it and the first denial.
    private static func granted(since deletion: TrailChange, _ facts: GroupFacts) -> Bool {
        facts.changes(after: deletion.time, upTo: facts.group.firstSeen).contains { change in
            change.changeName == .grantPermissions && isOn(deletion, change, facts)
        }
    }

    /// What was created under the name of a table or database that was deleted, up to the last denial.
    package static func creation(after deletion: TrailChange, _ facts: GroupFacts) -> TrailChange? {
        guard let name = deletion.change.target, deletion.change.eventSource == "glue.amazonaws.com" else { return nil }
        return facts.trail.settings(of: name).first { one in
            one.change.eventSource == "glue.amazonaws.com" && one.time > deletion.time
                && one.time <= facts.group.lastSeen
                && one.account == deletion.account && one.change.awsRegion == deletion.change.awsRegion
                && one.parameter("databaseName") == deletion.parameter("databaseName")
        }
    }
}
