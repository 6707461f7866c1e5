public import IAMPolicy

extension SimulationRequest {
    /// The decision as text for a terminal: who decided, quoted as it was written, and what each condition compared.
    ///
    /// - Parameters:
    ///   - width: columns, 40 to 200; other values are clamped.
    ///   - color: whether to use ANSI colours. Nothing is told by colour alone.
    public func text(width: Int = 80, color: Bool = false) -> String {
        var page = SimulationPage(
            request: request, evaluation: evaluation(), text: TerminalText(width: width, usesColor: color))
        page.write()
        return page.text.output
    }
}

private struct SimulationPage {
    typealias Span = TerminalText.Span

    let request: AuthorizationRequest
    let evaluation: Evaluation
    var text: TerminalText

    /// How many undetermined statements are told.
    private static let openLimit = 10
    /// How many near misses are told.
    private static let missLimit = 3
    /// How many lines of a statement are quoted.
    private static let quoteLimit = 60

    mutating func write() {
        row("Decision", [Span(evaluation.decision.rawValue, style), Span(": \(sentence)")])
        row(
            "Request",
            [
                Span(principal, .value), Span("asks for"), Span(request.action, .value), Span("on"),
                Span(request.resource, .value),
            ].spaced)
        if let trace = decider {
            row("Decided by", [Span(name(trace), .strong)])
            tell(trace)
        }
        if !evaluation.refusedBy.isEmpty {
            let names = evaluation.refusedBy.map(\.name).joined(separator: ", ")
            let advice =
                evaluation.refusedBy.count > 1 ? "; each of them refuses on its own: a change of one is not enough" : ""
            row("Refused by", [Span(names, .value), Span(advice)])
        }
        for (label, values) in [
            ("Not known", evaluation.missingKeys), ("Not given", evaluation.missingPolicies.map(\.rawValue)),
        ] where !values.isEmpty {
            row(label, [Span(values.joined(separator: ", "), .value)])
        }
        tellUndetermined()
        tellNearMisses()
        for note in evaluation.notes { row("Note", [Span(note)]) }
    }

    private mutating func row(_ label: String, _ spans: [Span]) {
        text.paragraph(spans, first: label.padding(to: 12), hanging: 12)
    }

    private var style: TerminalText.Style {
        switch evaluation.decision {
        case .allowed: .good
        case .explicitlyDenied, .implicitlyDenied: .bad
        case .undetermined: .warning
        }
    }

    private var principal: String {
        request.principal.arn.isEmpty ? "an anonymous caller" : request.principal.arn
    }

    private var sentence: String {
        let decided = evaluation.decidedBy
        let level = decided?.level.map { " at level \($0)" } ?? ""
        switch evaluation.decision {
        case .allowed:
            guard let decided else { return "nothing needs to allow it" }
            return evaluation.decidedTogether.isEmpty
                ? "a statement of the \(decided.layer.name) policies allows it"
                : "statements together allow it, whatever is not known"
        case .explicitlyDenied:
            guard evaluation.decidedTogether.isEmpty else { return "Denies together match, whatever is not known" }
            return decided.map { "a Deny of type \($0.layer.name)\(level) matches" } ?? "a Deny matches"
        case .implicitlyDenied:
            guard let decided else { return "an Allow that is needed lacks" }
            switch decided.layer {
            case .policy(let type): return "no statement of type \(type.rawValue)\(level) allows it"
            case .s3BlockPublicAccess: return "S3 leaves out what a public bucket policy allows"
            case .lakeFormation: return "AWS Lake Formation grants the caller nothing that allows it"
            }
        case .undetermined: return "what is not known decides"
        }
    }

    /// The statement that decided.
    private var decider: StatementTrace? {
        guard let decided = evaluation.decidedBy, let index = decided.statement else { return nil }
        // Where statements decide together, each depends on what is not known.
        let wanted: Truth = evaluation.decidedTogether.isEmpty ? .yes : .undetermined
        let named = evaluation.statements.filter {
            .policy($0.type) == decided.layer && $0.policy == decided.policy && $0.level == decided.level
                && $0.index == index
        }
        return named.first { $0.matches == .yes } ?? named.first { $0.matches == wanted }
    }

    private func name(_ trace: StatementTrace) -> String {
        let sid = trace.sid.map { $0.isEmpty ? "" : " (\($0))" } ?? ""
        let level = trace.level.map { " at level \($0)" } ?? ""
        let line = trace.quote.map { ", line \($0.line)" } ?? ""
        return "\(trace.type.rawValue) policy \(trace.policy)\(level), statement \(trace.index)\(sid)\(line)"
    }

    /// The statement as it was written, and what each of its conditions compared.
    private mutating func tell(_ trace: StatementTrace) {
        if let quote = trace.quote {
            let lines = quote.text.split(separator: "\n", omittingEmptySubsequences: false)
            // The first line stands behind whatever opens the statement: the others tell how far it is indented.
            let indent =
                lines.dropFirst().filter { !$0.allSatisfy(\.isWhitespace) }
                .map { $0.prefix(while: \.isWhitespace).count }.min() ?? 0
            for (number, line) in lines.prefix(Self.quoteLimit).enumerated() {
                text.verbatim(String(number == 0 ? line : line.dropFirst(indent)), indent: 14, style: .faint)
            }
            if lines.count > Self.quoteLimit { text.verbatim("...", indent: 14, style: .faint) }
        }
        for condition in trace.conditions { tell(condition) }
    }

    private mutating func tell(_ condition: StatementTrace.Condition) {
        let wanted = condition.values.joined(separator: ", ")
        var had = condition.requestValues.map { $0.joined(separator: ", ") } ?? ""
        if condition.requestValues == nil {
            had = condition.state == "absent" ? "the request has no such key" : "not known"
        } else {
            had = "the request has \(had.isEmpty ? "nothing" : had)"
        }
        let outcome =
            switch condition.matches {
            case .yes: "met"
            case .no: "not met"
            case .undetermined: "undetermined"
            }
        text.paragraph(
            [
                Span(condition.conditionOperator), Span(condition.key, .value), Span(wanted, .value), Span("- \(had):"),
                Span(outcome, .strong),
            ].spaced, first: String(repeating: " ", count: 12) + "- ", hanging: 14)
    }

    private mutating func tellUndetermined() {
        guard evaluation.decision == .undetermined || evaluation.decision == .implicitlyDenied else { return }
        for trace in evaluation.statements.filter({ $0.matches == .undetermined }).prefix(Self.openLimit) {
            row("Depends on", [Span(name(trace)), Span(", \(trace.effect?.rawValue ?? "")")])
            for condition in trace.conditions where condition.matches == .undetermined { tell(condition) }
        }
    }

    /// For a refusal for want of an Allow: the Allows that fail in one thing only, the best first.
    private mutating func tellNearMisses() {
        guard evaluation.decision == .implicitlyDenied else { return }
        let refusing = Set(evaluation.refusedBy)
        let near = evaluation.statements.enumerated().filter { _, trace in
            trace.effect == .allow && trace.isValid && trace.matches == .no && trace.action == .yes
                && trace.misses <= 2 && refusing.contains(.policy(trace.type))
        }.sorted { ($0.element.misses, $0.offset) < ($1.element.misses, $1.offset) }
        for (_, trace) in near.prefix(Self.missLimit) {
            row("Near miss", [Span(name(trace)), Span(": \(reasons(trace))")])
            for condition in trace.conditions where condition.matches == .no { tell(condition) }
        }
    }

    private func reasons(_ trace: StatementTrace) -> String {
        var reasons: [String] = []
        if trace.principal == .no { reasons.append("it does not name the caller") }
        if trace.resource == .no {
            let named = trace.resources.prefix(3).joined(separator: ", ") + (trace.resources.count > 3 ? ", ..." : "")
            let verb = trace.isNotResource ? "leaves out" : "covers"
            reasons.append("it \(verb) \(named), the request is on \(request.resource)")
        }
        let unmet = trace.conditions.count { $0.matches == .no }
        if unmet > 0 { reasons.append(unmet == 1 ? "a condition is not met" : "\(unmet) conditions are not met") }
        return "covers the action, but " + reasons.joined(separator: "; ")
    }
}

extension [TerminalText.Span] {
    /// The spans with a blank between them.
    fileprivate var spaced: [TerminalText.Span] {
        enumerated().flatMap { $0 == 0 ? [$1] : [TerminalText.Span(" "), $1] }
    }
}

extension String {
    /// The text, filled up with blanks: one at least.
    func padding(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(1, width - count))
    }
}
