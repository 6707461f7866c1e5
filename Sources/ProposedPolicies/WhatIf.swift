import AccessDenial
public import IAMPolicy
import PolicyTimeline
import RecordedCalls
public import TrailStore

/// What a policy would have changed for the calls of an archive: what worked and would be refused, what was refused and would work.
///
/// Of a call that worked AWS has said that all other policies let it through, so the proposed one alone is asked. Of one that was
/// refused AWS names the type that lacked an Allow: the proposed policy heals it where it is of that type and allows the call, and no
/// policy of the archive denies it.
public struct WhatIf: Sendable {
    /// What would become of some calls.
    public enum Verdict: String, Sendable, CaseIterable {
        /// They worked, and would be refused.
        case refused
        /// They worked; whether they would be refused depends on what the records do not tell.
        case mayBeRefused
        /// They were refused, and would work as far as the archive shows.
        case allowed
        /// They were refused; whether they would work depends on what the archive does not tell.
        case mayBeAllowed
    }

    /// Calls of which the policy changes what becomes of them.
    public struct Effect: Sendable {
        /// The calls.
        public var call: DistinctCall
        /// What they were made on; `nil` where no record tells.
        public var resource: String?
        /// What would become of them.
        public var verdict: Verdict
        /// The statement that decides, or the type that lacks an Allow; `nil` where nothing single does.
        public var decidedBy: DecidedBy?
        /// What decides and is not known: condition keys, as the policy spells them.
        public var unknownKeys: [String]
    }

    /// The calls that change, the surest and most frequent first.
    public private(set) var effects: [Effect] = []
    /// How many calls were looked at.
    public private(set) var calls = 0
    /// In how many kinds.
    public private(set) var kinds = 0
    /// How many calls were not looked at, since there are too many kinds.
    public private(set) var further = 0
    /// Whether the archive does not show which accounts the target holds, so that those of all accounts were looked at.
    public private(set) var isReachUnknown = false

    /// How many log files are read for records that the database does not keep.
    private static let fileLimit = 200

    /// Looks at the calls of a database.
    ///
    /// - Parameters:
    ///   - database: where the calls are.
    ///   - end: when the archive ends, ISO 8601 UTC text: the policies of then stand beside the proposed one.
    ///   - from: seconds since 1970, inclusive; `nil` for the archive's begin.
    ///   - to: the end, inclusive.
    /// - Throws: `StoreError`.
    public init(_ proposed: ProposedPolicy, in database: TrailDatabase, at end: String?, from: Int64?, to: Int64?)
        throws
    {
        var selection = CallSelection()
        selection.from = from
        selection.to = to
        selection.traits = proposed.traits
        switch proposed.role {
        case .identity, .boundary: break
        case .resource:
            selection.service = proposed.target.holder?.kind == .role ? "sts" : proposed.target.holder?.service
        case .scp, .rcp: break
        }
        let distinct = try database.distinctCalls(selection)
        further = distinct.further
        let timeline = try database.policyTimeline(of: Self.holders(distinct.calls, proposed))
        let moment = Moment.at(end ?? "9999")
        var reach = Reach(proposed.target, timeline: timeline, moment: moment)
        let concerned = distinct.calls.filter { call in
            !(call.isByService && proposed.role != .resource)
                && proposed.concerns(action: call.action, isRefused: call.refusal != nil)
        }
        let requests = try database.requests(of: concerned, fileLimit: Self.fileLimit)
        for call in distinct.calls where reach.mayHold(call, proposed.role) {
            calls += call.calls
            kinds += 1
        }
        for (call, recorded) in zip(concerned, requests) where reach.mayHold(call, proposed.role) {
            guard let recorded,
                let observed = ObservedRequest(
                    RecordedCall(recorded), recorded, action: call.action, resource: recorded.resource),
                reach.holds(observed, proposed.role)
            else { continue }
            let state = timeline.state(at: moment, of: observed.subject)
            let request = observed.request(in: state)
            let judged =
                call.refusal == nil
                ? Self.judge(succeeded: request, proposed, state)
                : Self.judge(refused: request, call, proposed, state)
            guard let judged else { continue }
            effects.append(
                Effect(
                    call: call, resource: observed.isResourceTold ? observed.resource : nil, verdict: judged.verdict,
                    decidedBy: judged.evaluation.decidedBy, unknownKeys: judged.evaluation.missingKeys))
        }
        isReachUnknown = reach.isUnknown
        let order = Verdict.allCases
        effects.sort { left, right in
            let (first, second) = (order.firstIndex(of: left.verdict) ?? 0, order.firstIndex(of: right.verdict) ?? 0)
            return (first, -left.call.calls, left.call.principal, left.call.action, left.resource ?? "")
                < (second, -right.call.calls, right.call.principal, right.call.action, right.resource ?? "")
        }
    }

    private static func holders(_ calls: [DistinctCall], _ proposed: ProposedPolicy) -> Set<Holder> {
        var holders = Set([proposed.target.holder].compactMap(\.self))
        for call in calls {
            if call.refusal != nil || proposed.role == .resource, let holder = Holder(naming: call.principal) {
                holders.insert(holder)
            }
            for account in [call.account, ARN(call.principal)?.account ?? ""] where !account.isEmpty {
                holders.formUnion([.account(account), .organizationTarget(account)])
            }
        }
        return holders
    }

    // MARK: - One call

    private typealias Judged = (verdict: Verdict, evaluation: Evaluation)

    /// What becomes of a call that worked; `nil` where it goes on working.
    private static func judge(
        succeeded request: AuthorizationRequest, _ proposed: ProposedPolicy, _ state: PolicyState
    ) -> Judged? {
        var set = proposed.alone(for: request)
        set.managementAccount = state.organization.filter(\.value.isManagement).keys.min()
        // Within one account the caller's own policies may have allowed what the resource's policy does not any more.
        if proposed.role == .resource, request.principal.account == request.resourceAccount {
            set.identity =
                state.principal.map { _ in
                    state.policySet(callerAccount: request.principal.account, resourceAccount: request.resourceAccount)
                        .identity
                } ?? PolicySet.Slot(isComplete: false)
        }
        let evaluation = Evaluator(set).evaluation(of: request)
        switch evaluation.decision {
        case .allowed: return nil
        case .explicitlyDenied, .implicitlyDenied: return (.refused, evaluation)
        case .undetermined: return (.mayBeRefused, evaluation)
        }
    }

    /// What becomes of a call that was refused; `nil` where it stays refused.
    private static func judge(
        refused request: AuthorizationRequest, _ call: DistinctCall, _ proposed: ProposedPolicy, _ state: PolicyState
    ) -> Judged? {
        guard let reason = call.refusal.flatMap({ Reason(slug: $0.reason) }) else { return nil }
        // Only what stands in the place of a policy lifts what that denies.
        let heals = reason.effect == .implicit || (reason.effect == .explicit && proposed.limits)
        guard reason.effect == .unstated || heals && reason.policyType == proposed.type else { return nil }
        let own = Evaluator(proposed.alone(for: request)).evaluation(of: request)
        guard own.decision == .allowed || own.decision == .undetermined else { return nil }
        // What stands beside it denies all the same.
        var whole = state.policySet(
            callerAccount: request.principal.account, resourceAccount: request.resourceAccount)
        switch proposed.role {
        case .identity: whole.identity.policies.append(proposed.policy)
        case .boundary: whole.boundary = PolicySet.Slot([proposed.policy])
        case .resource: whole.resource = PolicySet.Slot([proposed.policy])
        case .scp: whole.serviceControl = PolicySet.Levels(isComplete: false)
        case .rcp: whole.resourceControl = PolicySet.Levels(isComplete: false)
        }
        let all = Evaluator(whole).evaluation(of: request)
        if all.decision == .explicitlyDenied { return nil }
        let isSure =
            own.decision == .allowed && reason.effect != .unstated && proposed.role != .scp && proposed.role != .rcp
        return isSure || all.decision == .allowed ? (.allowed, own) : (.mayBeAllowed, all)
    }
}

/// Whose calls a policy on a target binds.
private struct Reach {
    let target: ProposedPolicy.Target
    let timeline: PolicyTimeline
    let moment: Moment
    private(set) var isUnknown = false
    private var accounts: [String: Bool] = [:]

    init(_ target: ProposedPolicy.Target, timeline: PolicyTimeline, moment: Moment) {
        self.target = target
        self.timeline = timeline
        self.moment = moment
    }

    /// Whether a call may be bound, as far as the database's columns tell.
    mutating func mayHold(_ call: DistinctCall, _ role: ProposedPolicy.Role) -> Bool {
        switch role {
        case .identity, .boundary: Holder(naming: call.principal) == target.holder
        case .scp: (ARN(call.principal)?.account).map { isBelow($0) } ?? false
        case .rcp: isBelow(call.account)
        case .resource: true
        }
    }

    /// Whether a call is bound, by what its record tells.
    mutating func holds(_ observed: ObservedRequest, _ role: ProposedPolicy.Role) -> Bool {
        switch role {
        case .identity, .boundary, .scp: true
        case .rcp: (observed.request.resourceAccount).map { isBelow($0) } ?? true
        case .resource:
            // Of a call whose record is lost nothing tells that it was on something else.
            !observed.isResourceTold || observed.subject.resources.first == target.holder
        }
    }

    /// Whether an account is the target, or may be below it.
    private mutating func isBelow(_ account: String) -> Bool {
        if target.isAccount { return account == target.name }
        if let known = accounts[account] { return known }
        let place = timeline.state(at: moment, of: PolicySubject(accounts: [account])).organization[account]
        let isNamed = place?.levels.contains { $0.id == target.name } ?? false
        let isBelow = isNamed || !(place?.isComplete ?? false) && !(place?.isAlone ?? false)
        if isBelow, !isNamed { isUnknown = true }
        accounts[account] = isBelow
        return isBelow
    }
}
