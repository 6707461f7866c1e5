/// A sentence that remembers which of its words came from the archive.
///
/// Interpolating a `String` marks it as a foreign value; our own words are literals or `\(words:)`. A renderer can thus set
/// values apart (code spans, escapes) without looking for them, and no value reaches an output unmarked.
public struct Prose: Sendable, Hashable, ExpressibleByStringInterpolation, CustomStringConvertible {
    /// A stretch of the sentence.
    public enum Run: Sendable, Hashable {
        /// Words of ours.
        case words(String)
        /// Text from the archive: a name, an ARN, an agent. Not to be trusted.
        case value(String)
        /// A command, or a part of one, set apart like a value: words of ours alone, or a line that ``ShellCommand`` made.
        case code(String)
        /// A moment as CloudTrail writes it, `2026-11-09T10:12:00Z`: a renderer shows it in the reader's time.
        case time(String)
    }

    /// The stretches in their order.
    public private(set) var runs: [Run]

    /// A sentence without foreign values.
    public init(stringLiteral words: String) { runs = words.isEmpty ? [] : [.words(words)] }

    /// A sentence with foreign values in it.
    public init(stringInterpolation: StringInterpolation) { runs = stringInterpolation.runs }

    /// A sentence from its runs.
    public init(_ runs: [Run]) { self.runs = runs }

    /// A command alone.
    public static func code(_ text: String) -> Prose { Prose([.code(text)]) }

    /// One foreign value alone.
    public static func value(_ text: String) -> Prose { Prose([.value(text)]) }

    /// Collects the runs of a literal.
    public struct StringInterpolation: StringInterpolationProtocol {
        var runs: [Run] = []

        /// Starts an empty sentence.
        public init(literalCapacity: Int, interpolationCount: Int) {
            runs.reserveCapacity(interpolationCount * 2 + 1)
        }

        /// Words of ours.
        public mutating func appendLiteral(_ literal: String) {
            if !literal.isEmpty { runs.append(.words(literal)) }
        }

        /// A foreign value.
        public mutating func appendInterpolation(_ value: String) { runs.append(.value(value)) }

        /// A number, its thousands set apart.
        public mutating func appendInterpolation(_ number: Int) { runs.append(.words(number.grouped)) }

        /// Words of ours that were computed: never text from the archive.
        public mutating func appendInterpolation(words: String) { appendLiteral(words) }

        /// A command of ours, or a part of one: never text from the archive.
        public mutating func appendInterpolation(code: String) { runs.append(.code(code)) }

        /// A time as CloudTrail writes it, shown as `2026-11-09 10:12:00 UTC`.
        public mutating func appendInterpolation(time: String) {
            runs.append(isTime(time) ? .time(time) : .value(time))
        }

        /// Another sentence.
        public mutating func appendInterpolation(_ prose: Prose) { runs += prose.runs }

        /// Foreign values, parted by commas; behind the first `limit` ones only their number is told.
        public mutating func appendInterpolation(list values: [String], limit: Int = 5) {
            for (index, value) in values.prefix(limit).enumerated() {
                if index > 0 { appendLiteral(", ") }
                appendInterpolation(value)
            }
            if values.count > limit { appendLiteral(" and \((values.count - limit).grouped) more") }
        }
    }

    /// The whole sentence as text, values unmarked. Not yet fit for a terminal: values are as the archive has them.
    public var plain: String {
        runs.map { run in
            switch run {
            case .words(let text), .value(let text), .code(let text): text
            case .time(let time): shownTime(time) ?? time
            }
        }.joined()
    }

    /// The sentence with a capital letter at its start, unless a foreign value stands there.
    public var capitalised: Prose {
        guard case .words(let words)? = runs.first, let first = words.first else { return self }
        return Prose([.words(first.uppercased() + words.dropFirst())] + runs.dropFirst())
    }

    /// The first of several sentences, with its full stop.
    public var firstSentence: Prose {
        var kept: [Run] = []
        for (index, run) in runs.enumerated() {
            guard case .words(let words) = run else {
                kept.append(run)
                continue
            }
            if let end = zip(words.utf8.indices, zip(words.utf8, words.utf8.dropFirst())).first(where: {
                $0.1 == (UInt8(ascii: "."), UInt8(ascii: " "))
            })?.0 {
                return Prose(kept + [.words(words[..<end] + ".")])
            }
            kept.append(run)
            // A name may follow a dot at once: `sts.` and a Region.
            if words.hasSuffix("."), index + 1 < runs.count, case .words(let next) = runs[index + 1], next.first == " "
            {
                return Prose(kept)
            }
        }
        return self
    }

    /// The same without some whole sentences of ours.
    public func leavingOut(_ sentences: [String]) -> Prose {
        Prose(
            runs.compactMap { run in
                guard case .words(var words) = run else { return run }
                for sentence in sentences {
                    for form in [" " + sentence, sentence + " ", sentence] {
                        if let range = words.firstRange(of: form) { words.removeSubrange(range) }
                    }
                }
                return words.isEmpty ? nil : .words(words)
            })
    }

    /// Two sentences as one that leaves the choice: `left, or right`, where `right` begins with a small letter.
    public func or(_ other: Prose) -> Prose {
        guard case .words(let words)? = runs.last, words.hasSuffix(".") else {
            return isEmpty ? other.capitalised : self + other.capitalised
        }
        return Prose(runs.dropLast() + [.words(words.dropLast() + ", or ")] + other.runs)
    }

    /// What follows the first of several sentences; empty where it is the only one.
    public var withoutFirstSentence: Prose {
        let count = firstSentence.plain.utf8.count
        var left = count
        var kept: [Run] = []
        for run in runs {
            let size = Prose([run]).plain.utf8.count
            if left >= size {
                left -= size
            } else if case .words(let words) = run, left > 0 {
                kept.append(.words(String(decoding: words.utf8.dropFirst(left), as: UTF8.self)))
                left = 0
            } else {
                kept.append(run)
            }
        }
        if case .words(let words)? = kept.first {
            let trimmed = String(words.drop { $0 == " " })
            kept.removeFirst()
            if !trimmed.isEmpty { kept.insert(.words(trimmed), at: 0) }
        }
        return Prose(kept)
    }

    /// The sentence as ``plain`` text.
    public var description: String { plain }
    /// Whether there is no word in it.
    public var isEmpty: Bool { runs.isEmpty }

    /// Two sentences as one paragraph; an empty one adds nothing.
    public static func + (left: Prose, right: Prose) -> Prose {
        if left.isEmpty { return right }
        if right.isEmpty { return left }
        return Prose(left.runs + [.words(" ")] + right.runs)
    }

    /// Adds a sentence to the paragraph.
    public static func += (left: inout Prose, right: Prose) { left = left + right }
}

extension Sequence<Prose> {
    /// The parts as one clause, with words of ours between them.
    package func joined(_ separator: String) -> Prose {
        var runs: [Prose.Run] = []
        for (index, part) in enumerated() {
            if index > 0 { runs.append(.words(separator)) }
            runs += part.runs
        }
        return Prose(runs)
    }

    /// The sentences as one paragraph.
    package func paragraph() -> Prose { reduce("", +) }
}

extension Int {
    /// The number with commas between thousands: `12,345`.
    public var grouped: String {
        let digits = String(magnitude)
        if digits.utf8.count <= 3 { return String(self) }
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return (self < 0 ? "-" : "") + text
    }

    /// The number with its noun: `1 time`, `318 times`.
    public func of(_ one: String, _ many: String) -> String { "\(grouped) \(self == 1 ? one : many)" }
}

/// `2026-11-09T10:12:00Z` as `2026-11-09 10:12:00 UTC`; `nil` for a text of any other shape.
public func shownTime(_ time: String) -> String? {
    isTime(time) ? "\(time.prefix(10)) \(time.dropFirst(11).prefix(8)) UTC" : nil
}

/// Whether a text has the shape of `2026-11-09T10:12:00Z`.
private func isTime(_ text: String) -> Bool {
    let shape = "0000-00-00T00:00:00Z".utf8
    guard text.utf8.count == shape.count else { return false }
    return zip(text.utf8, shape).allSatisfy { byte, wanted in
        wanted == UInt8(ascii: "0") ? byte >= 0x30 && byte <= 0x39 : byte == wanted
    }
}
