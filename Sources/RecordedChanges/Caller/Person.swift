import IAMPolicy
public import TrailStore
public import Wording

/// Who made a change: the person behind a role's session, where the record names one.
public struct Person: Sendable, Hashable {
    /// The session's source identity, else its name; a user's name; of anything else the ARN or the service. It is the column
    /// `person` of the view `permissionChange`.
    public var name: String
    /// The principal, a role rather than its session.
    public var arn: String
    /// The address that the change came from; `nil` where it is not known.
    public var sourceIPAddress: String?
    /// The caller's agent, likewise.
    public var userAgent: String?
    /// What the change was made with; `nil` where nothing tells it.
    public var client: Client?
    /// Whether the name is one to ask for: not that of an instance, of a function, or one that an SDK made up.
    public var isNamed: Bool

    /// Who made a change.
    public init(_ change: PermissionChange) {
        let caller = change.caller ?? ChangeCaller()
        let principal = PrincipalName(change.actor)
        arn = change.actor
        sourceIPAddress = caller.sourceIPAddress
        userAgent = caller.userAgent
        client = change.caller.flatMap { Client($0) }
        if let identity = caller.sourceIdentity, !identity.isEmpty {
            name = identity
            isNamed = true
            return
        }
        switch principal.kind {
        case .role:
            guard let session = Self.session(in: caller.arn) else {
                (name, isNamed) = (principal.name, false)
                return
            }
            name = session
            // Whoever switches roles in the console, or signs in through IAM Identity Center, is named by the session.
            isNamed =
                !Self.isOfMachine(session)
                && (session.contains("@") || principal.isPermissionSet || client?.kind == .console)
        case .user, .federatedUser: (name, isNamed) = (principal.name, true)
        case .root: (name, isNamed) = ("root", false)
        case .service, .other: (name, isNamed) = (principal.name, false)
        }
    }

    /// A session's name in its ARN.
    private static func session(in arn: String?) -> String? {
        guard let arn, let marker = arn.firstRange(of: ":assumed-role/") else { return nil }
        let parts = arn[marker.upperBound...].split(separator: "/", maxSplits: 1)
        return parts.count == 2 ? String(parts[1]) : nil
    }

    /// Whether a session's name is one that AWS or a tool makes up: an instance's id, a number, a long run of hexadecimal digits.
    ///
    /// Sources: "IAM roles for Amazon EC2" (the session is called after the instance), botocore (`botocore-session-…`), and the names
    /// that service-linked roles and ECS tasks bear.
    fileprivate static func isOfMachine(_ session: String) -> Bool {
        let isNumber = session.allSatisfy { $0.isNumber || $0 == "-" }
        let isHexadecimal = session.utf8.count >= 16 && session.allSatisfy { $0.isHexDigit || $0 == "-" }
        return isNumber || isHexadecimal
            || ["i-", "botocore-session-", "aws-sdk-", "AWSCodeBuild-", "AWSCLI-Session", "aws-go-sdk-"]
                .contains { session.hasPrefix($0) }
    }
}

extension Person {
    /// The name for a sentence: `alice@example.com`, `user bob`, `role deploy (session i-0abc)`.
    public var shown: Prose {
        let principal = PrincipalName(arn)
        guard principal.kind == .role else { return isNamed && name != principal.name ? "\(name)" : principal.shown }
        if isNamed { return "\(name)" }
        return name == principal.name || Self.isOfMachine(name)
            ? principal.shown : "\(principal.shown) (session \(name))"
    }

    /// `Ask alice@example.com`, to be read before what to ask.
    package var ask: Prose {
        let principal = PrincipalName(arn)
        return switch principal.kind {
        case .role where !isNamed: "Ask the owner of \(principal.shown)"
        case .service: "Ask who runs \(principal.shown) here"
        case .role, .user, .federatedUser, .root, .other: "Ask \(shown)"
        }
    }

    /// Who, from where and with what: `alice@example.com (role AdminAccess), from 192.0.2.7, with the AWS console`.
    public var story: Prose {
        let principal = PrincipalName(arn)
        var text = shown
        if isNamed, principal.kind == .role { text = "\(text) (\(principal.shown))" }
        if let address = sourceIPAddress, address.hasSuffix(".amazonaws.com") == false {
            text = "\(text), from \(address)"
        }
        if let client {
            text =
                switch client.kind {
                case .service: "\(text), through AWS service \(client.name)"
                // The names of our tables are words of ours.
                case .console, .cli, .sdk, .iac: "\(text), with \(words: client.name)"
                }
        }
        return text
    }
}
