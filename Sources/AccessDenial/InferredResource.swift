import CloudTrail

/// What request parameters say about the resource of a call, where the message says nothing.
///
/// A guess from names, never what AWS stated: AWS may have checked the call on another resource as well.
enum InferredResource {
    /// The ARN of the resource that an event of the Pinpoint family was probably checked on, and the role that was to be assumed;
    /// `nil` for other services and where the parameters do not name it, are masked, or the Region or account is not known.
    static func arn(of event: Event) -> String? {
        // A refused token of an identity provider: STS's message names no role.
        if event.eventSource == "sts.amazonaws.com", event.eventName?.hasPrefix("AssumeRoleWith") ?? false {
            return wholeARN(event.requestParameters?.text(at: ["roleArn"]))
        }
        guard let source = event.eventSource, ServiceFamily.pinpoint.eventSources.contains(source),
            let name = event.eventName, let parameters = event.requestParameters
        else { return nil }
        let prefix = IAMAction.servicePrefix(of: source)
        let read = { (name: String) -> String? in
            // Pinpoint keeps the names of its paths, `application-id`; case apart, without the dash they are camel case.
            parameters.text(at: [name]) ?? parameters.text(at: [name.filter { $0 != "-" }])
        }
        let path: String?
        switch prefix {
        case "mobiletargeting":
            guard let operation = PinpointCatalogue.operation(named: name) else { return nil }
            if operation.resourceTypes.count > 1 { return wholeARN(read("resource-arn")) }
            path = operation.resourcePath(parameter: read)
        case "sms-voice": path = smsVoicePath(action: "sms-voice:\(name)", parameter: read)
        case "social-messaging": path = socialMessagingPath(action: "social-messaging:\(name)", parameter: read)
        default: return nil
        }
        guard let path else { return nil }
        if path.hasPrefix("arn:") { return path }
        guard let region = event.awsRegion, let account = event.recipientAccountId ?? event.userIdentity.accountId
        else { return nil }
        return "arn:\(ARNShape.partition(ofRegion: region)):\(prefix):\(region):\(account):\(path)"
    }

    private static func smsVoicePath(action: String, parameter: (String) -> String?) -> String? {
        guard let action = PinpointCatalogue.smsVoiceActionByName[action] else { return nil }
        if let arn = wholeARN(parameter("resourceArn")) { return arn }
        if let identity = parameter("originationIdentity") {
            if let arn = wholeARN(identity) { return arn }
            for (prefix, type) in originationTypes where identity.hasPrefix(prefix) { return "\(type)/\(identity)" }
        }
        for type in action.requiredTypes + action.resourceTypes {
            guard let shape = PinpointCatalogue.smsVoiceShapes[type] else { continue }
            var arn: String?
            let path = ARNShape.filled(shape) { name in
                let value = parameter(name)
                arn = arn ?? wholeARN(value)
                return value
            }
            if let path { return arn ?? path }
        }
        return nil
    }

    private static func socialMessagingPath(action: String, parameter: (String) -> String?) -> String? {
        guard let action = PinpointCatalogue.socialMessagingActionByName[action] else { return nil }
        if let arn = wholeARN(parameter("resourceArn")) { return arn }
        guard let type = action.requiredTypes.first,
            let id = parameter("originationPhoneNumberId") ?? parameter("id"), isReadable(id)
        else { return nil }
        if let arn = wholeARN(id) { return arn }
        let prefix = "\(type)-"
        return "\(type)/\(id.hasPrefix(prefix) ? String(id.dropFirst(prefix.count)) : id)"
    }

    private static func wholeARN(_ value: String?) -> String? {
        guard let value, value.hasPrefix("arn:") else { return nil }
        return value
    }

    /// How the ids of origination identities begin, and the resource types of their ARNs.
    static let originationTypes: [(prefix: String, type: String)] = [
        ("pool-", "pool"), ("phone-", "phone-number"), ("rcs-", "rcs-agent"),
    ]
}
