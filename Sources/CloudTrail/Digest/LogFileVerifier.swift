/// Decides about log files, by what the digests say of them.
struct LogFileVerifier {
    /// What a digest says of a log file: the number of the digest, and of its entry there.
    private struct Claim {
        var digest: Int32
        var entry: Int32
        /// Whether the file was seen; told by the first of the claims that share a hash.
        var isSeen = false
    }

    private let files: [HashedFile]
    private let digests: [ArchiveVerifier.Judged]
    private let hasKeys: Bool
    /// By a hash of the file's name; names that share one stand in `others`.
    private var claims: [Int: Claim] = [:]
    private var others: [Int: [Claim]] = [:]
    /// The digests' paths as results tell them: one text for all log files of a digest.
    private let digestPaths: [String]
    /// What the folders of the log files say; most follow one another.
    private var folder = (text: "", key: S3Key([]))

    init(_ files: [HashedFile], _ digests: [ArchiveVerifier.Judged], hasKeys: Bool) {
        self.files = files
        self.digests = digests
        self.hasKeys = hasKeys
        digestPaths = digests.map { files[$0.file].file.displayPath }
    }

    /// Adds every log file to `result`, by path.
    mutating func verify(_ result: inout Verification) {
        collectClaims()
        var unnamed: [Int] = []
        result.files.reserveCapacity(files.count)
        for (index, file) in files.enumerated() {
            switch file.content {
            case .digest, .brokenDigest: continue
            case .other, .broken: break
            }
            guard let (key, mine) = claims(for: file.file.name) else {
                unnamed.append(index)
                continue
            }
            claims[key]?.isSeen = true
            result.files.append(judge(file, mine))
        }
        let lost = lostClaims()
        addUnnamed(unnamed, lost, &result)
        result.files.sort { $0.path < $1.path }
        addUncovered(&result)
    }

    private mutating func collectClaims() {
        claims.reserveCapacity(digests.reduce(0) { $0 + $1.digest.logFiles.count })
        for (number, judged) in digests.enumerated() {
            for (index, entry) in judged.digest.logFiles.enumerated() {
                let key = Self.hash(HashedFile.canonicalName(entry.name[...]))
                let claim = Claim(digest: Int32(truncatingIfNeeded: number), entry: Int32(truncatingIfNeeded: index))
                if claims[key] == nil { claims[key] = claim } else { others[key, default: []].append(claim) }
            }
        }
    }

    private static func hash(_ name: ArraySlice<UInt8>) -> Int {
        var hasher = Hasher()
        // SAFETY: the bytes are read within the call.
        unsafe name.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        return hasher.finalize()
    }

    private func entry(_ claim: Claim) -> Digest.Entry { digests[Int(claim.digest)].digest.logFiles[Int(claim.entry)] }

    private func path(_ claim: Claim) -> String { digestPaths[Int(claim.digest)] }

    /// How much a claim weighs; nothing where an INVALID digest makes it.
    private func rank(_ claim: Claim) -> Int { digests[Int(claim.digest)].rank ?? -1 }

    /// Where and when a file was delivered, as the digest that names it says.
    private mutating func delivery(_ claim: Claim) -> Verification.Delivery {
        let digest = digests[Int(claim.digest)].digest
        let entry = entry(claim)
        if entry.folder != folder.text { folder = (entry.folder, S3Key(Array(entry.folder.utf8))) }
        var delivery = Verification.Delivery(folder: folder.key, name: entry.name[...])
        delivery.account = delivery.account ?? digest.name.account
        delivery.region = delivery.region ?? digest.name.region
        delivery.time = delivery.time ?? (digest.start, digest.end)
        return delivery
    }

    /// What digests say of the file with this name, the weightiest first.
    private func claims(for fileName: ArraySlice<UInt8>) -> (Int, [Claim])? {
        let name = HashedFile.canonicalName(fileName)
        let key = Self.hash(name)
        guard let first = claims[key] else { return nil }
        let mine = ([first] + (others[key] ?? [])).filter {
            HashedFile.canonicalName(entry($0).name[...]) == name
        }
        if mine.isEmpty { return nil }
        return (key, mine.count == 1 ? mine : mine.sorted { rank($0) > rank($1) })
    }

    private mutating func judge(_ file: HashedFile, _ mine: [Claim]) -> Verification.FileResult {
        var result = Verification.FileResult(
            path: file.file.path, state: .invalid, digest: path(mine[0]), delivery: delivery(mine[0]))
        guard case .other(let hash, _) = file.content else {
            if case .broken(let reason, _) = file.content { result.reason = reason }
            return result
        }
        let weight = rank(mine[0])
        guard weight >= 0 else {
            // Its word weighs nothing, neither for nor against the log file.
            result.state = .consistent
            result.reason = "named only by a digest that is not valid"
            return result
        }
        guard let fitting = mine.first(where: { rank($0) == weight && entry($0).hash == hash }) else {
            result.reason =
                weight == 2
                ? "its content was changed: the digest names another hash"
                : "its content is not what the digest names, which is not proven itself: one of the two was changed"
            return result
        }
        result.digest = path(fitting)
        result.state = weight == 2 ? .valid : .consistent
        if weight < 2 { result.reason = "the digest that names it is not proven" }
        return result
    }

    /// Claims on files that no file bears the name of, by the hash that the file had.
    private func lostClaims() -> [ContentDigest: [Claim]] {
        var lost: [ContentDigest: [Claim]] = [:]
        var names: Set<String> = []
        for (key, first) in claims where !first.isSeen {
            for claim in ([first] + (others[key] ?? [])).sorted(by: { rank($0) > rank($1) }) where rank(claim) >= 0 {
                guard names.insert(entry(claim).object).inserted else { continue }
                lost[entry(claim).hash, default: []].append(claim)
            }
        }
        return lost
    }

    private mutating func addUnnamed(
        _ unnamed: [Int], _ lost: [ContentDigest: [Claim]], _ result: inout Verification
    ) {
        var lost = lost
        let ends = chainSpans()
        let named = seenClaims(of: unnamed)
        for index in unnamed {
            let file = files[index]
            if case .other(let hash, _) = file.content,
                let claim = lost[hash]?.min(by: { entry($0).object < entry($1).object })
            {
                let isProven = rank(claim) == 2
                result.files.append(
                    Verification.FileResult(
                        path: file.file.path, state: isProven ? .valid : .consistent,
                        reason: "renamed: it was delivered as `\(displayName(entry(claim).nameText))`"
                            + (isProven ? "" : "; the digest that names it is not proven"), digest: path(claim),
                        delivery: delivery(claim)))
                lost[hash] = nil
                continue
            }
            guard file.isLogFile else { continue }
            if case .other(let hash, _) = file.content, let claim = named[hash], isCopy(file, of: claim) {
                result.files.append(
                    Verification.FileResult(
                        path: file.file.path, state: .valid,
                        reason: "a copy of `\(displayName(entry(claim).nameText))`", digest: path(claim),
                        delivery: delivery(claim)))
                continue
            }
            var (reason, isOutside) = self.reason(file, ends)
            if case .broken(let fault, _) = file.content {
                reason += "; \(fault)"
                isOutside = false
            }
            result.files.append(
                Verification.FileResult(
                    path: file.file.path, state: .unlisted, reason: reason, digest: nil, isOutside: isOutside,
                    delivery: Verification.Delivery(path: file.file.path.bytes)))
        }
        for claim in lost.values.joined() {
            let isProven = rank(claim) == 2
            let missing = Verification.FileResult(
                path: LogFilePath(entry(claim).object), state: .missing,
                reason: isProven
                    ? "not in the archive" : "not in the archive; named only by a digest that is not proven",
                digest: path(claim), delivery: delivery(claim))
            // Without keys nothing is proven, and damage is all that can be looked for.
            if isProven || !hasKeys { result.files.append(missing) } else { result.onlyNamed.append(missing) }
        }
        result.onlyNamed.sort { $0.path < $1.path }
    }

    /// Whether a file with what a claim names may pass for its copy: its own name must not claim another origin.
    private mutating func isCopy(_ file: HashedFile, of claim: Claim) -> Bool {
        guard let mine = LogFileName(file.file.name) else { return true }
        let delivery = delivery(claim)
        return mine.accountId == delivery.account && mine.region == delivery.region
    }

    /// What proven digests name and is here, by its hash, as far as one of these log files has the same content.
    private func seenClaims(of unnamed: [Int]) -> [ContentDigest: Claim] {
        var wanted: Set<ContentDigest> = []
        for index in unnamed where files[index].isLogFile {
            if case .other(let hash, _) = files[index].content { wanted.insert(hash) }
        }
        var seen: [ContentDigest: Claim] = [:]
        if wanted.isEmpty { return seen }
        for (key, first) in claims where first.isSeen {
            for claim in [first] + (others[key] ?? []) where rank(claim) == 2 {
                let hash = entry(claim).hash
                if wanted.contains(hash) { seen[hash] = claim }
            }
        }
        return seen
    }

    private struct Place: Hashable {
        var account: String
        var region: String
    }

    /// From when to when each account's Region has digests.
    private func chainSpans() -> [Place: (from: Int64, to: Int64)] {
        var spans: [Place: (from: Int64, to: Int64)] = [:]
        for judged in digests where judged.rank != nil && !judged.digest.name.isBackfill {
            let place = Place(account: judged.digest.name.account, region: judged.digest.name.region)
            let span = spans[place] ?? (judged.digest.start, judged.digest.end)
            spans[place] = (min(span.from, judged.digest.start), max(span.to, judged.digest.end))
        }
        return spans
    }

    private func reason(
        _ file: HashedFile, _ spans: [Place: (from: Int64, to: Int64)]
    ) -> (String, isOutside: Bool) {
        guard let name = LogFileName(Array(file.name.utf8)[...]),
            let time = CompactTime.seconds(name.deliveryTime.digits)
        else { return ("no digest names its content", false) }
        guard let span = spans[Place(account: name.accountId, region: name.region)] else {
            return ("its account and Region have no digests", true)
        }
        if time < span.from { return ("delivered before the first digest", true) }
        // The name's time is to the minute.
        if time + 60 > span.to { return ("delivered after the last digest", true) }
        return ("no digest names it, though digests cover its time", false)
    }

    private func addUncovered(_ result: inout Verification) {
        let spans = chainSpans()
        var counts: [Place: Int] = [:]
        for file in result.files where file.state == .unlisted {
            guard let name = LogFileName(file.path.lastComponent) else { continue }
            let place = Place(account: name.accountId, region: name.region)
            if spans[place] == nil { counts[place, default: 0] += 1 }
        }
        result.uncovered = counts.map {
            Verification.Uncovered(account: $0.key.account, region: $0.key.region, logFiles: $0.value)
        }.sorted { ($0.account, $0.region) < ($1.account, $1.region) }
    }
}

extension HashedFile {
    fileprivate var isLogFile: Bool {
        switch content {
        case .other(_, let isLogFile), .broken(_, let isLogFile): isLogFile
        case .digest, .brokenDigest: false
        }
    }
}
