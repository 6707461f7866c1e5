/// What was found out about an archive: which of its log files are as AWS delivered them, and which cannot be told.
package struct Verification: Sendable {
    /// What is known of a digest.
    package enum DigestState: String, Sendable, CaseIterable {
        /// A signature verifies under a key that was given.
        case proven
        /// No signature could be checked, but a proven digest names its hash.
        case pinned
        /// Only digests that are unproven themselves name its hash.
        case consistent
        /// Nothing speaks for it.
        case unproven
        /// It is not what AWS delivered.
        case invalid
        /// A digest names it, and it is not there.
        case missing
    }

    /// What is known of a log file.
    package enum FileState: String, Sendable, CaseIterable {
        /// A proven digest names its hash.
        case valid
        /// It is not what the digest names, or not what any gzip writes.
        case invalid
        /// A digest names it, and it is not there.
        case missing
        /// A digest that is not proven names its hash.
        case consistent
        /// No digest names it.
        case unlisted
    }

    /// Where and when something was delivered, as far as it is known.
    package struct Delivery: Sendable {
        package var account: String?
        package var region: String?
        package var time: (from: Int64, to: Int64)?

        /// What a key or path says, and its name; a name's time is to the minute.
        init(path: [UInt8]) {
            let end = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
            self.init(folder: S3Key(Array(path[..<end])), name: path[end...])
        }

        /// The same, where the folder has been read.
        init(folder: S3Key, name: ArraySlice<UInt8>) {
            let name = LogFileName(name)
            (account, region) = (folder.accountId ?? name?.accountId, folder.region ?? name?.region)
            time = (name?.deliveryTime.digits).flatMap { CompactTime.seconds($0) }.map { ($0, $0 + 60) }
        }
    }

    /// A digest and what is known of it.
    package struct DigestResult: Sendable {
        /// As messages show it; for a missing one its key.
        package var path: String
        package var state: DigestState
        package var reason: String?
        /// Whether nothing follows it in its chain.
        package var isNewest = false
        /// From when to when it says what was delivered.
        package var from: Int64 = 0
        package var to: Int64 = 0
        /// Log files that it names, where its word weighs anything.
        package var logFiles = 0
        /// Whether it names log files in a way that cannot be read.
        package var hasBrokenEntries = false

        /// Whether AWS's key vouches for it.
        package var isProven: Bool { state == .proven || state == .pinned }
    }

    /// A file and what is known of it.
    package struct FileResult: Sendable {
        /// Where it is; for a missing one its key.
        package var path: LogFilePath
        package var state: FileState
        package var reason: String?
        /// The digest that decided.
        package var digest: String?
        /// Whether the digests of its account and Region do not reach to its time of delivery.
        package var isOutside = false
        /// By the digest that names it; else by its own path.
        package var delivery: Delivery

        /// Its account and Region, by its name.
        package var place: String {
            guard let name = LogFileName(path.lastComponent) else { return "other names" }
            return "account \(name.accountId), \(name.region)"
        }
    }

    /// A stretch of time that no digest of a chain covers.
    package struct Hole: Sendable {
        package var from: Int64
        package var to: Int64
        /// Whether the digest behind it names one before it that is not there.
        package var isBroken: Bool
        package var explanation: Explanation?
        /// A change that lets CloudTrail deliver less, but does not stop its digests.
        package var also: Explanation?
    }

    /// What a log file of the archive tells of a trail.
    package struct Explanation: Sendable {
        package var change: TrailChange
        /// What is known of the log file that tells it.
        package var witness: FileState?
    }

    /// Digests that follow one another.
    package struct Chain: Sendable {
        package var name: DigestChain
        package var from: Int64
        package var to: Int64
        package var digests: [DigestResult]
        package var holes: [Hole] = []
        /// The key of a digest before the first, which is not in the archive.
        package var earlier: String?
        /// Seconds that it ends before the chain that goes on longest; `nil` where it does not end early.
        package var endsEarlyBy: Int64?
        package var endExplanation: Explanation?
        /// Log files that its digests name.
        package var logFiles: Int { digests.reduce(0) { $0 + $1.logFiles } }
    }

    /// An account's Region that has log files and no digests.
    package struct Uncovered: Sendable, Hashable {
        package var account: String
        package var region: String
        package var logFiles: Int

        /// A Region of an account.
        package init(account: String, region: String, logFiles: Int) {
            self.account = account
            self.region = region
            self.logFiles = logFiles
        }
    }

    /// A key and whether it proved anything.
    package struct UsedKey: Sendable {
        package var fingerprint: String
        package var file: String
        package var isUsed: Bool
        package var isBeside: Bool
    }

    /// By account, Region and trail.
    package var chains: [Chain] = []
    /// Every log file, by path.
    package var files: [FileResult] = []
    /// Files that are not here and that only digests name which are not proven: a forged digest may name what never was.
    package var onlyNamed: [FileResult] = []
    /// Digests that belong to no chain, for they cannot be read.
    package var looseDigests: [DigestResult] = []
    package var uncovered: [Uncovered] = []
    package var keys: [UsedKey] = []
    /// Fingerprints that digests name and no key has.
    package var missingKeys: [String] = []
    /// Remarks, such as a key that was used outside of its validity.
    package var notes: [String] = []

    /// What the whole comes to.
    package enum Verdict: String, Sendable {
        case proven, unproven, invalid
    }

    /// A time as AWS writes it: `YYYY-MM-DDTHH:mm:ssZ`.
    package static func time(_ seconds: Int64) -> String { CompactTime.text(seconds) }

    /// How many log files are in a state.
    package func count(_ state: FileState) -> Int { files.reduce(0) { $0 + ($1.state == state ? 1 : 0) } }

    /// How many digests are in a state.
    package func count(_ state: DigestState) -> Int {
        (chains.flatMap(\.digests) + looseDigests).reduce(0) { $0 + ($1.state == state ? 1 : 0) }
    }

    /// `invalid` where something was changed or is missing; else `unproven` where something is not covered or not proven, but for the
    /// newest digest of a chain, whose own signature no other digest can carry.
    package var verdict: Verdict {
        if count(FileState.invalid) + count(FileState.missing) + count(DigestState.invalid) + count(DigestState.missing)
            > 0
        {
            return .invalid
        }
        let isCovered = chains.allSatisfy { chain in
            (chain.endsEarlyBy == nil || chain.endExplanation?.witness == .valid)
                && chain.holes.allSatisfy { $0.explanation?.witness == .valid }
                && chain.digests.allSatisfy { $0.isProven || $0.isNewest }
        }
        let isProven = count(FileState.consistent) + count(FileState.unlisted) + onlyNamed.count == 0
        // A window may hold nothing but a rightful pause: then what proves it is the log file that tells of it.
        let isShown =
            count(DigestState.proven) + count(DigestState.pinned) > 0 || chains.contains { !$0.holes.isEmpty }
        return isCovered && isProven && uncovered.isEmpty && isShown ? .proven : .unproven
    }
}
