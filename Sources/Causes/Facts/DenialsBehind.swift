package import AccessDenial
import IAMPolicy
package import TrailStore

/// Which denial stands behind which: the call to a service, and the call that the service made with the caller's permissions to KMS,
/// EC2, STS or another one, of the same principal in the same moment.
package struct DenialsBehind: Sendable {
    /// What was refused to a service on the caller's behalf.
    package struct Denial: Sendable, Hashable {
        /// Its group's id.
        package var group: String
        package var action: String
        package var resource: String?
        package var service: String
        package var eventID: String
        package var eventTime: String
        package var eventName: String
        package var principal: String
        package var reason: Reason
    }

    /// Seconds by which the two records differ, the likeliest first.
    private static let offsets: [Int64] = [0, -1, 1, -2, 2]

    private struct Place: Hashable {
        var principal: String
        var second: Int64
    }

    private var denials: [Place: [Denial]] = [:]

    /// The links between these groups.
    package init(_ groups: [DenialGroup]) {
        for group in groups where group.principalType != "AWSService" {
            // A call that was made on somebody's behalf bears the service's name.
            guard let service = group.invokedBy.first?.value ?? Self.host(of: group) else { continue }
            for evidence in group.evidence {
                guard let second = Timestamp.seconds(evidence.eventTime) else { continue }
                let denial = Denial(
                    group: group.id, action: group.action, resource: evidence.resource ?? group.resources.first?.value,
                    service: service,
                    eventID: evidence.eventID, eventTime: evidence.eventTime, eventName: evidence.eventName,
                    principal: group.principal, reason: group.reason)
                denials[Place(principal: group.principal, second: second), default: []].append(denial)
            }
        }
    }

    /// The host of the service that called as a role, which its records name in the place of an address; `nil` where one came from elsewhere.
    private static func host(of group: DenialGroup) -> String? {
        guard let first = group.sourceIPAddresses.first?.value, group.sourceIPAddresses.count == 1,
            first.hasSuffix(".amazonaws.com")
        else { return nil }
        return first
    }

    /// The first denial behind a group's calls; `nil` where there is none, or where the group itself was called by a service.
    package func denial(behind group: DenialGroup) -> Denial? {
        guard !denials.isEmpty, group.invokedBy.isEmpty else { return nil }
        for evidence in group.evidence {
            guard let second = Timestamp.seconds(evidence.eventTime) else { continue }
            for offset in Self.offsets {
                let found = denials[Place(principal: group.principal, second: second + offset)]?
                    .filter { $0.action != group.action && Self.isOf($0.service, group.eventSource) }
                    .min { ($0.eventTime, $0.eventID) < ($1.eventTime, $1.eventID) }
                if let found { return found }
            }
        }
        return handed(group)
    }

    /// Whether a service that called is the one that was called, or a part of it: `mediapipelines.chime.amazonaws.com`.
    private static func isOf(_ service: String, _ source: String) -> Bool {
        service == source || service.hasSuffix("." + source)
    }

    /// The roles, as their groups' principals, that a group's calls hand to a service, where that refuses for what they lack.
    package static func rolesHanded(by group: DenialGroup) -> [String] {
        ServiceRoleRefusal.slugs.contains(group.reason.slug) ? group.rolesNamed.map(\.description) : []
    }

    /// What was refused to the role that a group's calls hand to a service, which tried it at once.
    private func handed(_ group: DenialGroup) -> Denial? {
        let roles = Self.rolesHanded(by: group)
        guard !roles.isEmpty else { return nil }
        for evidence in group.evidence {
            guard let second = Timestamp.seconds(evidence.eventTime) else { continue }
            for offset in Self.offsets {
                for role in roles {
                    let found = denials[Place(principal: role, second: second + offset)]?
                        .min { ($0.eventTime, $0.eventID) < ($1.eventTime, $1.eventID) }
                    if let found { return found }
                }
            }
        }
        return nil
    }
}
