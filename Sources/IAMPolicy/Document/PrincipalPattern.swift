import OrderedJSON

/// One entry of a `Principal` element: the kind of name and the name.
public struct PrincipalPattern: Sendable, Hashable {
    /// `AWS`, `Service`, `Federated`, `CanonicalUser`; `*` for the bare `"Principal": "*"`.
    public var kind: String
    /// The ARN, account id, service or `*`.
    public var text: String

    /// One entry.
    public init(kind: String, _ text: String) {
        self.kind = kind
        self.text = text
    }

    /// The element as JSON, kinds in their first order.
    static func json(_ list: [PrincipalPattern]) -> JSONValue {
        if list.count == 1, list[0].kind == "*" { return .string(list[0].text) }
        var kinds: [String] = []
        for entry in list where !kinds.contains(entry.kind) { kinds.append(entry.kind) }
        return .object(
            kinds.map { kind in
                .init(kind, Statement.scalarOrList(list.filter { $0.kind == kind }.map(\.text)))
            })
    }

    /// Whether the entry names this IAM principal: its ARN, its account (as id or root ARN), or everyone.
    ///
    /// `principal` is a user's or role's ARN. Wildcards inside of an ARN are not allowed by AWS and not matched.
    public func names(_ principal: String) -> Bool {
        guard kind == "AWS" || kind == "*" else { return false }
        if text == "*" || text == principal { return true }
        guard let account = ARN(principal)?.account, !account.isEmpty else { return false }
        return isAccount(account)
    }

    /// Whether the entry names an account as a whole, by its id or its root ARN.
    ///
    /// Such an entry gives nobody in the account anything: it lets the account's own policies decide.
    public func isAccount(_ account: String) -> Bool {
        guard kind == "AWS" || kind == "*" else { return false }
        return text == account || ARN(text).map { $0.account == account && $0.resource == "root" } ?? false
    }
}
