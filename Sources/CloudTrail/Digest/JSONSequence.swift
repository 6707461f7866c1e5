/// JSON values one after the other, as `cat` joins the outputs of several commands.
enum JSONSequence {
    /// The values that can be read; what follows the first fault is left.
    static func values(_ bytes: [UInt8]) -> [JSONFragment] {
        var values: [JSONFragment] = []
        // SAFETY: the scanner does not outlive the closure; ranges come from it.
        unsafe bytes.withUnsafeBytes { raw in
            var scanner = unsafe JSONScanner(raw, isFinal: true)
            do throws(JSONFault) {
                while true {
                    scanner.skipSpace()
                    guard scanner.position < raw.count else { return }
                    let value = try scanner.value(try scanner.next(), enclosing: 0)
                    let field = FieldReference(
                        offset: UInt32(truncatingIfNeeded: value.start),
                        length: UInt32(truncatingIfNeeded: value.end - value.start), kind: value.kind)
                    guard let range = field.rawRange else { return }
                    unsafe values.append(JSONFragment(bytes: Array(raw[range])))
                }
            } catch {
                // What was read before the fault counts.
                return
            }
        }
        return values
    }
}
