import AccessDenial
import IAMPolicy
package import PolicyTimeline
package import RecordedChanges
import TrailStore

extension GroupFacts {
    /// Whose policies decide over the group's calls.
    package var policySubject: PolicySubject {
        requestMemo.subject.value {
            var subject = PolicySubject()
            subject.principal = principal.holder
            let refused = refusedResources.isEmpty ? group.requestedResources : refusedResources
            for resource in refused.prefix(DeniedRequests.limit) {
                guard let holder = Holder.resource(arn: resource), !subject.resources.contains(holder) else { continue }
                subject.resources.append(holder)
            }
            // Records of assertions name the role in their request alone.
            if subject.resources.isEmpty, isFederatedAssumption, let role = roleToAssume {
                subject.resources = [.role(role.name, account: role.account)]
            }
            subject.endpoint = group.vpcEndpointIds.first?.value
            if principal == caller { subject.session = group.sessions.first { $0.issue != nil }?.accessKeyId }
            return subject
        }
    }

    /// What was refused of that on which a change was made.
    package func refused(under change: TrailChange) -> [String] { refusedResources.filter(change.isMade) }

    /// The policies that decide at a moment, as if some events had not happened; of those that `edited` names where it is given.
    package func policies(at moment: Moment, undoing undone: Set<ChangeEvent> = [], only edited: EditedNames? = nil)
        -> PolicyState
    {
        timeline.state(at: moment, undoing: undone, of: policySubject, only: edited)
    }
}
