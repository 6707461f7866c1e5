import TrailStore

/// A text in parts, each made when it is asked for: a report of any length takes the memory of one part.
///
/// The elements of a list are made on all processors and told in their order, so that the text is the same on every machine.
public struct TextParts: Sequence, Sendable {
    /// The text of some elements of a list, from a place on; `nil` behind the last one.
    private typealias Elements = @Sendable (_ from: Int) -> String?

    private enum Part: Sendable {
        case text(String)
        case list(Elements)
    }

    private var parts: [Part] = []

    /// Elements of a list that are made at a time.
    private static let batch = 1_024

    /// A text in one part.
    public init(_ text: String) { add(text) }

    /// Adds a text.
    mutating func add(_ text: String) { parts.append(.text(text)) }

    /// Adds the texts of a list's elements, one behind the other; each gets its place.
    mutating func addList<Element: Sendable>(
        _ elements: [Element], _ text: @escaping @Sendable (Int, Element) -> String
    ) {
        parts.append(
            .list { start in
                guard start < elements.count else { return nil }
                return Array(start..<Swift.min(start + Self.batch, elements.count))
                    .parallelParts { $0.map { text($0, elements[$0]) } }.joined()
            })
    }

    /// The parts, in their order.
    public func makeIterator() -> some IteratorProtocol<String> { Parts(parts: parts[...]) }

    private struct Parts: IteratorProtocol {
        var parts: ArraySlice<Part>
        /// The next element of the first part, where that is a list.
        var place = 0

        mutating func next() -> String? {
            while let part = parts.first {
                switch part {
                case .text(let text):
                    parts.removeFirst()
                    return text
                case .list(let elements):
                    if let text = elements(place) {
                        place += TextParts.batch
                        return text
                    }
                    parts.removeFirst()
                    place = 0
                }
            }
            return nil
        }
    }
}
