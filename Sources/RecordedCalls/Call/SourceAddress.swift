extension String {
    /// Whether it is an IP address: AWS's services bear a name in the place of theirs, or `AWS Internal`.
    package var isAddress: Bool {
        var isParted = false
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "."), UInt8(ascii: ":"): isParted = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
                UInt8(ascii: "A")...UInt8(ascii: "F"):
                continue
            default: return false
            }
        }
        return isParted
    }
}
