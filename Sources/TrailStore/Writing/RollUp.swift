/// Counts by four small numbers: a hash table that is written once an event, and read and emptied once a transaction.
struct RollUp<Count> {
    /// The four numbers, two in each half.
    struct Key: Equatable, Comparable {
        var high: UInt64
        var low: UInt64

        /// Packs four numbers, each below 2³².
        @inline(__always) init(_ first: Int64, _ second: Int64, _ third: Int64, _ fourth: Int64) {
            high = UInt64(truncatingIfNeeded: first) << 32 | UInt64(truncatingIfNeeded: second) & 0xFFFF_FFFF
            low = UInt64(truncatingIfNeeded: third) << 32 | UInt64(truncatingIfNeeded: fourth) & 0xFFFF_FFFF
        }

        var first: Int64 { Int64(high >> 32) }
        var second: Int64 { Int64(high & 0xFFFF_FFFF) }
        var third: Int64 { Int64(low >> 32) }
        var fourth: Int64 { Int64(low & 0xFFFF_FFFF) }

        static func < (left: Key, right: Key) -> Bool {
            left.high != right.high ? left.high < right.high : left.low < right.low
        }
    }

    private var slots = [UInt32](repeating: 0, count: 1 << 12)
    private var entries: [(key: Key, count: Count)] = []
    private var last = 0
    private let zero: Count

    /// An empty table whose counts start as `zero`.
    init(zero: Count) { self.zero = zero }

    /// The counts, by key in rising order: the order in which a B-tree takes them best.
    var sorted: [(key: Key, count: Count)] { entries.sorted { $0.key < $1.key } }

    /// Changes the count of a key.
    @inline(__always) mutating func update(_ key: Key, _ change: (inout Count) -> Void) {
        if last >= entries.count || entries[last].key != key { last = index(of: key) }
        change(&entries[last].count)
    }

    private mutating func index(of key: Key) -> Int {
        let mask = slots.count - 1
        var slot = Self.hash(key) & mask
        while slots[slot] != 0 {
            let index = Int(slots[slot]) - 1
            if entries[index].key == key { return index }
            slot = (slot + 1) & mask
        }
        entries.append((key, zero))
        slots[slot] = UInt32(truncatingIfNeeded: entries.count)
        if entries.count * 2 > slots.count { grow() }
        return entries.count - 1
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        let mask = slots.count - 1
        for (index, entry) in entries.enumerated() {
            var slot = Self.hash(entry.key) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(truncatingIfNeeded: index + 1)
        }
    }

    @inline(__always) private static func hash(_ key: Key) -> Int {
        let product = (key.high ^ 0xa076_1d64_78bd_642f).multipliedFullWidth(by: key.low ^ 0xe703_7ed1_a0b4_28db)
        return Int(truncatingIfNeeded: product.high ^ product.low)
    }

    /// Empties the table and keeps its memory.
    mutating func removeAll() {
        guard !entries.isEmpty else { return }
        for index in slots.indices { slots[index] = 0 }
        entries.removeAll(keepingCapacity: true)
        last = 0
    }
}
