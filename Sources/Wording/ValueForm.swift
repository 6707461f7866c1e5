import IAMPolicy

/// What a value from the archive has to be to stand in a command.
///
/// A record's parameters are whatever somebody sent. What a service writes itself (ARNs, ids, URLs, Regions) is used in that form
/// alone, for anything else would make the reader call somebody else's host or resource. Names may be any text, because they are
/// quoted.
package enum ValueForm: Sendable, Hashable {
    /// A name; the text says of what, for the reader.
    case name(String)
    /// Any text, an empty one and one that looks like an ARN included.
    case text(String)
    /// A name, or an ARN, of this service where one is given.
    case nameOrARN(String, service: String?)
    /// An ARN, of this service where one is given.
    case arn(service: String?)
    /// An id with this beginning, such as `vpce-`.
    case id(String, prefix: String)
    case account
    case region
    /// An account, an organizational unit (`ou-…`) or a root (`r-…`).
    case organizationTarget
    /// An IAM action: `mobiletargeting:SendMessages`.
    case action
    /// What a grant of AWS KMS allows: `Decrypt`.
    case grantOperation
    /// `v1`, `v2`, …
    case policyVersion
    case queueURL
    /// What the AWS CLI decodes for `sts:DecodeAuthorizationMessage`.
    case encodedMessage

    /// Why this text is none, to be read behind "because"; `nil` where it is one. The text itself is not told: it is what cannot be
    /// shown.
    package func fault(_ text: String) -> Prose? {
        if text.isEmpty {
            if case .text = self { return nil }
            return "the records do not show \(words: noun)"
        }
        for scalar in text.unicodeScalars {
            if scalar == "\0" { return "\(words: noun) holds a NUL, which no program can be given" }
            if scalar == "\u{FFFD}" { return "\(words: noun) held bytes that are not UTF-8, and they are lost" }
        }
        if isFileReference(text) {
            return "\(words: noun) begins like the name of a file or page whose content the AWS CLI would send"
        }
        return matches(text) ? nil : "\(words: noun) is not of the form that AWS writes"
    }

    /// What the value is, with its article.
    private var noun: String {
        switch self {
        case .name(let what), .text(let what), .nameOrARN(let what, _), .id(let what, _): what
        case .arn: "the ARN"
        case .account: "the account id"
        case .region: "the Region"
        case .organizationTarget: "the target in the organization"
        case .action: "the action"
        case .grantOperation: "an operation of the grant"
        case .policyVersion: "the policy's version"
        case .queueURL: "the queue's URL"
        case .encodedMessage: "the encoded message"
        }
    }

    /// Source: "Loading a parameter from a file" in the AWS CLI user guide; version 1 fetches pages as well.
    private func isFileReference(_ text: String) -> Bool {
        guard self != .queueURL else { return false }
        return ["file://", "fileb://", "http://", "https://"].contains { text.lowercased().hasPrefix($0) }
    }

    private func matches(_ text: String) -> Bool {
        switch self {
        case .text: true
        case .name: !text.hasPrefix("arn:")
        case .nameOrARN(_, let service): !text.hasPrefix("arn:") || Self.isARN(text, service)
        case .arn(let service): Self.isARN(text, service)
        case .id(_, let prefix):
            text.hasPrefix(prefix) && text.utf8.count > prefix.utf8.count && text.utf8.count <= 128
                && text.utf8.allSatisfy {
                    Self.isLowercase($0) || Self.isDigit($0) || (0x41...0x5A).contains($0) || "-_".utf8.contains($0)
                }
        case .account: Self.isAccount(text)
        case .region: Self.isRegion(text)
        case .organizationTarget:
            Self.isAccount(text) || ValueForm.id("", prefix: "ou-").matches(text)
                || ValueForm.id("", prefix: "r-").matches(text)
        case .action: Self.isAction(text)
        case .grantOperation: Self.isAction("kms:" + text)
        case .policyVersion:
            text.hasPrefix("v") && text.utf8.count > 1 && text.utf8.count < 12
                && text.utf8.dropFirst().allSatisfy(Self.isDigit)
        case .queueURL: Self.isQueueURL(text)
        case .encodedMessage:
            text.utf8.allSatisfy {
                Self.isLowercase($0) || Self.isDigit($0) || (0x41...0x5A).contains($0) || "-_=+/".utf8.contains($0)
            }
        }
    }

    private static func isLowercase(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// Twelve digits.
    package static func isAccount(_ text: String) -> Bool { text.utf8.count == 12 && text.utf8.allSatisfy(isDigit) }

    /// `us-east-1`, `us-gov-west-1`, `eusc-de-east-1`: words of small letters and a number behind them.
    private static func isRegion(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard text.utf8.count <= 32, parts.count >= 3, let number = parts.last else { return false }
        return (1...2).contains(number.count) && number.allSatisfy(isDigit)
            && parts.dropLast().allSatisfy { !$0.isEmpty && $0.allSatisfy(isLowercase) }
    }

    private static func isARN(_ text: String, _ service: String?) -> Bool {
        guard let arn = ARN(text) else { return false }
        let isOfPartition =
            arn.partition == "aws"
            || (arn.partition.hasPrefix("aws-") && arn.partition.utf8.count <= 32
                && arn.partition.utf8.allSatisfy { isLowercase($0) || $0 == UInt8(ascii: "-") })
        let isService =
            arn.service.utf8.count <= 64
            && arn.service.utf8.allSatisfy { isLowercase($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
        return isOfPartition && isService && (service == nil || arn.service == service)
            && (arn.region.isEmpty || isRegion(arn.region))
            && (["", "aws"].contains(arn.account) || isAccount(arn.account)) && !arn.resource.isEmpty
    }

    private static func isAction(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 2, text.utf8.count <= 256 else { return false }
        return !parts[0].isEmpty && !parts[1].isEmpty
            && parts[0].allSatisfy { isLowercase($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
            && parts[1].allSatisfy { isLowercase($0) || isDigit($0) || (0x41...0x5A).contains($0) }
    }

    /// `https://sqs.REGION.amazonaws.com/ACCOUNT/NAME` with the hosts that Amazon SQS has: those of China, the FIPS and dual-stack
    /// ones and the legacy ones. Source: "Amazon Simple Queue Service endpoints and quotas" in the AWS general reference.
    private static func isQueueURL(_ text: String) -> Bool {
        guard text.hasPrefix("https://") else { return false }
        let parts = text.dropFirst("https://".count).split(separator: "/", omittingEmptySubsequences: false).map(
            String.init)
        guard parts.count == 3, isAccount(parts[1]) else { return false }
        let name = parts[2].hasSuffix(".fifo") ? String(parts[2].dropLast(".fifo".count)) : parts[2]
        let isName =
            (1...80).contains(parts[2].utf8.count) && !name.isEmpty
            && name.utf8.allSatisfy {
                isLowercase($0) || isDigit($0) || (0x41...0x5A).contains($0) || "-_".utf8.contains($0)
            }
        guard isName else { return false }
        let host = parts[0]
        if host == "queue.amazonaws.com" { return true }
        for (beginning, ending) in [
            ("sqs.", ".amazonaws.com"), ("sqs-fips.", ".amazonaws.com"), ("sqs.", ".api.aws"),
            ("sqs-fips.", ".api.aws"),
            ("", ".queue.amazonaws.com"), ("sqs.", ".amazonaws.com.cn"), ("", ".queue.amazonaws.com.cn"),
            ("sqs.", ".api.amazonwebservices.com.cn"),
        ] where host.hasPrefix(beginning) && host.hasSuffix(ending) {
            let length = host.utf8.count - beginning.utf8.count - ending.utf8.count
            if length > 0, isRegion(String(host.dropFirst(beginning.utf8.count).prefix(length))) { return true }
        }
        return false
    }
}

extension ShellWord {
    /// The name of a role, and so on: IAM's names, whose kind the reader is told.
    package static func role(_ name: String) -> ShellWord { .value(name, .name("the role's name")) }
    package static func user(_ name: String) -> ShellWord { .value(name, .name("the user's name")) }
    package static func group(_ name: String) -> ShellWord { .value(name, .name("the group's name")) }
    package static func inlinePolicy(_ name: String) -> ShellWord { .value(name, .name("the policy's name")) }
    package static func organizationPolicy(_ id: String) -> ShellWord {
        .value(id, .id("the policy's id", prefix: "p-"))
    }
    package static func bucket(_ name: String) -> ShellWord { .value(name, .name("the bucket's name")) }
    package static func function(_ name: String) -> ShellWord {
        .value(name, .nameOrARN("the function's name", service: "lambda"))
    }
    package static func key(_ id: String) -> ShellWord { .value(id, .nameOrARN("the key's id", service: "kms")) }
    package static func secret(_ id: String) -> ShellWord {
        .value(id, .nameOrARN("the secret's name", service: "secretsmanager"))
    }
    package static func policyARN(_ arn: String) -> ShellWord { .value(arn, .arn(service: "iam")) }

    /// The words that set a command's Region; none where it is not known.
    package static func region(_ name: String?) -> [ShellWord] {
        name.map { $0.isEmpty ? [] : ["--region", .value($0, .region)] } ?? []
    }
}
