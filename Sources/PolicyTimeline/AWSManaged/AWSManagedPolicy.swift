public import OrderedJSON

/// One policy that AWS manages, with the versions that snapshots of it show.
public struct AWSManagedPolicy: Sendable {
    /// The name, such as `ReadOnlyAccess`.
    public let name: String
    /// The path: `/`, `/job-function/`, `/service-role/`, `/aws-service-role/`, `/root-task/`.
    public let path: String
    /// When AWS made it, in seconds since 1970.
    public let created: Int64
    /// The versions that are known, oldest first; never empty. AWS had others between them.
    public let versions: [Version]

    /// The ARN in the partition `aws`.
    public var arn: String { "arn:aws:iam::aws:policy\(path)\(name)" }

    /// One version of the text.
    public struct Version: Sendable {
        /// AWS's number: 3 for `v3`.
        public let number: Int
        /// Since when it is the text, in seconds since 1970.
        public let updated: Int64
        /// The numbers of the first and of the last snapshot that had it.
        let firstSnapshot: Int
        let lastSnapshot: Int
        let encoded: ManagedPolicyReader.Document

        /// `v3`.
        public var id: String { "v\(number)" }
        /// The text.
        public var document: JSONValue { encoded.value }
    }

    /// The text at a time, and how sure that is: see ``AWSManagedDocument``.
    ///
    /// A version holds from its date until the date of the next one, if their numbers follow each other; else only until the last
    /// snapshot that had it.
    func document(at time: Int64, snapshots: [Int64]) -> AWSManagedDocument {
        guard time >= created else { return .unknown }
        guard let index = versions.lastIndex(where: { $0.updated <= time }) else {
            // Before the oldest text that is known.
            return .nearest(versions[0], changed: Period(after: created, until: versions[0].updated))
        }
        let version = versions[index]
        let seen = max(version.updated, snapshots[version.lastSnapshot])
        guard index + 1 < versions.count else {
            return time <= seen ? .certain(version) : .nearest(version, changed: Period(after: seen, until: nil))
        }
        let next = versions[index + 1]
        if time <= seen || next.number == version.number + 1 { return .certain(version) }
        return .nearest(version, changed: Period(after: seen, until: next.updated))
    }

    /// When something may have happened, in seconds since 1970.
    public struct Period: Sendable, Hashable {
        /// Not before this.
        public let after: Int64
        /// At this at the latest; `nil` where nothing tells.
        public let until: Int64?
    }
}

/// The text of a policy of AWS at a time, as far as it is known.
public enum AWSManagedDocument: Sendable {
    /// This was the text.
    case certain(AWSManagedPolicy.Version)
    /// This was the text before or after; AWS changed it, or may have, in the period.
    case nearest(AWSManagedPolicy.Version, changed: AWSManagedPolicy.Period)
    /// AWS had no such policy at that time, or none that is known.
    case unknown
}
