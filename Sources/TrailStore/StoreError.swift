/// Why the database cannot be used.
public struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What went wrong, as a stable code; two errors are equal when their codes are.
    public enum Code: String, Sendable {
        /// There is no file at the path.
        case missing
        /// The file is no SQLite database, or one of another program.
        case foreign
        /// A newer trail403 wrote the file.
        case newer
        /// An older trail403 wrote the file, and it cannot be read through a copy.
        case older
        /// The file's schema holds what trail403 did not make, so that it is not written.
        case altered
        /// The file or its folder cannot be read or written.
        case inaccessible
        /// The disk is full.
        case full
        /// Another program holds the database.
        case busy
        /// SQLite reports damage.
        case damaged
        /// A raw record was not kept, and its log file does not give it back.
        case recordUnavailable
        /// Any other failure of SQLite.
        case sqlite
    }

    /// What went wrong, for programs.
    public let code: Code
    /// One line, with what to do next where there is something to do.
    public let description: String

    /// An error with its one-line text.
    public init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    /// Two errors are equal when their codes are.
    public static func == (left: StoreError, right: StoreError) -> Bool { left.code == right.code }
}
