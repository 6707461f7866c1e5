import AccessDenial
import Foundation
import IAMPolicy
import OrderedJSON
import TestSupport
import Testing
import TrailStore

@testable import Diagnosis
@testable import PolicyTimeline

/// The timeline against what the diagnosis reads from changes by itself: tags, lives of principals, places of accounts, permission sets
/// and identity providers, at the time of every change of every scenario row.
///
/// Where they differ a line stands in a file: the row, what was asked, what the older reading tells, what the timeline tells. All are
/// of one kind: an event that does not say where a permission set was provisioned is taken for everywhere, where the older reading
/// takes it for nowhere.
@Suite struct LesserHistoryOracleTests {
    @Test func theTimelineTellsWhatTheLesserHistoriesTell() throws {
        var lines: Set<String> = []
        var compared: [String: Int] = [:]
        for row in ScenarioTests.everyRow {
            let oracle = Oracle(row)
            for (what, pairs) in oracle.answers {
                compared[what, default: 0] += pairs.count
                for (old, new) in pairs where old != new { lines.insert("\(row.name) | \(what) | \(old) | \(new)") }
            }
        }
        for what in ["tags", "life", "place", "permission set", "provider"] {
            #expect((compared[what] ?? 0) > 0, "\(what): \(compared[what] ?? 0)")
        }
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "Ledger/lesser-history-differences.txt")
        try expectGolden(lines.sorted().joined(separator: "\n") + "\n", in: file)
    }
}

/// One row with both ways to read it.
private struct Oracle {
    let facts: GroupFacts
    let timeline: PolicyTimeline
    let changes: [TrailChange]
    let principal: PrincipalName

    init(_ row: Scenario) {
        facts = TrailFacts(
            usage: row.usage, changes: row.changes, coverage: row.coverage, reportTime: row.reportTime
        ).facts(of: row.group)
        changes = facts.changes
        timeline = PolicyTimeline(changes.map { ChangeRecord($0.change) })
        principal = facts.principal
    }

    var holder: Holder? {
        switch principal.kind {
        case .role: .role(principal.name, account: principal.account)
        case .user: .user(principal.name, account: principal.account)
        case .root, .federatedUser, .service, .other: nil
        }
    }

    var times: [String] { Set(changes.map(\.time)).sorted() }

    /// By what is asked, the answer of the older reading and that of the timeline.
    var answers: [String: [(String, String)]] {
        [
            "tags": tags, "life": lives, "place": places, "permission set": permissionSets, "provider": providers,
        ]
    }

    private static func told(_ values: [String]?) -> String {
        values.map { $0.isEmpty ? "no such tag" : $0.joined(separator: ", ") } ?? "not known"
    }

    private var tags: [(String, String)] {
        let keys = changes.reduce(into: Set<String>()) { keys, change in
            keys.formUnion(change.tags.keys)
            keys.formUnion(change.removedTags)
        }
        var pairs: [(String, String)] = []
        for time in times {
            let before = changes.prefix { $0.time <= time }
            for key in keys.sorted() {
                let asked: [(TagHistory.Holder, Holder?)] = [(.principal, holder), (.resource, resource)]
                for (kind, holder) in asked {
                    guard let holder else { continue }
                    let old = TagHistory.value(of: TagHistory.Tag(kind, key), facts, in: before)
                    let state = timeline.state(of: holder, .tags, at: .at(time))
                    var new: [String]?
                    if case .known(.text(let text))? = state.entries[key]?.knowledge {
                        new = [text]
                    } else if state.holds(key) == false {
                        new = []
                    }
                    pairs.append((Self.told(old), Self.told(new)))
                }
            }
        }
        return pairs
    }

    /// The one resource that was refused.
    private var resource: Holder? {
        facts.refusedResources.count == 1 ? facts.refusedResources.first.flatMap { Holder.resource(arn: $0) } : nil
    }

    private var lives: [(String, String)] {
        guard let holder else { return [] }
        return times.map { time in
            let last = changes.last { ($0.isCreation || $0.isDeletion) && $0.concerns(principal) && $0.time <= time }
            let old = last.map { $0.isCreation ? "since \($0.time)" : "gone since \($0.time)" } ?? "not known"
            let state = timeline.state(of: holder, .existence, at: .at(time))
            var new = "not known"
            if case .event(let event)? = state.completedBy {
                new = (state.holds("") == true ? "since " : "gone since ") + event.eventTime
            }
            return (old, new)
        }
    }

    private var places: [(String, String)] {
        let accounts = Set(changes.filter { $0.rule?.target == .account }.compactMap(\.organizationTarget))
        return accounts.sorted().map { account in
            let parent = timeline.state(of: .organizationTarget(account), .parent, at: .at(facts.group.firstSeen))
            var new = ""
            if case .known(.text(let id))? = parent.entries[""]?.knowledge { new = id }
            return (OrganizationPlaces.unit(of: account, facts) ?? "", new == "root" ? "" : new)
        }
    }

    private var permissionSets: [(String, String)] {
        guard let sets = facts.permissionSets else { return [] }
        return changes.filter { $0.rule?.target == .permissionSet }.flatMap { change -> [(String, String)] in
            guard let arn = change.permissionSetARN else { return [] }
            let set = Holder(.permissionSet, arn)
            // The name, which only its creation tells.
            let existence = timeline.state(of: set, .existence, at: .at("9999"))
            var name: String?
            if case .known(.text(let text))? = existence.entries["name"]?.knowledge { name = text }
            let match = name.map { $0 == sets.name ? "certain" : "no" }
            let known = sets.match(change).map { $0 == .certain ? "certain" : "possible" } ?? "no"
            // Whether it reached the account up to the end.
            let end = facts.reportTime
            let old = sets.provisioning(of: change, until: end)?.time ?? ""
            let before = Moment(time: change.time, eventID: "")
            let new = timeline.edits(after: before, upTo: .at(end), touching: [set]).first { edit in
                guard edit.lane.kind == .provisioned, case .set(let target, _) = edit.operation else { return false }
                return target == "*" || target == principal.account
            }?.event?.eventTime
            let assigned = change.change.eventName == "DeleteAccountAssignment"
            return [(known, match ?? known), assigned ? ("", "") : (old, new ?? "")]
        }
    }

    private var providers: [(String, String)] {
        guard facts.group.tokenProvider == nil, let role = facts.roleToAssume else { return [] }
        let trust = timeline.state(
            of: .role(role.name, account: role.account), .trust, at: .at(facts.group.firstSeen))
        var trusted: Set<String> = []
        if case .known(.document(let text))? = trust.entries[""]?.knowledge {
            let edit = PolicyEdit(
                event: nil, lane: LaneName(.role(role.name, account: role.account), .trust),
                operation: .set("", .document(text)))
            trusted = Set(edit.leadsTo.map(\.name))
        }
        return changes.compactMap { change in
            guard let arn = change.providerARN, facts.isFederatedAssumption else { return nil }
            let old = IdentityProvider.match(change, facts).map { $0 == .certain ? "certain" : "possible" } ?? "no"
            let new = trusted.contains(arn) ? (trusted.count == 1 ? "certain" : "possible") : "no"
            return (old, new)
        }
    }
}
