import Diagnosis
import TrailStore
import Wording

/// A service with data events, which trails leave out unless told otherwise.
///
/// Source: "Logging data events" in the AWS CloudTrail user guide.
struct DataEventService {
    /// The service's event source.
    let source: String
    /// The service's name in a sentence.
    let name: String
    /// Operations that are data events; where ``isDocumented`` is false, those that are most likely among them.
    let operations: [String]
    /// The value of `resources.type` in an event selector.
    let type: String
    /// Whether AWS says which operations are data events.
    var isDocumented = true

    static let all = [
        DataEventService(
            source: "pinpoint.amazonaws.com", name: "Amazon Pinpoint",
            operations: ["SendMessages", "SendUsersMessages", "PutEvents"], type: "AWS::Pinpoint::App",
            isDocumented: false),
        DataEventService(
            source: "sms-voice.amazonaws.com", name: "AWS End User Messaging SMS",
            operations: ["SendTextMessage", "SendVoiceMessage"], type: "AWS::SMSVoice::OriginationIdentity",
            isDocumented: false),
        DataEventService(
            source: "s3.amazonaws.com", name: "Amazon S3", operations: ["GetObject", "PutObject", "DeleteObject"],
            type: "AWS::S3::Object"),
        DataEventService(
            source: "lambda.amazonaws.com", name: "AWS Lambda", operations: ["Invoke"], type: "AWS::Lambda::Function"),
        DataEventService(
            source: "dynamodb.amazonaws.com", name: "Amazon DynamoDB",
            operations: ["GetItem", "PutItem", "Query"], type: "AWS::DynamoDB::Table"),
        DataEventService(
            source: "sns.amazonaws.com", name: "Amazon SNS", operations: ["Publish", "PublishBatch"],
            type: "AWS::SNS::Topic"),
        DataEventService(
            source: "sqs.amazonaws.com", name: "Amazon SQS", operations: ["SendMessage", "ReceiveMessage"],
            type: "AWS::SQS::Queue"),
    ]

    /// The services that were asked for and of which an archive holds no data event. Where every service was asked for, those that the
    /// archive holds other events of.
    static func missing(_ coverage: Coverage, eventSources: [String]?) -> [DataEventService] {
        all.filter { service in
            let rows = coverage.services.filter { $0.eventSource == service.source && $0.events > 0 }
            guard eventSources.map({ $0.contains(service.source) }) ?? !rows.isEmpty else { return false }
            return !rows.contains { $0.eventCategory == "Data" }
        }
    }

    /// What a report cannot show without the data events of some services.
    static func note(_ missing: [DataEventService]) -> Report.Note? {
        guard !missing.isEmpty else { return nil }
        let documented = missing.filter(\.isDocumented).flatMap(\.operations)
        let others = missing.filter { !$0.isDocumented }.flatMap(\.operations)
        var text: Prose =
            "The archive has no data events for \(words: missing.map(\.name).listed("or")). A trail records them only if data events are enabled (advanced event selectors)."
        if !documented.isEmpty {
            text += "\(words: documented.listed("and")) \(words: documented.count == 1 ? "is" : "are") among them."
        }
        if !others.isEmpty {
            let whose =
                documented.isEmpty ? "" : "of \(missing.filter { !$0.isDocumented }.map(\.name).listed("and")) "
            text +=
                "AWS does not publish which operations \(words: whose)are data events; \(words: others.listed("and")) may be among them."
        }
        text += "So refused \(words: documented.isEmpty ? "sends" : "calls of these") cannot be ruled out."
        text +=
            "Recording them costs one event per call. The command replaces the trail's selectors, so check the present ones (\(code: "get-event-selectors")) first."
        return Report.Note(
            "data-events-not-recorded", text, command: GapCommand.recordDataEvents(of: missing.map(\.type)))
    }
}

extension [String] {
    /// `a, b and c`, with the word given between the last two.
    fileprivate func listed(_ word: String) -> String {
        guard count > 1, let last else { return first ?? "" }
        return "\(dropLast().joined(separator: ", ")) \(word) \(last)"
    }
}
