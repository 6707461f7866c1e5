/// One of three answers: yes, no, or undetermined, because something that it depends on is not known.
///
/// Kleene's logic: what is not known makes an answer undetermined only where it can change it.
/// ```
///  and | N  U  Y     or | N  U  Y     not
///  ----+---------   ----+---------   -----
///   N  | N  N  N     N  | N  U  Y     N | Y
///   U  | N  U  U     U  | U  U  Y     U | U
///   Y  | N  U  Y     Y  | Y  Y  Y     Y | N
/// ```
public enum Truth: UInt8, Sendable, Hashable, Comparable, CaseIterable {
    case no, undetermined, yes

    /// Yes or no, for what is certain.
    public init(_ isTrue: Bool) { self = isTrue ? .yes : .no }

    /// The lesser of the two.
    public static func && (left: Truth, right: @autoclosure () -> Truth) -> Truth {
        left == .no ? .no : min(left, right())
    }

    /// The greater of the two.
    public static func || (left: Truth, right: @autoclosure () -> Truth) -> Truth {
        left == .yes ? .yes : max(left, right())
    }

    /// Yes for no, no for yes; undetermined stays.
    public static prefix func ! (truth: Truth) -> Truth {
        switch truth {
        case .no: .yes
        case .undetermined: .undetermined
        case .yes: .no
        }
    }

    /// From no to undetermined to yes.
    public static func < (left: Truth, right: Truth) -> Bool { left.rawValue < right.rawValue }

    /// `yes`, `no` or `undetermined`, as output has it.
    public var word: String {
        switch self {
        case .no: "no"
        case .undetermined: "undetermined"
        case .yes: "yes"
        }
    }
}
