import AccessDenial
import Causes
import Findings
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// Whether somebody changed permissions just before, and what the archive cannot show of it.
enum RecentChange {
    /// A change is ruled out only where the archive would hold it: all events of the kinds that can bring about the reason that
    /// AWS gave are recorded in it, and which policies bear on the principal is known.
    package static func answer(_ inputs: Checklist.Inputs) -> Checklist.Answer {
        if let finding = inputs.finding(.permissionsChanged, .principalRecreated, .notYetEffective) {
            return .found(finding)
        }
        guard inputs.group.category == .authorization else { return inputs.beforePolicies }
        let facts = inputs.facts
        let partition = facts.principal.partition
        guard !ArchiveBegin.isMatterOfIAM(facts) || records("iam.amazonaws.com", inputs) else {
            let region = GlobalService.regionOfIAM(partition: partition)
            return .notVisible(
                "The archive has no IAM events.",
                look: region.map { "IAM is recorded in \($0): download that Region's log files too." }
                    ?? "IAM is recorded in one Region of the partition: download its log files too.")
        }
        switch inputs.group.reason.policyType {
        case .serviceControl?, .resourceControl?:
            if !records("organizations.amazonaws.com", inputs) {
                let region = GlobalService.regionOfOrganizations(partition: partition)
                return .notVisible(
                    "The archive has no AWS Organizations events; the management account records them.",
                    look: region.map { "Download the management account's log files of \($0)." }
                        ?? "Download the management account's log files.")
            }
        case .resourceBased?, .vpcEndpoint?:
            if !records(sourceOfPolicy(facts), inputs) {
                return .notVisible(
                    "The archive has no management events of \(sourceOfPolicy(facts)), where the change of such a policy would be recorded: in the account and Region of \(words: inputs.group.reason.policyType == .vpcEndpoint ? "the endpoint" : "the resource").",
                    look: "Download the log files of that account and Region, too.")
            }
        case .identityBased?, .permissionsBoundary?, .session?, .roleTrust?, nil: break
        }
        guard let success = facts.lastSuccessBefore else {
            return .notVisible(
                facts.group.laterSuccessElsewhereBefore == nil
                    ? "No earlier success and no fitting change is in the archive: it may begin too late."
                    : "No earlier success on what was refused and no fitting change is in the archive: it may begin too late."
            )
        }
        let open = PermissionsChanged.openChanges(facts)
        let suspect = facts.changes.last { change in
            change.time >= success && change.time <= inputs.group.firstSeen
                && change.rule?.canCause(inputs.group.reason.effect) ?? false
                // One that reaches the principal has been judged.
                && (open.contains(change) || !PermissionsChanged.concerns(change, facts))
        }
        if let suspect {
            return .notVisible(
                "\(suspect.summary.capitalised) at \(time: suspect.time), between the last success and the first denial. The trail does not show whether it affects this call."
            )
        }
        if let gap = blindSpot(inputs) { return .notVisible(gap) }
        return .ruledOut(
            "No change in the archive between the last success at \(time: success) and the first denial can cause this.",
            look: "Accounts and Regions that the archive lacks may hold one.")
    }

    /// Whether the archive shows the principal without any policy at a moment.
    private static func showsNoPolicy(at moment: String, _ facts: GroupFacts) -> Bool {
        StandingPolicies(Replay(facts).view(at: .at(moment)).state.principal, facts.trail).isEmpty
    }

    /// The source of the events that change the policy of an endpoint or a resource.
    private static func sourceOfPolicy(_ facts: GroupFacts) -> String {
        if facts.group.reason.policyType == .vpcEndpoint { return "ec2.amazonaws.com" }
        let source = "\(facts.servicePrefix).amazonaws.com"
        return ChangeCatalogue.hasResourcePolicies(source) ? source : facts.group.eventSource
    }

    /// Which changes that can bring about the reason the archive cannot show; `nil` where it shows all.
    private static func blindSpot(_ inputs: Checklist.Inputs) -> Prose? {
        let facts = inputs.facts
        switch inputs.group.reason.policyType {
        case .serviceControl?, .resourceControl?:
            return
                "No fitting change is in the archive, but which organizational units an account is in is not in a trail, and a change at any of them may be the cause."
        case .session?:
            return
                "A session policy is passed each time a session is opened, so it may differ between sessions."
        case nil:
            return
                "No fitting change is in the archive, but AWS does not name the type of policy, so it may lie anywhere."
        case .identityBased?, .permissionsBoundary?:
            guard facts.creation(until: "9999") != nil else {
                return
                    "No change on \(facts.principal.shown) itself that explains this refusal is in the archive between the last success and the first denial, but which policies\(words: facts.principal.kind == .user ? " and groups" : "") it had before the archive begins is unknown, and so whether one of those changed."
            }
            if let success = facts.lastSuccessBefore, showsNoPolicy(at: success, facts) {
                return
                    "\(facts.principal.shown.capitalised) succeeded at \(time: success), and the archive shows no policy that it had then: either it lacks events of IAM, or a policy of the resource allowed the call."
            }
            let source = inputs.group.eventSource
            guard !ChangeCatalogue.hasResourcePolicies(source) || records(source, inputs) else {
                return
                    "The archive has no management events of \(source), so changes to the resource's own policy are not visible."
            }
            return nil
        case .resourceBased?:
            guard facts.changes.contains(where: { $0.rule?.target == .resource }) else {
                return
                    "The archive has no change of this resource's policy, so it is not known whether it would record one."
            }
            return nil
        case .vpcEndpoint?:
            return records("ec2.amazonaws.com", inputs)
                ? nil : "The archive has no management events of \("ec2.amazonaws.com")."
        case .roleTrust?: return nil
        }
    }

    /// Whether the archive holds management events of a source.
    private static func records(_ source: String, _ inputs: Checklist.Inputs) -> Bool {
        inputs.facts.coverage.services.contains {
            $0.eventSource == source && ($0.eventCategory ?? "Management") == "Management"
        }
    }
}
