/// Who makes a request.
public struct RequestPrincipal: Sendable, Hashable {
    /// The kinds of principal, which differ in the policies that bind them.
    public enum Kind: Sendable, Hashable {
        case user
        /// A session of a role; also the role itself, where no session is named.
        case role
        /// A session of a role that belongs to an AWS service (path `/aws-service-role/`).
        case serviceLinkedRole
        /// A session of `GetFederationToken`.
        case federatedUser
        case root
        /// An AWS service, named by its host: `pinpoint.amazonaws.com`.
        case service
        /// Who is known to an identity provider only, and assumes a role.
        case federated
        case anonymous
    }

    /// What it is.
    public var kind: Kind { names.kind }
    /// The ARN, for roles that of the session where it is known; a service's host; empty for the anonymous.
    public var arn: String { names.arn }
    /// The account, `nil` where the principal belongs to none.
    public var account: String? { names.account }
    /// The ARN's partition.
    var partition: String { names.partition }
    /// The name of the user, role or federated user, without path.
    var name: String { names.name }
    /// The role's ARN with path where it is known; for users and root their own.
    public var principalARN: String { names.principalARN }
    /// S3's name for the account, 64 hexadecimal digits; `nil` where it is not known.
    public var canonicalUser: String?
    /// Whether this is a session with a name of its own.
    var isSession: Bool { names.isSession }

    private let names: Names

    /// What is read of an ARN or a host, behind one reference: every request bears a principal.
    private final class Names: Sendable {
        let kind: Kind
        let arn: String
        let account: String?
        let partition: String
        let name: String
        let principalARN: String
        let isSession: Bool

        init(
            kind: Kind, arn: String, account: String?, partition: String, name: String, principalARN: String,
            isSession: Bool
        ) {
            self.kind = kind
            self.arn = arn
            self.account = account
            self.partition = partition
            self.name = name
            self.principalARN = principalARN
            self.isSession = isSession
        }
    }

    /// Principals are equal where all is that is read of them.
    public static func == (left: RequestPrincipal, right: RequestPrincipal) -> Bool {
        guard left.canonicalUser == right.canonicalUser else { return false }
        let (left, right) = (left.names, right.names)
        return left === right
            || left.kind == right.kind && left.arn == right.arn && left.account == right.account
                && left.partition == right.partition && left.name == right.name
                && left.principalARN == right.principalARN && left.isSession == right.isSession
    }

    /// Equal principals hash alike.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(arn)
        hasher.combine(principalARN)
    }

    /// The principal that signs nothing.
    public static let anonymous = RequestPrincipal(kind: .anonymous, arn: "", account: nil, partition: "", name: "")

    /// Reads a principal: an ARN of IAM or STS, or the host name of a service or identity provider; `nil` for anything else.
    ///
    /// `principalARN` is the role's ARN with its path; without it a role's path is not known.
    public init?(_ text: String, principalARN: String? = nil) {
        guard text.hasPrefix("arn:") else {
            guard text.utf8.contains(UInt8(ascii: ".")),
                !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x2F || $0 == 0x3A })
            else {
                return nil
            }
            let isProvider = Self.providers.contains(text)
            self.init(kind: isProvider ? .federated : .service, arn: text, account: nil, partition: "aws", name: text)
            return
        }
        guard let arn = ARN(text), arn.service == "iam" || arn.service == "sts" else { return nil }
        let resource = arn.resource
        let bytes = resource.utf8
        let slash = bytes.firstIndex(of: UInt8(ascii: "/"))
        let kind = slash.map { resource[..<$0] } ?? resource[...]
        let partition = arn.partition
        let account = arn.account
        func make(_ kind: Kind, _ name: String, principal: String? = nil, isSession: Bool = false) -> RequestPrincipal {
            RequestPrincipal(
                kind: kind, arn: text, account: account, partition: partition, name: name,
                principalARN: principal ?? text, isSession: isSession)
        }
        func role(_ name: String, _ role: String, isSession: Bool) -> RequestPrincipal {
            // Without a path the name tells: IAM keeps it for service-linked roles.
            let isNamedSo = principalARN == nil && isSession && name.hasPrefix("AWSServiceRoleFor")
            let isLinked = role.contains(":role/aws-service-role/") || isNamedSo
            return make(isLinked ? .serviceLinkedRole : .role, name, principal: role, isSession: isSession)
        }
        switch kind {
        case "root" where slash == nil: self = make(.root, "root")
        case "user" where slash != nil: self = make(.user, arn.name)
        case "role" where slash != nil: self = role(arn.name, principalARN ?? text, isSession: false)
        case "assumed-role":
            guard let start = slash.map(bytes.index(after:)),
                let end = bytes[start...].firstIndex(of: UInt8(ascii: "/"))
            else { return nil }
            let name = String(resource[start..<end])
            self = role(
                name, principalARN ?? "arn:\(partition):iam::\(account):role/\(name)", isSession: true)
        case "federated-user" where slash != nil:
            self = make(.federatedUser, arn.name, principal: principalARN, isSession: true)
        case "oidc-provider", "saml-provider": self = make(.federated, resource)
        default: return nil
        }
    }

    private init(
        kind: Kind, arn: String, account: String?, partition: String, name: String, principalARN: String? = nil,
        isSession: Bool = false
    ) {
        names = Names(
            kind: kind, arn: arn, account: account, partition: partition, name: name, principalARN: principalARN ?? arn,
            isSession: isSession)
    }

    /// Identity providers that a trust policy names by host.
    private static let providers: Set<String> = [
        "cognito-identity.amazonaws.com", "accounts.google.com", "www.amazon.com", "graph.facebook.com",
    ]

    /// Whether a permissions boundary can be set for this kind of principal.
    var canHaveBoundary: Bool {
        switch kind {
        case .user, .role, .federatedUser: true
        case .serviceLinkedRole, .root, .service, .federated, .anonymous: false
        }
    }

    /// Whether identity-based policies, and what limits them, exist for this kind of principal.
    var hasIdentity: Bool {
        switch kind {
        case .user, .role, .serviceLinkedRole, .federatedUser, .root: true
        case .service, .federated, .anonymous: false
        }
    }

    /// The context keys that follow from the principal for certain, with their values.
    package var contextKeys: [(key: String, value: String)] {
        var keys: [(key: String, value: String)] = []
        if let account {
            keys = [("aws:PrincipalArn", principalARN), ("aws:PrincipalAccount", account)]
        } else if kind == .anonymous {
            keys = [("aws:PrincipalAccount", "anonymous"), ("aws:userid", "anonymous")]
        }
        if let typeName { keys.append(("aws:PrincipalType", typeName)) }
        if kind == .user { keys.append(("aws:username", name)) }
        return keys
    }

    /// The value of `aws:PrincipalType`.
    package var typeName: String? {
        switch kind {
        case .user: "User"
        case .role, .serviceLinkedRole: "AssumedRole"
        case .federatedUser: "FederatedUser"
        case .root: "Account"
        case .anonymous: "Anonymous"
        case .service, .federated: nil
        }
    }
}
