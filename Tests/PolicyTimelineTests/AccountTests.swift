import Foundation
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import TestSupport
import Testing

/// The timeline of an account against the account itself.
@Suite struct AccountTests {
    static let holders = ["ann", "ben", "cat"].flatMap { name -> [Holder] in
        [
            .user(name, account: Records.account), .role(name, account: Records.account),
            .group(name, account: Records.account),
        ]
    }

    private static func texts(_ slot: PolicySlot) -> [String: String] {
        Dictionary(
            slot.policies.map { policy in
                ((policy.group.map { "\($0)/" } ?? "") + policy.name, policy.text.document?.text ?? "?")
            }
        ) { first, _ in first }
    }

    private static func read(_ text: String) throws -> String { try PolicyDocument(json: text).text }

    @Test(arguments: UInt64(1)...12) func aTrailFromTheBeginningTellsTheAccountAtEveryMoment(_ seed: UInt64) throws {
        var writer = AccountWriter(seed: seed)
        writer.write(200)
        let timeline = PolicyTimeline(writer.records.shuffled(using: &writer.generator))
        for (number, plain) in writer.states.enumerated() {
            let moment = Moment.at(writer.records[number].eventTime)
            for holder in Self.holders {
                let state = try #require(timeline.state(at: moment, of: PolicySubject(principal: holder)).principal)
                guard let principal = plain.principals[holder] else {
                    #expect(state.exists != true)
                    #expect(state.identity.policies.isEmpty)
                    continue
                }
                #expect(state.exists == true)
                #expect(state.uniqueID == principal.id)
                #expect(state.identity.isComplete)
                let wanted = try (plain.identity(holder) ?? [:]).mapValues(Self.read)
                #expect(Self.texts(state.identity) == wanted, "\(holder) after \(number), seed \(seed)")
                if holder.kind != .group {
                    #expect(state.boundary.policies.map(\.name) == [principal.boundary].compactMap(\.self))
                    #expect(state.tags.known == principal.tags.mapValues { Value.text($0) })
                }
                if holder.kind == .role {
                    #expect(try state.trust.policies.first?.text.document?.text == principal.trust.map(Self.read))
                }
            }
        }
    }

    /// Without its beginning a trail may not know, but it is never wrong; with an export it knows all that the export and the
    /// changes tell, before it and after it.
    @Test(arguments: UInt64(1)...12) func whatIsToldIsTrueWhereverTheTrailBegins(_ seed: UInt64) throws {
        var writer = AccountWriter(seed: seed)
        writer.write(200)
        let start = 80
        let taken = 140
        let export = writer.states[taken].export
        let time = writer.records[taken].eventTime
        let snapshots = Snapshot.reading(export, name: "export.json", time: time, isTimeAssumed: false)
        #expect(snapshots.count == 1)
        let records = Array(writer.records[start...])
        for timeline in [PolicyTimeline(records), PolicyTimeline(records, snapshots: snapshots)] {
            for number in start..<200 {
                let moment = Moment.at(writer.records[number].eventTime)
                let plain = writer.states[number]
                for holder in Self.holders {
                    let state = try #require(timeline.state(at: moment, of: PolicySubject(principal: holder)).principal)
                    let wanted = try (plain.identity(holder) ?? [:]).mapValues(Self.read)
                    for policy in state.identity.policies where policy.isCertain {
                        let name = (policy.group.map { "\($0)/" } ?? "") + policy.name
                        let text = policy.text.document?.text
                        #expect(wanted[name] != nil, "\(holder) \(name) after \(number), seed \(seed)")
                        if let text { #expect(wanted[name] == text, "\(holder) \(name) after \(number), seed \(seed)") }
                    }
                    if state.identity.isComplete {
                        let told = Set(state.identity.policies.map { ($0.group.map { "\($0)/" } ?? "") + $0.name })
                        #expect(told.isSuperset(of: wanted.keys), "\(holder) after \(number), seed \(seed)")
                    }
                }
            }
        }
    }

    /// A replay from an export equals a later export.
    @Test(arguments: UInt64(1)...12) func anExportAndTheChangesSinceAreALaterExport(_ seed: UInt64) throws {
        var writer = AccountWriter(seed: seed)
        writer.write(160)
        let export = writer.states[60].export
        let early = Snapshot.reading(export, name: "early", time: writer.records[60].eventTime, isTimeAssumed: false)
        let later = writer.states[159].export
        let late = Snapshot.reading(later, name: "late", time: writer.records[159].eventTime, isTimeAssumed: false)
        let replayed = PolicyTimeline(Array(writer.records[61...]), snapshots: early)
        let exported = PolicyTimeline([PolicyEdit](), snapshots: late)
        let moment = Moment.at(writer.records[159].eventTime)
        for holder in Self.holders {
            guard writer.states[159].principals[holder] != nil else { continue }
            for kind in [LaneName.Kind.inline, .attached, .boundary, .trust, .groups, .tags] {
                let one = replayed.state(of: holder, kind, at: moment)
                let other = exported.state(of: holder, kind, at: moment)
                let shown = { (state: LaneState) in state.known.mapValues(EditText.text) }
                #expect(shown(one) == shown(other), "\(holder) \(kind), seed \(seed)")
            }
        }
    }

    @Test func aRenamedUserKeepsItsPoliciesAndLeavesItsName() throws {
        let records = [
            Records.record("CreateUser", #"{"userName":"alice"}"#, at: 1),
            Records.record(
                "PutUserPolicy",
                #"{"userName":"Alice","policyName":"p","policyDocument":\#(Records.quoted(Records.document("s3:*")))}"#,
                at: 2),
            Records.record("UpdateUser", #"{"userName":"alice","newUserName":"alicia"}"#, at: 3),
            Records.record("CreateUser", #"{"userName":"alice"}"#, at: 4),
            Records.record("DeleteUserPolicy", #"{"userName":"alicia","policyName":"p"}"#, at: 6),
        ]
        let timeline = PolicyTimeline(records)
        func count(_ name: String, _ second: Int) -> Int? {
            let subject = PolicySubject(principal: .user(name, account: Records.account))
            let state = timeline.state(at: .at(Records.time(second)), of: subject).principal
            return state?.identity.isComplete == true ? state?.identity.policies.count : nil
        }
        #expect(count("alice", 2) == 1)
        #expect(count("alicia", 3) == 1)
        #expect(count("alice", 3) == nil)
        #expect(count("alice", 5) == 0)
        #expect(count("alicia", 5) == 1)
        #expect(count("alicia", 6) == 0)
    }

    @Test func aPermissionSetHasWhatWasProvisioned() throws {
        let set = "arn:aws:sso:::permissionSet/ssoins-1/ps-1"
        func change(_ name: String, _ rest: String, at second: Int) -> ChangeRecord {
            Records.record(
                name, #"{"permissionSetArn":"\#(set)"\#(rest)}"#, at: second, source: "sso.amazonaws.com")
        }
        let timeline = PolicyTimeline([
            change("CreatePermissionSet", #","name":"Ops""#, at: 1),
            change(
                "AttachManagedPolicyToPermissionSet", #","managedPolicyArn":"arn:aws:iam::111122223333:policy/a""#,
                at: 2),
            change("ProvisionPermissionSet", #","targetType":"AWS_ACCOUNT","targetId":"111122223333""#, at: 3),
            change(
                "DetachManagedPolicyFromPermissionSet", #","managedPolicyArn":"arn:aws:iam::111122223333:policy/a""#,
                at: 4),
            change("ProvisionPermissionSet", #","targetType":"ALL_PROVISIONED_ACCOUNTS""#, at: 6),
        ])
        func count(_ account: String, _ second: Int) throws -> Int? {
            let holder = try #require(timeline.holders.first { $0.kind == .permissionSet })
            return timeline.permissionSet(holder, provisionedTo: account, at: .at(Records.time(second)))?.identity
                .policies.count
        }
        #expect(try count("111122223333", 2) == nil)
        #expect(try count("111122223333", 5) == 1)
        #expect(try count("444455556666", 5) == nil)
        #expect(try count("111122223333", 6) == 0)
        #expect(try count("444455556666", 6) == 0)
    }

    @Test func anOrganizationIsKnownAsFarAsItsTree() throws {
        func change(_ name: String, _ request: String, _ response: String? = nil, at second: Int) -> ChangeRecord {
            Records.record(
                name, request, response: response, at: second, source: "organizations.amazonaws.com",
                account: "444455556666")
        }
        let timeline = PolicyTimeline([
            change(
                "CreateOrganizationalUnit", #"{"parentId":"r-abcd","name":"apps"}"#,
                #"{"organizationalUnit":{"id":"ou-abcd-11111111"}}"#, at: 1),
            change(
                "MoveAccount",
                #"{"accountId":"111122223333","sourceParentId":"r-abcd","destinationParentId":"ou-abcd-11111111"}"#,
                at: 2),
            change(
                "CreatePolicy", #"{"content":"{\"Statement\":[]}","name":"x","type":"SERVICE_CONTROL_POLICY"}"#,
                #"{"policy":{"policySummary":{"id":"p-example1"}}}"#, at: 3),
            change("AttachPolicy", #"{"policyId":"p-example1","targetId":"ou-abcd-11111111"}"#, at: 4),
        ])
        let subject = PolicySubject(accounts: ["111122223333"])
        let early = try #require(timeline.state(at: .at(Records.time(1)), of: subject).organization["111122223333"])
        // An organization has one root; whether the account is below it is not known yet.
        #expect(early.levels.map(\.id) == ["111122223333", "r-abcd"])
        #expect(!early.isComplete && !early.levels[1].serviceControl.isComplete)
        let late = try #require(timeline.state(at: .at(Records.time(4)), of: subject).organization["111122223333"])
        #expect(late.levels.map(\.id) == ["111122223333", "ou-abcd-11111111", "r-abcd"])
        #expect(late.isComplete)
        #expect(late.levels[1].serviceControl.policies.map(\.name) == ["p-FullAWSAccess", "p-example1"])
        #expect(late.levels[1].serviceControl.isKnown)
        #expect(!late.levels[2].serviceControl.isComplete)
    }
}
