public import IAMPolicy

/// What one refused event says: who was refused what, on what, and for which reason, as far as AWS states it.
///
/// A denial is read from the record alone. What the record does not say is `nil` or ``Reason/unstated``; nothing is guessed.
public struct Denial: Sendable, Equatable {
    /// Who was refused; role sessions fold into the role's ARN with its path.
    public var principal: String
    /// `userIdentity.type`, or `Unknown` where the record has none.
    public var principalType: String
    /// The IAM action, its service prefix in lower case: `mobiletargeting:SendMessages`.
    public var action: String
    /// The resource as the message gives it, without quotes or a closing full stop; `nil` where it gives none.
    public var resource: String?
    /// The resource that the request parameters suggest where the message names none; never what AWS stated.
    public var inferredResource: String?
    /// What kind of refusal it is.
    public var category: Category
    /// Why, as far as AWS says.
    public var reason: Reason
    /// The kind of policy on the way to the one that denied ("in a VPC endpoint policy transitively through …"), or `nil`.
    public var passedThrough: PolicyType?
    /// The policy that denied, where AWS names it.
    public var policyARN: String?
    /// IAM's authorization id (details are kept by AWS for about 24 hours).
    public var authorizationID: String?
    /// Whether AWS cut the message at 1 KB: what was cut is unknown, not absent.
    public var isTruncated: Bool
    /// Whether the message holds an encoded authorization message (`sts:DecodeAuthorizationMessage`) in full.
    public var hasEncodedMessage: Bool

    /// A denial with the given reading.
    public init(
        principal: String, principalType: String, action: String, resource: String? = nil,
        inferredResource: String? = nil, category: Category, reason: Reason, passedThrough: PolicyType? = nil,
        policyARN: String? = nil, authorizationID: String? = nil, isTruncated: Bool = false,
        hasEncodedMessage: Bool = false
    ) {
        self.principal = principal
        self.principalType = principalType
        self.action = action
        self.resource = resource
        self.inferredResource = inferredResource
        self.category = category
        self.reason = reason
        self.passedThrough = passedThrough
        self.policyARN = policyARN
        self.authorizationID = authorizationID
        self.isTruncated = isTruncated
        self.hasEncodedMessage = hasEncodedMessage
    }

    /// How AWS refused, by its reason.
    public var effect: Effect { reason.effect }
    /// The kind of policy that refused, where AWS names it.
    public var policyType: PolicyType? { reason.policyType }
}

/// How AWS refused: by a Deny statement, or because no statement allowed.
public enum Effect: String, Sendable, CaseIterable, Codable {
    case explicit, implicit, unstated
}

/// What kind of refusal an error code stands for.
public enum Category: String, Sendable, CaseIterable, Codable {
    /// A policy, or nobody's policy, refused an authenticated caller.
    case authorization
    /// AWS did not accept who the caller claims to be.
    case authentication
    /// The service has ended, is not subscribed, or the account's state forbids it: no policy can change it.
    case account
    /// No denials: events of these categories have no row in `denial`.
    case throttling, validation
}
