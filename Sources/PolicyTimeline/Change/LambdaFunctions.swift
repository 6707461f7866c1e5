import IAMPolicy
import OrderedJSON

/// Functions of AWS Lambda with their aliases and versions, layers, and the roles that functions run under.
///
/// A policy of a function is made of statements that come and go one by one; the finished one stands in the answer.
/// Source: AddPermission, CreateFunction and the like in the AWS Lambda API reference.
enum LambdaFunctions: ChangeReader {
    static let services = ["lambda"]
    static let events: [String: @Sendable (inout ChangeReading) -> Void] = [
        "AddPermission": add, "AddLayerVersionPermission": add,
        "RemovePermission": remove, "RemoveLayerVersionPermission": remove,
        "PutResourcePolicy": { reading in
            guard let function = reading.function else { return }
            let text = reading.asked("policy") ?? reading.answered("policy")
            reading.add(function, .policy, .replaceAll(["": .document(DocumentText(text))]))
        },
        "DeleteResourcePolicy": { reading in
            guard let function = reading.function else { return }
            reading.clear(function, [.policy])
        },
        "CreateFunction": { reading in
            guard let function = reading.function else { return }
            reading.add(function, .existence, .replaceAll(["": .present]))
            reading.clear(function, [.policy])
            setRole(&reading)
        },
        "UpdateFunctionConfiguration": setRole,
        "DeleteFunction": { reading in
            guard let function = reading.function else { return }
            reading.clear(function, [.existence, .policy])
            // A qualifier deletes one version of it.
            if reading.text("qualifier") == nil, let workload = workload(reading) { reading.clear(workload, [.role]) }
        },
        // What is new has no policy, nor has what is gone.
        "CreateAlias": alias, "DeleteAlias": alias,
        "PublishLayerVersion": { reading in
            guard let arn = reading.text("<layerVersionArn"), let layer = reading.resource(arn) else { return }
            reading.add(layer, .existence, .replaceAll(["": .present]))
            reading.clear(layer, [.policy])
        },
        "DeleteLayerVersion": { reading in
            guard let layer = reading.function else { return }
            reading.clear(layer, [.existence, .policy])
        },
        "CreateFunctionUrlConfig": url, "UpdateFunctionUrlConfig": url, "DeleteFunctionUrlConfig": url,
        "EnableReplication": replication, "DisableReplication": replication,
    ]

    private static func alias(_ reading: inout ChangeReading) {
        guard var alias = reading.function, let name = reading.text("name") else { return }
        if !alias.name.hasSuffix(":\(name)") { alias = alias.named("\(alias.name):\(name)") }
        reading.clear(alias, [.policy, .access])
    }

    private static func workload(_ reading: ChangeReading) -> Holder? {
        guard let function = reading.function else { return nil }
        let name = function.name.split(separator: ":").dropFirst().first.map(String.init) ?? function.name
        return Holder(.workload, service: "lambda", account: function.account, region: function.region, name)
    }

    private static func setRole(_ reading: inout ChangeReading) {
        guard let workload = workload(reading), let role = reading.text("role", "<role") else { return }
        reading.add(workload, .role, .replaceAll(["": .text(role)]))
    }

    private static func add(_ reading: inout ChangeReading) {
        guard let function = reading.function else { return }
        let finished = DocumentText(statement: reading.answered("statement"))
        let text = finished == .unknown ? DocumentText(statement: asked(reading, function)) : finished
        let sid = reading.text("statementId") ?? text.document?.statements.first?.sid
        reading.add(function, .policy, .set("sid:\(sid ?? "event \(reading.record.eventID)")", .document(text)))
    }

    /// The statement as it was asked for, where the answer is not there.
    private static func asked(_ reading: ChangeReading, _ function: Holder) -> JSONValue? {
        guard let action = reading.text("action"), let principal = reading.text("principal") else { return nil }
        let kind = principal.hasSuffix(".amazonaws.com") ? "Service" : "AWS"
        var statement: [JSONValue.Member] = [
            .init("Sid", .string(reading.text("statementId") ?? "")), .init("Effect", .string("Allow")),
            .init("Principal", principal == "*" ? .string("*") : .members((kind, .string(principal)))),
            .init("Action", .string(action)),
            .init(
                "Resource",
                .string(
                    "arn:\(reading.partition):lambda:\(function.region):\(function.account):\(function.name)")),
        ]
        var conditions: [JSONValue.Member] = []
        var equal: [JSONValue.Member] = []
        for (name, key) in [
            ("sourceAccount", "AWS:SourceAccount"), ("principalOrgID", "aws:PrincipalOrgID"),
            ("functionUrlAuthType", "lambda:FunctionUrlAuthType"),
            ("eventSourceToken", "lambda:EventSourceToken"),
        ] {
            if let text = reading.text(name) { equal.append(.init(key, .string(text))) }
        }
        if !equal.isEmpty { conditions.append(.init("StringEquals", .object(equal))) }
        if let arn = reading.text("sourceArn") {
            conditions.append(.init("ArnLike", .members(("AWS:SourceArn", .string(arn)))))
        }
        if let isByURL = reading.flag("invokedViaFunctionUrl") {
            conditions.append(.init("Bool", .members(("lambda:InvokedViaFunctionUrl", .string("\(isByURL)")))))
        }
        if !conditions.isEmpty { statement.append(.init("Condition", .object(conditions))) }
        return .object(statement)
    }

    private static func remove(_ reading: inout ChangeReading) {
        guard let function = reading.function else { return }
        reading.add(function, .policy, reading.text("statementId").map { .removeStatement($0) } ?? .blurAll)
    }

    private static func url(_ reading: inout ChangeReading) {
        guard let function = reading.function else { return }
        if reading.name.hasPrefix("Delete") { return reading.add(function, .access, .remove("url")) }
        guard let type = reading.text("authType", "<authType") else { return }
        reading.add(function, .access, .set("url", .text(type)))
    }

    private static func replication(_ reading: inout ChangeReading) {
        guard let function = reading.function else { return }
        reading.add(function, .policy, .blur("replication"))
    }
}
