import AccessDenial
package import IAMPolicy
package import PolicyTimeline
import RecordedCalls
package import RecordedChanges
package import TrailStore
package import Wording

/// Everything that findings about one denial group are made from. Findings are pure functions of it.
package final class GroupFacts: Sendable {
    package let group: DenialGroup
    /// Usage of the group's principal, every action.
    package let ownUsage: PrincipalUsage
    /// Usage of the group's action by every principal.
    package let actionUsage: ActionUsage
    /// Changes that concern the principal, its groups, policies, account, endpoints, resources and trust, in order of time.
    package let changes: [TrailChange]
    package let coverage: Coverage
    /// When the report is made: ISO 8601 UTC text.
    package let reportTime: String
    /// Where the Pinpoint projects that the group's resources name answered, by the records that were kept.
    package let projects: [ProjectUse]
    /// What all groups replay.
    package let trail: TrailReplay
    /// The same with the group's sessions, once somebody asked for it.
    private let replayed = Once<PolicyTimeline>()
    /// What the rooms above compute of the group once they are asked: each knows its own.
    let ofRequests: OfRequests
    let ofCauses = Once<any AnyObject & Sendable>()

    /// What logs beside CloudTrail tell of the same refusals.
    package let sightings: [CompanionSighting]
    /// How far those logs reach.
    package let otherLogs: CompanionFacts

    /// What is read of the requests, which is the same whatever moment the policies are looked at.
    package final class OfRequests: Sendable {
        let kept = Once<any AnyObject & Sendable>()

        package init() {}
    }

    /// What was refused in the same moment to the service that was called; `nil` where nothing is known.
    package let behind: DenialsBehind.Denial?

    /// The resources that AWS named; else those that the request suggests.
    package let refusedResources: [String]
    /// Who made the calls.
    package let caller: PrincipalName
    /// Whose policies AWS evaluated: the caller's, unless the messages name one other principal, such as a service's role.
    package let principal: PrincipalName
    /// `mobiletargeting` of `mobiletargeting:SendMessages`.
    package let servicePrefix: String
    /// The same, for policies to be told apart by it.
    package let service: ServiceMark
    /// `SendMessages` of `mobiletargeting:SendMessages`.
    package let operation: String
    /// The same principal's usage of the same action.
    package let sameAction: [Usage]
    /// The same, in the accounts and Regions in which the group was refused: where a success counts as one.
    package let sameActionHere: [Usage]
    /// The first denial that the database holds, of whatever outage.
    package let firstDenial: String
    /// The principal as a role of IAM Identity Center; `nil` for any other principal.
    package let permissionSet: PermissionSetRole?
    /// As of when policies are looked at: the first denial, unless somebody asks what stood at another one. ISO 8601 UTC text.
    package let asOf: String
    /// Managed policies that the principal is taken to have, though nothing in the trail shows it; their ARNs.
    package let presumed: [String]

    package init(
        group: DenialGroup, principal: PrincipalName, ownUsage: PrincipalUsage, actionUsage: ActionUsage,
        changes: [TrailChange], coverage: Coverage, reportTime: String, projects: [ProjectUse] = [],
        trail: TrailReplay, behind: DenialsBehind.Denial? = nil, otherLogs: CompanionFacts = CompanionFacts(),
        asOf: String? = nil, presumed: [String] = [], requests: OfRequests = OfRequests()
    ) {
        ofRequests = requests
        sightings = otherLogs.sightings[group.id] ?? []
        self.otherLogs = otherLogs
        // What came before a report's window, or after it, is part of the story: findings reason about the whole group, and of
        // several outages about the latest.
        var whole = group
        if let all = group.whole.first { whole.takeTraits(of: all) }
        firstDenial = group.firstDenial
        whole.firstSeen = group.since
        whole.leaveOutWhatNeverWorked()
        whole.lastSeen = group.lastDenial
        self.group = whole
        refusedResources = (whole.resources.isEmpty ? whole.inferredResources : whole.resources).map(\.value)
        self.asOf = asOf ?? whole.firstSeen
        self.presumed = presumed
        self.ownUsage = ownUsage
        self.actionUsage = actionUsage
        self.changes = changes
        self.coverage = coverage
        self.reportTime = reportTime
        self.projects = projects
        self.trail = trail
        self.behind = behind
        caller = PrincipalName(group.principal)
        self.principal = principal
        let action = group.action
        let colon = action.firstIndex(of: ":")
        service = ServiceMark(of: action)
        servicePrefix = colon.map { String(action[..<$0]) } ?? ""
        operation = colon.map { String(action[action.index(after: $0)...]) } ?? action
        sameAction = ownUsage.of(action: group.successAction)
        let regions = Set(group.regions.map(\.value))
        let accounts = Set(group.accounts.map(\.value))
        sameActionHere = sameAction.filter {
            (regions.isEmpty || regions.contains($0.awsRegion)) && (accounts.isEmpty || accounts.contains($0.accountId))
        }
        permissionSet = PermissionSetRole(principal, trail)
    }

    /// The same as the policies stood at the last denial, as if the principal had some managed policies since before the archive.
    package func atLastDenial(presuming policies: [String]) -> GroupFacts {
        looked(asOf: group.lastSeen, presumed: policies)
    }

    /// The same as if the principal had a managed policy since before the archive.
    package func presuming(_ policy: String) -> GroupFacts { looked(asOf: asOf, presumed: [policy]) }

    private func looked(asOf: String, presumed: [String]) -> GroupFacts {
        GroupFacts(
            group: group, principal: principal, ownUsage: ownUsage, actionUsage: actionUsage, changes: changes,
            coverage: coverage, reportTime: reportTime, projects: projects, trail: trail, behind: behind,
            otherLogs: otherLogs, asOf: asOf, presumed: presumed, requests: ofRequests)
    }

    /// The policies of everybody as of any moment, those of the sessions that were refused included.
    package var timeline: PolicyTimeline { replayed.value { trail.timeline.adding(sessions: sessionIssues) } }

    /// What issued the sessions that were refused, and those that opened them.
    private var sessionIssues: [ChangeRecord] {
        group.sessions.flatMap { session -> [ChangeRecord] in
            guard let issue = session.issue, tellsPolicies(issue), let key = session.accessKeyId else { return [] }
            return [ChangeRecord(issue, accessKeyId: key)]
                + issue.chain.map { ChangeRecord($0, accessKeyId: $0.accessKeyId) }
        }
    }

    /// Whether an issue tells of all session policies: where AWS states that one refused, and the record shows none, there was another.
    private func tellsPolicies(_ issue: SessionIssue) -> Bool {
        group.reason.policyType != .session || issue.policy != nil || !issue.policyARNs.isEmpty
            || issue.profileARN != nil || issue.isEmptyByDesign
    }

    /// The principal that the messages name where that is another one than the caller; else the caller.
    package static func refusedPrincipal(of group: DenialGroup) -> PrincipalName {
        let caller = PrincipalName(group.principal)
        // The record of a caller of another account bears its account and unique id; its ARN stands in the message alone.
        let isOfOtherAccount = group.principal.hasPrefix(otherAccountPrefix)
        guard caller.isIdentity || isOfOtherAccount else { return caller }
        var messages: [String] = []
        for message in group.evidence.lazy.compactMap(\.errorMessage) where !messages.contains(message) {
            messages.append(message)
        }
        var first: PrincipalName?
        for message in messages {
            guard let named = DenialMessage(message).principal.map({ PrincipalName($0).withoutSession }) else {
                continue
            }
            if let first {
                guard named.isSame(as: first) else { return caller }
            } else {
                // Mostly it is the caller, and the other messages need no look.
                guard named.isIdentity, !named.isSame(as: caller) else { return caller }
                first = named
            }
        }
        guard let first, !isOfOtherAccount || group.principal.contains(":\(first.account):") else { return caller }
        return first
    }

    private static let otherAccountPrefix = "AWSAccount:"

    /// The caller's account, also where its record bears that and a unique id alone; empty where it tells none.
    package var callerAccount: String {
        guard caller.account.isEmpty, group.principal.hasPrefix(Self.otherAccountPrefix) else { return caller.account }
        let account = group.principal.dropFirst(Self.otherAccountPrefix.count).prefix { $0.isNumber }
        return account.utf8.count == 12 ? String(account) : ""
    }

    /// What is to be known where AWS refused another principal than the one that called; empty where it is the same.
    package var namedInstead: Prose {
        principal == caller || group.principal.hasPrefix(Self.otherAccountPrefix)
            ? ""
            : "AWS names \(principal.arn) as the one refused, while \(caller.shown) made the call: most likely the role that the service uses for it."
    }

    /// Who called, as a policy can name it: of a caller with a token that is the provider.
    package var callerNamed: Prose { group.tokenProvider.map { "callers with a token of \($0)" } ?? "\(principal.arn)" }

    /// The same, behind "the call came".
    var callerOrigin: Prose { group.tokenProvider.map { "with a token of \($0)" } ?? "from \(principal.arn)" }

    /// Whether somebody with a token or an assertion of an identity provider asked for a role: a caller without policies.
    package var isFederatedAssumption: Bool {
        servicePrefix == "sts" && ["AssumeRoleWithWebIdentity", "AssumeRoleWithSAML"].contains(operation)
    }

    /// The role that was to be assumed, as far as the denials tell.
    package var roleToAssume: ARN? {
        (refusedResources + group.inferredResources.map(\.value) + group.evidence.compactMap(\.resource)).lazy
            .compactMap { ARN($0) }.first { $0.service == "iam" && $0.resource.hasPrefix("role/") }
    }

    /// The last success known to lie before the first denial; `nil` where none is known, and where that call did not ask for what is
    /// refused, because nothing of what makes a call ask for it went along.
    package var lastSuccessBefore: String? {
        let last =
            group.lastSuccessBefore ?? uncountedSuccesses.filter { $0 < group.firstSeen }.max()
            ?? predecessor?.lastSuccess
        return last == nil || asksForMore ? nil : last
    }

    /// Whether the refused calls ask for another action because of what they carry, and the last success carried nothing of that kind.
    package var asksForMore: Bool {
        guard group.calledAction != nil else { return false }
        return causeMemo.asksForMore.value {
            guard let denied = requests.denied.all.first?.observed, denied.call.asks(for: group.action),
                let last = requests.succeeded.last(where: { $0.observed.eventTime < group.firstSeen })
            else { return false }
            return !last.observed.call.asks(for: group.action)
        }
    }

    /// The first success known to lie after the last denial; `nil` where none is known.
    package var firstSuccessAfter: String? {
        group.firstSuccessAfter ?? uncountedSuccesses.filter { $0 > group.lastSeen }.min()
    }

    /// Bounds of successes that were not looked at one by one: all where nothing was, else those whose events were deleted.
    package var uncountedSuccesses: [String] {
        let bounds = sameActionHere.flatMap { [$0.firstSuccess, $0.lastSuccess] }.compactMap(\.self)
        guard group.successesWithin != nil else { return bounds }
        return coverage.prunedBefore.map { time in bounds.filter { $0 < time } } ?? []
    }

    /// The account that owns what was called: by the refused resource's ARN, all resources agreeing, or by the records; else `nil`.
    package var resourceAccount: String? {
        let owners = Set(refusedResources.compactMap { ARN($0)?.account }.filter { $0.count == 12 })
        if owners.isEmpty, group.resourceAccounts.count == 1 { return group.resourceAccounts.first }
        // An unsigned call is recorded nowhere but with what it was on.
        if owners.isEmpty, caller.isAnonymous, group.accounts.count == 1 { return group.accounts.first?.value }
        return owners.count == 1 ? owners.first : nil
    }

    /// The first of them; else what the record of the call tells that it was on.
    package var askedResource: String? {
        refusedResources.first
            ?? requests.denied.all.first.flatMap { $0.observed.isResourceTold ? $0.observed.request.resource : nil }
    }

    /// The ids of the Pinpoint projects among the refused resources.
    package var refusedProjects: [String] { Self.projects(refusedResources) }

    package static func projects(_ resources: [String]) -> [String] {
        var ids: [String] = []
        for resource in resources {
            guard let arn = ARN(resource), arn.service == "mobiletargeting", arn.resource.hasPrefix("apps/") else {
                continue
            }
            let id = String(Substring(arn.resource.utf8.dropFirst(5).prefix { $0 != UInt8(ascii: "/") }))
            let isPattern = id.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
            if !id.isEmpty, !isPattern, !ids.contains(id) { ids.append(id) }
        }
        return ids
    }

    /// The denials as evidence.
    package var denialEvidence: [Evidence] {
        group.evidence.map { denial in
            var summary: Prose = "refused"
            if let resource = denial.resource { summary = "refused on \(resource)" }
            if let code = denial.errorCode { summary = summary + "with \(code)" }
            if let region = denial.awsRegion { summary = summary + "in \(region)" }
            return Evidence(
                eventID: denial.eventID, eventTime: denial.eventTime, eventName: denial.eventName,
                principal: group.principal, summary: summary)
        }
    }
}

extension DenialGroup {
    /// Leaves of the resources those that the latest outage is about.
    fileprivate mutating func leaveOutWhatNeverWorked() {
        guard !outageResources.isEmpty else { return }
        let asked = Set(outageResources)
        let (named, inferred) = (
            resources.filter { asked.contains($0.value) }, inferredResources.filter { asked.contains($0.value) }
        )
        guard !named.isEmpty || !inferred.isEmpty else { return }
        (resources, inferredResources) = (named, inferred)
    }

    /// Takes over what is counted of denials from the group without the window.
    fileprivate mutating func takeTraits(of all: DenialGroup) {
        denials = all.denials
        policyARNs = all.policyARNs
        resources = all.resources
        inferredResources = all.inferredResources
        sourceIPAddresses = all.sourceIPAddresses
        userAgents = all.userAgents
        vpcEndpointIds = all.vpcEndpointIds
        invokedBy = all.invokedBy
        regions = all.regions
        accounts = all.accounts
        errorCodes = all.errorCodes
        principalIds = all.principalIds
        mfaAuthenticated = all.mfaAuthenticated
        callers = all.callers
        sourceIdentities = all.sourceIdentities
        sessionStarts = all.sessionStarts
        issuingResources = all.issuingResources
        truncatedDenials = all.truncatedDenials
        encodedMessages = all.encodedMessages
        authorizationIDs = all.authorizationIDs
    }
}

extension SessionIssue {
    /// Whether a federated user's session was opened without a session policy, which leaves it without permissions.
    /// Source: "GetFederationToken" in the AWS STS API reference.
    package var isEmptyByDesign: Bool { eventName == "GetFederationToken" && policy == nil && policyARNs.isEmpty }
}
