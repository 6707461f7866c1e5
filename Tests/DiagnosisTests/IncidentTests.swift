import AccessDenial
import IAMPolicy
import RecordedChanges
import Testing
import TrailStore
import Wording
@testable import Diagnosis
@testable import Findings
@testable import Remedies

/// Groups that share one root cause are one incident.
@Suite struct IncidentTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var groups: [DenialGroup]
        var changes: [PermissionChange] = []
        /// The incidents' titles, in order; `*` stands for what does not matter.
        var titles: [String]
        var states: [Incident.State]?
        var testDescription: String { name }
    }

    private static func role(_ name: String) -> String { "arn:aws:iam::111122223333:role/app/\(name)" }

    private static func refused(
        _ role: String, _ action: String = Facts.send, _ reason: Reason = .missingAllow(.identityBased),
        policies: [String] = [], denials: Int = 10, with change: (inout DenialGroup) -> Void = { _ in }
    ) -> DenialGroup {
        Facts.group(reason, principal: Self.role(role), action: action, policies: policies) { group in
            group.id = DenialGroup.publicIDs(principal: group.principal, action: action, reason: reason.slug)[0]
            group.denials = denials
            group.evidence[0].eventID = "denial-\(group.id)"
            change(&group)
        }
    }

    private static func detached(
        _ role: String, id: String, by session: String = "alice@example.com", day: String = "2026-11-10"
    ) -> PermissionChange {
        var change = Facts.change(
            "DetachRolePolicy", at: "\(day)T11:55:00Z", id: id, target: role, policy: Facts.policy)
        change.actor =
            "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef"
        var caller = ChangeCaller()
        caller.identityType = "AssumedRole"
        caller.arn = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/\(session)"
        change.caller = caller
        return change
    }

    private static let scp = Facts.scp

    static let cases = [
        Case(
            name: "one policy detached from four roles",
            groups: ["a", "b", "c", "d"].map { refused($0) } + [refused("a", "mobiletargeting:SendUsersMessages")],
            changes: ["a", "b", "c", "d"].map { detached($0, id: "c\($0)") },
            titles: [
                "alice@example.com detached pinpoint-send: 4 roles, 2 actions, 50 calls refused since 2026-11-10 12:00:00 UTC"
            ], states: [.active]),
        Case(
            name: "the same policy detached by two people",
            groups: [refused("a", denials: 20), refused("b")],
            changes: [detached("a", id: "ca"), detached("b", id: "cb", by: "bob@example.com")],
            titles: [
                "alice@example.com detached pinpoint-send from role a: mobiletargeting:SendMessages, 20 calls refused since 2026-11-10 12:00:00 UTC",
                "bob@example.com detached pinpoint-send from role b: mobiletargeting:SendMessages, 10 calls refused since 2026-11-10 12:00:00 UTC",
            ]),
        Case(
            name: "one service control policy that AWS names",
            groups: ["a", "b"].map { refused($0, Facts.send, .explicitDeny(.serviceControl), policies: [scp]) }
                + [refused("a", "mobiletargeting:GetApps", .explicitDeny(.serviceControl), policies: [scp])],
            titles: [
                "A service control policy denies 2 actions: 2 roles, 30 calls refused since 2026-11-10 12:00:00 UTC"
            ]),
        Case(
            name: "two service control policies",
            groups: [
                refused("a", Facts.send, .explicitDeny(.serviceControl), policies: [scp], denials: 11),
                refused("b", Facts.send, .explicitDeny(.serviceControl), policies: [scp + "2"]),
            ],
            titles: [
                "A service control policy denies mobiletargeting:SendMessages: role a, 11 calls refused since 2026-11-10 12:00:00 UTC",
                "A service control policy denies mobiletargeting:SendMessages: role b, 10 calls refused since 2026-11-10 12:00:00 UTC",
            ]),
        Case(
            name: "what one role was never given",
            groups: [refused("a"), refused("a", "mobiletargeting:GetApps"), refused("b", denials: 1)],
            titles: [
                "No identity-based policy allows 2 actions: role a, 20 calls refused since 2026-11-10 12:00:00 UTC",
                "No identity-based policy allows mobiletargeting:SendMessages: role b, 1 call refused since 2026-11-10 12:00:00 UTC",
            ]),
        Case(
            name: "a service that has ended, for everybody",
            groups: ["a", "b"].map { refused($0, Facts.send, Facts.slug("service-ended")) },
            titles: ["* 2 roles, mobiletargeting:SendMessages, 20 calls refused since 2026-11-10 12:00:00 UTC"]),
        Case(
            name: "what goes on stands before what is quiet, however much that was",
            groups: [
                refused("a", denials: 900) {
                    $0.lastSeen = "2026-11-10T13:00:00Z"
                }, refused("b"),
            ],
            titles: ["*role b, 10 calls*", "*role a, 900 calls*"], states: [.active, .quiet]),
    ]

    private static func incidents(_ groups: [DenialGroup], _ changes: [PermissionChange]) -> [Incident] {
        let diagnoser = Diagnoser(
            usage: groups.map { Facts.usage($0.principal, $0.action) }, changes: changes, coverage: Facts.coverage,
            reportTime: "2026-11-23T00:00:00Z")
        return Incident.incidents(of: diagnoser.diagnose(groups))
    }

    @Test(arguments: cases) func `Groups of one cause are one incident`(_ row: Case) {
        let incidents = Self.incidents(row.groups, row.changes)
        #expect(incidents.count == row.titles.count, "\(incidents.map(\.title.plain))")
        for (incident, title) in zip(incidents, row.titles) {
            #expect(NamePattern(title).matches(incident.title.plain), "\(incident.title.plain)")
        }
        if let states = row.states { #expect(incidents.map(\.state) == states) }
        #expect(incidents.flatMap(\.groups).sorted() == row.groups.map(\.id).sorted())
        #expect(incidents.reduce(0) { $0 + $1.denials } == row.groups.reduce(0) { $0 + $1.denials })
        let ids = incidents.map(\.id)
        #expect(Set(ids).count == ids.count && ids.allSatisfy { $0.wholeMatch(of: #/[0-9a-f]{8}/#) != nil })
        // The id is the cause's: it stays whatever else there is, and in whatever order it comes.
        let again = Self.incidents(row.groups.reversed(), row.changes.reversed())
        #expect(Set(again.map(\.id)) == Set(ids))
        for group in row.groups {
            let alone = Self.incidents([group], row.changes)
            #expect(alone.map(\.id) == incidents.filter { $0.groups.contains(group.id) }.map(\.id))
        }
    }

    @Test func `The commands of an incident undo what was done to each`() throws {
        let row = Self.cases[0]
        let incident = try #require(Self.incidents(row.groups, row.changes).first)
        for role in ["a", "b", "c", "d"] {
            #expect(
                incident.remedy.commands.lines.contains { $0.contains("attach-role-policy --role-name \(role) ") },
                "\(incident.remedy.commands.lines)")
        }
        #expect(incident.remedy.text.plain.contains("Ask alice@example.com whether it was intentional."))
        #expect(incident.person?.name == "alice@example.com" && incident.change?.eventID == "ca")
    }

    @Test func `The Allow of an incident covers what its principal lacks`() throws {
        let actions = [Facts.send, "mobiletargeting:GetApps"]
        let incidents = Self.incidents(actions.map { Self.refused("a", $0) }, [])
        let incident = try #require(incidents.first)
        #expect(incidents.count == 1)
        let policy = try #require(incident.remedy.policy)
        for action in actions {
            #expect(policy.statements.contains { $0.effect == .allow && $0.matchesAction(action) })
        }
        #expect(
            incident.remedy.text.firstSentence.plain
                == "Allow mobiletargeting:GetApps, mobiletargeting:SendMessages in a policy of role a, as below.")
    }

    struct StateCase: Sendable, CustomTestStringConvertible {
        var name: String
        var first = Facts.firstSeen
        var last = Facts.lastSeen
        var denials = 12
        var changes: [PermissionChange] = []
        var ends: [String: String] = [:]
        var end = "2026-11-30T00:00:00Z"
        /// The calls that had worked.
        var usage = Facts.usage()
        var status: DiagnosedGroup.Status
        var testDescription: String { name }
    }

    static let stateCases = [
        StateCase(name: "refused up to the end", end: "2026-11-11T18:00:00Z", status: .ongoing),
        StateCase(name: "refused hourly, and not for weeks", status: .quiet),
        StateCase(
            name: "refused weekly, and the next time is not due", first: "2026-11-05T00:00:00Z",
            last: "2026-11-26T00:00:00Z", denials: 4, usage: Facts.usage(successes: 0), status: .ongoing),
        StateCase(
            name: "refused weekly, and not for a month", first: "2026-10-01T00:00:00Z", last: "2026-10-22T00:00:00Z",
            denials: 4, usage: Facts.usage(successes: 0), status: .quiet),
        StateCase(
            name: "refused once, where the call had been made every week", last: Facts.firstSeen, denials: 1,
            usage: Facts.usage(successes: 3, first: "2026-10-20T00:00:00Z", last: "2026-11-03T00:00:00Z"),
            status: .ongoing),
        StateCase(
            name: "refused once, where the call had been made all day", last: Facts.firstSeen, denials: 1,
            status: .quiet),
        StateCase(
            name: "the archive of the account ends with the last denial", ends: [Facts.account: "2026-11-11T13:00:00Z"],
            status: .ongoing),
        StateCase(
            name: "the role was deleted", changes: [Facts.change("DeleteRole", at: "2026-11-11T13:00:00Z")],
            end: "2026-11-11T18:00:00Z", status: .gone),
        StateCase(
            name: "the role was deleted and created again",
            changes: [
                Facts.change("DeleteRole", at: "2026-11-11T13:00:00Z"),
                Facts.change("CreateRole", at: "2026-11-11T13:05:00Z", id: "anew"),
            ], end: "2026-11-11T18:00:00Z", status: .ongoing),
        StateCase(
            name: "a role that was deleted is still tried", changes: [Facts.change("DeleteRole")],
            end: "2026-11-11T18:00:00Z", status: .ongoing),
    ]

    @Test(arguments: stateCases) func `A status is told by the group's own rhythm`(_ row: StateCase) {
        var group = Facts.group(.missingAllow(.identityBased))
        (group.firstSeen, group.lastSeen, group.denials) = (row.first, row.last, row.denials)
        var coverage = Facts.coverage
        (coverage.to, coverage.ends) = (row.end, row.ends)
        let diagnoser = Diagnoser(
            usage: [row.usage], changes: row.changes, coverage: coverage, reportTime: "2026-12-01T00:00:00Z")
        let diagnosis = diagnoser.diagnose(group)
        #expect(diagnosis.status == row.status, "\(diagnosis.statusText)")
    }
}
