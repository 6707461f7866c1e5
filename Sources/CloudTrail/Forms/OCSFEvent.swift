/// A CloudTrail event in the Open Cybersecurity Schema Framework, as Amazon Security Lake keeps it: class 6003, API Activity.
///
/// Security Lake writes CloudTrail's management and data events so, in schema 1.0 and 1.1; later minor versions add what is not
/// looked at here. Of the identity, the request and the answer a part is lost on the way, so the event is told in part.
/// Source: the event dossiers for CloudTrail's API activity in the examples of OCSF, versions 1.0.0-rc.2 and 1.1.0.
enum OCSFEvent {
    /// `class_uid` of API Activity.
    private static let classUID = "6003"

    /// Whether an object with these keys may be such an event.
    static func mayBe(_ keys: Set<String>) -> Bool { keys.contains("class_uid") && keys.contains("api") }

    /// Where a field of a record stands: the places are tried in order.
    private static let places: [(path: [String], places: [[String]])] = [
        (["eventID"], [["metadata", "uid"]]),
        (["eventName"], [["api", "operation"]]),
        (["eventSource"], [["api", "service", "name"]]),
        (["requestID"], [["api", "request", "uid"]]),
        (["errorMessage"], [["api", "response", "message"], ["api", "response", "error_message"]]),
        (["awsRegion"], [["cloud", "region"]]),
        (["sourceIPAddress"], [["src_endpoint", "ip"], ["src_endpoint", "domain"]]),
        (["userAgent"], [["http_request", "user_agent"]]),
        (["vpcEndpointId"], [["src_endpoint", "uid"]]),
        (["eventType"], [["metadata", "event_code"], ["unmapped", "eventType"]]),
        (
            ["recipientAccountId"],
            [["unmapped", "recipientAccountId"], ["cloud", "account", "uid"], ["cloud", "account_uid"]]
        ),
        (["sharedEventID"], [["unmapped", "sharedEventID"]]),
        (["userIdentity", "type"], [["actor", "user", "type"]]),
        (["userIdentity", "userName"], [["actor", "user", "name"]]),
        (["userIdentity", "accountId"], [["actor", "user", "account", "uid"], ["actor", "user", "account_uid"]]),
        (["userIdentity", "accessKeyId"], [["actor", "user", "credential_uid"]]),
        (["userIdentity", "invokedBy"], [["actor", "invoked_by"]]),
        (["userIdentity", "identityProvider"], [["actor", "idp", "name"]]),
        (["userIdentity", "sessionContext", "sessionIssuer", "arn"], [["actor", "session", "issuer"]]),
    ]

    /// The record that an event tells; `nil` where it is no API activity of CloudTrail's.
    static func record(_ event: JSONFragment) -> JSONTree? {
        guard event.told(at: ["class_uid"]) == classUID, event.told(at: ["api", "operation"]) != nil,
            isCloudTrail(event)
        else { return nil }
        var record = JSONTree.object([:])
        for (path, places) in places {
            guard let text = places.lazy.compactMap({ event.told(at: $0) }).first else { continue }
            record.set(.text(Array(text.utf8)), at: path[...])
        }
        for place in [["time_dt"], ["time"], ["metadata", "original_time"]] {
            guard let text = event.told(at: place), let seconds = EventTime.seconds(text) else { continue }
            record.set(.text(Array(EventTime.text(seconds).utf8)), at: ["eventTime"])
            break
        }
        // The identity's ARN and unique id have changed places between the versions.
        for place in ["uid", "uuid", "uid_alt"] {
            guard let text = event.told(at: ["actor", "user", place]) else { continue }
            record.set(
                .text(Array(text.utf8)), at: ["userIdentity", text.hasPrefix("arn:") ? "arn" : "principalId"])
        }
        if event.told(at: ["actor", "session", "issuer"]) != nil {
            record.set(.text(Array("Role".utf8)), at: ["userIdentity", "sessionContext", "sessionIssuer", "type"])
        }
        if let isMFA = event.told(at: ["actor", "session", "is_mfa"]) ?? event.told(at: ["actor", "session", "mfa"]) {
            record.set(
                .text(Array(isMFA.utf8)), at: ["userIdentity", "sessionContext", "attributes", "mfaAuthenticated"])
        }
        setOutcome(event, &record)
        if let unmapped = event.fragment(at: "unmapped") { setUnmapped(unmapped, &record) }
        for (path, place) in [("requestParameters", "request"), ("responseElements", "response")] {
            guard let data = event.fragment(at: "api", place, "data") else { continue }
            if data.isObject {
                record.set(.raw(data.bytes), at: [path])
            } else if let text = data.stringValue, JSONCheck.isObjectOrArray(Array(text.utf8)) {
                record.set(.raw(Array(text.utf8)), at: [path])
            }
        }
        return record
    }

    private static func isCloudTrail(_ event: JSONFragment) -> Bool {
        event.told(at: ["metadata", "product", "name"]).map { $0 == "CloudTrail" } ?? true
    }

    /// The error, or that there was none: by the code where there is one, else by the status.
    private static func setOutcome(_ event: JSONFragment, _ record: inout JSONTree) {
        if let code = event.told(at: ["api", "response", "error"]) {
            record.set(.text(Array(code.utf8)), at: ["errorCode"])
            return
        }
        let isSuccess = event.told(at: ["status_id"]) == "1" || event.told(at: ["status"]) == "Success"
        if isSuccess {
            record.set(.raw(Array("null".utf8)), at: ["errorCode"])
        } else if event.told(at: ["status_id"]) == "2" || event.told(at: ["status"]) == "Failure" {
            // It failed, whatever the error was.
            let code = event.told(at: ["status_code"]) ?? event.told(at: ["status_detail"]) ?? "Failure"
            record.set(.text(Array(code.utf8)), at: ["errorCode"])
        }
    }

    /// What the schema has no place for: members by path, `requestParameters.bucketName`, or nested.
    private static func setUnmapped(_ unmapped: JSONFragment, _ record: inout JSONTree) {
        for (key, value) in unmapped.members().prefix(512) {
            let path = key.split(separator: ".", maxSplits: 8).map(String.init)
            guard let first = path.first else { continue }
            switch first {
            case "readOnly", "managementEvent":
                if let text = value.stringValue, text == "true" || text == "false" {
                    record.set(.boolean(text == "true"), at: [first])
                }
            case "eventCategory", "apiVersion":
                if let text = value.stringValue { record.set(.text(Array(text.utf8)), at: [first]) }
            case "requestParameters", "responseElements", "additionalEventData":
                if path.count > 1, let text = value.stringValue {
                    record.set(.text(Array(text.utf8)), at: path[...])
                } else if path.count == 1, value.isObject {
                    record.set(.raw(value.bytes), at: path[...])
                }
            default: break
            }
        }
    }
}

extension JSONFragment {
    /// A text, number or Boolean by the names on the way to it, as text.
    fileprivate func told(at path: [String]) -> String? {
        var value = self
        for name in path {
            guard let member = value.fragment(at: name) else { return nil }
            value = member
        }
        return value.stringValue
    }
}
