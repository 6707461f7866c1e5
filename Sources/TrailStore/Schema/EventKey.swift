/// The key of an event: its time in seconds since 1970, and below it ``Schema/keyHashBits`` bits of a hash of its eventID.
///
/// A key from an untrusted database may be any number, and a time from a user or a record any time: neither makes this trap.
package enum EventKey {
    /// The times that have a key: from 1970 to the year 2106. 0 stands for a time that cannot be read.
    package static let times: Range<Int64> = 0..<(1 << 32 - 1)

    /// The least key of a second; of a time that has none the least or the greatest key there is.
    static func least(at seconds: Int64) -> Int64 {
        if seconds < times.lowerBound { return 0 }
        if seconds >= times.upperBound { return .max }
        return seconds << Int64(Schema.keyHashBits)
    }

    /// The keys from one second on and before another.
    static func range(from: Int64?, before: Int64?) -> Range<Int64> {
        let lower = from.map { least(at: $0) } ?? 0
        let upper = before.map { least(at: $0) } ?? .max
        return lower..<max(lower, upper)
    }

    /// The least key of an event whose time is known.
    static let firstTimed: Int64 = 1 << Int64(Schema.keyHashBits)

    /// The time of a key, in seconds since 1970.
    @inline(__always) static func time(of key: Int64) -> Int64 { key >> Int64(Schema.keyHashBits) }
}
