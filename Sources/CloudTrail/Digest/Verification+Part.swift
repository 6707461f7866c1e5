extension Verification {
    /// What of it concerns a part of the archive.
    func part(_ scope: VerificationScope) -> Verification {
        guard !scope.isAll else { return self }
        var part = self
        let latest = chains.filter { !$0.name.isBackfill }.map(\.to).max() ?? .min
        part.chains = chains.compactMap { $0.part(scope, latest: latest) }
        var untold = 0
        part.files = files.filter { file in
            let isIncluded = scope.includes(file.delivery)
            if isIncluded == nil { untold += 1 }
            return isIncluded ?? false
        }
        if untold > 0 {
            part.notes.append(
                "no digest, name or path tells whether \(untold == 1 ? "1 log file belongs" : "\(untold) log files belong") to what was asked for: left out"
            )
        }
        part.onlyNamed = onlyNamed.filter { scope.includes($0.delivery) ?? true }
        part.looseDigests = looseDigests.filter {
            guard let name = DigestName($0.path.split(separator: "/").last ?? "") else { return true }
            return scope.includes(account: name.account, region: name.region)
                && scope.overlaps(name.end - Chain.usualLength, name.end)
        }
        part.uncovered = uncovered.compactMap { place in
            let count = part.files.filter {
                $0.state == .unlisted && $0.delivery.account == place.account && $0.delivery.region == place.region
            }.count
            return count > 0 ? Uncovered(account: place.account, region: place.region, logFiles: count) : nil
        }
        return part
    }
}

extension Verification.Chain {
    /// Seconds that a digest covers, as a rule.
    static let usualLength: Int64 = 3600
    /// Seconds that may lie between two digests that follow one another.
    static let slack: Int64 = 60

    /// What of it lies in a window; `nil` where it does not belong there. A window's part that it does not reach is a hole.
    fileprivate func part(_ scope: VerificationScope, latest: Int64) -> Self? {
        guard scope.includes(account: name.account, region: name.region) else { return nil }
        guard scope.from != nil || scope.to != nil else { return self }
        var part = self
        part.digests = digests.filter { scope.overlaps($0.from, $0.to) }
        part.holes = holes.filter { scope.overlaps($0.from, $0.to) }
        part.from = part.digests.map(\.from).min() ?? from
        part.to = part.digests.map(\.to).max() ?? to
        if scope.from ?? .min >= from { part.earlier = nil }
        if scope.to != nil { part.endsEarlyBy = nil }
        if name.isBackfill { return part.digests.isEmpty ? nil : part }
        if let start = scope.from, start + Self.slack < from, earlier != nil || scope.to ?? .max <= from {
            part.holes.insert(
                Verification.Hole(from: start, to: min(from, scope.to ?? from), isBroken: earlier != nil), at: 0)
        }
        let end = scope.to ?? max(latest, scope.from ?? .min)
        if end > to + Self.slack, scope.to != nil || to <= scope.from ?? .min {
            part.endsEarlyBy = nil
            part.holes.append(
                Verification.Hole(
                    from: max(to, scope.from ?? to), to: end, isBroken: false, explanation: endExplanation))
        }
        return part
    }
}
