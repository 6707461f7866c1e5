import OrderedJSON

extension ChangeReading {
    /// The texts of a list of EC2, in order: an array, one text, or an object of its elements.
    fileprivate func items(_ path: String) -> [String] {
        let list = asked(path)
        var texts = (list?.elements ?? []).prefix(Self.listLimit).compactMap { element in
            Self.text(element) ?? Self.text(element.member(ignoringCase: "content"))
        }
        if let content = list?.member(ignoringCase: "content") ?? list?.member(ignoringCase: "items") {
            texts += content.elements.prefix(Self.listLimit).compactMap(Self.text)
        }
        return Set(texts).sorted()
    }
}

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
            settings["private DNS"] = reading.flag("privateDnsEnabled").map { .text($0 ? "on" : "off") }
            for (kind, path) in parts {
                for id in reading.items(path) { settings["\(kind) \(id)"] = .present }
            }
            reading.add(endpoint, .settings, .replaceAll(settings))
        },
        "ModifyVpcEndpoint": { reading in
            guard let id = reading.text("vpcEndpointId") else { return }
            let endpoint = Holder.vpcEndpoint(id)
            if reading.flag("resetPolicy") == true {
                reading.add(endpoint, .policy, .replaceAll(["": .document(fullAccess)]))
            } else if let text = reading.asked("policyDocument") {
                reading.add(endpoint, .policy, .replaceAll(["": .document(DocumentText(text))]))
            } else if reading.isCut {
                reading.add(endpoint, .policy, .blurAll)
            }
            if let isOn = reading.flag("privateDnsEnabled") {
                reading.add(endpoint, .settings, .set("private DNS", .text(isOn ? "on" : "off")))
            }
            for (kind, path) in parts {
                for id in reading.items("add\(path)") {
                    reading.add(endpoint, .settings, .set("\(kind) \(id)", .present))
                }
                for id in reading.items("remove\(path)") { reading.add(endpoint, .settings, .remove("\(kind) \(id)")) }
            }
        },
        "DeleteVpcEndpoints": { reading in
            for id in reading.items("vpcEndpointId") where id.hasPrefix("vpce-") {
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
        "RunInstances": { reading in
            let instances = reading.answered("instancesSet.items")?.elements ?? []
            for instance in instances.prefix(ChangeReading.listLimit) {
                guard let id = ChangeReading.text(instance.member(ignoringCase: "instanceId")) else { continue }
                let given = instance.member(ignoringCase: "iamInstanceProfile")?.member(ignoringCase: "arn")
                let profile =
                    ChangeReading.text(given) ?? reading.text("iamInstanceProfile.arn", "iamInstanceProfile.name")
                reading.add(
                    workload(id, reading), .role,
                    profile.map { .replaceAll(["instance profile": .text($0)]) } ?? .blurAll)
            }
        },
        "CreateTags": tag, "DeleteTags": tag,
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

    /// What an endpoint stands in, and behind which security groups, with the parameters that name it.
    private static let parts = [
        ("security group", "SecurityGroupId"), ("subnet", "SubnetId"), ("route table", "RouteTableId"),
    ]

    /// The kinds of resources whose tags are told, by what their ids begin with. Source: "Resource IDs" in the Amazon EC2 user guide;
    /// the service authorization reference for the ARNs.
    private static let kinds: [(prefix: String, kind: String)] = [
        ("i-", "instance"), ("vol-", "volume"), ("snap-", "snapshot"), ("ami-", "image"), ("sg-", "security-group"),
        ("vpce-", "vpc-endpoint"), ("vpc-", "vpc"), ("subnet-", "subnet"), ("eni-", "network-interface"),
        ("lt-", "launch-template"), ("eipalloc-", "elastic-ip"), ("key-", "key-pair"), ("rtb-", "route-table"),
        ("igw-", "internet-gateway"), ("nat-", "natgateway"),
    ]

    /// Tags of several resources at once; without a key all of them go.
    private static func tag(_ reading: inout ChangeReading) {
        let isGone = reading.name == "DeleteTags"
        let tags = reading.tags("tagSet")
        for item in (reading.asked("resourcesSet.items")?.elements ?? []).prefix(ChangeReading.listLimit) {
            guard let id = ChangeReading.text(item.member(ignoringCase: "resourceId")),
                let kind = kinds.first(where: { id.hasPrefix($0.prefix) })?.kind
            else { continue }
            let holder = Holder(
                .resource, service: "ec2", account: reading.account, region: reading.region, "\(kind)/\(id)")
            guard let tags, !tags.isEmpty else {
                reading.add(holder, .tags, isGone && !reading.isCut ? .replaceAll([:]) : .blurAll)
                continue
            }
            for (key, value) in tags.sorted(by: { $0.key < $1.key }) {
                reading.add(holder, .tags, isGone ? .remove(key) : .set(key, value))
            }
        }
    }

    private static func workload(_ id: String, _ reading: ChangeReading) -> Holder {
        Holder(.workload, service: "ec2", account: reading.account, region: reading.region, id)
    }

    private static func instance(_ reading: ChangeReading) -> Holder? {
        reading.text("instanceId", "<iamInstanceProfileAssociation.instanceId", "associationId").map {
            workload($0, reading)
        }
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
