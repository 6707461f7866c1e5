/// Lines up digests into chains, and finds what is missing between them.
struct ChainBuilder {
    private typealias Judged = ArchiveVerifier.Judged

    /// Chains that were copied together end within about this time of each other.
    private static let longestDifference: Int64 = 3600

    /// The chains of `digests`, which are given back with the number of their chain.
    static func build(
        _ digests: [ArchiveVerifier.Judged], _ files: [HashedFile], _ loose: Set<String>, _ changes: [TrailChange]
    ) -> (chains: [Verification.Chain], digests: [ArchiveVerifier.Judged]) {
        var digests = digests
        var chains: [Verification.Chain] = []
        let groups = groups(digests)
        let latest = digests.filter { $0.rank != nil && !$0.digest.name.isBackfill }.map(\.digest.end).max()
        for (name, members) in groups {
            for member in members { digests[member].chain = chains.count }
            var chain = line(name, members.map { digests[$0] }, files, loose, changes)
            if let latest, !name.isBackfill {
                if latest - chain.to > longestDifference { chain.endsEarlyBy = latest - chain.to }
                chain.endExplanation = TrailStops(changes, name, before: chain.to).explanation
            }
            chains.append(chain)
        }
        return (chains, digests)
    }

    /// Digests by chain. A trail whose bucket or prefix was changed goes on with its chain: the links tell.
    private static func groups(_ digests: [ArchiveVerifier.Judged]) -> [(DigestChain, [Int])] {
        var byChain: [DigestChain: [Int]] = [:]
        var home: [String: DigestChain] = [:]
        for (index, judged) in digests.enumerated() {
            let chain = DigestChain(judged.digest)
            byChain[chain, default: []].append(index)
            home[judged.digest.object] = chain
        }
        var joined: [DigestChain: DigestChain] = [:]
        func root(_ chain: DigestChain) -> DigestChain {
            var chain = chain
            while let next = joined[chain] { chain = next }
            return chain
        }
        for judged in digests where judged.rank != nil {
            guard let previous = judged.digest.previous, let other = home[previous.object] else { continue }
            let (mine, theirs) = (root(DigestChain(judged.digest)), root(other))
            if mine != theirs { joined[theirs] = mine }
        }
        var groups: [DigestChain: [Int]] = [:]
        for (chain, members) in byChain { groups[root(chain), default: []] += members }
        return groups.map { ($0.key, $0.value.sorted { key(digests[$0]) < key(digests[$1]) }) }.sorted { $0.0 < $1.0 }
    }

    private static func key(_ judged: ArchiveVerifier.Judged) -> (Int64, String, Int) {
        (judged.digest.name.end, judged.digest.object, judged.file)
    }

    private static func line(
        _ name: DigestChain, _ members: [ArchiveVerifier.Judged], _ files: [HashedFile], _ loose: Set<String>,
        _ changes: [TrailChange]
    ) -> Verification.Chain {
        let objects = Set(members.map(\.digest.object))
        let sound = members.filter { $0.rank != nil }
        var chain = Verification.Chain(
            name: name, from: (sound.first ?? members[0]).digest.start,
            to: (sound.last ?? members[members.count - 1]).digest.end, digests: [])
        var before: ArchiveVerifier.Judged?
        for (index, member) in members.enumerated() {
            let digest = member.digest
            if member.rank != nil {
                let lost = lostPredecessor(digest, objects, loose)
                if let lost, before == nil, index == 0 || sound.first?.file == member.file {
                    chain.earlier = lost
                } else if let lost {
                    chain.digests.append(
                        Verification.DigestResult(
                            path: displayName(lost), state: .missing, reason: "named by the digest that follows it",
                            from: before?.digest.end ?? digest.start - Verification.Chain.usualLength,
                            to: digest.start))
                }
                if let before, !name.isBackfill,
                    let hole = hole(from: before.digest, to: digest, isBroken: lost != nil, name, changes)
                {
                    chain.holes.append(hole)
                }
                before = member
            }
            if isCopy(index, members) { continue }
            chain.digests.append(
                Verification.DigestResult(
                    path: files[member.file].file.displayPath, state: member.state, reason: member.reason,
                    isNewest: digest.object == members.last?.digest.object, from: digest.start, to: digest.end,
                    logFiles: member.rank == nil ? 0 : digest.logFiles.count,
                    hasBrokenEntries: digest.brokenEntries > 0))
        }
        return chain
    }

    /// Whether the same digest stands before: a second copy counts for nothing.
    private static func isCopy(_ index: Int, _ members: [ArchiveVerifier.Judged]) -> Bool {
        let mine = members[index]
        return members[..<index].reversed().prefix { $0.digest.object == mine.digest.object }.contains {
            $0.digest.hash == mine.digest.hash && $0.state == mine.state
        }
    }

    /// The digest before, where it is named and is not here.
    private static func lostPredecessor(_ digest: Digest, _ objects: Set<String>, _ loose: Set<String>) -> String? {
        guard let previous = digest.previous, !objects.contains(previous.object),
            !loose.contains(HashedFile.canonicalName(previous.name))
        else { return nil }
        return previous.object
    }

    private static func hole(
        from before: Digest, to after: Digest, isBroken: Bool, _ name: DigestChain, _ changes: [TrailChange]
    ) -> Verification.Hole? {
        guard after.start > before.end + Verification.Chain.slack else { return nil }
        // One that is there and INVALID stands between them.
        if !isBroken, let previous = after.previous, previous.object != before.object { return nil }
        // What is deleted is not explained by what happened to the trail.
        let stops = TrailStops(isBroken ? [] : changes, name, before: before.end)
        return Verification.Hole(
            from: before.end, to: after.start, isBroken: isBroken, explanation: stops.explanation, also: stops.also)
    }
}
