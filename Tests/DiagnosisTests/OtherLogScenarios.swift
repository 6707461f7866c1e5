import AccessDenial
import Diagnosis
import IAMPolicy
import Testing
import TrailStore

// Refusals that logs beside CloudTrail tell: for each finding a row that is one, and one that looks like it and is none.

extension Facts {
    static let api = "a1b2c3d4e5/prod"

    /// A group of a log beside CloudTrail.
    static func refused(
        _ layer: CompanionRefusal.Layer, _ cause: String?, reason: String, place: String? = api, detail: String? = nil,
        status: Int? = 403, principal: String = "anonymous", action: String = "execute-api:Invoke",
        until: String? = "2026-11-11T18:00:00Z", with change: (inout DenialGroup) -> Void = { _ in }
    ) -> DenialGroup {
        group(slug(reason), principal: principal, action: action, resource: "POST /send", source: "") { group in
            group.principalType = "Unknown"
            group.accounts = []
            group.regions = []
            group.evidence = [
                DenialEvidence(
                    eventID: "denial", eventTime: firstSeen, eventName: "POST /send", resource: "POST /send",
                    errorCode: nil)
            ]
            var refusal = CompanionRefusal(layer, cause: cause, place: place, detail: detail)
            refusal.status = status
            refusal.log = "logs/other.log"
            refusal.logsUntil = until
            group.companion = refusal
            change(&group)
        }
    }

    /// AWS's answer that only an application logged.
    static func logged(
        _ reason: Reason, action: String = send, principal: String = role,
        with change: (inout DenialGroup) -> Void = { _ in }
    ) -> DenialGroup {
        group(reason, principal: principal, action: action) { group in
            group.principalType = "Unknown"
            group.regions = []
            var refusal = CompanionRefusal(.application, cause: "policy")
            refusal.log = "/aws/lambda/send"
            refusal.sentence = "User: x is not authorized"
            refusal.logsUntil = "2026-11-11T18:00:00Z"
            group.companion = refusal
            change(&group)
        }
    }

    static func seen(
        _ layer: CompanionRefusal.Layer, place: String = "\(api) POST /send", caller: String? = user, status: Int? = 403
    ) -> CompanionSighting {
        CompanionSighting(
            layer, place: place, caller: caller, status: status, count: 12, firstSeen: firstSeen, lastSeen: lastSeen,
            requestID: "request", log: "logs/access.log")
    }
}

extension ScenarioTests {
    static let otherLogs: [Scenario] = gatewayRows + frontRows + loggedRows + sightingRows + restRows

    private static let gatewayRows: [Scenario] = [
        Scenario(
            name: "gateway: a path that the API does not have",
            group: Facts.refused(.gateway, "missing-token", reason: "gateway:missing-token"),
            rootCause: .gatewayNoSuchRoute, spares: [.gatewayUnsigned], confidence: .inferred, remedy: .setting,
            says: ["get-resources --rest-api-id a1b2c3d4e5"]),
        Scenario(
            name: "gateway: a method of the API, called unsigned",
            group: Facts.refused(
                .gateway, "missing-token", reason: "gateway:missing-token", detail: "route"),
            rootCause: .gatewayUnsigned, spares: [.gatewayNoSuchRoute], confidence: .inferred),
        Scenario(
            name: "gateway: an API key", group: Facts.refused(.gateway, "api-key", reason: "gateway:api-key"),
            rootCause: .gatewayAPIKey, spares: [.gatewayStatusMasked, .wafBlocked], confidence: .stated,
            explains: ["usage plan"]),
        Scenario(
            name: "gateway: an API key, answered with 404",
            group: Facts.refused(.gateway, "api-key", reason: "gateway:api-key", status: 404),
            rootCause: .gatewayAPIKey, finds: [.gatewayStatusMasked], explains: ["status 404"]),
        Scenario(
            name: "gateway: an authorizer's policy",
            group: Facts.refused(.gateway, "authorizer", reason: "gateway:authorizer"),
            rootCause: .gatewayAuthorizerDenied, spares: [.gatewayUnauthenticated], remedy: .policy,
            says: ["get-authorizers"]),
        Scenario(
            name: "gateway: a token that the authorizer does not know",
            group: Facts.refused(.gateway, "unauthenticated", reason: "gateway:unauthenticated", status: 401),
            rootCause: .gatewayUnauthenticated, spares: [.gatewayAuthorizerDenied, .gatewayStatusMasked]),
        Scenario(
            name: "gateway: a resource policy",
            group: Facts.refused(.gateway, "resource-policy", reason: "gateway:resource-policy"),
            rootCause: .gatewayResourcePolicy, spares: [.gatewayIAMDenied], remedy: .policy, offersPolicy: false),
        Scenario(
            name: "gateway: IAM",
            group: Facts.refused(.gateway, "iam", reason: "gateway:iam", principal: Facts.user),
            rootCause: .gatewayIAMDenied, spares: [.gatewayResourcePolicy], says: ["execute-api:Invoke"]),
        Scenario(
            name: "gateway: the integration's role",
            group: Facts.refused(.gateway, "integration-role", reason: "gateway:integration-role", status: 500),
            rootCause: .gatewayIntegrationRole, finds: [.gatewayStatusMasked], spares: [.gatewayIntegrationDenied]),
        Scenario(
            name: "gateway: Forbidden and no more",
            group: Facts.refused(.gateway, "unstated", reason: "gateway:unstated"),
            rootCause: .gatewayRefused, spares: [.gatewayAPIKey, .wafBlocked], confidence: .possible),
        Scenario(
            name: "gateway: the service behind, of which CloudTrail has nothing",
            group: Facts.refused(.gateway, "integration", reason: "gateway:integration"),
            rootCause: .gatewayIntegrationDenied, spares: [.gatewayStatusMasked, .gatewayPassed]),
        Scenario(
            name: "gateway: the service behind, answered with 500",
            group: Facts.refused(.gateway, "integration", reason: "gateway:integration", status: 500),
            rootCause: .gatewayStatusMasked, spares: [.gatewayIntegrationDenied]),
        Scenario(
            name: "gateway: a signature",
            group: Facts.refused(.gateway, "signature", reason: "signature-invalid", principal: Facts.user),
            rootCause: .signatureRefused, spares: [.gatewayUnsigned], says: ["execute-api"]),
        Scenario(
            name: "gateway: blocked by a WAF whose log is not there",
            group: Facts.refused(.gateway, "waf", reason: "waf"),
            rootCause: .wafBlocked, spares: [.gatewayRefused]),
    ]

    private static let frontRows: [Scenario] = [
        Scenario(
            name: "WAF: a body that is too long",
            group: Facts.refused(
                .firewall, "SizeRestrictions_BODY", reason: "waf", place: "111122223333:a1b2c3d4e5:prod",
                detail: "AWS#AWSManagedRulesCommonRuleSet"),
            rootCause: .wafBlocked, confidence: .stated, says: ["SizeRestrictions_BODY to Count"],
            explains: ["8 KB", "AWS#AWSManagedRulesCommonRuleSet"]),
        Scenario(
            name: "WAF: no rule allows it",
            group: Facts.refused(.firewall, "Default_Action", reason: "waf"),
            rootCause: .wafBlocked, spares: [.gatewayRefused], says: ["allow by default"], explainsNot: ["8 KB"]),
        Scenario(
            name: "CloudFront's log",
            group: Facts.refused(.loadBalancer, "cloudfront", reason: "cloudfront", place: "E1EXAMPLE", action: "POST"),
            rootCause: .cloudFrontRefused, spares: [.loadBalancerRefused]),
        Scenario(
            name: "a load balancer's log",
            group: Facts.refused(
                .loadBalancer, "load-balancer", reason: "load-balancer", place: "app/web/1", detail: "waf",
                action: "POST"),
            rootCause: .loadBalancerRefused, spares: [.cloudFrontRefused], explains: ["waf"]),
        Scenario(
            name: "a proxy's page in an application's log",
            group: Facts.refused(.application, "proxy", reason: "proxy", place: nil, principal: "/ecs/app"),
            rootCause: .proxyAnswered, spares: [.seenByApplicationOnly, .loadBalancerRefused], confidence: .inferred),
        Scenario(
            name: "a load balancer's page in an application's log",
            group: Facts.refused(.application, "load-balancer", reason: "load-balancer", place: nil),
            rootCause: .loadBalancerRefused, spares: [.proxyAnswered], confidence: .inferred),
        Scenario(
            name: "rejected packets while an application gets no answer",
            group: Facts.refused(
                .network, nil, reason: "network", place: "10.0.1.5:443", detail: "eni-1235b8ca123456789",
                principal: "10.0.0.9", action: "connect"
            ) { $0.companion?.unanswered = 3 },
            rootCause: .networkRejected, confidence: .inferred, says: ["describe-network-interfaces"],
            explains: ["3 calls without an answer"]),
        Scenario(
            name: "rejected packets that no call is known to miss",
            group: Facts.refused(
                .network, nil, reason: "network", place: "10.0.1.5:443", principal: "10.0.0.9", action: "connect"),
            rootCause: .networkRejected, confidence: .possible, explainsNot: ["without an answer"]),
        Scenario(
            name: "DNS: a public address beside an endpoint's",
            group: Facts.refused(
                .names, "endpoint-dns-public", reason: "network", place: "pinpoint.us-east-1.amazonaws.com."),
            rootCause: .endpointDNSPublic, spares: [.dnsFailed, .dnsFirewall], says: ["private DNS"]),
        Scenario(
            name: "DNS: a name that does not resolve",
            group: Facts.refused(.names, "dns-failed", reason: "network", place: "pinpoint.us-east-9.amazonaws.com."),
            rootCause: .dnsFailed, spares: [.endpointDNSPublic]),
        Scenario(
            name: "DNS: the firewall",
            group: Facts.refused(.names, "dns-firewall", reason: "network", place: "pinpoint.us-east-1.amazonaws.com."),
            rootCause: .dnsFirewall, spares: [.dnsFailed]),
        Scenario(
            name: "a wrong signature in an application's log",
            group: Facts.refused(
                .application, "signature", reason: "signature-invalid", place: nil, principal: "/aws/lambda/send",
                action: Facts.send),
            rootCause: .signatureRefused, spares: [.seenByApplicationOnly], offersPolicy: false,
            says: ["get-caller-identity", "clock"]),
        Scenario(
            name: "expired credentials in an application's log",
            group: Facts.refused(
                .application, "credentials", reason: "credentials-expired", place: nil, principal: "/aws/lambda/send",
                action: Facts.send),
            rootCause: .signatureRefused, spares: [.credentialsExpired], says: ["new credentials"]),
        Scenario(
            name: "S3's log: AccessDenied without an event",
            group: Facts.refused(
                .s3Access, "AccessDenied", reason: "unstated", place: "bucket", detail: "REST.GET.OBJECT",
                principal: Facts.role, action: "s3:GetObject"),
            rootCause: .s3RefusedUnseen, spares: [.signatureRefused, .missingAllow],
            says: ["get-bucket-policy --bucket bucket"]),
        Scenario(
            name: "S3's log: a wrong signature",
            group: Facts.refused(
                .s3Access, "SignatureDoesNotMatch", reason: "signature-invalid", place: "bucket",
                action: "s3:GetObject"),
            rootCause: .signatureRefused, spares: [.s3RefusedUnseen], remedy: .setting),
    ]

    private static let loggedRows: [Scenario] = [
        Scenario(
            name: "an application's log: a missing Allow of a data event",
            group: Facts.logged(.missingAllow(.identityBased)),
            rootCause: .missingAllow, finds: [.seenByApplicationOnly], spares: [.permissionsChanged, .gatewayPassed],
            offersPolicy: true),
        Scenario(
            name: "an application's log: a policy that was detached before",
            group: Facts.logged(.missingAllow(.identityBased)),
            usage: [Facts.usage()],
            changes: [
                Facts.change("DetachRolePolicy", id: "detach", policy: Facts.policy)
            ],
            rootCause: .permissionsChanged, finds: [.seenByApplicationOnly], blames: ["detach"]),
        Scenario(
            name: "an application's log: no reason, and nothing else",
            group: Facts.logged(.unstated) { $0.principal = "/aws/lambda/send" },
            rootCause: .seenByApplicationOnly, spares: [.explicitDeny, .networkCleared]),
        Scenario(
            name: "CloudTrail has the refusal: no log is the only one",
            group: Facts.group(.missingAllow(.identityBased)), sightings: [Facts.seen(.application, place: "/ecs/app")],
            rootCause: .missingAllow, spares: [.seenByApplicationOnly, .gatewayPassed, .networkCleared]),
    ]

    private static let sightingRows: [Scenario] = [
        Scenario(
            name: "the gateway passed the call of its caller on",
            group: Facts.group(.missingAllow(.identityBased)), sightings: [Facts.seen(.gateway)],
            rootCause: .missingAllow, finds: [.gatewayPassed],
            spares: [.gatewayIntegrationDenied, .gatewayStatusMasked]),
        Scenario(
            name: "the gateway's integration was refused",
            group: Facts.group(.missingAllow(.identityBased)) {
                $0.userAgents = [Counted("AmazonAPIGateway_a1b2c3d4e5", denials: 12)]
            }, sightings: [Facts.seen(.gateway, status: 500)],
            rootCause: .missingAllow,
            finds: [.gatewayIntegrationDenied, .gatewayPassed, .gatewayStatusMasked, .viaAPIGateway]),
        Scenario(
            name: "a gateway's integration, and no log of the gateway",
            group: Facts.group(.missingAllow(.identityBased)) {
                $0.userAgents = [Counted("AmazonAPIGateway_a1b2c3d4e5", denials: 12)]
            },
            reach: [
                CompanionReach(
                    kind: "api-gateway-access", scopes: 1, files: 1, entries: 9, refusals: 0,
                    from: "2026-11-12T00:00:00Z", to: "2026-11-13T00:00:00Z")
            ],
            rootCause: .missingAllow, finds: [.viaAPIGateway],
            spares: [.gatewayIntegrationDenied, .gatewayPassed, .gatewayStatusMasked]),
        Scenario(
            name: "flow logs show the network let it through",
            group: Facts.group(.missingAllow(.identityBased)) {
                $0.sourceIPAddresses = [Counted("10.0.0.9", denials: 12)]
            }, sightings: [Facts.seen(.network, place: "10.0.0.9 to 10.0.1.5:443", caller: nil, status: nil)],
            rootCause: .missingAllow, finds: [.networkCleared], spares: [.networkRejected]),
        Scenario(
            name: "the same address, and no flow log",
            group: Facts.group(.missingAllow(.identityBased)) {
                $0.sourceIPAddresses = [Counted("10.0.0.9", denials: 12)]
            }, rootCause: .missingAllow, spares: [.networkCleared]),
    ]

    private static let restRows: [Scenario] = [
        Scenario(
            name: "gateway: not seen for long",
            group: Facts.refused(
                .gateway, "api-key", reason: "gateway:api-key", until: "2026-11-20T00:00:00Z"),
            rootCause: .gatewayAPIKey, spares: [.gatewayRefused], status: .quiet, tells: ["8 days"]),
        Scenario(
            name: "gateway: the same callers succeed",
            group: Facts.refused(.gateway, "api-key", reason: "gateway:api-key") {
                $0.firstSuccessAfter = "2026-11-11T13:00:00Z"
            },
            rootCause: .gatewayAPIKey, spares: [.gatewayRefused], status: .resolved, tells: ["It works again"]),
        Scenario(
            name: "gateway: by turns",
            group: Facts.refused(.gateway, "api-key", reason: "gateway:api-key") { $0.successesWithin = 4 },
            rootCause: .gatewayAPIKey, spares: [.gatewayRefused], status: .intermittent, tells: ["alternate"]),
        Scenario(
            name: "gateway: a log without times",
            group: Facts.refused(.gateway, "api-key", reason: "gateway:api-key", until: nil) {
                ($0.firstSeen, $0.lastSeen) = ("", "")
            },
            rootCause: .gatewayAPIKey, spares: [.gatewayRefused], tells: ["tells no time"]),
    ]
}

/// What the checklist makes of logs beside CloudTrail.
@Suite struct OtherLogChecklistTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var row: Scenario
        var item: String
        var mark: ChecklistItem.Mark
        var tells: String

        var testDescription: String { name }
    }

    private static func reach(_ kind: String, from: String, to: String) -> [CompanionReach] {
        [CompanionReach(kind: kind, scopes: 1, files: 1, entries: 9, refusals: 0, from: from, to: to)]
    }

    private static func denial(_ reach: [CompanionReach], seen: [CompanionSighting] = []) -> Scenario {
        Scenario(
            name: "", group: Facts.group(.missingAllow(.identityBased)), sightings: seen, reach: reach,
            rootCause: .missingAllow)
    }

    private static let whole = ("2026-11-01T00:00:00Z", "2026-11-12T00:00:00Z")
    private static let after = ("2026-11-12T00:00:00Z", "2026-11-13T00:00:00Z")

    static let cases = [
        Case(
            name: "an application's log that covers the time and is silent",
            row: denial(reach("application", from: whole.0, to: whole.1)), item: "application-logs", mark: .notVisible,
            tells: "reach over that time and have none"),
        Case(
            name: "one that does not cover it proves nothing",
            row: denial(reach("application", from: after.0, to: after.1)), item: "application-logs", mark: .notVisible,
            tells: "not in CloudTrail"),
        Case(
            name: "one that has the refusals",
            row: denial([], seen: [Facts.seen(.application, place: "/ecs/app")]), item: "application-logs",
            mark: .found,
            tells: "/ecs/app has 12 of these refusals"),
        Case(
            name: "a gateway's log that covers the time and is silent",
            row: denial(reach("api-gateway-access", from: whole.0, to: whole.1)), item: "gateway-authorization",
            mark: .ruledOut, tells: "reach over that time and have none"),
        Case(
            name: "a gateway's log of another time",
            row: denial(reach("api-gateway-execution", from: after.0, to: after.1)), item: "gateway-waf",
            mark: .ruledOut, tells: "proves nothing"),
        Case(
            name: "a gateway that passed the calls on", row: denial([], seen: [Facts.seen(.gateway)]),
            item: "gateway-waf", mark: .ruledOut, tells: "passed these calls on"),
        Case(
            name: "a network that let them through", row: denial([], seen: [Facts.seen(.network)]),
            item: "security-groups", mark: .ruledOut, tells: "accepted, with answers"),
        Case(
            name: "what the network rejects never came to a policy",
            row: Scenario(
                name: "", group: Facts.refused(.network, nil, reason: "network", action: "connect"),
                rootCause: .networkRejected), item: "allow", mark: .ruledOut, tells: "never came so far"),
        Case(
            name: "what a signature refuses had passed the network",
            row: Scenario(
                name: "", group: Facts.refused(.application, "signature", reason: "signature-invalid"),
                rootCause: .signatureRefused), item: "proxy", mark: .ruledOut, tells: "got past it"),
        Case(
            name: "what only the application saw",
            row: Scenario(
                name: "", group: Facts.logged(.missingAllow(.identityBased)), rootCause: .missingAllow),
            item: "cloudtrail", mark: .notVisible, tells: "No event of CloudTrail"),
    ]

    @Test(arguments: cases) func `A row is answered from the logs that cover it`(_ row: Case) throws {
        let item = try #require(row.row.study.checklist.first { $0.id == row.item })
        #expect(item.mark == row.mark)
        let text = "\(item.note.plain) \(item.look.plain)"
        #expect(text.contains(row.tells), "\(text)")
    }
}
