import CloudTrail

/// Finds whether a stretch of a log file tells of a change to a trail, much faster than its records are read.
enum TrailChangeScan {
    /// What stands in front of the event's name, as CloudTrail writes it.
    private static let source = Array("cloudtrail.amazonaws.com\"".utf8)
    private static let names = TrailChange.stops.map { Array("\"\($0)\"".utf8) }
    /// Bytes behind the source within which the name stands.
    private static let distance = 64

    /// How far a byte lets the search go on (Horspool's rule).
    private static let steps: [Int] = {
        var steps = [Int](repeating: source.count, count: 256)
        for (index, byte) in source.dropLast().enumerated() { steps[Int(byte)] = source.count - 1 - index }
        return steps
    }()

    /// Whether the bytes hold the event source of CloudTrail with the name of such a change close behind.
    static func finds(in bytes: UnsafeRawBufferPointer) -> Bool {
        // SAFETY: a span of the caller's buffer, which outlives this call, checks every place that is read.
        let bytes = unsafe Span<UInt8>(_unsafeBytes: bytes)
        let (source, steps) = (source.span, steps.span)
        let last = source.count - 1
        var end = last
        while end < bytes.count {
            let byte = bytes[end]
            if byte == source[last], holds(bytes, source, at: end - last) {
                for name in names {
                    for start in end..<min(bytes.count, end + distance) where holds(bytes, name.span, at: start) {
                        return true
                    }
                }
            }
            end += steps[Int(byte)]
        }
        return false
    }

    private static func holds(_ bytes: Span<UInt8>, _ wanted: Span<UInt8>, at start: Int) -> Bool {
        guard start + wanted.count <= bytes.count else { return false }
        for index in 0..<wanted.count where bytes[start + index] != wanted[index] { return false }
        return true
    }
}
