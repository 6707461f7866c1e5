/// What a log file turned out to hold, told by its content alone.
public enum LogFileKind: String, Sendable, CaseIterable {
    /// Events as a trail delivers them, or the same records as an array, JSON lines or one object after the other.
    case cloudTrail = "CloudTrail"
    /// A digest file, which signs other log files and holds no events.
    case cloudTrailDigest = "CloudTrail-Digest"
    /// CloudTrail Insights events only.
    case cloudTrailInsight = "CloudTrail-Insight"
    /// Aggregated data events only.
    case cloudTrailAggregated = "CloudTrail-Aggregated"
    /// Network activity events only.
    case cloudTrailNetworkActivity = "CloudTrail-NetworkActivity"
    /// Output of `aws cloudtrail lookup-events`.
    case lookupEvents = "lookup-events"
    /// EventBridge envelopes with the record under `detail`.
    case eventBridge = "event-bridge"
    /// CloudWatch Logs: log events, a subscription's batches, or an export to S3.
    case cloudWatchLogs = "cloudwatch-logs"
    /// Amazon SNS notifications or Amazon SQS messages whose text holds records.
    case sns
    /// The CSV file that the console's Event history downloads.
    case eventHistoryCSV = "event-history-csv"
    /// A result of CloudTrail Lake or Athena.
    case queryResultCSV = "query-result-csv"
    /// The answer of `get-query-results` of Athena, CloudTrail Lake or CloudWatch Logs Insights, or rows that Athena unloaded as JSON.
    case queryResultJSON = "query-result-json"
    /// CloudTrail's events in the schema of Amazon Security Lake.
    case ocsf
    /// Nothing that trail403 can read.
    case unrecognised
}
