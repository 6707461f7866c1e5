import AccessDenial
import Causes
import Findings
import IAMPolicy
import PolicyTimeline
import TrailStore
import Wording

/// Step 8 of the guide: the client.
enum ClientStep {
    package static let rows: [Checklist.Row] = [
        Checklist.Row(step: 8, id: "sdk", question: "Did the SDK or its settings change?") { inputs in
            if let finding = inputs.finding(.clientChanged) { return .found(finding) }
            let now = Set(inputs.group.userAgents.map(\.value))
            if let context = inputs.group.successContext, !now.isDisjoint(with: context.userAgents.map(\.value)) {
                return .ruledOut("Successes and denials came from the same client.")
            }
            guard let agent = inputs.group.userAgents.first?.value else {
                return .notVisible("The records name no client.")
            }
            return .notVisible("The client is \(agent); there is no success to compare it with.")
        },
        Checklist.Row(step: 8, id: "sdk-proxy", question: "Do the calls take another way out than before?") { inputs in
            if let finding = inputs.finding(.networkPathChanged) { return .found(finding) }
            let now = CallContext.addresses(inputs.group.sourceIPAddresses)
            if now.isEmpty { return .notVisible("An AWS service made the calls, so the records hold no address.") }
            if let context = inputs.group.successContext,
                !now.isDisjoint(with: CallContext.addresses(context.sourceIPAddresses))
            {
                return .ruledOut("Successes and denials came from the same addresses.")
            }
            return .notVisible(
                "The calls came from \(list: now.sorted(), limit: 3); there is no success from there to compare with.")
        },
    ]
}
