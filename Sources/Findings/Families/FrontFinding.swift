import AccessDenial
package import Causes
import CompanionLogs
import IAMPolicy
import RecordedChanges
package import TrailStore
package import Wording

/// What refused in front of a service, as one group of a log beside CloudTrail tells it, and what to do.
package struct FrontFinding {
    package var code: Finding.Code
    package var confidence: Confidence
    /// What happened, in one line.
    package var title: Prose
    /// What that means.
    package var explanation: Prose
    package var remedy: Remedy

    /// The finding of a group; `nil` for denials of CloudTrail.
    package init?(_ group: DenialGroup) {
        guard let refusal = group.companion else { return nil }
        switch refusal.layer {
        case .gateway: self = Self.gateway(refusal)
        case .firewall: self = Self.firewall(refusal)
        case .application: self = Self.application(group, refusal)
        case .s3Access: self = Self.s3(group, refusal)
        case .loadBalancer: self = Self.loadBalancer(refusal)
        case .network: self = Self.network(group, refusal)
        case .names: self = Self.names(refusal)
        }
    }

    private init(
        _ code: Finding.Code, _ confidence: Confidence, title: Prose, _ explanation: Prose, _ remedy: Remedy
    ) {
        self.code = code
        self.confidence = confidence
        self.title = title
        self.explanation = explanation
        self.remedy = remedy
    }

    /// The findings of reasons that only logs beside CloudTrail tell.
    package static let codes: [String: Finding.Code] = [
        "gateway:missing-token": .gatewayNoSuchRoute, "gateway:api-key": .gatewayAPIKey,
        "gateway:authorizer": .gatewayAuthorizerDenied, "gateway:resource-policy": .gatewayResourcePolicy,
        "gateway:iam": .gatewayIAMDenied, "gateway:unauthenticated": .gatewayUnauthenticated,
        "gateway:integration-role": .gatewayIntegrationRole, "gateway:integration": .gatewayIntegrationDenied,
        "gateway:unstated": .gatewayRefused, "waf": .wafBlocked, "load-balancer": .loadBalancerRefused,
        "cloudfront": .cloudFrontRefused, "proxy": .proxyAnswered, "network": .networkRejected,
    ]

    // MARK: API Gateway

    private static func gateway(_ refusal: CompanionRefusal) -> FrontFinding {
        let cause = refusal.cause.flatMap(GatewayRefusal.init(rawValue:)) ?? .unstated
        var explanation = cause.explanation
        if cause == .integration {
            // Where CloudTrail has the refusal, it is CloudTrail's group.
            explanation =
                "API Gateway passed the calls on, and the service refused them to the integration's role. No event of CloudTrail in this archive has them."
        }
        let (code, confidence) = Self.code(of: cause, refusal)
        if let status = refusal.status, status != 403, status != 401 {
            explanation += "The caller saw status \(words: String(status)): the API gives refusals another one."
        }
        let line: Prose = refusal.place.map { "\(shorter(code) ?? cause.title), API \($0)" } ?? cause.title
        return FrontFinding(
            code, confidence, title: line, explanation,
            Remedy(cause.remedyKind, cause.advice, commands: commands(cause, refusal)))
    }

    private static func code(of cause: GatewayRefusal, _ refusal: CompanionRefusal) -> (Finding.Code, Confidence) {
        switch cause {
        // Without a method of the API there is no template of a path.
        case .missingToken: (refusal.detail == nil ? .gatewayNoSuchRoute : .gatewayUnsigned, .inferred)
        case .apiKey: (.gatewayAPIKey, .stated)
        case .authorizer: (.gatewayAuthorizerDenied, .stated)
        case .resourcePolicy: (.gatewayResourcePolicy, .stated)
        case .iam: (.gatewayIAMDenied, .stated)
        case .firewall: (.wafBlocked, .stated)
        case .signature, .credentials: (.signatureRefused, .stated)
        case .unauthenticated: (.gatewayUnauthenticated, .stated)
        case .integrationRole: (.gatewayIntegrationRole, .stated)
        case .integration:
            (
                refusal.status.map { $0 == 403 || $0 == 401 } ?? true
                    ? .gatewayIntegrationDenied : .gatewayStatusMasked, .stated
            )
        case .unstated: (.gatewayRefused, .possible)
        }
    }

    /// What the log tells more precisely than the gateway's own words.
    private static func shorter(_ code: Finding.Code) -> Prose? {
        if code == .gatewayNoSuchRoute { return "API Gateway has no such route" }
        return code == .gatewayUnsigned ? "The call is not signed" : nil
    }

    /// Commands that show what refused.
    private static func commands(_ cause: GatewayRefusal, _ refusal: CompanionRefusal) -> [ShellCommand] {
        let parts = (refusal.place ?? "").split(separator: "/").map(String.init)
        // The id of an API is ten small letters and digits; a domain's name is none.
        guard let id = parts.first, id.utf8.count == 10, !id.contains(".") else { return [] }
        let api: [ShellWord] = ["--rest-api-id", .value(id, .id("the API's id", prefix: ""))]
        switch cause {
        case .missingToken: return [ShellCommand(.apigatewayGetResources, api)]
        case .authorizer, .unauthenticated: return [ShellCommand(.apigatewayGetAuthorizers, api)]
        case .resourcePolicy, .iam:
            return [ShellCommand(.apigatewayGetRestApi, api + ["--query", "policy"])]
        case .firewall where parts.count == 2, .unstated where parts.count == 2:
            return [
                ShellCommand(
                    .apigatewayGetStage,
                    api + ["--stage-name", .value(parts[1], .name("the stage's name")), "--query", "webAclArn"])
            ]
        case .apiKey: return [ShellCommand(.apigatewayGetUsagePlans, [])]
        case .firewall, .unstated, .signature, .credentials, .integrationRole, .integration: return []
        }
    }

    // MARK: AWS WAF, CloudFront, load balancers

    private static func firewall(_ refusal: CompanionRefusal) -> FrontFinding {
        let rule = refusal.cause ?? ""
        var explanation: Prose = "The request was blocked before anything behind the web ACL saw it."
        if let group = refusal.detail { explanation += "The rule belongs to \(group)." }
        var advice: Prose = "Set the rule to Count for this path, or exclude the path with a scope-down statement."
        if rule.hasPrefix("SizeRestrictions_BODY") {
            explanation += "It blocks bodies of more than 8 KB."
            advice = "Set SizeRestrictions_BODY to Count for this path, or send smaller bodies."
        } else if rule.hasPrefix("NoUserAgent_HEADER") {
            advice = "Send a User-Agent header, or set the rule to Count for this path."
        } else if rule == "Default_Action" {
            explanation += "No rule allowed it, and the web ACL blocks by default."
            advice = "Add a rule that allows the request, or let the web ACL allow by default."
        } else if rule.contains("AnonymousIp") || rule.contains("HostingProvider") {
            explanation += "It blocks addresses of hosting providers, which calls from another cloud have."
        }
        return FrontFinding(
            .wafBlocked, .stated, title: "AWS WAF blocked the request by rule \(rule)", explanation,
            Remedy(.setting, advice))
    }

    private static let distributionRemedy = Remedy(
        .setting, "Look at the distribution's web ACL and geographic restriction.")
    private static let balancerRemedy = Remedy(.setting, "Look at the listener's rules and its web ACL.")

    private static func loadBalancer(_ refusal: CompanionRefusal) -> FrontFinding {
        let isFront = refusal.cause == CompanionKind.cloudFront.rawValue
        return FrontFinding(
            isFront ? .cloudFrontRefused : .loadBalancerRefused, .stated,
            title: isFront ? "CloudFront refused the request" : "The load balancer refused the request itself",
            refusal.detail.map { "The log tells: \($0)." } ?? "The target did not see it.",
            isFront ? distributionRemedy : balancerRemedy)
    }

    // MARK: Applications and S3

    private static func application(_ group: DenialGroup, _ refusal: CompanionRefusal) -> FrontFinding {
        switch refusal.cause {
        case "signature", "credentials":
            let isSignature = refusal.cause == "signature"
            return FrontFinding(
                .signatureRefused, .stated,
                title: isSignature ? "AWS refused the signature" : "AWS refused the credentials",
                "The application's log has AWS's answer: \(words: group.reason.title). AWS turns such calls away before any policy is looked at, and CloudTrail records few of them.",
                Remedy(
                    .setting,
                    isSignature
                        ? "Check the clock, the secret key, and whether something on the way changes host, path or body after signing."
                        : "Fetch new credentials, and compare the access key with those of the user.",
                    commands: [PolicyCommands.callerIdentity]))
        case "cloudfront":
            return FrontFinding(
                .cloudFrontRefused, .inferred, title: "CloudFront answered, not AWS's service",
                "The answer that the application logged is CloudFront's page.",
                distributionRemedy)
        case "load-balancer":
            return FrontFinding(
                .loadBalancerRefused, .inferred, title: "A load balancer answered, not AWS's service",
                "The answer that the application logged is a load balancer's page.",
                balancerRemedy)
        case "proxy":
            return FrontFinding(
                .proxyAnswered, .inferred, title: "Something in between answered, not AWS's service",
                "The answer is a web page without a request id of AWS.",
                Remedy(.setting, "Look at the log of the proxy, CDN or load balancer on the way."))
        default:
            return FrontFinding(
                .seenByApplicationOnly, .stated,
                title: "AWS refused \(group.action), and only the application saw it",
                "No event of CloudTrail in this archive has the request.",
                Remedy(
                    .policy,
                    "Give the sentence to \(code: "trail403 why") for what to change, and record the service's data events to have the next ones in CloudTrail."
                ))
        }
    }

    private static func s3(_ group: DenialGroup, _ refusal: CompanionRefusal) -> FrontFinding {
        let code = refusal.cause ?? "no error code"
        let isSignature = group.category == .authentication
        return FrontFinding(
            isSignature ? .signatureRefused : .s3RefusedUnseen, .stated,
            title: isSignature
                ? "S3 refused the signature: \(code)" : "S3 refused \(refusal.detail ?? group.action): \(code)",
            group.principal == "anonymous"
                ? "The call was anonymous. No event of CloudTrail in this archive has it."
                : "No event of CloudTrail in this archive has it: S3's object calls are data events.",
            isSignature
                ? Remedy(
                    .setting,
                    "Check the clock, the keys, and whether something on the way changes the request after signing.")
                : Remedy(
                    .policy,
                    "Look at the bucket's policy and Block Public Access, then at the caller's policies; record S3's data events for the reason.",
                    commands: refusal.place.map {
                        [
                            ShellCommand(
                                .s3apiGetBucketPolicy,
                                [
                                    "--bucket",
                                    .value($0, .name("the bucket's name")),
                                ])
                        ]
                    } ?? []))
    }

    // MARK: Network

    private static func network(_ group: DenialGroup, _ refusal: CompanionRefusal) -> FrontFinding {
        var explanation: Prose =
            "Packets from \(group.principal) to \(refusal.place ?? "port 443") were rejected at network interface \(refusal.detail ?? "")."
        if refusal.unanswered > 0 {
            explanation +=
                "Applications tell of \(words: refusal.unanswered.of("call", "calls")) without an answer in those minutes."
        }
        if let reason = refusal.cause { explanation += "The reason is \(reason)." }
        return FrontFinding(
            .networkRejected, refusal.unanswered > 0 ? .inferred : .possible,
            title: "The network rejected connections to \(refusal.place ?? "port 443")", explanation,
            Remedy(
                .setting,
                "Let the client's security group send to port 443, let the endpoint's take it from the client, and let the subnets' network ACLs pass it and its answers.",
                commands: refusal.detail.map {
                    [
                        ShellCommand(
                            .ec2DescribeNetworkInterfaces,
                            [
                                "--network-interface-ids",
                                .value($0, .id("the interface's id", prefix: "eni-")),
                                "--query", "NetworkInterfaces[].[Groups,SubnetId]",
                            ])
                    ]
                } ?? []))
    }

    private static func names(_ refusal: CompanionRefusal) -> FrontFinding {
        let host = refusal.place ?? ""
        switch refusal.cause {
        case "dns-firewall":
            return FrontFinding(
                .dnsFirewall, .stated, title: "The DNS firewall blocks \(host)",
                "Route 53 Resolver did not answer queries for it.",
                Remedy(.setting, "Allow the domain in the rule group of the DNS firewall."))
        case "dns-failed":
            return FrontFinding(
                .dnsFailed, .stated, title: "\(host) does not resolve", "Route 53 Resolver answered with an error.",
                Remedy(
                    .setting,
                    "Check the Region in the name, private hosted zones of that domain, and rules that forward it."))
        default:
            return FrontFinding(
                .endpointDNSPublic, .inferred,
                title: "\(host) resolves to a public address, and elsewhere to an endpoint's",
                "Calls from this VPC pass the interface endpoint by. Policies that ask for aws:SourceVpce refuse them.",
                Remedy(
                    .setting, "Switch private DNS on for the endpoint, or let the VPC resolve the endpoint's name."))
        }
    }
}
