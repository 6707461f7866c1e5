import CompanionLogs
public import TrailStore

/// Refusals of one kind that CloudTrail does not tell, what they are and what to do.
public struct BesideGroup: Sendable, Hashable {
    /// What the logs tell.
    public var refusal: CompanionRefusal
    /// The finding, as a stable name: `gateway-api-key`, `signature-refused`.
    public var code: String
    /// How sure it is.
    public var confidence: Confidence
    /// What happened, in one line.
    public var title: Prose
    /// What that means.
    public var explanation: Prose
    /// What to do.
    public var remedy: Remedy

    /// The group of these refusals.
    ///
    /// - Parameter facts: all that the logs tell, of which this is a part.
    public init(_ refusal: CompanionRefusal, in facts: CompanionFacts) {
        self.refusal = refusal
        let reading: Reading =
            switch refusal.layer {
            case .gateway: Self.gateway(refusal)
            case .firewall: Self.firewall(refusal)
            case .application: Self.application(refusal)
            case .s3Access: Self.s3(refusal)
            case .loadBalancer: Self.loadBalancer(refusal)
            case .network: Self.network(refusal, facts)
            case .names: Self.names(refusal)
            }
        code = reading.code
        confidence = reading.confidence
        title = reading.title
        explanation = reading.explanation
        remedy = reading.remedy
    }

    /// Every group, in the order of the facts.
    public static func groups(_ facts: CompanionFacts) -> [BesideGroup] {
        facts.refusals.map { BesideGroup($0, in: facts) }
    }

    /// Whether somebody refused: names that do not resolve and packets that are dropped keep a call from being made.
    public var isRefusal: Bool { refusal.layer != .names && refusal.layer != .network }

    private struct Reading {
        var code: String
        var confidence: Confidence
        var title: Prose
        var explanation: Prose
        var remedy: Remedy
    }

    // MARK: API Gateway

    private static func gateway(_ refusal: CompanionRefusal) -> Reading {
        let cause = refusal.cause.flatMap(GatewayRefusal.init(rawValue:)) ?? .unstated
        var explanation = cause.explanation
        var confidence = Confidence.stated
        let code: String
        switch cause {
        case .missingToken:
            // Without a method of the API there is no template of a path.
            let isKnown = refusal.detail.map { $0 != "/" && !$0.isEmpty } ?? false
            code = isKnown ? "gateway-unsigned" : "gateway-no-such-route"
            confidence = .inferred
        case .apiKey: code = "gateway-api-key"
        case .authorizer: code = "gateway-authorizer-denied"
        case .resourcePolicy: code = "gateway-resource-policy"
        case .iam: code = "gateway-iam-denied"
        case .firewall: code = "waf-blocked"
        case .signature, .credentials: code = "signature-refused"
        case .unauthenticated: code = "gateway-unauthenticated"
        case .integrationRole: code = "gateway-integration-role"
        case .integration:
            code =
                refusal.status.map { $0 == 403 || $0 == 401 } ?? true
                ? "gateway-integration-denied" : "gateway-status-masked"
        case .unstated:
            code = "gateway-refused"
            confidence = .possible
        }
        if let status = refusal.status, status != 403, status != 401 {
            explanation += "The caller saw status \(words: String(status)): the API gives refusals another one."
        }
        return Reading(
            code: code, confidence: confidence, title: cause.title, explanation: explanation,
            remedy: Remedy(.setting, cause.advice))
    }

    private static func firewall(_ refusal: CompanionRefusal) -> Reading {
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
        return Reading(
            code: "waf-blocked", confidence: .stated, title: "AWS WAF blocked it by rule \(rule)",
            explanation: explanation,
            remedy: Remedy(.setting, advice))
    }

    // MARK: Applications

    private static func application(_ refusal: CompanionRefusal) -> Reading {
        let action = refusal.action ?? "a call"
        switch refusal.cause {
        case "signature", "credentials":
            let isSignature = refusal.cause == "signature"
            return Reading(
                code: "signature-refused", confidence: .stated,
                title: isSignature ? "AWS refused the signature" : "AWS refused the credentials",
                explanation:
                    "The application's log tells it. AWS turns such calls away before any policy is looked at, and CloudTrail records few of them.",
                remedy: Remedy(
                    .setting,
                    isSignature
                        ? "Check the clock, the secret key, and whether something on the way changes host, path or body after signing."
                        : "Fetch new credentials, and compare the access key with those of the user.",
                    commands: [PolicyCommands.callerIdentity]))
        case "proxy", "load-balancer", "cloudfront":
            return Reading(
                code: "proxy-answered", confidence: .inferred,
                title: "Something in between answered, not AWS's service",
                explanation: "The answer is a web page without a request id of AWS.",
                remedy: Remedy(.setting, "Look at the log of the proxy, CDN or load balancer on the way."))
        default:
            return Reading(
                code: "seen-by-application-only", confidence: .stated,
                title: "AWS refused \(action), and only the application saw it",
                explanation:
                    "No event of CloudTrail in this archive has the request: its data events are not recorded, the log files of that time are missing, or another account's trail has it.",
                remedy: Remedy(
                    .policy,
                    "Give the sentence to \(code: "trail403 why") for what to change, and record the service's data events to have the next ones in CloudTrail."
                ))
        }
    }

    private static func s3(_ refusal: CompanionRefusal) -> Reading {
        let code = refusal.cause ?? "no error code"
        let isSignature = [
            "SignatureDoesNotMatch", "InvalidAccessKeyId", "RequestTimeTooSkewed", "ExpiredToken", "InvalidToken",
        ].contains(code)
        return Reading(
            code: isSignature ? "signature-refused" : "s3-refused-unseen", confidence: .stated,
            title: isSignature
                ? "S3 refused the signature: \(code)" : "S3 refused \(refusal.detail ?? "a call"): \(code)",
            explanation: refusal.principal == nil
                ? "The call was anonymous. No event of CloudTrail in this archive has it."
                : "No event of CloudTrail in this archive has it: S3's object calls are data events.",
            remedy: isSignature
                ? Remedy(
                    .setting,
                    "Check the clock, the keys, and whether something on the way changes the request after signing.")
                : Remedy(
                    .policy,
                    "Look at the bucket's policy and Block Public Access, then at the caller's policies; record S3's data events for the reason."
                ))
    }

    private static func loadBalancer(_ refusal: CompanionRefusal) -> Reading {
        let isFront = refusal.cause == CompanionKind.cloudFront.rawValue
        return Reading(
            code: isFront ? "cloudfront-refused" : "load-balancer-refused", confidence: .stated,
            title: isFront ? "CloudFront refused the request" : "The load balancer refused the request itself",
            explanation: refusal.detail.map { "The log tells: \($0)." } ?? "The target did not see it.",
            remedy: Remedy(
                .setting,
                isFront
                    ? "Look at the distribution's web ACL and geographic restriction."
                    : "Look at the listener's rules and its web ACL."))
    }

    // MARK: Network

    private static func network(_ refusal: CompanionRefusal, _ facts: CompanionFacts) -> Reading {
        var explanation: Prose = "Packets to port 443 were rejected at network interface \(refusal.detail ?? "")."
        if facts.unanswered > 0 {
            explanation += "Applications tell of \(words: facts.unanswered.of("call", "calls")) without an answer."
        }
        if let reason = refusal.cause { explanation += "The reason is \(reason)." }
        return Reading(
            code: "network-rejected", confidence: facts.unanswered > 0 ? .inferred : .possible,
            title: "The network rejected connections to port 443",
            explanation: explanation,
            remedy: Remedy(
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

    private static func names(_ refusal: CompanionRefusal) -> Reading {
        let host = refusal.resource ?? ""
        switch refusal.cause {
        case "dns-firewall":
            return Reading(
                code: "dns-firewall", confidence: .stated, title: "The DNS firewall blocks \(host)",
                explanation: "Route 53 Resolver did not answer queries for it.",
                remedy: Remedy(.setting, "Allow the domain in the rule group of the DNS firewall."))
        case "dns-failed":
            return Reading(
                code: "dns-failed", confidence: .stated, title: "\(host) does not resolve",
                explanation: "Route 53 Resolver answered with an error.",
                remedy: Remedy(
                    .setting,
                    "Check the Region in the name, private hosted zones of that domain, and rules that forward it."))
        default:
            return Reading(
                code: "endpoint-dns-public", confidence: .inferred,
                title: "\(host) resolves to a public address, and elsewhere to an endpoint's",
                explanation:
                    "Calls from this VPC pass the interface endpoint by. Policies that ask for aws:SourceVpce refuse them.",
                remedy: Remedy(
                    .setting, "Switch private DNS on for the endpoint, or let the VPC resolve the endpoint's name."))
        }
    }
}
