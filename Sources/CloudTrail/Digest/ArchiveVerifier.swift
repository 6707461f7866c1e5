/// Holds an archive's files against its digests. No files are read here: values in, values out.
package struct ArchiveVerifier {
    private let files: [HashedFile]
    private let keys: DigestKeys
    private let signatures: DigestSignatures
    private let changes: [TrailChange]
    private var result = Verification()

    /// A digest that can be read, with what was decided about it.
    struct Judged {
        var file: Int
        var digest: Digest
        var state: Verification.DigestState
        var reason: String?
        var chain = 0

        /// How much its word weighs; an invalid one has none.
        var rank: Int? {
            switch state {
            case .proven, .pinned: 2
            case .consistent: 1
            case .unproven: 0
            case .invalid, .missing: nil
            }
        }
    }

    private var digests: [Judged] = []

    /// Verifies an archive.
    ///
    /// - Parameters:
    ///   - files: every file of the archive, digests among them, in any order.
    ///   - changes: what the archive's own log files tell of changes to trails.
    ///   - scope: what is told; all of the files are looked at.
    package static func verify(
        _ files: [HashedFile], keys: DigestKeys, signatures: DigestSignatures = .init(), changes: [TrailChange] = [],
        scope: VerificationScope = .init()
    ) -> Verification {
        var verifier = ArchiveVerifier(
            files: files, keys: keys, signatures: signatures, changes: changes.sorted())
        verifier.judgeDigests()
        let chains = ChainBuilder.build(verifier.digests, files, verifier.looseNames, verifier.changes)
        verifier.result.chains = chains.chains
        verifier.digests = chains.digests
        var logFiles = LogFileVerifier(files, verifier.digests, hasKeys: !keys.all.isEmpty)
        logFiles.verify(&verifier.result)
        verifier.result.nameWitnesses()
        return verifier.result.part(scope)
    }

    private init(
        files: [HashedFile], keys: DigestKeys, signatures: DigestSignatures, changes: [TrailChange]
    ) {
        self.files = files
        self.keys = keys
        self.signatures = signatures
        self.changes = changes
    }

    /// File names of digests that cannot be read: they are not missing.
    private var looseNames: Set<String> {
        Set(
            files.compactMap {
                guard case .brokenDigest = $0.content else { return nil }
                return HashedFile.canonicalName($0.name)
            })
    }

    private mutating func judgeDigests() {
        var groups: [[String]: [ChainVerifier.Member]] = [:]
        var carried: [String: [String]] = [:]
        for (index, file) in files.enumerated() {
            switch file.content {
            case .digest(let digest, let fault):
                let name = digest.name
                let own = digest.object.split(separator: "/").last.map(String.init) ?? ""
                let group = [name.account, name.region, name.trail, name.homeRegion, name.isBackfill ? "backfill" : ""]
                groups[group, default: []].append(
                    ChainVerifier.Member(
                        file: index, digest: digest, signatures: file.signatures + signatures.of(own), fault: fault))
            case .brokenDigest(let reason, let found):
                if let found { carried[found.object, default: []].append(found.signature) }
                result.looseDigests.append(
                    Verification.DigestResult(path: file.file.displayPath, state: .invalid, reason: reason))
            case .other, .broken: break
            }
        }
        result.looseDigests.sort { $0.path < $1.path }
        var verifier = ChainVerifier(keys: keys, carried: carried)
        for (_, members) in groups.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let states = verifier.judge(members, names: members.map { files[$0.file].name })
            for (member, judged) in zip(members, states) {
                noteValidity(member.digest, judged.state)
                digests.append(
                    Judged(file: member.file, digest: member.digest, state: judged.state, reason: judged.reason))
            }
        }
        result.missingKeys = verifier.missingKeys.sorted()
        result.keys = keys.all.map {
            Verification.UsedKey(
                fingerprint: $0.key.fingerprint, file: $0.file, isUsed: verifier.usedKeys.contains($0.key.fingerprint),
                isBeside: false)
        }
    }

    /// Validity times are told and not enforced: backfill digests are signed outside of them.
    private mutating func noteValidity(_ digest: Digest, _ state: Verification.DigestState) {
        guard state == .proven, !digest.name.isBackfill,
            let validity = keys.find(digest.fingerprint)?.key.validity,
            let from = KeyTime.seconds(validity.from), let to = KeyTime.seconds(validity.to),
            digest.end < from || digest.end > to, result.notes.count < 20
        else { return }
        result.notes.append(
            "the key \(digest.fingerprint) signed `\(displayName(digest.object))` outside of its own validity, "
                + "\(CompactTime.text(from)) to \(CompactTime.text(to))")
    }
}

/// Times as the AWS CLI prints them with a key: seconds since 1970 in version 1, ISO 8601 in version 2.
enum KeyTime {
    static func seconds(_ text: String) -> Int64? {
        if let number = Double(text), number.magnitude < 1e12 { return Int64(number) }
        guard text.utf8.count >= 19 else { return nil }
        return CompactTime.isoSeconds(text.prefix(19) + "Z")
    }
}
