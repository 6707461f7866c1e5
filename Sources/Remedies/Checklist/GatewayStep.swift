import AccessDenial
import Causes
import IAMPolicy
import PolicyTimeline
import TrailStore
import Wording

/// Step 4 of the guide: API Gateway.
enum GatewayStep {
    package static let rows: [Checklist.Row] = [
        Checklist.Row(step: 4, id: "gateway-authorization", question: "Does API Gateway turn the caller away?") {
            inputs in
            if let finding = inputs.finding(.gatewayPassed) { return .ruledOut(finding.explanation) }
            return inputs.finding(.viaAPIGateway) == nil
                ? .ruledOut(
                    "These calls reached the service itself, not through API Gateway.", look: inputs.gatewayLogs)
                : .ruledOut("The gateway let the caller in: it made the call itself.", look: inputs.gatewayLogs)
        },
        Checklist.Row(step: 4, id: "gateway-integration", question: "Is the gateway's integration role refused?") {
            inputs in
            (inputs.finding(.gatewayIntegrationDenied) ?? inputs.finding(.viaAPIGateway)).map { .found($0) }
                ?? .ruledOut("Neither the agent nor the caller of these calls is API Gateway.")
        },
        Checklist.Row(step: 4, id: "gateway-waf", question: "Does a WAF or the gateway's resource policy block it?") {
            inputs in
            if inputs.finding(.gatewayPassed) != nil {
                return .ruledOut("API Gateway passed these calls on, so neither blocked them.")
            }
            return .ruledOut(
                "What a WAF blocks never reaches the service, and these calls did.", look: inputs.gatewayLogs)
        },
    ]
}
