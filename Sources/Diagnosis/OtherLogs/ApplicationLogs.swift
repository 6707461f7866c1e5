import AccessDenial
import Causes
import IAMPolicy
import RecordedChanges
import TrailStore
import Wording

/// What applications' and networks' logs tell of a group.
enum ApplicationLogs {
    static func findings(_ facts: GroupFacts) -> [Finding] {
        [unseen(facts), cleared(facts)].compactMap(\.self)
    }

    /// AWS refused, and only the application's log has it.
    private static func unseen(_ facts: GroupFacts) -> Finding? {
        let group = facts.group
        guard let refusal = group.companion, refusal.isAnswerOfService else { return nil }
        var text: Prose = "AWS's answer stands in \(refusal.log ?? "the application's log") alone."
        let coverage = facts.coverage
        let isCovered =
            (coverage.from.map { $0 <= group.firstSeen } ?? false)
            && (coverage.to.map { $0 >= group.lastSeen } ?? false)
        if isData(group.action) {
            text +=
                "\(group.action) is a data event, which a trail records only where it is told to; so CloudTrail can have none of it."
        } else if !isCovered {
            text +=
                coverage.from == nil
                ? "The archive has no event of CloudTrail." : "The archive's log files do not reach over that time."
        } else if let account = ARN(group.principal)?.account, !account.isEmpty, !coverage.accounts.contains(account) {
            text += "The archive has no log files of account \(account)."
        } else {
            text +=
                "The archive reaches over that time and has no event of the request: log files are missing, or another account's trail has it."
        }
        if let sentence = refusal.sentence { text += "AWS said: \(sentence)" }
        return Finding(
            .seenByApplicationOnly, .stated, title: "AWS refused \(group.action), and only the application saw it",
            text,
            evidence: group.evidenceInLogs)
    }

    /// Whether CloudTrail has the action among its data events.
    private static func isData(_ action: String) -> Bool {
        if DataEvents.contains(action) { return true }
        guard action.hasPrefix("mobiletargeting:"),
            let operation = PinpointCatalogue.operation(named: String(action.dropFirst("mobiletargeting:".count)))
        else { return false }
        return operation.recording(on: PinpointCatalogue.endOfSupport) == .dataEventProbable
    }

    /// The network let connections through both ways while the calls were refused.
    private static func cleared(_ facts: GroupFacts) -> Finding? {
        guard let flow = facts.sightings.first(where: { $0.layer == .network }) else { return nil }
        return Finding(
            .networkCleared, .inferred, title: "The network let the connections through",
            "VPC flow logs show \(words: flow.count.of("flow", "flows")) from \(flow.place) accepted, with answers, between \(time: flow.firstSeen) and \(time: flow.lastSeen), and none rejected: security groups and network ACLs are not the cause.",
            evidence: [
                Evidence(
                    eventID: flow.place, eventTime: flow.lastSeen, eventName: "ACCEPT",
                    principal: flow.caller ?? facts.group.principal, summary: "accepted both ways")
            ])
    }
}

extension DenialGroup {
    /// The refusals as evidence, as a log beside CloudTrail tells them.
    var evidenceInLogs: [Evidence] {
        evidence.map { entry in
            var summary: Prose = "refused"
            if let code = entry.errorCode { summary = summary + "with \(code)" }
            if let status = companion?.status {
                summary = summary + "\(words: entry.errorCode == nil ? "with" : "and") status \(words: String(status))"
            }
            if let log = companion?.log { summary = "\(summary), in \(log)" }
            return Evidence(
                eventID: entry.eventID, eventTime: entry.eventTime, eventName: entry.eventName,
                principal: principal, summary: summary)
        }
    }
}
