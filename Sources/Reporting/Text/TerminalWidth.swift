/// How many columns text takes on a terminal.
///
/// Combining marks take none, East Asian wide and emoji characters two, all else one. Source: Unicode Standard Annex 11, "East
/// Asian Width", by its larger blocks: terminals differ in the rest.
package enum TerminalWidth {
    /// How many columns a text takes.
    package static func columns(_ text: some StringProtocol) -> Int {
        text.unicodeScalars.reduce(0) { $0 + columns($1) }
    }

    /// How many rows of a terminal whole lines take: a line that is too long goes on in the next row. Colours take no room.
    package static func rows(_ text: String, columns width: Int) -> Int {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty ?? false { lines.removeLast() }
        return lines.reduce(0) { rows, line in
            let shown = line.utf8.contains(0x1B) ? line.replacing(#/\u{1B}\[[0-9;]*m/#, with: "") : line
            return rows + max(1, (columns(shown) - 1) / max(width, 1) + 1)
        }
    }

    /// The longest start of the text that takes no more than so many columns.
    static func cut(_ text: Substring, columns limit: Int) -> Substring {
        var taken = 0
        var end = text.startIndex
        for index in text.indices {
            let next = text.index(after: index)
            taken += columns(text[index..<next])
            if taken > limit { break }
            end = next
        }
        return text[..<end]
    }

    static func columns(_ scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: return wide.contains { $0.contains(scalar.value) } ? 2 : 1
        }
    }

    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x25FD...0x25FE, 0x2614...0x2615,
        0x2648...0x2653, 0x26AA...0x26AB, 0x26BD...0x26BE, 0x2705...0x2705, 0x274C...0x274C, 0x2753...0x2755,
        0x2795...0x2797, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
        0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
        0x16FE0...0x18AFF, 0x1AFF0...0x1B2FF, 0x1F004...0x1F004, 0x1F0CF...0x1F0CF, 0x1F18E...0x1F19A,
        0x1F200...0x1F320, 0x1F32D...0x1F64F, 0x1F680...0x1F6FF, 0x1F7E0...0x1F7EB, 0x1F90C...0x1FAFF,
        0x20000...0x3FFFD,
    ]
}
