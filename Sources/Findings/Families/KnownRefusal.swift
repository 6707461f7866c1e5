import AccessDenial
package import Causes
package import IAMPolicy
import RecordedCalls
package import RecordedChanges
import TrailStore
package import Wording

/// Refusals in a service's own words, or in none, whose place is known: another service, another account, an assignment or an
/// identity decides, and no Allow for the call itself helps.
///
/// Sources: "Secret encryption and decryption" in the AWS Secrets Manager user guide; "Delegated administrator for AWS
/// Organizations"; "Assign user access to AWS accounts" in the IAM Identity Center user guide; "Launch template support" in the
/// Amazon EC2 Auto Scaling user guide; "Amazon SES sending errors" and "Using sending authorization" in the Amazon SES developer
/// guide; "SMS message settings for user pools" and "IAM roles" in the Amazon Cognito developer guide; "IAM policies for
/// integrated services" in the AWS Step Functions developer guide; "AWS managed keys" in the AWS KMS developer guide.
package enum KnownRefusal {
    /// What is known of a group's refusal.
    package struct Known {
        package var title: Prose
        package var story: Prose
        package var remedy: Remedy
        /// The changes that show it.
        package var evidence: [Evidence] = []
        /// What of the story stands on the first screen, behind AWS's own words.
        package var point: Prose = ""
    }

    /// A finding where AWS's words alone do not lead to one.
    package static func findings(_ facts: GroupFacts) -> [Finding] {
        guard let known = unworded(facts) else { return [] }
        return [
            Finding(
                .refusedByService, .inferred, title: known.title, quoted(facts) + known.story,
                point: known.point, evidence: known.evidence + facts.denialEvidence)
        ]
    }

    /// Whether something else than an Allow for the call is known to decide.
    package static func isKnown(_ facts: GroupFacts) -> Bool {
        worded(facts) != nil || unworded(facts) != nil
    }

    /// What to say beyond the meaning of AWS's words; empty where nothing is known.
    package static func story(_ facts: GroupFacts) -> Prose { worded(facts)?.story ?? "" }

    /// What the first screen says: AWS's words, and behind them what stands behind them; empty where nothing does.
    package static func point(_ facts: GroupFacts) -> Prose {
        let point = (worded(facts)?.point ?? "") + storyBehind(facts)
        return point.isEmpty ? "" : quoted(facts) + point
    }

    /// A title that tells more than AWS's words; `nil` where there is none.
    package static func title(_ facts: GroupFacts) -> Prose? {
        worded(facts).flatMap { $0.title.plain.isEmpty ? nil : $0.title }
    }

    /// The changes that show what AWS's words do not name; empty where none does.
    package static func evidence(_ facts: GroupFacts) -> [Evidence] { worded(facts)?.evidence ?? [] }

    /// What to do where the place of the refusal is known; `nil` where it is not.
    package static func remedy(for rootCause: Finding, _ facts: GroupFacts) -> Remedy? {
        switch (rootCause.code, rootCause.confidence) {
        case (.refusedByService, .inferred): unworded(facts)?.remedy
        case (.refusedByService, _), (.accountState, _): worded(facts)?.remedy
        default: nil
        }
    }

    /// AWS's own words, for a reader who knows more about them; empty where the records hold none.
    package static func quoted(_ facts: GroupFacts) -> Prose {
        guard let whole = facts.group.evidence.lazy.compactMap(\.errorMessage).first(where: { !$0.isEmpty }) else {
            return ""
        }
        // What is encoded is for a command, not for a reader.
        let message = whole.firstRange(of: encodedMarker).map { String(whole[..<$0.lowerBound]) } ?? whole
        let shown = message.count > quoteLimit ? message.prefix(quoteLimit) + "…" : message[...]
        return "AWS says: \"\(String(shown.last == "." ? shown.dropLast() : shown))\"."
    }

    /// Whether AWS gives no reason, and says more than that somebody may not do something.
    static func isInOwnWords(_ facts: GroupFacts) -> Bool {
        guard facts.group.reason.slug != "unrecognised" else { return true }
        let message = facts.group.evidence.lazy.compactMap(\.errorMessage).first ?? ""
        return facts.group.reason.slug == "unstated" && facts.group.encodedMessages == 0
            && !message.hasPrefix("User: ") && message.utf8.count > 60
    }

    private static let encodedMarker = " Encoded authorization failure message:"
    /// Characters of AWS's words that are shown.
    private static let quoteLimit = 400

    /// What is known where AWS's words do not tell it.
    private static func unworded(_ facts: GroupFacts) -> Known? {
        launchTemplate(facts) ?? delegation(facts) ?? probe(facts) ?? PublicAccess.unstated(facts) ?? managedKey(facts)
            ?? foreignObject(facts) ?? incompleteARN(facts) ?? ServiceSetting.known(facts)
            ?? behindUnstated(facts)
    }

    private static func worded(_ facts: GroupFacts) -> Known? {
        switch facts.group.reason.slug {
        case "kms-behind-service": keyBehind(facts)
        case "management-account-only": managementAccount(facts)
        case "not-assigned": assignment(facts)
        case "lake-formation-permissions": nil
        case "service-role:not-assumable", "service-role:lacks-access": serviceRole(facts)
        case "message-rejected": identities(facts)
        case TagPolicyRefusal.slug: tagPolicy(facts)
        case ServiceLinkedRoleRefusal.slug: serviceLinkedRole(facts)
        case "image-permissions": ContainerImage(facts.group)?.known(facts)
        case DestinationRefusal.slug:
            facts.behind.map { standsBehind($0, facts) } ?? Destination(facts.group)?.known(facts)
                ?? PoolTrigger.known(facts)
        case "key-policy-or-region", "bucket-permissions": facts.behind.map { standsBehind($0, facts) }
        default: ServiceSetting.isNamed(facts.group.reason.slug) ? ServiceSetting.known(facts) : nil
        }
    }
}

// MARK: - KMS behind a service

extension KnownRefusal {
    private static func keyBehind(_ facts: GroupFacts) -> Known {
        if let behind = facts.behind, behind.action.hasPrefix("kms:") { return keyBehind(behind, facts) }
        let writes = ["CreateSecret", "PutSecretValue", "UpdateSecret", "RotateSecret"].contains(facts.operation)
        let actions: Prose = writes ? "kms:GenerateDataKey and kms:Decrypt" : "kms:Decrypt"
        let secret = facts.refusedResources.first
        let choice = KeyChoice(behind: facts)
        let key: Prose = choice?.key.map { "key \($0), which encrypts the secret" } ?? "the secret's key"
        let region = facts.group.regions.count == 1 ? facts.group.regions.first?.value : nil
        let commands = secret.map {
            [
                ShellCommand(
                    .secretsmanagerDescribeSecret,
                    ["--secret-id", .secret($0), "--query", "KmsKeyId"]
                        + ShellWord.region(region))
            ]
        }
        return Known(
            title: "",
            story:
                "Secrets Manager uses the key with the caller's permissions: \(facts.principal.shown) lacks \(actions) on the key that encrypts the secret. Secrets under the AWS managed key aws/secretsmanager need no such permission, so others may well work."
                + (choice?.story ?? ""),
            remedy: Remedy(
                .policy,
                "Allow \(facts.principal.arn) \(actions) on \(key), in a policy of its own and, where the key's policy does not leave that to the account, in the key's policy. The KMS event of the same second names the key. No Allow for \(facts.group.action) helps.",
                commands: commands ?? []), evidence: choice.map { [$0.change.evidence] } ?? [],
            point: choice?.story ?? "")
    }
}

extension KnownRefusal {
    /// The key and the action that the record of the same moment names.
    private static func keyBehind(_ behind: DenialsBehind.Denial, _ facts: GroupFacts) -> Known {
        var text: Prose =
            "Allow \(facts.principal.arn) \(behind.action) on the key"
        text = behind.resource.map { "\(text) \($0)" } ?? text
        text =
            "\(text), in a policy of its own and, where the key's policy does not leave that to the account, in the key's policy."
        text += "No Allow for \(facts.group.action) helps."
        return Known(title: "", story: "", remedy: Remedy(.policy, text, policy: policy(behind)))
    }

    /// What the service was refused with the caller's permissions, where that is not about a secret's key.
    private static func standsBehind(_ behind: DenialsBehind.Denial, _ facts: GroupFacts) -> Known {
        let on: Prose = behind.resource.map { " on \($0)" } ?? ""
        if behind.reason.policyType == .resourceBased, let resource = behind.resource {
            return Known(
                title: "", story: "",
                remedy: Remedy(
                    .policy,
                    "Let the policy of \(resource) allow \(PrincipalName(behind.principal).arn) \(behind.action). No Allow for \(facts.group.action) helps, and none in a policy of the caller."
                ))
        }
        let isKey: Prose =
            behind.action.hasPrefix("kms:")
            ? ", in a policy of its own and, where the key's policy does not leave that to the account, in the key's policy"
            : ""
        return Known(
            title: "", story: "",
            remedy: Remedy(
                .policy,
                "Allow \(PrincipalName(behind.principal).shown) \(behind.action)\(on)\(isKey). No Allow for \(facts.group.action) helps.",
                policy: policy(behind)))
    }

    /// The same where AWS gives no reason for the call, and one for what stands behind it.
    private static func behindUnstated(_ facts: GroupFacts) -> Known? {
        guard let behind = facts.behind, Unstated.slugs.contains(facts.group.reason.slug),
            behind.reason.effect != .unstated
        else { return nil }
        var known = standsBehind(behind, facts)
        known.title = "What the service did for the call was refused"
        known.story = storyBehind(facts)
        known.point = quoted(facts) + known.story
        return known
    }

    /// What was refused in the same moment to the service that was called; empty where nothing is known.
    static func storyBehind(_ facts: GroupFacts) -> Prose {
        guard let behind = facts.behind else { return "" }
        var text: Prose =
            "In the same moment \(behind.service) was refused \(behind.action), called with the permissions of \(PrincipalName(behind.principal).shown)"
        text = behind.resource.map { "\(text) on \($0)" } ?? text
        return "\(text): most likely that is what refused this call, too."
    }

    /// The least that has to be allowed for what stands behind; `nil` where an Allow is not what is missing, or its resource is unknown.
    package static func policy(_ behind: DenialsBehind.Denial) -> PolicyDocument? {
        guard behind.reason == .missingAllow(.identityBased), let resource = behind.resource, ARN(resource) != nil
        else {
            return nil
        }
        return .allowing([behind.action], on: [resource])
    }
}

// MARK: - Organizations and Identity Center

extension KnownRefusal {
    private static func managementAccount(_ facts: GroupFacts) -> Known {
        let accounts = facts.group.accounts.map(\.value)
        return Known(
            title: "Only the management account or a delegated administrator may do it",
            story:
                "Account \(list: accounts, limit: 3) is a member account. No policy in it can allow \(facts.group.action), whatever it says.",
            remedy: Remedy(
                .setting,
                "Make the call in the organization's management account: assume a role there. Or let the management account delegate it: register account \(list: accounts, limit: 3) as a delegated administrator of a service, or allow the call in the organization's resource-based delegation policy."
            ))
    }

    /// AWS names the organization's delegation policy, which nobody has who is asked to edit "the resource's policy".
    private static func delegation(_ facts: GroupFacts) -> Known? {
        let reason = facts.group.reason
        guard facts.servicePrefix == "organizations", reason.effect == .implicit, reason.policyType == .resourceBased
        else { return nil }
        return managementAccount(facts)
    }

    /// Which roles the portal was asked for, where records tell it, and which it gave.
    private static func roles(_ facts: GroupFacts) -> Prose {
        func asked(_ records: [RecordedRequest]) -> [String] {
            Set(
                records.compactMap { record in
                    let call = RecordedCall(record)
                    guard let role = call.text("serviceEventDetails", "role_name"),
                        let account = call.text("serviceEventDetails", "account_id")
                    else { return nil }
                    return "\(role) in account \(account)"
                }
            ).sorted()
        }
        let refused = asked(facts.group.requests)
        guard let first = refused.first else { return "" }
        var text: Prose = "Refused was \(list: refused, limit: 3)."
        if case .permissionSet(let set)? = ProtectedRole.owner(ofRole: String(first.prefix { $0 != " " })) {
            text += "That is the name of an IAM role; its permission set is called \(set)."
        }
        let given = asked(facts.group.successes)
        return given.isEmpty ? text : text + "The same user was given \(list: given, limit: 3)."
    }

    private static func assignment(_ facts: GroupFacts) -> Known {
        Known(
            title: "",
            story:
                "The portal was asked for credentials of a role in an account that is not among those assigned to the user. The role is named by its permission set, not by the IAM role that IAM Identity Center makes of it (AWSReservedSSO_…)."
                + roles(facts),
            remedy: Remedy(
                .setting,
                "Compare account and role name of the profile (sso_account_id, sso_role_name) with what is assigned to the user: \(code: "aws sso list-account-roles") shows it. If the assignment itself is missing, assign the permission set to the user or a group in that account. No IAM policy decides this."
            ))
    }
}

// MARK: - Auto Scaling

extension KnownRefusal {
    private static func launchTemplate(_ facts: GroupFacts) -> Known? {
        guard facts.servicePrefix == "autoscaling", Unstated.slugs.contains(facts.group.reason.slug),
            ["CreateAutoScalingGroup", "UpdateAutoScalingGroup", "StartInstanceRefresh"].contains(facts.operation)
        else { return nil }
        return Known(
            title: "EC2 refuses the launch template to the caller",
            story:
                "Auto Scaling tries with the caller's permissions whether the group's launch template can be used, and records no reason when EC2 refuses. \(facts.group.action) itself is refused in AWS's usual sentence.",
            remedy: Remedy(
                .policy,
                "Allow \(facts.principal.arn) what the launch template needs: ec2:RunInstances on everything in it, iam:PassRole on the role of its instance profile, and ec2:CreateTags where it sets tags. Another Allow for \(facts.group.action) does not help."
            ))
    }
}
