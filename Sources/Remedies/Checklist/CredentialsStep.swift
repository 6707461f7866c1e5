import AccessDenial
import Causes
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// Step 1 of the guide: credentials and configuration.
enum CredentialsStep {
    package static let rows: [Checklist.Row] = [
        Checklist.Row(step: 1, id: "credentials", question: "Are the credentials valid and active?") { inputs in
            if let finding = inputs.finding(.credentialsInvalid) {
                return .found(finding, commands: [PolicyCommands.callerIdentity])
            }
            if inputs.isAuthenticated { return .ruledOut("AWS knew the caller, so the credentials were valid.") }
            return .notVisible(
                "CloudTrail records few requests with unknown or inactive keys.",
                look: "The client's log shows the error code.", commands: [PolicyCommands.callerIdentity])
        },
        Checklist.Row(step: 1, id: "temporary-credentials", question: "Had temporary credentials expired?") { inputs in
            if let finding = inputs.finding(.credentialsExpired) { return .found(finding) }
            if inputs.isAuthenticated {
                return .ruledOut("A call with expired credentials is turned away before any policy is looked at.")
            }
            return .notVisible(
                "Calls with expired credentials are seldom recorded.",
                look: "The client's log shows the error code.")
        },
        Checklist.Row(step: 1, id: "mfa", question: "Is a second factor (MFA) missing or wrong?") { inputs in
            if let finding = inputs.finding(.mfaFailed, .mfaAbsent) { return .found(finding) }
            if let context = inputs.group.successContext, context.isComplete, !context.mfaAuthenticated.isEmpty,
                inputs.worksSince, context.mfaAuthenticated.allSatisfy({ $0.value != "true" })
            {
                return .ruledOut("Since the first denial the same call also succeeded without MFA.")
            }
            return .notVisible(
                "A message never names the condition that failed.",
                look: "Look for \("aws:MultiFactorAuthPresent") in the policies.")
        },
        Checklist.Row(step: 1, id: "region", question: "Is the client set to the right Region?") { inputs in
            if let finding = inputs.finding(.regionMismatch) { return .found(finding) }
            let regions = inputs.group.regions.map(\.value)
            let here = inputs.facts.sameActionHere.filter { $0.successes > 0 }
            if inputs.succeedsSince {
                return .ruledOut("The same action succeeded in \(list: regions, limit: 3) since the first denial.")
            }
            if !here.isEmpty {
                return .notVisible(
                    "The same action succeeded in \(list: regions, limit: 3) before the first denial; the message does not say whether a policy has refused the Region since.",
                    look: "Look for \("aws:RequestedRegion") in the policies.")
            }
            return .notVisible(
                "The calls went to \(list: regions, limit: 3), and the archive has no success elsewhere to compare with.",
                commands: inputs.facts.servicePrefix == "mobiletargeting"
                    ? regions.prefix(1).map { ShellCommand(.pinpointGetApps, ShellWord.region($0)) }
                    : [])
        },
        Checklist.Row(step: 1, id: "principal", question: "Does the client use the intended principal?") { inputs in
            if inputs.facts.lastSuccessBefore != nil || inputs.facts.firstSuccessAfter != nil {
                return .ruledOut("\(inputs.group.principal) succeeded with this call at other times.")
            }
            return .notVisible(
                "AWS saw \(inputs.group.principal). Only the client's settings show whether that is intended.",
                commands: [PolicyCommands.callerIdentity])
        },
    ]
}
