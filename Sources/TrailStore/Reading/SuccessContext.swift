/// What successful calls of one principal and action have in common: the other half of a comparison with its denials.
///
/// Counts are of successes. Lists may be cut to the most frequent values; ``isComplete`` tells whether they were.
public struct SuccessContext: Sendable, Hashable {
    /// The addresses that the calls came from.
    public var sourceIPAddresses: [Counted<String>] = []
    /// The callers' agents.
    public var userAgents: [Counted<String>] = []
    /// The VPC endpoints that the calls came through.
    public var vpcEndpointIds: [Counted<String>] = []
    /// `mfaAuthenticated` as the records have it.
    public var mfaAuthenticated: [Counted<String>] = []
    /// `userIdentity.principalId` without the session's name.
    public var principalIds: [Counted<String>] = []
    /// `userIdentity.arn` as the records have it, of a role that of the session; empty where there are too many to compare.
    public var callers: [Counted<String>] = []
    /// The source identities of the sessions.
    public var sourceIdentities: [Counted<String>] = []
    /// The resources of the calls, where they are known.
    public var resources: [Counted<String>] = []
    /// Whether no value was cut off.
    public var isComplete = true

    /// A context without values.
    public init() {}
}
