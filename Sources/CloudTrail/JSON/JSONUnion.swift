/// What two JSON values that describe one thing tell together.
///
/// Objects are joined member by member, names in order. Of two other values the one that tells more counts: an object before an
/// array, a string, a number or Boolean and `null`, and of one kind the longer, then the greater. So neither the order nor the
/// grouping in which values are joined makes a difference, and joining what is known already changes nothing.
package enum JSONUnion {
    /// How deep objects are joined; below that one of the two counts.
    private static let maximumDepth = 64

    /// The union of two values, each one complete JSON value; joined with itself a value is only put in order.
    package static func joining(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(max(left.count, right.count))
        append(left[...], right[...], depth: 0, to: &output)
        return output
    }

    private static func append(
        _ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>, depth: Int, to output: inout [UInt8]
    ) {
        guard depth < maximumDepth, left.first == UInt8(ascii: "{"), right.first == UInt8(ascii: "{") else {
            output += isGreater(left, right) ? left : right
            return
        }
        let other = members(right)
        var joined = members(left)
        joined.merge(other) { mine, _ in mine }
        output.append(UInt8(ascii: "{"))
        var isFirst = true
        for (name, value) in joined.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            output.append(UInt8(ascii: "\""))
            output += name
            output += [UInt8(ascii: "\""), UInt8(ascii: ":")]
            append(value, other[name] ?? value, depth: depth + 1, to: &output)
        }
        output.append(UInt8(ascii: "}"))
    }

    /// An object's members by the bytes of their names; of two of one name the last.
    private static func members(_ object: ArraySlice<UInt8>) -> [ArraySlice<UInt8>: ArraySlice<UInt8>] {
        let bytes = Array(object)
        return unsafe bytes.withUnsafeBytes { buffer in
            // SAFETY: the scanner does not outlive this call; names and values lie within the bytes that it has passed.
            var scanner = unsafe JSONScanner(buffer, isFinal: true)
            var walk = JSONMembers()
            var members: [ArraySlice<UInt8>: ArraySlice<UInt8>] = [:]
            while let member = walk.next(&scanner) {
                guard let range = member.value.rawRange else { continue }
                members[bytes[member.key.start..<member.key.end]] = bytes[range]
            }
            return members
        }
    }

    private static func isGreater(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
        let ranks = (rank(left.first), rank(right.first))
        if ranks.0 != ranks.1 { return ranks.0 > ranks.1 }
        if left.count != right.count { return left.count > right.count }
        return right.lexicographicallyPrecedes(left)
    }

    private static func rank(_ first: UInt8?) -> Int {
        switch first {
        case nil: 0
        case UInt8(ascii: "n"): 1
        case UInt8(ascii: "\""): 3
        case UInt8(ascii: "["): 4
        case UInt8(ascii: "{"): 5
        default: 2
        }
    }
}
