import AccessDenial
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import Synchronization
import TrailStore

/// A request as one call made it: what IAM decided on, as far as the record tells.
///
/// What the record does not tell is unknown in the context, and what it shows to be missing is absent.
struct ObservedRequest: Sendable {
    /// How many calls look like this one.
    var calls: Int
    private let content: Content

    /// What is read of one call, behind one reference: lists of requests are handed about.
    private final class Content: Sendable {
        let call: RecordedCall
        let eventID: String
        let eventTime: String
        /// Principal, action and resource, whose context nobody has asked for yet.
        let bare: AuthorizationRequest
        /// The same with its context, once somebody asked for it: most groups have no policy that would be asked.
        let whole = Once<AuthorizationRequest>()
        let subject: PolicySubject

        init(_ call: RecordedCall, _ recorded: RecordedRequest, _ bare: AuthorizationRequest, _ subject: PolicySubject)
        {
            self.call = call
            eventID = recorded.eventID
            eventTime = recorded.eventTime
            self.bare = bare
            self.subject = subject
        }
    }

    /// The record, to be asked for more.
    var call: RecordedCall { content.call }
    /// CloudTrail's id of the call.
    var eventID: String { content.eventID }
    /// ISO 8601 UTC text.
    var eventTime: String { content.eventTime }
    /// Whether the resource is known.
    var isResourceTold: Bool { content.bare.isResourceKnown }
    /// Whose policies bear on it.
    var subject: PolicySubject { content.subject }

    /// Principal, action, resource and context. Where ``isResourceTold`` is `false` its resource is `*`, which stands for no resource.
    var request: AuthorizationRequest {
        content.whole.value {
            var request = content.bare
            request.context = context
            return request
        }
    }

    /// Who asked.
    var principal: RequestPrincipal { content.bare.principal }
    /// What for.
    var action: String { content.bare.action }
    /// On what; `*` where ``isResourceTold`` is `false`.
    var resource: String { content.bare.resource }

    private var context: RequestContext {
        var context = call.context(of: action, principal)
        // Of a resource in another Region the key is that Region: the target of an inference profile, a replica.
        if isResourceTold, let region = ARN(resource)?.region, !region.isEmpty {
            context.set("aws:RequestedRegion", region)
        }
        if let owner = call.owner(of: resource) { context.set("aws:ResourceAccount", owner) }
        if isResourceTold { call.setRequestTags(of: resource, in: &context) }
        return context
    }

    /// Where the call stands among changes of policies: a change of the same second may have come first.
    var moment: Moment { .at(eventTime) }

    /// The request of a call; `nil` where nobody can be named who made it.
    ///
    /// - Parameters:
    ///   - principal: whose policies AWS evaluated where that is another one than the caller, such as a service's role.
    ///   - resource: the resource that AWS named, else what the caller of this has found; `nil` for what the record tells.
    init?(
        _ call: RecordedCall, _ recorded: RecordedRequest, action: String, resource: String?, principal: String? = nil
    ) {
        guard let caller = principal.flatMap({ RequestPrincipal($0) }) ?? call.principal else { return nil }
        let partition = ARN(caller.arn)?.partition ?? "aws"
        let named = resource.flatMap { call.arn(named: $0, partition: partition) }
        let known = named ?? call.resource(of: action, partition: partition)
        let resource = known ?? "*"
        guard
            var request = AuthorizationRequest(
                principal: caller, action: action, resource: resource, resourceAccount: call.owner(of: resource))
        else { return nil }
        request.isResourceKnown = known != nil
        calls = recorded.calls
        let subject = PolicySubject(
            principal: Holder(naming: caller.principalARN),
            resources: known.flatMap { Holder(naming: $0) }.map { [$0] } ?? [],
            accounts: Array(Set([caller.account, request.resourceAccount].compactMap(\.self))).sorted(),
            endpoint: call.endpoint,
            session: call.text("userIdentity", "accessKeyId").flatMap { $0.hasPrefix("ASIA") ? $0 : nil })
        content = Content(call, recorded, request, subject)
    }

    /// The same with what policies' state tells of tags and organizations beside the record.
    func request(in state: PolicyState) -> AuthorizationRequest {
        var request = request
        // Who is known to an identity provider alone belongs to no organization, whatever account the provider is in.
        let isOfAccount = request.principal.kind != .federated
        request.context.add(
            state, callerAccount: isOfAccount ? request.principal.account : nil,
            resourceAccount: request.resourceAccount)
        return request
    }
}

extension RecordedCall {
    /// Who made the call; `nil` where the record names nobody.
    var principal: RequestPrincipal? {
        let type = identityType
        switch type {
        case "AWSService"?:
            return (text("userIdentity", "invokedBy") ?? text("sourceIPAddress")).flatMap { RequestPrincipal($0) }
        case "WebIdentityUser"?: return text("userIdentity", "identityProvider").flatMap { RequestPrincipal($0) }
        // `{"type": "Unknown", "principalId": "Anonymous"}`: Amazon Cognito's unsigned calls.
        case "Unknown"? where text("userIdentity", "principalId")?.lowercased() == "anonymous": return .anonymous
        case "SAMLUser"?: return parameterText("principalArn").flatMap { RequestPrincipal($0) }
        default: break
        }
        let issuer = text("userIdentity", "sessionContext", "sessionIssuer", "arn")
        if let arn = text("userIdentity", "arn") {
            return RequestPrincipal(arn, principalARN: issuer.flatMap { $0 == arn ? nil : $0 })
        }
        if let issuer { return RequestPrincipal(issuer) }
        // An unsigned request: `{"type": "AWSAccount", "accountId": "ANONYMOUS_PRINCIPAL"}`; Amazon Cognito writes
        // `{"type": "Unknown", "principalId": "Anonymous"}`.
        let ids = [text("userIdentity", "accountId"), text("userIdentity", "principalId")]
        if ids.contains(where: { $0?.lowercased().hasPrefix("anonymous") ?? false }) { return .anonymous }
        return nil
    }

    /// The account that owns a resource; `nil` where the record does not tell it.
    func owner(of resource: String) -> String? {
        guard let arn = ARN(resource) else { return nil }
        if !arn.account.isEmpty { return arn.account == "aws" ? nil : arn.account }
        guard arn.service == "s3" else { return nil }
        guard case .value(let list) = at(["resources"]) else {
            // Calls on buckets themselves are recorded where the bucket is.
            return text("managementEvent") == "true" ? text("recipientAccountId") : nil
        }
        return list.elements.lazy.compactMap { $0.member(ignoringCase: "accountId")?.scalarText }.first
    }

    /// The context keys of the call with an action.
    func context(of action: String, _ caller: RequestPrincipal) -> RequestContext {
        let plan = ContextTable.plan(of: action.lowercased())
        var context = plan.context
        var absent: [ContextKey] = []
        absent.reserveCapacity(plan.entries.count)
        for entry in plan.entries { set(entry, in: &context, &absent) }
        context.setAbsent(absent)
        for (key, value) in caller.contextKeys { context.set(key, value) }
        if identityType == "Root" { context.setAbsent("aws:PrincipalTag/*") }
        TokenClaims(self)?.set(in: &context)
        caller.setWhatNoAccountHas(in: &context)
        return context
    }

    /// Sets what the record tells of a key; one that is not there is added to `absent`.
    private func set(_ entry: ContextTable.Entry, in context: inout RequestContext, _ absent: inout [ContextKey]) {
        let row = entry.row
        switch row.told(by: self) {
        case .value(let value): context.set(entry.key, [value], isMultivalued: false)
        case .list(let values): context.set(entry.key, values, isMultivalued: true)
        case .pairs(let pairs):
            context.setAbsent(row.key)
            for (name, value) in pairs { context.set(row.key.dropLast() + name, value) }
        case .among(let values, let orAbsent): context.setUnknown(entry.key, among: values, orAbsent: orAbsent)
        case .missing where row.missing == .absent:
            if entry.isPrefix { context.setAbsent(row.key) } else { absent.append(entry.key) }
        case .missing, .untold: if entry.isPrefix { context.setUnknown(row.key) }
        }
    }
}

extension RequestPrincipal {
    /// Keys that only a principal of an account has: who is known to an identity provider alone, or to nobody, lacks them.
    ///
    /// Source: "AWS global condition context keys", properties of the principal.
    fileprivate func setWhatNoAccountHas(in context: inout RequestContext) {
        guard kind == .anonymous || kind == .federated else { return }
        for key in ["aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalTag/*"] { context.setAbsent(key) }
        guard kind == .anonymous else { return }
        for key in ["aws:PrincipalArn", "aws:PrincipalIsAWSService", "aws:PrincipalServiceName"] {
            context.setAbsent(key)
        }
    }
}

extension ContextTable {
    /// A row with its key as it is looked up.
    struct Entry: Sendable {
        var row: ContextRow
        var key: ContextKey
        var isPrefix: Bool
    }

    /// The rows, taken apart once.
    static let entries = rows.map { Entry(row: $0, key: ContextKey($0.key), isPrefix: $0.key.hasSuffix("*")) }

    /// What is the same for every request of an action.
    struct Plan: Sendable {
        /// The rows that apply, each key once.
        var entries: [Entry]
        /// What no record need be asked for: keys of other actions are absent, and what stands in no row is unknown.
        var context: RequestContext

        init(of action: String) {
            var handled: Set<ContextKey> = []
            entries = ContextTable.entries.filter { $0.row.applies(to: action) && handled.insert($0.key).inserted }
            context = RequestContext()
            context.setUnknown("*")
            let others = ContextTable.entries.filter { !handled.contains($0.key) }
            for entry in others where entry.isPrefix { context.setAbsent(entry.row.key) }
            context.setAbsent(Set(others.filter { !$0.isPrefix }.map(\.key)))
        }
    }

    private static let plans = Mutex<[String: Plan]>([:])
    /// An archive may name any number of actions.
    private static let planLimit = 1_000

    /// The plan of an action, given in lower case.
    static func plan(of action: String) -> Plan {
        plans.withLock { plans in
            if let plan = plans[action] { return plan }
            let plan = Plan(of: action)
            if plans.count >= planLimit { plans.removeAll(keepingCapacity: true) }
            plans[action] = plan
            return plan
        }
    }
}

extension RequestContext {
    /// Adds what the state of policies tells: tags, and the place in an organization.
    mutating func add(_ state: PolicyState, callerAccount: String?, resourceAccount: String?) {
        add([state.principal?.tags, state.sessionTags].compactMap(\.self), behind: "aws:PrincipalTag/")
        if let resource = state.resources.first { add([resource.tags], behind: "aws:ResourceTag/") }
        for (account, key) in [(callerAccount, "aws:PrincipalOrgID"), (resourceAccount, "aws:ResourceOrgID")] {
            guard let account, let place = state.organization[account] else { continue }
            if let organization = place.organization {
                set(key, organization)
            } else if place.isAlone {
                setAbsent(key)
            }
        }
    }

    /// Adds tags: those of a session, which stand last, win over those of its role.
    private mutating func add(_ lanes: [LaneState], behind prefix: String) {
        if !lanes.isEmpty, lanes.allSatisfy(\.isComplete) { setAbsent(prefix + "*") }
        for lane in lanes {
            for (key, value) in lane.known {
                if case .text(let text) = value { set(prefix + key, text) }
            }
        }
        for key in Set(lanes.flatMap(\.absent.keys)) where lanes.allSatisfy({ $0.holds(key) == false }) {
            setAbsent(prefix + key)
        }
    }
}
