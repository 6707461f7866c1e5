import AccessDenial
import Causes
import Diagnosis
import Remedies
import TrailStore
import Wording

/// What an archive cannot show, so that silence is not taken for good news.
enum CoverageNotes {
    static func notes(_ coverage: Coverage, window: Report.Window, eventSources: [String]?) -> [Report.Note] {
        guard coverage.events > 0 else {
            return [Report.Note("no-events", "The database holds no events, so there is nothing to report on.")]
                + [skipped(coverage)].compactMap(\.self)
        }
        return [
            DataEventService.note(DataEventService.missing(coverage, eventSources: eventSources)),
            outsideWindow(coverage, window), iam(coverage), organizations(coverage),
            unworded(coverage), untold(coverage), doubles(coverage), gaps(coverage), pruned(coverage),
            skipped(coverage),
        ].compactMap(\.self)
    }

    /// Seconds after the begin of an archive up to which a first denial may well have had others before it.
    private static let beginning: Int64 = 86_400

    /// Groups that were refused already as the archive begins, and of which it holds no cause.
    static func older(_ groups: [DiagnosedGroup], from: String?) -> [DiagnosedGroup] {
        guard let start = from.flatMap({ Timestamp.seconds($0) }) else { return [] }
        let end = Timestamp.text(start + beginning)
        return groups.parallelParts { groups in
            groups.filter {
                !$0.blamesChange && $0.group.category == .authorization && $0.group.lastSuccessBefore == nil
                    && $0.group.firstDenial < end
            }
        }
    }

    static func older(_ groups: [DiagnosedGroup], _ coverage: Coverage) -> Report.Note? {
        let older = older(groups, from: coverage.from)
        guard let from = coverage.from, !older.isEmpty else { return nil }
        let span = coverage.to.flatMap { Timestamp.seconds($0) }.flatMap { end in
            Timestamp.seconds(from).map { end - $0 }
        }
        // An archive of hours has no first day.
        let when: Prose =
            span.map { $0 < beginning } ?? false
            ? "as the archive begins, at \(time: from)"
            : "on the first day of the archive, which starts at \(time: from)"
        return Report.Note(
            "denials-older-than-archive",
            "\(words: older.count.of("group was", "groups were")) already refused \(when), so the cause may lie before it. Ingest older log files.",
            command: GapCommand.copyLogFiles(
                account: older.first?.group.accounts.first?.value, region: older.first?.group.regions.first?.value ?? ""
            ))
    }

    private static func outsideWindow(_ coverage: Coverage, _ window: Report.Window) -> Report.Note? {
        guard let first = coverage.from, let last = coverage.to else { return nil }
        let isBehind = window.from.map { $0 > last } ?? false
        let isBefore = window.to.map { $0 < first } ?? false
        guard isBehind || isBefore else { return nil }
        return Report.Note(
            "window-outside-archive",
            isBehind
                ? "The window starts after the archive's last event; the archive covers \(time: first) to \(time: last)."
                : "The window ends before the archive's first event; the archive covers \(time: first) to \(time: last)."
        )
    }

    private static func iam(_ coverage: Coverage) -> Report.Note? {
        guard !has("iam.amazonaws.com", coverage) else { return nil }
        let partition = GlobalService.partition(ofRegions: coverage.regions)
        let region = GlobalService.regionOfIAM(partition: partition) ?? "us-east-1"
        let why: Prose =
            coverage.regions.contains(region)
            ? "The archive has no IAM events."
            : "The archive has no events from \(words: region), the only Region where IAM events are recorded."
        return Report.Note(
            "iam-events-missing", why + "Changes to users, roles and policies are not visible in it.",
            command: GapCommand.copyLogFiles(account: coverage.accounts.first, region: region))
    }

    private static func organizations(_ coverage: Coverage) -> Report.Note? {
        guard !has("organizations.amazonaws.com", coverage) else { return nil }
        let partition = GlobalService.partition(ofRegions: coverage.regions)
        let region = GlobalService.regionOfOrganizations(partition: partition) ?? "us-east-1"
        return Report.Note(
            "organizations-events-missing",
            "The archive has no AWS Organizations events; only the management account records them, in \(words: region). Changes to service and resource control policies are not visible in it.",
            command: GapCommand.copyLogFiles(account: nil, region: region)
                .replacing("ACCOUNT", with: "MANAGEMENT-ACCOUNT"))
    }

    private static func unworded(_ coverage: Coverage) -> Report.Note? {
        guard coverage.unwordedDenials > 0 else { return nil }
        let isOne = coverage.unwordedDenials == 1
        return Report.Note(
            "history-csv-no-reasons",
            "\(words: coverage.unwordedDenials.of("denial comes", "denials come")) from an export without error messages, such as an Event history download as CSV or a query that does not select errorMessage, so \(words: isOne ? "its reason is" : "their reasons are") unknown. Ingest the log files themselves; CloudTrail's own records replace such rows."
        )
    }

    private static func untold(_ coverage: Coverage) -> Report.Note? {
        guard coverage.untoldOutcomes > 0 else { return nil }
        let isOne = coverage.untoldOutcomes == 1
        return Report.Note(
            "outcome-untold",
            "\(words: coverage.untoldOutcomes.of("event comes", "events come")) from an export without an error column, so it is unknown whether \(words: isOne ? "the call" : "the calls") succeeded; \(words: isOne ? "it counts" : "they count") neither as \(words: isOne ? "a denial nor as a success" : "denials nor as successes"). Ingest the log files themselves, or a query result that includes errorCode and errorMessage."
        )
    }

    private static func doubles(_ coverage: Coverage) -> Report.Note? {
        guard coverage.possibleDoubles > 0 else { return nil }
        return Report.Note(
            "possible-doubles",
            "\(words: coverage.possibleDoubles.of("event has", "events have")) no eventID and may be counted twice: \(words: coverage.possibleDoubles == 1 ? "it is" : "they are") like others of the same second, but \(words: coverage.possibleDoubles == 1 ? "has" : "have") too few fields to be sure. Select eventID in the query and ingest its result into a new database."
        )
    }

    private static func gaps(_ coverage: Coverage) -> Report.Note? {
        guard let first = coverage.gaps.first else { return nil }
        return Report.Note(
            "delivery-gap",
            "\(words: coverage.gaps.count.of("gap", "gaps")) in delivery, the first in account \(first.accountId), \(first.awsRegion), from \(time: first.from) to \(time: first.to). Denials from those times are missing.",
            command: GapCommand.copyLogFiles(
                account: first.accountId, region: first.awsRegion,
                date: String(first.from.prefix(7)).replacing("-", with: "/")))
    }

    private static func pruned(_ coverage: Coverage) -> Report.Note? {
        guard let time = coverage.prunedBefore else { return nil }
        return Report.Note(
            "events-pruned",
            "Events before \(time: time) were deleted (\(code: "trail403 prune")). The view \("denialGroup") still counts their denials; this report does not."
        )
    }

    private static func skipped(_ coverage: Coverage) -> Report.Note? {
        guard coverage.issues > 0 || coverage.skipped > 0 else { return nil }
        var text: Prose = "Some input could not be read: \(words: coverage.skipped.of("record", "records")) skipped"
        text = "\(text), \(words: coverage.issues.of("issue", "issues")) noted (table \("ingestIssue"))."
        return Report.Note(
            "input-skipped", text + "Any denials in it are missing here.", command: GapCommand.showIssues)
    }

    private static func has(_ source: String, _ coverage: Coverage) -> Bool {
        coverage.services.contains { $0.eventSource == source && $0.events > 0 }
    }
}
