import Testing
import TrailStore

@Suite("What a change takes from its raw record")
struct PermissionChangeTests {
    @Test(
        "The parts that tell of the change, as they stand",
        arguments: [
            (
                #"{"requestParameters":{"roleName":"a \"b\""},"x":[1],"responseElements":null}"#,
                #"{"roleName":"a \"b\""}"#, "null"
            ),
            (#" {"responseElements":{"a":1},"requestParameters":{}}"#, "{}", #"{"a":1}"#),
            (#"{"requestParameters":{"a":1},"eventName":"Pu"#, #"{"a":1}"#, nil),
            (#"{"userIdentity":{"requestParameters":{"a":1}}}"#, nil, nil),
            (#"{"responseElements":null,"serviceEventDetails":{"a":1}}"#, nil, #"{"a":1}"#),
            (#"{"responseElements":{"a":1},"serviceEventDetails":{"b":1}}"#, nil, #"{"a":1}"#),
            ("", nil, nil),
            ("[1]", nil, nil),
        ] as [(String, String?, String?)])
    func takesParts(record: String, parameters: String?, response: String?) {
        let change = PermissionChange(
            eventID: "1", eventTime: "2026-11-01T00:00:00Z", eventSource: "iam.amazonaws.com",
            eventName: "PutRolePolicy", actor: "a", record: record)
        #expect(change.requestParameters == parameters)
        #expect(change.responseElements == response)
    }
}
