import AccessDenial
import Causes
import Findings
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// Step 9 of the guide: other accounts and stages, and the service itself.
enum AdvancedStep {
    package static let rows: [Checklist.Row] = [
        Checklist.Row(step: 9, id: "cross-account", question: "Does the call cross accounts?") { inputs in
            if let finding = inputs.finding(.crossAccount) { return .found(finding) }
            if let owner = inputs.facts.resourceAccount, owner == inputs.facts.principal.account {
                return .ruledOut("Caller and resource both belong to account \(owner).")
            }
            return .notVisible("The refused resource names no account.")
        },
        Checklist.Row(step: 9, id: "environments", question: "Does it work in another stage or account?") { inputs in
            if let finding = inputs.finding(.environmentDifference) { return .found(finding) }
            return .notVisible(
                "No like-named principal of another account or stage succeeds with the action in this archive.")
        },
        Checklist.Row(step: 9, id: "service-lifecycle", question: "Has the service ended, or is the account at fault?")
        {
            inputs in
            if let finding = inputs.finding(.serviceEnded, .notSubscribed, .accountState) { return .found(finding) }
            let isPolicy = inputs.group.reason.effect != .unstated || !inputs.isAuthenticated
            guard isPolicy else { return .notVisible("AWS does not say whether it is a matter of policy at all.") }
            if ServiceEnded.isEnded(inputs.facts) {
                return .notVisible(
                    "AWS names another reason, but \(inputs.facts.operation) is one of the engagement features that ended on \(words: PinpointCatalogue.endOfSupport): the service will refuse it once IAM does not."
                )
            }
            return .ruledOut("AWS names another reason.")
        },
        Checklist.Row(step: 9, id: "least-privilege", question: "What does the principal need at the least?") {
            inputs in
            .notVisible(
                "A trail shows what was called, not what is allowed and unused.",
                commands: ARN(inputs.group.principal)?.service == "iam"
                    ? [
                        ShellCommand(
                            .iamGenerateServiceLastAccessedDetails,
                            [
                                "--arn",
                                .value(inputs.group.principal, .arn(service: "iam")),
                            ])
                    ] : [])
        },
    ]
}
