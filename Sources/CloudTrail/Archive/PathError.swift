/// A path on the command line that leads to nothing.
package struct PathError: Error, Sendable, Equatable, CustomStringConvertible {
    package var path: LogFilePath
    /// The cause, such as `no such file or folder`.
    package var reason: String

    /// One line for a usage error.
    package var description: String { "cannot read `\(path.displayName)`: \(reason)" }
}
