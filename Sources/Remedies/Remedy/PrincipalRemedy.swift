import AccessDenial
import Causes
import Findings
import IAMPolicy
import PolicyTimeline
import RecordedCalls
import RecordedChanges
import TrailStore
import Wording

/// What to do where the principal is not the one it was, or not the one it should be.
enum PrincipalRemedy {
    /// Who is no more can be given no policy.
    package static func deleted(_ deletion: TrailChange, _ facts: GroupFacts) -> Remedy {
        Remedy(
            .command,
            "\(facts.principal.shown.capitalised) was deleted at \(time: deletion.time), and the trail does not show that it was recreated, so there is nothing to attach a policy to. \(deletion.person.ask) whether that was intentional. If the calls are still needed, make them with a role that exists, or recreate this one with its policies; policies of resources and roles that named it must be written anew, and credentials of the deleted one never work again.",
            commands: ChangeCommands.commands(for: deletion))
    }

    /// It was deleted and made anew.
    static func recreated(_ facts: GroupFacts) -> Remedy {
        if let statement = PrincipalRecreated.namingFormer(facts), let former = facts.predecessor {
            let name: Prose =
                "\(Prose.statement(statement.name.sid, at: statement.name.index)) of \(statement.name.policy)"
            return Remedy(
                .setting,
                "Make \(facts.principal.shown) again under its former path, so that it is \(former.arn), with its policies, and have what uses it use that one. Only where the new path is meant to stay, let \(name) name it as well. No Allow for \(facts.principal.shown) replaces that."
            )
        }
        if let older = PrincipalRecreated.namedBefore(facts) {
            let isTrust = facts.servicePrefix == "sts"
            return Remedy(
                .policy,
                "Write the \(words: isTrust ? "trust policy" : "policy") of \(older.resource.name) again, with the ARN of \(ProtectedRole.holder(facts)): where the ARN stood, it shows the unique id of the deleted one by now\(words: isTrust ? " (AROA… or AIDA…)" : ""), and saving it with the ARN makes it the new one's. No Allow for \(facts.principal.shown) replaces that.",
                commands: isTrust ? TrustPolicyRemedy.showTrust(facts) : ResourcePolicyCommands.show(facts))
        }
        if let function = encryptingFunction(facts) {
            return Remedy(
                .command,
                "Have Lambda make its grant on the key anew: give function \(function) another role, and then \(ProtectedRole.holder(facts)) again, with calls like the one below. The grant that lets the function read what is encrypted for it is that of the deleted role, and the key's policy is not to blame.",
                commands: [
                    ShellCommand(
                        .lambdaUpdateFunctionConfiguration,
                        [
                            "--function-name", .function(function), "--role",
                            .value(facts.principal.arn, .arn(service: "iam")),
                        ] + ShellWord.region(facts.group.regions.first?.value))
                ])
        }
        var remedy = PolicyRemedy.missingAllow(facts)
        let resources: Prose =
            "rewrite resource and trust policies that named it: they still hold the id of the deleted one."
        remedy.text =
            switch facts.group.reason.policyType {
            case .identityBased?:
                "Attach the policies of the deleted one to \(ProtectedRole.holder(facts)) again. The least that must be allowed is below. When other services refuse it next, \(resources)"
            case .resourceBased?, .roleTrust?:
                "Rewrite the resource's policy with the ARN of \(ProtectedRole.holder(facts)): it still holds the id of the deleted one."
            case .serviceControl?, .resourceControl?, .permissionsBoundary?, .session?, .vpcEndpoint?, nil:
                "Attach the policies again to \(ProtectedRole.holder(facts)), and \(resources)"
            }
        if facts.servicePrefix == "kms" {
            remedy.text +=
                "A grant of the key is given to the one that was deleted as well: create it anew, or have the service do so; for a Lambda function, assign the role again (\(code: "aws lambda update-function-configuration --role"))."
        }
        return remedy
    }

    /// The function that a refused call to KMS decrypts the environment or the code of; `nil` for any other call.
    /// Source: "Securing Lambda environment variables" in the AWS Lambda developer guide: the encryption context names the function.
    private static func encryptingFunction(_ facts: GroupFacts) -> String? {
        guard facts.servicePrefix == "kms", let call = facts.requests.denied.all.first?.observed.call,
            let function = call.parameterText("encryptionContext", "aws:lambda:FunctionArn")
        else { return nil }
        return ARN(function).map { String($0.resource.drop { $0 != ":" }.dropFirst()) }
    }

    /// A call on what is another stage's: the settings change, and no Allow lets the stages mix.
    static func otherStage(_ facts: GroupFacts) -> Remedy {
        guard let mixed = StageMix(facts) else { return PolicyRemedy.missingAllow(facts) }
        return Remedy(
            .setting,
            "Check the settings of whatever runs as \(facts.principal.shown): it should call stage \(mixed.ownStage) instead of \(list: facts.refusedResources, limit: 2). Allow it only if stage \(mixed.ownStage) is supposed to reach stage \(mixed.stage); then compare with the policies of \(mixed.owner.shown).",
            commands: PolicyCommands.policies(of: facts.principal))
    }
}
