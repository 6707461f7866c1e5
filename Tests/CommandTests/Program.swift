import Foundation
import Synchronization

/// The real binary, run as a user runs it.
struct Program {
    /// What a run printed and how it ended.
    struct Result {
        var status: Int32
        var output: String
        var errors: String
    }

    /// The project's folder.
    static let projectFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The binary that was built with these tests.
    static var binary: URL {
        // The test runner's own program stands beside the products.
        let runner = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            .deletingLastPathComponent()
        let candidates = [runner, Bundle.main.bundleURL, Bundle.main.bundleURL.deletingLastPathComponent()]
            .map { $0.appendingPathComponent("trail403") }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) }
            ?? projectFolder.appendingPathComponent(".build/debug/trail403")
    }

    /// Runs the binary in `folder`, to its end.
    static func run(
        _ arguments: [String], in folder: String, environment: [String: String] = [:], input: Data = Data()
    ) throws -> Result {
        try run(binary.path, arguments, in: folder, environment: environment, input: input)
    }

    /// Runs any program.
    static func run(
        _ program: String, _ arguments: [String], in folder: String, environment: [String: String] = [:],
        input: Data = Data()
    ) throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        var variables = ProcessInfo.processInfo.environment
        variables["TRAIL403_DATABASE"] = nil
        variables["COLUMNS"] = "100"
        // Reports of the same facts are to be the same.
        variables["SOURCE_DATE_EPOCH"] = "1795651200"
        variables.merge(environment) { $1 }
        process.environment = variables
        let output = Pipe()
        let errors = Pipe()
        let stdin = Pipe()
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = stdin
        let collected = Mutex(Data())
        try process.run()
        let thread = Thread {
            let data = errors.fileHandleForReading.readDataToEndOfFile()
            collected.withLock { $0 = data }
        }
        thread.start()
        let feeder = Thread {
            do {
                try stdin.fileHandleForWriting.write(contentsOf: input)
                try stdin.fileHandleForWriting.close()
            } catch {
                // The program need not read all of its input.
                return
            }
        }
        feeder.start()
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        while !thread.isFinished { usleep(1000) }
        return Result(
            status: process.terminationReason == .uncaughtSignal
                ? 128 + process.terminationStatus : process.terminationStatus,
            output: String(decoding: printed, as: UTF8.self),
            errors: String(decoding: collected.withLock { $0 }, as: UTF8.self))
    }
}
