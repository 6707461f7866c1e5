import AccessDenial
package import IAMPolicy
package import PolicyTimeline
package import RecordedChanges
import TrailStore

/// The policies that decide over a group's calls, as of any moment, with or without some events, and what they say of the calls.
package struct Replay {
    /// What is asked: whether policies of a type allow, or whether one of them denies.
    package struct Question: Hashable {
        package var type: PolicyType
        package var effect: Statement.Effect

        package init(type: PolicyType, effect: Statement.Effect) {
            self.type = type
            self.effect = effect
        }
    }

    package let facts: GroupFacts
    package let timeline: PolicyTimeline
    package let library: PolicyLibrary
    package let subject: PolicySubject

    package init(_ facts: GroupFacts) {
        self.facts = facts
        timeline = facts.timeline
        library = facts.trail.library
        subject = facts.policySubject
    }

    /// What AWS's words leave to be asked: of a missing Allow the Allows of the type that it names, of an explicit Deny the Denies.
    package var questions: [Question] {
        let reason = facts.group.reason
        guard facts.group.category == .authorization else { return [] }
        let types: [PolicyType] =
            reason.policyType.map { [$0] }
            ?? [.identityBased, .permissionsBoundary, isTrust ? .roleTrust : .resourceBased, .vpcEndpoint]
        return types.flatMap { type -> [Question] in
            switch reason.effect {
            // Within one account it is asked with the caller's own.
            case .unstated where type == .resourceBased && facts.servicePrefix != "kms" && isWithinAccount:
                [Question(type: type, effect: .deny)]
            case .implicit: [Question(type: type, effect: .allow)]
            case .explicit: [Question(type: type, effect: .deny)]
            case .unstated: [Question(type: type, effect: .allow), Question(type: type, effect: .deny)]
            }
        }
    }

    /// Whether AWS names a policy of AWS Organizations.
    package var isOfOrganization: Bool {
        switch facts.group.reason.policyType {
        case .serviceControl?, .resourceControl?: true
        case .identityBased?, .resourceBased?, .permissionsBoundary?, .session?, .vpcEndpoint?, .roleTrust?, nil: false
        }
    }

    /// Whether the policy of what was called is a role's trust policy.
    package var isTrust: Bool {
        facts.servicePrefix == "sts" && subject.resources.contains { $0.kind == .role }
    }

    /// The policies at a moment, as if some events had not happened.
    package struct View {
        package var state: PolicyState
        package var undone: Set<ChangeEvent>
    }

    /// The policies at a moment, as if some events had not happened; of those that `edited` names where it is given.
    package func view(at moment: Moment, undoing undone: Set<ChangeEvent> = [], only edited: EditedNames? = nil) -> View
    {
        View(state: facts.policies(at: moment, undoing: undone, only: edited), undone: undone)
    }

    /// The policies of a type that are asked, and whether there are no others.
    package struct Asked: Equatable {
        package var placed: [Placed] = []
        package var isComplete = false
    }

    /// The ARNs of the policies that AWS named.
    package var named: Set<String> { Set(facts.group.policyARNs.map(\.value)) }

    /// A policy with what it belongs to.
    package struct Placed: Hashable {
        package var type: PolicyType
        /// The resource whose policy it is.
        package var holder: Holder?
        /// Where a policy of AWS Organizations is attached: one of each level must allow.
        package var level: String?
        package var held: HeldPolicy
    }

    /// The policies that a question asks.
    package func policies(_ question: Question, in view: View) -> Asked {
        let state = view.state
        var asked: Asked
        switch question.type {
        case .identityBased:
            asked = state.principal.map { Self.asked($0.identity, .identityBased) } ?? Asked()
            asked.placed += sets([.inline, .attached], in: view).flatMap {
                Self.asked($0.identity, .identityBased).placed
            }
            // Within one account the resource's own policy allows as well as the caller's.
            if question.effect == .allow, mayBeWithinAccount {
                let resources = Self.resources(in: state)
                asked.placed += resources.placed
                asked.isComplete = asked.isComplete && resources.isComplete
            }
        case .permissionsBoundary:
            asked = state.principal.map { Self.asked($0.boundary, .permissionsBoundary) } ?? Asked()
            asked.placed += sets([.boundary], in: view).flatMap { Self.asked($0.boundary, .permissionsBoundary).placed }
        case .resourceBased, .roleTrust: asked = Self.resources(in: state)
        case .vpcEndpoint: asked = state.endpoint.map { Self.asked($0, .vpcEndpoint) } ?? Asked()
        case .session: asked = state.session.map { Self.asked($0, .session) } ?? Asked()
        case .serviceControl, .resourceControl:
            asked = organization(question, at: place(in: view).targets, in: view)
        }
        addNamed(question, in: view, to: &asked)
        return asked
    }

    /// The permission sets of a role of IAM Identity Center, where nothing was recorded of what was written into the role itself.
    private func sets(_ kinds: [LaneName.Kind], in view: View) -> [(identity: PolicySlot, boundary: PolicySlot)] {
        guard let role = facts.permissionSet, let principal = subject.principal else { return [] }
        let isTold = kinds.contains { timeline.lastEdit(of: principal, $0, upTo: view.state.moment) != nil }
        return isTold ? [] : role.policies(at: view.state.moment, undoing: view.undone)
    }

    /// What AWS names was there, whether or not the trail shows how it got there.
    private func addNamed(_ question: Question, in view: View, to asked: inout Asked) {
        guard question.type == .identityBased || question.type == .permissionsBoundary else { return }
        let known = Set(asked.placed.map(\.held.name))
        for arn in named.subtracting(known).sorted() {
            guard let held = timeline.managedPolicy(arn, at: view.state.moment, undoing: view.undone) else { continue }
            asked.placed.append(Placed(type: question.type, held: held))
        }
    }

    /// Where policies bind the account: it, and what stands above it as far as the trail tells; where it does not tell all, anywhere.
    package func place(in view: View) -> (targets: [Holder], isComplete: Bool) {
        let above = above(boundAccount, in: view)
        if above.last?.name.hasPrefix("r-") ?? false { return (above, true) }
        return (facts.trail.organizationTargets.filter(mayBind), false)
    }

    /// A target with what is known to stand above it.
    package func above(_ id: String, in view: View) -> [Holder] {
        var targets: [Holder] = []
        var next: String? = id
        while let id = next, id != "root", targets.count < 7 {
            let target = Holder.organizationTarget(id)
            targets.append(target)
            let parent = timeline.state(of: target, .parent, at: view.state.moment, undoing: view.undone).entries[""]
            next = if case .known(.text(let parent))? = parent?.knowledge { parent } else { nil }
        }
        return targets
    }

    /// Whether the trail tells of every level up to the root what is attached there.
    package func isKnown(_ targets: [Holder], _ question: Question) -> Bool {
        let kind: LaneName.Kind = question.type == .serviceControl ? .serviceControl : .resourceControl
        return targets.last?.name.hasPrefix("r-") ?? false
            && targets.allSatisfy { timeline.state(of: $0, kind, at: .at(facts.group.firstSeen)).isComplete }
    }

    /// Policies of AWS Organizations that may bind the account: what AWS names, else what is attached at some targets.
    package func organization(_ question: Question, at targets: [Holder], in view: View) -> Asked {
        let named = Set(named.compactMap { ARN($0) }.filter { $0.service == "organizations" }.map(\.name))
        let moment = view.state.moment
        var attached: [(level: String, id: String, source: LaneState.Source)] = []
        var absent: Set<String> = []
        // What is of another type stands in a lane of its own.
        let kinds: [LaneName.Kind] = [
            .organizationPolicies, question.type == .serviceControl ? .serviceControl : .resourceControl,
        ]
        for target in targets {
            for kind in kinds {
                let lane = timeline.state(of: target, kind, at: moment, undoing: view.undone)
                for (id, entry) in lane.entries where entry.knowledge != .maybe {
                    attached.append((target.name, id, entry.source))
                }
                // Where the trail shows how it came there, it was not there before.
                let whole = timeline.state(of: target, kind, at: moment)
                absent.formUnion(whole.entries.keys.filter { lane.entries[$0] == nil })
            }
        }
        let known = Set(attached.map(\.id))
        if named.isEmpty == false {
            attached = attached.filter { named.contains($0.id) }
            // What AWS names was there, whether or not the trail shows how it got there.
            for id in named.subtracting(known).subtracting(absent) {
                let text = timeline.state(of: .organizationPolicy(id), .policy, at: moment, undoing: view.undone)
                if let source = text.entries[""]?.source { attached.append(("", id, source)) }
            }
        }
        let wanted = question.type == .serviceControl ? "SERVICE_CONTROL_POLICY" : "RESOURCE_CONTROL_POLICY"
        var asked = Asked()
        for (level, id, source) in attached.sorted(by: { ($0.id, $0.level) < ($1.id, $1.level) }) {
            let holder = Holder.organizationPolicy(id)
            let type = timeline.state(of: holder, .settings, at: moment).entries["type"]?.knowledge
            if case .known(.text(let text))? = type, text != wanted { continue }
            var held = HeldPolicy(name: id, text: .unknown, isCertain: true, source: source, textSource: .unknown)
            let entry = timeline.state(of: holder, .policy, at: moment, undoing: view.undone).entries[""]
            if case .known(.document(let text))? = entry?.knowledge, let written = entry?.source {
                held.text = text
                held.source = written
                held.textSource = .recorded(written)
            } else if let published = PublishedText(organizationPolicy: id) {
                // It allows everything, and denies nothing.
                guard question.effect == .allow else { continue }
                held.text = published.text
                held.textSource = .awsManaged(version: "", isCertain: true)
            }
            asked.placed.append(Placed(type: question.type, level: level, held: held))
        }
        return asked
    }

    /// Whether what is attached to a target may bind the account of the caller or of the resource.
    package func mayBind(_ target: Holder) -> Bool {
        let account = boundAccount
        return target.name == account || !target.name.allSatisfy(\.isNumber)
    }

    /// The account that policies of AWS Organizations bind: the caller's, of resource control policies the resource's.
    package var boundAccount: String {
        facts.group.reason.policyType == .resourceControl
            ? facts.resourceAccount ?? facts.principal.account : facts.principal.account
    }

    private static func asked(_ slot: PolicySlot, _ type: PolicyType, _ holder: Holder? = nil) -> Asked {
        Asked(
            placed: slot.policies.map { Placed(type: type, holder: holder, held: $0) }, isComplete: slot.isComplete)
    }

    private static func resources(in state: PolicyState) -> Asked {
        var asked = Asked(isComplete: !state.resources.isEmpty)
        for resource in state.resources {
            let type: PolicyType = resource.holder.kind == .role ? .roleTrust : .resourceBased
            let own = Self.asked(resource.policy, type, resource.holder)
            asked.placed += own.placed + Self.asked(resource.grants, type, resource.holder).placed
            asked.isComplete = asked.isComplete && own.isComplete
        }
        return asked
    }

    /// Whether caller and resources belong to one account for certain.
    var isWithinAccount: Bool {
        let owners = facts.refusedResources.map { GroupRequests(facts).owner(of: $0) }
        return !owners.isEmpty && owners.allSatisfy { $0 == facts.principal.account }
    }

    /// Whether caller and resource may belong to one account.
    private var mayBeWithinAccount: Bool {
        let account = facts.principal.account
        guard !account.isEmpty else { return false }
        return subject.resources.contains { $0.account.isEmpty || $0.account == account }
    }

    // MARK: - What policies say

    /// What some policies say of a request, as far as their texts are known.
    ///
    /// - Parameter boundary: whether the caller has a permissions boundary, where those policies hold none.
    package func answer(
        _ question: Question, _ placed: [Placed], on request: AuthorizationRequest, hasBoundary boundary: Truth? = nil
    ) -> Truth {
        answer(question, policies(placed, on: request), on: request, boundary)
    }

    /// Those of some policies that say anything of a request, as far as their texts are known.
    private func policies(_ placed: [Placed], on request: AuthorizationRequest) -> PolicySet {
        ReplayWork.add(1 + placed.count)
        var set = PolicySet()
        for one in placed where one.held.isCertain && concerns(one, request) {
            guard let policy = library.book(one.held, as: one.type)?.policy,
                // Of the caller's own policies most are about something else; of all others it matters that they are there.
                one.type != .identityBased || policy.names(request)
            else { continue }
            set.add(policy, level: one.level)
        }
        return set
    }

    /// What every statement of some policies says of a request that names its action.
    ///
    /// - Parameter boundary: whether the caller has a permissions boundary, where those policies hold none.
    package func evaluation(
        _ placed: [Placed], of request: AuthorizationRequest, hasBoundary boundary: Truth? = nil
    ) -> Evaluation {
        Self.evaluator(policies(placed, on: request), boundary).evaluation(of: request, telling: .statementsOfAction)
    }

    private static func evaluator(_ set: PolicySet, _ hasBoundary: Truth?) -> Evaluator {
        hasBoundary.map { Evaluator(set, hasBoundary: $0) } ?? Evaluator(set)
    }

    /// What statements say of a request, were there no others.
    package func answer(
        _ question: Question, _ statements: [Owned], on request: AuthorizationRequest,
        hasBoundary boundary: Truth? = nil
    ) -> Truth {
        ReplayWork.add(1 + statements.count)
        var set = PolicySet()
        for (place, group) in Dictionary(grouping: statements, by: \.place) {
            guard place.holder == nil || concerns(place.holder, request) else { continue }
            let reading = PolicyReading(group.map(\.statement))
            set.add(Policy(name: "", reading, as: place.type))
        }
        return answer(question, set, on: request, boundary)
    }

    private func answer(
        _ question: Question, _ set: PolicySet, on request: AuthorizationRequest, _ hasBoundary: Truth? = nil
    ) -> Truth {
        let answer = Self.evaluator(set, hasBoundary).answer(on: request, asking: question.type)
        switch question.effect {
        case .allow:
            // Nobody is limited by what is not there, but what is not known does not allow either.
            return Self.isEmpty(question.type, set) ? Truth.no : answer.allows
        case .deny: return answer.denies
        }
    }

    private static func isEmpty(_ type: PolicyType, _ set: PolicySet) -> Bool {
        switch type {
        case .permissionsBoundary: set.boundary.policies.isEmpty
        case .session: set.session.policies.isEmpty
        case .vpcEndpoint: set.endpoint.policies.isEmpty
        case .serviceControl: set.serviceControl.levels.isEmpty
        case .identityBased, .resourceBased, .roleTrust, .resourceControl: false
        }
    }

    private func concerns(_ placed: Placed, _ request: AuthorizationRequest) -> Bool {
        placed.holder == nil || concerns(placed.holder, request)
    }

    /// A resource's policy is asked of calls on the resource.
    private func concerns(_ holder: Holder?, _ request: AuthorizationRequest) -> Bool {
        !request.isResourceKnown || Holder.resource(arn: request.resource) == holder
    }

    // MARK: - Statements

    /// A statement with what it stands in.
    package struct Owned: Hashable {
        package struct Place: Hashable {
            package var type: PolicyType
            package var holder: Holder?
        }

        package var place: Place
        package var statement: Statement
        /// Whether the text is that of the moment.
        package var isExact: Bool
        /// Whether it is a text that AWS published, and that no record holds.
        package var isPublished: Bool
        /// The name of the policy.
        package var policy: String

        package static func == (left: Owned, right: Owned) -> Bool {
            left.place == right.place && left.statement.hasSameMeaning(as: right.statement)
        }

        package func hash(into hasher: inout Hasher) {
            hasher.combine(place)
            hasher.combine(statement.actions)
            hasher.combine(statement.resources)
        }
    }

    /// The statements of policies, and those policies whose text is not known.
    package func read(_ placed: [Placed]) -> (statements: [Owned], unread: Set<Placed>) {
        ReplayWork.add(placed.count)
        var statements: [Owned] = []
        var unread: Set<Placed> = []
        for one in placed {
            guard let book = library.book(one.held, as: one.type) else {
                unread.insert(one)
                continue
            }
            guard one.held.isCertain else {
                unread.insert(one)
                continue
            }
            let place = Owned.Place(type: one.type, holder: one.holder)
            statements += book.statements.map {
                Owned(
                    place: place, statement: $0, isExact: one.held.isExact, isPublished: one.held.isPublished,
                    policy: one.held.name)
            }
        }
        return (statements, unread)
    }
}

extension Statement {
    /// Whether two statements say the same, whatever they are called.
    func hasSameMeaning(as other: Statement) -> Bool {
        effect == other.effect && actions == other.actions && resources == other.resources
            && principals == other.principals && conditions == other.conditions
    }
}
