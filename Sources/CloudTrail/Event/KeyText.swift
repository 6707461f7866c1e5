/// The comparison of keys with the names that are looked for.
enum KeyText {
    /// Whether the bytes at `key`, as many as `text` has, equal `text`; the words of `text` fold into constants.
    @inline(__always) static func equals(_ key: UnsafeRawPointer, _ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        // SAFETY: both sides have `count` bytes, and no load reaches beyond them.
        let other = unsafe UnsafeRawPointer(text.utf8Start)
        @inline(__always) func same<Word: FixedWidthInteger & BitwiseCopyable>(_ type: Word.Type, _ offset: Int) -> Bool
        {
            unsafe key.loadUnaligned(fromByteOffset: offset, as: type)
                == other.loadUnaligned(fromByteOffset: offset, as: type)
        }
        if count >= 16 {
            return same(UInt64.self, 0) && same(UInt64.self, count - 8) && same(UInt64.self, count / 2 - 4)
        }
        if count >= 8 { return same(UInt64.self, 0) && same(UInt64.self, count - 8) }
        if count >= 4 { return same(UInt32.self, 0) && same(UInt32.self, count - 4) }
        return same(UInt16.self, 0) && same(UInt8.self, count - 1)
    }
}
