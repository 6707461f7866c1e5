package import IAMPolicy

/// What an event that changes permissions affects, and which way.
///
/// Whether a change can be the cause of a denial follows from two things alone, the policy type that it touches and its
/// direction: taking statements away can end an Allow but never makes an explicit Deny, and giving statements can bring a Deny
/// but never ends an Allow. Source: "Actions, resources, and condition keys" of each service in the service authorization
/// reference.
package struct ChangeRule: Sendable, Hashable {
    /// Who or what is affected.
    package enum Target: String, Sendable {
        case user, role, group
        /// A user joins or leaves a group.
        case membership
        /// A managed policy, in whatever role it is attached.
        case managedPolicy = "managed-policy"
        /// A policy of AWS Organizations at a target.
        case organizationPolicyTarget = "organization-policy-target"
        /// The content of a policy of AWS Organizations.
        case organizationPolicy = "organization-policy"
        case account
        case trust
        /// An identity provider of IAM, whose tokens or assertions open roles.
        case identityProvider = "identity-provider"
        case endpoint
        case resource
        case accessKey = "access-key"
        /// Which role a function, a task or an instance runs under.
        case workload
        /// A permission set of IAM Identity Center, which Identity Center then writes into roles.
        case permissionSet = "permission-set"
        /// Block Public Access of a bucket or of all buckets of an account.
        case publicAccess = "public-access"
        /// What a service grants by itself, outside of IAM's policies: Lake Formation, shared images, delegated administrators.
        case serviceGrant = "service-grant"
    }

    /// Which way the change goes.
    package enum Direction: String, Sendable {
        /// Statements come: may bring a Deny, may heal a missing Allow.
        case gives
        /// Statements go: may end an Allow, may heal a Deny.
        case takes
        /// Statements are exchanged: either.
        case replaces
        /// A limit goes: heals both, causes nothing.
        case lifts
        /// Something that conditions look at: either, and never more than possible.
        case touchesConditions = "touches-conditions"
        /// A key was switched off or deleted: an authentication failure, no policy matter.
        case disables
        /// Something new that nothing uses yet: tells a policy's content or a principal's age.
        case creates
        /// Something goes that nobody used any more, or whose users lose no permission by it: what an undo can no longer use.
        case clears
    }

    /// Who or what is affected.
    package var target: Target
    /// Which way the change goes.
    package var direction: Direction
    /// The policy type; `nil` where the change's target decides (a managed policy) or none is concerned.
    package var policyType: PolicyType?

    /// The rule in a cell of the table, `target direction [policy type]`; `nil` for an empty cell, or one that is misspelt.
    init?(_ cell: Substring) {
        let words = cell.split(separator: " ")
        guard (2...3).contains(words.count), let target = Target(rawValue: String(words[0])),
            let direction = Direction(rawValue: String(words[1]))
        else { return nil }
        self.target = target
        self.direction = direction
        if words.count == 3 {
            guard let type = PolicyType(rawValue: String(words[2])) else { return nil }
            policyType = type
        }
    }
}
