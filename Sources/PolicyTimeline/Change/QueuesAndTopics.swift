import IAMPolicy
import OrderedJSON

/// Queues of Amazon SQS and topics of Amazon SNS.
///
/// Source: the API references of both, AddPermission, SetQueueAttributes and SetTopicAttributes above all.
enum QueuesAndTopics: ChangeReader {
    static let services = ["sqs", "sns"]
    static let events: [String: @Sendable (inout ChangeReading) -> Void] = [
        "CreateQueue": create, "CreateTopic": create, "DeleteQueue": delete, "DeleteTopic": delete,
        "SetQueueAttributes": { reading in
            guard let queue = reading.queue else { return }
            if let attributes = reading.asked("attributes") {
                // The console sends every attribute each time; an empty policy takes the policy away.
                guard let policy = attributes.member(ignoringCase: "Policy") else { return }
                write(policy, of: queue, &reading)
            } else {
                reading.add(queue, .policy, .blurAll)
            }
        },
        "SetTopicAttributes": { reading in
            guard let topic = reading.topic else { return }
            guard let name = reading.text("attributeName") else { return reading.add(topic, .policy, .blurAll) }
            guard name == "Policy" else { return }
            write(reading.asked("attributeValue"), of: topic, &reading)
        },
        "AddPermission": { reading in
            guard let holder = holder(reading) else { return }
            let label = reading.text("label") ?? "event \(reading.record.eventID)"
            let actions = reading.texts("actionName", "actionNames", "actions")
            let accounts = reading.texts("aWSAccountId", "aWSAccountIds")
            guard !actions.isEmpty, !accounts.isEmpty else {
                return reading.add(holder, .policy, .set("sid:\(label)", .document(.unknown)))
            }
            let service = reading.service
            let statement = JSONValue.members(
                ("Sid", .string(label)), ("Effect", .string("Allow")),
                ("Principal", .members(("AWS", .array(accounts.map(JSONValue.string))))),
                ("Action", .array(actions.map { .string($0.contains(":") ? $0 : "\(service):\($0)") })),
                ("Resource", .string("*")))
            reading.add(holder, .policy, .set("sid:\(label)", .document(DocumentText(statement: statement))))
        },
        "RemovePermission": { reading in
            guard let holder = holder(reading) else { return }
            reading.add(holder, .policy, reading.text("label").map { .removeStatement($0) } ?? .blurAll)
        },
        "TagQueue": tag, "UntagQueue": tag, "TagResource": tag, "UntagResource": tag,
    ]

    static func isEvent(_ name: String, of service: String) -> Bool {
        switch service {
        case "sqs": !name.contains("Topic") && !name.hasSuffix("Resource")
        default: !name.contains("Queue")
        }
    }

    private static func holder(_ reading: ChangeReading) -> Holder? {
        reading.service == "sqs" ? reading.queue : reading.topic
    }

    private static func write(_ policy: JSONValue?, of holder: Holder, _ reading: inout ChangeReading) {
        let isEmpty = policy == .string("")
        reading.add(holder, .policy, .replaceAll(isEmpty ? [:] : ["": .document(DocumentText(policy))]))
    }

    private static func create(_ reading: inout ChangeReading) {
        guard let holder = holder(reading) else { return }
        reading.add(holder, .existence, .replaceAll(["": .present]))
        guard !reading.isCut else { return reading.add(holder, .policy, .blurAll) }
        let attributes = reading.asked("attributes") ?? reading.asked("attribute")
        if let policy = attributes?.member(ignoringCase: "Policy") {
            write(policy, of: holder, &reading)
        } else {
            reading.clear(holder, [.policy])
        }
        reading.add(holder, .tags, .replaceAll(reading.tags("tags") ?? [:]))
    }

    private static func delete(_ reading: inout ChangeReading) {
        guard let holder = holder(reading) else { return }
        reading.clear(holder, [.existence, .policy, .tags])
    }

    private static func tag(_ reading: inout ChangeReading) {
        guard let holder = holder(reading) else { return }
        reading.changeTags(of: holder, set: "tags", remove: "tagKeys")
    }
}

extension ChangeReading {
    fileprivate var topic: Holder? { resource(text("topicArn", "<topicArn", "resourceArn", "name")) }
}
