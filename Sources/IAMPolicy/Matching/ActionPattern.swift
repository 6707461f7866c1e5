/// An action of a request, taken apart once: `mobiletargeting:SendMessages`.
struct ActionName: Sendable, Hashable {
    /// IAM's service prefix in lower case.
    let service: [UInt8]
    /// What follows the colon, in lower case.
    let name: [UInt8]
    /// The service prefix as a number, to tell most actions apart without looking at text.
    let serviceMark: UInt64

    /// Takes an action apart; `nil` where it has no colon, or nothing before or behind it.
    init?(_ text: String) {
        let bytes = text.utf8.map(\.lowercasedASCII)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0, colon < bytes.count - 1 else {
            return nil
        }
        service = Array(bytes[..<colon])
        name = Array(bytes[(colon + 1)...])
        serviceMark = Self.mark(service)
    }

    /// A number for a service prefix, the same for the same text (FNV-1a), and never ``anyService``.
    static func mark(_ service: some Sequence<UInt8>) -> UInt64 {
        let mark = service.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return mark == anyService ? 1 : mark
    }

    /// The mark of the service of an action, without taking the action apart.
    static func serviceMark(of action: String) -> UInt64 {
        mark(action.utf8.lazy.prefix { $0 != UInt8(ascii: ":") }.map(\.lowercasedASCII))
    }

    /// The mark of a pattern that must be looked at whatever the service is.
    static let anyService: UInt64 = 0
}

/// The service of an action, for policies to be told apart without a look at text.
package struct ServiceMark: Sendable {
    let number: UInt64

    /// The service of an action such as `mobiletargeting:SendMessages`.
    package init(of action: String) { number = ActionName.serviceMark(of: action) }
}

/// One entry of `Action` or `NotAction`, such as `mobiletargeting:Get*`.
///
/// Prefix and name match without regard to case; `*` and `?` may stand anywhere, but cross no colon; `*` alone is every action.
/// Source: "IAM JSON policy elements: Action" in the IAM user guide.
public struct ActionPattern: Sendable, Hashable, CustomStringConvertible {
    /// The pattern as the policy has it.
    public let text: String
    /// The same, ready to be matched.
    let compiled: CompiledAction

    /// A pattern as written in a policy.
    public init(_ text: String) {
        self.text = text
        compiled = CompiledAction(text)
    }

    /// Whether an action such as `mobiletargeting:SendMessages` is covered.
    public func matches(_ action: String) -> Bool {
        guard let name = ActionName(action) else { return text == "*" }
        return compiled.matches(name)
    }

    /// Patterns are equal where they are written alike.
    public static func == (left: ActionPattern, right: ActionPattern) -> Bool { left.text == right.text }

    /// Equal patterns hash alike.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }

    /// The service prefix in lower case, which may hold wildcards; `nil` for a bare `*`.
    public var prefix: String? { compiled.prefix }

    /// Whether the pattern names a service, as IAM writes its prefix in lower case.
    public func names(service: String) -> Bool {
        let (written, wanted) = (text.utf8, service.utf8)
        guard written.count > wanted.count,
            zip(written, wanted).allSatisfy({ $0.lowercasedASCII == $1 })
        else { return false }
        return written[written.index(written.startIndex, offsetBy: wanted.count)] == UInt8(ascii: ":")
    }

    /// What follows the prefix: the operation's name or pattern.
    public var name: Substring {
        let bytes = text.utf8
        return bytes.firstIndex(of: UInt8(ascii: ":")).map { text[bytes.index(after: $0)...] } ?? text[...]
    }

    /// What follows the prefix, in lower case.
    package var lowercasedName: String { compiled.name }

    /// The pattern as the policy has it.
    public var description: String { text }
}

/// An entry of `Action` in lower case, prefix and name apart.
///
/// An object rather than a value because patterns are handed about by the list.
final class CompiledAction: Sendable {
    private enum Shape: Sendable {
        case any
        case named(service: TextPattern, name: TextPattern)
        /// White space, no colon, or an empty part: matches nothing.
        case nothing
    }

    private let shape: Shape
    /// The mark of the service that the pattern names, or ``ActionName/anyService``.
    let serviceMark: UInt64
    /// What stands before the first colon, in lower case; `nil` where there is none.
    let prefix: String?
    /// What follows it, in lower case; without one all.
    let name: String

    init(_ text: String) {
        let written = text.utf8
        let colon = written.firstIndex(of: UInt8(ascii: ":"))
        prefix = colon.map { text[..<$0].lowercased() }
        name = (colon.map { text[written.index(after: $0)...] } ?? text[...]).lowercased()
        let bytes = written.map(\.lowercasedASCII)
        let prefix = bytes.prefix { $0 != UInt8(ascii: ":") }
        let isNamed =
            prefix.count < bytes.count && !prefix.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
        serviceMark = isNamed ? ActionName.mark(prefix) : ActionName.anyService
        if !bytes.isEmpty, bytes.allSatisfy({ $0 == UInt8(ascii: "*") }) {
            shape = .any
        } else if let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0, colon < bytes.count - 1,
            !bytes.contains(where: { $0 <= 0x20 })
        {
            func part(_ bytes: ArraySlice<UInt8>) -> TextPattern {
                TextPattern(String(decoding: bytes, as: UTF8.self), wildcards: .anywhere, hasVariables: false)
            }
            shape = .named(service: part(bytes[..<colon]), name: part(bytes[(colon + 1)...]))
        } else {
            shape = .nothing
        }
    }

    /// Whether the pattern may name an action of the service with a mark.
    func mayName(_ mark: UInt64) -> Bool { serviceMark == mark || serviceMark == ActionName.anyService }

    func matches(_ action: ActionName) -> Bool {
        switch shape {
        case .any: true
        case .named(let service, let name):
            service.matches(action.service, in: .empty) == .yes && name.matches(action.name, in: .empty) == .yes
        case .nothing: false
        }
    }
}
