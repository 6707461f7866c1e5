/// What tells one chain of digests from another.
package struct DigestChain: Sendable, Hashable, Comparable {
    package var bucket: String
    /// What stands before `AWSLogs`.
    package var prefix: String
    /// `o-…`, in an organization's trail.
    package var organization: String
    package var account: String
    package var region: String
    package var trail: String
    package var homeRegion: String
    package var isBackfill: Bool

    init(_ digest: Digest) {
        bucket = digest.bucket
        prefix = digest.place.prefix.map { String(decoding: $0, as: UTF8.self) } ?? ""
        organization = digest.place.organizationId ?? ""
        account = digest.name.account
        region = digest.name.region
        trail = digest.name.trail
        homeRegion = digest.name.homeRegion
        isBackfill = digest.name.isBackfill
    }

    /// Orders by account, Region and trail.
    package static func < (left: DigestChain, right: DigestChain) -> Bool { left.order < right.order }

    private var order: String {
        [account, region, trail, isBackfill ? "1" : "0", homeRegion, organization, bucket, prefix].joined(
            separator: "\u{0}")
    }
}
