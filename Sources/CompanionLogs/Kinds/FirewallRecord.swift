import CloudTrail

/// Reads records of AWS WAF. Headers are read for the trace id alone: cookies and tokens stand there, too.
///
/// Source: "Log fields for web ACL traffic" in the AWS WAF developer guide.
enum FirewallRecord {
    /// What a record says.
    struct Reading {
        var row: CompanionRow
        var scope: String
        /// Whether it was refused: counted rules and allowed requests are not.
        var isRefused: Bool
    }

    /// `nil` where the object is none.
    static func read(_ bytes: ArraySlice<UInt8>, byteOffset: Int) -> Reading? {
        let json = JSONFragment(bytes: Array(bytes))
        guard let acl = json.string(at: "webaclId"), let action = json.string(at: "action"),
            let request = json.fragment(at: "httpRequest"),
            let time = json.string(at: "timestamp").flatMap(LogTime.milliseconds)
        else { return nil }
        let isRefused =
            action == "BLOCK"
            || ((action == "CAPTCHA" || action == "CHALLENGE") && json.string(at: "responseCodeSent") != nil)
        let source = [json.string(at: "httpSourceName"), json.string(at: "httpSourceId")].compactMap(\.self).filter {
            $0 != "-"
        }
        var row = CompanionRow(
            .wafRequest, time: time / 1000, milliseconds: Int(time % 1000), byteOffset: byteOffset, [])
        guard isRefused else { return Reading(row: row, scope: name(ofACL: acl), isRefused: false) }
        // The rule within a rule group is the one that decided.
        var group: String?
        var rule: String?
        for element in json.fragment(at: "ruleGroupList")?.elements().prefix(64) ?? [] {
            guard let id = element.string(at: "terminatingRule", "ruleId") else { continue }
            group = element.string(at: "ruleGroupId")
            rule = id
        }
        let labels = json.fragment(at: "labels")?.elements().prefix(16).compactMap { $0.string(at: "name") }.joined(
            separator: " ")
        let rate = json.fragment(at: "rateBasedRuleList")?.elements().first?.string(at: "rateBasedRuleName")
        let trace = request.fragment(at: "headers")?.elements().prefix(128).first {
            $0.string(at: "name")?.lowercased() == "x-amzn-trace-id"
        }?
        .string(at: "value")
        // Behind a load balancer there is none, which AWS writes as a word.
        let requestID = request.string(at: "requestId").flatMap { $0 == "null" ? nil : $0 }
        row.values = [
            .init(acl), .init(action), .init(json.string(at: "terminatingRuleId")),
            .init(json.string(at: "terminatingRuleType")),
            .init(group), .init(rule), .init(source.first), .init(source.count > 1 ? source[1] : nil),
            .init(request.string(at: "clientIp")), .init(request.string(at: "country")),
            .init(request.string(at: "httpMethod")),
            .init(request.string(at: "uri")), .init(requestID), .init(trace),
            .init(json.string(at: "responseCodeSent").flatMap(Int.init)), .init(labels), .init(rate),
            .init(json.string(at: "requestBodySize").flatMap(Int.init)),
        ]
        return Reading(row: row, scope: name(ofACL: acl), isRefused: true)
    }

    /// The web ACL's name in its ARN.
    private static func name(ofACL arn: String) -> String {
        let parts = arn.split(separator: "/")
        return parts.count >= 2 ? String(parts[parts.count - 2]) : arn
    }
}
