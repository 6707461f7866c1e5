import AccessDenial

/// Commands that close what an archive lacks. Words in capitals are the reader's to replace: nothing in an archive names the trail or
/// its bucket.
enum GapCommand {
    /// Makes a trail record data events of these types beside management events.
    ///
    /// A selector takes one type. Source: "Logging data events" in the AWS CloudTrail user guide, `resources.type`.
    static func recordDataEvents(of types: [String]) -> String {
        let selectors = types.map {
            #"{"Name":"\#($0)","FieldSelectors":[{"Field":"eventCategory","Equals":["Data"]},{"Field":"resources.type","Equals":["\#($0)"]}]}"#
        }
        let management = #"{"Name":"management","FieldSelectors":[{"Field":"eventCategory","Equals":["Management"]}]}"#
        return
            "aws cloudtrail put-event-selectors --trail-name TRAIL --advanced-event-selectors '[\(([management] + selectors).joined(separator: ","))]'"
    }

    /// Copies an account's log files of a Region, of a month or day (`2026/11`) where one is given.
    static func copyLogFiles(account: String?, region: String, date: String = "") -> String {
        // Both come from the archive: what is none is not pasted into a shell.
        let account = account.flatMap { $0.utf8.count == 12 && $0.allSatisfy(\.isNumber) ? $0 : nil } ?? "ACCOUNT"
        let region = AWSRegion.isCode(region) ? region : "REGION"
        let path = "AWSLogs/\(account)/CloudTrail/\(region)/" + (date.isEmpty ? "" : "\(date)/")
        return "aws s3 sync s3://BUCKET/\(path) ./\(path) && trail403 ingest ./\(path)"
    }

    /// Names what could not be read.
    static let showIssues = #"trail403 sql "SELECT path, record, code, message FROM ingestIssue""#
}
