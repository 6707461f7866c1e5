import IAMPolicy
import PolicyTimeline
import Testing

/// What the timeline tells, as the evaluator takes it.
@Suite struct PolicySetTests {
    private static let send = "mobiletargeting:SendMessages"
    private static let app = "arn:aws:mobiletargeting:us-east-1:111122223333:apps/0a1b2c/messages"

    private static func decision(_ records: [ChangeRecord], at second: Int, undoing undone: Set<ChangeEvent> = [])
        throws
        -> Decision
    {
        let timeline = PolicyTimeline(records)
        let subject = PolicySubject(principal: .sender)
        let state = timeline.state(at: .at(Records.time(second)), undoing: undone, of: subject)
        var set = state.policySet(callerAccount: nil, resourceAccount: nil)
        set.resource = PolicySet.Slot()
        let principal = try #require(RequestPrincipal("arn:aws:iam::111122223333:role/Sender"))
        let request = try #require(AuthorizationRequest(principal: principal, action: send, resource: app))
        return Evaluator(set).decision(on: request)
    }

    private static let create = Records.record(
        "CreateRole", #"{"roleName":"Sender","assumeRolePolicyDocument":"{\"Statement\":[]}"}"#, at: 1)

    @Test func aRoleWhoseBeginningTheTrailHoldsIsDecidedUpon() throws {
        let put = Records.put("Sender", "send", Records.document(Self.send), at: 3)
        let deny = Records.put("Sender", "deny", Records.document("mobiletargeting:*", effect: "Deny"), at: 5)
        let records = [Self.create, put, deny]
        #expect(try Self.decision(records, at: 2) == .implicitlyDenied)
        #expect(try Self.decision(records, at: 3) == .allowed)
        #expect(try Self.decision(records, at: 5) == .explicitlyDenied)
        // What is undone flips the decision: it was the cause.
        #expect(try Self.decision(records, at: 5, undoing: [ChangeEvent(deny)]) == .allowed)
        #expect(try Self.decision(records, at: 5, undoing: [ChangeEvent(put)]) == .explicitlyDenied)
    }

    @Test func whatIsNotKnownIsUndetermined() throws {
        let put = Records.put("Sender", "send", Records.document(Self.send), at: 3)
        #expect(try Self.decision([put], at: 3) == .undetermined)
        let attach = Records.record(
            "AttachRolePolicy", #"{"roleName":"Sender","policyArn":"arn:aws:iam::111122223333:policy/x"}"#, at: 4)
        #expect(try Self.decision([Self.create, attach], at: 4) == .undetermined)
        let hidden = Records.record(
            "PutRolePolicy", #"{"roleName":"Sender","policyName":"p","policyDocument":"HIDDEN"}"#, at: 4)
        #expect(try Self.decision([Self.create, hidden], at: 4) == .undetermined)
    }

    /// The trail never holds what a policy of AWS says; the program does, with the dates of its versions.
    @Test(arguments: [("2024-06-01T00:00:01Z", Decision.allowed), ("2026-11-25T00:00:01Z", .undetermined)])
    func whatAWSPublishedIsKnownWhereItIsCertain(time: String, decision: Decision) throws {
        func past(_ time: String, _ name: String, _ request: String) -> ChangeRecord {
            ChangeRecord(
                eventID: name, eventTime: time, eventSource: "iam.amazonaws.com", eventName: name,
                actor: "arn:aws:iam::111122223333:user/bob", account: Records.account, region: "us-east-1",
                requestParameters: request, responseElements: nil)
        }
        let records = [
            past(
                "2024-05-31T00:00:00Z", "CreateRole",
                #"{"roleName":"Sender","assumeRolePolicyDocument":"{\"Statement\":[]}"}"#),
            past(
                "2024-06-01T00:00:00Z", "AttachRolePolicy",
                #"{"roleName":"Sender","policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}"#),
        ]
        let state = PolicyTimeline(records).state(at: .at(time), of: PolicySubject(principal: .sender))
        var set = state.policySet(callerAccount: nil, resourceAccount: nil)
        set.resource = PolicySet.Slot()
        let principal = try #require(RequestPrincipal("arn:aws:iam::111122223333:role/Sender"))
        let request = try #require(AuthorizationRequest(principal: principal, action: Self.send, resource: Self.app))
        #expect(Evaluator(set).decision(on: request) == decision)
    }

    /// A Deny that is known refuses, whatever else there may be.
    @Test func aKnownDenyDecidesInWhateverIsNotKnown() throws {
        let deny = Records.put("Sender", "deny", Records.document("*", effect: "Deny"), at: 3)
        #expect(try Self.decision([deny], at: 3) == .explicitlyDenied)
    }
}
