import Foundation
import IAMPolicy
import PolicyTimeline
import TestSupport
import Testing
import TrailStore

@testable import Diagnosis

/// The timeline against the histories that it replaces, at the time of every change of every scenario row.
///
/// Where they differ a line stands in a file: the row, whose policy, what the histories told, what the timeline tells. All are of two
/// kinds, and right: a statement that a service adds has its `Resource`, its account's ARN and its conditions, which the histories
/// left out; and a key that was created with a policy has that policy, which the histories forgot.
@Suite struct HistoryOracleTests {
    @Test func theTimelineTellsWhatTheHistoriesTell() throws {
        var lines: Set<String> = []
        var compared = 0
        for row in ScenarioTests.everyRow {
            let changes = row.changes.map { TrailChange($0) }.sorted {
                ($0.time, $0.change.eventID) < ($1.time, $1.change.eventID)
            }
            let timeline = PolicyTimeline(row.changes.map { ChangeRecord($0) })
            let principal = PrincipalName(row.group.principal)
            for time in Set(changes.map(\.time)).sorted() {
                if principal.kind == .role || principal.kind == .user {
                    compared += 1
                    let old = Self.told(PolicyHistory(of: principal, at: time, changes: changes))
                    let new = Self.told(principal, timeline, at: time)
                    for (what, text) in old where new[what] != text {
                        lines.insert("\(row.name) | \(what) | \(text) | \(new[what] ?? "")")
                    }
                }
                for (resource, own) in Self.resources(changes) {
                    compared += 1
                    let old = Self.told(ResourcePolicyHistory(after: own.filter { $0.time <= time }))
                    let new = Self.told(resource, timeline, at: time)
                    if old != new { lines.insert("\(row.name) | \(resource.name) | \(old) | \(new)") }
                }
            }
        }
        #expect(compared > 500)
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "Ledger/history-differences.txt")
        try expectGolden(lines.sorted().joined(separator: "\n") + "\n", in: file)
    }

    private static func told(_ history: PolicyHistory) -> [String: String] {
        [
            "groups": Set(history.groups.map { $0.lowercased() }).sorted().joined(separator: " "),
            "attached": Set(history.attachedPolicies).sorted().joined(separator: " "),
            "boundary": history.boundary ?? "",
            "documents": documents(history.documents.map { ($0.name, $0.document) }),
        ]
    }

    private static func told(_ principal: PrincipalName, _ timeline: PolicyTimeline, at time: String) -> [String:
        String]
    {
        let holder: Holder =
            principal.kind == .role
            ? .role(principal.name, account: principal.account) : .user(principal.name, account: principal.account)
        let state = timeline.state(at: .at(time), of: PolicySubject(principal: holder)).principal
        guard let state else { return [:] }
        let certain = state.identity.policies.filter(\.isCertain)
        let attached = Set(certain.map(\.name).filter { $0.hasPrefix("arn:") })
        return [
            "groups": state.groups.entries.filter { $0.value.knowledge != .maybe }.keys.sorted().joined(separator: " "),
            "attached": attached.sorted().joined(separator: " "),
            "boundary": state.boundary.policies.filter(\.isCertain).first?.name ?? "",
            "documents": documents(
                certain.compactMap { policy in
                    if case .awsManaged = policy.textSource { return nil }
                    return policy.text.document.map { (policy.name, $0) }
                }),
        ]
    }

    private static func documents(_ documents: [(name: String, document: PolicyDocument)]) -> String {
        Set(documents.map { "\($0.name) \(sign(of: $0.document.text))" }).sorted().joined(separator: ", ")
    }

    /// The changes of each resource that has a policy of its own, by whom the timeline takes it for.
    private static func resources(_ changes: [TrailChange]) -> [(Holder, [TrailChange])] {
        var found: [Holder: [TrailChange]] = [:]
        for change in changes where change.rule?.target == .resource && change.rule?.policyType == .resourceBased {
            let lanes = ChangeReaders.edits(of: ChangeRecord(change.change)).map(\.lane)
            for lane in Set(lanes) where lane.kind == .policy { found[lane.holder, default: []].append(change) }
        }
        return found.sorted { $0.key < $1.key }
    }

    private static func told(_ history: ResourcePolicyHistory) -> String {
        statements(history.statements) + (history.isWhole ? ", no others" : "")
    }

    private static func told(_ resource: Holder, _ timeline: PolicyTimeline, at time: String) -> String {
        let state = timeline.state(at: .at(time), of: PolicySubject(resources: [resource])).resources.first
        guard let slot = state?.policy else { return "" }
        let known = slot.policies.filter(\.isCertain)
        let isWhole = slot.isComplete && known.allSatisfy { $0.text.document != nil }
        return statements(known.flatMap { $0.text.document?.statements ?? [] }) + (isWhole ? ", no others" : "")
    }

    /// What they allow, whatever the spelling: the histories know less of a statement than the response tells.
    private static func statements(_ statements: [Statement]) -> String {
        Set(statements.map { sign(of: PolicyDocument([$0]).text) }).sorted().joined(separator: " ")
    }
}
