import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore

/// Step 4 of the guide: API Gateway.
enum GatewayStep {
    private static let gatewayLogs: Prose =
        "A 403 of the gateway itself is never in CloudTrail: see the stage's access and execution logs."

    static let rows: [Checklist.Row] = [
        Checklist.Row(step: 4, id: "gateway-authorization", question: "Does API Gateway turn the caller away?") {
            inputs in
            inputs.finding(.viaAPIGateway) == nil
                ? .ruledOut("These calls reached the service itself, not through API Gateway.", look: gatewayLogs)
                : .ruledOut("The gateway let the caller in: it made the call itself.", look: gatewayLogs)
        },
        Checklist.Row(step: 4, id: "gateway-integration", question: "Is the gateway's integration role refused?") {
            inputs in
            inputs.finding(.viaAPIGateway).map { .found($0) }
                ?? .ruledOut("Neither the agent nor the caller of these calls is API Gateway.")
        },
        Checklist.Row(step: 4, id: "gateway-waf", question: "Does a WAF or the gateway's resource policy block it?") {
            _ in
            .ruledOut("What a WAF blocks never reaches the service, and these calls did.", look: gatewayLogs)
        },
    ]
}
