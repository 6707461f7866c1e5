import AccessDenial
import IAMPolicy
package import PolicyTimeline
package import RecordedChanges
import TrailStore

/// What a root cause comes down to. Groups with the same one are one incident.
///
/// It is made of the cause alone, so that it is the same from run to run and on every machine.
public struct CauseKey: Sendable, Hashable {
    /// What kind of thing the cause is.
    public enum Kind: String, Sendable, CaseIterable, Codable {
        /// One change, or the same change made to several principals at a time.
        case change
        /// One policy that AWS names, or all of a type over an account where it names none.
        case policy
        /// A service that has ended, or that the account may not use.
        case service
        /// Credentials, a client or a Region of one principal.
        case caller
        /// What stands in front of a service: a gateway, a firewall, a network, the signature.
        case front
        /// What one principal's policies lack for a service. One Allow need not cover the next group of it.
        case gap
        /// What was refused to a service that had been called: another group, whose cause it is.
        case behind
    }

    /// What kind of thing the cause is.
    public var kind: Kind
    /// The cause as text, its kind first: words of ours and values of the archive, parted by line breaks.
    public var text: String { didSet { knownID = nil } }
    /// What was stored as ``incidentID``.
    private var knownID: String?

    /// A cause.
    public init(_ kind: Kind, _ parts: [String]) {
        self.kind = kind
        text = ([kind.rawValue] + parts).joined(separator: "\n")
    }

    /// Keys of one text are one cause, whatever is known of it beside that.
    public static func == (left: CauseKey, right: CauseKey) -> Bool { left.text == right.text }

    /// Hashes the text.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension CauseKey {
    /// The id of its incident, unless another one bears it.
    package var incidentID: String { knownID ?? DenialGroup.incidentIDs(of: text)[0] }

    /// A key from its text; `nil` where that begins with no kind.
    ///
    /// - Parameter incidentID: the id that its incident bore, be it a longer one than most.
    package init?(text: String, incidentID: String? = nil) {
        let first = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false).first
        guard let kind = first.flatMap({ Kind(rawValue: String($0)) }) else { return nil }
        self.kind = kind
        self.text = text
        // The incident of a refusal behind another one bears the id of that.
        knownID = kind == .behind ? nil : incidentID.flatMap(DenialGroup.shortIncidentID)
    }

    /// The key of a group's root cause.
    ///
    /// - Parameters:
    ///   - finding: the group's root cause.
    ///   - change: the change that it blames; `nil` where it blames none.
    package init(_ finding: Finding, change: TrailChange?, _ facts: GroupFacts) {
        if let change {
            self.init(change: change)
            return
        }
        if let behind = facts.behind, Self.restsOnOthers.contains(finding.code) {
            self.init(.behind, [behind.group])
            return
        }
        guard let cause = finding.cause else {
            // What only describes a refusal is one principal's, for one service.
            self.init(
                .gap, [finding.code.rawValue, facts.group.reason.slug, facts.group.principal, facts.servicePrefix])
            return
        }
        let kind: Kind =
            switch cause {
            case .edit: .change
            case .context, .statement, .policy, .deny: .policy
            case .serviceEnded, .account: .service
            case .credentials, .region, .principalRecreated: .caller
            case .missingAllow, .service: .gap
            }
        self.init(kind, [cause.key])
    }

    /// Findings that another refusal of the same moment explains.
    private static let restsOnOthers: Set<Finding.Code> = [.refusedByService, .reasonUnstated]

    /// One change. Whoever attaches a policy to several principals, or takes it from them, makes one event for each: such events of
    /// one policy by one session on one day are one change.
    private init(change: TrailChange) {
        let event = change.change
        let policy = change.policyARN ?? change.organizationPolicyID
        if let name = ChangeName(eventName: event.eventName), Self.repeated.contains(name), let policy {
            let actor = event.caller?.arn ?? event.actor
            self.init(.change, [event.eventName, policy, actor, String(event.eventTime.prefix(10))])
        } else {
            self.init(.change, [event.eventID])
        }
    }

    /// Changes that are made to one principal after the other.
    package static let repeated: Set<ChangeName> = [
        .attachRolePolicy, .detachRolePolicy, .attachUserPolicy, .detachUserPolicy, .attachGroupPolicy,
        .detachGroupPolicy, .putRolePermissionsBoundary, .putUserPermissionsBoundary, .attachPolicy, .detachPolicy,
    ]
}

extension GroupFacts {
    /// The change that a root cause blames: the one that it is about, else the first of its events that is a change of permissions.
    package func blamedChange(_ rootCause: Finding) -> TrailChange? {
        if case .edit(let change)? = rootCause.cause, let first = change.events.first?.eventID,
            let blamed = changes.first(where: { $0.change.eventID == first })
        {
            return blamed
        }
        return firstChange(in: rootCause.evidence)
    }

    /// The first of the events that is a change of permissions.
    private func firstChange(in evidence: [Evidence]) -> TrailChange? {
        let denials = Set(group.evidence.map(\.eventID))
        for event in evidence where !denials.contains(event.eventID) {
            if let change = changes.first(where: { $0.change.eventID == event.eventID }) { return change }
        }
        return nil
    }
}
