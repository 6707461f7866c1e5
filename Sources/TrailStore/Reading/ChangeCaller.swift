/// Who made a change of permissions, and how, as its record tells.
public struct ChangeCaller: Sendable, Hashable {
    /// `userIdentity.type`.
    public var identityType: String?
    /// `userIdentity.arn`, of a role that of the session.
    public var arn: String?
    /// `userIdentity.userName`.
    public var userName: String?
    /// `sessionContext.sourceIdentity`: the name that a session keeps through every role that it assumes.
    public var sourceIdentity: String?
    /// The identity provider whose token opened the session (`webIdFederationData.federatedProvider`).
    public var federatedProvider: String?
    /// The service that made the call on somebody's behalf.
    public var invokedBy: String?
    /// The address that the call came from.
    public var sourceIPAddress: String?
    /// The caller's agent.
    public var userAgent: String?
    /// Whether the credentials come from a console's session (`sessionCredentialFromConsole`).
    public var isFromConsole = false

    /// Nobody known.
    public init() {}
}
