import AccessDenial
import Foundation
import OrderedJSON
import TestSupport
import Testing

@testable import PolicyTimeline

/// Records whose parameters somebody chose who means harm, or that something broke.
@Suite struct HostileChangeTests {
    /// Every event that is read, with parameters of every wrong shape.
    @Test func noShapeOfParametersStopsAReader() {
        let names = [
            "roleName", "userName", "groupName", "policyName", "policyArn", "policyDocument", "permissionSetArn",
            "bucketName",
            "keyId", "queueUrl", "topicArn", "attributes", "functionName", "statementId", "vpcEndpointId", "tags",
            "tagKeys",
            "resourceArn", "policy", "policyId", "targetId", "patchOperations", "restApiId", "launchPermission",
            "imageId",
        ]
        let long = Records.quoted(String(repeating: "a", count: 5_000))
        let deep = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
        let shapes = [
            "null", "true", "12", "1e400", "\"\"", "\"x\"", "[]", "{}", "[null,1,\"a\",{}]",
            #"{"key":"a","value":"b"}"#, deep,
            long, #""arn:aws:iam::111122223333:role/""#, #""arn:aws:::::""#, #""https://""#, #""%7B""#,
            #"{"content":"vpce-1"}"#,
            "[\(Array(repeating: "\"x\"", count: 1_100).joined(separator: ","))]",
        ]
        for shape in shapes {
            let request = "{" + names.map { "\"\($0)\":\(shape)" }.joined(separator: ",") + "}"
            var record = Records.record("", request, response: request)
            for event in ChangeCatalogue.events {
                record.eventSource = event.source
                record.eventName = event.name
                let edits = ChangeReaders.edits(of: record)
                // A list of tags or principals is the longest that one event may bring.
                #expect(edits.count <= 2_100, "\(event.name) with \(shape.prefix(40))")
                for edit in edits { #expect(edit.lane.holder.name.utf8.count <= 2_500) }
            }
        }
    }

    @Test func damagedPartsAreNotThere() {
        for text in ["", "{", "nonsense", String(repeating: "[", count: 10_000), "{\"a\":", "\u{0}"] {
            let record = Records.record("PutRolePolicy", text, response: text)
            #expect(record.request == nil)
            #expect(ChangeReaders.edits(of: record).isEmpty)
        }
    }

    @Test func renamesInCirclesEnd() {
        let names = ["a", "b", "c"]
        let records = (0..<300).map { number in
            Records.record(
                "UpdateUser", #"{"userName":"\#(names[number % 3])","newUserName":"\#(names[(number + 1) % 3])"}"#,
                at: number)
        }
        let timeline = PolicyTimeline(records)
        for name in names {
            #expect(
                timeline.state(of: .user(name, account: Records.account), .inline, at: .at(Records.time(500))).entries
                    .isEmpty)
        }
    }

    /// Units may be said to stand in one another.
    @Test func aTreeInACircleEnds() {
        func move(_ account: String, _ parent: String, at second: Int) -> ChangeRecord {
            Records.record(
                "MoveAccount", #"{"accountId":"\#(account)","destinationParentId":"\#(parent)"}"#, at: second,
                source: "organizations.amazonaws.com")
        }
        let timeline = PolicyTimeline([
            move("ou-a", "ou-b", at: 1), move("ou-b", "ou-a", at: 2), move("111122223333", "ou-a", at: 3),
        ])
        let state = timeline.state(at: .at(Records.time(9)), of: PolicySubject(accounts: ["111122223333"]))
        #expect(state.organization["111122223333"]?.levels.count == 7)
        #expect(state.organization["111122223333"]?.isComplete == false)
    }

    /// Work that grows with the account as a whole, and not faster: what is kept, and what one role's question walks over.
    @Test func anAccountTwiceAsLargeCostsTwiceAsMuch() {
        func account(_ count: Int) -> PolicyTimeline {
            var edits: [PolicyEdit] = []
            func add(_ holder: Holder, _ kind: LaneName.Kind, _ operation: PolicyEdit.Operation) {
                let time = String(1_000_000 + edits.count)
                let record = ChangeRecord(
                    eventID: time, eventTime: time, eventSource: "iam.amazonaws.com", eventName: "AttachRolePolicy")
                edits.append(
                    PolicyEdit(event: ChangeEvent(record), lane: LaneName(holder, kind), operation: operation))
            }
            for number in 0..<count {
                let role = Holder.role("r\(number)", account: Records.account)
                add(role, .existence, .replaceAll(["": .present]))
                add(role, .attached, .replaceAll([:]))
                for policy in 0..<4 { add(role, .attached, .set("p\((number * 7 + policy) % (count / 5))", .present)) }
                if number % 5 == 0 {
                    add(.managedPolicy("p\(number / 5)"), .versions, .replaceAll(["v1": .document(.unknown)]))
                }
            }
            return PolicyTimeline(edits)
        }
        let counts = [2_000, 4_000, 8_000]
        let kept = counts.map { count -> Int in
            let timeline = account(count)
            let role = Holder.role("r\(count / 2)", account: Records.account)
            #expect(timeline.reach(of: [role]).count == 5)
            let edits = timeline.edits(after: .at(""), upTo: .at("9999"), touching: timeline.reach(of: [role]))
            #expect(edits.count == 10)
            return timeline.keptEntries
        }
        #expect(kept[1] <= kept[0] * 2 + 64 && kept[2] <= kept[1] * 2 + 64)
        #expect(kept[2] <= counts[2] * 8)
    }

    @Test func anAccountOfManyRolesAndPoliciesIsNoMatter() {
        var records: [ChangeRecord] = []
        for number in 0..<2_000 {
            records.append(
                Records.record(
                    "CreatePolicyVersion",
                    #"{"policyArn":"arn:aws:iam::111122223333:policy/p\#(number % 400)","policyDocument":"{\"Statement\":[]}","setAsDefault":true}"#,
                    response: #"{"policyVersion":{"versionId":"v\#(number)"}}"#, at: number))
            records.append(
                Records.record(
                    "AttachRolePolicy",
                    #"{"roleName":"r\#(number)","policyArn":"arn:aws:iam::111122223333:policy/p\#(number % 400)"}"#,
                    at: number))
        }
        let timeline = PolicyTimeline(records)
        #expect(timeline.reach(of: [Holder.role("r7", account: Records.account)]).count == 2)
        #expect(timeline.holders.count == 2_400)
    }
}
