import AccessDenial
import Causes
import Findings
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// Step 2 of the guide: the policies.
enum PolicyStep {
    package static let rows: [Checklist.Row] = [
        Checklist.Row(step: 2, id: "allow", question: "Does a policy allow the action?") { inputs in
            let reason = inputs.group.reason
            if reason.effect == .implicit,
                reason.policyType == .identityBased || reason.policyType == .resourceBased
                    || reason.policyType == .roleTrust || reason.policyType == nil,
                let finding = inputs.finding(.missingAllow)
            {
                // The policies of the caller do not show what the resource's own lacks.
                switch reason.policyType {
                case .resourceBased?: return .found(finding, commands: ResourcePolicyCommands.show(inputs.facts))
                case .roleTrust?: return .found(finding, commands: [])
                default: return .found(finding, commands: PolicyCommands.attachedPolicies(of: inputs.facts.principal))
                }
            }
            if inputs.group.category != .authorization { return inputs.beforePolicies }
            return .notVisible(
                reason.effect == .unstated
                    ? "AWS does not say whether an Allow was missing."
                    : "AWS names another policy, and it names one at a time.",
                commands: PolicyCommands.attachedPolicies(of: inputs.facts.principal))
        },
        Checklist.Row(step: 2, id: "action-name", question: "Does the policy spell the action as IAM does?") { inputs in
            if let finding = inputs.finding(.wrongIAMPrefix) { return .found(finding) }
            let facts = inputs.facts
            if inputs.finding(.permissionsChanged) == nil,
                facts.lastSuccessBefore != nil || facts.firstSuccessAfter != nil
            {
                return .ruledOut("The same call succeeded at other times, so some policy spelled it right.")
            }
            if facts.policies.known.contains(where: { $0.statements.speak(of: facts.servicePrefix) }) {
                return .ruledOut("The policies in the trail spell it correctly; others are not in the trail.")
            }
            let spelling: Prose =
                facts.servicePrefix == "mobiletargeting"
                ? "The right name is \(inputs.group.action): IAM knows no \("pinpoint:") prefix."
                : "The right name is \(inputs.group.action)."
            return .notVisible(
                "The trail has no policy that this principal had at the first denial. \(spelling)",
                commands: PolicyCommands.attachedPolicies(of: facts.principal))
        },
        Checklist.Row(step: 2, id: "resource", question: "Does the policy's resource cover the one refused?") {
            inputs in
            if let finding = inputs.finding(.resourceTooNarrow) { return .found(finding) }
            let facts = inputs.facts
            if facts.policies.known.contains(where: { Judgement($0, facts).allows == .yes }) {
                return .ruledOut("A policy of the principal in the trail allows the call on the refused resource.")
            }
            if ConditionalAllow.own(facts) != nil, !facts.refusedResources.isEmpty {
                return .ruledOut(
                    "A policy of the principal in the trail covers the refused resource, under a condition.")
            }
            let resources = inputs.group.resources.map(\.value)
            return .notVisible(
                resources.isEmpty
                    ? "AWS names no resource, and no policy that allows the action is in the trail."
                    : "AWS names \(list: resources, limit: 2); no policy that allows the action is in the trail to compare with.",
                look: "Use IAM's simulator, see below.")
        },
        Checklist.Row(step: 2, id: "explicit-deny", question: "Does a policy deny it explicitly?") { inputs in
            if let finding = inputs.finding(.explicitDeny) {
                return .found(
                    finding, commands: inputs.group.policyARNs.prefix(1).compactMap { PolicyCommands.policy($0.value) })
            }
            if inputs.group.category != .authorization { return inputs.beforePolicies }
            return .notVisible(
                inputs.group.reason.effect == .implicit
                    ? "AWS names a missing Allow, and it names one reason at a time: a Deny may come to light next."
                    : "AWS does not say.", look: "IAM's simulator covers some policies, see below.")
        },
        Checklist.Row(step: 2, id: "limits", question: "Does a boundary, an SCP, an RCP or a session policy limit it?")
        {
            inputs in
            let type = inputs.group.reason.policyType
            switch type {
            case .permissionsBoundary?, .serviceControl?, .resourceControl?, .session?:
                if let finding = inputs.finding(.explicitDeny, .missingAllow, .cognitoGuestSessionPolicy) {
                    return .found(finding)
                }
                return .found("AWS names \(words: type?.article ?? "a") \(words: type?.words ?? "policy").")
            case .identityBased?, .resourceBased?, .vpcEndpoint?, .roleTrust?, nil: break
            }
            if inputs.group.category != .authorization { return inputs.beforePolicies }
            var note: Prose = "AWS names one policy type at a time, so another may limit it too."
            if inputs.facts.servicePrefix == "mobiletargeting" { note += "RCPs do not cover Pinpoint." }
            return .notVisible(
                note, look: PolicyCommands.inManagementAccount,
                commands: PolicyCommands.boundary(of: inputs.facts.principal)
                    + PolicyCommands.serviceControlPolicies(ofAccount: inputs.facts.principal.account))
        },
        Checklist.Row(step: 2, id: "conditions", question: "Does a condition of a policy fail?") { inputs in
            if let finding = inputs.finding(.conditionUnmet, .mfaAbsent, .networkPathChanged, .clientChanged) {
                return .found(finding)
            }
            if inputs.group.category != .authorization { return inputs.beforePolicies }
            return .notVisible(
                "A message never names a condition, and tags and organization ids are not in a trail.",
                commands: PolicyCommands.attachedPolicies(of: inputs.facts.principal))
        },
        Checklist.Row(step: 2, id: "recent-change", question: "Did somebody change permissions just before?") {
            inputs in
            RecentChange.answer(inputs)
        },
        Checklist.Row(step: 2, id: "simulator", question: "What does IAM's policy simulator say?") { inputs in
            .notVisible(
                "It evaluates today's policies, not those of the denial, and may leave out SCPs, RCPs, session and endpoint policies.",
                commands: PolicyCommands.simulation(inputs.facts))
        },
    ]
}
