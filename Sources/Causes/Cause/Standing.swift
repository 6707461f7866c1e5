import AccessDenial
package import IAMPolicy
package import OrderedJSON
package import PolicyTimeline
package import RecordedCalls
import RecordedChanges
import TrailStore

/// What the policies say of the refused requests as the archive ends, and what they would say were something else.
///
/// A trail shows changes, not states: a policy that nothing tells of stays unknown, and where it decides, that is said.
package struct Standing {
    /// One refused request and the policies of the archive's end.
    package struct Answer: Sendable {
        package var request: ObservedRequest
        package var state: PolicyState
    }

    let facts: GroupFacts
    /// How many requests are asked.
    private static let requestLimit = 4

    package init(_ facts: GroupFacts) {
        self.facts = facts
    }

    /// The refused requests: most groups need the first one's answer alone, to see that no policy is known.
    private var answers: [Answer] {
        facts.causeMemo.answersAtEnd.value {
            let others = facts.requests.denied.all.prefix(Self.requestLimit).dropFirst()
            return (first.map { [$0] } ?? []) + others.map(answer)
        }
    }

    var first: Answer? {
        facts.causeMemo.firstAnswerAtEnd.value { facts.requests.denied.all.first.map(answer) }
    }

    private func answer(_ denied: DeniedRequest) -> Answer {
        let request = denied.observed
        let targets = Self.targets(facts)
        var subject = request.subject
        subject.accounts += targets.filter { !subject.accounts.contains($0) }
        let principal = subject.principal
        subject.principal = nil
        var state = facts.timeline.state(at: TrailReplay.end, of: subject)
        state.principal = principal.map(facts.trail.principalAtEnd)
        state.principal?.identity.policies += facts.presumedPolicies(at: TrailReplay.end)
        let isOfResource = facts.group.reason.policyType == .resourceControl
        let bound = isOfResource ? request.request.resourceAccount ?? facts.resourceAccount : request.principal.account
        Self.add(targets, to: &state, for: bound)
        return Answer(request: request, state: state)
    }

    /// Roots and units whose policies may bind the caller, where AWS names such a policy and the tree is not known: every one that the
    /// trail tells of.
    private static func targets(_ facts: GroupFacts) -> [String] {
        guard facts.group.reason.policyType == .serviceControl || facts.group.reason.policyType == .resourceControl
        else { return [] }
        return Array(Set(facts.changes.compactMap { $0.parameter("targetId") })).sorted()
    }

    private static func add(_ targets: [String], to state: inout PolicyState, for account: String?) {
        guard let account, var organization = state.organization[account], !organization.isComplete else { return }
        for target in targets {
            for level in state.organization[target]?.levels ?? [] {
                // AWS says that a policy of the organization binds the account: what its root has is certain then.
                if let known = organization.levels.firstIndex(where: { $0.id == level.id }) {
                    organization.levels[known] = level
                } else {
                    organization.levels.append(level)
                }
            }
        }
        state.organization[account] = organization
    }

    func evaluation(
        _ answer: Answer, telling: Evaluator.Telling, changing change: (inout AuthorizationRequest) -> Void = { _ in },
        adding policy: Policy? = nil
    ) -> Evaluation {
        var asked = answer.request.request(in: answer.state)
        change(&asked)
        var set = facts.trail.library.policySet(
            of: answer.state, resource: answer.request.subject.resources.first,
            callerAccount: asked.principal.account, resourceAccount: asked.resourceAccount)
        if let policy { set.add(policy) }
        return Evaluator(set).evaluation(of: asked, telling: telling)
    }

    // MARK: - The statement

    /// Where a statement stands as the archive ends.
    package struct Place {
        package var type: PolicyType
        package var policy: HeldPolicy
        /// The policy's text.
        package var document: JSONValue
        /// Counted from 0.
        package var index: Int

        /// The statement's text.
        package var statement: JSONValue { (document["Statement"] ?? .null).elements[index] }

        /// `nil` for a policy whose text is not known, or that has no such statement.
        package init?(_ policy: HeldPolicy, _ type: PolicyType, _ index: Int) {
            guard let document = policy.text.value, index < (document["Statement"] ?? .null).elements.count else {
                return nil
            }
            (self.type, self.policy, self.document, self.index) = (type, policy, document, index)
        }
    }

    /// A statement that refuses, or that nearly allows, as it reads when the archive ends.
    package struct Failing {
        package var trace: StatementTrace
        package var place: Place
        package var policy: HeldPolicy { place.policy }
        /// The statement's text.
        package var statement: JSONValue { place.statement }
        /// The request that it was asked of.
        package var request: ObservedRequest
        /// The lines that decide: of a Deny those that are met, of an Allow those that are not.
        package var lines: [StatementTrace.Condition]
        /// The actions that it names, as written.
        package var actions: [String] { (statement["Action"] ?? .null).elements.compactMap(\.stringValue) }
        /// Whether it is its conditions that refuse the request, and nothing else in it.
        package var isConditional: Bool { trace.resource != .no && trace.principal != .no && !lines.isEmpty }
    }

    /// The statement that a finding blames, or the one that refused at the first denial, as it reads when the archive ends; `nil` where
    /// none is known, and where it refuses the request no more, or allows it.
    package func failing(_ statement: FailingStatement?) -> Failing? {
        guard let statement, let answer = first else { return nil }
        let name = statement.name
        func isSame(_ trace: StatementTrace) -> Bool {
            trace.type == name.type && trace.policy == name.policy && trace.effect == statement.effect
                && (name.sid == nil ? trace.index == name.index : trace.sid == name.sid)
        }
        guard let trace = evaluation(answer, telling: .statementsOfAction).statements.first(where: isSame),
            trace.isValid, trace.action == .yes,
            trace.matches != (statement.effect == .deny ? .no : .yes),
            let policy = answer.state.policy(named: trace.policy, as: trace.type),
            let place = Place(policy, trace.type, trace.index)
        else { return nil }
        return Failing(
            trace: trace, place: place, request: answer.request,
            lines: trace.conditions.filter { $0.matches != (statement.effect == .deny ? .no : .yes) })
    }

    /// The Allow of a type that is met in all but the action; `nil` where there is none, and where there are several.
    package func lackingAction(as type: PolicyType) -> Failing? {
        guard let answer = first else { return nil }
        let traces = evaluation(answer, telling: .all).statements.filter { trace in
            trace.type == type && trace.isValid && trace.effect == .allow && trace.action == .no
                && trace.principal == .yes && trace.resource != .no && trace.conditions.allSatisfy { $0.matches != .no }
        }
        guard traces.count == 1, let trace = traces.first,
            let policy = answer.state.policy(named: trace.policy, as: trace.type),
            let place = Place(policy, trace.type, trace.index), place.statement["Action"] != nil
        else { return nil }
        return Failing(trace: trace, place: place, request: answer.request, lines: [])
    }

    /// The Allows without a condition in policies of a type that name actions.
    package func allows(of type: PolicyType) -> [Place] {
        (first?.state.slots(of: type) ?? []).flatMap(\.policies).flatMap { policy -> [Place] in
            let count = (policy.text.value?["Statement"] ?? .null).elements.count
            return (0..<count).compactMap { Place(policy, type, $0) }
        }.filter {
            $0.statement["Effect"]?.stringValue == "Allow" && $0.statement["Action"] != nil
                && $0.statement["Condition"] == nil
        }
    }

    /// The policy of the caller's own, or of the role to be assumed, that allows every refused request as the archive ends, by its own
    /// text; `nil` where none does for certain.
    package func allowing(as type: PolicyType) -> HeldPolicy? {
        type == .identityBased ? facts.causeMemo.allowingAtEnd.value { findAllowing(as: type) } : findAllowing(as: type)
    }

    private func findAllowing(as type: PolicyType) -> HeldPolicy? {
        let held = first?.state.slots(of: type).flatMap(\.policies) ?? []
        return held.filter { policy in
            guard policy.isCertain, policy.isExact, let book = facts.trail.library.book(policy, as: type), book.isValid
            else { return false }
            // An entry for the account lets its own policies decide, and allows nothing.
            let judgement =
                type == .identityBased
                ? Judgement(book, as: type, facts)
                : Judgement(book.statements.filter { $0.names(facts) }, as: type, facts)
            return judgement.allows == .yes
        }.max { ($0.source.event?.eventTime ?? "") < ($1.source.event?.eventTime ?? "") }
    }

    /// What the policy of the refused key is, where it lets in neither the principal nor the policies of its account.
    ///
    /// Source: "Key policies in AWS KMS" in the KMS developer guide: an identity-based policy counts only where the key's policy
    /// leaves the decision to the account.
    package var shuttingKeyPolicy: HeldPolicy? {
        guard facts.servicePrefix == "kms", let answer = first,
            let key = answer.state.resources.first, key.policy.isKnown, let policy = key.policy.policies.first,
            let document = policy.text.document
        else { return nil }
        var set = PolicySet()
        set.add(Policy(name: "", PolicyReading(document.statements), as: .resourceBased))
        let admits = Evaluator(set).answer(on: answer.request.request(in: answer.state), asking: .resourceBased).allows
        return admits == .no ? policy : nil
    }

    // MARK: - Proof

    /// What becomes of the refused requests with a change.
    package enum Proof: Hashable {
        /// They are allowed.
        case allowed
        /// Nothing that is known refuses them; what is not known may.
        case unless(policies: [PolicyType], keys: [String])
        /// They are refused still.
        case refused(by: [String])

        /// Whether the change is worth an offer.
        package var heals: Bool {
            switch self {
            case .allowed, .unless: true
            case .refused: false
            }
        }
    }

    /// What becomes of the requests when they have another value of a key.
    package func proof(setting key: String, to value: String) -> Proof {
        proof { answer in evaluation(answer, telling: .decision) { $0.context.set(key, value) } }
    }

    /// What becomes of the requests when a statement reads otherwise.
    package func proof(replacing place: Place, by statement: JSONValue) -> Proof {
        proof { answer in
            var state = answer.state
            state.replace(place.policy, as: place.type, with: place.document(with: statement))
            let asked = answer.request.request(in: state)
            let set = state.policySet(
                resource: answer.request.subject.resources.first, callerAccount: asked.principal.account,
                resourceAccount: asked.resourceAccount)
            return Evaluator(set).evaluation(of: asked, telling: .decision)
        }
    }

    /// What becomes of the requests when the caller's own policies hold one more.
    package func proof(adding document: PolicyDocument, as type: PolicyType) -> Proof {
        let policy = Policy(name: "offer", PolicyReading(document.statements), as: type)
        // What does not cover the very call heals nothing, whatever else is not known.
        guard covers(policy, as: type) else { return .refused(by: []) }
        return proof { answer in
            evaluation(
                answer, telling: .decision, adding: type == .serviceControl || type == .resourceControl ? nil : policy)
        }
    }

    /// Whether an Allow may let a refused request pass, as far as it is known what that was on.
    private func covers(_ policy: Policy, as type: PolicyType) -> Bool {
        var set = PolicySet()
        set.add(policy)
        let evaluator = Evaluator(set)
        // The record may name something else beside what AWS refused.
        let refused = Set(facts.refusedResources)
        let meant = answers.filter { $0.request.isResourceTold && refused.contains($0.request.resource) }
        return meant.isEmpty
            || meant.contains { answer in
                evaluator.answer(on: answer.request.request(in: answer.state), asking: type).allows != .no
            }
    }

    private func proof(_ evaluate: (Answer) -> Evaluation) -> Proof {
        let answers = self.answers
        var policies: Set<PolicyType> = []
        var keys: Set<String> = []
        var isOpen = false
        for answer in answers {
            let evaluation = evaluate(answer)
            switch evaluation.decision {
            case .allowed: continue
            case .explicitlyDenied: return .refused(by: evaluation.refusedBy.map(\.name))
            case .implicitlyDenied:
                // What AWS has let pass at the denial is not what refuses: its policies are not all known.
                let others = evaluation.refusedBy.map(\.name).filter { isAsked($0) }
                guard others.isEmpty else { return .refused(by: others) }
                isOpen = true
            case .undetermined:
                isOpen = true
                policies.formUnion(evaluation.missingPolicies)
                keys.formUnion(evaluation.missingKeys)
            }
        }
        return isOpen || answers.isEmpty
            ? .unless(policies: policies.sorted { $0.rawValue < $1.rawValue }, keys: keys.sorted()) : .allowed
    }

    /// Whether AWS stated, or may have meant, that this type refuses.
    private func isAsked(_ layer: String) -> Bool {
        guard let type = facts.group.reason.policyType else { return true }
        return type.rawValue == layer
    }
}

extension Standing {
    /// Whether a key is one of those that no exception is made for: what it asks for is had by new credentials.
    package func isSettledElsewhere(_ key: String) -> Bool {
        ["aws:tokenissuetime", "aws:multifactorauthpresent", "aws:multifactorauthage", "aws:securetransport"]
            .contains(key.lowercased())
    }
}

extension Standing.Failing {
    /// Whether it names other AWS services than the one that called, or the service in place of the service-linked role that it calls
    /// with.
    package var namesOtherService: Bool {
        guard trace.effect == .allow, trace.type == .resourceBased, trace.resource != .no, trace.principal == .no else {
            return false
        }
        let caller = request.principal
        let linked = PrincipalName(caller.principalARN).linkedService
        return linked.map(statement.services.contains) ?? (caller.kind == .service && !statement.services.isEmpty)
    }

    /// The policy's name; of one that has none, whose policy it is.
    package var policyName: String {
        guard policy.name.isEmpty else { return policy.name }
        let endpoint = trace.type == .vpcEndpoint ? request.request.context.values(of: "aws:SourceVpce")?.first : nil
        return "the policy of \(endpoint ?? ARN.policyHolder(of: request.request.resource))"
    }
}

extension Standing.Place {
    /// The statement's name; `nil` where it has none.
    package var sid: String? { statement["Sid"]?.stringValue }

    /// The policy's text with another statement in this one's place.
    package func document(with statement: JSONValue) -> JSONValue {
        guard case .object(var members) = document,
            let place = members.firstIndex(where: { $0.key == "Statement" })
        else { return document }
        var statements = members[place].value.elements
        // One statement may become two.
        statements.replaceSubrange(index...index, with: statement.elements)
        members[place].value = .array(statements)
        return .object(members)
    }
}

extension JSONValue {
    /// The AWS services that a statement names as principals.
    package var services: [String] { self["Principal"]?["Service"]?.elements.compactMap(\.stringValue) ?? [] }
}

extension PolicyState {
    /// A policy of a type by the name that evaluations give it.
    package func policy(named name: String, as type: PolicyType) -> HeldPolicy? {
        slots(of: type).lazy.flatMap(\.policies).first { $0.name == name || $0.name.isEmpty && name == type.rawValue }
    }

    fileprivate func slots(of type: PolicyType) -> [PolicySlot] {
        switch type {
        case .identityBased: [principal?.identity].compactMap(\.self)
        case .permissionsBoundary: [principal?.boundary].compactMap(\.self)
        case .session: [session].compactMap(\.self)
        case .vpcEndpoint: [endpoint].compactMap(\.self)
        case .resourceBased, .roleTrust: resources.map(\.policy)
        case .serviceControl:
            organization.keys.sorted().flatMap { organization[$0]?.levels.map(\.serviceControl) ?? [] }
        case .resourceControl:
            organization.keys.sorted().flatMap { organization[$0]?.levels.map(\.resourceControl) ?? [] }
        }
    }

    /// Gives a policy of a type another text, wherever it is held.
    package mutating func replace(_ policy: HeldPolicy, as type: PolicyType, with document: JSONValue) {
        func replace(_ slot: inout PolicySlot) {
            for index in slot.policies.indices where slot.policies[index].name == policy.name {
                slot.policies[index].text = .json(document)
            }
        }
        switch type {
        case .identityBased: if var held = principal { replace(&held.identity); principal = held }
        case .permissionsBoundary: if var held = principal { replace(&held.boundary); principal = held }
        case .session: if var slot = session { replace(&slot); session = slot }
        case .vpcEndpoint: if var slot = endpoint { replace(&slot); endpoint = slot }
        case .resourceBased, .roleTrust: for index in resources.indices { replace(&resources[index].policy) }
        case .serviceControl, .resourceControl:
            organization = organization.mapValues { place in
                var place = place
                for index in place.levels.indices {
                    replace(&place.levels[index].serviceControl)
                    replace(&place.levels[index].resourceControl)
                }
                return place
            }
        }
    }
}

extension Statement {
    /// Whether the statement names the principal or one of its sessions, and not its account as a whole.
    package func names(_ facts: GroupFacts) -> Bool {
        let names = Set([facts.principal.arn] + facts.group.callers.map(\.value))
        return principals?.patterns.contains { names.contains($0.text) } ?? false
    }
}
