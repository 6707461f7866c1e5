/// Whether bytes are one JSON object or array (RFC 8259), so that they can be written into a record as they are.
enum JSONCheck {
    /// How deep in its record a CSV cell is written, at the most.
    private static let enclosing = 4

    /// Says no to anything malformed, to anything after the value, and to nesting that would be too deep in a record.
    static func isObjectOrArray(_ bytes: [UInt8]) -> Bool {
        guard bytes.first == UInt8(ascii: "{") || bytes.first == UInt8(ascii: "[") else { return false }
        // By itself it must be one value, and within a record it must not be too deep.
        let open = [UInt8](repeating: UInt8(ascii: "["), count: enclosing)
        let close = [UInt8](repeating: UInt8(ascii: "]"), count: enclosing)
        return isDocument(bytes) && isDocument(open + bytes + close)
    }

    private static func isDocument(_ bytes: [UInt8]) -> Bool {
        unsafe bytes.withUnsafeBytes { document in
            // SAFETY: the scanner reads the bytes within this call alone.
            guard case .complete = unsafe JSONScanner.scanDocument(document) else { return false }
            return true
        }
    }
}
