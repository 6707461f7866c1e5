import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore
package import Wording

extension TrailChange {
    /// The change in one sentence: who did what to whom.
    package var summary: Prose {
        let actor = author
        let user = userName ?? "?"
        let role = roleName ?? "?"
        let group = groupName ?? "?"
        let policy = policyARN ?? inlinePolicyName ?? "a policy"
        let inline: Prose = inlinePolicyName.map { "inline policy \($0)" } ?? "an inline policy"
        switch changeName {
        case .attachRolePolicy: return "\(actor) attached \(policy) to role \(role)"
        case .detachRolePolicy: return "\(actor) detached \(policy) from role \(role)"
        case .putRolePolicy: return "\(actor) wrote \(inline) of role \(role)"
        case .deleteRolePolicy: return "\(actor) deleted \(inline) of role \(role)"
        case .attachUserPolicy: return "\(actor) attached \(policy) to user \(user)"
        case .detachUserPolicy: return "\(actor) detached \(policy) from user \(user)"
        case .putUserPolicy: return "\(actor) wrote \(inline) of user \(user)"
        case .deleteUserPolicy: return "\(actor) deleted \(inline) of user \(user)"
        case .attachGroupPolicy: return "\(actor) attached \(policy) to group \(group)"
        case .detachGroupPolicy: return "\(actor) detached \(policy) from group \(group)"
        case .putGroupPolicy: return "\(actor) wrote \(inline) of group \(group)"
        case .deleteGroupPolicy: return "\(actor) deleted \(inline) of group \(group)"
        case .addUserToGroup: return "\(actor) added user \(user) to group \(group)"
        case .removeUserFromGroup: return "\(actor) removed user \(user) from group \(group)"
        case .putRolePermissionsBoundary: return "\(actor) set \(policy) as permissions boundary of role \(role)"
        case .deleteRolePermissionsBoundary: return "\(actor) removed the permissions boundary of role \(role)"
        case .putUserPermissionsBoundary: return "\(actor) set \(policy) as permissions boundary of user \(user)"
        case .deleteUserPermissionsBoundary: return "\(actor) removed the permissions boundary of user \(user)"
        case .createPolicyVersion:
            let version: Prose = versionID.map { " (\($0))" } ?? ""
            return "\(actor) wrote a new default version\(version) of \(policy)"
        case .setDefaultPolicyVersion:
            return "\(actor) made \(versionID ?? "another version") the default version of \(policy)"
        case .updateAssumeRolePolicy: return "\(actor) wrote the trust policy of role \(role)"
        case .deleteRole, .deleteServiceLinkedRole: return "\(actor) deleted role \(role)"
        case .deleteUser: return "\(actor) deleted user \(user)"
        case .createRole: return "\(actor) created role \(role)"
        case .createGroup: return "\(actor) created group \(group)"
        case .createUser: return "\(actor) created user \(user)"
        case .tagRole, .tagUser:
            return "\(actor) set the tags \(list: tagKeys.sorted(), limit: 3) of \(taggedOne)"
        case .untagRole, .untagUser:
            return "\(actor) took the tags \(list: tagKeys.sorted(), limit: 3) from \(taggedOne)"
        case .attachPolicy:
            return "\(actor) attached policy \(organizationPolicyID ?? "?") to \(organizationTarget ?? "?")"
        case .detachPolicy:
            return "\(actor) detached policy \(organizationPolicyID ?? "?") from \(organizationTarget ?? "?")"
        case .updatePolicy: return "\(actor) wrote policy \(organizationPolicyID ?? "?") of the organization"
        case .moveAccount:
            let to: Prose = parameter("destinationParentId").map { " to \($0)" } ?? ""
            return "\(actor) moved account \(organizationTarget ?? "?")\(to) in the organization"
        case .createOpenIDConnectProvider, .createSAMLProvider:
            return "\(actor) created identity provider \(providerARN ?? "?")"
        case .deleteOpenIDConnectProvider, .deleteSAMLProvider:
            return "\(actor) deleted identity provider \(providerARN ?? "?")"
        case .addClientIDToOpenIDConnectProvider:
            return "\(actor) gave identity provider \(providerARN ?? "?") the client id \(parameter("clientID") ?? "?")"
        case .removeClientIDFromOpenIDConnectProvider:
            return
                "\(actor) removed client id \(parameter("clientID") ?? "?") from identity provider \(providerARN ?? "?")"
        case .updateOpenIDConnectProviderThumbprint:
            return "\(actor) changed the thumbprint of identity provider \(providerARN ?? "?")"
        case .updateSAMLProvider: return "\(actor) changed the metadata of identity provider \(providerARN ?? "?")"
        case .modifyVpcEndpoint: return "\(actor) changed VPC endpoint \(endpointID ?? "?")"
        case .createVpcEndpoint: return "\(actor) created VPC endpoint \(endpointID ?? "?")"
        case .acceptHandshake: return "\(actor) let account \(organizationTarget ?? "?") join an organization"
        case .leaveOrganization, .removeAccountFromOrganization:
            return "\(actor) took account \(organizationTarget ?? "?") out of its organization"
        case .deleteVpcEndpoints: return "\(actor) deleted VPC endpoint \(endpointID ?? "?")"
        case .deletePolicy where rule?.target == .managedPolicy: return "\(actor) deleted \(policy)"
        case .deletePolicyVersion where rule?.target == .managedPolicy:
            return "\(actor) deleted version \(versionID ?? "?") of \(policy)"
        case .deleteGroup: return "\(actor) deleted group \(group)"
        case .updateAccessKey:
            let state: Prose = activatesKey ? "active" : "inactive"
            return "\(actor) made access key \(parameter("accessKeyId") ?? "?") of user \(user) \(state)"
        case .deleteAccessKey:
            return "\(actor) deleted access key \(parameter("accessKeyId") ?? "?") of user \(user)"
        case .addRoleToInstanceProfile: return "\(actor) put role \(role) into \(workload)"
        case .removeRoleFromInstanceProfile: return "\(actor) took role \(role) out of \(workload)"
        case .setIdentityPoolRoles:
            return "\(actor) gave \(workload) the roles \(list: poolRoles.map(\.name), limit: 2)"
        case .updateFunctionConfiguration where workloadRole == nil && parameter("kMSKeyArn") != nil:
            return "\(actor) gave \(workload) the key \(parameter("kMSKeyArn") ?? "?")"
        case .updateFunctionConfiguration, .registerTaskDefinition,
            .createStateMachine, .updateStateMachine, .createPodIdentityAssociation, .updatePodIdentityAssociation:
            return "\(actor) made \(workload) run under \(workloadRole?.arn ?? "another role")"
        case .replaceIamInstanceProfileAssociation, .associateIamInstanceProfile:
            return "\(actor) gave \(workload) the instance profile \(workloadRole?.name ?? "?")"
        case .updateService:
            return
                "\(actor) moved service \(parameter("service") ?? "?") to task definition \(parameter("taskDefinition") ?? "?")"
        default:
            if setsDefaultConfigurationSet {
                let identity = parameter("emailIdentity") ?? "?"
                return parameter("configurationSetName").map {
                    "\(actor) made \($0) the default configuration set of identity \(identity)"
                } ?? "\(actor) took the default configuration set of identity \(identity) away"
            }
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
        if rule?.direction == .touchesConditions, change.eventSource != "kms.amazonaws.com", let keyGiven {
            return "gave \(target) the key \(keyGiven)"
        }
        if rule?.direction == .touchesConditions, !tagKeys.isEmpty {
            let isGone = edits.contains { if case .remove = $0.operation { true } else { false } }
            let tags: Prose = "the tags \(list: tagKeys.sorted(), limit: 3)"
            return isGone ? "took \(tags) from \(target)" : "set \(tags) of \(target)"
        }
        if rule?.direction == .touchesConditions { return "called \(change.eventName) on \(target)" }
        if edits.isEmpty, let masterKey { return "gave \(target) the key \(masterKey)" }
        if isRevocation { return "ended a grant of key \(name) (\(change.eventName))" }
        if changeName == .createGrant { return "granted the use of key \(name)" }
        if emptiesPolicy || change.eventName.hasPrefix("Delete") { return "deleted the policy of \(target)" }
        if let label = removedStatement { return "took statement \(label) out of the policy of \(target)" }
        if addedStatement != nil { return "added a statement to the policy of \(target)" }
        return "wrote the policy of \(target)"
    }

    /// What runs under a role, for a sentence: `function notify`.
    package var workload: Prose {
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
    package var evidence: Evidence {
        knownEvidence.value {
            Evidence(
                eventID: change.eventID, eventTime: change.eventTime, eventName: change.eventName,
                principal: change.actor, summary: summary, person: person, policy: policyARN ?? organizationPolicyID)
        }
    }
}
