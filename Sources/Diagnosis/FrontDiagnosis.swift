import AccessDenial
import Causes
import Findings
public import Remedies
public import TrailStore
import Wording

extension Diagnoser {
    /// What logs beside CloudTrail tell that is no refusal, but may keep calls from being made, diagnosed.
    public static func leads(_ facts: CompanionFacts) -> [DiagnosedGroup] {
        facts.leads.compactMap { FrontDiagnosis.diagnosis($0) }
    }
}

/// Diagnoses groups of refusals in front of a service, of which CloudTrail knows nothing: their log alone tells what there is to know.
enum FrontDiagnosis {
    /// The diagnosis of a group; `nil` for denials, and for AWS's answers that an application logged, which are diagnosed like denials.
    static func diagnosis(_ group: DenialGroup) -> DiagnosedGroup? {
        guard let refusal = group.companion, !refusal.isAnswerOfService, let front = FrontFinding(group) else {
            return nil
        }
        var finding = Finding(
            front.code, front.confidence, title: front.title, front.explanation, evidence: group.evidenceInLogs)
        if group.denials > 1, !group.resources.isEmpty, refusal.layer != .network {
            finding.explanation += spread(group)
        }
        let masked = GatewayLogs.masked(group, evidence: finding.evidence)
        let (status, text) = status(group)
        return DiagnosedGroup(
            group: group, findings: [finding] + [masked].compactMap(\.self).filter { $0.code != finding.code },
            rootCause: finding, remedy: front.remedy, status: status, statusText: text,
            causeKey: CauseKey(.front, key(front.code, group)))
    }

    /// What refusals share that one change ends: for credentials that is the caller, for all else the place.
    private static func key(_ code: Finding.Code, _ group: DenialGroup) -> [String] {
        let refusal = group.companion
        switch code {
        case .signatureRefused: return [code.rawValue, group.reason.slug, group.principal, refusal?.place ?? ""]
        case .wafBlocked: return [code.rawValue, refusal?.place ?? "", refusal?.cause ?? ""]
        case .networkRejected: return [code.rawValue, refusal?.place ?? ""]
        default: return [code.rawValue, refusal?.place ?? group.principal, refusal?.cause ?? ""]
        }
    }

    /// On what, and from where.
    private static func spread(_ group: DenialGroup) -> Prose {
        var text: Prose = ""
        if group.resources.count > 1 {
            text += "It met \(list: group.resources.map(\.value), limit: 3)."
        }
        if group.sourceIPAddresses.count > 1 {
            text += "The calls came from \(words: group.sourceIPAddresses.count.of("address", "addresses"))."
        }
        return text
    }

    /// Whether the calls work by now, as far as the logs tell.
    private static func status(_ group: DenialGroup) -> (DiagnosedGroup.Status, Prose) {
        guard !group.lastSeen.isEmpty else { return (.ongoing, "The log tells no time.") }
        if let success = group.firstSuccessAfter {
            return (
                .resolved,
                "It works again: every caller that was refused succeeded on the same route by \(time: success)."
            )
        }
        let rhythm = Rhythm(group, end: group.companion?.logsUntil)
        if rhythm.isQuiet {
            return (
                .quiet,
                "Not seen for \(words: rhythm.silenceText) as the logs end; the last refusal was at \(time: group.lastSeen)."
            )
        }
        if let within = group.successesWithin, within > 0 {
            return (
                .intermittent,
                "Successes and refusals alternate: \(words: within.of("success", "successes")) of the same callers on the same routes since the first refusal."
            )
        }
        guard let end = group.companion?.logsUntil, end > group.lastSeen else {
            return (.ongoing, "Still refused when the log ends.")
        }
        return (.ongoing, "The last refusal was at \(time: group.lastSeen); the logs end at \(time: end).")
    }
}
