import AccessDenial
import Diagnosis
import IAMPolicy
import TrailStore

/// Resources that look as if a policy covered them.
extension ScenarioTests {
    private static func allowed(
        _ name: String, _ action: String, on granted: String, refused: String,
        reason: Reason = .missingAllow(.identityBased),
        succeeded: Bool = false, onSame: Bool = false, code: Finding.Code = .resourceTooNarrow,
        confidence: Confidence = .inferred, explains: [String] = [], says: [String] = [], saysNot: [String] = [],
        offersPolicy: Bool? = nil, finds: [Finding.Code] = []
    ) -> Scenario {
        let service = String(action.prefix { $0 != ":" })
        return Scenario(
            name: name,
            group: Facts.group(reason, action: action, resource: refused, source: "\(service).amazonaws.com") {
                guard succeeded else { return }
                $0.lastSuccessBefore = "2026-11-10T11:50:00Z"
                $0.lastSuccessIsOnSameResource = onSame
            },
            usage: succeeded ? [Facts.usage(Facts.role, action, source: "\(service).amazonaws.com")] : [],
            changes: [Facts.put(Facts.statement("Allow", action, granted), at: "2026-11-01T00:00:00Z", id: "policy")],
            rootCause: code, finds: finds,
            blames: code == .resourceTooNarrow || code == .regionMismatch ? ["policy"] : nil,
            confidence: confidence, offersPolicy: offersPolicy, says: says, saysNot: saysNot, explains: explains)
    }

    private static let function = "arn:aws:lambda:us-east-1:111122223333:function:worker"
    private static let queue = "arn:aws:sqs:us-east-1:111122223333:jobs"

    static let resourceForms: [Scenario] = [
        allowed(
            "a message to a number and a policy for topics", "sns:Publish", on: "arn:aws:sns:*:*:*",
            refused: "+12065550100",
            explains: ["phone number", "Only the resource *"], says: [#""Resource": "*""#], saysNot: ["narrow"],
            offersPolicy: true),
        allowed(
            "an action without resources and a policy for a repository", "ecr:GetAuthorizationToken",
            on: "arn:aws:ecr:us-east-1:111122223333:repository/api", refused: "*",
            explains: ["no resource in particular"], says: [#""Resource": "*""#], saysNot: ["narrow"],
            offersPolicy: true),
        allowed(
            "an alias and a policy for the function", "lambda:InvokeFunction", on: function,
            refused: function + ":live",
            succeeded: true, explains: ["alias", function + ":*"], says: [function + ":live"]),
        allowed(
            "a queue that worked although the policy is for another one", "sqs:SendMessage",
            on: "arn:aws:sqs:us-east-1:111122223333:mail", refused: queue, succeeded: true, onSame: true,
            code: .missingAllow, confidence: .stated, finds: [.resourceTooNarrow]),
        allowed(
            "a secret by its name", "secretsmanager:GetSecretValue",
            on: "arn:aws:secretsmanager:us-east-1:111122223333:secret:db",
            refused: "arn:aws:secretsmanager:us-east-1:111122223333:secret:db-Ab3dEf",
            explains: ["six characters", "db-??????"],
            says: ["secret:db-Ab3dEf"]),
        allowed(
            "a configuration set and a policy for identities", "ses:SendRawEmail",
            on: "arn:aws:ses:us-east-1:111122223333:identity/*",
            refused: "arn:aws:ses:us-east-1:111122223333:configuration-set/prod", reason: .unstated, succeeded: true,
            explains: ["default configuration set"]),
        allowed(
            "an address and a policy for its domain", "ses:SendEmail",
            on: "arn:aws:ses:us-east-1:111122223333:identity/example.com",
            refused: "arn:aws:ses:us-east-1:111122223333:identity/orders@example.com", reason: .unstated,
            succeeded: true,
            explains: ["identity of its own"], says: ["identity/orders@example.com"]),
        Scenario(
            name: "an address that cannot exist",
            group: Facts.group(
                .unstated, action: "ses:SendRawEmail",
                resource: "arn:aws:ses:us-east-1:111122223333:identity/invalid@invalid", source: "ses.amazonaws.com"),
            changes: [
                Facts.put(
                    Facts.statement(
                        "Allow", "ses:SendRawEmail", "arn:aws:ses:us-east-1:111122223333:identity/example.com"),
                    at: "2026-11-01T00:00:00Z", id: "policy")
            ], rootCause: .refusedByService, spares: [.resourceTooNarrow], remedy: .setting, offersPolicy: false,
            says: ["verify()"]),
        allowed(
            "a table without its catalog", "glue:GetTable", on: "arn:aws:glue:us-east-1:111122223333:table/db/*",
            refused: "arn:aws:glue:us-east-1:111122223333:catalog",
            explains: ["the catalog, the database and the table"]),
        allowed(
            "the queue of another Region", "sqs:SendMessage", on: "arn:aws:sqs:eu-west-1:111122223333:jobs",
            refused: queue,
            code: .regionMismatch, explains: ["differ in the Region alone"], says: ["Region to eu-west-1"],
            offersPolicy: false),
        allowed(
            "the queue of another account", "sqs:SendMessage", on: "arn:aws:sqs:us-east-1:444455556666:jobs",
            refused: queue,
            explains: ["differ in the account alone"], says: ["444455556666", "credentials"], offersPolicy: false),
        allowed(
            "another queue in another Region", "sqs:SendMessage", on: "arn:aws:sqs:eu-west-1:111122223333:mail",
            refused: queue, offersPolicy: true),
        allowed(
            "everything of another Region", "sqs:SendMessage", on: "arn:aws:sqs:eu-west-1:111122223333:*",
            refused: queue,
            offersPolicy: true),
    ]
}
