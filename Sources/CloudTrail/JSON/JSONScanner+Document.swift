extension JSONScanner {
    /// Passes one value after white space and tells how that went.
    mutating func scanValue() -> JSONOutcome {
        do throws(JSONFault) {
            let first = try next()
            _ = try value(first, enclosing: 0)
            return .complete(end: position)
        } catch {
            switch error {
            case .needsMore: return .needsMore
            case .malformed(let offset, let flaw): return .malformed(at: offset, flaw)
            }
        }
    }

    /// Validates bytes that must be exactly one JSON text, white space around it allowed.
    static func scanDocument(_ bytes: UnsafeRawBufferPointer) -> JSONOutcome {
        // SAFETY: the scanner does not outlive this call.
        var scanner = unsafe JSONScanner(bytes, isFinal: true)
        let outcome = scanner.scanValue()
        guard case .complete(let end) = outcome else { return outcome }
        scanner.skipSpace()
        return scanner.position == scanner.end ? .complete(end: end) : .malformed(at: scanner.position, .unexpectedByte)
    }
}
