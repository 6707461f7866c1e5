/// Who made a call: the parts of a record's `userIdentity` that trail403 reads, spelled as CloudTrail spells them.
///
/// Every field is optional because every one of them is missing in some real record, `type` included
/// (see "CloudTrail userIdentity element" in the AWS CloudTrail user guide). An empty string in a record reads as `nil`.
public struct UserIdentity: Sendable, Hashable {
    /// `Root`, `IAMUser`, `AssumedRole`, `FederatedUser`, `AWSAccount`, `AWSService`, … or `nil` where the record has none.
    public var type: String?
    /// The unique id of the caller: `AIDA…` of a user, `AROA…:SESSION` of a role session, the account id of root.
    public var principalId: String?
    /// The ARN of the caller; of the session for role sessions.
    public var arn: String?
    /// The account that owns the caller.
    public var accountId: String?
    /// The access key that signed the call: `AKIA…` long-term, `ASIA…` temporary.
    public var accessKeyId: String?
    /// The IAM user's name; of root the account's alias alone.
    public var userName: String?
    /// The AWS service that made the call on the identity's behalf, as a host name.
    public var invokedBy: String?
    /// The identity provider of a SAML or web identity user.
    public var identityProvider: String?
    /// `sessionContext.sessionIssuer.type`.
    public var sessionIssuerType: String?
    /// `sessionContext.sessionIssuer.arn`: for a role session the role's ARN with its path.
    public var sessionIssuerArn: String?
    /// `sessionContext.sessionIssuer.principalId`: the `AROA…` id, which tells re-created roles of one name apart.
    public var sessionIssuerPrincipalId: String?
    /// `sessionContext.sessionIssuer.accountId`.
    public var sessionIssuerAccountId: String?
    /// `sessionContext.sessionIssuer.userName`: the role's name.
    public var sessionIssuerUserName: String?
    /// `sessionContext.attributes.creationDate`, as the record gives it.
    public var sessionCreationDate: String?
    /// `sessionContext.attributes.mfaAuthenticated`: the record's text, `true` or `false`.
    public var mfaAuthenticated: String?
    /// `sessionContext.sourceIdentity`: who the administrator says stands behind the session.
    public var sourceIdentity: String?
    /// `sessionContext.webIdFederationData.federatedProvider`.
    public var federatedProvider: String?
    /// `sessionContext.ec2RoleDelivery`: the version of the instance metadata service, `1.0` or `2.0`.
    public var ec2RoleDelivery: String?
    /// `inScopeOf.sourceArn`: the function, task or instance that the credentials were issued to.
    public var inScopeOfSourceArn: String?
    /// `inScopeOf.credentialsIssuedTo`.
    public var credentialsIssuedTo: String?
    /// `onBehalfOf.userId`: the IAM Identity Center user.
    public var onBehalfOfUserId: String?
    /// `onBehalfOf.identityStoreArn`.
    public var onBehalfOfIdentityStoreArn: String?
    /// The credential of an IAM Identity Center user.
    public var credentialId: String?

    /// An identity with every field absent.
    public init() {}
}
