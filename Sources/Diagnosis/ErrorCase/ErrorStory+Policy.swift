import AccessDenial
import CompanionLogs
import IAMPolicy

extension ErrorStory {
    /// A refusal by policies, of the type that AWS names.
    init(policy type: PolicyType?, _ error: ErrorText) {
        let message = error.message
        let action: Prose = error.action.map { "\($0)" } ?? error.operation.map { "\($0)" } ?? "the call"
        let effect = message.reason.effect
        var title: Prose
        var explanation: Prose = ""
        switch (type, effect) {
        case (let type?, .explicit):
            title = "\(words: type == .identityBased ? "An" : "A") \(words: type.words) denies \(action)"
        case (let type?, _): title = "No \(words: type.words) allows \(action)"
        case (nil, .explicit): title = "A policy denies \(action)"
        case (nil, .implicit): title = "No policy of some type allows \(action)"
        case (nil, .unstated): title = "AWS refused \(action) and does not say which policy"
        }
        if type != nil || effect != .unstated { explanation = Prose(stringLiteral: message.reason.meaning) }
        if effect == .explicit { explanation += "A Deny outweighs every Allow." }
        if let arn = message.policyARN { explanation += "AWS names the policy: \(arn)." }
        if let through = message.passedThrough { explanation += "On the way stood a \(words: through.words)." }
        if effect == .unstated, type == nil { explanation += Self.candidates(error) }
        if message.isTruncated { explanation += "The message was cut, so that part of it is missing." }
        if message.encodedMessage != .absent {
            explanation +=
                "The encoded text tells the statement that decided: \(code: "aws sts decode-authorization-message --encoded-message TEXT") reads it."
        }
        self.init(title, explanation, Self.remedy(type, effect, error))
    }

    /// The types of policies that may have refused where AWS names none.
    private static func candidates(_ error: ErrorText) -> Prose {
        guard let action = error.action else { return "Every type of policy is possible." }
        let isFamily = ServiceFamily.pinpoint.contains(eventSource: "", action: action)
        guard isFamily else {
            return
                "Every type of policy is possible: those of the caller, of the resource, of the organization, a boundary, a session's, and that of a VPC endpoint."
        }
        let types = PolicyType.allCases.filter { PinpointCatalogue.canDeny($0, action: action) }.map(\.words)
        return "For \(action) these can refuse: \(words: types.joined(separator: ", "))."
    }

    private static func remedy(_ type: PolicyType?, _ effect: Effect, _ error: ErrorText) -> Remedy {
        let principal = PrincipalName(error.principal ?? "")
        let who: Prose = principal.isIdentity ? principal.shown : "the caller"
        let isDeny = effect == .explicit
        let policy = isDeny ? nil : leastPolicy(error)
        let show = commands(of: principal)
        switch type {
        case .identityBased?:
            let text: Prose =
                isDeny
                ? "Remove or narrow the Deny in the policies of \(who). An Allow cannot override it."
                : "Allow it in a policy of \(who). The least that must be allowed is below."
            return Remedy(.policy, text, commands: show, policy: policy)
        case .resourceBased?:
            return Remedy(
                .policy,
                isDeny
                    ? "Remove or narrow the Deny in the resource's own policy. Its owner has to do it."
                    : "Let the resource's own policy allow \(who). Its owner has to do it.")
        case .roleTrust?:
            return Remedy(
                .policy,
                isDeny
                    ? "Remove or narrow the Deny in the trust policy of the role."
                    : "Add the caller to the trust policy of the role.",
                commands: trust(error))
        case .serviceControl?, .resourceControl?:
            let words = type == .serviceControl ? "service control policy" : "resource control policy"
            let id = error.message.policyARN.flatMap { ARN($0)?.name }
            return Remedy(
                .policy,
                isDeny
                    ? "Remove or narrow the Deny in the \(words: words). It belongs to whoever manages the organization; nothing in the account can outweigh it."
                    : "Allow it in a \(words: words) at every level: the root, each organizational unit and the account. They belong to whoever manages the organization.",
                commands: id.map {
                    [PolicyCommands.organizationPolicy($0)]
                } ?? [])
        case .permissionsBoundary?:
            return Remedy(
                .policy,
                isDeny
                    ? "Remove or narrow the Deny in the permissions boundary of \(who)."
                    : "Allow it in the permissions boundary of \(who), and in its policies. A boundary only limits.",
                commands: PolicyCommands.boundary(of: principal))
        case .session?:
            return Remedy(
                .setting,
                isDeny
                    ? "Whoever opens the session (AssumeRole with a policy, or GetFederationToken) has to remove the Deny from its session policy."
                    : "Whoever opens the session (AssumeRole with a policy, or GetFederationToken) has to allow it in the session policy. The role's own policies are not at fault."
            )
        case .vpcEndpoint?:
            return Remedy(
                .policy,
                isDeny
                    ? "Remove or narrow the Deny in the policy of the VPC endpoint."
                    : "Allow it in the policy of the VPC endpoint that the call goes through. Its owner may be another account.",
                commands: [
                    ShellCommand(
                        .ec2DescribeVpcEndpoints,
                        [
                            "--query",
                            "VpcEndpoints[].[VpcEndpointId,ServiceName,PolicyDocument]",
                        ]
                            + ShellWord.region(error.region))
                ])
        case nil:
            return Remedy(
                .policy,
                isDeny
                    ? "Look for the Deny in the policies of \(who), then in the service control policies, its boundary, the resource's policy and the VPC endpoint's."
                    : "Look at the policies of \(who) first: the least that must be allowed is below. Where they allow it, look at its boundary, the service control policies, the resource's own policy and the VPC endpoint's.",
                commands: show, policy: policy)
        }
    }

    /// The least statement for the action and resource of the message; `nil` where it names no action.
    private static func leastPolicy(_ error: ErrorText) -> PolicyDocument? {
        guard let action = error.action, action.contains(":") else { return nil }
        let resource = error.message.resource.flatMap { ARN($0) == nil ? nil : $0 } ?? "*"
        return PolicyDocument([
            Statement(
                .allow, actions: .matching([ActionPattern(action)]), resources: .matching([ResourcePattern(resource)]))
        ])
    }

    private static func commands(of principal: PrincipalName) -> [ShellCommand] {
        let shown = PolicyCommands.policies(of: principal)
        return shown.isEmpty ? [PolicyCommands.callerIdentity] : shown
    }

    private static func trust(_ error: ErrorText) -> [ShellCommand] {
        guard let role = error.message.resource.flatMap(ARN.init), role.resource.hasPrefix("role/") else { return [] }
        return [PolicyCommands.trust(ofRole: role.name)]
    }
}
