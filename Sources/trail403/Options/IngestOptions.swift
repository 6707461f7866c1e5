import ArgumentParser
import CompanionLogs
import TrailIngest
import Wording

/// What an ingest reads and keeps.
struct IngestOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("Folders and log files to read; - is standard input.", valueName: "path"),
        completion: .file())
    var paths: [String] = []

    @Option(
        help: ArgumentHelp(
            "Which raw records to keep in the database: denied, changes (permission changes), all or none; separate several with commas.",
            valueName: "which"),
        completion: .list(["denied", "changes", "denied,changes", "all", "none"]), transform: Self.keptRecords)
    var keepRecords: KeptRecords = [.denied, .changes]

    @Option(
        help: ArgumentHelp(
            "How many times its size a gzip file may inflate to before it is treated as a bomb.", valueName: "times"))
    var maxRatio = Ingest.Options().maximumRatio

    @Option(help: ArgumentHelp("The largest allowed record, in megabytes.", valueName: "MB"))
    var maxRecordSize = Ingest.Options().maximumRecordBytes >> 20

    @Option(
        help: ArgumentHelp(
            "What the database calls the folders named, in place of their own path: s3://bucket/ for copies of a bucket's objects.",
            valueName: "prefix"))
    var pathPrefix: String?

    @Option(
        help: ArgumentHelp(
            "The format of an API Gateway access log, as the stage has it: text with $context.requestId, $context.status and so on. Usual formats need none.",
            valueName: "format"))
    var gatewayFormat: String?

    /// Refuses a command line without a path.
    func requirePaths() throws {
        guard !paths.isEmpty else {
            throw ValidationError("name a folder or a log file to read, or - for standard input")
        }
        for path in paths {
            if let advice = RemotePath.advice(path) {
                throw ValidationError("`\(path)` is not on this machine: \(advice)")
            }
        }
    }

    mutating func validate() throws {
        guard gatewayFormat.map({ GatewayFormat($0) != nil }) ?? true else {
            throw ValidationError(
                "--gateway-format must hold $context.requestId or $context.extendedRequestId, and $context.status")
        }
        guard maxRatio > 0 else { throw ValidationError("--max-ratio must be at least 1") }
        guard (1...1024).contains(maxRecordSize) else {
            throw ValidationError("--max-record-size must be from 1 to 1024")
        }
    }

    private static func keptRecords(_ text: String) throws -> KeptRecords {
        var kept: KeptRecords = []
        for name in text.split(separator: ",") {
            switch name {
            case "denied": kept.insert(.denied)
            case "changes": kept.insert(.changes)
            case "all": kept.insert(.all)
            case "none": break
            default:
                throw ValidationError("`\(name)` is not one of denied, changes, all, none")
            }
        }
        return kept
    }

    /// The options as the ingest takes them.
    var options: Ingest.Options {
        var options = Ingest.Options()
        options.keptRecords = keepRecords
        options.maximumRatio = maxRatio
        options.pathPrefix = pathPrefix
        options.maximumRecordBytes = maxRecordSize << 20
        options.gatewayFormat = gatewayFormat.flatMap { GatewayFormat($0) }
        return options
    }
}

/// Places on other machines: trail403 reads files and has no network code.
enum RemotePath {
    /// What to do about a path that is a URL; `nil` where it is none.
    static func advice(_ path: String) -> String? {
        let name = path.lowercased()
        let folder = "AWSLogs"
        if name.hasPrefix("s3://") {
            return
                "download it first, `aws s3 sync \(ShellQuoting.quoted(path)) \(folder)`, then run `trail403 analyze \(folder)`"
        }
        if name.hasPrefix("https://") || name.hasPrefix("http://") {
            return "download it first, then run `trail403 analyze FILE`"
        }
        if name.hasPrefix("file://") { return "leave out `file://`: trail403 takes paths" }
        return nil
    }
}
