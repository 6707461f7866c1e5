import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore
import Wording

extension TrustConditions {
    /// What to do: the call changes; the condition is there for a reason.
    static func remedy(_ unmet: Unmet, _ facts: GroupFacts) -> Remedy {
        guard let failure = unmet.failures.first else { return Remedy(.setting, "") }
        let condition = failure.condition
        var text: Prose
        switch condition.key.lowercased() {
        case "sts:externalid":
            text =
                "Pass the external id that the trust policy of role \(unmet.role) asks for (\(code: "--external-id"), \("ExternalId")). It keeps a third party from being used to reach the role for somebody else, so do not take the condition away; if the id was to change, change it on both sides."
        case "aws:multifactorauthpresent":
            text =
                "Assume role \(unmet.role) with MFA (\(code: "aws sts assume-role --role-arn … --role-session-name … --serial-number … --token-code …")), from a user or a session that has it. What runs by itself has no MFA: give it a role of its own rather than take the condition away."
        default:
            text =
                failure.nearMiss?.remedy
                ?? (facts.isFederatedAssumption
                    ? "Ask for role \(unmet.role) with a token that its trust policy lets in, or let this one in by the condition \(condition.key), as narrowly as it is now."
                        + unmet.demand
                    : "Make the call such that it meets the condition \(condition.key) of the trust policy of role \(unmet.role) (\(list: condition.values, limit: 3)), or add what the calls had (\(list: failure.values, limit: 3)) to the condition.")
        }
        text +=
            "\(unmet.change.person.ask) what the condition of the policy is for."
        var remedy = Remedy(.setting, text, commands: [PolicyCommands.trust(ofRole: unmet.role)])
        remedy.edit = TrustEdit.edit(unmet, facts)
        if remedy.edit != nil { remedy.kind = .policy }
        return remedy
    }
}
