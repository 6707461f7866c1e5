import Crypto

extension DenialGroup {
    /// The ids that a group may bear, in order of preference: ever longer starts of one hash, the same on every machine.
    package static func publicIDs(principal: String, action: String, reason: String) -> [String] {
        starts(ofHashOf: "\(principal)\u{0}\(action)\u{0}\(reason)", lengths: [12, 16, 24, 64])
    }

    /// The ids that an incident may bear, likewise, by the text of its cause.
    package static func incidentIDs(of cause: String) -> [String] {
        starts(ofHashOf: cause, lengths: [8, 12, 16, 64])
    }

    /// The first of the ids that an incident may bear, by any of them; `nil` for what is no such id.
    package static func shortIncidentID(_ id: String) -> String? {
        let isID =
            id.utf8.count >= 8
            && id.utf8.allSatisfy {
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0
            }
        return isID ? String(id.prefix(8)) : nil
    }

    private static func starts(ofHashOf text: String, lengths: [Int]) -> [String] {
        let digest = SHA256.hash(data: Array(text.utf8))
        let digits = Array("0123456789abcdef".utf8)
        var hex: [UInt8] = []
        hex.reserveCapacity(64)
        for byte in digest {
            hex.append(digits[Int(byte >> 4)])
            hex.append(digits[Int(byte & 15)])
        }
        return lengths.map { String(decoding: hex.prefix($0), as: UTF8.self) }
    }
}
