import IAMPolicy
import OrderedJSON

/// The one place where text from the archive is made fit to be shown.
///
/// Names, agents, paths and messages are an attacker's to choose. Every renderer passes every string through here; each then
/// adds what its own format needs (``TerminalText``, ``MarkdownText``, ``CSVText``, ``HTMLText``).
package enum VisibleText {
    /// How many scalars of one value are shown. CloudTrail cuts messages and agents at 1 KB, so only mischief is longer.
    static let lengthLimit = 2_048
    /// How many combining marks may pile up on one character.
    static let markLimit = 4

    /// Whether the text is printable ASCII of no more than ``lengthLimit`` characters, which is shown as it is.
    static func isPlain(_ text: String) -> Bool {
        text.utf8.count <= lengthLimit && text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    }

    /// The text with every scalar that is not shown as itself (control, C1, bidirectional, zero-width, private, unassigned, …)
    /// as a visible escape such as `\u{202E}`, marks piled up beyond reason likewise, and cut at ``lengthLimit``.
    package static func visible(_ text: String) -> String {
        if isPlain(text) { return text }
        var shown = ""
        var marks = 0
        for (index, scalar) in text.unicodeScalars.enumerated() {
            if index == lengthLimit {
                shown += "... (\((text.unicodeScalars.count - lengthLimit)) more)"
                break
            }
            marks = isMark(scalar) ? marks + 1 : 0
            if scalar.isShownAsItself, marks <= markLimit {
                shown.unicodeScalars.append(scalar)
            } else {
                shown += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            }
        }
        return shown
    }

    /// How many bytes of a policy are shown; no policy that AWS takes is as large.
    static let policyLimit = 131_072

    /// The lines of a policy's JSON text as they are shown: whole, so that they can be copied, or with a line that says where the whole
    /// is. JSON text has escapes of its own for what is not shown as itself; marks piled up beyond reason get them, too.
    package static func policyLines(_ text: String) -> [String] {
        var lines: [String] = []
        var size = 0
        for line in text.split(separator: "\n") {
            size += line.utf8.count + 1
            if size > policyLimit {
                lines.append(
                    "(cut here: the policy has \(text.utf8.count) bytes; --format json gives it whole)")
                break
            }
            lines.append(withoutPiles(line))
        }
        return lines
    }

    private static func withoutPiles(_ json: Substring) -> String {
        if json.utf8.allSatisfy({ $0 < 0x80 }) { return String(json) }
        var shown = ""
        var marks = 0
        for scalar in json.unicodeScalars {
            marks = isMark(scalar) ? marks + 1 : 0
            if marks <= markLimit {
                shown.unicodeScalars.append(scalar)
            } else {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    shown += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
        return shown
    }

    /// Whether the text holds nothing that ``visible(_:)`` would change.
    package static func isVisible(_ text: String) -> Bool { visible(text) == text }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .spacingMark: true
        default: false
        }
    }
}
