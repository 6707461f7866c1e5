import AccessDenial
import Causes
import CompanionLogs
import Diagnosis
import Findings
import IAMPolicy
import Remedies
import Wording

extension ErrorStory {
    /// A refusal by policies, of the type that AWS names.
    init(policy type: PolicyType?, _ error: ErrorText) {
        let message = error.message
        let action: Prose = error.action.map { "\($0)" } ?? error.operation.map { "\($0)" } ?? "the call"
        let effect = message.reason.effect
        var explanation: Prose = ""
        let title: Prose =
            type == nil && effect == .unstated
            ? "AWS refused \(action) and does not say which policy" : message.reason.title(of: action)
        if type != nil || effect != .unstated { explanation = Prose(stringLiteral: message.reason.meaning) }
        if effect == .explicit { explanation += "A Deny outweighs every Allow." }
        if let arn = message.policyARN { explanation += "AWS names the policy: \(arn)." }
        if let through = message.passedThrough { explanation += "On the way stood a \(words: through.words)." }
        if effect == .unstated, type == nil { explanation += Self.candidates(error) }
        if message.isTruncated { explanation += "The message was cut, so that part of it is missing." }
        if message.encodedMessage != .absent {
            explanation +=
                "The encoded text tells the statement that decided: \(code: "aws sts decode-authorization-message --encoded-message TEXT") reads it."
        }
        self.init(title, explanation, error.remedy(type, effect))
    }

    /// The types of policies that may have refused where AWS names none.
    private static func candidates(_ error: ErrorText) -> Prose {
        guard let action = error.action else { return "Every type of policy is possible." }
        let isFamily = ServiceFamily.pinpoint.contains(eventSource: "", action: action)
        guard isFamily else {
            return
                "Every type of policy is possible: those of the caller, of the resource, of the organization, a boundary, a session's, and that of a VPC endpoint."
        }
        let types = PolicyType.allCases.filter { PinpointCatalogue.canDeny($0, action: action) }.map(\.words)
        return "For \(action) these can refuse: \(words: types.joined(separator: ", "))."
    }
}
