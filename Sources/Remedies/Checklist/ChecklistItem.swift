public import Wording

/// One row of the troubleshooting guide's checklist, answered for one denial group.
public struct ChecklistItem: Sendable, Hashable {
    /// What became of the question.
    public enum Mark: String, Sendable, CaseIterable, Codable {
        /// The trail shows it, and it bears on these denials.
        case found
        /// The trail shows that it is not the cause of these denials.
        case ruledOut = "ruled-out"
        /// CloudTrail does not record it, or this archive does not hold what would tell.
        case notVisible = "not-visible"
    }

    /// A stable name that scripts may rely on.
    public var id: String
    /// The guide's step, 1 to 9.
    public var step: Int
    /// The question in a few words.
    public var question: String
    /// What became of the question.
    public var mark: Mark
    /// Why it is marked so: one or two sentences.
    public var note: Prose
    /// Where to look instead, or in addition: logs and settings that CloudTrail does not hold. Empty where there is nothing to add.
    public var look: Prose
    /// Commands that show it; each one line, safely quoted.
    public var commands: [ShellCommand]

    /// An answered row.
    public init(
        id: String, step: Int, question: String, mark: Mark, note: Prose, look: Prose = "",
        commands: [ShellCommand] = []
    ) {
        self.id = id
        self.step = step
        self.question = question
        self.mark = mark
        self.note = note
        self.look = look
        self.commands = commands
    }
}
