import OrderedJSON
import TrailStore

/// The text of a policy document: a statement, a list of statements, a whole document, or a string that is taken as it is.
struct PolicyText: Field {
    var text: String

    init(field value: JSONValue, _ place: String) throws {
        let document: JSONValue =
            switch value {
            case .array: .members(("Version", .string("2012-10-17")), ("Statement", value))
            case .object where value["Effect"] != nil:
                .members(("Version", .string("2012-10-17")), ("Statement", .array([value])))
            case .null, .bool, .integer, .number, .string, .object: value
            }
        text = try HeldJSON(field: document, place).text
    }
}

/// A change as a data file writes it. `document` stands for what `Put…Policy` and `CreatePolicyVersion` record of a policy's text;
/// every other event gives its `parameters`, and `null` for a record that was not kept.
extension PermissionChange: Field {
    init(field value: JSONValue, _ place: String) throws {
        var fields = try Fields(value, place)
        let name: String = try fields.value("event")
        let time: String = try fields.value("time", or: "2026-11-10T11:55:00Z")
        let id: String = try fields.value("id", or: "change")
        if let document: PolicyText = try fields.value("document", or: nil) {
            if name == "CreatePolicyVersion" {
                self = Facts.version(
                    document.text, of: try fields.value("policy", or: Facts.policy), at: time, id: id,
                    isDefault: try fields.value("isDefault", or: true), version: try fields.value("version", or: "v2"))
            } else {
                self = Facts.put(
                    document.text, at: time, id: id, name: try fields.value("inline", or: "inline"), event: name,
                    owner: try fields.value("target", or: "order-notifier"))
            }
        } else {
            let parameters: HeldJSON? = try fields.value("parameters", or: nil)
            let response: HeldJSON? = try fields.value("response", or: nil)
            self = Facts.change(
                name, at: time, id: id, target: try fields.value("target", or: Optional("order-notifier")),
                type: try fields.value("type", or: Optional("role")), policy: try fields.value("policy", or: nil),
                parameters: parameters?.text, response: response?.text)
        }
        try fields.set(&eventSource, "source")
        try fields.set(&accountId, "account")
        try fields.set(&awsRegion, "region")
        try fields.set(&actor, "actor")
        try fields.set(&policyName, "policyName")
        try fields.set(&caller, "caller")
        try fields.end()
    }
}

extension ChangeCaller: Field {
    init(field value: JSONValue, _ place: String) throws {
        var fields = try Fields(value, place)
        self.init()
        try fields.set(&identityType, "identityType")
        try fields.set(&arn, "arn")
        try fields.set(&userName, "userName")
        try fields.set(&sourceIdentity, "sourceIdentity")
        try fields.set(&federatedProvider, "federatedProvider")
        try fields.set(&invokedBy, "invokedBy")
        try fields.set(&sourceIPAddress, "sourceIPAddress")
        try fields.set(&userAgent, "userAgent")
        try fields.set(&isFromConsole, "isFromConsole")
        try fields.end()
    }
}
