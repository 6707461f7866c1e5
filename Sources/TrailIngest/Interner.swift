import Foundation

/// Numbers distinct byte strings from 1 in the order of their first appearance.
///
/// Open addressing over 64-bit hashes; equal hashes are told apart by their bytes. The seed differs from process to process, so
/// that nobody can prepare colliding input; numbers do not depend on it.
struct Interner {
    /// Entries or bytes after which ``isFull`` asks for a fresh start.
    static let maximumEntries = 1 << 16
    static let maximumBytes = 8 << 20

    private struct Entry {
        var hash: UInt64
        var offset: Int
        var count: Int
    }

    private var slots = [UInt32](repeating: 0, count: 1 << 12)
    private var entries: [Entry] = []
    private var bytes: [UInt8] = []
    private static let seed = UInt64.random(in: .min ... .max)

    var count: Int { entries.count }
    var isFull: Bool { entries.count >= Self.maximumEntries || bytes.count >= Self.maximumBytes }

    mutating func removeAll() {
        for index in slots.indices { slots[index] = 0 }
        entries.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
    }

    /// The string's number, and whether it was met for the first time.
    ///
    /// `guess` is the number that the string has most likely: comparing costs less than hashing.
    mutating func intern(_ text: UnsafeRawBufferPointer, guess: UInt32 = 0) -> (number: UInt32, isNew: Bool) {
        if guess != 0, guess <= entries.count, unsafe isEqual(entries[Int(guess) - 1], text) { return (guess, false) }
        let hash = unsafe ByteHash.hash(text, seed: Self.seed)
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            let number = slots[slot]
            let entry = entries[Int(number) - 1]
            if entry.hash == hash, unsafe isEqual(entry, text) { return (number, false) }
            slot = (slot + 1) & mask
        }
        entries.append(Entry(hash: hash, offset: bytes.count, count: text.count))
        unsafe bytes.append(contentsOf: text)
        let number = UInt32(truncatingIfNeeded: entries.count)
        slots[slot] = number
        if entries.count * 2 > slots.count { grow() }
        return (number, true)
    }

    private func isEqual(_ entry: Entry, _ text: UnsafeRawBufferPointer) -> Bool {
        guard entry.count == text.count else { return false }
        guard let other = text.baseAddress else { return true }
        return unsafe bytes.withUnsafeBytes { stored in
            guard let base = stored.baseAddress else { return entry.count == 0 }
            // SAFETY: an entry's stretch lies within `bytes`, and both stretches have the same length.
            return unsafe memcmp(base + entry.offset, other, entry.count) == 0
        }
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        let mask = slots.count - 1
        for (index, entry) in entries.enumerated() {
            var slot = Int(truncatingIfNeeded: entry.hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(truncatingIfNeeded: index + 1)
        }
    }
}

/// A fast hash over bytes, eight at a time, folding 128-bit products (the idea of wyhash).
enum ByteHash {
    private static let multiplier: UInt64 = 0xa076_1d64_78bd_642f
    private static let final: UInt64 = 0xe703_7ed1_a0b4_28db

    static func hash(_ text: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
        var state = seed ^ multiplier
        var offset = 0
        let count = text.count
        if count >= 64 {
            // Two lanes, sixteen bytes each: a multiplication need not wait for the one before.
            var second = seed ^ final
            while offset + 32 <= count {
                // SAFETY: the 32 bytes from `offset` lie within the buffer.
                state = unsafe mix(word(text, offset) ^ multiplier, word(text, offset + 8) ^ state)
                second = unsafe mix(word(text, offset + 16) ^ final, word(text, offset + 24) ^ second)
                offset += 32
            }
            state ^= second
        }
        while offset + 8 <= count {
            // SAFETY: eight bytes from `offset` lie within the buffer.
            state = unsafe mix(state ^ word(text, offset), multiplier)
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < count {
            rest = rest << 8 | UInt64(unsafe text[offset])
            offset += 1
        }
        return mix(state ^ rest, final ^ UInt64(truncatingIfNeeded: count))
    }

    @unsafe @inline(__always)
    private static func word(_ text: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        unsafe text.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    @inline(__always)
    private static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
