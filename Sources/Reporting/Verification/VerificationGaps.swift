import CloudTrail
import Diagnosis
import Wording

/// What a verdict must say beside its log files: where the digests prove nothing, and where they prove that there was nothing.
struct VerificationGaps {
    private let verification: Verification
    /// Where log files belong to, of which one is here or named.
    private let deliveredTo: Set<Place>

    /// An account and a Region, each where it is known.
    private struct Place: Hashable {
        var account: String?
        var region: String?
    }

    /// The gaps of a verification.
    init(_ verification: Verification) {
        self.verification = verification
        var places: Set<Place> = []
        for files in [verification.files, verification.onlyNamed] {
            for file in files { places.insert(Place(account: file.delivery.account, region: file.delivery.region)) }
        }
        deliveredTo = places
    }

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
        let isDelivered = [chain.name.account, nil].contains { account in
            [chain.name.region, nil].contains { deliveredTo.contains(Place(account: account, region: $0)) }
        }
        return isDelivered ? nil : (from, to)
    }
}
