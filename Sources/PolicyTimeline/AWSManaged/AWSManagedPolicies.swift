internal import CManagedPolicies
internal import CloudTrail
public import OrderedJSON

/// The policies that AWS manages (`arn:aws:iam::aws:policy/…`), with the texts that they had.
///
/// The trail says that `AmazonS3ReadOnlyAccess` was attached, never what it allows; exports hold the text only where it is attached,
/// and only today's. The texts here were published by AWS and collected by the package moto (Apache-2.0) in several releases, each a
/// snapshot: ``source`` names them. AWS changes hundreds of policies a year, so that ``document(arn:at:)`` often cannot be certain.
public struct AWSManagedPolicies: Sendable {
    /// The policies that this program was built with. They are inflated when they are first asked for.
    public static let bundled: AWSManagedPolicies = {
        // SAFETY: C gives the bytes of a constant, and how many they are.
        let bytes = unsafe Array(
            UnsafeBufferPointer(start: trail403_managed_policies(), count: Int(trail403_managed_policies_size())))
        do {
            return try AWSManagedPolicies(file: bytes)
        } catch {
            preconditionFailure("the bundled policies cannot be read: \(error)")
        }
    }()

    /// Where the texts come from: the package and its releases.
    public let source: String
    /// Until when the newest snapshot is known to hold, in seconds since 1970.
    public var newestSnapshot: Int64 { snapshots.last ?? 0 }
    /// All policies, in the order of their names.
    public let policies: [AWSManagedPolicy]

    /// Until when each snapshot is known to hold, in seconds since 1970: the newest date in it.
    let snapshots: [Int64]
    private let byName: [String: Int]

    /// Reads what Scripts/update-managed-policies writes: one line of JSON and a zlib stream. Throws for anything else.
    package init(file: [UInt8]) throws(AWSManagedPoliciesError) {
        guard let end = file.firstIndex(of: UInt8(ascii: "\n")) else { throw AWSManagedPoliciesError.damaged }
        let header: JSONValue
        do {
            header = try JSONValue(parsing: String(decoding: file[..<end], as: UTF8.self))
        } catch {
            throw AWSManagedPoliciesError.damaged
        }
        guard case .integer(let size)? = header["size"], let source = header["source"]?.stringValue,
            let content = CompressedBlock(size: size, bytes: Array(file[(end + 1)...])).content()
        else { throw AWSManagedPoliciesError.damaged }
        var reader = ManagedPolicyReader(bytes: content)
        let (snapshots, policies) = try reader.policies()
        self.source = source
        self.snapshots = snapshots
        self.policies = policies
        byName = Dictionary(policies.enumerated().map { ($1.name, $0) }) { first, _ in first }
    }

    /// The policy of this name, such as `AmazonS3ReadOnlyAccess`; `nil` where AWS had none in any snapshot.
    public func policy(named name: String) -> AWSManagedPolicy? { byName[name].map { policies[$0] } }

    /// The policy of this ARN, in any partition; `nil` where AWS had none in any snapshot.
    public func policy(arn: String) -> AWSManagedPolicy? {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "iam", parts[4] == "aws", parts[5].hasPrefix("policy/"),
            let policy = policy(named: String(parts[5].split(separator: "/").last ?? ""))
        else { return nil }
        return parts[5] == "policy" + policy.path + policy.name ? policy : nil
    }

    /// The text that a policy had at a time (seconds since 1970), as far as the snapshots tell.
    public func document(arn: String, at time: Int64) -> AWSManagedDocument {
        guard let policy = policy(arn: arn) else { return .unknown }
        return policy.document(at: time, snapshots: snapshots)
    }

    /// What Organizations attaches to every root, unit and account: `FullAWSAccess` (`p-FullAWSAccess`), a service control policy
    /// that allows everything. It can be detached. It is no policy of IAM.
    public static let fullAWSAccess: JSONValue = .members(
        ("Version", .string("2012-10-17")),
        (
            "Statement",
            .array([.members(("Effect", .string("Allow")), ("Action", .string("*")), ("Resource", .string("*")))])
        )
    )

    /// What Organizations attaches as a resource control policy, and nobody can detach: `RCPFullAWSAccess`.
    public static let rcpFullAWSAccess: JSONValue = .members(
        ("Version", .string("2012-10-17")),
        (
            "Statement",
            .array([
                .members(
                    ("Effect", .string("Allow")), ("Principal", .string("*")), ("Action", .string("*")),
                    ("Resource", .string("*"))
                )
            ])
        )
    )
}

/// Why the texts cannot be read.
public struct AWSManagedPoliciesError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The bytes are not what Scripts/update-managed-policies writes.
    static let damaged = AWSManagedPoliciesError()

    /// One line.
    public var description: String { "the texts of AWS's managed policies are damaged" }
}
