import AccessDenial
package import IAMPolicy
import OrderedJSON
package import PolicyTimeline
import RecordedChanges
import TrailStore
package import Wording

/// The statement that refuses as things stood at the first denial, or the one that nearly allows, whoever wrote it when.
///
/// AWS's words bind: of a stated Deny only the Denies of that type can be it, of a missing Allow only the Allows are looked at.
package enum Refusal {
    /// How many requests of a group are looked at.
    private static let requestLimit = 3

    /// A statement with the event that wrote it, where an event did.
    package struct Found {
        package var statement: FailingStatement
        package var event: ChangeEvent?
        /// Whether it matches, or lacks something, for certain.
        package var isCertain: Bool
    }

    /// The Allow of a type that lacks the least of what the calls had; `nil` where none is near.
    package static func nearest(as type: PolicyType, _ facts: GroupFacts) -> Found? {
        let replay = Replay(facts)
        let question = Replay.Question(type: type, effect: .allow)
        let asked = replay.policies(question, in: facts.scene.view)
        return facts.scene.requests.prefix(requestLimit).lazy.compactMap { request in
            let traces = replay.evaluation(asked.placed, of: request).statements.filter {
                $0.isValid && $0.effect == .allow && $0.action == .yes
            }
            return nearest(traces, question).flatMap { statement($0, asked.placed, request, replay) }
        }.first
    }

    /// The statement; `nil` where the trail holds none that can be it, and where it holds one that allows the call for certain.
    ///
    /// Where AWS does not name the type of policy only a Deny is told.
    ///
    /// - Parameter known: texts of statements that it is none of, asked for where one could be it.
    package static func statement(_ facts: GroupFacts, besides known: (() -> Set<String>)? = nil) -> Found? {
        var lines: Set<String>?
        func isKnown(_ trace: StatementTrace, _ placed: [Replay.Placed], _ replay: Replay) -> Bool {
            guard let known else { return false }
            let texts = lines ?? known()
            lines = texts
            return !texts.isEmpty && line(of: trace, placed, replay).map(texts.contains) ?? true
        }
        let replay = Replay(facts)
        let view = facts.scene.view
        let isNamed = facts.group.reason.policyType != nil
        let named = replay.named.union(replay.named.compactMap { ARN($0)?.name })
        for question in replay.questions where isNamed || question.effect == .deny {
            let asked = replay.policies(question, in: view)
            guard !asked.placed.isEmpty else { continue }
            for request in facts.scene.requests.prefix(requestLimit) {
                let isService = facts.principal.kind == .service || facts.principal.linkedService != nil
                let isBounded = question.type == .resourceBased && view.state.principal?.boundary.holdsOne == .yes
                let evaluation = replay.evaluation(asked.placed, of: request, hasBoundary: isBounded ? .yes : nil)
                let traces = evaluation.statements.filter {
                    $0.isValid && $0.effect == question.effect && $0.action == .yes
                        && ($0.principal != .no || isService && question.effect == .allow)
                        && (named.isEmpty || named.contains($0.policy))
                        && !isKnown($0, asked.placed, replay)
                }
                let found =
                    switch question.effect {
                    case .deny: denying(binding(traces, asked.placed, replay, in: view)) ?? denying(traces)
                    case .allow:
                        nearest(isService ? namingServices(traces, asked.placed, replay) : traces, question)
                    }
                if let found, let statement = statement(found, asked.placed, request, replay) { return statement }
            }
        }
        return nil
    }

    /// The texts of the statements that may be asked for a group's calls, as they stood.
    package static func lines(_ facts: GroupFacts) -> Set<String> {
        let replay = Replay(facts)
        let placed = replay.questions.flatMap { replay.policies($0, in: facts.scene.view).placed }
        return placed.reduce(into: []) { lines, one in
            if let book = replay.library.book(one.held, as: one.type) { lines.formUnion(book.lines.values) }
        }
    }

    private static func line(of trace: StatementTrace, _ placed: [Replay.Placed], _ replay: Replay) -> String? {
        policy(of: trace, placed).flatMap { replay.library.book($0.held, as: $0.type)?.lines[trace.index] }
    }

    /// Of a service's call the statements that name services, where there are some: one of them was meant for it.
    private static func namingServices(
        _ traces: [StatementTrace], _ placed: [Replay.Placed], _ replay: Replay
    ) -> [StatementTrace] {
        let naming = traces.filter { trace in
            let statement = policy(of: trace, placed).flatMap {
                replay.library.book($0.held, as: $0.type)?.entries[trace.index]
            }
            return statement?.principals?.patterns.contains { $0.kind == "Service" } ?? false
        }
        return naming.isEmpty ? traces : naming
    }

    /// The policy that a statement stands in.
    private static func policy(of trace: StatementTrace, _ placed: [Replay.Placed]) -> Replay.Placed? {
        placed.first { one in
            one.type == trace.type && (one.held.name.isEmpty ? one.type.rawValue : one.held.name) == trace.policy
        }
    }

    /// Of an organization's statements those that bind the account for certain: what stands at a unit of which nobody knows whether the
    /// account is in it may deny the call as well, and is not what is known to deny it.
    private static func binding(
        _ traces: [StatementTrace], _ placed: [Replay.Placed], _ replay: Replay, in view: Replay.View
    ) -> [StatementTrace] {
        guard replay.isOfOrganization else { return [] }
        let certain = Set(replay.above(replay.boundAccount, in: view).map(\.name))
        let policies = Set(placed.filter { $0.level.map(certain.contains) ?? false }.map(\.held.name))
        return traces.filter { policies.contains($0.policy) && $0.matches == .yes }
    }

    /// The Deny that matches; else the only one that can.
    private static func denying(_ traces: [StatementTrace]) -> StatementTrace? {
        if let sure = traces.first(where: { $0.matches == .yes }) { return sure }
        let open = traces.filter { $0.matches == .undetermined }
        return open.count == 1 ? open[0] : nil
    }

    /// The Allow that lacks the least.
    private static func nearest(_ traces: [StatementTrace], _ question: Replay.Question) -> StatementTrace? {
        guard !traces.contains(where: { $0.matches == .yes }) else { return nil }
        // What is about the thing that was called is nearer than what is about others.
        func distance(_ trace: StatementTrace) -> (Int, Int, Int) {
            (trace.misses, trace.resource == .no ? 1 : 0, trace.conditions.count { $0.matches != .yes })
        }
        return traces.filter { $0.misses <= 1 }.min { distance($0) < distance($1) }
    }

    private static func statement(
        _ trace: StatementTrace, _ placed: [Replay.Placed], _ request: AuthorizationRequest, _ replay: Replay
    ) -> Found? {
        guard let policy = policy(of: trace, placed), let effect = trace.effect,
            let book = replay.library.book(policy.held, as: policy.type), let statement = book.entries[trace.index]
        else { return nil }
        let holder = policy.holder.map(\.description) ?? replay.facts.principal.arn
        let failing = FailingStatement(
            name: Cause.StatementName(
                type: trace.type, policy: trace.policy, holder: holder, sid: trace.sid, index: trace.index),
            effect: effect, text: book.lines[trace.index] ?? statement.line,
            principals: trace.principal == .no ? statement.principals?.patterns.map(\.text) ?? [] : [],
            resources: trace.resource == .no ? trace.resources : [], spares: effect == .deny ? statement.spared : [],
            conditions: trace.conditions.map { condition in
                FailingStatement.Condition(
                    conditionOperator: condition.conditionOperator, key: condition.key, wanted: condition.values,
                    had: request.context.values(of: condition.key),
                    matches: condition.matches)
            })
        var event: ChangeEvent?
        if case .recorded(.event(let written)) = policy.held.textSource {
            let change = replay.facts.trail.change(written)
            event = change.map { replay.facts.origin(of: statement, as: policy.type, in: $0)?.event } ?? written
        }
        return Found(statement: failing, event: event, isCertain: trace.matches == .yes || trace.misses > 0)
    }
}

extension FailingStatement {
    /// The grant of a KMS key that the statement stands for; `nil` for a statement of a policy.
    package var grantID: String? {
        name.type == .resourceBased && name.policy.utf8.count == 64 && name.policy.allSatisfy(\.isHexDigit)
            ? name.policy : nil
    }

    /// What the statement asks for, and what the request had, in a sentence.
    package func story(_ facts: GroupFacts) -> Prose {
        let which: Prose = grantID.map { "grant \($0)" } ?? .statement(name.sid, at: name.index)
        let owner: Prose =
            grantID != nil
            ? "of the key"
            : name.policy == name.type.rawValue ? "of the \(words: name.type.words)" : "of \(name.policy)"
        let open = conditions.filter { $0.matches == .undetermined }
        // No record holds the text of a policy of AWS's.
        let isPublished = ARN(name.policy)?.account == "aws"
        var text: Prose
        switch effect {
        case .deny:
            text =
                open.isEmpty
                ? "According to \(words: isPublished ? "the text that AWS publishes" : "the trail"), \(which) \(owner) denies the call"
                : "Only one statement in the trail can be responsible: \(which) \(owner) denies the call"
            if !spares.isEmpty {
                text = "\(text), and every other on what its NotResource (\(list: spares, limit: 3)) does not name"
            }
            text = list(conditions.filter { $0.matches != .no }, behind: text)
            if self.text.contains("\"NotPrincipal\""), facts.scene.view.state.principal?.boundary.holdsOne == .yes {
                text =
                    "\(text): a NotPrincipal spares nobody who has a permissions boundary, even if it names them. Principal \("*") with a condition (\("ArnNotEquals"), \("aws:PrincipalArn")) spares them"
            }
        case .allow:
            text =
                isPublished
                ? "The nearest Allow, by the text that AWS publishes, is \(which) \(owner)"
                : "The nearest Allow in the trail is \(which) \(owner)"
            if !principals.isEmpty {
                text = "\(text): it names \(list: principals, limit: 3), and the call came \(facts.callerOrigin)"
                text = gap(principals, facts.principal.arn, behind: text)
            }
            if !resources.isEmpty {
                let refused = facts.askedResource ?? "what was called"
                text = "\(text): its Resource (\(list: resources, limit: 3)) does not cover \(refused)"
                text = gap(resources, refused, behind: text)
            }
            // What else is open does not matter where it names somebody else.
            let isOther = !principals.isEmpty || !resources.isEmpty
            text = list(conditions.filter { isOther ? $0.matches == .no : $0.matches != .yes }, behind: text)
        }
        return "\(text)." + difference(facts)
    }

    /// What the calls had that succeeded, where a condition tells them from the refused ones; empty where none does.
    private func difference(_ facts: GroupFacts) -> Prose {
        let deciding = conditions.filter { effect == .deny ? $0.matches == .yes : $0.matches == .no }
        guard !deciding.isEmpty, facts.lastSuccessBefore != nil else { return "" }
        let succeeded = GroupRequests(facts).succeededContexts
        for condition in deciding {
            let other: Truth = effect == .deny ? .no : .yes
            guard !succeeded.isEmpty, succeeded.allSatisfy({ condition.written.matches(in: $0) == other }) else {
                continue
            }
            let had = Set(succeeded.flatMap { $0.values(of: condition.key) ?? [] }).sorted()
            return had.isEmpty
                ? "The calls that succeeded had no \(condition.key)."
                : "The calls that succeeded had \(list: had, limit: 3) there."
        }
        return ""
    }

    private func gap(_ patterns: [String], _ had: String, behind text: Prose) -> Prose {
        for pattern in patterns.prefix(PatternGap.patternLimit) {
            if let gap = PatternGap(pattern, had) { return "\(text) (\(pattern) \(gap.words))" }
        }
        return text
    }

    private func list(_ conditions: [Condition], behind text: Prose) -> Prose {
        var text = text
        for (index, condition) in conditions.prefix(3).enumerated() {
            let joint: Prose =
                switch effect {
                case .deny: index == 0 ? " where" : "; and where"
                case .allow: index == 0 && resources.isEmpty && principals.isEmpty ? ": it asks for" : "; it asks for"
                }
            text = "\(text)\(joint) \(condition.clause)"
        }
        return text
    }
}

extension FailingStatement.Condition {
    /// What it asks for and what the request had: `aws:SourceIp IpAddress 203.0.113.0/24, and the request had 192.0.2.1`.
    package var clause: Prose {
        let had: Prose =
            switch had {
            case nil: "the records do not show what the request had"
            case []?: "the request had none"
            case let values?: "the request had \(list: values, limit: 3)\(nearMiss?.shown ?? "")"
            }
        return "\(key) \(conditionOperator) \(list: wanted, limit: 3), and \(had)"
    }
}

extension Statement {
    /// What its `NotResource` leaves out.
    fileprivate var spared: [String] {
        if case .exceptMatching(let patterns)? = resources { patterns.map(\.text) } else { [] }
    }
}
