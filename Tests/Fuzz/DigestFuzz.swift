import Foundation

// Fuzz target of digests, keys and signatures; see Scripts/fuzz. It is compiled into one module with CloudTrail.

/// Called by libFuzzer with each input; traps where the verification breaks a rule.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 0 else { return 0 }
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    var keys = DigestKeys()
    _ = keys.add(input, file: "keys")
    var signatures = DigestSignatures()
    signatures.add(input, file: "signatures")
    // Every part between zero bytes is a digest of its own, so that a chain can be made up.
    var files: [HashedFile] = []
    for (index, part) in input.split(separator: 0).prefix(32).enumerated() {
        let bytes = Array(part)
        let content: HashedFile.Content
        do throws(Digest.Fault) {
            let digest = try Digest(bytes)
            precondition(digest.start >= 0 || digest.start < 0)
            content = .digest(digest)
        } catch {
            precondition(!error.reason.isEmpty)
            content =
                index % 2 == 0
                ? .brokenDigest(error.reason, carried: Digest.Carried(in: bytes))
                : .other(ContentDigest(hashing: bytes), isLogFile: true)
        }
        files.append(HashedFile(FoundFile(path: LogFilePath("f\(index).json.gz"), isExplicit: false), content: content))
    }
    let first = ArchiveVerifier.verify(files, keys: keys, signatures: signatures)
    let turned = ArchiveVerifier.verify(files.reversed(), keys: keys, signatures: signatures)
    precondition(first.verdict == turned.verdict, "the order of files changes the verdict")
    for state in Verification.FileState.allCases {
        precondition(first.count(state) == turned.count(state), "the order of files changes the counts")
    }
    // Without keys nothing is ever proven.
    let unknown = ArchiveVerifier.verify(files, keys: DigestKeys(), signatures: signatures)
    precondition(unknown.count(Verification.FileState.valid) == 0)
    precondition(unknown.count(Verification.DigestState.proven) + unknown.count(Verification.DigestState.pinned) == 0)
    return 0
}
