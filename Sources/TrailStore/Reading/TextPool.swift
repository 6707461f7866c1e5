/// Texts of which equal ones share their memory.
struct TextPool {
    private var known: Set<ByteText> = []

    /// The text, as it was first given.
    mutating func shared(_ text: String) -> String { known.insert(ByteText(text)).memberAfterInsert.text }
}
