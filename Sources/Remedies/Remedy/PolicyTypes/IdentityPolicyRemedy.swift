import AccessDenial
import Causes
import Findings
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// What to do where the principal's own policies refuse, or where AWS names no type.
enum IdentityPolicyRemedy {
    /// An Allow is missing, or its condition is not met.
    package static func missing(_ facts: GroupFacts) -> Remedy {
        // A service has no policies of its own.
        if facts.principal.kind == .service { return ResourcePolicyRemedy.missing(facts) }
        if ConditionalAllow.own(facts) != nil { return conditionUnmet(facts) }
        guard facts.group.reason.policyType != nil || facts.group.reason.effect == .unstated else {
            return UnstatedRemedy.simulate(facts)
        }
        if let role = ServiceLinkedRole(facts) { return role.remedy(facts) }
        if let key = KeyPolicy.shutting(out: facts) { return KeyPolicy.remedy(key, facts) }
        var text: Prose =
            "Allow \(LeastPrivilege.call(facts)) in a policy of \(ProtectedRole.holder(facts)). The least that must be allowed is below."
        if let policy = ServicePolicies.policy(for: facts) {
            text += "Or attach \(policy), AWS's own policy for this, which has what else the service needs."
        }
        if let owner = facts.resourceAccount, !facts.principal.account.isEmpty,
            owner != facts.principal.account
        {
            if facts.servicePrefix == "mobiletargeting" { return CrossAccountRemedy.assumeRole(in: owner, facts) }
            text +=
                facts.servicePrefix == "sts"
                ? "In account \(owner) the role's trust policy must name the caller too."
                : "The resource's own policy in account \(owner) must allow the caller too."
        }
        return Remedy(
            .policy, text, commands: PolicyCommands.policies(of: facts.principal), policy: LeastPrivilege.policy(facts))
    }

    /// One of them denies.
    package static func denied(_ facts: GroupFacts) -> Remedy {
        let policies = facts.group.policyARNs.map(\.value)
        if let remedy = sessionDeny(facts) { return remedy }
        guard let arn = policies.first else {
            return Remedy(
                .policy,
                "Find the Deny among the policies of \(ProtectedRole.holder(facts))\(words: facts.principal.kind == .user ? " and its groups" : ""), and remove it or narrow its condition. An Allow cannot override it.",
                commands: PolicyCommands.policies(of: facts.principal))
        }
        if let remedy = Quarantine.remedy(facts) { return remedy }
        if ARN(arn)?.account == "aws" {
            return Remedy(
                .policy,
                "AWS manages \(arn), so it cannot be edited; detach it.",
                commands: PolicyCommands.policies(of: facts.principal))
        }
        return Remedy(
            .policy,
            "Edit \(list: policies, limit: 3): remove the Deny that matches \(facts.group.action), or narrow its condition. That affects everyone who has it; to exempt \(ProtectedRole.holder(facts)) only, detach it there. An Allow cannot override it. The commands below show the active version, whose text \(code: "aws iam get-policy-version") prints, and who has it.",
            commands: PolicyCommands.managedPolicy(arn) + PolicyCommands.holders(ofPolicy: arn))
    }

    /// An Allow whose condition the calls do not meet: the calls or the condition must change, and no further Allow is offered,
    /// because the condition stands there for a reason.
    static func conditionUnmet(_ facts: GroupFacts) -> Remedy {
        guard let allow = ConditionalAllow.ofRole(facts) ?? ConditionalAllow.own(facts),
            let failure = allow.failures.first
        else { return PolicyRemedy.missingAllow(facts) }
        if let own = ConditionRemedy.statementOfItsOwn(allow, facts) { return own }
        let (policy, key) = (allow.policy, failure.key)
        var text: Prose
        if failure.isTime {
            text =
                "Write a new time into the condition \(key) of \(policy), if the permission is still wanted; it was granted for a limited time."
        } else if let tag = failure.tag {
            text = TagConditions.advice(tag, failure, policy, facts)
        } else if failure.isMFA {
            text =
                CredentialsRemedy.neverHasMFA(facts)
                ? "Take the condition \(key) away, or give these callers an Allow without it: their sessions are opened with a token of an identity provider, and such a session never counts as one with MFA, whatever the provider asks of its users."
                : "\(CredentialsRemedy.callWithMFA(role: allow.role)): \(policy) allows the call only then. What runs by itself has no MFA: give it a role of its own rather than take the condition away."
        } else if failure.isAddress, failure.values.isEmpty {
            text =
                "Call past the VPC endpoint, or let the condition of \(policy) ask for the endpoint (\("aws:SourceVpce")): calls through one have no \(key)."
        } else if failure.isAddress {
            text =
                "Call from an address that \(policy) allows (\(list: failure.wanted, limit: 3)), or add the new one to its condition \(key)."
        } else if failure.isEndpoint {
            text =
                "Call through the VPC endpoint that \(policy) asks for (\(list: failure.wanted, limit: 3)), or add the endpoint now in use to its condition \(key)."
        } else {
            text = ConditionRemedy.advice(failure, policy, facts)
        }
        text +=
            "\(allow.change.person.ask), who wrote the policy at \(time: allow.change.time), what the condition is for."
        let edit = TrustEdit.edit(allow, facts)
        let commands =
            allow.role.map { [PolicyCommands.trust(ofRole: $0)] }
            ?? allow.change.policyARN.map { PolicyCommands.managedPolicy($0) }
            ?? ChangeCommands.commands(for: allow.change)
        var remedy = Remedy(allow.role == nil || edit != nil ? .policy : .setting, text, commands: commands)
        remedy.edit = edit
        return remedy
    }

    /// A Deny in the trail that lets some sessions pass: there the caller changes, not the policy. `nil` where there is none.
    static func sessionDeny(_ facts: GroupFacts) -> Remedy? {
        guard let found = facts.failing, found.statement.effect == .deny, found.statement.name.type == .identityBased,
            let change = found.event.flatMap(facts.trail.change)
        else { return nil }
        let policy = found.statement.name.policy
        func condition(on key: String) -> FailingStatement.Condition? {
            found.statement.conditions.first { $0.key.lowercased() == key }
        }
        if let condition = condition(on: "aws:tokenissuetime"), let bound = condition.wanted.first,
            condition.conditionOperator.lowercased().hasPrefix("dateless")
        {
            return Remedy(
                .setting,
                "Get new credentials: assume the role again or sign in again, and restart what holds old ones. Policy \(policy) refuses every session from before \(time: bound), for as long as it stands, and none that begins later; that is what the console's \("Revoke active sessions") writes. \(change.author.capitalised) wrote it, most likely because credentials had leaked: do not delete it before that is settled. An Allow cannot override it."
            )
        }
        if let condition = condition(on: "aws:multifactorauthpresent"),
            condition.wanted.map({ $0.lowercased() }) == ["false"]
        {
            var remedy = CredentialsRemedy.withMFA(facts)
            remedy.text =
                remedy.text
                + "Policy \(policy) denies what is called without MFA, and an Allow cannot override it."
            return remedy
        }
        return nil
    }
}
