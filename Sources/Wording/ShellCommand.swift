/// A command for the reader to run, made of words of which some came from the archive.
///
/// It is whole or absent. ``line`` is rendered here, once, for every output: what is shown is byte for byte what is copied, printable
/// ASCII alone, for bash, zsh and ksh. Where a value is not of the form that its service writes, cannot be shown faithfully, or makes
/// the line too long, there is no line, and ``leftOut`` tells why.
public struct ShellCommand: Sendable, Hashable {
    /// Programs with their words; the second runs where the first succeeded.
    private var programs: [[ShellWord]]
    /// The line to be copied; `nil` where the command is left out.
    public private(set) var line: String?
    /// Why there is no line, to be read behind "because"; empty where there is one.
    public private(set) var leftOut: Prose

    /// The bytes of a line. POSIX promises no more than these for a line of text (`LINE_MAX`), and terminals that take whole lines
    /// cut longer ones, on Linux at 4,096 bytes.
    public static let lineLimit = 2_048

    /// The call of the AWS CLI that the first program is; `nil` for another program.
    package private(set) var operation: AWSOperation?

    /// A command of these words; the first three are ours and say what it does.
    package init(_ words: [ShellWord]) {
        self.init(programs: [words])
    }

    /// A call of the AWS CLI with the words behind it.
    package init(_ operation: AWSOperation, _ words: [ShellWord] = []) {
        self.init(programs: [["aws"] + operation.words + words])
        self.operation = operation
    }

    private init(programs: [[ShellWord]]) {
        self.programs = programs
        leftOut = programs.lazy.flatMap(\.self).compactMap(\.fault).first ?? ""
        if leftOut.isEmpty { render() }
    }

    /// A command of which the line alone is known, as it was rendered before.
    package init(rendered line: String) {
        programs = []
        self.line = line
        leftOut = ""
    }

    /// Two commands of which the second is of no use without the first, as one line.
    package static func both(_ first: ShellCommand, _ second: ShellCommand) -> ShellCommand {
        var both = ShellCommand(programs: first.programs + second.programs)
        both.operation = first.operation
        return both
    }

    /// What the command does, in words of ours: `aws iam get-role`.
    public var title: String {
        let words = programs.first?.prefix(3).map(\.ours) ?? []
        return words.prefix { !$0.hasPrefix("-") && !$0.isEmpty }.joined(separator: " ")
    }

    /// The words that each program gets, for tests of what a shell makes of the line; empty where there is none.
    public var arguments: [[String]] { line == nil ? [] : programs.map(Self.merged) }

    /// The command with every value from the archive replaced.
    public func replacingValues(_ replacement: (String) -> String) -> ShellCommand {
        guard line != nil else { return self }
        var command = self
        command.programs = programs.map { $0.map { $0.replacingValues(replacement) } }
        command.render()
        return command
    }

    private mutating func render() {
        let text = programs.map { Self.merged($0).map(ShellQuoting.quoted).joined(separator: " ") }
            .joined(separator: " && ")
        let isWhole = text.utf8.count <= Self.lineLimit
        line = isWhole ? text : nil
        if !isWhole {
            leftOut =
                "its line would have \(text.utf8.count) bytes, and more than \(Self.lineLimit) cannot be pasted everywhere"
        }
    }

    /// The words as the program gets them: a value that begins with a hyphen is joined to its option, or it would be taken for one.
    private static func merged(_ words: [ShellWord]) -> [String] {
        var merged: [String] = []
        for word in words {
            for text in word.texts {
                if text.hasPrefix("-"), word.isForeign, let option = merged.last {
                    merged[merged.count - 1] = option + "=" + text
                } else {
                    merged.append(text)
                }
            }
        }
        return merged
    }
}

extension [ShellCommand] {
    /// The lines of those that are whole.
    public var lines: [String] { compactMap(\.line) }

    /// What the reader is told about those that are left out; empty where none is.
    package var leftOut: Prose {
        var text: Prose = ""
        for command in self where command.line == nil {
            text += "The command \(code: command.title) is left out, because \(command.leftOut)."
        }
        guard !text.isEmpty else { return text }
        return text + "The records contain the values: \(code: "trail403 explain GROUP --format json") tells them."
    }
}
