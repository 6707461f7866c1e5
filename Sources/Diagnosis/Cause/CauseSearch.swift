import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore

/// The edits between a group's last success and its first denial, each undone and evaluated.
///
/// Of what one name of a lane holds the last edit is undone first, then the last two, and so on: the one whose undoing turns the
/// answer is where it began. Where AWS states that an Allow is missing only Allows are asked, where it states a Deny only Denies.
struct CauseSearch {
    /// How many edits of one thing are looked at, the nearest to the first denial: a pipeline that writes a policy every minute must
    /// not cost more than a report can wait.
    static let editLimit = 100

    let replay: Replay
    private let facts: GroupFacts
    let denial: Moment
    var view: Replay.View { facts.scene.view }
    var requests: [AuthorizationRequest] { facts.scene.requests }

    init(_ facts: GroupFacts) {
        self.facts = facts
        replay = Replay(facts)
        denial = .at(facts.group.firstSeen)
    }

    /// What edits follow each other on: one inline policy, one attachment, the one policy of a resource.
    struct Chain: Hashable, Comparable {
        var lane: LaneName
        var name: String

        static func < (left: Chain, right: Chain) -> Bool { (left.lane, left.name) < (right.lane, right.name) }
    }

    /// What became of the edits of every chain that can matter; one without a difference is left out.
    func counterfactuals() -> [Counterfactual] {
        let questions = replay.questions
        guard !questions.isEmpty else { return [] }
        var chains: [Chain: [PolicyEdit]] = [:]
        for edit in edits() where Self.isOfPolicies(edit.lane.kind) {
            chains[Chain(lane: edit.lane, name: Self.name(edit)), default: []].append(edit)
        }
        guard !chains.isEmpty, !requests.isEmpty else { return [] }
        return questions.flatMap { question in
            let single = chains.keys.sorted().compactMap { judge(chains[$0] ?? [], of: $0, question) }
            return together(chains, question, beside: single) ?? single.map { proven($0, question) }
        }
    }

    /// The edits behind the last success up to the first denial, of whoever's policies can matter.
    private func edits() -> [PolicyEdit] {
        var holders = replay.subject.resources + replay.named.map(Holder.managedPolicy)
        if let principal = replay.subject.principal { holders.append(principal) }
        if let endpoint = replay.subject.endpoint { holders.append(.vpcEndpoint(endpoint)) }
        if replay.isOfOrganization { holders += facts.trail.organizationTargets.filter(replay.mayBind) }
        holders += replay.named.compactMap { ARN($0) }.filter { $0.service == "organizations" }.map {
            .organizationPolicy($0.name)
        }
        let success = facts.lastSuccessBefore
        let birth = facts.creation(until: facts.group.firstSeen)?.time
        return replay.timeline.edits(
            after: .at(""), upTo: denial, touching: facts.trail.reach(of: holders)
        ).filter { edit in
            guard let event = edit.event else { return false }
            // What was made on a predecessor of the same name went with that one.
            if let birth, event.eventTime < birth, edit.lane.holder == replay.subject.principal { return false }
            guard let success, event.eventTime <= success else { return true }
            return TimeSpan.seconds(from: event.eventTime, to: success) <= TimeSpan.settling
        }
    }

    private static func isOfPolicies(_ kind: LaneName.Kind) -> Bool {
        switch kind {
        case .inline, .attached, .boundary, .trust, .groups, .versions, .defaultVersion, .policy, .grants,
            .organizationPolicies, .serviceControl, .resourceControl:
            true
        case .existence, .settings, .members, .tags, .access, .parent, .organization, .role, .provisioned: false
        }
    }

    /// What an edit is on; the whole lane where it holds one thing, or the edit is of all.
    private static func name(_ edit: PolicyEdit) -> String {
        switch edit.lane.kind {
        case .inline, .attached, .groups, .grants, .organizationPolicies, .serviceControl, .resourceControl:
            switch edit.operation {
            case .set(let name, _), .remove(let name), .blur(let name): name
            case .replaceAll, .removeStatement, .blurAll, .observe, .restore, .restoreAll: ""
            }
        case .boundary, .trust, .versions, .defaultVersion, .policy, .existence, .settings, .members, .tags, .access,
            .parent, .organization, .role, .provisioned:
            ""
        }
    }

    // MARK: - One chain

    /// Undoes the edits of a chain from the last one back, until the answer turns or may turn.
    private func judge(_ edits: [PolicyEdit], of chain: Chain, _ question: Replay.Question) -> Counterfactual? {
        var undone: [ChangeEvent] = []
        var innocent: Counterfactual?
        for edit in edits.suffix(Self.editLimit).reversed() {
            guard let event = edit.event, undone.last != event else { continue }
            undone.append(event)
            guard let (verdict, statements) = verdict(question, edit, undone: undone) else { continue }
            let found = Counterfactual(
                event: event, undone: undone.reversed(), lane: chain.lane, question: question, verdict: verdict,
                statements: statements)
            switch verdict {
            case .innocent: innocent = innocent ?? found
            // What the last edit wrote allows the call, so that it is not the one.
            case .stillAllowed(_, let isOwn) where isOwn: return innocent
            case .decisive, .conditional, .lacking, .untold, .overwritten, .stillAllowed: return found
            }
        }
        return innocent
    }

    /// What the difference that undoing makes means; `nil` where there is none.
    private func verdict(_ question: Replay.Question, _ edit: PolicyEdit, undone: [ChangeEvent])
        -> (Counterfactual.Verdict, [Replay.Owned])?
    {
        // A group may be gone by now: who left it lost what it had then.
        let moment = edit.lane.kind == .groups ? edit.moment : denial
        let undone = edit.lane.kind == .groups ? Set(undone.suffix(1)) : Set(undone)
        let before = replay.policies(question, in: replay.view(at: moment, undoing: undone))
        let then = edit.lane.kind == .groups ? replay.policies(question, in: replay.view(at: moment)) : nil
        let after = replay.policies(question, in: view)
        let change = Change(edit: edit, undone: undone, moment: moment)
        let isBlurred =
            switch edit.operation {
            case .blur, .blurAll: true
            case .replaceAll, .set, .remove, .removeStatement, .observe, .restore, .restoreAll: false
            }
        let isDifferent = before != then ?? after
        guard isDifferent || concerns(edit.lane, question) && (isBlurred || isUnknown(change)) else { return nil }
        switch question.effect {
        case .allow: return lost(question, change, before, after)
        case .deny: return gained(question, change, before, then ?? after)
        }
    }

    /// Whether a lane holds policies of a question's type.
    private func concerns(_ lane: LaneName, _ question: Replay.Question) -> Bool {
        switch lane.kind {
        case .inline, .attached, .groups: question.type == .identityBased
        case .boundary: question.type == .permissionsBoundary
        case .trust: question.type == .roleTrust
        case .policy, .grants:
            lane.holder.kind == .organizationPolicy
                ? replay.isOfOrganization
                : lane.holder.kind == .vpcEndpoint
                    ? question.type == .vpcEndpoint
                    : question.type == .resourceBased || question.type == .identityBased && question.effect == .allow
        case .versions, .defaultVersion: question.type == .identityBased || question.type == .permissionsBoundary
        case .organizationPolicies: replay.isOfOrganization
        case .serviceControl: question.type == .serviceControl
        case .resourceControl: question.type == .resourceControl
        case .existence, .settings, .members, .tags, .access, .parent, .organization, .role, .provisioned: false
        }
    }

    /// An edit with those that follow it.
    private struct Change {
        var edit: PolicyEdit
        var undone: Set<ChangeEvent>
        var moment: Moment
    }

    // MARK: - Allows

    /// What went.
    private func lost(
        _ question: Replay.Question, _ change: Change, _ before: Replay.Asked, _ after: Replay.Asked
    ) -> (Counterfactual.Verdict, [Replay.Owned]) {
        let (old, new) = (replay.read(before.placed), replay.read(after.placed))
        let kept = Set(new.statements)
        let gone = difference(
            question, old.statements.filter { $0.statement.effect == .allow && !kept.contains($0) },
            from: new.statements)
        let settled = after.placed.filter { replay.hasSettled($0.held) }
        let now = requests.map { request in
            isWithoutLimit(question, after) ? Truth.yes : replay.answer(question, settled, on: request)
        }
        let hadNoLimit = isWithoutLimit(question, before) || createsEndpoint(change.edit)
        let had: [Truth] = requests.map { hadNoLimit ? .yes : replay.answer(question, gone, on: $0) }
        var isStillAllowed = false
        for (had, now) in zip(had, now) where had == .yes {
            if now != .yes { return (.decisive(isExact: gone.allSatisfy(\.isExact)), gone) }
            isStillAllowed = true
        }
        let isAllowed = now.allSatisfy { $0 == .yes }
        if isStillAllowed { return (stillAllowed(question, change, settled), gone) }
        if had.contains(.undetermined) { return (isAllowed ? .innocent : .conditional, gone) }
        let missing = Set(old.unread.map(Replay.Unread.init)).subtracting(new.unread.map(Replay.Unread.init))
        let certain = missing.filter(\.isCertain).map(\.name).sorted()
        let isUnknown = !certain.isEmpty || isUnknown(change)
        guard isUnknown else { return (.innocent, gone) }
        if isAllowed { return (stillAllowed(question, change, settled), gone) }
        if let policy = certain.first {
            // The same one, with a text that is known.
            let isRewritten = new.statements.contains { $0.policy == policy }
            return (isRewritten && now.contains(.no) ? .lacking : .untold(policy: policy), gone)
        }
        if change.edit.lane.kind == .groups { return (leftGroup(change), gone) }
        let isWritten = change.edit.lane.kind == .boundary ? new.unread.isEmpty : isRead(change.edit)
        guard isWritten else { return (.untold(policy: ""), gone) }
        guard question.type != .identityBased else { return (.overwritten, gone) }
        // What must allow by itself lacks it, or asks for what the records do not tell.
        return (now.contains(.no) ? .lacking : .conditional, gone)
    }

    /// What stood in a group that was left is not known as a whole.
    private func leftGroup(_ change: Change) -> Counterfactual.Verdict {
        if case .set = change.edit.operation { return .innocent }
        let group = groupHolder(change.edit)
        let lanes = [LaneName.Kind.inline, .attached].map {
            replay.timeline.state(of: group, $0, at: change.moment)
        }
        return lanes.allSatisfy(\.entries.isEmpty) ? .untold(policy: "") : .overwritten
    }

    private func groupHolder(_ edit: PolicyEdit) -> Holder {
        .group(Self.name(edit), account: edit.lane.holder.account)
    }

    /// Whether policies of the type limit, and there is none.
    private func isWithoutLimit(_ question: Replay.Question, _ asked: Replay.Asked) -> Bool {
        switch question.type {
        case .permissionsBoundary, .session: asked.placed.isEmpty && asked.isComplete
        case .vpcEndpoint, .identityBased, .resourceBased, .roleTrust, .serviceControl, .resourceControl: false
        }
    }

    /// Whether calls pass an endpoint since the edit that passed none before.
    private func createsEndpoint(_ edit: PolicyEdit) -> Bool {
        edit.lane.holder.kind == .vpcEndpoint && edit.event?.name == .createVpcEndpoint
    }

    /// Whether something may have stood there before that the trail does not tell.
    private func isUnknown(_ change: Change) -> Bool {
        let lane = change.edit.lane
        let state = replay.timeline.state(of: lane.holder, lane.kind, at: change.moment, undoing: change.undone)
        switch change.edit.operation {
        case .set(let name, .document) where lane.kind == .inline:
            return state.entries[name].map { $0.knowledge == .maybe } ?? (state.holds(name) == nil)
        case .replaceAll, .removeStatement, .restoreAll, .restore:
            return !state.isComplete && state.known.isEmpty
        case .blur, .blurAll: return true
        case .remove where lane.kind == .groups, .set where lane.kind == .groups:
            let group = groupHolder(change.edit)
            // Who leaves a group shows that it is there, whatever became of an earlier one of the name.
            if replay.timeline.state(of: group, .existence, at: change.moment).holds("") == false { return true }
            return ![LaneName.Kind.inline, .attached].allSatisfy {
                replay.timeline.state(of: group, $0, at: change.moment).isComplete
            }
        case .set, .remove, .observe: return false
        }
    }

    /// Whether the edit wrote a text that is known.
    private func isRead(_ edit: PolicyEdit) -> Bool {
        switch edit.operation {
        case .set(_, .document(let text)): text != .unknown
        case .replaceAll(let values):
            values.values.contains { value in
                if case .document(let text) = value { text != .unknown } else { false }
            }
        case .set, .remove, .removeStatement, .blur, .blurAll, .observe, .restore, .restoreAll: false
        }
    }

    /// Another policy allows all the same.
    private func stillAllowed(_ question: Replay.Question, _ change: Change, _ placed: [Replay.Placed])
        -> Counterfactual.Verdict
    {
        let allowing = placed.first { one in requests.contains { replay.answer(question, [one], on: $0) == .yes } }
        guard let allowing else { return .stillAllowed(policy: "", isOwn: false) }
        let lane = change.edit.lane
        let isOwn =
            allowing.holder.map { $0 == lane.holder }
            ?? (allowing.held.name == Self.name(change.edit) || allowing.held.name == lane.holder.name)
        return .stillAllowed(policy: allowing.held.name, isOwn: isOwn)
    }

    /// The statements of a list that say something else of the calls than those of another one: what was written anew under the same
    /// conditions, more or less widely, says the same of them.
    private func difference(_ question: Replay.Question, _ list: [Replay.Owned], from others: [Replay.Owned])
        -> [Replay.Owned]
    {
        list.filter { one in
            !others.contains { other in
                other.statement.effect == one.statement.effect && !one.statement.conditions.isEmpty
                    && Set(other.statement.conditions) == Set(one.statement.conditions)
                    && requests.allSatisfy {
                        replay.answer(question, [other], on: $0) >= replay.answer(question, [one], on: $0)
                    }
            }
        }
    }

    // MARK: - Denies

    /// What came. AWS may have named the policy: then it is that one.
    private func gained(
        _ question: Replay.Question, _ change: Change, _ before: Replay.Asked, _ after: Replay.Asked
    ) -> (Counterfactual.Verdict, [Replay.Owned]) {
        let (old, new) = (replay.read(before.placed), replay.read(after.placed))
        let named = replay.named.union(replay.named.compactMap { ARN($0)?.name })
        let known = Set(old.statements)
        var came = new.statements.filter {
            $0.statement.effect == .deny && !known.contains($0) && (named.isEmpty || named.contains($0.policy))
        }
        came = difference(question, came, from: old.statements)
        // What the same edits took away may have denied it just so.
        let kept = Set(new.statements)
        let gone = old.statements.filter { $0.statement.effect == .deny && !kept.contains($0) }
        let denies = requests.map { request in
            replay.answer(question, gone, on: request) == .yes ? Truth.no : replay.answer(question, came, on: request)
        }
        if denies.contains(.yes) { return (.decisive(isExact: came.allSatisfy(\.isExact)), came) }
        if denies.contains(.undetermined) { return (.conditional, came) }
        // Of a policy of AWS's the nearest text says little about one that came just then.
        let doubtful = Set(new.statements.filter { !$0.isExact }.map(\.policy))
            .subtracting(old.statements.map(\.policy))
        let fresh =
            Set(new.unread.map(Replay.Unread.init)).subtracting(old.unread.map(Replay.Unread.init))
            .map(\.name).filter { named.isEmpty || named.contains($0) } + doubtful
        if let policy = fresh.sorted().first { return (.untold(policy: policy), came) }
        if change.edit.lane.kind == .groups, case .set = change.edit.operation {
            let group = groupHolder(change.edit)
            let isKnown = [LaneName.Kind.inline, .attached].allSatisfy {
                replay.timeline.state(of: group, $0, at: change.moment).isComplete
            }
            let isRead = !Set(new.statements).subtracting(known).isEmpty
            if !isKnown, named.isEmpty || !isRead { return (.untold(policy: ""), came) }
        }
        switch change.edit.operation {
        case .blur, .blurAll: return (.untold(policy: ""), came)
        case .replaceAll, .set, .remove, .removeStatement, .observe, .restore, .restoreAll: return (.innocent, came)
        }
    }
}

extension Replay {
    /// A policy whose text is not known, as far as it tells it from others.
    struct Unread: Hashable {
        var name: String
        var version: String?
        var isCertain: Bool

        init(_ placed: Placed) {
            name = placed.held.name
            version = placed.held.version
            isCertain = placed.held.isCertain
        }
    }
}
