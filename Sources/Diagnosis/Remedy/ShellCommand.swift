import IAMPolicy
import OrderedJSON

/// Builds a command line from words of which some came from the archive.
enum ShellCommand {
    /// The words as one line for a POSIX shell; words that need it are quoted.
    ///
    /// `nil` when a word holds an invisible or control scalar: nobody should paste what they cannot see.
    static func line(_ words: [String]) -> String? {
        var quoted: [String] = []
        for word in words {
            guard word.unicodeScalars.allSatisfy(\.isShownAsItself) else { return nil }
            quoted.append(quote(word))
        }
        return quoted.joined(separator: " ")
    }

    /// Scalar by scalar: a quote with a combining mark behind it is still a quote to the shell.
    private static func escaped(_ word: String) -> String {
        var text = ""
        for scalar in word.unicodeScalars {
            if scalar == "'" { text += "'\\''" } else { text.unicodeScalars.append(scalar) }
        }
        return text
    }

    private static func quote(_ word: String) -> String {
        let plain =
            !word.isEmpty
            && word.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || "-_./:=,+@".utf8.contains(byte)
            }
        return plain ? word : "'" + escaped(word) + "'"
    }
}
