/// When CloudTrail delivered a file, as the file's name says: to the minute, and to the second for digest files.
package struct DeliveryTime: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The digits `YYYYMMDDHHmmss` as one number.
    package let digits: Int64

    /// A time whose digits `YYYYMMDDHHmmss` are this number.
    init(digits: Int64) { self.digits = digits }

    /// Orders by time.
    package static func < (left: DeliveryTime, right: DeliveryTime) -> Bool { left.digits < right.digits }

    /// ISO 8601 UTC text such as `2026-11-02T10:15:00Z`.
    package var description: String {
        let text = String(digits)
        let padded = Array((String(repeating: "0", count: max(0, 14 - text.count)) + text).utf8)
        let part = { (range: Range<Int>) in String(decoding: padded[range], as: UTF8.self) }
        return "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(8..<10)):\(part(10..<12)):\(part(12..<14))Z"
    }
}
