import CloudTrail
import Diagnosis

/// What a verdict must say beside its log files: where the digests prove nothing, and where they prove that there was nothing.
struct VerificationGaps {
    private let verification: Verification

    /// The gaps of a verification.
    init(_ verification: Verification) { self.verification = verification }

    /// Parts of the verdict's sentence.
    var parts: [String] {
        var parts: [String] = []
        func add(_ count: Int, _ one: String, _ many: String) {
            if count > 0 { parts.append(count.of(one, many)) }
        }
        let chains = verification.chains
        if !verification.keys.isEmpty {
            add(
                chains.flatMap(\.digests).filter {
                    !$0.isNewest && ($0.state == .unproven || $0.state == .consistent)
                }.count, "digest is not proven", "digests are not proven")
        }
        add(
            verification.onlyNamed.count, "log file that an unproven digest names is not here",
            "log files that unproven digests name are not here")
        let holes = chains.flatMap(\.holes).filter { $0.explanation?.witness != .valid }
        add(holes.count, "stretch of time has no digests", "stretches of time have no digests")
        add(
            chains.filter { $0.endsEarlyBy != nil && $0.endExplanation?.witness != .valid }.count,
            "chain of digests ends early", "chains of digests end early")
        add(
            chains.filter { $0.earlier != nil }.count,
            "chain begins before this archive (its digest before is not found)",
            "chains begin before this archive (their digests before are not found)")
        return parts
    }

    /// From when to when a chain's proven digests say that nothing was delivered; `nil` unless all that there is of it says so.
    func emptyTime(of chain: Verification.Chain) -> (from: Int64, to: Int64)? {
        var digests = chain.digests[...]
        // Nothing can prove the newest without its signature; it claims nothing then.
        if let newest = digests.last, newest.isNewest, !newest.isProven { digests.removeLast() }
        guard let from = digests.map(\.from).min(), let to = digests.map(\.to).max(), !chain.name.isBackfill,
            chain.holes.isEmpty, digests.allSatisfy({ $0.isProven && $0.logFiles == 0 && !$0.hasBrokenEntries }),
            verification.looseDigests.isEmpty
        else { return nil }
        let isDelivered = (verification.files + verification.onlyNamed).contains {
            ($0.delivery.account ?? chain.name.account) == chain.name.account
                && ($0.delivery.region ?? chain.name.region) == chain.name.region
        }
        return isDelivered ? nil : (from, to)
    }
}
