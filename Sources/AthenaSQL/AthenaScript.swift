import PolicyTimeline

/// The statements with which Athena finds what an ingest is to explain: the table, the view `denial`, and the unloading of the raw events
/// that were refused or changed permissions.
public struct AthenaScript: Sendable {
    /// One statement with what it is for.
    public struct Statement: Sendable, Hashable {
        /// What it does, in a few words.
        public var title: String
        /// The statement, without a semicolon.
        public var sql: String
    }

    private let location: TrailLocation
    private let firstDay: String
    private let days: ClosedRange<String>
    private let output: String

    /// The longest statement that Athena takes, in bytes. Source: "Service Quotas" in the Athena user guide.
    public static let maximumStatement = 262_144

    /// A script.
    ///
    /// - Parameters:
    ///   - location: where the log files lie.
    ///   - firstDay: the first day that has log files, `yyyy/MM/dd`.
    ///   - days: the days that are unloaded, likewise.
    ///   - output: an S3 folder for what is unloaded; `nil` for one beside the archive.
    public init(
        _ location: TrailLocation, firstDay: String, days: ClosedRange<String>, output: String? = nil
    ) throws(TrailLocation.Fault) {
        self.location = location
        self.firstDay = firstDay
        self.days = days
        if let output {
            guard output.hasPrefix("s3://"), output.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x27 }) else {
                throw TrailLocation.Fault(
                    description: "`\(output)` is no folder of a bucket: it has the form s3://bucket/folder/")
            }
            self.output = output.hasSuffix("/") ? output : output + "/"
        } else {
            let bucket = location.folder.split(separator: "/").dropFirst().first.map(String.init) ?? ""
            self.output = "s3://\(bucket)/trail403/\(days.lowerBound.replacing("/", with: "-"))/"
        }
    }

    /// Where the unloaded events lie.
    public var outputFolder: String { output }

    /// The statements, in the order in which they are run.
    public var statements: [Statement] {
        [
            Statement(
                title: "A table over the log files; nothing is copied, and partitions need no crawler",
                sql: TrailTable(location, firstDay: firstDay).statement),
            Statement(title: "Who was refused what, as `trail403 ingest` reads it", sql: DenialQuery.view),
            Statement(
                title: "The refused calls and the changes of permissions of these days, for `trail403 ingest`",
                sql: unload),
        ]
    }

    private var partitions: String {
        let accounts =
            location.accounts.isEmpty ? "account = '111122223333'" : "account IN \(SQLText.list(location.accounts))"
        let regions = location.regions.isEmpty ? "" : " AND region IN \(SQLText.list(location.regions))"
        return
            "\(accounts)\(regions)\n  AND day BETWEEN \(SQLText.literal(days.lowerBound)) AND \(SQLText.literal(days.upperBound))"
    }

    private var unload: String {
        let changes = ChangeCatalogue.events.map { "\($0.source) \($0.name)" }
        return """
            UNLOAD (
            SELECT \(TrailTable.columns.map(\.name).joined(separator: ", "))
            FROM \(TrailTable.name)
            WHERE \(partitions)
              AND (errorcode IS NOT NULL OR errormessage IS NOT NULL
                OR eventname IN ('ConsoleLogin', 'CheckMfa', 'SwitchRole')
                OR eventsource || ' ' || regexp_replace(eventname, '\(DenialQuery.version)', '') IN (
                  \(Set(changes).sorted().map(SQLText.literal).joined(separator: ", "))))
            )
            TO \(SQLText.literal(output))
            WITH (format = 'JSON', compression = 'gzip')
            """
    }
}
