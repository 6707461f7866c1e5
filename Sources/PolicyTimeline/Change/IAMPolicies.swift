import OrderedJSON

/// Managed policies of IAM with their versions, identity providers, and instance profiles.
///
/// Source: the IAM API reference.
enum IAMPolicies: ChangeReader {
    static let services = ["iam"]
    static let events: [String: @Sendable (inout ChangeReading) -> Void] = [
        "CreatePolicy": create, "DeletePolicy": delete,
        "CreatePolicyVersion": createVersion, "DeletePolicyVersion": deleteVersion,
        "SetDefaultPolicyVersion": setDefault,
        "TagPolicy": tagPolicy, "UntagPolicy": tagPolicy,
        "CreateSAMLProvider": createProvider, "CreateOpenIDConnectProvider": createProvider,
        "DeleteSAMLProvider": deleteProvider, "DeleteOpenIDConnectProvider": deleteProvider,
        "UpdateSAMLProvider": { reading in
            guard let provider = reading.provider else { return }
            reading.add(provider, .settings, .blur("metadata"))
        },
        "AddClientIDToOpenIDConnectProvider": changeClient, "RemoveClientIDFromOpenIDConnectProvider": changeClient,
        "UpdateOpenIDConnectProviderThumbprint": thumbprints,
        "CreateInstanceProfile": { reading in
            guard let profile = reading.instanceProfile else { return }
            reading.add(profile, .existence, .replaceAll(["": .present]))
            reading.add(profile, .role, .replaceAll([:]))
        },
        "DeleteInstanceProfile": { reading in
            guard let profile = reading.instanceProfile else { return }
            reading.clear(profile, [.existence, .role])
        },
        // An instance profile holds one role at most.
        "AddRoleToInstanceProfile": { reading in
            guard let profile = reading.instanceProfile, let role = reading.text("roleName") else { return }
            reading.add(profile, .role, .replaceAll(["": .text(role)]))
        },
        "RemoveRoleFromInstanceProfile": { reading in
            guard let profile = reading.instanceProfile else { return }
            reading.add(profile, .role, .replaceAll([:]))
        },
        "CreateVirtualMFADevice": { _ in }, "DeleteVirtualMFADevice": { _ in },
        "SetSecurityTokenServicePreferences": accountSetting, "UpdateAccountPasswordPolicy": accountSetting,
        "DeleteAccountPasswordPolicy": accountSetting, "EnableOrganizationsRootSessions": accountSetting,
        "DisableOrganizationsRootSessions": accountSetting,
        "EnableOrganizationsRootCredentialsManagement": accountSetting,
        "DisableOrganizationsRootCredentialsManagement": accountSetting, "CreateDelegationRequest": accountSetting,
        "AcceptDelegationRequest": accountSetting, "RejectDelegationRequest": accountSetting,
        "UpdateDelegationRequest": accountSetting,
    ]

    private static func create(_ reading: inout ChangeReading) {
        guard let policy = reading.managedPolicy else { return }
        let version = reading.text("<policy.defaultVersionId") ?? "v1"
        var existence: [String: Value] = ["": .present]
        existence["id"] = reading.text("<policy.policyId").map(Value.text)
        reading.add(policy, .existence, .replaceAll(existence))
        reading.add(policy, .versions, .replaceAll([version: .document(DocumentText(reading.asked("policyDocument")))]))
        reading.add(policy, .defaultVersion, .replaceAll(["": .text(version)]))
        reading.add(
            policy, .tags,
            reading.tags("tags").map { .replaceAll($0) } ?? (reading.isCut ? .blurAll : .replaceAll([:])))
    }

    private static func delete(_ reading: inout ChangeReading) {
        guard let policy = reading.managedPolicy else { return }
        reading.clear(policy, [.existence, .versions, .defaultVersion, .tags])
    }

    /// The version's id stands in the answer alone.
    private static func createVersion(_ reading: inout ChangeReading) {
        guard let policy = reading.managedPolicy else { return }
        let text = reading.asked("policyDocument") ?? reading.answered("policyVersion.document")
        let id = reading.text("<policyVersion.versionId")
        let isDefault = reading.flag("setAsDefault") ?? reading.answersDefault ?? (reading.isCut ? nil : false)
        // Without its id the version is found by the event's.
        let name = id ?? "event \(reading.record.eventID)"
        reading.put(policy, .versions, named: name, text)
        switch isDefault {
        case true?: reading.add(policy, .defaultVersion, .replaceAll(["": .text(name)]))
        case false?: break
        case nil: reading.add(policy, .defaultVersion, .blur(""))
        }
    }

    private static func deleteVersion(_ reading: inout ChangeReading) {
        guard let policy = reading.managedPolicy else { return }
        reading.add(policy, .versions, reading.text("versionId").map { .remove($0) } ?? .blurAll)
    }

    private static func setDefault(_ reading: inout ChangeReading) {
        guard let policy = reading.managedPolicy else { return }
        let id = reading.text("versionId")
        reading.add(policy, .defaultVersion, id.map { .replaceAll(["": .text($0)]) } ?? .blur(""))
    }

    private static func tagPolicy(_ reading: inout ChangeReading) {
        guard let policy = reading.managedPolicy else { return }
        reading.changeTags(of: policy, set: "tags", remove: "tagKeys")
    }

    private static func createProvider(_ reading: inout ChangeReading) {
        guard let provider = reading.provider else { return }
        reading.add(provider, .existence, .replaceAll(["": .present]))
        var settings: [String: Value] = [:]
        for client in reading.texts("clientIDList") { settings["client \(client)"] = .present }
        if reading.name == "CreateSAMLProvider" { settings["metadata"] = .present }
        reading.add(provider, .settings, reading.isCut ? .blurAll : .replaceAll(settings))
        if reading.name != "CreateSAMLProvider" { thumbprints(&reading) }
    }

    private static func deleteProvider(_ reading: inout ChangeReading) {
        guard let provider = reading.provider else { return }
        reading.clear(provider, [.existence, .settings, .access])
    }

    private static func changeClient(_ reading: inout ChangeReading) {
        guard let provider = reading.provider else { return }
        guard let client = reading.text("clientID") else { return reading.add(provider, .settings, .blurAll) }
        let isGone = reading.name.hasPrefix("Remove")
        reading.add(provider, .settings, isGone ? .remove("client \(client)") : .set("client \(client)", .present))
    }

    /// The list is written whole: whichever stood there before is gone.
    private static func thumbprints(_ reading: inout ChangeReading) {
        guard let provider = reading.provider else { return }
        reading.add(
            provider, .access,
            .replaceAll(
                Dictionary(reading.texts("thumbprintList").map { ($0, Value.present) }) { first, _ in first }))
    }

    private static func accountSetting(_ reading: inout ChangeReading) {
        reading.add(.account(reading.account), .settings, .blur(reading.name))
    }
}

extension ChangeReading {
    /// The managed policy that an event of IAM is about.
    var managedPolicy: Holder? {
        if let arn = text("policyArn", "<policy.arn"), arn.hasPrefix("arn:") { return .managedPolicy(arn) }
        guard name == "CreatePolicy", let policyName = text("policyName"), !account.isEmpty else { return nil }
        let path = text("path").map { $0.hasPrefix("/") && $0.hasSuffix("/") ? $0 : "/" } ?? "/"
        return .managedPolicy("arn:\(partition):iam::\(account):policy\(path)\(policyName)")
    }

    /// The partition of the Region that recorded the event.
    var partition: String {
        region.hasPrefix("cn-") ? "aws-cn" : region.hasPrefix("us-gov-") ? "aws-us-gov" : "aws"
    }

    fileprivate var answersDefault: Bool? {
        switch answered("policyVersion.isDefaultVersion") {
        case .bool(let flag)?: flag
        case .string(let text)?: text == "true"
        case .null?, .integer?, .number?, .array?, .object?, nil: nil
        }
    }

    fileprivate var provider: Holder? {
        text("openIDConnectProviderArn", "sAMLProviderArn", "<openIDConnectProviderArn", "<sAMLProviderArn")
            .map { Holder(.identityProvider, $0) }
    }

    fileprivate var instanceProfile: Holder? {
        text("instanceProfileName", "<instanceProfile.instanceProfileName")
            .map { Holder(.instanceProfile, account: account, $0) }
    }
}
