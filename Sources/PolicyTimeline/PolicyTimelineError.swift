/// Why something cannot be asked of policies, or an export cannot be read.
public struct PolicyTimelineError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong; errors are equal by it.
    public enum Code: String, Sendable {
        case unreadable, tooLarge, notJSON, notAnExport, badPrincipal, badRequest
    }

    /// What is wrong.
    public let code: Code
    /// The file; `nil` where none is to blame.
    public let file: String?
    /// One line for people.
    public let message: String

    /// A fault of a file, or of what was asked.
    public init(_ code: Code, in file: String? = nil, _ message: String) {
        self.code = code
        self.file = file
        self.message = message
    }

    /// A text for a message: its beginning, where it is longer than anybody reads.
    package static func shown(_ text: String) -> String { text.count > 200 ? String(text.prefix(200)) + "…" : text }

    /// The message behind the file's name.
    public var description: String { file.map { "`\($0)` \(message)" } ?? message }

    /// Errors are equal by their codes and files.
    public static func == (left: PolicyTimelineError, right: PolicyTimelineError) -> Bool {
        left.code == right.code && left.file == right.file
    }

    /// Equal errors hash alike.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(file)
    }
}
