/// The keys of rows that come from forms that do not tell everything, by the hash of their eventID.
///
/// Such a form may bear a time beside the event's own, that of its arrival or of a console's zone, and so another key.
struct FormKeys {
    private var first: [Int64: Int64] = [:]
    /// Where a hash has more than one key.
    private var others: [Int64: [Int64]] = [:]

    private static let hashMask = Int64(1) << Int64(Schema.keyHashBits) - 1

    /// How far the time beside an event may be from its own: a day, and two hours of a clock.
    static let maximumDistance: Int64 = 26 * 3600

    var isEmpty: Bool { first.isEmpty }

    static func hash(of key: Int64) -> Int64 { key & hashMask }

    /// Whether two keys may be those of one event in two forms.
    static func mayBeSame(_ key: Int64, _ other: Int64) -> Bool {
        key != other && hash(of: key) == hash(of: other)
            && abs(EventKey.time(of: key) - EventKey.time(of: other)) <= maximumDistance
    }

    mutating func insert(_ key: Int64) {
        let hash = Self.hash(of: key)
        guard let known = first[hash] else {
            first[hash] = key
            return
        }
        if known != key, others[hash]?.contains(key) != true { others[hash, default: []].append(key) }
    }

    mutating func remove(_ key: Int64) {
        let hash = Self.hash(of: key)
        others[hash]?.removeAll { $0 == key }
        if first[hash] == key { first[hash] = others[hash]?.popLast() }
        if others[hash]?.isEmpty == true { others[hash] = nil }
    }

    /// The other keys that may be the same event's.
    func keys(like key: Int64) -> [Int64] {
        let hash = Self.hash(of: key)
        guard let one = first[hash] else { return [] }
        return ([one] + (others[hash] ?? [])).filter { Self.mayBeSame(key, $0) }
    }
}
