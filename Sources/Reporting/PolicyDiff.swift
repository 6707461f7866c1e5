import Causes
import Diagnosis
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import RecordedChanges
import Remedies
public import TrailStore
import Wording

/// What a change did to a policy, line by line.
public struct PolicyDiff: Sendable, Hashable {
    /// What became of a line.
    enum Mark: String, Sendable, Hashable {
        case same, removed, added
    }

    struct Line: Sendable, Hashable {
        var mark: Mark
        var text: String
    }

    /// Whose policy it is.
    var title: Prose
    var lines: [Line]

    /// The differences between two texts; `nil` where there are none.
    init?(_ title: Prose, from before: [String], to after: [String]) {
        self.title = title
        lines = Self.around(Self.lines(before, after))
        guard lines.contains(where: { $0.mark != .same }) else { return nil }
        if lines.count > Self.lineLimit {
            let further = lines.count - Self.lineLimit
            lines =
                lines.prefix(Self.lineLimit) + [Line(mark: .same, text: "... \(further.of("more line", "more lines"))")]
        }
    }

    /// Lines of one difference; longer ones are told by the command that shows them.
    private static let lineLimit = 120
    /// Lines that are compared; what is longer is all removed and all added.
    private static let comparedLimit = 600

    /// Lines that stay the same on either side of one that does not.
    private static let context = 3

    /// The lines that differ with a few around them.
    private static func around(_ lines: [Line]) -> [Line] {
        var isNear = Array(repeating: false, count: lines.count)
        for place in lines.indices where lines[place].mark != .same {
            for near in max(0, place - context)...min(lines.count - 1, place + context) { isNear[near] = true }
        }
        var kept: [Line] = []
        for place in lines.indices {
            if isNear[place] {
                kept.append(lines[place])
            } else if place == 0 || isNear[place - 1] {
                kept.append(Line(mark: .same, text: "..."))
            }
        }
        return kept
    }

    /// The longest common subsequence of lines, with what lies between its parts.
    private static func lines(_ before: [String], _ after: [String]) -> [Line] {
        guard before.count <= comparedLimit, after.count <= comparedLimit else {
            return before.map { Line(mark: .removed, text: $0) } + after.map { Line(mark: .added, text: $0) }
        }
        var lengths = Array(repeating: Array(repeating: 0, count: after.count + 1), count: before.count + 1)
        for old in before.indices.reversed() {
            for new in after.indices.reversed() {
                lengths[old][new] =
                    before[old] == after[new]
                    ? lengths[old + 1][new + 1] + 1 : max(lengths[old + 1][new], lengths[old][new + 1])
            }
        }
        var lines: [Line] = []
        var (old, new) = (0, 0)
        while old < before.count || new < after.count {
            if old < before.count, new < after.count, before[old] == after[new] {
                lines.append(Line(mark: .same, text: before[old]))
                (old, new) = (old + 1, new + 1)
            } else if old < before.count, new == after.count || lengths[old + 1][new] >= lengths[old][new + 1] {
                lines.append(Line(mark: .removed, text: before[old]))
                old += 1
            } else {
                lines.append(Line(mark: .added, text: after[new]))
                new += 1
            }
        }
        return lines
    }
}

extension Report {
    /// Adds what the changes that the report blames did to policies, as far as the archive holds their texts.
    ///
    /// - Parameter changes: those that were read for the report.
    public mutating func addPolicyDiffs(_ changes: [PermissionChange]) {
        policyDiffs = PolicyDiff.diffs(
            of: Set(groups.flatMap { group in group.rootCause.evidence.map(\.eventID) }), in: changes)
    }
}

extension CaseReport {
    /// Adds what the changes that the root cause blames did to policies, as far as the archive holds their texts.
    public mutating func addPolicyDiffs(_ changes: [PermissionChange]) {
        let events = study.diagnosis.rootCause.evidence.map(\.eventID)
        let found = PolicyDiff.diffs(of: Set(events), in: changes)
        diffs = events.flatMap { found[$0] ?? [] }
    }
}

extension IncidentPage {
    /// Adds what the change that is to blame did to policies, likewise.
    public mutating func addPolicyDiffs(_ changes: [PermissionChange]) {
        guard let event = incident.change?.eventID else { return }
        diffs = PolicyDiff.diffs(of: [event], in: changes)[event] ?? []
    }
}

extension EventAnswer {
    /// Adds what the event did to policies, likewise.
    public mutating func addPolicyDiffs(_ changes: [PermissionChange]) {
        diffs = PolicyDiff.diffs(of: [event.eventID], in: changes)[event.eventID] ?? []
    }
}

extension PolicyDiff {
    /// What events did, by their ids; an event that changed no policy is left out.
    static func diffs(of events: Set<String>, in changes: [PermissionChange]) -> [String: [PolicyDiff]] {
        guard changes.contains(where: { events.contains($0.eventID) }) else { return [:] }
        let records = changes.map { ChangeRecord($0) }
        let timeline = PolicyTimeline(records)
        var found: [String: [PolicyDiff]] = [:]
        for record in records where events.contains(record.eventID) {
            let diffs = diffs(of: ChangeReaders.edits(of: record), in: timeline)
            if !diffs.isEmpty { found[record.eventID] = diffs }
        }
        return found
    }

    var json: JSONValue {
        .members(
            ("title", .string(title.plain)),
            (
                "lines",
                .array(lines.map { .members(("mark", .string($0.mark.rawValue)), ("text", .string($0.text))) })
            ))
    }
}

extension TerminalText {
    /// What a change did to a policy, a line each, marked as in a patch.
    mutating func diff(_ diff: PolicyDiff, indent: Int) {
        paragraph(diff.title.spans, first: String(repeating: " ", count: indent), hanging: indent)
        for line in diff.lines {
            switch line.mark {
            case .removed: verbatim("- \(line.text)", indent: indent, style: .bad)
            case .added: verbatim("+ \(line.text)", indent: indent, style: .good)
            case .same: verbatim("  \(line.text)", indent: indent)
            }
        }
    }
}

extension PolicyDiff {
    /// What one event's edits did, a difference for each policy.
    static func diffs(of edits: [PolicyEdit], in timeline: PolicyTimeline) -> [PolicyDiff] {
        var diffs: [PolicyDiff] = []
        var seen: Set<LaneName> = []
        for edit in edits {
            guard let event = edit.event, seen.insert(edit.lane).inserted else { continue }
            let holder = edit.lane.holder
            func states(_ kind: LaneName.Kind) -> (before: LaneState, after: LaneState) {
                (
                    timeline.state(of: holder, kind, at: event.moment, undoing: [event]),
                    timeline.state(of: holder, kind, at: event.moment)
                )
            }
            switch edit.lane.kind {
            case .inline, .trust, .policy:
                let (before, after) = states(edit.lane.kind)
                for name in Set(before.entries.keys).union(after.entries.keys).sorted() {
                    let title: Prose =
                        switch edit.lane.kind {
                        case .inline: "Inline policy \(name) of \(shown(holder))"
                        case .trust: "Trust policy of \(shown(holder))"
                        default: "Policy of \(shown(holder))"
                        }
                    let (old, new) = (text(name, before), text(name, after))
                    if let diff = PolicyDiff(title, from: old, to: new) { diffs.append(diff) }
                }
            case .attached, .organizationPolicies, .serviceControl, .resourceControl, .boundary:
                let (before, after) = states(edit.lane.kind)
                let title: Prose =
                    edit.lane.kind == .boundary
                    ? "Permissions boundary of \(shown(holder))" : "Policies attached to \(shown(holder))"
                let (old, new) = (names(before), names(after))
                if let diff = PolicyDiff(title, from: old, to: new) { diffs.append(diff) }
            case .defaultVersion:
                let (numbers, texts) = (states(.defaultVersion), states(.versions))
                func document(_ number: LaneState, _ versions: LaneState) -> [String] {
                    guard case .text(let id)? = number.known[""] else { return [unknown] }
                    return text(id, versions)
                }
                let (old, new) = (document(numbers.before, texts.before), document(numbers.after, texts.after))
                if let diff = PolicyDiff("Policy \(holder.name)", from: old, to: new) { diffs.append(diff) }
            // Versions count by the one that is the default.
            case .versions, .existence, .settings, .groups, .members, .tags, .grants, .access, .parent, .organization,
                .role,
                .provisioned:
                continue
            }
        }
        return diffs
    }

    private static let unknown = "(text not recorded)"

    private static func shown(_ holder: Holder) -> Prose { "\(words: holder.kind.rawValue) \(holder.name)" }

    /// What stands under a name, as lines.
    private static func text(_ name: String, _ state: LaneState) -> [String] {
        // Where the trail does not show all that is there, what it does not show may have been there.
        guard let entry = state.entries[name] else { return state.holds(name) == false ? [] : [unknown] }
        switch entry.knowledge {
        case .known(.document(let text)):
            return text.document.map { $0.text.split(separator: "\n").map(String.init) } ?? [unknown]
        case .known(.text(let text)): return [text]
        case .known(.present): return [name]
        case .present, .maybe: return [unknown]
        }
    }

    /// The names that are there, or what stands under the empty one.
    private static func names(_ state: LaneState) -> [String] {
        state.entries.sorted { $0.key < $1.key }.map { name, entry in
            if case .known(.text(let text)) = entry.knowledge { return text }
            return name
        }
    }
}
