import AccessDenial
import Causes
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// Step 7 of the guide: logs.
enum LogStep {
    package static let rows: [Checklist.Row] = [
        Checklist.Row(step: 7, id: "cloudtrail", question: "Does CloudTrail's error message give the reason?") {
            inputs in
            if inputs.group.companion != nil {
                return .notVisible("No event of CloudTrail in this archive has these calls.")
            }
            if let finding = inputs.finding(.messageTruncated, .reasonUnstated) {
                return .notVisible(
                    "\(finding.title).",
                    look: inputs.group.authorizationIDs > 0
                        ? "For 24 hours after a denial, its authorization id gives access to the details."
                        : finding.code == .messageTruncated || inputs.group.truncatedDenials > 0
                            ? "The caller's own log may have the whole message." : "")
            }
            return .found("It does: \(words: inputs.group.reason.title).")
        },
        Checklist.Row(step: 7, id: "application-logs", question: "What do the application's own logs say?") { inputs in
            if let finding = inputs.finding(.seenByApplicationOnly) { return .found(finding) }
            let seen = inputs.facts.sightings.filter { $0.layer == .application }
            if !seen.isEmpty {
                let count = seen.reduce(0) { $0 + $1.count }
                let places = Set(seen.map(\.place)).sorted()
                return .found(
                    "\(list: places, limit: 3) \(words: places.count == 1 ? "has" : "have") \(words: count == 1 ? "one" : count.grouped) of these refusals, in AWS's words."
                )
            }
            let isCovered = inputs.facts.otherLogs.cover(
                ["application", "lambda"], from: inputs.group.firstSeen, to: inputs.group.lastSeen)
            let functions = Set(inputs.group.sessions.compactMap(\.issuingResource)).sorted().compactMap {
                text -> (name: String, region: String)? in
                guard let arn = ARN(text), arn.service == "lambda" else { return nil }
                return arn.resource.split(separator: ":").dropFirst().first.map { (String($0), arn.region) }
            }
            return .notVisible(
                isCovered
                    ? "The application logs in this archive reach over that time and have none of these calls."
                    : "They are not in CloudTrail.", look: "See CloudWatch Logs of the function, task or gateway.",
                commands: functions.prefix(2).map {
                    ShellCommand(
                        .logsTail,
                        [
                            ShellWord([.ours("/aws/lambda/"), .value($0.name, .name("the function's name"))]),
                            "--filter-pattern", "403", "--since", "1d",
                        ] + ShellWord.region($0.region))
                })
        },
    ]
}
