/// The number by which the database tells what a call was made on (``AccessDenial/CallTarget``).
///
/// 0 is unknown, and a positive number is that of the name's text. An object of a bucket has a negative one of the bucket's number
/// and a hash of the key: keys are too many to be kept once more, and what the number is for is to be compared.
enum TargetNumber {
    private static let partBits: Int64 = 31

    /// The number of a target.
    ///
    /// - Parameters:
    ///   - name: the number of the name's text; 0 for none.
    ///   - part: a hash of the part's name; 0 for the whole.
    static func number(name: Int64, part: UInt32) -> Int64 {
        guard name != 0, part != 0 else { return name }
        return 0 &- (name << partBits | Int64(part) & (1 << partBits - 1))
    }

    /// The number of the whole that a target is part of, or its own.
    static func whole(_ number: Int64) -> Int64 { number < 0 ? (0 &- number) >> partBits : number }
}
