import ArgumentParser
import CompanionLogs
import TrailIngest

/// What an ingest reads and keeps.
struct IngestOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("Folders and log files to read; - is standard input.", valueName: "path"),
        completion: .file())
    var paths: [String] = []

    @Option(
        help: ArgumentHelp(
            "Which raw records the database keeps, beside what it reads from them: denied, changes (permission changes), all or none; more than one with commas.",
            valueName: "which"),
        completion: .list(["denied", "changes", "denied,changes", "all", "none"]), transform: Self.keptRecords)
    var keepRecords: KeptRecords = [.denied, .changes]

    @Option(
        help: ArgumentHelp(
            "How many times its size a gzip file may inflate to before it is taken for a bomb.", valueName: "times"))
    var maxRatio = Ingest.Options().maximumRatio

    @Option(help: ArgumentHelp("How many megabytes a single record may have.", valueName: "MB"))
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
                throw ValidationError("`\(name)` is none of denied, changes, all, none")
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
