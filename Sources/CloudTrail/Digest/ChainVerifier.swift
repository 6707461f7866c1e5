/// Decides about the digests of one chain.
///
/// The rules, newest digest first: a signature vouches for itself, wherever it came from. A signature or hash that does not fit condemns a
/// digest only where the digest that carries it is proven itself: else a forged one could condemn a good one. What a proven digest
/// names by its hash is as good as proven.
struct ChainVerifier {
    /// A digest and the file that it came from.
    struct Member {
        var file: Int
        var digest: Digest
        var signatures: [String]
        /// What is wrong with the file, though the digest in it can be read. The signature that it carries vouches for itself.
        var fault: String? = nil
    }

    let keys: DigestKeys
    /// Signatures by the key of their digest, from digests that cannot be read: they can prove it, and never condemn it.
    let carried: [String: [String]]
    var usedKeys: Set<String> = []
    var missingKeys: Set<String> = []

    /// The state of each member, and why, in the members' order.
    mutating func judge(_ members: [Member], names: [String]) -> [(state: Verification.DigestState, reason: String?)] {
        var carriers: [String: [Int]] = [:]
        for (index, member) in members.enumerated() {
            if let previous = member.digest.previous { carriers[previous.object, default: []].append(index) }
        }
        var states = members.indices.map { index -> (state: Verification.DigestState, reason: String?) in
            let object = members[index].digest.object
            let signatures = (carriers[object] ?? []).compactMap { members[$0].digest.previous?.signature }
            return isProven(members[index], signatures + (carried[object] ?? [])) ? (.proven, nil) : (.unproven, nil)
        }
        // A digest's carrier ends later. A circle of digests that name one another proves nothing, and each is judged once.
        let order = members.indices.sorted {
            (members[$0].digest.end, members[$0].digest.object) > (members[$1].digest.end, members[$1].digest.object)
        }
        for index in order {
            // What else a damaged file says of the digest before is not heard.
            let mine = (carriers[members[index].digest.object] ?? []).filter { $0 != index && members[$0].fault == nil }
            states[index] = judge(
                members[index], states[index].state, mine.map { (members[$0].digest, states[$0].state) })
        }
        var named: [String: [Int]] = [:]
        for (index, member) in members.enumerated() { named[member.digest.object, default: []].append(index) }
        for index in order {
            if let fault = members[index].fault {
                states[index] = (.invalid, fault)
                continue
            }
            condemnDuplicate(index, among: named[members[index].digest.object] ?? [], members, &states)
            let expected = members[index].digest.object.split(separator: "/").last.map(String.init) ?? ""
            let name = names[index]
            if HashedFile.canonicalName(name) != HashedFile.canonicalName(expected), DigestName(name) != nil {
                states[index] = (.invalid, "it bears another digest's name: it calls itself `\(displayName(expected))`")
            }
        }
        return states
    }

    private mutating func isProven(_ member: Member, _ carried: [String]) -> Bool {
        guard let source = keys.find(member.digest.fingerprint) else {
            missingKeys.insert(member.digest.fingerprint)
            return false
        }
        let text = member.digest.signedText
        guard (member.signatures + carried).contains(where: { source.key.signed(text, $0) }) else { return false }
        usedKeys.insert(source.key.fingerprint)
        return true
    }

    private func judge(
        _ member: Member, _ state: Verification.DigestState, _ carriers: [(Digest, Verification.DigestState)]
    ) -> (state: Verification.DigestState, reason: String?) {
        if state == .proven { return (.proven, nil) }
        let hasKey = keys.find(member.digest.fingerprint) != nil
        let trusted = carriers.filter { $0.1 == .proven || $0.1 == .pinned }
        if let (carrier, _) = trusted.first {
            guard carrier.previous?.hash == member.digest.hash else {
                return (.invalid, "it is not what the next digest, which is proven, names: its content was changed")
            }
            if hasKey {
                return (.invalid, "the signature that the next digest, which is proven, gives it does not fit")
            }
            return (
                .pinned,
                "no key is given for \(member.digest.fingerprint), but the next digest, which is proven, names its hash"
            )
        }
        if hasKey, !member.signatures.isEmpty {
            return (.invalid, "signature verification failed")
        }
        if carriers.contains(where: { $0.0.previous?.hash == member.digest.hash }) {
            return (
                .consistent,
                hasKey ? "only digests that are not proven name it" : "no key is given for \(member.digest.fingerprint)"
            )
        }
        if !carriers.isEmpty {
            return (.unproven, "the next digest, which is not proven itself, names another content")
        }
        return (
            .unproven,
            hasKey
                ? "its signature is not here: no digest follows it" : "no key is given for \(member.digest.fingerprint)"
        )
    }

    /// Of several contents under one name, those beside the proven one are not AWS's.
    private func condemnDuplicate(
        _ index: Int, among namesakes: [Int], _ members: [Member],
        _ states: inout [(state: Verification.DigestState, reason: String?)]
    ) {
        guard states[index].state != .proven, states[index].state != .pinned, states[index].state != .invalid else {
            return
        }
        let isBeaten = namesakes.contains {
            members[$0].digest.hash != members[index].digest.hash
                && (states[$0].state == .proven || states[$0].state == .pinned)
        }
        if isBeaten { states[index] = (.invalid, "another digest of this name is proven") }
    }
}
