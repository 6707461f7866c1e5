import AccessDenial
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import TrailStore

/// The permission sets of IAM Identity Center, as far as the trail tells which one a role is made of and when a change of it
/// reached the role.
///
/// The role bears the set's name (`AWSReservedSSO_NAME_HASH`), the events bear its ARN; only the event that created the set tells
/// that the two belong together. A change reaches an account's role when the set is provisioned to it.
/// Source: "Permission sets" in the IAM Identity Center user guide; ProvisionPermissionSet in its API reference.
struct PermissionSets {
    /// How surely a permission set is the one that the role is made of.
    enum Match { case certain, possible }

    /// The name of the set that the role is made of.
    let name: String
    private let account: String
    /// The names of sets by their ARNs.
    private var names: [String: String] = [:]
    /// What wrote a set, by its ARN, into the role's account, in order of time.
    private var provisionings: [String: [TrailChange]] = [:]

    /// The sets around a role; `nil` for any other principal.
    init?(around principal: PrincipalName, changes: [TrailChange]) {
        guard case .permissionSet(let name)? = ProtectedRole.owner(of: principal) else { return nil }
        self.name = name
        account = principal.account
        for change in changes where change.rule?.target == .permissionSet {
            switch change.change.eventName {
            case "CreatePermissionSet":
                if let arn = change.permissionSetARN { names[arn] = change.parameter("name") }
            case "ProvisionPermissionSet":
                let isEverywhere = change.parameter("targetType") == "ALL_PROVISIONED_ACCOUNTS"
                guard isEverywhere || change.parameter("targetId") == account, let arn = change.permissionSetARN else {
                    continue
                }
                provisionings[arn, default: []].append(change)
            default: break
            }
        }
    }

    /// Whether a change is of the set that the role is made of; `nil` where it is of another one.
    func match(_ change: TrailChange) -> Match? {
        guard let arn = change.permissionSetARN else { return nil }
        if let known = names[arn] { return known == name ? .certain : nil }
        // A name is one set's.
        return names.values.contains(name) ? nil : .possible
    }

    /// What made a change hold for the role: the set was provisioned to its account; `nil` where that did not happen up to a moment.
    func provisioning(of change: TrailChange, until moment: String) -> TrailChange? {
        // An assignment works at once.
        if change.change.eventName == "DeleteAccountAssignment" {
            return change.parameter("targetId") == account && change.time <= moment ? change : nil
        }
        let provisionings = change.permissionSetARN.flatMap { self.provisionings[$0] } ?? []
        return provisionings.first { $0.time >= change.time }.flatMap { $0.time <= moment ? $0 : nil }
    }

    /// How a change came to the role, and what is not known about it.
    func story(_ change: TrailChange, until moment: String) -> Prose {
        var text: Prose = ""
        if let provisioned = provisioning(of: change, until: moment), provisioned != change {
            text +=
                "It came to account \(account) when the permission set was provisioned, at \(time: provisioned.time)."
        }
        if match(change) == .possible {
            text +=
                "The trail does not show whether this is permission set \(name), from which the role is made, so this is only a possible cause."
        }
        return text
    }
}

extension TrailChange {
    /// The permission set that the event is about.
    var permissionSetARN: String? {
        guard rule?.target == .permissionSet else { return nil }
        return parameter("permissionSetArn")
            ?? response?.member(ignoringCase: "permissionSet")?.member(ignoringCase: "permissionSetArn")?.stringValue
            ?? change.target
    }
}
