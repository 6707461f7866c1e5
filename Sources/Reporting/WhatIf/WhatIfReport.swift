public import ProposedPolicies
import IAMPolicy
import OrderedJSON
import TrailStore
import Wording

/// What a proposed policy would change for the calls of an archive: the answer of `trail403 whatif`.
public struct WhatIfReport: Sendable {
    /// The version of the JSON form.
    public static let schemaVersion = 1

    private let outcome: WhatIf
    private let proposed: ProposedPolicy
    private let file: String
    private let window: (from: String?, to: String?)

    /// A report.
    ///
    /// - Parameters:
    ///   - file: what the user called the policy.
    ///   - window: the span of the calls, ISO 8601 UTC text.
    public init(_ outcome: WhatIf, of proposed: ProposedPolicy, file: String, window: (from: String?, to: String?)) {
        self.outcome = outcome
        self.proposed = proposed
        self.file = file
        self.window = window
    }

    private func effects(_ verdict: WhatIf.Verdict) -> [WhatIf.Effect] {
        outcome.effects.filter { $0.verdict == verdict }
    }

    private static func calls(_ effects: [WhatIf.Effect]) -> Int { effects.reduce(0) { $0 + $1.call.calls } }

    // MARK: - Text

    /// How many kinds of calls a part of the text lists.
    private static let rowLimit = 20
    private static let labelWidth = 10

    /// Lines for a terminal: the verdict first, then the calls that would change.
    ///
    /// - Parameters:
    ///   - width: columns, 40 to 200; other values are clamped.
    ///   - color: whether to use ANSI colours. Nothing is told by colour alone.
    public func text(width: Int = 80, color: Bool = false) -> String {
        var page = TerminalText(width: width, usesColor: color)
        func row(_ label: String, _ text: Prose, _ style: TerminalText.Style? = nil) {
            page.paragraph(
                style.map { text.spans($0) } ?? text.spans, first: label.padding(to: Self.labelWidth),
                hanging: Self.labelWidth)
        }
        row("What if", sentence)
        let verdicts = WhatIf.Verdict.allCases.filter { !effects($0).isEmpty }
        if verdicts.isEmpty {
            row("Outcome", "Nothing would change for the calls of this archive.", .good)
        }
        for verdict in verdicts {
            let effects = effects(verdict)
            row(
                verdict == verdicts.first ? "Outcome" : "", summary(verdict, effects),
                verdict == .refused ? .bad : verdict == .allowed ? .good : .warning)
        }
        row("Looked at", looked)
        for note in notes { row("Note", note) }
        for verdict in verdicts {
            page.blank()
            page.paragraph([TerminalText.Span(Self.heading(verdict), .strong)])
            let effects = effects(verdict)
            for (index, effect) in effects.prefix(Self.rowLimit).enumerated() {
                let number = "\(index + 1)."
                page.paragraph(line(effect).spans, first: number.padding(to: 4), hanging: 4)
            }
            if effects.count > Self.rowLimit {
                let rest: Prose =
                    "and \(words: (effects.count - Self.rowLimit).of("kind", "kinds")) of calls more: \(code: "--format json") has all."
                page.paragraph(rest.spans, first: "    ", hanging: 4)
            }
        }
        return page.output
    }

    private var sentence: Prose {
        let place: Prose
        switch proposed.role {
        case .scp, .rcp:
            let kind = proposed.role == .scp ? "a service control policy" : "a resource control policy"
            place =
                proposed.standsAlone
                ? "\(words: kind) of \(proposed.target.name), in place of what is attached there"
                : "\(words: kind) of \(proposed.target.name), beside what is attached there"
        case .boundary: place = "the permissions boundary of \(proposed.target.name)"
        case .identity: place = "a policy of \(proposed.target.name), beside the others"
        case .resource: place = "the policy of \(proposed.target.name), in place of the present one"
        }
        return "\(file) as \(place)."
    }

    private func summary(_ verdict: WhatIf.Verdict, _ effects: [WhatIf.Effect]) -> Prose {
        let calls = Self.calls(effects).of("call", "calls")
        let kinds = effects.count.of("kind", "kinds")
        switch verdict {
        case .refused: return "\(words: calls) in \(words: kinds) worked and would be refused."
        case .mayBeRefused:
            return "\(words: calls) in \(words: kinds) worked and may be refused: the records do not tell enough."
        case .allowed: return "\(words: calls) in \(words: kinds) were refused and would work."
        case .mayBeAllowed:
            return "\(words: calls) in \(words: kinds) were refused and may work: the archive does not tell enough."
        }
    }

    private static func heading(_ verdict: WhatIf.Verdict) -> String {
        switch verdict {
        case .refused: "Would be refused"
        case .mayBeRefused: "May be refused"
        case .allowed: "Would work"
        case .mayBeAllowed: "May work"
        }
    }

    private var looked: Prose {
        var text: Prose =
            "\(words: outcome.calls.of("call", "calls")) in \(words: outcome.kinds.of("kind", "kinds")) that the policy can tell apart"
        if let from = window.from, let to = window.to { text = "\(text), \(time: from) to \(time: to)" }
        return "\(text)."
    }

    private var notes: [Prose] {
        var notes = proposed.issues.map { issue -> Prose in
            "The policy at \(code: issue.path.description): \(words: issue.message)."
        }
        if outcome.kinds == 0 {
            notes.append("The archive has no call that a policy on \(proposed.target.name) would bind.")
        }
        if outcome.isReachUnknown {
            notes.append(
                "The archive does not show which accounts \(proposed.target.name) holds: those of which it shows nothing else were looked at."
            )
        }
        if outcome.further > 0 {
            notes.append(
                "\(words: outcome.further.of("call", "calls")) of rare kinds were not looked at: narrow it with \(code: "--from") and \(code: "--to")."
            )
        }
        return notes
    }

    private func line(_ effect: WhatIf.Effect) -> Prose {
        let call = effect.call
        let isOpen = effect.verdict == .mayBeRefused || effect.verdict == .mayBeAllowed
        let on: Prose =
            effect.resource.map { $0 == "*" ? "" : " on \($0)" } ?? (isOpen ? " (resource not recorded)" : "")
        var text: Prose =
            "\(PrincipalLabel.prose(call.principal)), \(call.action)\(on): \(words: call.calls.of("call", "calls")), last at \(time: call.lastSeen)"
        if !call.region.isEmpty { text = "\(text), in \(call.region)" }
        if let refusal = call.refusal { text = "\(text), refused as \(refusal.groupID)" }
        if let why = reason(effect) { text = "\(text); \(why)" }
        return "\(text)."
    }

    private func reason(_ effect: WhatIf.Effect) -> Prose? {
        if !effect.unknownKeys.isEmpty { return "not known: \(list: effect.unknownKeys, limit: 5)" }
        guard let decided = effect.decidedBy, decided.policy == ProposedPolicy.shownName else {
            return effect.verdict == .refused ? "no statement allows it" : nil
        }
        guard let index = decided.statement else { return nil }
        let sid = decided.sid.flatMap { $0.isEmpty ? nil : " (\($0))" as Prose } ?? ""
        return "statement \(words: String(index + 1))\(sid) decides"
    }

    // MARK: - JSON

    /// All calls that would change; a contract, to which keys may be added.
    public func json() -> String {
        let members: [JSONValue.Member] = [
            .init("schemaVersion", .integer(Self.schemaVersion)),
            .init("policy", .string(file)), .init("as", .string(proposed.role.rawValue)),
            .init("on", .string(proposed.target.name)), .init("standsAlone", .bool(proposed.standsAlone)),
            .init(
                "window",
                .members(
                    ("from", window.from.map(JSONValue.string) ?? .null),
                    ("to", window.to.map(JSONValue.string) ?? .null))),
            .init("calls", .integer(outcome.calls)), .init("kinds", .integer(outcome.kinds)),
            .init("furtherCalls", .integer(outcome.further)),
            .init("notes", .array(notes.map { .string($0.description) })),
        ]
        let parts = WhatIf.Verdict.allCases.map { verdict in
            JSONValue.Member(Self.key(verdict), .array(effects(verdict).map(Self.json)))
        }
        return JSONValue.object(members + parts).prettyText() + "\n"
    }

    private static func key(_ verdict: WhatIf.Verdict) -> String {
        switch verdict {
        case .refused: "wouldBeRefused"
        case .mayBeRefused: "mayBeRefused"
        case .allowed: "wouldWork"
        case .mayBeAllowed: "mayWork"
        }
    }

    private static func json(_ effect: WhatIf.Effect) -> JSONValue {
        let call = effect.call
        let ours = effect.decidedBy.flatMap { $0.policy == ProposedPolicy.shownName ? $0 : nil }
        return .members(
            ("principal", .string(call.principal)), ("action", .string(call.action)),
            ("resource", effect.resource.map(JSONValue.string) ?? .null),
            ("region", call.region.isEmpty ? .null : .string(call.region)),
            ("account", call.account.isEmpty ? .null : .string(call.account)), ("calls", .integer(call.calls)),
            ("lastSeen", .string(call.lastSeen)),
            ("denialGroupID", call.refusal.map { .string($0.groupID) } ?? .null),
            (
                "statement",
                ours?.statement.map { index in
                    .members(("index", .integer(index)), ("sid", ours?.sid.map(JSONValue.string) ?? .null))
                } ?? .null
            ),
            ("unknownKeys", .array(effect.unknownKeys.map(JSONValue.string))))
    }
}
