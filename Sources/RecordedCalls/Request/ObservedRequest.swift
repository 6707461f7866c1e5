package import IAMPolicy
package import PolicyTimeline

/// A request as one call made it: what IAM decided on, as far as the record tells.
///
/// What the record does not tell is unknown in the context, and what it shows to be missing is absent.
package struct ObservedRequest: Sendable {
    /// How many calls look like this one.
    package var calls: Int
    private let content: Content

    /// What is read of one call, behind one reference: lists of requests are handed about.
    private final class Content: Sendable {
        let call: RecordedCall
        let eventID: String
        let eventTime: String
        /// What was asked for, with a context that is made when somebody asks for it.
        let request: AuthorizationRequest
        let subject: PolicySubject

        init(
            _ call: RecordedCall, _ eventID: String, _ eventTime: String, _ request: AuthorizationRequest,
            _ subject: PolicySubject
        ) {
            self.call = call
            self.eventID = eventID
            self.eventTime = eventTime
            self.request = request
            self.subject = subject
        }
    }

    /// The record, to be asked for more.
    package var call: RecordedCall { content.call }
    /// CloudTrail's id of the call.
    package var eventID: String { content.eventID }
    /// ISO 8601 UTC text.
    package var eventTime: String { content.eventTime }
    /// Whether the resource is known.
    package var isResourceTold: Bool { content.request.isResourceKnown }
    /// Whose policies bear on it.
    package var subject: PolicySubject { content.subject }

    /// Principal, action, resource and context. Where ``isResourceTold`` is `false` its resource is `*`, which stands for no resource.
    package var request: AuthorizationRequest { content.request }

    /// Who asked.
    package var principal: RequestPrincipal { content.request.principal }
    /// What for.
    package var action: String { content.request.action }
    /// On what; `*` where ``isResourceTold`` is `false`.
    package var resource: String { content.request.resource }

    /// What a call tells beside principal, action and resource of a request.
    private static func context(_ call: RecordedCall, _ request: AuthorizationRequest) -> RequestContext {
        var context = call.context(of: request.action, request.principal)
        let (resource, isResourceTold) = (request.resource, request.isResourceKnown)
        // Of a resource in another Region the key is that Region: the target of an inference profile, a replica.
        if isResourceTold, let region = ARN(resource)?.region, !region.isEmpty {
            context.set("aws:RequestedRegion", region)
        }
        if let owner = call.owner(of: resource) { context.set("aws:ResourceAccount", owner) }
        if isResourceTold { call.setRequestTags(of: resource, in: &context) }
        return context
    }

    /// Where the call stands among changes of policies: a change of the same second may have come first.
    package var moment: Moment { .at(eventTime) }

    /// The request of a call; `nil` where nobody can be named who made it.
    ///
    /// - Parameters:
    ///   - eventID: CloudTrail's id of the call.
    ///   - eventTime: ISO 8601 UTC text.
    ///   - calls: how many calls look like it.
    ///   - principal: whose policies AWS evaluated where that is another one than the caller, such as a service's role.
    ///   - resource: the resource that AWS named, else what the caller of this has found; `nil` for what the record tells.
    package init?(
        _ call: RecordedCall, eventID: String, eventTime: String, calls: Int, action: String, resource: String?,
        principal: String? = nil
    ) {
        let own = call.principal
        guard let caller = principal.flatMap({ RequestPrincipal($0) }) ?? own else { return nil }
        let partition = ARN(caller.arn)?.partition ?? "aws"
        let named = resource.flatMap { call.arn(named: $0, partition: partition) }
        let known = named ?? call.resource(of: action, partition: partition)
        let resource = known ?? "*"
        guard
            var request = AuthorizationRequest(
                principal: caller, action: action, resource: resource,
                resourceAccount: call.owner(of: resource, calledBy: own))
        else { return nil }
        request.isResourceKnown = known != nil
        self.calls = calls
        let subject = PolicySubject(
            principal: Holder(naming: caller.principalARN),
            resources: known.flatMap { Holder(naming: $0) }.map { [$0] } ?? [],
            accounts: Array(Set([caller.account, request.resourceAccount].compactMap(\.self))).sorted(),
            endpoint: call.endpoint,
            session: call.text("userIdentity", "accessKeyId").flatMap { $0.hasPrefix("ASIA") ? $0 : nil })
        let bare = request
        content = Content(
            call, eventID, eventTime, bare.deferring { Self.context(call, bare) }, subject)
    }

    /// Whether the call that made the request gives tags to things of other types, and none to what the request is for.
    package var tagsAnother: Bool { isResourceTold && call.tagsOthers(than: resource) }

    /// The same with what policies' state tells of tags and organizations beside the record.
    package func request(in state: PolicyState) -> AuthorizationRequest {
        let request = request
        return request.deferring { request.context.adding(state, of: request) }
    }
}

extension RequestContext {
    /// The same with what policies' state tells of tags and organizations beside the record of a request.
    package func adding(_ state: PolicyState, of request: AuthorizationRequest) -> RequestContext {
        var context = self
        // Who is known to an identity provider alone belongs to no organization, whatever account the provider is in.
        let isOfAccount = request.principal.kind != .federated
        context.add(
            state, callerAccount: isOfAccount ? request.principal.account : nil,
            resourceAccount: request.resourceAccount)
        return context
    }
}
