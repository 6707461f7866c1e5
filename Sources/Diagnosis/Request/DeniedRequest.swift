import AccessDenial
import IAMPolicy
import OrderedJSON
import TrailStore

/// One distinct request that AWS refused.
struct DeniedRequest: Sendable {
    /// The request that AWS named, else the one that the call is named after.
    var observed: ObservedRequest
    /// Whether AWS named the action: then it is this request and no other of the call that was refused.
    let isNamed: Bool
    /// The other requests that the call makes: what AWS named was refused first, so these may be refused next; where it named
    /// nothing, any of them may be the one.
    let others: [FurtherRequest]

    /// Everything that may have been refused, the likeliest first.
    var candidates: [ObservedRequest] { isNamed ? [observed] : [observed] + others.map(\.observed) }
    /// How many denials look like this one.
    var denials: Int { observed.calls }
}

/// Another request that the refused call makes.
struct FurtherRequest: Sendable {
    /// Why the call makes it.
    let row: CompoundCall
    /// The request.
    let observed: ObservedRequest
}

/// The distinct requests behind a group's denials.
struct DeniedRequests: Sendable {
    /// In order of time.
    private(set) var all: [DeniedRequest] = []
    /// How many denials none of them stands for.
    let further: Int

    /// The requests of a group. The group's own columns stand in for what its records lack.
    init(_ group: DenialGroup, refused principal: PrincipalName) {
        further = group.furtherRequests
        let isNamed = group.evidence.contains { DenialMessage($0.errorMessage).action != nil }
        let caller = PrincipalName(group.principal)
        let other = principal == caller ? nil : principal.arn
        let recorded = group.requests.isEmpty ? [RecordedRequest(ofGroup: group)] : group.requests
        let only = (group.resources.isEmpty ? group.inferredResources : group.resources).first?.value
        var seen: [JSONValue: Int] = [:]
        for record in recorded {
            let call = RecordedCall(record.completed(by: group))
            let resource = record.resource ?? only
            guard
                let observed = ObservedRequest(
                    call, record, action: group.action, resource: resource, principal: other)
            else { continue }
            // What tells the records apart is time and ids alone, mostly.
            let content = call.comparable(resource: observed.resource)
            if let same = seen[content] {
                all[same].observed.calls += record.calls
                continue
            }
            seen[content] = all.count
            let partition = ARN(observed.principal.arn)?.partition ?? "aws"
            let same = observed.isResourceTold ? observed.resource : nil
            let others = CompoundCall.rows(of: call).compactMap { row -> FurtherRequest? in
                guard row.action.lowercased() != group.action.lowercased() else { return nil }
                let resource = row.resource(call, same: same, partition: partition) ?? ""
                return ObservedRequest(call, record, action: row.action, resource: resource, principal: other)
                    .map { FurtherRequest(row: row, observed: $0) }
            }
            all.append(DeniedRequest(observed: observed, isNamed: isNamed, others: others))
        }
        all.sort { ($0.observed.eventTime, $0.observed.eventID) < ($1.observed.eventTime, $1.observed.eventID) }
    }
}

extension RecordedCall {
    /// The record without what differs from call to call by itself.
    func comparable(resource: String) -> JSONValue {
        guard case .object(let members) = record else { return record }
        let kept = members.filter { !["eventTime", "eventID", "requestID", "sharedEventID"].contains($0.key) }
        return .object(kept + [JSONValue.Member("resource", .string(resource))])
    }
}

extension RecordedRequest {
    /// What the columns of a group's denials have in common, as a record.
    init(ofGroup group: DenialGroup) {
        let first = group.evidence.first
        self.init(
            eventID: first?.eventID ?? "", eventTime: first?.eventTime ?? group.firstSeen, record: "{}", isWhole: false,
            calls: group.denials)
        self = completed(by: group)
    }

    /// The same with what a group's denials have in common in place of a caller that the record lacks.
    func completed(by group: DenialGroup) -> RecordedRequest {
        guard !record.contains("\"userIdentity\"") else { return self }
        func only(_ values: [Counted<String>]) -> String? { values.count == 1 ? values[0].value : nil }
        let name = PrincipalName(group.principal)
        var issuer: JSONValue = .object([])
        if name.kind == .role { issuer = .members(("arn", .string(name.arn))) }
        var attributes: [JSONValue.Member] = []
        if let factor = only(group.mfaAuthenticated) { attributes.append(.init("mfaAuthenticated", .string(factor))) }
        if group.sessionStarts.count == 2, group.sessionStarts[0] == group.sessionStarts[1] {
            attributes.append(.init("creationDate", .string(group.sessionStarts[0])))
        }
        var context: [JSONValue.Member] = [.init("sessionIssuer", issuer), .init("attributes", .object(attributes))]
        if let source = only(group.sourceIdentities) { context.append(.init("sourceIdentity", .string(source))) }
        var identity: [JSONValue.Member] = [.init("type", .string(group.principalType))]
        func add(_ key: String, _ value: String?, to members: inout [JSONValue.Member]) {
            if let value { members.append(.init(key, .string(value))) }
        }
        add("arn", only(group.callers) ?? (name.kind == .role ? nil : name.arn), to: &identity)
        add("accountId", name.account.isEmpty ? nil : name.account, to: &identity)
        add("principalId", only(group.principalIds), to: &identity)
        add(
            "invokedBy", group.invokedBy.isEmpty && name.kind == .service ? name.arn : only(group.invokedBy),
            to: &identity)
        if let issued = only(group.issuingResources) {
            identity.append(.init("inScopeOf", .members(("credentialsIssuedTo", .string(issued)))))
        }
        identity.append(.init("sessionContext", .object(context)))
        var members: [JSONValue.Member] = [.init("userIdentity", .object(identity))]
        add("eventTime", group.evidence.first?.eventTime ?? group.firstSeen, to: &members)
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
