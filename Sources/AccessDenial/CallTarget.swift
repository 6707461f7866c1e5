import IAMPolicy

/// What a call was made on, told cheaply enough to be kept for every event: it tells whether a success says anything about a
/// denial.
///
/// One parameter of the request names it, for the services below alone. It is a name to compare, never an ARN to show. Where one
/// resource has several spellings that cannot be told to be the same, such as a key's alias and its id, the target is not told.
package enum CallTarget {
    /// How a parameter names the target.
    package enum Form: Sendable, Equatable {
        /// By its name, or an ARN that is its only spelling.
        case bareName
        /// By a URL, path or ARN that ends in its name, or by the name: a queue, a function, a table, a stream, a state machine.
        case resource
        /// A bucket by its name. The call is on the object that a second parameter names, where there is one.
        case bucket
        /// A KMS key by its id or ARN. An alias is another name, and many calls name no key: the record's resource does.
        case key
        /// A secret by its name, its ARN, or the ARN without the six characters behind the name.
        case secret
        /// A parameter or document of Systems Manager by its name, path or ARN.
        case systemsManager
        /// A phone number, pool, sender ID or RCS agent by its id or ARN.
        case originationIdentity
        /// Another resource of AWS End User Messaging SMS by its id or ARN, with its type in ARNs.
        case smsVoice(type: String)
        /// A WhatsApp phone number by its id or ARN.
        case whatsAppNumber
    }

    /// Which parameter of a request names the target, and how.
    package struct Rule: Sendable {
        /// The parameter, in up to two spellings.
        package var keys: (StaticString, StaticString)
        /// How it names the target.
        package var form: Form
        /// The service as ARNs spell it, where a refusal may be about another of its resources than the one that the parameter
        /// names: the target of a refusal is told where both agree.
        package var comparedService: String?

        init(_ key: StaticString, or other: StaticString? = nil, _ form: Form, comparing service: String? = nil) {
            keys = (key, other ?? key)
            self.form = form
            comparedService = service
        }
    }

    /// The rule of an operation; `nil` where there is none.
    package static func rule(eventSource: String, eventName: String) -> Rule? {
        eventSource == "sms-voice.amazonaws.com" ? smsVoiceRule(eventName) : rules[eventSource]
    }

    /// Whether a success of the action usually tells its target.
    package static func isTold(action: String) -> Bool { prefixes.contains(String(action.prefix { $0 != ":" })) }

    /// Whether a refusal on this resource is about one resource of many, for a service whose successes tell theirs.
    package static func isCertain(_ resource: String, action: String) -> Bool {
        if name(ofResource: resource) != nil { return true }
        return comparedServices.contains(String(action.prefix { $0 != ":" })) && !resource.contains("*")
    }

    /// The target in a parameter whose value is no bare name: a queue's URL, a function's or table's ARN or name.
    package static func name(in value: String) -> String {
        let resource = value.hasPrefix("arn:") ? resourcePart(value) : value[...]
        if resource.hasPrefix("http") {
            return String(resource[(resource.lastIndex(of: "/") ?? resource.startIndex)...].dropFirst())
        }
        return name(inResource: resource)
    }

    /// The target in a parameter of this form; `nil` where the value does not tell it.
    package static func name(in value: String, _ form: Form) -> String? {
        guard value != "HIDDEN_DUE_TO_SECURITY_REASONS" else { return nil }
        let isARN = value.hasPrefix("arn:")
        let resource = isARN ? resourcePart(value) : value[...]
        switch form {
        case .bareName: return value
        case .resource: return name(in: value)
        case .bucket: return isBucket(value) ? value : nil
        case .key: return isARN ? rest(of: resource, behind: "key/") : value.contains("/") ? nil : value
        case .secret: return isARN ? rest(of: resource, behind: "secret:").flatMap { secretName($0[...]) } : value
        case .systemsManager: return systemsManagerName(resource, isARN: isARN)
        case .originationIdentity: return isARN ? smsVoicePath(resource) : originationIdentity(value)
        case .smsVoice(let type): return isARN ? String(resource) : "\(type)/\(value)"
        case .whatsAppNumber:
            return rest(of: resource, behind: isARN ? "phone-number-id/" : "phone-number-id-")
        }
    }

    /// The target that a resource of a denial stands for, as a success of the same service would tell it; `nil` where it
    /// stands for none, such as `*`.
    package static func name(ofResource resource: String) -> String? {
        // A message to a phone number: no success on a topic is one on it.
        if isPhoneNumber(resource) { return resource }
        guard resource.hasPrefix("arn:") else { return nil }
        let parts = resource.utf8.split(
            separator: UInt8(ascii: ":"), maxSplits: 5, omittingEmptySubsequences: false
        ).map { Substring($0) }
        guard parts.count == 6 else { return nil }
        let name: String?
        switch parts[2] {
        case "iam": name = parts[5].hasPrefix("role/") ? resource : nil
        case "sns": name = resource
        case "s3": name = parts[3].isEmpty ? upToSlash(parts[5]) : nil
        case "mobiletargeting": name = rest(of: parts[5], behind: "apps/").map { upToSlash($0[...]) }
        case "sqs", "lambda", "dynamodb", "kinesis": name = Self.name(inResource: parts[5])
        case "firehose": name = rest(of: parts[5], behind: "deliverystream/")
        case "ecr": name = rest(of: parts[5], behind: "repository/")
        case "states": name = parts[5].hasPrefix("stateMachine:") ? Self.name(inResource: parts[5]) : nil
        case "kms": name = self.name(in: resource, .key)
        case "secretsmanager": name = self.name(in: resource, .secret)
        case "ssm": name = self.name(in: resource, .systemsManager)
        case "sms-voice": name = smsVoicePath(parts[5])
        case "social-messaging": name = self.name(in: resource, .whatsAppNumber)
        default: return nil
        }
        guard let name else { return nil }
        return name.isEmpty || name.utf8.contains(UInt8(ascii: "*")) ? nil : name
    }

    private static func upToSlash(_ text: Substring) -> String {
        String(text[..<(text.utf8.firstIndex(of: UInt8(ascii: "/")) ?? text.endIndex)])
    }

    /// `+12065550100`, also with masked digits.
    package static func isPhoneNumber(_ resource: String) -> Bool {
        resource.hasPrefix("+") && (5...20).contains(resource.utf8.count)
            && resource.utf8.dropFirst().allSatisfy { (0x30...0x39).contains($0) || "*X".utf8.contains($0) }
    }

    /// The same for a refused call with this rule; `nil` also for a resource of another kind than its parameter names.
    package static func name(ofResource resource: String, _ rule: Rule?) -> String? {
        guard let name = name(ofResource: resource) else { return nil }
        if rule?.form == .originationIdentity, resource.contains(":sms-voice:") {
            let types = ["sender-id"] + InferredResource.originationTypes.map(\.type)
            return types.contains { name.hasPrefix($0 + "/") } ? name : nil
        }
        return name
    }

    /// The key of the object that a resource of a denial stands for; `nil` for a bucket, and for every other service.
    package static func objectKey(ofResource resource: String) -> String? {
        guard resource.hasPrefix("arn:"), resource.contains(":s3:::"), let slash = resource.firstIndex(of: "/") else {
            return nil
        }
        let key = resource[resource.index(after: slash)...]
        return key.isEmpty || key.contains("*") ? nil : String(key)
    }

    /// Whether an ARN is one of a service.
    package static func isResource(_ arn: String, of service: String) -> Bool {
        arn.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false).dropFirst(2).first.map {
            $0 == service
        }
            ?? false
    }

    // MARK: - Spellings

    /// `table/NAME/index/I`, `function:NAME:1`, `stream/NAME` or `NAME`.
    private static func name(inResource resource: Substring) -> String {
        for kind in ["table/", "function:", "stream/", "stateMachine:"] where resource.hasPrefix(kind) {
            return String(resource.dropFirst(kind.count).prefix { $0 != "/" && $0 != ":" })
        }
        return String(resource.prefix { $0 != ":" })
    }

    private static func resourcePart(_ arn: String) -> Substring {
        arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).last ?? ""
    }

    private static func rest(of resource: Substring, behind prefix: String) -> String? {
        resource.utf8.starts(with: prefix.utf8) ? String(resource.utf8.dropFirst(prefix.utf8.count)) : nil
    }

    /// Whether the value of `bucketName` is a bucket and no access point, which stands for a bucket that it does not name.
    package static func isBucket(_ value: String) -> Bool { !value.hasPrefix("arn:") && !value.hasSuffix("-s3alias") }

    /// The name within a secret's ARN. Secrets Manager adds a hyphen and six random letters and digits; where an ARN without them
    /// ends alike, in a word or a date of six characters, the name is not told.
    private static func secretName(_ path: Substring) -> String? {
        let suffix = path.suffix(7)
        guard path.count > 7, suffix.first == "-",
            suffix.dropFirst().allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
        else { return String(path) }
        let isMixed =
            [
                suffix.contains(where: \.isLowercase), suffix.contains(where: \.isUppercase),
                suffix.contains(where: \.isNumber),
            ]
            .filter(\.self).count > 1
        return isMixed ? String(path.dropLast(7)) : nil
    }

    /// `/path/name`, `name:3`, `parameter/path/name`, `document/name`.
    private static func systemsManagerName(_ resource: Substring, isARN: Bool) -> String? {
        var name = resource
        if isARN {
            guard let kind = ["parameter/", "document/"].first(where: name.hasPrefix) else { return nil }
            name = name.dropFirst(kind.count)
        }
        name = name.prefix { $0 != ":" }
        while name.hasPrefix("/") { name = name.dropFirst() }
        while name.hasSuffix("/") { name = name.dropLast() }
        return String(name)
    }

    /// A phone number itself is another name of the same resource than its id.
    private static func originationIdentity(_ value: String) -> String? {
        for (prefix, type) in InferredResource.originationTypes where value.hasPrefix(prefix) {
            return "\(type)/\(value)"
        }
        return value.contains(where: \.isLetter) ? "sender-id/\(value)" : nil
    }

    /// `sender-id/NAME/US` without the country, which a request need not name.
    private static func smsVoicePath(_ resource: Substring) -> String {
        let parts = resource.split(separator: "/")
        return parts.first == "sender-id" ? parts.prefix(2).joined(separator: "/") : String(resource)
    }

    // MARK: - Rules

    private static let rules: [String: Rule] = [
        "sts.amazonaws.com": Rule("roleArn", .bareName),
        "s3.amazonaws.com": Rule("bucketName", .bucket),
        "pinpoint.amazonaws.com": Rule("application-id", or: "applicationId", .bareName),
        "mobiletargeting.amazonaws.com": Rule("application-id", or: "applicationId", .bareName),
        "sns.amazonaws.com": Rule("topicArn", .bareName),
        "sqs.amazonaws.com": Rule("queueUrl", .resource),
        "lambda.amazonaws.com": Rule("functionName", .resource),
        "dynamodb.amazonaws.com": Rule("tableName", .resource),
        // Parameters as the services' API references name them, which records spell in lower camel case. Sources: the examples
        // of records in the guides of KMS and Secrets Manager, and records of the other services.
        "kms.amazonaws.com": Rule("keyId", .key, comparing: "kms"),
        "secretsmanager.amazonaws.com": Rule("secretId", .secret, comparing: "secretsmanager"),
        "ssm.amazonaws.com": Rule("name", or: "path", .systemsManager, comparing: "ssm"),
        "kinesis.amazonaws.com": Rule("streamName", or: "streamARN", .resource, comparing: "kinesis"),
        "firehose.amazonaws.com": Rule("deliveryStreamName", .bareName, comparing: "firehose"),
        "ecr.amazonaws.com": Rule("repositoryName", .bareName, comparing: "ecr"),
        "states.amazonaws.com": Rule("stateMachineArn", .resource, comparing: "states"),
        "social-messaging.amazonaws.com": Rule(
            "originationPhoneNumberId", .whatsAppNumber, comparing: "social-messaging"),
    ]

    private static let prefixes: Set<String> = comparedServices.union([
        "sts", "s3", "mobiletargeting", "sns", "sqs", "lambda", "dynamodb",
    ])

    private static let comparedServices = Set(rules.values.compactMap(\.comparedService)).union(["sms-voice"])

    /// Senders name an origination identity; an operation on one resource names that. Many name lists, or two resources.
    private static func smsVoiceRule(_ eventName: String) -> Rule? {
        if eventName.hasPrefix("Send") {
            return Rule("originationIdentity", .originationIdentity, comparing: "sms-voice")
        }
        guard let action = PinpointCatalogue.smsVoiceActionByName["sms-voice:\(eventName)"],
            action.requiredTypes.count == 1, action.resourceTypes.count == 1, let type = action.requiredTypes.first,
            let (key, path) = smsVoiceParameters[type]
        else { return nil }
        return Rule(key, .smsVoice(type: path), comparing: "sms-voice")
    }

    private static let smsVoiceParameters: [String: (StaticString, String)] = [
        "ConfigurationSet": ("configurationSetName", "configuration-set"),
        "OptOutList": ("optOutListName", "opt-out-list"),
        "PhoneNumber": ("phoneNumberId", "phone-number"),
        "Pool": ("poolId", "pool"),
        "ProtectConfiguration": ("protectConfigurationId", "protect-configuration"),
    ]
}
