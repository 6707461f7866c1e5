import CloudTrail
import Testing

@testable import AccessDenial

struct IssuedSessionTests {
    private func event(_ name: String, request: String?, response: String?) -> Event {
        var event = Event()
        event.eventSource = "sts.amazonaws.com"
        event.eventName = name
        event.requestParameters = request.map { JSONFragment($0) }
        event.responseElements = response.map { JSONFragment($0) }
        event.userIdentity.type = "IAMUser"
        event.userIdentity.arn = "arn:aws:iam::111122223333:user/anna"
        return event
    }

    @Test func linksASessionToTheCallThatMadeIt() throws {
        let session = try #require(
            IssuedSession(
                issuedBy: event(
                    "AssumeRole",
                    request: #"""
                        {"roleArn":"arn:aws:iam::111122223333:role/mailer","roleSessionName":"s","durationSeconds":900,
                         "policy":"{\"Version\":\"2012-10-17\"}","policyArns":[{"arn":"arn:aws:iam::aws:policy/ReadOnlyAccess"}],
                         "tags":[{"key":"team","value":"mail"}],"sourceIdentity":"anna"}
                        """#,
                    response: #"""
                        {"credentials":{"accessKeyId":"ASIAIOSFODNN7EXAMPLE","sessionToken":"x",
                         "expiration":"Jul 18, 2023, 4:07:39 PM"},
                         "assumedRoleUser":{"arn":"arn:aws:sts::111122223333:assumed-role/mailer/s"}}
                        """#)))
        #expect(session.accessKeyId == "ASIAIOSFODNN7EXAMPLE")
        #expect(session.issuedTo == "arn:aws:iam::111122223333:user/anna")
        #expect(session.roleARN == "arn:aws:iam::111122223333:role/mailer")
        #expect(session.sessionARN == "arn:aws:sts::111122223333:assumed-role/mailer/s")
        #expect(session.sessionPolicy == #"{"Version":"2012-10-17"}"#)
        #expect(session.sessionPolicyARNs == ["arn:aws:iam::aws:policy/ReadOnlyAccess"])
        #expect(session.tags == [IssuedSession.Tag(key: "team", value: "mail")])
        #expect(session.sourceIdentity == "anna")
        #expect(session.expiration == "2023-07-18T16:07:39Z")
    }

    @Test func otherEventsIssueNone() {
        let response = #"{"credentials":{"accessKeyId":"ASIAIOSFODNN7EXAMPLE"}}"#
        #expect(IssuedSession(issuedBy: event("GetCallerIdentity", request: nil, response: response)) == nil)
        #expect(IssuedSession(issuedBy: event("AssumeRole", request: nil, response: nil)) == nil)
        #expect(IssuedSession(issuedBy: event("AssumeRole", request: "[]", response: "7")) == nil)
        #expect(IssuedSession(issuedBy: event("GetSessionToken", request: nil, response: response))?.roleARN == nil)
        var refused = event("AssumeRole", request: nil, response: response)
        refused.errorCode = "AccessDenied"
        #expect(IssuedSession(issuedBy: refused) == nil)
    }

    @Test(arguments: [
        ("Jul 18, 2023, 4:07:39 PM", "2023-07-18T16:07:39Z"), ("Jan 1, 2024 12:00:00 AM", "2024-01-01T00:00:00Z"),
        ("Dec 31, 2024, 12:59:59\u{202F}PM", "2024-12-31T12:59:59Z"), ("2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z"),
        ("", nil), ("soon", nil), ("Jux 18, 2023, 4:07:39 PM", nil), ("Jul 18, 2023, 44:07:39 PM", nil),
        ("Jul 99999999999999999999, 2023, 4:07:39 PM", nil),
    ]) func readsTheEndOfValidity(text: String, expected: String?) {
        #expect(IssuedSession.isoTime(text) == expected)
    }
}
