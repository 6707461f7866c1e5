import AccessDenial
package import IAMPolicy
package import PolicyTimeline
package import RecordedChanges
import TrailStore

/// The edits between a group's last success and its first denial, each undone and evaluated.
///
/// Of what one name of a lane holds the last edit is undone first, then the last two, and so on: the one whose undoing turns the
/// answer is where it began. Where AWS states that an Allow is missing only Allows are asked, where it states a Deny only Denies.
package struct CauseSearch {
    /// How many edits of one thing are looked at, the nearest to the first denial: a pipeline that writes a policy every minute must
    /// not cost more than a report can wait.
    static let editLimit = 100
    /// How many groups that somebody joined or left are looked at, the nearest to the first denial. IAM lets a user be in ten.
    private static let groupLimit = 100

    package let replay: Replay
    package let facts: GroupFacts
    package let denial: Moment
    package var view: Replay.View { facts.scene.view }
    package var requests: [AuthorizationRequest] { facts.scene.requests }

    package init(_ facts: GroupFacts) {
        self.facts = facts
        replay = Replay(facts)
        denial = .at(facts.group.firstSeen)
    }

    /// The edits of a chain, in order.
    package struct Line {
        package var chain: EditChain
        package var edits: [PolicyEdit]
        /// Whether these edits tell what stood there: none made all of the lane unknown.
        package var isTold: Bool
        /// Whether nothing edited the lane as a whole meanwhile.
        package var isByName = false
        /// Whether an inline policy that was edited says anything of the calls.
        package var speech = Speech.mayMatter
    }

    /// What is known of the texts that stood under one name, before edits and because of them.
    package enum Speech {
        case mayMatter
        /// None of those that are known says anything of the calls' actions; what stood there first is not known.
        case silentAsFarAsKnown
        /// The same, and all are known: none of the edits made a difference to the calls.
        case silent
    }

    /// What became of the edits of every chain that can matter; one without a difference is left out.
    package func counterfactuals() -> [Counterfactual] {
        gates() + (Self.isGated(facts) ? [] : counterfactuals(replay.questions))
    }

    /// The same of questions that AWS's words need not ask.
    package func counterfactuals(_ questions: [Replay.Question]) -> [Counterfactual] {
        var lines = questions.isEmpty ? [] : lines(questions)
        guard !lines.isEmpty else { return [] }
        for place in lines.indices { lines[place].speech = speech(lines[place]) }
        return questions.flatMap { question in
            let whole = Replay.Whole(question, in: view, of: requests, replay)
            let single = lines.compactMap { judge($0, whole) }
            let flipping = flipping(single, whole)
            return together(lines, whole, beside: single, flipping) ?? proven(single, flipping)
        }
    }

    /// Whether AWS gave a reason that a setting or a grant of a service decides alone: then no policy's lack of an Allow is.
    package static func isGated(_ facts: GroupFacts) -> Bool {
        PublicAccess.isReason(facts) || ServiceGrants.isReason(facts)
    }

    /// Settings and grants of services in that time, each by itself.
    private func gates() -> [Counterfactual] {
        let isPublicAccess = PublicAccess.isReason(facts)
        guard isPublicAccess || ServiceGrants.mayReach(facts) else { return [] }
        return facts.changes(after: begin.time, upTo: denial.time).compactMap { change in
            guard let lane = change.chain?.lane else { return nil }
            let verdict: Counterfactual.Verdict
            if isPublicAccess {
                guard PublicAccess.reach(change, facts) != nil else { return nil }
                verdict = PublicAccess.verdict(change, facts)
            } else {
                guard change.rule?.target == .serviceGrant, ServiceGrants.reaches(change, facts) else { return nil }
                verdict = ServiceGrants.verdict(change, facts)
            }
            let type = facts.group.reason.policyType ?? .resourceBased
            return Counterfactual(
                event: change.event, undone: [change.event], lane: lane,
                question: Replay.Question(type: type, effect: .allow), verdict: verdict)
        }
    }

    /// The edits behind the last success up to the first denial, of whoever's policies can matter to some questions, by what they are
    /// on.
    private func lines(_ questions: [Replay.Question]) -> [Line] {
        var holders = replay.subject.resources + replay.named.map(Holder.managedPolicy)
        if let principal = replay.subject.principal { holders.append(principal) }
        if let endpoint = replay.subject.endpoint { holders.append(.vpcEndpoint(endpoint)) }
        if replay.isOfOrganization {
            holders += facts.trail.organizationTargets.filter(replay.mayBind)
        } else if questions.contains(where: { $0.type == .resourceBased || $0.type == .roleTrust }) {
            // Policies of resources ask for the caller's place in its organization.
            holders.append(.organizationTarget(facts.principal.account))
        }
        if let provider = facts.group.tokenProvider { holders.append(.identityProvider(provider)) }
        holders += replay.named.compactMap { ARN($0) }.filter { $0.service == "organizations" }.map {
            .organizationPolicy($0.name)
        }
        let sets = facts.permissionSet?.sets ?? []
        let reach = facts.trail.reach(of: holders + sets).subtracting(sets)
        let lanes = replay.timeline.lanes(after: begin, upTo: denial, of: Array(reach)) + lanes(of: sets)
        // What was made on a predecessor of the same name went with that one.
        let birth = facts.creation(until: facts.group.firstSeen)?.time ?? ""
        let asked = lanes.filter { name, edits in questions.contains { isAsked(name, $0) } && !isOfGate(edits) }
        let lines = asked.flatMap { name, edits in
            let isOwn = name.holder == replay.subject.principal
            let own = edits.filter { edit in edit.event.map { !isOwn || $0.eventTime >= birth } ?? false }
            let isTold = !own.contains { if case .blurAll = $0.operation { true } else { false } }
            let chains = Dictionary(grouping: own, by: \.chain)
            let isByName = !chains.keys.contains { $0.name.isEmpty }
            return chains.sorted { $0.key < $1.key }.map {
                Line(chain: $0, edits: $1, isTold: isTold, isByName: isByName)
            }
        }
        let groups = Set(Self.nearest(Self.groupLimit, of: lines) { $0.chain.lane.kind == .groups })
        return lines.enumerated().filter { $1.chain.lane.kind != .groups || groups.contains($0) }.map(\.element)
    }

    /// The places of the chains that end the latest, the latest first.
    package static func nearest(_ limit: Int, of lines: [Line], where isAsked: (Line) -> Bool) -> [Int] {
        let ends = lines.indices.compactMap { place -> (moment: Moment, place: Int)? in
            guard isAsked(lines[place]), let last = lines[place].edits.last else { return nil }
            return (last.moment, place)
        }
        return ends.sorted { ($0.moment, $0.place) > ($1.moment, $1.place) }.prefix(limit).map(\.place)
    }

    /// Behind what lies so long before the last success that it held by then.
    private var begin: Moment {
        guard let success = facts.lastSuccessBefore, let seconds = Timestamp.seconds(success) else { return .at("") }
        let settled = Timestamp.text(seconds - Int64(TimeSpan.settling) - 1)
        return .at(settled)
    }

    /// The edits of permission sets that came to hold in that time: what was not provisioned to the account has not happened there.
    private func lanes(of sets: [Holder]) -> [(name: LaneName, edits: ArraySlice<PolicyEdit>)] {
        replay.timeline.lanes(after: .at(""), upTo: denial, of: sets).map { name, edits in
            let held = edits.filter { edit in
                facts.permissionSet?.provisioning(of: edit, until: denial.time).map { .at($0.eventTime) > begin }
                    ?? false
            }
            return (name, held[...])
        }
    }

    /// Whether a lane holds grants of a service, which stand beside the policies.
    private func isOfGate(_ edits: ArraySlice<PolicyEdit>) -> Bool {
        edits.first?.lane.kind == .grants
            && edits.first?.event.flatMap(facts.trail.change)?.rule?.target == .serviceGrant
    }

    // MARK: - One chain

    /// Undoes the edits of a chain from the last one back, until the answer turns or may turn.
    private func judge(_ line: Line, _ whole: Replay.Whole) -> Counterfactual? {
        guard isAsked(line.chain.lane, whole.question) else { return nil }
        // A policy that AWS names is never ruled out.
        if line.speech == .silent, replay.named.isEmpty { return nil }
        var undone: [ChangeEvent] = []
        var edited = EditedNames()
        var innocent: Counterfactual?
        let endsSilent = line.edits.last.map { isSilent($0, line) } ?? false
        for place in line.edits.indices.suffix(Self.editLimit).reversed() {
            let edit = line.edits[place]
            guard let event = edit.event, undone.last != event else { continue }
            undone.append(event)
            edited.add(event, in: replay.timeline)
            // One text about something else was replaced by another one.
            if endsSilent, place > 0, isSilent(line.edits[place - 1], line), !isUnseen(edit, line.edits[place - 1]) {
                continue
            }
            guard let (verdict, statements) = verdict(whole, edit, undone: undone, edited) else { continue }
            let found = Counterfactual(
                event: event, undone: undone.reversed(), lane: line.chain.lane, question: whole.question,
                verdict: verdict, statements: statements)
            switch verdict {
            case .innocent: innocent = innocent ?? found
            // What the last edit wrote allows the call, so that it is not the one.
            case .stillAllowed(_, let isOwn) where isOwn: return innocent
            case .decisive, .conditional, .lacking, .untold, .overwritten, .stillAllowed: return found
            }
        }
        return innocent
    }

    /// Whether a lane can bear on a question: what somebody's own policies are bears on what they are asked, and on nothing else.
    private func isAsked(_ lane: LaneName, _ question: Replay.Question) -> Bool {
        ![.inline, .attached, .groups].contains(lane.kind) || concerns(lane, question)
    }

    /// Whether an edit left an inline policy that is known and says nothing of the calls' actions, or none.
    private func isSilent(_ edit: PolicyEdit, _ line: Line) -> Bool {
        guard line.isTold, line.chain.lane.kind == .inline, let event = edit.event else { return false }
        switch edit.operation {
        case .remove: return true
        case .set(let name, .document(let text)):
            let source = LaneState.Source.event(event)
            return isSilent(
                HeldPolicy(name: name, text: text, isCertain: true, source: source, textSource: .recorded(source)))
        case .set, .replaceAll, .removeStatement, .blur, .blurAll, .observe, .restore, .restoreAll: return false
        }
    }

    private func isSilent(_ held: HeldPolicy) -> Bool {
        guard let policy = replay.library.book(held, as: .identityBased)?.policy else { return false }
        return !requests.contains(where: policy.names)
    }

    /// What the texts of an inline policy say of the calls.
    private func speech(_ line: Line) -> Speech {
        let lane = line.chain.lane
        // Where no request is known, nothing tells what a text must speak of.
        guard !requests.isEmpty, lane.kind == .inline, [.role, .user, .group].contains(lane.holder.kind), line.isTold,
            line.isByName, line.edits.count <= Self.editLimit, let first = line.edits.first, let event = first.event,
            line.edits.allSatisfy({ isSilent($0, line) }),
            !zip(line.edits.dropFirst(), line.edits).contains(where: isUnseen)
        else { return .mayMatter }
        let name = line.chain.name
        let state = replay.timeline.state(of: lane.holder, .inline, name, before: event)
        switch (first.operation, state.entries[name]) {
        case (_, let entry?):
            guard case .known(.document(let text)) = entry.knowledge else { return .silentAsFarAsKnown }
            let held = HeldPolicy(
                name: name, text: text, isCertain: true, source: entry.source, textSource: .recorded(entry.source))
            return isSilent(held) ? .silent : .mayMatter
        case (.remove, nil): return .mayMatter
        case (_, nil): return state.holds(name) == false ? .silent : .silentAsFarAsKnown
        }
    }

    /// Whether an edit took what another one had taken before.
    private func isUnseen(_ edit: PolicyEdit, _ before: PolicyEdit) -> Bool {
        if case .remove = edit.operation, case .remove = before.operation { true } else { false }
    }

    /// What the difference that undoing makes means; `nil` where there is none.
    private func verdict(_ whole: Replay.Whole, _ edit: PolicyEdit, undone: [ChangeEvent], _ edited: EditedNames)
        -> (Counterfactual.Verdict, [Replay.Owned])?
    {
        let lane = edit.lane
        if !lane.holdsPolicies || lane.kind == .boundary && whole.question.type == .resourceBased
            || lane.kind == .grants && lane.holder.kind == .permissionSet
        {
            return circumstance(whole, edit, undoing: Set(undone))
        }
        guard !requests.isEmpty else { return nil }
        guard lane.kind != .groups else { return verdictOfGroup(whole, edit) }
        let change = Change(edit: edit, undone: Set(undone), moment: denial)
        let difference = difference(change, whole, edited)
        guard !difference.isEmpty || mayConcern(change, whole.question) else { return nil }
        switch whole.question.effect {
        case .allow: return lost(change, difference)
        case .deny: return gained(change, difference)
        }
    }

    private func difference(_ change: Change, _ whole: Replay.Whole, _ edited: EditedNames) -> Replay.Difference {
        let lane = change.edit.lane
        // Each level must allow: what another one allows does not help.
        if whole.question.effect == .allow, lane.holder.kind == .organizationTarget {
            func level(_ view: Replay.View) -> Replay.Asked {
                var asked = replay.policies(whole.question, in: view)
                asked.placed.removeAll { $0.level != lane.holder.name }
                return asked
            }
            let level = (before: level(replay.view(at: denial, undoing: change.undone)), after: level(view))
            return Replay.Difference(
                from: level.before, to: level.after,
                of: Replay.Whole(whole.question, level.after, of: requests, replay), replay)
        }
        let difference = replay.difference(undoing: change.undone, at: denial, in: whole, edited: edited)
        return unseen(change, whole.question).map { difference.adding($0, replay) } ?? difference
    }

    /// The policy that an edit took, where the trail does not show how it came there: AWS takes away only what is there.
    private func unseen(_ change: Change, _ question: Replay.Question) -> Replay.Placed? {
        let lane = change.edit.lane
        guard case .remove(let name) = change.edit.operation, let event = change.edit.event,
            lane.kind == .inline || lane.kind == .attached, concerns(lane, question),
            replay.timeline.state(of: lane.holder, lane.kind, [name], at: event.moment, undoing: [event]).holds(name)
                == false
        else { return nil }
        let source = LaneState.Source.laterEvent(event)
        var held = HeldPolicy(name: name, text: .unknown, isCertain: true, source: source, textSource: .unknown)
        if lane.kind == .attached { held = replay.timeline.managedPolicy(name, at: change.moment) ?? held }
        if held.text == .unknown, let published = PublishedText(arn: name, at: change.moment.time) {
            held.text = published.text
            held.textSource = .awsManaged(version: "", isCertain: published.isCertain)
        }
        return Replay.Placed(type: question.type, held: held)
    }

    /// The same of a group that was joined or left: it may be gone by now, so that who left it lost what it had then.
    private func verdictOfGroup(_ whole: Replay.Whole, _ edit: PolicyEdit) -> (Counterfactual.Verdict, [Replay.Owned])?
    {
        guard let event = edit.event else { return nil }
        let change = Change(edit: edit, undone: [event], moment: edit.moment)
        let then = Replay.Whole(whole.question, in: replay.view(at: edit.moment), of: requests, replay)
        let before = replay.policies(whole.question, in: replay.view(at: edit.moment, undoing: change.undone))
        let difference = Replay.Difference(from: before, to: then.asked, of: then, replay)
        guard !difference.isEmpty || mayConcern(change, whole.question) else { return nil }
        switch whole.question.effect {
        case .allow:
            return lost(change, Replay.Difference(from: before, to: whole.asked, of: whole, replay))
        case .deny: return gained(change, difference)
        }
    }

    /// Whether an edit may have changed what a question asks, as far as the trail does not tell what it changed.
    private func mayConcern(_ change: Change, _ question: Replay.Question) -> Bool {
        guard concerns(change.edit.lane, question) else { return false }
        return change.edit.operation.isBlur || isUnknown(change)
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
}
