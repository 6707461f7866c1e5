/// Tells whether a message may hold an error of an SDK, by one pass over its bytes (Wu and Manber's search for many words at once).
///
/// Nearly all lines of an application's log hold none, so this decides how fast logs are read.
struct ErrorScan: Sendable {
    /// Words of which one stands in every error text that is known. Each has at least ``width`` bytes.
    private static let words: [String] = [
        "AccessDenied", "Access Denied", "Forbidden", "not authorized", "Unauthorized", "NotAuthorized",
        "SignatureDoesNotMatch",
        "InvalidSignature", "signature we calculated", "Signature expired", "UnrecognizedClient",
        "InvalidClientTokenId",
        "InvalidAccessKeyId", "ExpiredToken", "MissingAuthenticationToken", "Missing Authentication Token",
        "IncompleteSignature",
        "RequestTimeTooSkewed", "RequestExpired", "security token included", "Task timed out", "ConnectTimeout",
        "Connect timeout on endpoint",
        "connect to the endpoint URL", "UnknownHostException", "OptInRequired", "RequestId: ",
    ]

    /// Bytes of a word that are looked at.
    private static let width = 8
    private let shifts: [UInt8]
    private let candidates: [[[UInt8]]]
    private let buckets: [UInt8]

    /// The scan for ``words``.
    static let shared = ErrorScan()

    private init() {
        var shifts = [UInt8](repeating: UInt8(Self.width - 1), count: 1 << 16)
        var buckets = [UInt8](repeating: 0, count: 1 << 16)
        var candidates: [[[UInt8]]] = [[]]
        for word in Self.words {
            let bytes = Array(word.utf8)
            for place in 1..<Self.width {
                let pair = Int(bytes[place - 1]) << 8 | Int(bytes[place])
                shifts[pair] = min(shifts[pair], UInt8(Self.width - 1 - place))
                guard place == Self.width - 1 else { continue }
                if buckets[pair] == 0 {
                    buckets[pair] = UInt8(candidates.count)
                    candidates.append([])
                }
                candidates[Int(buckets[pair])].append(bytes)
            }
        }
        self.shifts = shifts
        self.buckets = buckets
        self.candidates = candidates
    }

    /// Whether one of the words stands in the bytes.
    func matches(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.count >= Self.width else { return false }
        return unsafe bytes.withUnsafeBytes { bytes in
            unsafe shifts.withUnsafeBufferPointer { shifts in
                var index = Self.width - 1
                let count = bytes.count
                while index < count {
                    // SAFETY: the index is at least 7 and below the count; a pair of bytes is below 65,536, the size of the table.
                    let pair = unsafe Int(bytes[index &- 1]) << 8 | Int(bytes[index])
                    let shift = unsafe shifts[pair]
                    if shift == 0 {
                        if unsafe isWord(bytes, endingAt: index, pair) { return true }
                        index &+= 1
                    } else {
                        index &+= Int(shift)
                    }
                }
                return false
            }
        }
    }

    private func isWord(_ bytes: UnsafeRawBufferPointer, endingAt index: Int, _ pair: Int) -> Bool {
        let start = index - Self.width + 1
        for word in candidates[Int(buckets[pair])] where start + word.count <= bytes.count {
            // SAFETY: the word ends within the bytes.
            if word.indices.allSatisfy({ unsafe bytes[start + $0] == word[$0] }) { return true }
        }
        return false
    }
}
