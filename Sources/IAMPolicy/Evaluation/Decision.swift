/// What IAM decides on a request.
public enum Decision: String, Sendable, Hashable, CaseIterable {
    case allowed
    /// A Deny matches for certain.
    case explicitlyDenied
    /// Refused for certain: an Allow that is needed lacks.
    case implicitlyDenied
    /// What is not known decides.
    case undetermined
}

/// What refused, or allowed: a type of policy, or a setting beside all policies.
public enum DecidingLayer: Sendable, Hashable {
    case policy(PolicyType)
    case s3BlockPublicAccess
    case lakeFormation

    /// The name in output: the policy type's, `s3-block-public-access` or `lake-formation`.
    public var name: String {
        switch self {
        case .policy(let type): type.rawValue
        case .s3BlockPublicAccess: "s3-block-public-access"
        case .lakeFormation: "lake-formation"
        }
    }
}

/// The statement that decided, or the layer that lacks one.
public struct DecidedBy: Sendable, Hashable {
    /// What decided.
    public var layer: DecidingLayer
    /// The policy's name; `nil` where an Allow lacks.
    public var policy: String?
    /// The statement's place in its policy, counted from 0; `nil` where an Allow lacks.
    public var statement: Int?
    /// The statement's name; `nil` where it has none.
    public var sid: String?
    /// The organization's level, for control policies.
    public var level: String?
}
