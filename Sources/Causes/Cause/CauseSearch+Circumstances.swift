import AccessDenial
import IAMPolicy
package import PolicyTimeline
package import RecordedChanges
import TrailStore

/// What lanes hold that policies look at, and no policies: tags, devices, principals and providers, ways to an endpoint.
extension CauseSearch {
    /// What the difference that undoing makes means for the calls; `nil` where it makes none.
    func circumstance(_ whole: Replay.Whole, _ edit: PolicyEdit, undoing undone: Set<ChangeEvent>)
        -> (Counterfactual.Verdict, [Replay.Owned])?
    {
        let (lane, question) = (edit.lane, whole.question)
        switch (lane.kind, lane.holder.kind) {
        case (.tags, _): return tagged(whole, edit, undone)
        case (.boundary, _): return bounded(whole, undone)
        case (.settings, .user) where edit.keys.contains { $0.hasPrefix("mfa ") }: return device(whole)
        case (.existence, .user), (.existence, .role): return ended(question, lane, undone).map { ($0, []) }
        case (.existence, .identityProvider), (.settings, .identityProvider), (.access, .identityProvider):
            return provider(question, edit).map { ($0, []) }
        case (.settings, .vpcEndpoint):
            return question.type == .vpcEndpoint && edit.bringsTraffic(facts.trail.timeline)
                ? (.untold(policy: ""), []) : nil
        case (.parent, _): return leftPath(whole, edit, undone) ?? moved(question, edit, undone)
        // It names users and groups by ids that no other record bears.
        case (.grants, .permissionSet):
            if question.effect == .allow, case .remove = edit.operation { return (.untold(policy: ""), []) }
            return nil
        default: return nil
        }
    }

    // MARK: - What conditions look at

    /// Tags came or went. Undone, they change the calls, and what is asked is what the policies that look at them say of those.
    private func tagged(_ whole: Replay.Whole, _ edit: PolicyEdit, _ undone: Set<ChangeEvent>)
        -> (Counterfactual.Verdict, [Replay.Owned])?
    {
        let holder = edit.lane.holder
        let edits = undone.flatMap(replay.timeline.edits).filter { $0.lane == edit.lane }
        let names = edits.contains { $0.chain.name.isEmpty } ? nil : Set(edits.map(\.chain.name))
        let old = replay.timeline.state(of: holder, .tags, names, at: denial, undoing: undone)
        let new = replay.timeline.state(of: holder, .tags, names, at: denial)
        let owner: ConditionTag.Owner = holder == replay.subject.principal ? .principal : .resource
        let touched = (names ?? Set(old.entries.keys).union(new.entries.keys).union(new.absent.keys)).filter {
            old.entries[$0]?.knowledge != new.entries[$0]?.knowledge || old.holds($0) != new.holds($0)
        }
        guard !touched.isEmpty || names == nil && new.entries.isEmpty && new.absent.isEmpty && !new.isComplete else {
            return nil
        }
        let tags = Set(touched.map { ConditionTag(owner, $0) })
        let asking = statements(whole) { !$0.tags.isDisjoint(with: tags) }
        guard !asking.isEmpty else {
            // Tags of resources are for costs mostly, and the policies of others seldom ask for a caller's. Where AWS gives no reason, and
            // nothing tells that a condition asks for the tag, it is one of many things that may be.
            let mayMatter =
                owner == .principal && whole.question.type == .identityBased && !isCovered(whole)
                && facts.group.reason.effect != .unstated
            return mayMatter ? (.untold(policy: ""), []) : nil
        }
        var state = view.state
        func put(_ lane: inout LaneState) {
            for name in touched { (lane.entries[name], lane.absent[name]) = (old.entries[name], old.absent[name]) }
            lane.isComplete = old.isComplete
        }
        if var principal = state.principal, owner == .principal {
            put(&principal.tags)
            state.principal = principal
        }
        for index in state.resources.indices where state.resources[index].holder == holder {
            put(&state.resources[index].tags)
        }
        return turned(whole, asking, since: GroupRequests(facts).requests(in: state))
    }

    /// A permissions boundary came: a Deny with `NotPrincipal` spares nobody who has one, whomever it names.
    /// Source: "IAM JSON policy elements: NotPrincipal".
    private func bounded(_ whole: Replay.Whole, _ undone: Set<ChangeEvent>) -> (Counterfactual.Verdict, [Replay.Owned])?
    {
        let question = whole.question
        guard question.effect == .deny, view.state.principal?.boundary.holdsOne == .yes else { return nil }
        let asking = statements(whole) { if case .exceptMatching? = $0.principals { true } else { false } }
        guard !asking.isEmpty else { return nil }
        let former = replay.view(at: denial, undoing: undone).state.principal?.boundary.holdsOne ?? .undetermined
        let turns = requests.contains { request in
            replay.answer(question, asking, on: request, hasBoundary: .yes) == .yes
                && replay.answer(question, asking, on: request, hasBoundary: former) != .yes
        }
        return turns ? (.decisive(isExact: former == .no && asking.allSatisfy(\.isExact)), asking) : nil
    }

    /// A device went: whoever has none cannot bring a code.
    private func device(_ whole: Replay.Whole) -> (Counterfactual.Verdict, [Replay.Owned])? {
        let asking = statements(whole) { statement in
            statement.conditions.contains { $0.key.lowercased().hasPrefix("aws:multifactorauth") }
        }
        if asking.isEmpty { return isCovered(whole) ? nil : (.untold(policy: ""), []) }
        return (.conditional, asking)
    }

    /// Whether statements answer otherwise of the calls than of what they would have been.
    private func turned(_ whole: Replay.Whole, _ asking: [Replay.Owned], since former: [AuthorizationRequest])
        -> (Counterfactual.Verdict, [Replay.Owned])?
    {
        let question = whole.question
        var isOpen = false
        for ((old, new), now) in zip(zip(former, requests), whole.answersNow) {
            let (had, has) = (replay.answer(question, asking, on: old), replay.answer(question, asking, on: new))
            switch question.effect {
            case .allow where now == .yes: continue
            case .allow where had == .yes && has == .no, .deny where had == .no && has == .yes:
                return (.decisive(isExact: asking.allSatisfy(\.isExact)), asking)
            case .allow: isOpen = isOpen || had > has || has == .undetermined
            case .deny: isOpen = isOpen || had < has || has == .undetermined
            }
        }
        return isOpen ? (.conditional, asking) : nil
    }

    /// The statements that can bear on the calls, by whatever conditions, and of which something holds.
    private func statements(_ whole: Replay.Whole, where holds: (Statement) -> Bool) -> [Replay.Owned] {
        whole.read.statements.filter { one in
            let statement = one.statement
            return statement.effect == whole.question.effect && statement.matchesAction(facts.group.action)
                && (covers(statement) || statement.resources?.patterns.contains(where: \.holdsVariable) ?? false)
                && holds(statement)
        }
    }

    /// Whether the policies that are known tell of the calls without what went.
    private func isCovered(_ whole: Replay.Whole) -> Bool {
        !statements(whole) { covers($0) }.isEmpty
    }

    private func covers(_ statement: Statement) -> Bool {
        facts.refusedResources.isEmpty || facts.refusedResources.contains { statement.matchesResource($0) }
    }

    /// Whether a policy looks at a tag that a change touched.
    package func looks(at change: TrailChange) -> Bool {
        let owner: ConditionTag.Owner = change.concerns(facts.principal) ? .principal : .resource
        let asked = facts.causeMemo.askedTags.value {
            Set(
                replay.questions.flatMap { question in
                    statements(Replay.Whole(question, in: view, of: requests, replay)) { _ in true }.flatMap(
                        \.statement.tags)
                })
        }
        return change.tagKeys.contains { asked.contains(ConditionTag(owner, $0)) }
    }

    // MARK: - Who is there

    /// Nobody is allowed anything who is no more, and no role is assumed that is not there.
    private func ended(_ question: Replay.Question, _ lane: LaneName, _ undone: Set<ChangeEvent>)
        -> Counterfactual.Verdict?
    {
        let isAsked =
            lane.holder == replay.subject.principal ? question.type == .identityBased : question.type == .roleTrust
        guard question.effect == .allow, isAsked,
            replay.timeline.state(of: lane.holder, .existence, at: denial).holds("") == false,
            replay.timeline.state(of: lane.holder, .existence, at: denial, undoing: undone).holds("") != false
        else { return nil }
        return .decisive(isExact: false)
    }

    /// The caller's account left the unit below which a condition on `aws:PrincipalOrgPaths` asks its callers to be. The path to a unit
    /// is taken to be what the condition writes.
    private func leftPath(_ whole: Replay.Whole, _ edit: PolicyEdit, _ undone: Set<ChangeEvent>)
        -> (Counterfactual.Verdict, [Replay.Owned])?
    {
        guard edit.lane.holder.name == facts.principal.account,
            let first = undone.min(by: { $0.moment < $1.moment }).flatMap(facts.trail.change),
            let last = edit.event.flatMap(facts.trail.change), let source = first.parameter("sourceParentId"),
            let destination = last.parameter("destinationParentId"), source != destination
        else { return nil }
        let asking = statements(whole) { $0.asksForPath(through: source) }
        let paths = asking.flatMap(\.statement.paths)
        guard let path = paths.lazy.compactMap({ Self.path(to: source, in: $0) }).first else { return nil }
        let new =
            paths.lazy.compactMap { Self.path(to: destination, in: $0) }.first
            ?? path.split(separator: "/").prefix(2).joined(separator: "/") + "/\(destination)/"
        let key = "aws:PrincipalOrgPaths"
        func asked(_ path: String) -> [AuthorizationRequest] {
            requests.map { request in
                var request = request
                request.context.set(key, values: [path])
                return request
            }
        }
        var isOpen = false
        for (old, new) in zip(asked(path), asked(new)) {
            let had = replay.answer(whole.question, asking, on: old)
            let has = replay.answer(whole.question, asking, on: new)
            let turns = whole.question.effect == .allow ? had == .yes && has == .no : had == .no && has == .yes
            if turns { return (.decisive(isExact: false), asking) }
            isOpen = isOpen || had != has
        }
        return isOpen ? (.conditional, asking) : nil
    }

    /// The path through an organization to one of its units, as a condition's value writes it; `nil` where that is not on it.
    private static func path(to unit: String, in value: String) -> String? {
        let parts = value.split(separator: "/")
        guard parts.first?.hasPrefix("o-") ?? false, let place = parts.firstIndex(of: unit[...]) else { return nil }
        return parts[...place].joined(separator: "/") + "/"
    }

    /// Whether a policy of what was called asks for callers of another place in the organization than a unit that the account left.
    package func asksForPath(through unit: String) -> Bool {
        replay.questions.contains { question in
            !statements(Replay.Whole(question, in: view, of: requests, replay)) { $0.asksForPath(through: unit) }
                .isEmpty
        }
    }

    /// The account stands elsewhere in its organization: what binds it there, against what bound it where it stood.
    private func moved(_ question: Replay.Question, _ edit: PolicyEdit, _ undone: Set<ChangeEvent>)
        -> (Counterfactual.Verdict, [Replay.Owned])?
    {
        let account = edit.lane.holder
        guard replay.isOfOrganization, account.name == replay.boundAccount else { return nil }
        func source(_ event: ChangeEvent?) -> String? {
            event.flatMap(facts.trail.change)?.parameter("sourceParentId")
        }
        let now = replay.above(account.name, in: view)
        let moves = replay.timeline.edits(after: .at(facts.lastSuccessBefore ?? ""), upTo: denial, of: edit.lane)
        // It came back to where it was when the call last succeeded.
        if let start = source(moves.first?.event), now.dropFirst().first?.name == start { return nil }
        let then =
            source(undone.min { $0.moment < $1.moment }).map { [account] + replay.above($0, in: view) }
            ?? replay.above(account.name, in: replay.view(at: denial, undoing: undone))
        let (old, new) = (
            replay.organization(question, at: then, in: view), replay.organization(question, at: now, in: view)
        )
        let (had, has) = (replay.read(old.placed), replay.read(new.placed))
        let isKnown =
            [then, now].allSatisfy { replay.isKnown($0, question) } && had.unread.isEmpty && has.unread.isEmpty
        for request in requests {
            let (before, after) = (
                replay.answer(question, old.placed, on: request), replay.answer(question, new.placed, on: request)
            )
            switch question.effect {
            case .deny where before != .yes && after == .yes, .allow where isKnown && before != .no && after == .no:
                let deciding = has.statements.filter { $0.statement.effect == question.effect }
                return (.decisive(isExact: deciding.allSatisfy(\.isExact)), deciding)
            case .deny, .allow: continue
            }
        }
        return isKnown ? nil : (.untold(policy: ""), [])
    }

    /// The identity provider of the caller's token or assertion is gone, or does not accept what it accepted.
    private func provider(_ question: Replay.Question, _ edit: PolicyEdit) -> Counterfactual.Verdict? {
        guard question.type == .roleTrust, question.effect == .allow,
            IdentityProvider.match(edit.lane.holder, facts) != nil
        else { return nil }
        return IdentityProvider.verdict(edit, facts)
    }

}

extension PolicyEdit {
    /// Whether calls that took another way before go through an endpoint since, whose policy stayed as it was.
    package func bringsTraffic(_ timeline: PolicyTimeline) -> Bool {
        guard lane.kind == .settings, lane.holder.kind == .vpcEndpoint, case .set(let name, let value) = operation,
            let event, !timeline.edits(of: event).contains(where: { $0.lane.kind == .policy })
        else { return false }
        return name == "private DNS" ? value == .text("on") : name.hasPrefix("route table ")
    }
}

extension Statement {
    /// The paths through an organization that its conditions ask the caller's account to be on.
    fileprivate var paths: [String] {
        conditions.filter { $0.key.lowercased() == "aws:principalorgpaths" }.flatMap(\.values)
    }

    /// Whether one of them leads through a unit.
    fileprivate func asksForPath(through unit: String) -> Bool {
        paths.contains { $0.split(separator: "/").contains(unit[...]) }
    }

    /// The tags that it asks for: in a condition's key, or as a variable in one of its values or resources.
    package var tags: Set<ConditionTag> {
        let texts = conditions.flatMap(\.values) + (resources?.patterns.map(\.text) ?? [])
        let variables = texts.flatMap { $0.split(separator: "${", omittingEmptySubsequences: false).dropFirst() }.map {
            text in
            String(text.prefix { $0 != "}" && $0 != "," })
        }
        return Set((conditions.map(\.key) + variables).compactMap(ConditionTag.init(conditionKey:)))
    }
}
