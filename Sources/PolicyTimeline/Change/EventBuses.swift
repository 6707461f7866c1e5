import OrderedJSON

/// Event buses of Amazon EventBridge, whose policies are written whole or a statement at a time.
///
/// Source: PutPermission and RemovePermission in the Amazon EventBridge API reference.
enum EventBuses: ChangeReader {
    static let services = ["events"]
    static let events: [String: @Sendable (inout ChangeReading) -> Void] = [
        "PutPermission": { reading in
            guard let bus = bus(reading) else { return }
            if let policy = reading.asked("policy") {
                return reading.add(bus, .policy, .replaceAll(["": .document(DocumentText(policy))]))
            }
            let sid = reading.text("statementId") ?? "event \(reading.record.eventID)"
            let text = DocumentText(statement: statement(reading, bus, sid))
            reading.add(bus, .policy, .set("sid:\(sid)", .document(text)))
        },
        "RemovePermission": { reading in
            guard let bus = bus(reading) else { return }
            if reading.flag("removeAllPermissions") == true { return reading.add(bus, .policy, .replaceAll([:])) }
            reading.add(bus, .policy, reading.text("statementId").map { .removeStatement($0) } ?? .blurAll)
        },
    ]

    private static func bus(_ reading: ChangeReading) -> Holder? {
        reading.resource(reading.text("eventBusName") ?? "default", "event-bus/")
    }

    private static func statement(_ reading: ChangeReading, _ bus: Holder, _ sid: String) -> JSONValue? {
        guard let action = reading.text("action"), let principal = reading.text("principal") else { return nil }
        var statement: [JSONValue.Member] = [
            .init("Sid", .string(sid)), .init("Effect", .string("Allow")),
            .init(
                "Principal",
                principal == "*"
                    ? .string("*")
                    : .members(("AWS", .string("arn:\(reading.partition):iam::\(principal):root")))),
            .init("Action", .string(action)),
            .init(
                "Resource", .string("arn:\(reading.partition):events:\(bus.region):\(bus.account):\(bus.name)")),
        ]
        if let type = reading.text("condition.type"), let key = reading.text("condition.key"),
            let value = reading.text("condition.value")
        {
            statement.append(.init("Condition", .members((type, .members((key, .string(value)))))))
        }
        return .object(statement)
    }
}

/// REST APIs of Amazon API Gateway. A policy takes effect when the API is deployed.
///
/// Source: CreateRestApi, UpdateRestApi and CreateDeployment in the Amazon API Gateway API reference.
enum RestAPIs: ChangeReader {
    static let services = ["apigateway"]
    static let events: [String: @Sendable (inout ChangeReading) -> Void] = [
        "CreateRestApi": { reading in
            guard let api = api(reading) else { return }
            reading.add(api, .existence, .replaceAll(["": .present]))
            let policy = reading.asked("policy") ?? reading.asked("createRestApiInput.policy")
            reading.add(
                api, .policy,
                policy.map { .replaceAll(["": .document(DocumentText($0))]) } ?? reading.nothingAsked)
        },
        "UpdateRestApi": update, "UpdateRestApiPolicy": update,
        "PutRestApi": { reading in
            guard let api = api(reading) else { return }
            // The policy stands in the API's description, which the record does not hold.
            reading.add(api, .policy, .blurAll)
        },
        "DeleteRestApi": { reading in
            guard let api = api(reading) else { return }
            reading.clear(api, [.existence, .policy, .settings])
        },
        "CreateDeployment": { reading in
            guard let api = api(reading) else { return }
            reading.add(api, .settings, .set("deployment", .text(reading.record.eventTime)))
        },
    ]

    private static func api(_ reading: ChangeReading) -> Holder? {
        guard let id = reading.text("restApiId", "<id", "restapiId") else { return nil }
        // The ARNs of APIs bear no account.
        return Holder(.resource, service: "apigateway", region: reading.region, "/restapis/\(id)")
    }

    private static func update(_ reading: inout ChangeReading) {
        guard let api = api(reading) else { return }
        if let policy = reading.asked("policy") {
            return reading.add(api, .policy, .replaceAll(["": .document(DocumentText(policy))]))
        }
        let operations =
            reading.asked("patchOperations") ?? reading.asked("updateRestApiInput.patchOperations")
        guard let operations else { return reading.add(api, .policy, .blurAll) }
        for operation in operations.elements.prefix(ChangeReading.listLimit)
        where operation.member(ignoringCase: "path")?.stringValue == "/policy" {
            let text = operation.member(ignoringCase: "value")
            let isGone = operation.member(ignoringCase: "op")?.stringValue == "remove" || text == .string("")
            reading.add(api, .policy, .replaceAll(isGone ? [:] : ["": .document(DocumentText(text))]))
        }
    }
}

/// Resource shares of AWS RAM: what an account gives others, by permissions whose text no record holds.
///
/// Source: the AWS RAM API reference.
enum ResourceShares: ChangeReader {
    static let services = ["ram"]
    static let events: [String: @Sendable (inout ChangeReading) -> Void] = [
        "CreateResourceShare": { reading in
            guard let share = share(reading) else { return }
            reading.add(share, .existence, .replaceAll(["": .present]))
            reading.add(share, .grants, .replaceAll(parts(reading)))
        },
        "DeleteResourceShare": { reading in
            guard let share = share(reading) else { return }
            reading.clear(share, [.existence, .grants])
        },
        "AssociateResourceShare": { reading in
            guard let share = share(reading) else { return }
            for (name, value) in parts(reading).sorted(by: { $0.key < $1.key }) {
                reading.add(share, .grants, .set(name, value))
            }
        },
        "DisassociateResourceShare": { reading in
            guard let share = share(reading) else { return }
            for name in parts(reading).keys.sorted() { reading.add(share, .grants, .remove(name)) }
        },
        "AssociateResourceSharePermission": { reading in
            guard let share = share(reading), let arn = reading.text("permissionArn") else { return }
            reading.add(share, .grants, .set("permission \(arn)", .present))
        },
        "DisassociateResourceSharePermission": { reading in
            guard let share = share(reading), let arn = reading.text("permissionArn") else { return }
            reading.add(share, .grants, .remove("permission \(arn)"))
        },
        "UpdateResourceShare": { reading in
            guard let share = share(reading), let isOpen = reading.flag("allowExternalPrincipals") else { return }
            reading.add(share, .settings, .set("external principals", .text("\(isOpen)")))
        },
        "AcceptResourceShareInvitation": invitation, "RejectResourceShareInvitation": invitation,
        "EnableSharingWithAwsOrganization": { reading in
            reading.add(.account(reading.account), .settings, .set("sharing with organization", .text("on")))
        },
    ]

    private static func share(_ reading: ChangeReading) -> Holder? {
        reading.text(
            "resourceShareArn", "<resourceShare.resourceShareArn", "<resourceShareInvitation.resourceShareArn",
            "resourceShareInvitationArn"
        )
        .map { Holder(.resourceShare, $0) }
    }

    /// The resource that is shared, of a part of a share by its name in the lane; `nil` for any other part.
    static func resource(_ part: String) -> Holder? {
        part.hasPrefix("resource ") ? Holder.resource(arn: String(part.dropFirst(9))) : nil
    }

    /// With whom it is shared, likewise.
    static func principal(_ part: String) -> String? {
        part.hasPrefix("principal ") ? String(part.dropFirst(10)) : nil
    }

    private static func parts(_ reading: ChangeReading) -> [String: Value] {
        var parts: [String: Value] = [:]
        for arn in reading.texts("resourceArns") { parts["resource \(arn)"] = .present }
        for who in reading.texts("principals") { parts["principal \(who)"] = .present }
        for arn in reading.texts("permissionArns") { parts["permission \(arn)"] = .present }
        return parts
    }

    private static func invitation(_ reading: inout ChangeReading) {
        guard let share = share(reading) else { return }
        let isAccepted = reading.name.hasPrefix("Accept")
        reading.add(share, .grants, .set("accepted by \(reading.account)", .text(isAccepted ? "yes" : "no")))
    }
}
