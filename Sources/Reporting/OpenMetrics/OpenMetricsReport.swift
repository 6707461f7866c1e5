import AccessDenial
import Diagnosis
import IAMPolicy
import Remedies
import TrailStore

extension Report {
    /// The report as OpenMetrics text, for the textfile collector of Prometheus' node exporter.
    ///
    /// All are gauges: they tell what the database and the report's filter hold now, and may fall. Source: "OpenMetrics, a
    /// cloud-native, highly scalable metrics protocol", section "Text format".
    public func openMetrics() -> String {
        var output = ""
        func family(
            _ name: String, _ help: String, unit: String? = nil,
            _ samples: [(labels: [(String, String)], value: String)]
        ) {
            output += "# TYPE trail403_\(name) gauge\n"
            if let unit { output += "# UNIT trail403_\(name) \(unit)\n" }
            output += "# HELP trail403_\(name) \(help)\n"
            for sample in samples {
                let labels = sample.labels.map { "\($0.0)=\"\(Self.labelValue($0.1))\"" }.joined(separator: ",")
                output += "trail403_\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(sample.value)\n"
            }
        }
        func number(_ name: String, _ help: String, _ value: Int) { family(name, help, [([], String(value))]) }

        family("denials", "Denials by service, action, reason and policy type.", counts { $0.group.denials })
        family(
            "new_denials", "Denials that the last report of the name has not told; without one, all.",
            counts(\.newDenials))
        if !otherLogs.reach.isEmpty {
            family(
                "refusals", "Refusals that no event of CloudTrail tells, by layer and reason.",
                refusals { $0.group.denials })
            family(
                "new_refusals", "Those of them that the last report of the name has not told; without one, all.",
                refusals(\.newDenials))
        }
        family(
            "denial_groups", "Denial groups by whether their calls work by now.",
            DiagnosedGroup.Status.allCases.map { status in
                ([("status", status.rawValue)], String(groups.count { $0.status == status }))
            })
        family(
            "incidents", "Incidents, groups that share a root cause, by state.",
            Incident.State.allCases.map { state in
                ([("state", state.rawValue)], String(incidents.count { $0.state == state }))
            })
        if previous != nil {
            family(
                "incident_transitions",
                "Incidents of this report by what became of them since the last one of the name.",
                Transition.allCases.map { transition in
                    (
                        [("transition", transition.rawValue)],
                        String(incidents.count { $0.transition == transition })
                    )
                })
        }
        number(
            "omitted_aws_service_denials", "Denials of AWS services, left out of the report.", omitted.awsServiceDenials
        )
        number("log_files", "Log files in the database.", coverage.logFiles)
        number("records", "Records read.", coverage.records)
        number("events", "Distinct events in the database.", coverage.events)
        number("pruned_events", "Events that trail403 prune has deleted.", coverage.prunedEvents)
        number("skipped_records", "Records that could not be read.", coverage.skipped)
        number("ingest_issues", "Rows of the table ingestIssue.", coverage.issues)
        func time(_ name: String, _ help: String, _ text: String?) {
            guard let seconds = text.flatMap({ Timestamp.seconds($0) }) else { return }
            family(name, help, unit: "seconds", [([], String(seconds))])
        }
        time("last_ingest_timestamp_seconds", "When the last log file was ingested, since 1970.", coverage.lastIngest)
        time("last_event_timestamp_seconds", "Time of the last event, since 1970.", coverage.to)
        return output + "# EOF\n"
    }

    /// One sample for each service, action, reason and policy type, in their order.
    private func counts(_ denials: (DiagnosedGroup) -> Int) -> [(labels: [(String, String)], value: String)] {
        var sums: [[String]: Int] = [:]
        for group in groups where group.group.companion == nil {
            let facts = group.group
            let key = [facts.eventSource, facts.action, facts.reason.slug, facts.reason.policyType?.rawValue ?? ""]
            sums[key, default: 0] += denials(group)
        }
        return sums.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { key, value in
            (zip(["service", "action", "reason", "policy_type"], key).map { ($0, $1) }, String(value))
        }
    }

    /// One sample for each layer and reason.
    private func refusals(_ count: (DiagnosedGroup) -> Int) -> [(labels: [(String, String)], value: String)] {
        var sums: [[String]: Int] = [:]
        for group in groups {
            guard let layer = group.group.companion?.layer else { continue }
            sums[[layer.rawValue, group.group.reason.slug], default: 0] += count(group)
        }
        return sums.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { key, value in
            (zip(["layer", "reason"], key).map { ($0, $1) }, String(value))
        }
    }

    /// A label's value: made visible, with backslash, quote and line feed escaped.
    private static func labelValue(_ text: String) -> String {
        var result = ""
        for scalar in VisibleText.visible(text).unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
