import AccessDenial
import Causes
import Diagnosis
import Findings
import IAMPolicy
import RecordedChanges
import Remedies
import Testing
import TrailStore
import Wording

/// The table of scenarios as a whole, and what must hold for every row of it.
@Suite struct TableTests {
    private static let rows = ScenarioFile.everyRow

    @Test func `The table is large, and a third of it are look-alikes that must not be blamed`() {
        let lookAlikes = Self.rows.filter { !$0.spares.isEmpty || $0.blames == [] }
        #expect(Self.rows.count >= 60)
        #expect(lookAlikes.count * 3 >= Self.rows.count, "\(lookAlikes.count) of \(Self.rows.count)")
        #expect(Set(Self.rows.map(\.name)).count == Self.rows.count)
    }

    @Test(arguments: Finding.Code.allCases)
    func `Every code has a row that finds it`(code: Finding.Code) {
        #expect(Self.rows.contains { $0.rootCause == code || $0.finds.contains(code) })
    }

    @Test(arguments: rows)
    func `The checklist never contradicts the findings`(row: Scenario) throws {
        let study = row.study
        #expect(study.diagnosis == row.diagnosis)
        #expect(Set(study.checklist.map(\.step)) == Set(1...9))
        #expect(Set(study.checklist.map(\.id)).count == study.checklist.count)
        let marks = Dictionary(uniqueKeysWithValues: study.checklist.map { ($0.id, $0.mark) })
        let codes = Set(study.diagnosis.findings.map(\.code))
        let pairs: [(Finding.Code, String)] = [
            (.credentialsInvalid, "credentials"), (.credentialsExpired, "temporary-credentials"), (.mfaFailed, "mfa"),
            (.mfaAbsent, "mfa"), (.regionMismatch, "region"), (.wrongIAMPrefix, "action-name"),
            (.resourceTooNarrow, "resource"), (.explicitDeny, "explicit-deny"), (.permissionsChanged, "recent-change"),
            (.principalRecreated, "recent-change"), (.notYetEffective, "recent-change"),
            (.networkPathChanged, "conditions"), (.conditionUnmet, "conditions"), (.clientChanged, "sdk"),
            (.viaAPIGateway, "gateway-integration"), (.gatewayIntegrationDenied, "gateway-integration"),
            (.gatewayIntegrationRole, "gateway-integration"),
            (.signatureInvalid, "signature"), (.crossAccount, "cross-account"),
            (.environmentDifference, "environments"), (.serviceEnded, "service-lifecycle"),
            (.notSubscribed, "service-lifecycle"), (.accountState, "service-lifecycle"),
        ]
        for (code, id) in pairs where codes.contains(code) { #expect(marks[id] == .found, "\(id)") }
        // What a row names as found is nothing that the findings do not know.
        for (id, group) in Dictionary(grouping: pairs, by: \.1) where marks[id] == .found {
            #expect(
                group.contains { codes.contains($0.0) } || id == "conditions"
                    // Which row these answer depends on what else the log tells.
                    || codes.contains(.signatureRefused) || codes.contains(.gatewayStatusMasked), "\(id)")
        }
        for item in study.checklist {
            #expect(!item.note.isEmpty && !item.question.isEmpty, "\(item.id)")
            for command in item.commands.lines { #expect(command.hasPrefix("aws ") && !command.contains("\n")) }
        }
    }

    @Test(arguments: rows)
    func `No change is both blamed and innocent`(row: Scenario) {
        let study = row.study
        let evidence = Set(study.diagnosis.findings.flatMap(\.evidence).map(\.eventID))
        for change in study.changes {
            let isEvidence = evidence.contains(change.evidence.eventID)
            switch change.verdict {
            case .blamed: #expect(isEvidence)
            case .fixed: #expect(study.diagnosis.fixedBy?.eventID == change.evidence.eventID)
            case .later, .earlier, .open, .innocent: #expect(!isEvidence)
            }
        }
    }

    /// Whatever AWS states, for whatever is called: no Allow where something else would still refuse.
    @Test(arguments: Reason.allReasons)
    func `An Allow is never offered where it would be in vain`(reason: Reason) {
        let limits: Set<PolicyType> = [
            .serviceControl, .resourceControl, .permissionsBoundary, .session, .vpcEndpoint,
        ]
        for action in [
            Facts.send, "mobiletargeting:CreateCampaign", "mobiletargeting:GetSegments", "sts:AssumeRole",
            "iam:PassRole", "s3:GetObject", "odd",
        ] {
            for resource in [Facts.messages, "arn:aws:iam::444455556666:role/r", nil] {
                let group = Facts.group(reason, action: action, resource: resource)
                let diagnosis = Scenario(name: "", group: group, rootCause: .missingAllow).diagnosis
                let isEnded = ["mobiletargeting:CreateCampaign", "mobiletargeting:GetSegments"].contains(action)
                let isInVain =
                    reason.effect == .explicit || reason.category != .authorization || isEnded
                    || reason.policyType.map(limits.contains) ?? false
                if isInVain { #expect(diagnosis.remedy.policy == nil, "\(reason.slug) \(action)") }
                for statement in diagnosis.remedy.policy?.statements ?? [] {
                    #expect(statement.actions.patterns.allSatisfy { $0.text.lowercased() == action.lowercased() })
                }
            }
        }
    }
}
