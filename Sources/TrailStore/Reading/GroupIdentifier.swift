import Crypto

extension DenialGroup {
    /// The ids that a group may bear, in order of preference: ever longer starts of one hash, the same on every machine.
    package static func publicIDs(principal: String, action: String, reason: String) -> [String] {
        let digest = SHA256.hash(data: Array("\(principal)\u{0}\(action)\u{0}\(reason)".utf8))
        let digits = Array("0123456789abcdef".utf8)
        var hex: [UInt8] = []
        hex.reserveCapacity(64)
        for byte in digest {
            hex.append(digits[Int(byte >> 4)])
            hex.append(digits[Int(byte & 15)])
        }
        return [12, 16, 24, 64].map { String(decoding: hex.prefix($0), as: UTF8.self) }
    }
}
