import AccessDenial
import CompanionLogs
import Diagnosis
import Findings
import IAMPolicy
import RecordedChanges
import Wording

/// What is said of one error message.
struct ErrorStory {
    var title: Prose
    var explanation: Prose
    var remedy: Remedy

    init(_ error: ErrorText, _ refuser: Refuser) {
        switch refuser {
        case .policy(let type): self.init(policy: type, error)
        case .gateway(let refusal):
            self.init(refusal.title, refusal.explanation, Remedy(refusal.remedyKind, refusal.advice))
        case .service, .account: self.init(reason: error.reason, remedy: Self.service(error))
        case .credentials: self.init(reason: error.reason, remedy: Self.credentials(error))
        case .signature: self.init(reason: error.reason, remedy: Self.signature(error))
        case .firewall:
            self.init(
                "CloudFront blocked the request: AWS WAF or a geographic restriction",
                "The page is CloudFront's own. It shows it where a rule of the distribution's web ACL blocks a request, or where the distribution does not serve the viewer's country. The request never reached what is behind it.",
                Remedy(
                    .setting,
                    "Look the request up in the web ACL's log: the terminating rule is the reason. Set that rule to Count or exclude the path; for a country, change the distribution's geographic restriction."
                ))
        case .distribution:
            self.init(
                "CloudFront answered itself",
                "The page is CloudFront's own: the distribution has no such alternate name, does not allow the method, or could not use what its origin answered. GET with a body is refused as well.",
                Remedy(
                    .setting,
                    "Compare host, path and method of the request with the distribution's settings; its log tells the detailed result type."
                ))
        case .loadBalancer:
            self.init(
                "The load balancer answered itself",
                "The page is the load balancer's own. A listener's rule with a fixed response, an authentication action or AWS WAF refused the request; the target did not see it.",
                Remedy(
                    .setting,
                    "Look at `actions_executed` in the load balancer's access log, and at the listener's rules."))
        case .proxy:
            self.init(
                "A proxy or web server in between refused the call",
                "The answer is a web page and bears no request id of AWS. AWS's services answer in JSON or XML, with an id. The call did not reach AWS.",
                Remedy(
                    .setting,
                    "Look at the proxy's own log. Let it pass the service's host, or set NO_PROXY for it; on a network of AWS, an interface endpoint avoids the proxy."
                ))
        case .network: self.init(network: error)
        case .nobody(let category):
            let isThrottled = category == .throttling
            self.init(
                isThrottled ? "The call was throttled: nobody refused it" : "The call was invalid: nobody refused it",
                isThrottled
                    ? "The service had too many calls in too short a time. No policy is involved."
                    : "The service did not accept the request's content. No policy is involved.",
                Remedy(
                    .setting,
                    isThrottled
                        ? "Retry with back-off, spread the calls, or ask for a higher quota."
                        : "Correct the request by the error's message."))
        case .unknown:
            self.init(
                error.isEmpty
                    ? "The text holds no error of AWS that is known here" : "The text does not tell what refused",
                error.isEmpty
                    ? "No error code, no HTTP status and no sentence of AWS stands in it."
                    : "It holds neither an error code nor a sentence that is known.",
                Remedy(
                    .none,
                    "Give the whole message: the line with the error code and the sentence behind it, and the lines that follow it."
                ))
        }
    }

    init(_ title: Prose, _ explanation: Prose, _ remedy: Remedy) {
        self.title = title
        self.explanation = explanation
        self.remedy = remedy
    }

    private init(reason: Reason, remedy: Remedy) {
        self.init(
            Prose(stringLiteral: reason.title.prefix(1).uppercased() + reason.title.dropFirst()),
            Prose(stringLiteral: reason.meaning), remedy)
    }

    private init(network error: ErrorText) {
        let isLate = error.page == .timeout
        let host: Prose = error.host.map { "\($0)" } ?? "the service's host"
        self.init(
            isLate
                ? "No answer came in time: nobody refused the call"
                : "There was no connection: nobody refused the call",
            "This is no 403. Name resolution, a security group, a network ACL, a missing route or a firewall keeps the call from \(host).",
            Remedy(
                .setting,
                "Resolve the host from the same network, then connect to port 443. Without a route to the internet the subnet needs an interface endpoint of the service, whose security group lets 443 in."
            ))
    }

    // MARK: Credentials and signatures

    private static func credentials(_ error: ErrorText) -> Remedy {
        let text: Prose =
            switch error.reason.slug {
            case "credentials-expired":
                "Fetch new credentials: sign in again, or let the SDK take them from its provider chain, which renews them. Credentials that were copied into variables are not renewed."
            case "credentials-missing":
                "Sign the request: call through an SDK with credentials, and check that a proxy does not drop the Authorization header."
            default:
                "Compare the access key with those of the user; a deleted or inactive key is refused like an unknown one. Temporary keys (ASIA…) need their session token as well."
            }
        return Remedy(.setting, text, commands: [PolicyCommands.callerIdentity])
    }

    private static func signature(_ error: ErrorText) -> Remedy {
        let text: Prose =
            error.reason.slug == "clock-skew"
            ? "Set the caller's clock (NTP): AWS allows a few minutes."
            : "Check the secret key, the Region and service that the request is signed for, and whether a proxy, CDN or custom domain changes host, path, query or body after it was signed."
        return Remedy(.setting, text, commands: [PolicyCommands.callerIdentity])
    }

    // MARK: Services

    private static func service(_ error: ErrorText) -> Remedy {
        switch error.reason.slug {
        case "service-ended":
            Remedy(.none, "No policy brings it back: move to the service that AWS names as its successor.")
        case "denied-by-meta": Remedy(.setting, "The refusal is Meta's: look at the WhatsApp Business account.")
        default:
            error.reason.category == .account
                ? Remedy(
                    .setting,
                    "No policy is at fault. Look at the account's state in the service's console, or ask AWS Support.")
                : Remedy(
                    .setting,
                    "The service refuses in words of its own: look at its settings for the resource first, then at the policies."
                )
        }
    }
}
