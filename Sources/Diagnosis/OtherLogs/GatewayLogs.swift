import AccessDenial
import Causes
import IAMPolicy
import RecordedChanges
import TrailStore
import Wording

/// What API Gateway's logs tell of calls that it passed on and the service refused.
enum GatewayLogs {
    static func findings(_ facts: GroupFacts) -> [Finding] {
        let seen = facts.sightings.filter { $0.layer == .gateway }
        guard !seen.isEmpty else { return [] }
        let count = seen.reduce(0) { $0 + $1.count }
        let places = seen.map(\.place)
        let callers = Set(seen.compactMap(\.caller)).sorted()
        let evidence = seen.prefix(3).map { proof($0, facts) }
        var text: Prose =
            "API Gateway passed \(words: count.of("call", "calls")) on (\(list: Array(Set(places)).sorted(), limit: 3)), and the service refused: no authorizer, API key, resource policy or web ACL did."
        if !callers.isEmpty {
            text +=
                "Behind the gateway \(words: callers.count == 1 ? "the caller was" : "the callers were") \(list: callers, limit: 3)."
        }
        var findings = [
            Finding(.gatewayPassed, .stated, title: "API Gateway let the calls in", text, evidence: evidence)
        ]
        let isIntegration =
            facts.group.invokedBy.contains { $0.value.hasPrefix("apigateway.") }
            || facts.group.userAgents.contains { $0.value.lowercased().contains("amazonapigateway") }
        if isIntegration {
            findings.append(
                Finding(
                    .gatewayIntegrationDenied, .stated, title: "The service behind API Gateway refused its integration",
                    "The calls of \(list: Array(Set(places)).sorted(), limit: 3) go to the service under the role of the integration, \(facts.principal.shown), and that role was refused. What the caller of the API may do does not matter to the service.",
                    evidence: evidence))
        }
        let statuses = Set(seen.compactMap(\.status).filter { $0 != 403 && $0 != 401 }).sorted()
        if let masked = masked(statuses, evidence: evidence) { findings.append(masked) }
        return findings
    }

    /// The finding of a group at the gateway itself whose callers saw another status.
    static func masked(_ group: DenialGroup, evidence: [Evidence]) -> Finding? {
        guard let refusal = group.companion, refusal.layer == .gateway, let status = refusal.status, status != 403,
            status != 401
        else { return nil }
        return masked([status], evidence: evidence)
    }

    private static func masked(_ statuses: [Int], evidence: [Evidence]) -> Finding? {
        guard !statuses.isEmpty else { return nil }
        let told = statuses.map { String($0) }.joined(separator: ", ")
        return Finding(
            .gatewayStatusMasked, .stated, title: "Callers saw status \(words: told), not 403",
            "API Gateway gave the refusal another status: a mapping of the integration's answer, or a gateway response, says so. Who looks for 403 alone does not find these calls.",
            evidence: evidence)
    }

    private static func proof(_ sighting: CompanionSighting, _ facts: GroupFacts) -> Evidence {
        var summary: Prose = "passed on \(words: sighting.count.of("time", "times"))"
        if let status = sighting.status { summary = "\(summary), answered with status \(words: String(status))" }
        if let log = sighting.log { summary = "\(summary), in \(log)" }
        return Evidence(
            eventID: sighting.requestID ?? sighting.place, eventTime: sighting.lastSeen, eventName: sighting.place,
            principal: sighting.caller ?? facts.group.principal, summary: summary)
    }
}
