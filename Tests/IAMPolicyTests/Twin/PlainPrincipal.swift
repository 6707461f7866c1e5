import OrderedJSON

/// Who asks, and what of a `Principal` element means them.
struct PlainPrincipal {
    enum Kind { case root, user, session, federated, service, anonymous, provider }

    /// How an Allow reaches the caller: it names them, it names the role behind their session, or it leaves it to the account.
    enum Path { case direct, role, account }

    var kind: Kind
    var text: String
    var account: String?
    /// The role behind a session, with its path where the request tells it.
    var role: String?
    var roleName: String?

    init(_ request: JSONValue) {
        guard let text = request.last("principal")?.stringValue else {
            self.init(kind: .anonymous, text: "")
            return
        }
        let parts = PlainText.parts(text)
        guard parts.count == 6 else {
            self.init(kind: .service, text: text)
            return
        }
        let names = parts[5].split(separator: "/").map(String.init)
        switch (parts[2], names.first ?? "") {
        case (_, "root"): self.init(kind: .root, text: text, account: parts[4])
        case ("iam", "user"): self.init(kind: .user, text: text, account: parts[4])
        case ("sts", "federated-user"): self.init(kind: .federated, text: text, account: parts[4])
        case ("iam", "saml-provider"), ("iam", "oidc-provider"):
            self.init(kind: .provider, text: text, account: parts[4])
        default:
            let role = request.last("principalArn")?.stringValue ?? "arn:\(parts[1]):iam::\(parts[4]):role/\(names[1])"
            self.init(kind: .session, text: text, account: parts[4], role: role, roleName: names[1])
        }
    }

    private init(kind: Kind, text: String, account: String? = nil, role: String? = nil, roleName: String? = nil) {
        self.kind = kind
        self.text = text
        self.account = account
        self.role = role
        self.roleName = roleName
    }

    var isServiceLinked: Bool { role?.contains(":role/aws-service-role/") ?? false }

    /// How one entry of a `Principal` element means the caller; nil where it does not.
    private func path(kind key: String, _ entry: String) -> Path? {
        switch key {
        case "AWS":
            if entry == "*" || entry == text { return .direct }
            guard let account else { return nil }
            let parts = PlainText.parts(entry)
            if entry == account { return .account }
            guard parts.count == 6, parts[0] == "arn", parts[1] == PlainText.parts(text)[1], parts[2] == "iam",
                parts[4] == account
            else {
                return nil
            }
            if parts[5] == "root" { return .account }
            let names = parts[5].split(separator: "/")
            return names[0] == "role" && names.last.map(String.init) == roleName ? .role : nil
        case "Service": return kind == .service && entry == text ? .direct : nil
        case "Federated": return entry == text ? .direct : nil
        default: return nil
        }
    }

    private func paths(_ element: JSONValue) -> [Path] {
        switch element {
        case .string("*"): return [.direct]
        case .string(let text): return [path(kind: "AWS", text)].compactMap { $0 }
        case .object(let members):
            return members.flatMap { member in member.value.texts.compactMap { path(kind: member.key, $0) } }
        default: return []
        }
    }

    /// How a statement of a resource policy means the caller.
    func paths(of statement: JSONValue, hasBoundary: Bool) -> [Path] {
        if let element = statement.last("Principal") { return paths(element) }
        guard let element = statement.last("NotPrincipal") else { return [] }
        let listed = paths(element)
        let isSpared =
            switch kind {
            case .session: listed.contains(.direct) && listed.contains(.role) && listed.contains(.account)
            default: listed.contains(.direct)
            }
        if statement.last("Effect") == .string("Deny") { return isSpared && !hasBoundary ? [] : [.direct] }
        return listed.contains(.direct) || listed.contains(.role) ? [] : [.direct]
    }
}
