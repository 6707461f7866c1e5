import AccessDenial
package import Causes
import IAMPolicy
import PolicyTimeline
import RecordedChanges
package import TrailStore
package import Wording

/// The troubleshooting guide's checklist as a table: each row a question and a pure function from facts to an answer.
///
/// The questions are the guide's; where it errs (throttling as a 403, Pinpoint's IAM prefix, resource-based policies of
/// Pinpoint, API Gateway in CloudTrail) the answers say what AWS documents. A row is *ruled out* only where the trail proves it
/// for these very denials; what CloudTrail cannot show is *not visible*, with the place that would show it.
package enum Checklist {
    /// What a row is answered from.
    package struct Inputs {
        package var facts: GroupFacts
        package var findings: [Finding]

        package var group: DenialGroup { facts.group }

        /// Whether AWS knew the caller: it answers questions of policy or of the account only for requests that it authenticated.
        var isAuthenticated: Bool {
            switch group.category {
            case .authorization: group.principalType != "Unknown" && group.principal != "anonymous"
            case .account: true
            case .authentication, .throttling, .validation: false
            }
        }

        /// Whether the same action has succeeded since the first denial, in the accounts and Regions of the denials, be it on
        /// something else than what was refused.
        var succeedsSince: Bool {
            (group.successesWithin ?? 0) > 0 || group.firstSuccessAfter != nil
                || facts.sameActionHere.contains { ($0.lastSuccess ?? "") >= group.firstSeen }
        }

        /// Whether it has succeeded since then on what was refused, or on what is not told.
        var worksSince: Bool {
            guard let within = group.successesWithin else { return succeedsSince }
            return within > 0 || group.firstSuccessAfter != nil || group.partialSuccessAfter != nil
        }

        /// Where a refusal by API Gateway would stand.
        var gatewayLogs: Prose {
            let kinds: Set<String> = ["api-gateway-access", "api-gateway-execution"]
            if facts.otherLogs.cover(kinds, from: group.firstSeen, to: group.lastSeen) {
                return "The logs of API Gateway in this archive reach over that time and have none of these calls."
            }
            let told: Prose =
                "A 403 of the gateway itself is never in CloudTrail: see the stage's access and execution logs."
            guard facts.otherLogs.reach.contains(where: { kinds.contains($0.kind) }) else { return told }
            return told + "Those in this archive do not reach over that time, so that they have none proves nothing."
        }

        package func finding(_ codes: Finding.Code...) -> Finding? { findings.first { codes.contains($0.code) } }

        /// The answer to a question of policy for calls that no policy decided.
        var beforePolicies: Answer {
            switch group.category {
            case .authentication: .ruledOut("The call was turned away before any policy was looked at.")
            case .account: .ruledOut("The service itself refused, for a reason that no policy decides.")
            case .authorization, .throttling, .validation: .notVisible("AWS does not say.")
            }
        }
    }

    /// An answer, before the row's name and question are put to it.
    package struct Answer {
        package var mark: ChecklistItem.Mark
        package var note: Prose
        package var look: Prose = ""
        package var commands: [ShellCommand] = []

        package static func found(_ note: Prose, look: Prose = "", commands: [ShellCommand] = []) -> Answer {
            Answer(mark: .found, note: note, look: look, commands: commands)
        }

        package static func found(_ finding: Finding, look: Prose = "", commands: [ShellCommand] = []) -> Answer {
            let sureness: Prose =
                switch finding.confidence {
                case .stated: "stated by AWS"
                case .simulated: "policies evaluated"
                case .inferred: "inferred"
                case .possible: "possible, no more"
                }
            return found("\(finding.title) (\(sureness)).", look: look, commands: commands)
        }

        package static func ruledOut(_ note: Prose, look: Prose = "") -> Answer {
            Answer(mark: .ruledOut, note: note, look: look)
        }

        package static func notVisible(_ note: Prose, look: Prose = "", commands: [ShellCommand] = []) -> Answer {
            Answer(mark: .notVisible, note: note, look: look, commands: commands)
        }
    }

    /// One row of the table.
    package struct Row: Sendable {
        package var step: Int
        package var id: String
        package var question: String
        package var answer: @Sendable (Inputs) -> Answer

        /// The row with an answer.
        package func item(_ answer: Answer) -> ChecklistItem {
            ChecklistItem(
                id: id, step: step, question: question, mark: answer.mark, note: answer.note,
                look: answer.look + answer.commands.leftOut, commands: answer.commands.filter { $0.line != nil })
        }
    }

    /// The table, in the guide's order.
    package static let rows: [Row] =
        CredentialsStep.rows + PolicyStep.rows + NetworkStep.rows + GatewayStep.rows + RequestStep.rows + QuotaStep.rows
        + LogStep.rows + ClientStep.rows + AdvancedStep.rows

    /// Every row, answered for one group.
    package static func items(_ facts: GroupFacts, findings: [Finding]) -> [ChecklistItem] {
        let inputs = Inputs(facts: facts, findings: findings)
        return rows.map { $0.item($0.answer(inputs)) }
    }
}
