/// A grant of a KMS key: permission beside all policies. Source: "Grants in AWS KMS" in the KMS developer guide.
public struct KeyGrant: Sendable, Hashable {
    /// Who may use it: the ARN of a user, role, session or service.
    public var grantee: String
    /// Operations, such as `Decrypt`.
    public var operations: [String]
    /// Pairs that the encryption context must hold.
    public var contextSubset: [String: String]
    /// The pairs that the encryption context must be, no more; `nil` where the grant does not ask it.
    public var contextEquals: [String: String]?

    /// A grant.
    public init(
        grantee: String, operations: [String], contextSubset: [String: String] = [:],
        contextEquals: [String: String]? = nil
    ) {
        self.grantee = grantee
        self.operations = operations
        self.contextSubset = contextSubset
        self.contextEquals = contextEquals
    }

    /// Whether the grant allows a request on its key.
    func allows(_ request: AuthorizationRequest) -> Truth {
        guard operations.contains(where: { $0.lowercased() == request.operation }) else { return .no }
        let level = PrincipalForm(PrincipalPattern(kind: "AWS", grantee)).level(of: request.principal).level
        guard level >= .role || grantee == request.principal.arn else { return .no }
        var result = Truth.yes
        for (name, value) in contextSubset.merging(contextEquals ?? [:], uniquingKeysWith: { first, _ in first }) {
            switch request.context.state(of: ContextKey("kms:EncryptionContext:\(name)")) {
            case .present(let entry): result = result && Truth(entry.values.first?.text == value)
            case .absent: result = .no
            case .unknown: result = result && .undetermined
            }
        }
        if let contextEquals {
            let prefix = ContextKey("kms:EncryptionContext:").lookup
            let given = request.context.keys.filter { $0.lookup.hasPrefix(prefix) }
            if given.count > contextEquals.count { return .no }
        }
        return result
    }
}
