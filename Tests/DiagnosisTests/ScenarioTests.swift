import AccessDenial
import Causes
import Diagnosis
import Findings
import Foundation
import IAMPolicy
import RecordedChanges
import Remedies
import Testing
import TrailStore
import Wording

@Suite struct ScenarioTests {
    @Test(arguments: ScenarioFile.everyRow)
    func factsLeadToTheDiagnosis(_ row: Scenario) {
        let diagnosis = row.diagnosis
        let codes = diagnosis.findings.map(\.code)
        #expect(diagnosis.rootCause.code == row.rootCause)
        for code in row.finds { #expect(codes.contains(code), "finds \(code.rawValue)") }
        for code in row.spares { #expect(!codes.contains(code), "spares \(code.rawValue)") }
        if let blames = row.blames {
            #expect(diagnosis.rootCause.evidence.map(\.eventID).filter { $0 != "denial" } == blames)
        }
        // What was evaluated is as good as what follows from the trail.
        if let confidence = row.confidence {
            let found = diagnosis.rootCause.confidence
            #expect(found == confidence || confidence == .inferred && found == .simulated)
        }
        #expect(diagnosis.status == row.status)
        #expect(diagnosis.fixedBy?.eventID == row.fixedBy)
        if let remedy = row.remedy { #expect(diagnosis.remedy.kind == remedy) }
        if let offersPolicy = row.offersPolicy { #expect((diagnosis.remedy.policy != nil) == offersPolicy) }
        let words =
            ([diagnosis.remedy.text.plain] + diagnosis.remedy.commands.lines + [diagnosis.remedy.policy?.text ?? ""])
            .joined(separator: "\n")
        for text in row.says { #expect(words.contains(text), "\(text) in \(words)") }
        for text in row.saysNot { #expect(!words.contains(text), "\(text) in \(words)") }
        let status = diagnosis.statusText.plain
        for text in row.tells { #expect(status.contains(text), "\(text) in \(status)") }
        for text in row.tellsNot { #expect(!status.contains(text), "\(text) in \(status)") }
        let explanation = diagnosis.rootCause.explanation.plain
        for text in row.explains { #expect(explanation.contains(text), "\(text) in \(explanation)") }
        for text in row.explainsNot { #expect(!explanation.contains(text), "\(text) in \(explanation)") }
    }

    /// Whatever the facts: no Allow is offered where it would not help.
    @Test(arguments: ScenarioFile.everyRow)
    func anAllowIsNeverOfferedInVain(_ row: Scenario) {
        let diagnosis = row.diagnosis
        let reason = row.group.reason
        let isLimit =
            switch reason.policyType {
            case .serviceControl?, .resourceControl?, .permissionsBoundary?, .session?, .vpcEndpoint?: true
            case .identityBased?, .resourceBased?, .roleTrust?, nil: false
            }
        if reason.effect == .explicit || isLimit || reason.category != .authorization {
            #expect(diagnosis.remedy.policy == nil)
        }
        for statement in diagnosis.remedy.policy?.statements ?? [] { #expect(statement.effect == .allow) }
    }

    /// How many scenarios of how many are turned to a reason: one of eight, each with every eighth reason, for lack of time;
    /// `TRAIL403_EVERY_REASON` asks for all of them.
    private static let stride = ProcessInfo.processInfo.environment["TRAIL403_EVERY_REASON"] == nil ? 8 : 1

    /// The same, whatever AWS had stated about these facts: scenarios with every reason.
    @Test(arguments: Reason.allReasons.enumerated().map { ($0, $1) })
    func anAllowIsNeverOfferedInVainWhateverAWSStates(_ place: Int, _ reason: Reason) {
        for (index, row) in ScenarioFile.everyRow.enumerated() where (index + place) % Self.stride == 0 {
            var turned = row
            turned.group.reason = reason
            turned.group.category = reason.category
            let diagnosis = turned.diagnosis
            let isLimit =
                switch reason.policyType {
                case .serviceControl?, .resourceControl?, .permissionsBoundary?, .session?, .vpcEndpoint?: true
                case .identityBased?, .resourceBased?, .roleTrust?, nil: false
                }
            if reason.effect == .explicit || isLimit || reason.category != .authorization
                || diagnosis.rootCause.code == .serviceEnded
            {
                #expect(diagnosis.remedy.policy == nil, "\(row.name) with \(reason.slug)")
            }
            if reason.effect == .explicit || isLimit {
                #expect(diagnosis.rootCause.code != .principalRecreated, "\(row.name) with \(reason.slug)")
                #expect(diagnosis.rootCause.code != .crossAccount, "\(row.name) with \(reason.slug)")
            }
            if diagnosis.remedy.kind == .command {
                #expect(!diagnosis.remedy.commands.isEmpty, "\(row.name) with \(reason.slug)")
            }
        }
    }

    /// The order in which facts come does not matter.
    @Test(arguments: ScenarioFile.everyRow)
    func theOrderOfFactsDoesNotMatter(_ row: Scenario) {
        var turned = row
        turned.usage.reverse()
        turned.changes.reverse()
        #expect(turned.diagnosis == row.diagnosis)
    }

    @Test func everyReasonHasARootCauseAndARemedy() {
        for reason in Reason.allReasons {
            for action in ["mobiletargeting:SendMessages", "sts:AssumeRole", "iam:PassRole", "odd"] {
                let group = Facts.group(reason, action: action)
                let diagnosis = Scenario(name: "", group: group, rootCause: .missingAllow).diagnosis
                #expect(!diagnosis.findings.isEmpty, "\(reason.slug)")
                #expect(!diagnosis.rootCause.explanation.isEmpty, "\(reason.slug)")
                #expect(!diagnosis.remedy.text.isEmpty, "\(reason.slug)")
                #expect((1...9).contains(diagnosis.rootCause.step))
                if reason.effect == .explicit || reason.category != .authorization {
                    #expect(diagnosis.remedy.policy == nil, "\(reason.slug)")
                }
            }
        }
    }
}
