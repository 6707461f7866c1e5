import Foundation
import IAMPolicy
import OrderedJSON
import PolicyTimeline

/// Short ways to write records. Accounts are those of documentation.
enum Records {
    static let account = "111122223333"

    static func record(
        _ name: String, _ request: String?, response: String? = nil, at second: Int = 0, id: String? = nil,
        source: String = "iam.amazonaws.com", account: String = account
    ) -> ChangeRecord {
        let time = time(second)
        return ChangeRecord(
            eventID: id ?? "\(time) \(name) \(request ?? "")", eventTime: time, eventSource: source, eventName: name,
            actor: "arn:aws:iam::\(account):user/bob", account: account, region: "us-east-1",
            requestParameters: request, responseElements: response)
    }

    static func time(_ second: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return
            "2026-11-\(two(1 + second / 86_400 % 28))T\(two(second / 3_600 % 24)):\(two(second / 60 % 60)):\(two(second % 60))Z"
    }

    static func quoted(_ text: String) -> String { JSONValue.string(text).prettyText() }

    static func document(_ action: String, effect: String = "Allow") -> String {
        #"{"Version":"2012-10-17","Statement":[{"Effect":"\#(effect)","Action":"\#(action)","Resource":"*"}]}"#
    }

    static func put(_ role: String, _ name: String, _ document: String, at second: Int) -> ChangeRecord {
        record(
            "PutRolePolicy",
            #"{"roleName":"\#(role)","policyName":"\#(name)","policyDocument":\#(quoted(document))}"#, at: second)
    }

    static func folder(_ file: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Data/\(file)")
    }

    /// The records of a file of JSON lines, with their names.
    static func lines(_ file: String) throws -> [(name: String, record: ChangeRecord)] {
        try String(contentsOf: folder(file), encoding: .utf8).split(separator: "\n").map { line in
            let value = try JSONValue(parsing: String(line))
            func text(_ key: String) -> String { value[key]?.stringValue ?? "" }
            let name = text("name")
            let record = ChangeRecord(
                eventID: "event", eventTime: time(0), eventSource: text("eventSource"), eventName: text("eventName"),
                actor: "arn:aws:iam::\(account):user/bob", account: account, region: "us-east-1",
                requestParameters: value["requestParameters"]?.prettyText(),
                responseElements: value["responseElements"]?.prettyText())
            return (name, record)
        }
    }
}

extension Holder {
    static let sender = Holder.role("Sender", account: Records.account)
    static let alice = Holder.user("alice", account: Records.account)
}

/// Edits as lines of text.
enum EditText {
    static func line(_ edit: PolicyEdit) -> String { "\(edit.lane): \(operation(edit.operation))" }

    static func operation(_ operation: PolicyEdit.Operation) -> String {
        switch operation {
        case .replaceAll(let values): "is \(list(values))"
        case .set(let name, let value): "\(quoted(name)) = \(text(value))"
        case .remove(let name): "\(quoted(name)) goes"
        case .removeStatement(let sid): "statement \(quoted(sid)) goes"
        case .blur(let name): "\(quoted(name)) changes"
        case .blurAll: "may be anything"
        case .observe(let values, let complete, _): "\(complete ? "is seen" : "has") \(list(values))"
        case .restore, .restoreAll: "is put back"
        }
    }

    static func text(_ value: Value) -> String {
        switch value {
        case .document(.unknown): "a policy whose text is not known"
        case .document(let text):
            text.document.map { document in
                "policy " + document.json.prettyText().split(separator: "\n").map { $0.drop { $0 == " " } }.joined()
            } ?? "a policy that cannot be read"
        case .text(let text): quoted(text)
        case .present: "there"
        }
    }

    private static func list(_ values: [String: Value]) -> String {
        values.isEmpty
            ? "empty"
            : values.sorted { $0.key < $1.key }.map { "\(quoted($0.key)) = \(text($0.value))" }.joined(separator: ", ")
    }

    private static func quoted(_ text: String) -> String { "`\(text)`" }
}
