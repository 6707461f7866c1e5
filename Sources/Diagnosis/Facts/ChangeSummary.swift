import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore

extension TrailChange {
    /// The change in one sentence: who did what to whom.
    var summary: Prose {
        let actor = author
        let user = userName ?? "?"
        let role = roleName ?? "?"
        let group = groupName ?? "?"
        let policy = policyARN ?? inlinePolicyName ?? "a policy"
        let inline: Prose = inlinePolicyName.map { "inline policy \($0)" } ?? "an inline policy"
        switch change.eventName {
        case "AttachRolePolicy": return "\(actor) attached \(policy) to role \(role)"
        case "DetachRolePolicy": return "\(actor) detached \(policy) from role \(role)"
        case "PutRolePolicy": return "\(actor) wrote \(inline) of role \(role)"
        case "DeleteRolePolicy": return "\(actor) deleted \(inline) of role \(role)"
        case "AttachUserPolicy": return "\(actor) attached \(policy) to user \(user)"
        case "DetachUserPolicy": return "\(actor) detached \(policy) from user \(user)"
        case "PutUserPolicy": return "\(actor) wrote \(inline) of user \(user)"
        case "DeleteUserPolicy": return "\(actor) deleted \(inline) of user \(user)"
        case "AttachGroupPolicy": return "\(actor) attached \(policy) to group \(group)"
        case "DetachGroupPolicy": return "\(actor) detached \(policy) from group \(group)"
        case "PutGroupPolicy": return "\(actor) wrote \(inline) of group \(group)"
        case "DeleteGroupPolicy": return "\(actor) deleted \(inline) of group \(group)"
        case "AddUserToGroup": return "\(actor) added user \(user) to group \(group)"
        case "RemoveUserFromGroup": return "\(actor) removed user \(user) from group \(group)"
        case "PutRolePermissionsBoundary": return "\(actor) set \(policy) as permissions boundary of role \(role)"
        case "DeleteRolePermissionsBoundary": return "\(actor) removed the permissions boundary of role \(role)"
        case "PutUserPermissionsBoundary": return "\(actor) set \(policy) as permissions boundary of user \(user)"
        case "DeleteUserPermissionsBoundary": return "\(actor) removed the permissions boundary of user \(user)"
        case "CreatePolicyVersion":
            let version: Prose = versionID.map { " (\($0))" } ?? ""
            return "\(actor) wrote a new default version\(version) of \(policy)"
        case "SetDefaultPolicyVersion":
            return "\(actor) made \(versionID ?? "another version") the default version of \(policy)"
        case "UpdateAssumeRolePolicy": return "\(actor) wrote the trust policy of role \(role)"
        case "DeleteRole", "DeleteServiceLinkedRole": return "\(actor) deleted role \(role)"
        case "DeleteUser": return "\(actor) deleted user \(user)"
        case "CreateRole": return "\(actor) created role \(role)"
        case "CreateGroup": return "\(actor) created group \(group)"
        case "CreateUser": return "\(actor) created user \(user)"
        case "TagRole", "TagUser":
            return "\(actor) set the tags \(list: tagKeys.sorted(), limit: 3) of \(taggedOne)"
        case "UntagRole", "UntagUser":
            return "\(actor) took the tags \(list: tagKeys.sorted(), limit: 3) from \(taggedOne)"
        case "AttachPolicy":
            return "\(actor) attached policy \(organizationPolicyID ?? "?") to \(organizationTarget ?? "?")"
        case "DetachPolicy":
            return "\(actor) detached policy \(organizationPolicyID ?? "?") from \(organizationTarget ?? "?")"
        case "UpdatePolicy": return "\(actor) wrote policy \(organizationPolicyID ?? "?") of the organization"
        case "MoveAccount":
            let to: Prose = parameter("destinationParentId").map { " to \($0)" } ?? ""
            return "\(actor) moved account \(organizationTarget ?? "?")\(to) in the organization"
        case "CreateOpenIDConnectProvider", "CreateSAMLProvider":
            return "\(actor) created identity provider \(providerARN ?? "?")"
        case "DeleteOpenIDConnectProvider", "DeleteSAMLProvider":
            return "\(actor) deleted identity provider \(providerARN ?? "?")"
        case "AddClientIDToOpenIDConnectProvider":
            return "\(actor) gave identity provider \(providerARN ?? "?") the client id \(parameter("clientID") ?? "?")"
        case "RemoveClientIDFromOpenIDConnectProvider":
            return
                "\(actor) removed client id \(parameter("clientID") ?? "?") from identity provider \(providerARN ?? "?")"
        case "UpdateOpenIDConnectProviderThumbprint":
            return "\(actor) changed the thumbprint of identity provider \(providerARN ?? "?")"
        case "UpdateSAMLProvider": return "\(actor) changed the metadata of identity provider \(providerARN ?? "?")"
        case "ModifyVpcEndpoint": return "\(actor) changed VPC endpoint \(endpointID ?? "?")"
        case "CreateVpcEndpoint": return "\(actor) created VPC endpoint \(endpointID ?? "?")"
        case "AcceptHandshake": return "\(actor) let account \(organizationTarget ?? "?") join an organization"
        case "LeaveOrganization", "RemoveAccountFromOrganization":
            return "\(actor) took account \(organizationTarget ?? "?") out of its organization"
        case "DeleteVpcEndpoints": return "\(actor) deleted VPC endpoint \(endpointID ?? "?")"
        case "DeletePolicy" where rule?.target == .managedPolicy: return "\(actor) deleted \(policy)"
        case "DeletePolicyVersion" where rule?.target == .managedPolicy:
            return "\(actor) deleted version \(versionID ?? "?") of \(policy)"
        case "DeleteGroup": return "\(actor) deleted group \(group)"
        case "UpdateAccessKey":
            let state: Prose = activatesKey ? "active" : "inactive"
            return "\(actor) made access key \(parameter("accessKeyId") ?? "?") of user \(user) \(state)"
        case "DeleteAccessKey":
            return "\(actor) deleted access key \(parameter("accessKeyId") ?? "?") of user \(user)"
        case "AddRoleToInstanceProfile": return "\(actor) put role \(role) into \(workload)"
        case "RemoveRoleFromInstanceProfile": return "\(actor) took role \(role) out of \(workload)"
        case "SetIdentityPoolRoles":
            return "\(actor) gave \(workload) the roles \(list: poolRoles.map(\.name), limit: 2)"
        case "UpdateFunctionConfiguration", "UpdateFunctionConfiguration20150331v2", "RegisterTaskDefinition",
            "CreateStateMachine", "UpdateStateMachine", "CreatePodIdentityAssociation", "UpdatePodIdentityAssociation":
            return "\(actor) made \(workload) run under \(workloadRole?.arn ?? "another role")"
        case "ReplaceIamInstanceProfileAssociation", "AssociateIamInstanceProfile":
            return "\(actor) gave \(workload) the instance profile \(workloadRole?.name ?? "?")"
        case "UpdateService":
            return
                "\(actor) moved service \(parameter("service") ?? "?") to task definition \(parameter("taskDefinition") ?? "?")"
        default:
            if let summary = resourceSummary { return summary }
            if rule?.target == .publicAccess { return publicAccessSummary }
            if rule?.target == .serviceGrant { return serviceGrantSummary }
            if rule?.target == .permissionSet {
                return "\(actor) called \(change.eventName) on a permission set of IAM Identity Center"
            }
            let target = functionResource.map(CallTarget.name(in:)) ?? resource ?? change.target ?? "?"
            if rule?.target == .resource { return "\(actor) \(resourceVerb(target))" }
            return "\(actor) called \(change.eventName) on \(target)"
        }
    }

    private var taggedOne: Prose {
        roleName.map { "role \($0)" } ?? "user \(userName ?? "?")"
    }

    /// What was done to the policy of a resource, or to a grant of a key.
    private func resourceVerb(_ name: String) -> Prose {
        let kind = change.targetType.flatMap(PermissionChangeTarget.TargetType.init(rawValue:))
        let target: Prose = kind.map { "\(words: $0.rawValue) \(name)" } ?? "\(name)"
        if rule?.direction == .touchesConditions { return "called \(change.eventName) on \(target)" }
        if isRevocation { return "ended a grant of key \(name) (\(change.eventName))" }
        if change.eventName == "CreateGrant" { return "granted the use of key \(name)" }
        if emptiesPolicy || change.eventName.hasPrefix("Delete") { return "deleted the policy of \(target)" }
        if let label = removedStatement { return "took statement \(label) out of the policy of \(target)" }
        if addsStatement {
            return "added a statement to the policy of \(target)"
        }
        return "wrote the policy of \(target)"
    }

    /// What runs under a role, for a sentence: `function notify`.
    var workload: Prose {
        switch change.eventSource {
        case "lambda.amazonaws.com": "function \(workloadName ?? "?")"
        case "ecs.amazonaws.com": "tasks of \(workloadName ?? "?")"
        case "states.amazonaws.com": "state machine \(workloadName ?? "?")"
        case "eks.amazonaws.com": "pods of \(parameter("serviceAccount") ?? workloadName ?? "?")"
        case "cognito-identity.amazonaws.com": "identity pool \(workloadName ?? "?")"
        case "iam.amazonaws.com": "instance profile \(workloadName ?? "?")"
        default: "instance \(workloadName ?? "?")"
        }
    }

    /// The change as evidence.
    var evidence: Evidence {
        knownEvidence.value {
            Evidence(
                eventID: change.eventID, eventTime: change.eventTime, eventName: change.eventName,
                principal: change.actor, summary: summary, person: person, policy: policyARN ?? organizationPolicyID)
        }
    }
}
