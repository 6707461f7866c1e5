import AccessDenial
public import IAMPolicy
import TrailStore

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
    /// AWS CLI commands for the reader to run, each one line, safely quoted. Commands that change something come after those
    /// that only show.
    public var commands: [String]
    /// The least that has to be allowed; `nil` where an Allow would not help.
    public var policy: PolicyDocument?

    /// A remedy.
    public init(_ kind: Kind, _ text: Prose, commands: [String] = [], policy: PolicyDocument? = nil) {
        self.kind = kind
        self.text = text
        self.commands = commands
        self.policy = policy
    }
}
