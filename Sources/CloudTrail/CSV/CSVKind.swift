/// Where a CSV comes from, which decides what it can tell.
package enum CSVKind: String, Sendable, CaseIterable {
    /// The console's event history: no error messages, ARNs or parameters, so no denial in it has a reason.
    case eventHistory = "event-history-csv"
    /// A result of CloudTrail Lake or Athena.
    case queryResult = "query-result-csv"
}
