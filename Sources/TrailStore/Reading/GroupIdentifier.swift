import Crypto

extension DenialGroup {
    /// The ids that a group may bear, in order of preference: ever longer starts of one hash, the same on every machine.
    package static func publicIDs(principal: String, action: String, reason: String) -> [String] {
        let digest = SHA256.hash(data: Array("\(principal)\u{0}\(action)\u{0}\(reason)".utf8))
        let hex = digest.map { byte in
            let text = String(byte, radix: 16)
            return byte < 16 ? "0" + text : text
        }.joined()
        return [12, 16, 24, 64].map { String(hex.prefix($0)) }
    }
}
