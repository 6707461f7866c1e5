import OrderedJSON

/// VPC endpoints, and instances with their instance profiles.
///
/// Source: CreateVpcEndpoint, ModifyVpcEndpoint and AssociateIamInstanceProfile in the Amazon EC2 API reference. The wrapper of
/// ModifyVpcEndpoint is not documented, so its members are looked for with and without one.
enum Endpoints: ChangeReader {
    static let services = ["ec2"]
    static let events: [String: @Sendable (inout ChangeReading) -> Void] = [
        "CreateVpcEndpoint": { reading in
            guard let id = reading.text("<vpcEndpoint.vpcEndpointId", "vpcEndpointId") else { return }
            let endpoint = Holder.vpcEndpoint(id)
            reading.add(endpoint, .existence, .replaceAll(["": .present]))
            let text = reading.asked("policyDocument") ?? reading.answered("vpcEndpoint.policyDocument")
            let isCut = reading.isCut && text == nil
            reading.add(
                endpoint, .policy,
                isCut
                    ? .replaceAll(["": .document(.unknown)])
                    : .replaceAll(["": .document(text.map { DocumentText($0) } ?? fullAccess)]))
            var settings: [String: Value] = [:]
            settings["vpc"] = reading.text("vpcId", "<vpcEndpoint.vpcId").map(Value.text)
            settings["service"] = reading.text("serviceName", "<vpcEndpoint.serviceName").map(Value.text)
            settings["owner"] = reading.text("<vpcEndpoint.ownerId").map(Value.text)
            settings["type"] = reading.text("vpcEndpointType", "<vpcEndpoint.vpcEndpointType").map(Value.text)
            reading.add(endpoint, .settings, .replaceAll(settings))
        },
        "ModifyVpcEndpoint": { reading in
            guard let id = reading.text("vpcEndpointId") else { return }
            let endpoint = Holder.vpcEndpoint(id)
            if reading.flag("resetPolicy") == true {
                reading.add(endpoint, .policy, .replaceAll(["": .document(fullAccess)]))
            } else if let text = reading.asked("policyDocument") {
                reading.add(endpoint, .policy, .replaceAll(["": .document(DocumentText(text))]))
            }
            for name in [
                "privateDnsEnabled", "addRouteTableId", "removeRouteTableId", "addSecurityGroupId",
                "removeSecurityGroupId",
            ] {
                guard let value = reading.asked(name) else { continue }
                let text = reading.flag(name).map { "\($0)" } ?? ChangeReading.text(value.elements.first) ?? "changed"
                reading.add(endpoint, .settings, .set(name, .text(text)))
            }
        },
        "DeleteVpcEndpoints": { reading in
            let list = reading.asked("vpcEndpointId")
            // Lists of EC2 stand as an array, or as an object of its elements.
            var ids = (list?.elements ?? []).prefix(ChangeReading.listLimit).compactMap { element in
                ChangeReading.text(element) ?? ChangeReading.text(element.member(ignoringCase: "content"))
            }
            if let content = list?.member(ignoringCase: "content") {
                ids += content.elements.compactMap(ChangeReading.text)
            }
            for id in Set(ids).sorted() where id.hasPrefix("vpce-") {
                reading.clear(.vpcEndpoint(id), [.existence, .policy, .settings])
            }
        },
        "ModifyVpcEndpointServicePermissions": { reading in
            guard let service = reading.resource(reading.text("serviceId"), "vpc-endpoint-service/") else { return }
            for arn in reading.texts("addAllowedPrincipals") { reading.add(service, .grants, .set(arn, .present)) }
            for arn in reading.texts("removeAllowedPrincipals") { reading.add(service, .grants, .remove(arn)) }
        },
        "ModifyImageAttribute": { reading in
            guard let image = reading.resource(reading.text("imageId"), "image/") else { return }
            guard let permission = reading.asked("launchPermission") else { return }
            for (key, isGone) in [("add", false), ("remove", true)] {
                let items = permission.member(ignoringCase: key)?.member(ignoringCase: "items")?.elements ?? []
                for item in items.prefix(ChangeReading.listLimit) {
                    guard
                        let who = ["userId", "group", "organizationArn", "organizationalUnitArn"].lazy
                            .compactMap({ ChangeReading.text(item.member(ignoringCase: $0)) }).first
                    else { continue }
                    reading.add(image, .grants, isGone ? .remove(who) : .set(who, .present))
                }
            }
        },
        "AssociateIamInstanceProfile": associate,
        "ReplaceIamInstanceProfileAssociation": associate,
        "DisassociateIamInstanceProfile": { reading in
            guard let instance = instance(reading) else { return }
            reading.add(instance, .role, .replaceAll([:]))
        },
    ]

    /// What an endpoint has without a policy of its own.
    static let fullAccess = DocumentText.json(
        .members(
            (
                "Statement",
                .array([
                    .members(
                        ("Action", .string("*")), ("Effect", .string("Allow")), ("Principal", .string("*")),
                        ("Resource", .string("*")))
                ])
            )))

    private static func instance(_ reading: ChangeReading) -> Holder? {
        let id =
            reading.text("instanceId", "<iamInstanceProfileAssociation.instanceId", "associationId")
        return id.map { Holder(.workload, service: "ec2", account: reading.account, region: reading.region, $0) }
    }

    private static func associate(_ reading: inout ChangeReading) {
        guard let instance = instance(reading) else { return }
        let profile = reading.text(
            "iamInstanceProfile.arn", "iamInstanceProfile.name", "<iamInstanceProfileAssociation.iamInstanceProfile.arn"
        )
        reading.add(
            instance, .role, profile.map { .replaceAll(["instance profile": .text($0)]) } ?? .blurAll)
    }
}
