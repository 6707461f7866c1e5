import ArgumentParser
import Foundation

/// Which database.
struct DatabaseOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The SQLite file (default: TRAIL403_DATABASE, else trail403.sqlite in the working directory).",
            valueName: "file"), completion: .file())
    var database: String?

    /// The file's path.
    var path: String {
        if let database { return database }
        if let variable = ProcessInfo.processInfo.environment["TRAIL403_DATABASE"], !variable.isEmpty {
            return variable
        }
        return "trail403.sqlite"
    }
}

/// Chooses between what is printed beside results.
struct QuietOption: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Print results and errors only.")
    var quiet = false
}
