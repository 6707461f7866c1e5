import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore

/// The policies of one principal at one moment, as far as changes in the trail tell.
///
/// A trail shows changes, not states: what was attached before the archive began and never touched since is unknown, so an
/// empty list never means "no policy". What was taken away later must have been there before, and is counted as present.
struct PolicyHistory {
    /// One policy that held at the moment, with the event that tells its content.
    struct Known: Hashable {
        /// For a sentence: an inline policy's name or a managed policy's ARN.
        var name: String
        var document: PolicyDocument
        var change: TrailChange
    }

    /// Groups that the user was in.
    var groups: [String] = []
    /// Managed policies attached to the principal or one of its groups.
    var attachedPolicies: [String] = []
    var boundary: String?
    /// Documents of identity-based policies whose content the trail holds.
    var documents: [Known] = []
    /// Whether the trail shows all from the beginning, so that there are no policies but these.
    var isWhole = false

    /// Managed policies of whose text is not in the trail.
    var unreadPolicies: [String] { attachedPolicies.filter { arn in !documents.contains { $0.name == arn } } }

    /// The history of a principal up to a moment (inclusive).
    ///
    /// - Parameters:
    ///   - changes: every change that concerns the principal, its groups and its policies, in order of time.
    ///   - moment: ISO 8601 UTC text.
    init(of principal: PrincipalName, at moment: String, changes: [TrailChange]) {
        // What was made on a predecessor of the same name went with that one.
        let birth = PrincipalLife.creation(of: principal, until: moment, changes: changes)?.time ?? ""
        let own = changes.filter { $0.concerns(principal) && $0.time >= birth }
        groups = Self.present(
            own.filter { $0.rule?.target == .membership }, at: moment, key: \.groupName,
            adds: ["AddUserToGroup"], removes: ["RemoveUserFromGroup"])
        let groupNames = Set(groups)
        let direct = changes.filter { change in
            if change.rule?.target == .group {
                return change.account == principal.account && change.groupName.map(groupNames.contains) ?? false
            }
            return change.concerns(principal) && change.time >= birth
        }
        (attachedPolicies, documents) = Self.policies(direct, at: moment, changes: changes)
        // There is one boundary at most: the latest event about it tells. One that was put in place later may have replaced any.
        for change in own where change.time <= moment {
            switch change.change.eventName {
            case "PutRolePermissionsBoundary", "PutUserPermissionsBoundary": boundary = change.policyARN
            case "CreateRole", "CreateUser": boundary = change.parameter("permissionsBoundary")
            case "DeleteRolePermissionsBoundary", "DeleteUserPermissionsBoundary": boundary = nil
            default: break
            }
        }
    }

    /// The history of a group's policies up to a moment (inclusive).
    init(ofGroup name: String, account: String, at moment: String, changes: [TrailChange]) {
        let own = changes.filter { $0.rule?.target == .group && $0.account == account && $0.groupName == name }
        (attachedPolicies, documents) = Self.policies(own, at: moment, changes: changes)
        isWhole = own.contains { $0.change.eventName == "CreateGroup" && $0.time <= moment }
    }

    /// The managed policies of changes made on one principal or group, and the documents of all of its policies.
    private static func policies(_ direct: [TrailChange], at moment: String, changes: [TrailChange])
        -> ([String], [Known])
    {
        // One policy may be attached to the user and to several of its groups.
        let attachments = present(
            direct, at: moment, key: { change in change.policyARN.map { "\(change.groupName ?? "") \($0)" } },
            adds: ["AttachRolePolicy", "AttachUserPolicy", "AttachGroupPolicy"],
            removes: ["DetachRolePolicy", "DetachUserPolicy", "DetachGroupPolicy"])
        var attached: [String] = []
        for attachment in attachments {
            let arn = String(attachment.drop { $0 != " " }.dropFirst())
            if !attached.contains(arn) { attached.append(arn) }
        }
        var documents: [Known] = []
        var inline: [String: TrailChange] = [:]
        for change in direct where change.time <= moment {
            guard let name = change.inlinePolicyName else { continue }
            // Inline policies of a user and of its groups may bear the same name.
            let key = "\(change.groupName ?? "") \(name)"
            switch change.change.eventName {
            case "PutRolePolicy", "PutUserPolicy", "PutGroupPolicy": inline[key] = change
            case "DeleteRolePolicy", "DeleteUserPolicy", "DeleteGroupPolicy": inline[key] = nil
            default: break
            }
        }
        for change in inline.values {
            guard let name = change.inlinePolicyName, let document = change.document else { continue }
            documents.append(Known(name: name, document: document, change: change))
        }
        for arn in attached {
            guard let change = defaultVersion(of: arn, at: moment, changes: changes),
                let document = change.document
            else { continue }
            documents.append(Known(name: arn, document: document, change: change))
        }
        documents.sort { ($0.change.time, $0.change.change.eventID) < ($1.change.time, $1.change.change.eventID) }
        return (attached, documents)
    }

    /// The event that tells the content of an organization's policy at a moment; `nil` when the trail does not.
    static func organizationPolicy(_ id: String, at moment: String, changes: [TrailChange]) -> TrailChange? {
        changes.last {
            $0.rule?.target == .organizationPolicy && $0.organizationPolicyID == id && $0.time <= moment
                && $0.document != nil
        }
    }

    /// The event that tells the content of a managed policy's default version at a moment; `nil` when the trail does not.
    static func defaultVersion(of arn: String, at moment: String, changes: [TrailChange]) -> TrailChange? {
        var versions: [String: TrailChange] = [:]
        var current: TrailChange?
        for change in changes where change.time <= moment && change.policyARN == arn {
            switch change.change.eventName {
            case "CreatePolicy":
                versions["v1"] = change
                current = change
            case "CreatePolicyVersion":
                if let id = change.versionID { versions[id] = change }
                if !change.keepsDefaultVersion { current = change }
            case "SetDefaultPolicyVersion":
                current = change.versionID.flatMap { versions[$0] }
            default: break
            }
        }
        return current
    }

    /// What was there at a moment: added and not removed before it; or removed after it without having been added in between.
    private static func present(
        _ changes: [TrailChange], at moment: String, key: (TrailChange) -> String?, adds: Set<String>,
        removes: Set<String>
    ) -> [String] {
        var isPresent: [String: Bool] = [:]
        var order: [String] = []
        for change in changes {
            let isAdding = adds.contains(change.change.eventName)
            guard isAdding || removes.contains(change.change.eventName), let name = key(change) else { continue }
            if isPresent[name] == nil { order.append(name) }
            if change.time <= moment {
                isPresent[name] = isAdding
            } else if isPresent[name] == nil {
                isPresent[name] = !isAdding
            }
        }
        return order.filter { isPresent[$0] == true }
    }
}

extension TrailChange {
    /// Whether the change is made on this very role or user.
    func concerns(_ principal: PrincipalName) -> Bool {
        guard account.isEmpty || account == principal.account else { return false }
        switch rule?.target {
        case .role, .trust: return principal.kind == .role && roleName == principal.name
        case .user, .membership, .accessKey: return principal.kind == .user && userName == principal.name
        case .group, .managedPolicy, .organizationPolicyTarget, .organizationPolicy, .account, .endpoint, .resource,
            .workload, .permissionSet, .identityProvider, .publicAccess, .serviceGrant, nil:
            return false
        }
    }
}
