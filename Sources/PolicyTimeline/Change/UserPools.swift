import IAMPolicy
import OrderedJSON

/// The functions that user pools of Amazon Cognito call, which let each pool in by name; settings of their app clients edit no policy.
///
/// Source: `CreateUserPool` and `UpdateUserPool` in the Amazon Cognito user pools API reference.
enum UserPools: ChangeReader {
    static let services = ["cognito-idp"]
    static let events: [String: @Sendable (inout ChangeReading) -> Void] = [
        "CreateUserPool": triggers, "UpdateUserPool": triggers, "CreateUserPoolClient": { _ in },
        "UpdateUserPoolClient": { _ in },
    ]

    static func isEvent(_ name: String, of service: String) -> Bool { true }

    /// Both calls replace all triggers.
    private static func triggers(_ reading: inout ChangeReading) {
        guard let id = reading.text("<userPool.id", "userPoolId"), !reading.isCut else { return }
        var functions: [String: Value] = [:]
        if case .object(let members)? = reading.asked("lambdaConfig") {
            for member in members.prefix(ChangeReading.listLimit) {
                if let arn = ChangeReading.text(member.value), ARN(arn)?.service == "lambda" {
                    functions[member.key] = .text(arn)
                }
            }
        }
        let pool = Holder(
            .workload, service: reading.service, account: reading.account, region: reading.region, "userpool/\(id)")
        reading.add(pool, .settings, .replaceAll(functions))
    }
}
