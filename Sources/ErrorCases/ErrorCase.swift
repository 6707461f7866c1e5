import AccessDenial
public import CompanionLogs
import Diagnosis
public import Findings
import IAMPolicy
public import Wording

/// One error message in hand: what refused, what to look at and to do, and which logs would show the rest. It needs no archive.
public struct ErrorCase: Sendable, Hashable {
    /// What the text tells.
    public var error: ErrorText
    /// What refused.
    public var refuser: Refuser
    /// What happened, in one line.
    public var title: Prose
    /// What that means.
    public var explanation: Prose
    /// What to do, with commands that look and the least that has to be allowed.
    public var remedy: Remedy
    /// The logs that would show more, the most telling first.
    public var logs: [LogSource]

    /// The case of an error message.
    ///
    /// - Parameter time: when it happened, in seconds since 1970, where the text does not tell.
    public init(_ text: ErrorText, time: Int64? = nil) {
        var error = text
        error.time = time ?? error.time
        self.error = error
        refuser = Refuser(error)
        let story = ErrorStory(error, refuser)
        title = story.title
        explanation = story.explanation
        remedy = story.remedy
        logs = LogSource.sources(of: error, refuser)
    }
}
