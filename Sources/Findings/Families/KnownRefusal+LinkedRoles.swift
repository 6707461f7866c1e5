import AccessDenial
import Causes
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

// MARK: - Service-linked roles that are not there

extension KnownRefusal {
    static func serviceLinkedRole(_ facts: GroupFacts) -> Known {
        let role = linkedRole(facts.group)
        let deletion = role.flatMap { role in
            facts.changes.last {
                $0.changeName == .deleteServiceLinkedRole && $0.roleName == role.name
                    && $0.time <= facts.group.firstSeen
            }
        }
        let name: Prose =
            role.map { "\($0.name), the service-linked role of \($0.service)," } ?? "The service-linked role"
        let condition: Prose = role.map { " with \("iam:AWSServiceName") \($0.service)" } ?? ""
        let story: Prose =
            deletion.map {
                "\($0.summary.capitalised) at \(time: $0.time): \(name) would be created again with the permissions of whoever uses the feature, and \(facts.principal.shown) may not create it."
            }
            ?? "\(name) is not in the account yet: it is created once, with the permissions of whoever uses the feature first, and \(facts.principal.shown) may not create it."
        return Known(
            title: role.map { "\($0.name) is missing, and the caller may not create it" } ?? "",
            story: story,
            remedy: Remedy(
                .command,
                "Have an administrator create the service-linked role once, as below: \(facts.group.action) then needs no permission more. Or allow \(facts.principal.shown) \("iam:CreateServiceLinkedRole")\(condition).",
                commands: role.map {
                    [
                        ShellCommand(
                            .iamCreateServiceLinkedRole,
                            ["--aws-service-name", .value($0.service, .name("the service's name"))])
                    ]
                } ?? []), evidence: deletion.map { [$0.evidence] } ?? [], point: story)
    }

    /// The role that a group's refusals are about; `nil` where they are about none, or do not tell.
    static func linkedRole(_ group: DenialGroup) -> ServiceLinkedRoleRefusal.Role? {
        guard group.reason.slug == ServiceLinkedRoleRefusal.slug else { return nil }
        let message = group.evidence.lazy.compactMap(\.errorMessage).first ?? ""
        return ServiceLinkedRoleRefusal.role(message: message, eventSource: group.eventSource)
    }
}
