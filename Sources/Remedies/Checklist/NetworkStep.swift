import AccessDenial
import Causes
import Findings
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// Step 3 of the guide: the network.
enum NetworkStep {
    package static let rows: [Checklist.Row] = [
        Checklist.Row(step: 3, id: "vpc-endpoint", question: "Does a VPC endpoint's policy refuse?") { inputs in
            let ids = inputs.group.vpcEndpointIds.map(\.value)
            let commands = PolicyCommands.endpoints(inputs.facts, limit: 2)
            if inputs.group.reason.policyType == .vpcEndpoint, let finding = inputs.findings.first {
                return .found(finding, commands: commands)
            }
            if let finding = inputs.finding(.networkPathChanged), CallContext.isOtherEndpoint(inputs.facts) {
                return .found(finding, commands: commands)
            }
            if ids.isEmpty {
                return .ruledOut(
                    "These calls came through no VPC endpoint.",
                    look: "A refusal by an endpoint of another account is recorded there, not here.")
            }
            return .notVisible(
                "The calls came through \(list: ids, limit: 2); AWS names another reason, and it names one at a time.",
                commands: commands)
        },
        Checklist.Row(step: 3, id: "security-groups", question: "Do security groups, network ACLs or DNS block it?") {
            inputs in
            if let finding = inputs.finding(.networkCleared) { return .ruledOut(finding.explanation) }
            return .ruledOut(
                "The calls reached AWS: a blocked packet leaves no record.",
                look: "Calls that never arrive are in VPC flow logs and the client's timeouts.")
        },
        Checklist.Row(step: 3, id: "proxy", question: "Does a proxy answer with the 403?") { inputs in
            .ruledOut(
                inputs.group.companion == nil
                    ? "These refusals are AWS's own: it recorded them."
                    : "These refusals are AWS's own: so its answer says.",
                look: "A proxy's 403 has no AWS request id and appears only in the proxy's log.")
        },
    ]
}
