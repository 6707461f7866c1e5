/// Quotes words for bash, zsh and ksh.
package enum ShellQuoting {
    /// The word such that the shell hands it on as it is, in printable ASCII.
    ///
    /// Plain words stand as they are, other ASCII in single quotes. A word with anything else in it stands in `$'…'` with every such
    /// byte in octal: three digits, always, because ksh reads on behind two hexadecimal ones. A terminal can thus neither hide,
    /// reorder, compose nor normalise a part of it.
    package static func quoted(_ word: String) -> String {
        // zsh takes `=name` for the path of a program.
        if !word.isEmpty, word.utf8.first != UInt8(ascii: "="), word.utf8.allSatisfy(isPlain) { return word }
        if word.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return "'" + spliced(word) + "'" }
        var text = "$'"
        for byte in word.utf8 {
            // A history expansion (`!`) of an interactive shell needs no quotes to be looked for.
            let isShown = byte >= 0x20 && byte < 0x7F && !"'\\!".utf8.contains(byte)
            if isShown { text.unicodeScalars.append(Unicode.Scalar(byte)) } else { text += "\\" + octal(byte) }
        }
        return text + "'"
    }

    /// Byte by byte: a quote with a combining mark behind it is still a quote to the shell.
    private static func spliced(_ word: String) -> String {
        var text = ""
        for byte in word.utf8 {
            if byte == UInt8(ascii: "'") { text += "'\\''" } else { text.unicodeScalars.append(Unicode.Scalar(byte)) }
        }
        return text
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || "-_./:=,+@".utf8.contains(byte)
    }

    private static func octal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 8)
        return String(repeating: "0", count: 3 - digits.count) + digits
    }
}
