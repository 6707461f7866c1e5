import AccessDenial
import Causes
import Diagnosis
import IAMPolicy
import Remedies
import Testing
import TrailStore
import Wording

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
