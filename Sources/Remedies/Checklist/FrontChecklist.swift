import AccessDenial
import Causes
import RecordedChanges
import TrailStore
import Wording

/// The checklist of a group that something in front of the service refused: what a call meets before that was passed, and what it would
/// meet behind was not reached.
package enum FrontChecklist {
    /// What a call meets, in this order.
    private enum Stage: Int, Comparable {
        case network, proxy, distribution, firewall, gateway, signature, policies

        static func < (left: Stage, right: Stage) -> Bool { left.rawValue < right.rawValue }
    }

    /// The row of each question that is about a stage.
    private static let stages: [String: Stage] = [
        "security-groups": .network, "proxy": .proxy, "gateway-waf": .firewall, "gateway-authorization": .gateway,
        "signature": .signature, "credentials": .signature, "temporary-credentials": .signature, "mfa": .policies,
        "allow": .policies, "action-name": .policies, "resource": .policies, "explicit-deny": .policies,
        "limits": .policies, "conditions": .policies, "recent-change": .policies, "vpc-endpoint": .policies,
        "gateway-integration": .policies, "service-lifecycle": .policies, "throttling": .policies,
    ]

    /// Every row, answered for one group.
    package static func items(_ diagnosis: DiagnosedGroup) -> [ChecklistItem] {
        Checklist.rows.map { $0.item(answer($0, diagnosis)) }
    }

    private static func answer(_ row: Checklist.Row, _ diagnosis: DiagnosedGroup) -> Checklist.Answer {
        let finding = diagnosis.rootCause
        let refusal = diagnosis.group.companion
        if Self.rows(of: finding.code, diagnosis.group).contains(row.id) { return .found(finding) }
        if let own = Self.own(row.id, diagnosis, refusal) { return own }
        guard let wanted = stages[row.id], let stage = Self.stage(of: finding.code, refusal) else {
            return .notVisible("The log that has these refusals does not tell.")
        }
        if wanted < stage { return .ruledOut("The calls got past it: something behind it refused them.") }
        if wanted > stage { return .ruledOut("The calls never came so far.") }
        return stage == .policies
            ? .notVisible("The log does not tell which policy refused.")
            : .ruledOut("It is something else at this place.")
    }

    /// Rows that logs answer, not the way of a call.
    private static func own(_ id: String, _ diagnosis: DiagnosedGroup, _ refusal: CompanionRefusal?)
        -> Checklist.Answer?
    {
        switch id {
        case "application-logs":
            guard refusal?.layer == .application else { return nil }
            return .found("The refusals stand in \(refusal?.log ?? "the application's log").")
        case "cloudtrail":
            return .notVisible(
                "No event of CloudTrail in this archive has these calls.",
                look: "CloudTrail records what reaches a service and is not a data event that nobody asked for.")
        default: return nil
        }
    }

    /// The rows that a finding answers.
    private static func rows(of code: Finding.Code, _ group: DenialGroup) -> Set<String> {
        switch code {
        case .networkRejected: return ["security-groups"]
        case .proxyAnswered, .cloudFrontRefused, .loadBalancerRefused: return ["proxy"]
        case .wafBlocked: return ["gateway-waf"]
        case .gatewayResourcePolicy: return ["gateway-waf", "gateway-authorization"]
        case .gatewayNoSuchRoute, .gatewayUnsigned, .gatewayAPIKey, .gatewayAuthorizerDenied, .gatewayIAMDenied,
            .gatewayUnauthenticated, .gatewayRefused:
            return ["gateway-authorization"]
        case .gatewayIntegrationRole, .gatewayIntegrationDenied, .gatewayStatusMasked: return ["gateway-integration"]
        case .signatureRefused:
            let slug = group.reason.slug
            if slug == "credentials-expired" { return ["temporary-credentials"] }
            return slug == "signature-invalid" || slug == "clock-skew" ? ["signature"] : ["credentials"]
        default: return []
        }
    }

    private static func stage(of code: Finding.Code, _ refusal: CompanionRefusal?) -> Stage? {
        switch code {
        case .networkRejected: .network
        case .proxyAnswered: .proxy
        case .cloudFrontRefused, .loadBalancerRefused: .distribution
        case .wafBlocked: .firewall
        case .signatureRefused: .signature
        case .s3RefusedUnseen, .gatewayIntegrationRole, .gatewayIntegrationDenied, .gatewayStatusMasked: .policies
        default: refusal?.layer == .gateway ? .gateway : nil
        }
    }
}
