import Foundation
import Testing

/// The forms in which people have CloudTrail's events, each made from the records themselves.
// A form is a constant closure over its own arguments.
struct EventForm: @unchecked Sendable, CustomTestStringConvertible {
    typealias Object = [String: Any]

    var name: String
    /// Whether the form bears no eventID.
    var isNameless = false
    /// Whether an event of this form tells if the call succeeded.
    var tellsOutcome = true
    /// The text of a file that holds the events.
    var file: ([Object]) -> String

    var testDescription: String { name }

    init(
        _ name: String, isNameless: Bool = false, tellsOutcome: Bool = true,
        _ file: @escaping ([Object]) -> String
    ) {
        self.name = name
        self.isNameless = isNameless
        self.tellsOutcome = tellsOutcome
        self.file = file
    }

    static func object(_ record: String) -> Object {
        do {
            return try JSONSerialization.jsonObject(with: Data(record.utf8)) as? [String: Any] ?? [:]
        } catch {
            Issue.record(error)
            return [:]
        }
    }

    static func json(_ value: Any) -> String {
        do {
            let data = try JSONSerialization.data(withJSONObject: value, options: [.sortedKeys, .fragmentsAllowed])
            return String(decoding: data, as: UTF8.self)
        } catch {
            Issue.record(error)
            return ""
        }
    }

    /// An object of members of any kind.
    static func o(_ members: KeyValuePairs<String, Any>) -> [String: Any] {
        Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value) })
    }

    static func text(_ record: Object, _ path: String) -> String {
        var value: Any = record
        for name in path.split(separator: ".") {
            guard let object = value as? Object, let member = object[String(name)] else { return "" }
            value = member
        }
        return value as? String ?? (value as? Bool).map { "\($0)" } ?? ""
    }

    /// A record without some of its members.
    static func without(_ record: Object, _ names: String...) -> Object { record.filter { !names.contains($0.key) } }

    static func only(_ record: Object, _ names: [String], nulls: Bool = false) -> Object {
        var kept: Object = [:]
        for name in names {
            if let value = record[name] {
                kept[name] = value
            } else if nulls {
                kept[name] = NSNull()
            }
        }
        return kept
    }

    static func lines(_ objects: [Any]) -> String { objects.map { json($0) + "\n" }.joined() }

    static func csv(_ header: [String], _ rows: [[String]]) -> String {
        func quoted(_ text: String) -> String { "\"" + text.replacing("\"", with: "\"\"") + "\"" }
        return ([header.joined(separator: ",")] + rows.map { $0.map(quoted).joined(separator: ",") })
            .joined(separator: "\n") + "\n"
    }

    /// A struct as Athena writes it.
    static func structText(_ value: Any?) -> String {
        guard let object = value as? Object else { return (value as? String) ?? "null" }
        return "{"
            + object.sorted { $0.key < $1.key }.map { "\($0.key.lowercased())=\(structText($0.value))" }
            .joined(separator: ", ") + "}"
    }

    /// A struct with its keys in lower case, as Athena unloads it.
    static func lowered(_ value: Any) -> Any {
        guard let object = value as? Object else { return value }
        return Dictionary(uniqueKeysWithValues: object.map { ($0.key.lowercased(), lowered($0.value)) })
    }

    static let columns = [
        "eventversion", "useridentity", "eventtime", "eventsource", "eventname", "awsregion", "sourceipaddress",
        "useragent", "errorcode", "errormessage", "requestparameters", "responseelements", "requestid", "eventid",
        "readonly", "eventtype", "recipientaccountid",
    ]
    static let names = [
        "eventversion": "eventVersion", "useridentity": "userIdentity", "eventtime": "eventTime",
        "eventsource": "eventSource", "eventname": "eventName", "awsregion": "awsRegion",
        "sourceipaddress": "sourceIPAddress", "useragent": "userAgent", "errorcode": "errorCode",
        "errormessage": "errorMessage", "requestparameters": "requestParameters",
        "responseelements": "responseElements",
        "requestid": "requestID", "eventid": "eventID", "readonly": "readOnly", "eventtype": "eventType",
        "recipientaccountid": "recipientAccountId",
    ]

    static func cell(_ record: Object, _ column: String) -> String {
        let name = names[column] ?? column
        if column == "useridentity" { return structText(record[name]) }
        if column == "requestparameters" || column == "responseelements" {
            return record[name].flatMap { $0 is NSNull ? nil : json($0) } ?? "null"
        }
        return text(record, name)
    }

    static func athena(without left: [String] = [], adding: [String] = []) -> ([Object]) -> String {
        { records in
            let kept = columns.filter { !left.contains($0) } + adding
            return csv(
                kept,
                records.map { record in kept.map { cell(record, $0.replacing("useridentity.", with: "userIdentity.")) }
                })
        }
    }

    static func insightsPairs(_ record: Object, _ fields: [(String, String)]) -> Any {
        (fields + [("@ptr", "Cl0KJA")]).map { ["field": $0.0, "value": $0.1] }
    }

    static func athenaRow(_ cells: [String]) -> [String: [[String: String]]] {
        ["Data": cells.map { $0.isEmpty ? [:] : ["VarCharValue": $0] }]
    }

    static func wrapped(_ records: [Object]) -> String { json(["Records": records]) }

    static func ocsf(_ record: Object, old: Bool) -> Any {
        let account = text(record, "userIdentity.accountId")
        var user = o([
            "type": text(record, "userIdentity.type"), "credential_uid": text(record, "userIdentity.accessKeyId"),
        ])
        user[old ? "uuid" : "uid"] = text(record, "userIdentity.arn")
        user[old ? "uid" : "uid_alt"] = text(record, "userIdentity.principalId")
        if old { user["account_uid"] = account } else { user["account"] = ["uid": account] }
        let error = text(record, "errorCode")
        let response = error.isEmpty ? [:] : ["error": error, "message": text(record, "errorMessage")]
        let second = Int(text(record, "requestID").dropFirst(2)) ?? 0
        let issuer = text(record, "userIdentity.sessionContext.sessionIssuer.arn")
        let product = ["name": "CloudTrail", "version": "1.09"]
        return o([
            "class_uid": 6003, "class_name": "API Activity", "time": 1_793_491_200_000 + second * 1000,
            "metadata": o(["uid": text(record, "eventID"), "version": old ? "1.0.0-rc.2" : "1.1.0", "product": product]
            ),
            "status": error.isEmpty ? "Success" : "Failure", "status_id": error.isEmpty ? 1 : 2,
            "api": o([
                "operation": text(record, "eventName"), "service": ["name": text(record, "eventSource")],
                "request": ["uid": text(record, "requestID")], "response": response,
            ]),
            "actor": o(["user": user, "session": ["issuer": issuer]]),
            "src_endpoint": ["ip": text(record, "sourceIPAddress")],
            "cloud": ["region": text(record, "awsRegion"), "provider": "AWS"],
            "http_request": ["user_agent": text(record, "userAgent")],
            "unmapped": [
                "recipientAccountId": text(record, "recipientAccountId"), "requestParameters.application-id": "abc",
            ],
        ])
    }
}
