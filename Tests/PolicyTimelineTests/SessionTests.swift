import OrderedJSON
import Testing

@testable import PolicyTimeline

/// What a session has: its policies, its tags, and what a session before it passed on.
@Suite struct SessionTests {
    /// A call of AssumeRole, made with an access key.
    private static func assume(
        _ key: String, tags: [String: String] = [:], transitive: [String] = [], with opener: String = "",
        at second: Int,
        rest: String = ""
    ) -> ChangeRecord {
        let list = JSONValue.array(
            tags.sorted { $0.key < $1.key }.map { .members(("key", .string($0.key)), ("value", .string($0.value))) })
        var record = Records.record(
            "AssumeRole",
            #"{"roleArn":"arn:aws:iam::111122223333:role/app","tags":\#(list.compactText),"transitiveTagKeys":\#(JSONValue.array(transitive.map(JSONValue.string)).compactText)\#(rest)}"#,
            response: #"{"credentials":{"accessKeyId":"\#(key)"}}"#, at: second, source: "sts.amazonaws.com")
        record.accessKey = opener
        return record
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var records: [ChangeRecord]
        /// Of session `ASIAC`.
        var tags: [String: String]
        /// Whether it has no others for certain.
        var isComplete: Bool
        var testDescription: String { name }
    }

    static let rows: [Row] = [
        Row(
            name: "its own",
            records: [assume("ASIAC", tags: ["Team": "mail room", "cost": "a=b"], with: "AKIAX", at: 1)],
            tags: ["team": "mail room", "cost": "a=b"], isComplete: true),
        Row(
            name: "a transitive tag is passed on, another one is not",
            records: [
                assume("ASIAB", tags: ["team": "mail", "cost": "1"], transitive: ["Team"], at: 1),
                assume("ASIAC", tags: ["env": "test"], with: "ASIAB", at: 2),
            ], tags: ["team": "mail", "env": "test"], isComplete: true),
        Row(
            name: "twice",
            records: [
                assume("ASIAA", tags: ["team": "mail"], transitive: ["team"], at: 1),
                assume("ASIAB", with: "ASIAA", at: 2),
                assume("ASIAC", with: "ASIAB", at: 3),
            ], tags: ["team": "mail"], isComplete: true),
        Row(
            name: "what is passed on cannot be overridden",
            records: [
                assume("ASIAB", tags: ["team": "mail"], transitive: ["team"], at: 1),
                assume("ASIAC", tags: ["team": "data"], with: "ASIAB", at: 2),
            ], tags: ["team": "mail"], isComplete: true),
        Row(
            name: "how the session before began is not known",
            records: [assume("ASIAC", tags: ["env": "test"], with: "ASIAB", at: 2)], tags: ["env": "test"],
            isComplete: false),
        Row(
            name: "a session that opened itself",
            records: [assume("ASIAC", tags: ["env": "test"], with: "ASIAC", at: 2)],
            tags: ["env": "test"], isComplete: false),
        Row(name: "no such session", records: [assume("ASIAB", at: 1)], tags: [:], isComplete: false),
    ]

    @Test(arguments: rows) func tagsArePassedOnAlongAChainOfRoles(_ row: Row) {
        for records in [row.records, row.records.reversed()] {
            let all = PolicyTimeline(records).sessionTags("ASIAC", at: .at(Records.time(9)))
            #expect(all.known == row.tags.mapValues { Value.text($0) })
            #expect(all.isComplete == row.isComplete)
            // Sessions that are told of besides are no others.
            let added = PolicyTimeline([ChangeRecord]()).adding(sessions: records)
            #expect(added.sessionTags("ASIAC", at: .at(Records.time(9))) == all)
        }
    }

    @Test func aSessionOfRolesAnywhereHasThePoliciesThatItsProfileHadThen() throws {
        let arn = "arn:aws:rolesanywhere:us-east-1:111122223333:profile/p-1"
        func change(_ name: String, _ request: String, _ response: String? = nil, at second: Int) -> ChangeRecord {
            Records.record(name, request, response: response, at: second, source: "rolesanywhere.amazonaws.com")
        }
        func issue(_ key: String, at second: Int) -> ChangeRecord {
            change(
                "CreateSession", #"{"profileArn":"\#(arn)","roleArn":"arn:aws:iam::111122223333:role/app"}"#,
                #"{"credentialSet":[{"credentials":{"accessKeyId":"\#(key)"}}]}"#, at: second)
        }
        let timeline = PolicyTimeline([
            change(
                "CreateProfile", #"{"name":"p","managedPolicyArns":["arn:aws:iam::aws:policy/ReadOnlyAccess"]}"#,
                #"{"profile":{"profileId":"p-1"}}"#, at: 1),
            issue("ASIAA", at: 2),
            change("UpdateProfile", #"{"profileId":"p-1","managedPolicyArns":[]}"#, at: 3),
            issue("ASIAB", at: 4),
        ])
        func policies(_ key: String) throws -> [String] {
            let state = timeline.state(at: .at(Records.time(9)), of: PolicySubject(session: key))
            let slot = try #require(state.session)
            #expect(slot.isComplete)
            return slot.policies.map(\.name)
        }
        #expect(try policies("ASIAA") == ["arn:aws:iam::aws:policy/ReadOnlyAccess"])
        #expect(try policies("ASIAB").isEmpty)
        #expect(timeline.reach(of: [Holder.session("ASIAA")]).contains { $0.kind == .rolesAnywhereProfile })
    }

    @Test func aSessionWithoutSessionPoliciesHasNoneForCertain() throws {
        let rest =
            #","policy":\#(Records.quoted(Records.document("s3:Get*"))),"policyArns":[{"arn":"arn:aws:iam::aws:policy/ReadOnlyAccess"}],"sourceIdentity":"ann""#
        let timeline = PolicyTimeline([Self.assume("ASIAA", at: 1), Self.assume("ASIAB", at: 1, rest: rest)])
        let none = timeline.state(at: .at(Records.time(2)), of: PolicySubject(session: "ASIAA"))
        #expect(none.session == PolicySlot(policies: [], isComplete: true, completedBy: none.session?.completedBy))
        let some = timeline.state(at: .at(Records.time(2)), of: PolicySubject(session: "ASIAB"))
        #expect(some.session?.policies.map(\.name) == ["", "arn:aws:iam::aws:policy/ReadOnlyAccess"])
        #expect(some.sessionFacts?.known["sourceIdentity"] == .text("ann"))
    }
}
