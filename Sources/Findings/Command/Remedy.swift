import AccessDenial
public import IAMPolicy
import RecordedChanges
import TrailStore
public import Wording

/// What to do about a denial group.
public struct Remedy: Sendable, Hashable {
    /// What kind of thing has to change.
    public enum Kind: String, Sendable, CaseIterable, Codable {
        /// A policy must be added or edited.
        case policy
        /// A command undoes, or shows, what was changed.
        case command
        /// Something else must be set: credentials, a Region, an account.
        case setting
        /// Nothing that the user can change brings the call back, or nothing needs to change.
        case none
    }

    /// What has to change.
    public var kind: Kind
    /// What to do, who can do it, and what may come next.
    public var text: Prose
    /// AWS CLI commands for the reader to run. Commands that change something come after those that only show. Those that have to be
    /// left out are told in ``text``.
    public var commands: [ShellCommand]
    /// The least that has to be allowed; `nil` where an Allow would not help.
    public var policy: PolicyDocument?
    /// The least that keeps working where names change from call to call; `nil` where none does.
    public var workable: PolicyDocument?
    /// A statement of a guardrail with an exception for what was refused; `nil` where none is known to help.
    public var edit: StatementEdit?

    /// A remedy.
    public init(_ kind: Kind, _ text: Prose, commands: [ShellCommand] = [], policy: PolicyDocument? = nil) {
        self.kind = kind
        self.text = text
        self.commands = commands
        self.policy = policy
    }
}

extension Remedy {
    /// What stands beside the least policy, each with a line above it: JSON text that is safe to show.
    public var parts: [(title: String, lines: [String])] {
        let wider = workable.map {
            [
                (
                    "For names that change:",
                    $0.text.split(separator: "\n").map(String.init)
                )
            ]
        }
        return (wider ?? []) + (edit?.parts ?? [])
    }
}
