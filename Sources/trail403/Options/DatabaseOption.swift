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
        database ?? Self.standardPath()
    }

    /// The path where none is named.
    static func standardPath(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
        guard let variable = environment["TRAIL403_DATABASE"], !variable.isEmpty else { return "trail403.sqlite" }
        return variable
    }
}

/// Chooses between what is printed beside results.
struct QuietOption: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Print results and errors only.")
    var quiet = false
}
