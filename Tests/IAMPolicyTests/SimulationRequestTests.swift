import Foundation
import IAMPolicy
import OrderedJSON
import Testing

/// What a request that is doubtful, or hostile, is told.
@Suite struct SimulationRequestTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var members = ""
        var statement = #""Effect": "Allow""#
        var decision: Decision = .allowed
        var note: String?
        var issue: String?
        var effect = "Allow"

        var testDescription: String { members + statement }
    }

    static func text(_ row: Case) -> String {
        """
        {"principal": "arn:aws:iam::111122223333:user/ann", "action": "sqs:SendMessage",
         "identityPolicies": [{"name": "P", "document": {"Statement": {"Action": "*", "Resource": "*", \(row.statement)}}}],
         \(row.members.isEmpty ? #""resource": "arn:aws:sqs:us-east-1:111122223333:q""# : row.members)}
        """
    }

    static let cases = [
        Case(
            statement: #""Effect": "Allow", "condition": {"StringEquals": {"aws:username": "bob"}}"#,
            note: "`Statement[0].condition`: a statement has no such element",
            issue: "`identityPolicies[0].document.Statement[0].condition`: a statement has no such element"),
        Case(
            statement:
                #""Effect": "Allow", "Condition": {"Bool": {"k": "true"}}, "Condition": {"Null": {"k": "true"}}"#,
            note: "`Statement.Condition`: the name appears twice"),
        Case(
            statement: #""Effect": "allow""#, decision: .implicitlyDenied, note: "is invalid and matches nothing",
            effect: "allow"),
        Case(statement: #""Effect": 7"#, decision: .implicitlyDenied, note: "is invalid", effect: "7"),
        Case(statement: #""Sid": "S""#, decision: .implicitlyDenied, note: "is invalid", effect: ""),
        Case(
            members:
                #""resource": {"resource": "arn:aws:sqs:us-east-1:111122223333:q", "accountId": "444455556666"}"#,
            decision: .implicitlyDenied,
            issue: "`resource.accountId`: not the account in the ARN"),
        Case(
            members: #""resource": "arn:aws:sqs:us-east-1:111122223333:q", "unknownContextKeys": ["aws:*Tag"]"#,
            issue: "`unknownContextKeys[0]`: neither a key, `prefix/*` nor `*`"),
    ]

    @Test(arguments: cases) func `What AWS would refuse is told`(row: Case) throws {
        let simulation = try SimulationRequest(parsing: Self.text(row))
        let evaluation = simulation.evaluation()
        #expect(evaluation.decision == row.decision)
        if let note = row.note { #expect(evaluation.notes.contains { $0.contains(note) }, "\(evaluation.notes)") }
        if let issue = row.issue {
            #expect(simulation.issues.contains { $0.hasPrefix(issue) }, "\(simulation.issues)")
        } else {
            #expect(simulation.issues.isEmpty == (row.note == nil))
        }
        #expect(simulation.result()["explanations"]?.elements.first?["effect"] == .string(row.effect))
    }

    @Test(arguments: ["12", "11112222333a", "1111222233334"])
    func `An account's id has 12 digits`(id: String) {
        let row = Case(members: #""resource": {"resource": "arn:aws:s3:::b", "accountId": "\#(id)"}"#)
        #expect(throws: SimulationRequestError(.malformed, at: "resource.accountId", "")) {
            try SimulationRequest(parsing: Self.text(row))
        }
    }

    @Test func `A policy of more than a megabyte is refused, as an object and as text`() {
        let sid = String(repeating: "a", count: PolicyReading.sizeLimit)
        let object = Case(statement: #""Effect": "Allow", "Sid": "\#(sid)""#)
        #expect(throws: SimulationRequestError(.badPolicy, at: "identityPolicies[0].document", "")) {
            try SimulationRequest(parsing: Self.text(object))
        }
    }

    @Test func `Statements that decide together are told`() throws {
        let row = Case(
            members: """
                "resource": "arn:aws:sqs:us-east-1:111122223333:q", "unknownContextKeys": ["k"],
                "sessionPolicy": null, "resourcePolicy": null, "endpointPolicies": null
                """, statement: #""Effect": "Allow", "Condition": {"StringEquals": {"k": "a"}}"#)
        var text = Self.text(row)
        let other =
            #"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {"k": "a"}}}}"#
        text = text.replacingOccurrences(of: #""identityPolicies": ["#, with: #""identityPolicies": [\#(other), "#)
        let evaluation = try SimulationRequest(parsing: text).evaluation()
        #expect(evaluation.decision == .allowed)
        #expect(evaluation.decidedBy?.policy == "0" && evaluation.decidedBy?.statement == 0)
        #expect(evaluation.decidedTogether.map(\.policy) == ["0", "P"])
        #expect(evaluation.notes.contains { $0.contains("statement 0 of identity-based policy `P`") })
    }
}
