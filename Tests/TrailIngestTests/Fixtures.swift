import TestSupport
import TrailStore

/// Records for tests, as the JSON text of one record each.
enum Record {
    static func id(_ number: Int) -> String {
        let digits = String(number)
        return "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
    }

    static func time(_ second: Int) -> String {
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return
            "2026-11-\(two(1 + second / 86_400))T\(two(second / 3600 % 24)):\(two(second / 60 % 60)):\(two(second % 60))Z"
    }

    static let role = "arn:aws:iam::111122223333:role/messaging/order-notifier"
    static let session = "arn:aws:sts::111122223333:assumed-role/order-notifier/i-0123"

    static func identity(session: String = "i-0123") -> String {
        """
        {"type":"AssumedRole","principalId":"AROAEXAMPLE:\(session)",\
        "arn":"arn:aws:sts::111122223333:assumed-role/order-notifier/\(session)","accountId":"111122223333",\
        "accessKeyId":"ASIAEXAMPLE","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAEXAMPLE",\
        "arn":"\(role)","accountId":"111122223333","userName":"order-notifier"},\
        "attributes":{"creationDate":"2026-11-01T00:00:00Z","mfaAuthenticated":"false"}}}
        """
    }

    static func success(
        _ number: Int, second: Int? = nil, name: String = "SendMessages", source: String = "pinpoint.amazonaws.com"
    ) -> String {
        """
        {"eventVersion":"1.09","userIdentity":\(identity()),"eventTime":"\(time(second ?? number))","eventSource":"\(source)",\
        "eventName":"\(name)","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.1","userAgent":"aws-sdk","requestParameters":\
        {"application-id":"abc"},"responseElements":null,"requestID":"r-\(number)","eventID":"\(id(number))","readOnly":false,\
        "eventType":"AwsApiCall","managementEvent":false,"recipientAccountId":"111122223333","eventCategory":"Data"}
        """
    }

    static func denied(_ number: Int, second: Int? = nil, action: String = "mobiletargeting:SendMessages") -> String {
        """
        {"eventVersion":"1.09","userIdentity":\(identity()),"eventTime":"\(time(second ?? number))",\
        "eventSource":"pinpoint.amazonaws.com","eventName":"SendMessages","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.1",\
        "userAgent":"aws-sdk","errorCode":"AccessDenied","errorMessage":"User: \(session) is not authorized to perform: \(action) on \
        resource: arn:aws:mobiletargeting:us-east-1:111122223333:apps/abc/messages because no identity-based policy allows the \
        \(action) action","requestParameters":{"application-id":"abc"},"responseElements":null,"requestID":"r-\(number)",\
        "eventID":"\(id(number))","readOnly":false,"eventType":"AwsApiCall","managementEvent":false,\
        "recipientAccountId":"111122223333","eventCategory":"Data"}
        """
    }

    static func detach(_ number: Int, second: Int? = nil) -> String {
        """
        {"eventVersion":"1.09","userIdentity":{"type":"IAMUser","principalId":"AIDAEXAMPLE",\
        "arn":"arn:aws:iam::111122223333:user/alice","accountId":"111122223333","accessKeyId":"AKIAEXAMPLE","userName":"alice"},\
        "eventTime":"\(time(second ?? number))","eventSource":"iam.amazonaws.com","eventName":"DetachRolePolicy",\
        "awsRegion":"us-east-1","sourceIPAddress":"192.0.2.9","userAgent":"console","requestParameters":{"roleName":"order-notifier",\
        "policyArn":"arn:aws:iam::111122223333:policy/Send"},"responseElements":null,"requestID":"r-\(number)",\
        "eventID":"\(id(number))","readOnly":false,"eventType":"AwsApiCall","managementEvent":true,\
        "recipientAccountId":"111122223333","eventCategory":"Management"}
        """
    }

    static func file(_ records: [String]) -> String { "{\"Records\":[" + records.joined(separator: ",") + "]}" }
}

/// The rows of a query.
func queried(_ sql: String, _ folder: ScratchFolder, _ name: String = "t.sqlite") throws -> [[SQLValue]] {
    var rows: [[SQLValue]] = []
    try ReadOnlyQuery(path: folder.path(name)).run(
        sql,
        into: ReadOnlyQuery.Sink(
            columns: { _ in },
            row: {
                rows.append($0)
                return true
            }))
    return rows
}
