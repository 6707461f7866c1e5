import AccessDenial
import IAMPolicy
import OrderedJSON
package import RecordedCalls
import RecordedChanges
import TrailStore

/// One distinct request that AWS refused.
package struct DeniedRequest: Sendable {
    /// The request that AWS named, else the one that the call is named after.
    package var observed: ObservedRequest
    /// Whose policies AWS evaluated, where that is another one than the caller.
    fileprivate let principal: String?
    /// The other requests that the call makes: what AWS named was refused first, so these may be refused next; where it named
    /// nothing, any of them may be the one.
    package var others: [FurtherRequest] { observed.further(principal: principal) }
    /// How many denials look like this one.
    package var denials: Int { observed.calls }
}

extension DenialGroup {
    /// Whether AWS named the action: then it is the call's own request and no other of it that was refused.
    package var namesAction: Bool { evidence.contains { DenialMessage($0.errorMessage).action != nil } }
}

/// The distinct requests behind a group's denials.
package struct DeniedRequests: Sendable {
    /// In order of time.
    package private(set) var all: [DeniedRequest] = []
    /// How many denials none of them stands for.
    package let further: Int

    /// How many requests stand for a group without records at most.
    package static let limit = 8

    /// The requests of a group. The group's own columns stand in for what its records lack.
    ///
    /// Where no record was kept every value that was seen is in one request at least; which values came together is not known, so that
    /// a value that differs between the denials stands beside the others' in turn.
    init(_ group: DenialGroup, refused principal: PrincipalName) {
        further = group.furtherRequests
        let caller = PrincipalName(group.principal)
        let other = principal == caller ? nil : principal.arn
        let resources = (group.resources.isEmpty ? group.inferredResources : group.resources).prefix(Self.limit)
        let isCounted = group.requests.isEmpty
        let recorded =
            isCounted ? (0..<Self.count(group)).map { RecordedRequest(ofGroup: group, $0) } : group.requests
        let calls = recorded.map { RecordedCall(isCounted ? $0 : $0.completed(by: group)) }
        let behind = resources.isEmpty ? Self.resourceBehind(calls, group) : nil
        var seen: [CallContent: Int] = [:]
        for (index, (record, call)) in zip(recorded, calls).enumerated() {
            let resource =
                record.resource
                ?? (resources.isEmpty ? nil : resources[isCounted ? index % resources.count : 0].value)
                ?? (call.isOfService(group.action) ? nil : behind)
            guard
                let observed = ObservedRequest(
                    call, record, action: group.action, resource: resource, principal: other)
            else { continue }
            // What tells the records apart is time and ids alone, mostly.
            let content = CallContent(call, resource: observed.resource)
            if let same = seen[content], !isCounted {
                all[same].observed.calls += record.calls
                continue
            }
            seen[content] = all.count
            all.append(DeniedRequest(observed: observed, principal: other))
        }
        if isCounted { return }
        all.sort { ($0.observed.eventTime, $0.observed.eventID) < ($1.observed.eventTime, $1.observed.eventID) }
    }

    /// What the refused action was on in calls of other services that asked for it: the one thing that the records of its own service
    /// name. S3's record of a refused read tells nothing of the key, and that of KMS does.
    private static func resourceBehind(_ calls: [RecordedCall], _ group: DenialGroup) -> String? {
        let own = calls.filter { $0.isOfService(group.action) }
        guard !own.isEmpty, own.count < calls.count else { return nil }
        let partition = PrincipalName(group.principal).partition
        let named = Set(own.map { $0.resource(of: group.action, partition: partition) })
        return named.count == 1 ? named.first ?? nil : nil
    }

    /// How many requests it takes to hold every value that is counted.
    private static func count(_ group: DenialGroup) -> Int {
        let lists = [
            group.callers, group.sourceIPAddresses, group.vpcEndpointIds, group.regions, group.mfaAuthenticated,
        ].filter { $0.count < 50 }
        let counts =
            [group.resources.isEmpty ? group.inferredResources.count : group.resources.count, group.sessions.count]
            + lists.map(\.count) + [Set(group.sessionStarts).count, group.firstSeen == group.lastSeen ? 1 : 2]
        return max(1, min(limit, counts.max() ?? 1))
    }
}

extension RecordedRequest {
    /// One of the requests behind a group of which no record was kept, by the columns of its denials.
    init(ofGroup group: DenialGroup, _ index: Int) {
        let first = group.evidence.first
        self.init(
            eventID: first?.eventID ?? "", eventTime: index == 1 ? group.lastSeen : group.firstSeen, record: "{}",
            isWhole: false, calls: index == 0 ? group.denials : 0)
        self = completed(by: group, index)
    }

    /// The same with what a group's denials have in common in place of a caller that the record lacks; with an index with one value of
    /// each column.
    func completed(by group: DenialGroup, _ index: Int? = nil) -> RecordedRequest {
        guard !record.contains("\"userIdentity\"") else { return self }
        func only(_ values: [Counted<String>]) -> String? {
            if let index, !values.isEmpty, values.count < 50 { return values[index % values.count].value }
            return values.count == 1 ? values[0].value : nil
        }
        let name = PrincipalName(group.principal)
        var issuer: JSONValue = .object([])
        if name.kind == .role { issuer = .members(("arn", .string(name.arn))) }
        var attributes: [JSONValue.Member] = []
        if let factor = only(group.mfaAuthenticated) { attributes.append(.init("mfaAuthenticated", .string(factor))) }
        let starts = Array(Set(group.sessionStarts)).sorted()
        if !starts.isEmpty, starts.count == 1 || index != nil {
            attributes.append(.init("creationDate", .string(starts[(index ?? 0) % starts.count])))
        }
        var context: [JSONValue.Member] = [.init("sessionIssuer", issuer), .init("attributes", .object(attributes))]
        if let source = only(group.sourceIdentities) { context.append(.init("sourceIdentity", .string(source))) }
        let type = group.tokenParts == nil ? group.principalType : "WebIdentityUser"
        var identity: [JSONValue.Member] = [.init("type", .string(type))]
        func add(_ key: String, _ value: String?, to members: inout [JSONValue.Member]) {
            if let value { members.append(.init(key, .string(value))) }
        }
        let isNamed = name.kind != .role && name.kind != .other
        let caller = only(group.callers).flatMap { PrincipalName($0).isSame(as: name) ? $0 : nil }
        add("arn", caller ?? (isNamed ? name.arn : nil), to: &identity)
        add("accountId", name.isAnonymous ? "anonymous" : name.account.isEmpty ? nil : name.account, to: &identity)
        if let token = group.tokenParts {
            let provider = group.tokenProvider ?? token.provider
            add("identityProvider", provider, to: &identity)
            add("principalId", "\(provider):\(token.claims)", to: &identity)
            // An audience may be an address.
            let rest = token.claims.hasPrefix("https://") ? token.claims.dropFirst(8) : token.claims
            add("userName", rest.firstIndex(of: ":").map { String(rest[rest.index(after: $0)...]) }, to: &identity)
        }
        add("principalId", only(group.principalIds), to: &identity)
        add(
            "invokedBy", group.invokedBy.isEmpty && name.kind == .service ? name.arn : only(group.invokedBy),
            to: &identity)
        if let issued = only(group.issuingResources) {
            identity.append(.init("inScopeOf", .members(("credentialsIssuedTo", .string(issued)))))
        }
        identity.append(.init("sessionContext", .object(context)))
        var members: [JSONValue.Member] = [.init("userIdentity", .object(identity))]
        add("eventTime", index == nil ? group.evidence.first?.eventTime ?? group.firstSeen : eventTime, to: &members)
        add("eventSource", group.eventSource, to: &members)
        add("eventName", group.evidence.first?.eventName, to: &members)
        add("awsRegion", only(group.regions), to: &members)
        add("sourceIPAddress", only(group.sourceIPAddresses), to: &members)
        add("userAgent", only(group.userAgents), to: &members)
        add("recipientAccountId", only(group.accounts), to: &members)
        add("vpcEndpointId", only(group.vpcEndpointIds), to: &members)
        if let tls = group.evidence.compactMap(\.tlsVersion).first {
            members.append(.init("tlsDetails", .members(("tlsVersion", .string(tls)))))
        }
        let own = RecordedCall(self).record
        if case .object(let known) = own { members = known + members }
        var completed = self
        completed.record = JSONValue.object(members).prettyText()
        return completed
    }
}
