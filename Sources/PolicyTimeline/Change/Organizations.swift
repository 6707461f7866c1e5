import IAMPolicy
import OrderedJSON

/// AWS Organizations: service and resource control policies, where they are attached, and the tree of units and accounts as far as
/// events tell it.
///
/// Source: the AWS Organizations API reference; "Logging AWS Organizations API calls with AWS CloudTrail" in its user guide.
enum Organizations: ChangeReader {
    static let services = ["organizations"]
    static let events: [String: @Sendable (inout ChangeReading) -> Void] = [
        "CreatePolicy": writePolicy, "UpdatePolicy": writePolicy,
        "DeletePolicy": { reading in
            guard let policy = reading.organizationPolicy else { return }
            reading.clear(policy, [.existence, .policy, .settings])
        },
        "AttachPolicy": { reading in
            guard let id = reading.organizationPolicyID, let target = reading.text("targetId") else { return }
            reading.add(.organizationTarget(target), .organizationPolicies, .set(id, .present))
        },
        "DetachPolicy": { reading in
            guard let id = reading.organizationPolicyID, let target = reading.text("targetId") else { return }
            reading.add(.organizationTarget(target), .organizationPolicies, .remove(id))
        },
        "EnablePolicyType": changeType, "DisablePolicyType": changeType,
        "CreateOrganizationalUnit": { reading in
            guard let unit = reading.text("<organizationalUnit.id") else { return }
            reading.add(.organizationTarget(unit), .existence, .replaceAll(["": .present]))
            if let parent = reading.text("parentId") {
                reading.add(.organizationTarget(unit), .parent, .replaceAll(["": .text(parent)]))
            }
            reading.add(.organizationTarget(unit), .organizationPolicies, .replaceAll(defaultPolicies))
        },
        "DeleteOrganizationalUnit": { reading in
            guard let unit = reading.text("organizationalUnitId") else { return }
            reading.clear(.organizationTarget(unit), [.existence, .parent, .organizationPolicies])
        },
        "MoveAccount": { reading in
            guard let account = reading.text("accountId") else { return }
            let parent = reading.text("destinationParentId")
            reading.add(
                .organizationTarget(account), .parent, parent.map { .replaceAll(["": .text($0)]) } ?? .blur(""))
        },
        "CreateAccount": join, "CreateGovCloudAccount": join, "CreateAccountResult": join, "AcceptHandshake": join,
        "InviteAccountToOrganization": { _ in },
        "RemoveAccountFromOrganization": leave, "LeaveOrganization": leave, "CloseAccount": { _ in },
        "CreateOrganization": { reading in
            guard let id = reading.text("<organization.id") else { return }
            reading.add(.account(reading.account), .organization, .replaceAll(["": .text(id), "management": .present]))
            if let features = reading.text("<organization.featureSet", "featureSet") {
                reading.add(.account(reading.account), .settings, .set("featureSet", .text(features)))
            }
        },
        "DeleteOrganization": { reading in
            reading.add(.account(reading.account), .organization, .replaceAll([:]))
        },
        "EnableAllFeatures": { reading in
            reading.add(.account(reading.account), .settings, .set("featureSet", .text("ALL")))
        },
        "RegisterDelegatedAdministrator": delegate, "DeregisterDelegatedAdministrator": delegate,
        "PutResourcePolicy": { reading in
            reading.write(.organization(reading), .policy, reading.asked("content"))
        },
        "DeleteResourcePolicy": { reading in
            reading.add(.organization(reading), .policy, .replaceAll([:]))
        },
    ]

    /// What AWS attaches to everything as soon as a policy type is on.
    static let fullAccess = "p-FullAWSAccess"
    /// The same of resource control policies; it cannot be detached.
    static let fullResourceAccess = "p-RCPFullAWSAccess"
    private static let defaultPolicies: [String: Value] = [fullAccess: .present, fullResourceAccess: .present]
    /// What stands above an account whose event does not tell the root.
    static let belowRoot: (key: String, value: Value) = ("", .text("root"))

    /// The setting of a root that tells whether a type of policies is on.
    static func setting(ofType type: String) -> String { "policy type \(type)" }

    private static func writePolicy(_ reading: inout ChangeReading) {
        guard let policy = reading.organizationPolicy else { return }
        let isNew = reading.name == "CreatePolicy"
        if isNew { reading.add(policy, .existence, .replaceAll(["": .present])) }
        if let type = reading.text("type", "<policy.policySummary.type") {
            reading.add(policy, .settings, .set("type", .text(type)))
        }
        if let name = reading.text("name", "<policy.policySummary.name") {
            reading.add(policy, .settings, .set("name", .text(name)))
        }
        // An update without a text leaves the text alone; the answer tells it then.
        if let content = reading.asked("content") ?? reading.answered("policy.content") {
            reading.add(policy, .policy, .replaceAll(["": .document(DocumentText(content))]))
        } else if isNew || reading.isCut {
            reading.add(policy, .policy, .replaceAll(["": .document(.unknown)]))
        }
    }

    /// A type that is off has no policies anywhere; one that is on again has AWS's own everywhere: see `OrganizationLanes`.
    private static func changeType(_ reading: inout ChangeReading) {
        guard let root = reading.text("rootId"), let type = reading.text("policyType") else { return }
        let isOn = reading.name == "EnablePolicyType"
        reading.add(.organizationTarget(root), .settings, .set(setting(ofType: type), .text(isOn ? "on" : "off")))
    }

    private static func join(_ reading: inout ChangeReading) {
        if reading.name == "AcceptHandshake" {
            // Members agree to other things than an invitation, too.
            if let action = reading.text("<handshake.action"), action != "INVITE" { return }
            let parties = reading.answered("handshake.parties")?.elements ?? []
            let organization = parties.prefix(ChangeReading.listLimit).first {
                $0.member(ignoringCase: "type")?.stringValue == "ORGANIZATION"
            }
            let invited = parties.prefix(ChangeReading.listLimit).first {
                $0.member(ignoringCase: "type")?.stringValue == "ACCOUNT"
            }
            let account = ChangeReading.text(invited?.member(ignoringCase: "id")) ?? reading.account
            let id = ChangeReading.text(organization?.member(ignoringCase: "id")).map {
                $0.hasPrefix("o-") ? $0 : "o-\($0)"
            }
            joined(account, organization: id, &reading)
        } else if let account = reading.text("<createAccountStatus.accountId") {
            joined(account, organization: nil, &reading)
        }
    }

    private static func joined(_ account: String, organization: String?, _ reading: inout ChangeReading) {
        reading.add(
            .account(account), .organization, .replaceAll(["": organization.map(Value.text) ?? .present]))
        // It stands below the root until somebody moves it; which root that is the event does not tell.
        reading.add(.organizationTarget(account), .parent, .replaceAll([belowRoot.key: belowRoot.value]))
        reading.add(.organizationTarget(account), .organizationPolicies, .replaceAll(defaultPolicies))
    }

    private static func leave(_ reading: inout ChangeReading) {
        guard let account = reading.text("accountId") ?? (reading.account.isEmpty ? nil : reading.account) else {
            return
        }
        reading.add(.account(account), .organization, .replaceAll([:]))
        reading.clear(.organizationTarget(account), [.parent, .organizationPolicies])
    }

    private static func delegate(_ reading: inout ChangeReading) {
        guard let account = reading.text("accountId"), let service = reading.text("servicePrincipal") else { return }
        let isGone = reading.name.hasPrefix("Deregister")
        reading.add(.account(account), .grants, isGone ? .remove(service) : .set(service, .present))
    }
}

extension ChangeReading {
    var organizationPolicyID: String? {
        guard let text = text("policyId", "<policy.policySummary.id", "<policy.policySummary.arn") else { return nil }
        return String(text.split(separator: "/").last ?? "")
    }

    fileprivate var organizationPolicy: Holder? { organizationPolicyID.map(Holder.organizationPolicy) }
}

extension Holder {
    fileprivate static func organization(_ reading: ChangeReading) -> Holder {
        Holder(.resource, service: "organizations", account: reading.account, "organization")
    }
}
