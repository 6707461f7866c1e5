import Diagnosis
import IAMPolicy
import OrderedJSON
public import TrailStore
import Wording

/// What is in a database: the answer of `trail403 status`.
public struct StatusReport: Sendable, Hashable {
    private let database: String
    private let coverage: Coverage
    private let notes: [Report.Note]
    private let issues: [Counted<String>]
    private let shapes: [Counted<String>]
    private let check: CheckFacts?
    private let otherFiles: [OtherFileRow]
    private let listsFiles: Bool

    /// A status.
    ///
    /// - Parameters:
    ///   - issues: rows of `ingestIssue` by code, most first.
    ///   - unrecognisedShapes: wordings of messages that are not known, with their ids masked, most first.
    ///   - otherFiles: files that are no log files; counted, and named where `listsFiles`.
    ///   - check: a check that found nothing wrong; `nil` for none.
    public init(
        database: String, coverage: Coverage, issues: [Counted<String>], unrecognisedShapes: [Counted<String>],
        otherFiles: [OtherFileRow] = [], listsFiles: Bool = false, check: CheckFacts? = nil
    ) {
        self.otherFiles = otherFiles
        self.listsFiles = listsFiles
        self.check = check
        self.database = database
        self.coverage = coverage
        self.issues = issues
        shapes = unrecognisedShapes
        notes = CoverageNotes.all(coverage, window: Report.Window(), eventSources: nil)
    }

    /// Lines for people.
    public func text(width: Int, times: TimeDisplay = .utc) -> String {
        var rows: [(String, String)] = [("Database", database)]
        rows.append(
            (
                "Log files",
                max(coverage.logFiles, coverage.kinds.reduce(0) { $0 + $1.logFiles }).grouped
                    + list(coverage.kinds.map { "\($0.logFiles.grouped) \($0.kind)" })
            ))
        rows.append(
            (
                "Records",
                "\(coverage.records.grouped): \(coverage.events.grouped) stored, \(coverage.duplicates.of("duplicate", "duplicates")), \(coverage.skipped.grouped) skipped"
                    + (coverage.prunedEvents > 0 ? ", \(coverage.prunedEvents.grouped) pruned since" : "")
            ))
        rows.append(
            (
                "Span",
                coverage.from.flatMap { from in coverage.to.map { times.plain(Answer.span(from: from, to: $0)) } }
                    ?? "no events"
            ))
        rows.append(("Accounts", joined(coverage.accounts)))
        rows.append(("Regions", joined(coverage.regions)))
        rows.append(("Versions", joined(coverage.eventVersions)))
        for service in coverage.services.filter({ $0.denials > 0 }).sorted(by: mostDenied).prefix(12) {
            let kind = service.eventCategory.map { "\($0) events" } ?? "events"
            rows.append(
                ("Denials", "\(service.denials.grouped) of \(service.events.grouped) \(kind) of \(service.eventSource)")
            )
        }
        for gap in coverage.gaps.prefix(12) {
            let span: Prose = "no events from \(time: gap.from) to \(time: gap.to)"
            rows.append(("Gap", "account \(gap.accountId), \(gap.awsRegion): \(times.plain(span))"))
        }
        if coverage.gaps.count > 12 { rows.append(("Gap", "and \(coverage.gaps.count - 12) more")) }
        for issue in issues { rows.append(("Issues", "\(issue.denials.grouped) \(issue.value)")) }
        if listsFiles {
            for file in otherFiles {
                // The first words of a reason often say what the file looks like.
                let reason = file.reason.hasPrefix("is ") ? "" : ": \(file.reason)"
                rows.append(("No log", "\(file.path) (\(file.looksLike))\(reason)"))
            }
        } else if !otherFiles.isEmpty {
            rows.append(("No log", "\(otherFiles.count.of("file", "files")): trail403 status --files names them"))
        }
        for shape in shapes.prefix(12) { rows.append(("Unknown", "\(shape.denials.grouped) worded: \(shape.value)")) }
        for note in notes where note.command == nil { rows.append(("Warning", times.plain(note.text))) }
        if let check {
            rows.append(
                (
                    "Check",
                    "nothing is wrong: \(check.sumPages.grouped) of \(check.pages.of("page", "pages")) bear a checksum, values, references and counts agree"
                ))
        }
        var text = ""
        var last = ""
        for (name, value) in rows {
            // Each note is one of its own; the others are lists.
            let shown = name == last && name != "Warning" ? "" : name
            last = name
            text += Self.lines(shown, VisibleText.visible(value), width: width)
        }
        return text + gaps(width: width)
    }

    /// What the archive lacks, each with the command that closes the gap; empty where it lacks nothing.
    private func gaps(width: Int) -> String {
        let gaps = notes.filter { $0.command != nil }
        guard !gaps.isEmpty else { return "" }
        var text = "\nWhat the archive lacks, and the command for each (words in capitals are yours to replace)\n"
        for (index, gap) in gaps.enumerated() {
            text += Self.lines("\(index + 1).", VisibleText.visible(gap.text.plain), width: width)
            // Whole, so that it can be copied.
            text += String(repeating: " ", count: 10) + "$ " + VisibleText.visible(gap.command ?? "") + "\n"
        }
        return text
    }

    /// The same as JSON.
    public func json() -> String {
        func strings(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }
        func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
        return JSONValue.members(
            ("schemaVersion", .integer(Report.schemaVersion)), ("database", .string(database)),
            ("logFiles", .integer(coverage.logFiles)),
            (
                "kinds",
                .array(coverage.kinds.map { .members(("kind", .string($0.kind)), ("logFiles", .integer($0.logFiles))) })
            ),
            ("records", .integer(coverage.records)), ("events", .integer(coverage.events)),
            ("prunedEvents", .integer(coverage.prunedEvents)), ("prunedBefore", optional(coverage.prunedBefore)),
            ("duplicates", .integer(coverage.duplicates)), ("skipped", .integer(coverage.skipped)),
            ("untoldOutcomes", .integer(coverage.untoldOutcomes)),
            ("from", optional(coverage.from)), ("to", optional(coverage.to)), ("accounts", strings(coverage.accounts)),
            ("regions", strings(coverage.regions)), ("eventVersions", strings(coverage.eventVersions)),
            (
                "services",
                .array(
                    coverage.services.map {
                        .members(
                            ("eventSource", .string($0.eventSource)), ("eventCategory", optional($0.eventCategory)),
                            ("events", .integer($0.events)), ("denials", .integer($0.denials)))
                    })
            ),
            (
                "gaps",
                .array(
                    coverage.gaps.map {
                        .members(
                            ("accountId", .string($0.accountId)), ("awsRegion", .string($0.awsRegion)),
                            ("from", .string($0.from)),
                            ("to", .string($0.to)))
                    })
            ),
            ("issues", .array(issues.map { .members(("code", .string($0.value)), ("count", .integer($0.denials))) })),
            (
                "otherFiles",
                .array(
                    otherFiles.map {
                        .members(
                            ("path", .string($0.path)), ("looksLike", .string($0.looksLike)),
                            ("reason", .string($0.reason)))
                    })
            ),
            (
                "unrecognisedMessages",
                .array(shapes.map { .members(("shape", .string($0.value)), ("denials", .integer($0.denials))) })
            ),
            (
                "notes",
                .array(
                    notes.map {
                        .members(
                            ("code", .string($0.code)), ("text", .string($0.text.plain)),
                            ("command", optional($0.command)))
                    })
            ),
            ("check", checked)
        ).prettyText() + "\n"
    }

    /// What a check found, where there was one.
    private var checked: JSONValue {
        guard let check else { return .null }
        return .members(("pages", .integer(check.pages)), ("pagesWithChecksum", .integer(check.sumPages)))
    }

    private func mostDenied(_ left: ServiceCoverage, _ right: ServiceCoverage) -> Bool {
        (right.denials, left.eventSource, left.eventCategory ?? "") < (
            left.denials, right.eventSource, right.eventCategory ?? ""
        )
    }

    private func list(_ texts: [String]) -> String { texts.isEmpty ? "" : " (\(texts.joined(separator: ", ")))" }

    private func joined(_ texts: [String]) -> String { texts.isEmpty ? "none" : texts.joined(separator: ", ") }

    /// A name in a column of its own, and words that wrap behind it.
    private static func lines(_ name: String, _ value: String, width: Int) -> String {
        let indent = 10
        var text = ""
        var line = name + String(repeating: " ", count: max(1, indent - name.count))
        var isEmpty = true
        for word in value.split(separator: " ") {
            let space = isEmpty ? 0 : 1
            if !isEmpty, TerminalWidth.columns(line) + space + TerminalWidth.columns(word) > width {
                text += line + "\n"
                line = String(repeating: " ", count: indent)
                isEmpty = true
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        return text + line + "\n"
    }
}
