/// Addresses that only networks of one's own have. Sources: RFC 1918, RFC 6598, RFC 3927 and RFC 4193.
package enum PrivateAddress {
    /// Whether the other end is in a network of one's own; false for what is no address.
    package static func contains(_ address: String) -> Bool {
        let parts = address.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, let first = UInt8(parts[0]), let second = UInt8(parts[1]) else {
            let start = address.lowercased()
            return address.contains(":") && ["fc", "fd", "fe8"].contains { start.hasPrefix($0) }
        }
        switch (first, second) {
        case (10, _), (192, 168), (169, 254), (172, 16...31), (100, 64...127): return true
        default: return false
        }
    }
}
