import RecordedChanges

/// The steps of the troubleshooting guide, and where to look for what CloudTrail does not record.
enum GuideStep: Int, CaseIterable {
    case credentials = 1, policies, network, apiGateway, request, quotas, observability, client, advanced

    var title: String {
        switch self {
        case .credentials: "Credentials and Region"
        case .policies: "IAM policies"
        case .network: "Network and VPC endpoints"
        case .apiGateway: "API Gateway"
        case .request: "Request and signature"
        case .quotas: "Quotas and throttling"
        case .observability: "Logs"
        case .client: "SDK and client"
        case .advanced: "Other accounts, environments, the service itself"
        }
    }

    var elsewhere: String {
        switch self {
        case .credentials: "A wrong key or signature leaves no record; the client's log shows it."
        case .policies: "AWS never names the condition that failed; records hold no tags or organization ids."
        case .network: "Blocked packets and a proxy's own 403 leave no record: VPC flow logs, the proxy's log."
        case .apiGateway: "A gateway's own 403 leaves no record: the stage's execution and access logs, WAF logs."
        case .request: "Bodies and headers are not recorded; the client's log has them."
        case .quotas: "Pinpoint throttles with status 429, never 403."
        case .observability: "Trails record data events only if they are enabled."
        case .client: "A client that finds no credentials sends no request."
        case .advanced: "The other account's side of a call is in its own trail."
        }
    }
}
