import AccessDenial
import Diagnosis
import IAMPolicy
import Testing
import TrailStore

@Suite struct ScenarioTests {
    /// Rows that belong together.
    struct Table: Sendable, CustomTestStringConvertible {
        var name: String
        var rows: [Scenario]

        init(_ name: String, _ rows: [Scenario]) {
            self.name = name
            self.rows = rows
        }

        var testDescription: String { name }
    }

    static let tables = [
        Table("stated", stated),
        Table("changed", changed),
        Table("innocent", innocent),
        Table("usage-patterns", usagePatterns),
        Table("rest", rest),
        Table("sessions", sessions),
        Table("regions-and-new-roles", regionsAndNewRoles),
        Table("workloads", workloads),
        Table("named-refusals", namedRefusals),
        Table("blame", blame),
        Table("remedies", remedies),
        Table("conditions", conditions),
        Table("principal-lives", principalLives),
        Table("alternations", alternations),
        Table("denies", denies),
        Table("tags", tags),
        Table("advice", advice),
        Table("former-texts", formerTexts),
        Table("record-conditions", recordConditions),
        Table("still-allowed", stillAllowed),
        Table("removed-statements", removedStatements),
        Table("resource-policies", resourcePolicies),
        Table("identity-providers", identityProviders),
        Table("standing-allows", standingAllows),
        Table("permission-sets", permissionSets),
        Table("resource-ends", resourceEnds),
        Table("service-refusals", serviceRefusals),
        Table("resource-forms", resourceForms),
        Table("organization-policies", organizationPolicies),
        Table("lost-undos", lostUndos),
        Table("left-endpoints", leftEndpoints),
        Table("other-logs", otherLogs),
        Table("together", together),
        Table("evaluated", evaluated),
        Table("contradictions", contradictions),
    ]

    static let everyRow = tables.flatMap(\.rows)

    @Test(arguments: everyRow)
    func factsLeadToTheDiagnosis(_ row: Scenario) {
        let diagnosis = row.diagnosis
        let codes = diagnosis.findings.map(\.code)
        #expect(diagnosis.rootCause.code == row.rootCause)
        for code in row.finds { #expect(codes.contains(code), "finds \(code.rawValue)") }
        for code in row.spares { #expect(!codes.contains(code), "spares \(code.rawValue)") }
        if let blames = row.blames {
            #expect(diagnosis.rootCause.evidence.map(\.eventID).filter { $0 != "denial" } == blames)
        }
        // What was evaluated is as good as what follows from the trail.
        if let confidence = row.confidence {
            let found = diagnosis.rootCause.confidence
            #expect(found == confidence || confidence == .inferred && found == .simulated)
        }
        #expect(diagnosis.status == row.status)
        #expect(diagnosis.fixedBy?.eventID == row.fixedBy)
        if let remedy = row.remedy { #expect(diagnosis.remedy.kind == remedy) }
        if let offersPolicy = row.offersPolicy { #expect((diagnosis.remedy.policy != nil) == offersPolicy) }
        let words =
            ([diagnosis.remedy.text.plain] + diagnosis.remedy.commands.lines + [diagnosis.remedy.policy?.text ?? ""])
            .joined(separator: "\n")
        for text in row.says { #expect(words.contains(text), "\(text) in \(words)") }
        for text in row.saysNot { #expect(!words.contains(text), "\(text) in \(words)") }
        let status = diagnosis.statusText.plain
        for text in row.tells { #expect(status.contains(text), "\(text) in \(status)") }
        for text in row.tellsNot { #expect(!status.contains(text), "\(text) in \(status)") }
        let explanation = diagnosis.rootCause.explanation.plain
        for text in row.explains { #expect(explanation.contains(text), "\(text) in \(explanation)") }
        for text in row.explainsNot { #expect(!explanation.contains(text), "\(text) in \(explanation)") }
    }

    /// Whatever the facts: no Allow is offered where it would not help.
    @Test(arguments: everyRow)
    func anAllowIsNeverOfferedInVain(_ row: Scenario) {
        let diagnosis = row.diagnosis
        let reason = row.group.reason
        let isLimit =
            switch reason.policyType {
            case .serviceControl?, .resourceControl?, .permissionsBoundary?, .session?, .vpcEndpoint?: true
            case .identityBased?, .resourceBased?, .roleTrust?, nil: false
            }
        if reason.effect == .explicit || isLimit || reason.category != .authorization {
            #expect(diagnosis.remedy.policy == nil)
        }
        for statement in diagnosis.remedy.policy?.statements ?? [] { #expect(statement.effect == .allow) }
    }

    /// The same, whatever AWS had stated about these facts: every scenario with every reason.
    @Test(arguments: Reason.allReasons)
    func anAllowIsNeverOfferedInVainWhateverAWSStates(_ reason: Reason) {
        for row in Self.everyRow {
            var turned = row
            turned.group.reason = reason
            turned.group.category = reason.category
            let diagnosis = turned.diagnosis
            let isLimit =
                switch reason.policyType {
                case .serviceControl?, .resourceControl?, .permissionsBoundary?, .session?, .vpcEndpoint?: true
                case .identityBased?, .resourceBased?, .roleTrust?, nil: false
                }
            if reason.effect == .explicit || isLimit || reason.category != .authorization
                || diagnosis.rootCause.code == .serviceEnded
            {
                #expect(diagnosis.remedy.policy == nil, "\(row.name) with \(reason.slug)")
            }
            if reason.effect == .explicit || isLimit {
                #expect(diagnosis.rootCause.code != .principalRecreated, "\(row.name) with \(reason.slug)")
                #expect(diagnosis.rootCause.code != .crossAccount, "\(row.name) with \(reason.slug)")
            }
            if diagnosis.remedy.kind == .command {
                #expect(!diagnosis.remedy.commands.isEmpty, "\(row.name) with \(reason.slug)")
            }
        }
    }

    /// The order in which facts come does not matter.
    @Test(arguments: everyRow)
    func theOrderOfFactsDoesNotMatter(_ row: Scenario) {
        var turned = row
        turned.usage.reverse()
        turned.changes.reverse()
        #expect(turned.diagnosis == row.diagnosis)
    }

    @Test func everyReasonHasARootCauseAndARemedy() {
        for reason in Reason.allReasons {
            for action in ["mobiletargeting:SendMessages", "sts:AssumeRole", "iam:PassRole", "odd"] {
                let group = Facts.group(reason, action: action)
                let diagnosis = Scenario(name: "", group: group, rootCause: .missingAllow).diagnosis
                #expect(!diagnosis.findings.isEmpty, "\(reason.slug)")
                #expect(!diagnosis.rootCause.explanation.isEmpty, "\(reason.slug)")
                #expect(!diagnosis.remedy.text.isEmpty, "\(reason.slug)")
                #expect((1...9).contains(diagnosis.rootCause.step))
                if reason.effect == .explicit || reason.category != .authorization {
                    #expect(diagnosis.remedy.policy == nil, "\(reason.slug)")
                }
            }
        }
    }
}

// MARK: - What AWS states

extension ScenarioTests {
    static let stated: [Scenario] = [
        Scenario(
            name: "missing Allow, identity-based", group: Facts.group(.missingAllow(.identityBased)),
            rootCause: .missingAllow, finds: [.neverSucceeded], spares: [.permissionsChanged, .explicitDeny],
            confidence: .stated, remedy: .policy, offersPolicy: true,
            says: ["\"mobiletargeting:SendMessages\"", "\"\(Facts.messages)\""]),
        Scenario(
            name: "missing Allow, no resource named: the operation's own class",
            group: Facts.group(.missingAllow(.identityBased), resource: nil), rootCause: .missingAllow,
            offersPolicy: true, says: ["arn:aws:mobiletargeting:us-east-1:111122223333:apps/*/messages"]),
        Scenario(
            name: "missing Allow on an endpoint: ids that come and go become *",
            group: Facts.group(
                .missingAllow(.identityBased), action: "mobiletargeting:GetEndpoint",
                resource: "\(Facts.app)/endpoints/e-77"),
            // Before endpoints ended.
            reportTime: "2026-10-01T00:00:00Z", rootCause: .missingAllow, says: ["apps/0a1b2c/endpoints/*\""]),
        Scenario(
            name: "missing Allow on a name with a variable in it: taken literally",
            group: Facts.group(
                .missingAllow(.identityBased), action: "s3:GetObject", resource: "arn:aws:s3:::b${aws:username}",
                source: "s3.amazonaws.com"),
            rootCause: .missingAllow, says: ["arn:aws:s3:::b${$}{aws:username}"]),
        Scenario(
            name: "missing Allow, SCP", group: Facts.group(.missingAllow(.serviceControl)), rootCause: .missingAllow,
            remedy: .policy, offersPolicy: false, says: ["at every level", "management account"]),
        Scenario(
            name: "missing Allow, boundary", group: Facts.group(.missingAllow(.permissionsBoundary)),
            rootCause: .missingAllow, offersPolicy: false,
            says: ["permissions boundary of role order-notifier must allow"]),
        Scenario(
            name: "missing Allow, session policy", group: Facts.group(.missingAllow(.session)),
            rootCause: .missingAllow,
            remedy: .setting, offersPolicy: false, says: ["whoever opens the session"]),
        Scenario(
            name: "missing Allow, VPC endpoint policy",
            group: Facts.group(.missingAllow(.vpcEndpoint)) { $0.vpcEndpointIds = [Counted("vpce-0abc", denials: 12)] },
            rootCause: .missingAllow, offersPolicy: false, says: ["vpce-0abc", "describe-vpc-endpoints"]),
        Scenario(
            name: "missing Allow, role trust",
            group: Facts.group(
                .missingAllow(.roleTrust), action: "sts:AssumeRole", resource: "arn:aws:iam::111122223333:role/target",
                source: "sts.amazonaws.com"),
            rootCause: .missingAllow, remedy: .policy, offersPolicy: true,
            says: ["\"AWS\": \"\(Facts.role)\"", "--role-name target"]),
        Scenario(
            name: "missing Allow, resource-based: the owner's policy",
            group: Facts.group(.missingAllow(.resourceBased), action: "sms-voice:SendTextMessage", resource: nil),
            rootCause: .missingAllow, offersPolicy: false, says: ["resource's own policy"]),
        Scenario(
            name: "explicit Deny by a named customer policy",
            group: Facts.group(.explicitDeny(.identityBased), policies: [Facts.policy]), rootCause: .explicitDeny,
            remedy: .policy, offersPolicy: false, says: ["Edit \(Facts.policy)", "get-policy-version"]),
        Scenario(
            name: "explicit Deny by a policy that AWS manages",
            group: Facts.group(
                .explicitDeny(.identityBased), policies: ["arn:aws:iam::aws:policy/AWSDenyAll"]),
            rootCause: .explicitDeny, offersPolicy: false, says: ["detach it"]),
        Scenario(
            name: "explicit Deny by an SCP with ARN",
            group: Facts.group(.explicitDeny(.serviceControl), policies: [Facts.scp]),
            rootCause: .explicitDeny, offersPolicy: false,
            says: ["account 444455556666 manages the organization", "--policy-id p-example1"]),
        Scenario(
            name: "explicit Deny without a type", group: Facts.group(.explicitDeny(nil)), rootCause: .explicitDeny,
            remedy: .policy, offersPolicy: false),
        Scenario(
            name: "service ended, stated",
            group: Facts.group(Facts.slug("service-ended"), action: "mobiletargeting:CreateCampaign", resource: nil),
            rootCause: .serviceEnded, confidence: .stated, remedy: Remedy.Kind.none, offersPolicy: false,
            says: ["No policy can fix this", "Amazon Connect"]),
        Scenario(
            name: "service ended, by operation, day and ForbiddenException",
            group: Facts.group(.unstated, action: "mobiletargeting:GetSegments", resource: nil) {
                $0.errorCodes = [Counted("ForbiddenException", denials: 12)]
            },
            rootCause: .serviceEnded, confidence: .inferred, remedy: Remedy.Kind.none),
        Scenario(
            name: "service ended is only possible under AccessDenied",
            group: Facts.group(.unstated, action: "mobiletargeting:GetSegments", resource: nil),
            rootCause: .serviceEnded, finds: [.reasonUnstated], confidence: .possible),
        Scenario(
            name: "SendMessages did not end", group: Facts.group(.unstated), rootCause: .neverSucceeded,
            spares: [.serviceEnded]),
        Scenario(
            name: "an ended operation refused before the end is a policy matter",
            group: Facts.group(.unstated, action: "mobiletargeting:GetSegments", resource: nil) {
                $0.firstSeen = "2026-10-01T00:00:00Z"
            }, rootCause: .neverSucceeded, spares: [.serviceEnded]),
        Scenario(
            name: "an ended operation with a named policy is a policy matter",
            group: Facts.group(.missingAllow(.identityBased), action: "mobiletargeting:GetSegments", resource: nil),
            rootCause: .missingAllow, spares: [.serviceEnded]),
        Scenario(
            name: "expired credentials", group: Facts.group(Facts.slug("credentials-expired")),
            rootCause: .credentialsExpired, spares: [.missingAllow, .neverSucceeded], remedy: .setting,
            offersPolicy: false),
        Scenario(
            name: "invalid credentials", group: Facts.group(Facts.slug("credentials-invalid")),
            rootCause: .credentialsInvalid, remedy: .setting),
        Scenario(
            name: "invalid credentials after the key was switched off",
            group: Facts.group(Facts.slug("credentials-invalid"), principal: Facts.user),
            changes: [
                Facts.change(
                    "UpdateAccessKey", target: "alice", type: "user",
                    parameters: #"{"userName":"alice","accessKeyId":"AKIAIOSFODNN7EXAMPLE","status":"Inactive"}"#)
            ], rootCause: .credentialsInvalid, blames: ["change"]),
        Scenario(
            name: "a key that was switched on is not to blame",
            group: Facts.group(Facts.slug("credentials-invalid"), principal: Facts.user),
            changes: [
                Facts.change(
                    "UpdateAccessKey", target: "alice", type: "user",
                    parameters: #"{"userName":"alice","accessKeyId":"AKIAIOSFODNN7EXAMPLE","status":"Active"}"#)
            ], rootCause: .credentialsInvalid, blames: []),
        Scenario(
            name: "bad signature", group: Facts.group(Facts.slug("signature-invalid")), rootCause: .signatureInvalid,
            remedy: .setting),
        Scenario(
            name: "wrong clock", group: Facts.group(Facts.slug("clock-skew")), rootCause: .signatureInvalid,
            says: ["clock of the host"]),
        Scenario(
            name: "MFA failed", group: Facts.group(Facts.slug("mfa-failed")), rootCause: .mfaFailed, remedy: .setting),
        Scenario(
            name: "not subscribed", group: Facts.group(Facts.slug("not-subscribed")), rootCause: .notSubscribed,
            remedy: .setting),
        Scenario(
            name: "reputation", group: Facts.group(Facts.slug("insufficient-reputation")), rootCause: .accountState,
            remedy: .setting, says: ["AWS Support"]),
        Scenario(
            name: "Block Public Access",
            group: Facts.group(Facts.slug("block-public-access"), action: "s3:PutBucketPolicy"),
            rootCause: .refusedByService, spares: [.missingAllow, .reasonUnstated], remedy: .setting),
        Scenario(
            name: "the message was cut before the reason",
            group: Facts.group(Facts.slug("message-cut")) { $0.truncatedDenials = 12 }, usage: [Facts.usage()],
            rootCause: .messageTruncated, finds: [.reasonUnstated]),
        Scenario(
            name: "the message was cut behind the reason",
            group: Facts.group(.missingAllow(.identityBased)) { $0.truncatedDenials = 3 }, rootCause: .missingAllow,
            finds: [.messageTruncated], spares: [.reasonUnstated]),
    ]
}

// MARK: - Changes that are to blame

extension ScenarioTests {
    static let changed: [Scenario] = [
        Scenario(
            name: "a managed policy was detached half-way", group: Facts.group(.missingAllow(.identityBased)),
            usage: [Facts.usage()], changes: [Facts.change("DetachRolePolicy", policy: Facts.policy)],
            rootCause: .permissionsChanged, finds: [.missingAllow], spares: [.neverSucceeded], blames: ["change"],
            confidence: .inferred, remedy: .command, offersPolicy: true,
            says: ["aws iam attach-role-policy --role-name order-notifier --policy-arn \(Facts.policy)"]),
        Scenario(
            name: "an inline policy was deleted", group: Facts.group(.missingAllow(.identityBased)),
            usage: [Facts.usage()],
            changes: [Facts.change("DeleteRolePolicy")], rootCause: .permissionsChanged, blames: ["change"]),
        Scenario(
            name: "an inline policy that allowed it was overwritten", group: Facts.group(.missingAllow(.identityBased)),
            usage: [Facts.usage()],
            changes: [
                Facts.put(Facts.allowSend, at: "2026-11-02T00:00:00Z", id: "old"),
                Facts.put(Facts.allowReads, id: "new"),
            ], rootCause: .permissionsChanged, blames: ["new"], confidence: .inferred, says: ["get-role-policy"]),
        Scenario(
            name: "of two overwritings the one that took the Allow is blamed",
            group: Facts.group(.missingAllow(.identityBased)), usage: [Facts.usage()],
            changes: [
                Facts.put(Facts.allowSend, at: "2026-11-02T00:00:00Z", id: "old"),
                Facts.put(Facts.allowReads, at: "2026-11-10T11:52:00Z", id: "taken"),
                Facts.put(Facts.allowReads, at: "2026-11-10T11:56:00Z", id: "again"),
            ], rootCause: .permissionsChanged, blames: ["taken"]),
        Scenario(
            name: "a new default version of an attached policy lacks the Allow",
            group: Facts.group(.missingAllow(.identityBased)), usage: [Facts.usage()],
            changes: [
                Facts.change("AttachRolePolicy", at: "2026-11-01T00:00:00Z", id: "attach", policy: Facts.policy),
                Facts.version(Facts.allowSend, at: "2026-11-01T01:00:00Z", id: "v2"),
                Facts.version(Facts.allowReads, id: "v3", version: "v3"),
            ], rootCause: .permissionsChanged, blames: ["v3"], says: ["list-policy-versions"]),
        Scenario(
            name: "the default version was set back to one that lacks the Allow",
            group: Facts.group(.missingAllow(.identityBased)), usage: [Facts.usage()],
            changes: [
                Facts.change("AttachRolePolicy", at: "2026-11-01T00:00:00Z", id: "attach", policy: Facts.policy),
                Facts.version(Facts.allowReads, at: "2026-11-01T00:30:00Z", id: "v2", version: "v2"),
                Facts.version(Facts.allowSend, at: "2026-11-01T01:00:00Z", id: "v3", version: "v3"),
                Facts.change(
                    "SetDefaultPolicyVersion", id: "back", target: Facts.policy, type: "policy", policy: Facts.policy,
                    parameters: #"{"policyArn":"\#(Facts.policy)","versionId":"v2"}"#),
            ], rootCause: .permissionsChanged, blames: ["back"]),
        Scenario(
            name: "a policy that is detached later was attached before",
            group: Facts.group(.missingAllow(.identityBased)),
            usage: [Facts.usage()],
            changes: [
                Facts.version(Facts.allowReads, id: "v3"),
                Facts.change("DetachRolePolicy", at: "2026-11-11T10:00:00Z", id: "later", policy: Facts.policy),
            ], rootCause: .permissionsChanged, blames: ["v3"]),
        Scenario(
            name: "a policy with a Deny was attached", group: Facts.group(.explicitDeny(.identityBased)),
            usage: [Facts.usage()],
            changes: [
                Facts.version(Facts.denySend, at: "2026-11-01T00:00:00Z", id: "text"),
                Facts.change("AttachRolePolicy", policy: Facts.policy),
            ],
            rootCause: .permissionsChanged, finds: [.explicitDeny], blames: ["change"], offersPolicy: false,
            says: ["detach-role-policy"]),
        Scenario(
            name: "the named policy got a new version",
            group: Facts.group(.explicitDeny(.identityBased), policies: [Facts.policy]),
            usage: [Facts.usage()], changes: [Facts.version(Facts.denySend)], rootCause: .permissionsChanged,
            blames: ["change"], offersPolicy: false),
        Scenario(
            name: "AWS attached its quarantine policy", group: Facts.group(.explicitDeny(.identityBased)),
            usage: [Facts.usage()],
            changes: [
                Facts.change("AttachRolePolicy", policy: "arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3")
            ],
            rootCause: .permissionsChanged, blames: ["change"]),
        Scenario(
            name: "an inline Deny was written", group: Facts.group(.explicitDeny(.identityBased)),
            usage: [Facts.usage()],
            changes: [Facts.put(Facts.denySend)], rootCause: .permissionsChanged, blames: ["change"],
            confidence: .inferred),
        Scenario(
            name: "a user left a group",
            group: Facts.group(.missingAllow(.identityBased), principal: Facts.user), usage: [Facts.usage(Facts.user)],
            changes: [
                Facts.change(
                    "RemoveUserFromGroup", target: "alice", type: "user",
                    parameters: #"{"userName":"alice","groupName":"senders"}"#)
            ], rootCause: .permissionsChanged, blames: ["change"], says: ["add-user-to-group"]),
        Scenario(
            name: "a policy was detached from the user's group",
            group: Facts.group(.missingAllow(.identityBased), principal: Facts.user), usage: [Facts.usage(Facts.user)],
            changes: [
                Facts.change(
                    "AddUserToGroup", at: "2026-11-01T00:00:00Z", id: "join", target: "alice", type: "user",
                    parameters: #"{"userName":"alice","groupName":"senders"}"#),
                Facts.change("DetachGroupPolicy", target: "senders", type: "group", policy: Facts.policy),
            ], rootCause: .permissionsChanged, blames: ["change"]),
        Scenario(
            name: "a boundary was set", group: Facts.group(.missingAllow(.permissionsBoundary)), usage: [Facts.usage()],
            changes: [Facts.change("PutRolePermissionsBoundary", policy: "arn:aws:iam::111122223333:policy/limit")],
            rootCause: .permissionsChanged, blames: ["change"], offersPolicy: false, says: ["Role.PermissionsBoundary"]),
        Scenario(
            name: "the boundary's policy got a new version", group: Facts.group(.missingAllow(.permissionsBoundary)),
            usage: [Facts.usage()],
            changes: [
                Facts.change("PutRolePermissionsBoundary", at: "2026-11-01T00:00:00Z", id: "put", policy: Facts.policy),
                Facts.version(Facts.allowReads, id: "v3"),
            ], rootCause: .permissionsChanged, blames: ["v3"]),
        Scenario(
            name: "the trust policy was rewritten",
            group: Facts.group(
                .unstated, action: "sts:AssumeRole", resource: "arn:aws:iam::111122223333:role/target",
                source: "sts.amazonaws.com"),
            usage: [Facts.usage(Facts.role, "sts:AssumeRole")],
            changes: [Facts.change("UpdateAssumeRolePolicy", target: "target")], rootCause: .permissionsChanged,
            blames: ["change"], says: ["Role.AssumeRolePolicyDocument"]),
        Scenario(
            name: "the named SCP was attached",
            group: Facts.group(.explicitDeny(.serviceControl), policies: [Facts.scp]),
            usage: [Facts.usage()],
            changes: [
                Facts.change(
                    "AttachPolicy", target: "ou-abcd-1", type: "organizational-unit",
                    source: "organizations.amazonaws.com",
                    account: Facts.other, parameters: #"{"policyId":"p-example1","targetId":"ou-abcd-1"}"#)
            ], rootCause: .permissionsChanged, blames: ["change"], offersPolicy: false,
            says: ["describe-policy --policy-id p-example1", "Do not detach it"]),
        Scenario(
            name: "the named SCP was rewritten",
            group: Facts.group(.explicitDeny(.serviceControl), policies: [Facts.scp]),
            usage: [Facts.usage()],
            changes: [
                Facts.change(
                    "UpdatePolicy", target: "p-example1", type: "policy", source: "organizations.amazonaws.com",
                    account: Facts.other,
                    parameters: #"{"policyId":"p-example1","content":\#(Facts.quoted(Facts.denySend))}"#)
            ], rootCause: .permissionsChanged, blames: ["change"]),
        Scenario(
            name: "FullAWSAccess was detached from the account", group: Facts.group(.missingAllow(.serviceControl)),
            usage: [Facts.usage()],
            changes: [
                Facts.change(
                    "DetachPolicy", target: Facts.account, type: "account", source: "organizations.amazonaws.com",
                    account: Facts.other, parameters: #"{"policyId":"p-FullAWSAccess","targetId":"111122223333"}"#)
            ], rootCause: .permissionsChanged, blames: ["change"]),
        Scenario(
            name: "the account was moved", group: Facts.group(.explicitDeny(.serviceControl)), usage: [Facts.usage()],
            changes: [
                Facts.change(
                    "MoveAccount", target: Facts.account, type: "account", source: "organizations.amazonaws.com",
                    account: Facts.other)
            ], rootCause: .permissionsChanged, blames: ["change"]),
        Scenario(
            name: "the VPC endpoint's policy was changed",
            group: Facts.group(.missingAllow(.vpcEndpoint)) { $0.vpcEndpointIds = [Counted("vpce-0abc", denials: 12)] },
            usage: [Facts.usage()],
            changes: [
                Facts.change(
                    "ModifyVpcEndpoint", target: nil, type: "vpc-endpoint", source: "ec2.amazonaws.com",
                    parameters:
                        #"{"ModifyVpcEndpointRequest":{"VpcEndpointId":"vpce-0abc","PolicyDocument":\#(Facts.quoted(Facts.allowReads))}}"#
                )
            ], rootCause: .permissionsChanged, blames: ["change"]),
        Scenario(
            name: "a bucket policy was deleted",
            group: Facts.group(
                .unstated, action: "s3:GetObject", resource: "arn:aws:s3:::imports/a/b.csv", source: "s3.amazonaws.com"),
            usage: [Facts.usage(Facts.role, "s3:GetObject")],
            changes: [
                Facts.change("DeleteBucketPolicy", target: "imports", type: "resource", source: "s3.amazonaws.com")
            ], rootCause: .permissionsChanged, blames: ["change"]),
        Scenario(
            name: "the nearer and more direct of two changes",
            group: Facts.group(.missingAllow(.identityBased)), usage: [Facts.usage()],
            changes: [
                Facts.change("DetachRolePolicy", at: "2026-11-10T11:51:00Z", id: "first", policy: Facts.policy),
                Facts.change("DetachRolePolicy", at: "2026-11-10T11:56:00Z", id: "second", policy: Facts.policy + "2"),
            ], rootCause: .permissionsChanged, blames: ["second", "first"]),
        Scenario(
            name: "the change whose document proves it, before one of which nothing is known",
            group: Facts.group(.missingAllow(.identityBased)), usage: [Facts.usage()],
            changes: [
                Facts.put(Facts.allowSend, at: "2026-11-02T00:00:00Z", id: "old"),
                Facts.change(
                    "DeleteRolePolicy", at: "2026-11-10T11:51:00Z", id: "proven",
                    parameters: #"{"roleName":"order-notifier","policyName":"inline"}"#),
                Facts.change("DetachRolePolicy", at: "2026-11-10T11:56:00Z", id: "unknown", policy: Facts.policy),
            ], rootCause: .permissionsChanged, blames: ["proven"]),
        Scenario(
            name: "the role was made anew", group: Facts.group(.missingAllow(.identityBased)), usage: [Facts.usage()],
            changes: [Facts.change("CreateRole")], rootCause: .principalRecreated, finds: [.missingAllow],
            blames: ["change"],
            offersPolicy: true),
        Scenario(
            name: "detached and given back later: resolved", group: Facts.group(.missingAllow(.identityBased)),
            usage: [Facts.usage(last: "2026-11-11T15:00:00Z")],
            changes: [
                Facts.change("DetachRolePolicy", policy: Facts.policy),
                Facts.change("AttachRolePolicy", at: "2026-11-11T13:00:00Z", id: "fix", policy: Facts.policy),
            ], rootCause: .permissionsChanged, status: .resolved, fixedBy: "fix", remedy: Remedy.Kind.none),
    ]
}

// MARK: - Look-alikes that are innocent

extension ScenarioTests {
    static func spared(
        _ name: String, _ reason: Reason, policies: [String] = [], usage: [Usage] = [Facts.usage()],
        _ changes: PermissionChange..., group: DenialGroup? = nil, rootCause: Finding.Code? = nil
    ) -> Scenario {
        Scenario(
            name: "innocent: \(name)", group: group ?? Facts.group(reason, policies: policies), usage: usage,
            changes: changes, rootCause: rootCause ?? (reason.effect == .explicit ? .explicitDeny : .missingAllow),
            spares: [.permissionsChanged])
    }

    static let identity = Reason.missingAllow(.identityBased)

    static let innocent: [Scenario] = [
        spared(
            "another role's policy", identity, Facts.change("DetachRolePolicy", target: "other", policy: Facts.policy)),
        spared(
            "the like-named role of another account", identity,
            Facts.change("DetachRolePolicy", policy: Facts.policy, account: Facts.other)),
        spared("a like-named user", identity, Facts.change("DetachUserPolicy", type: "user", policy: Facts.policy)),
        spared(
            "a later change", identity,
            Facts.change("DetachRolePolicy", at: "2026-11-10T12:00:01Z", policy: Facts.policy)),
        spared(
            "a change before the last success", identity,
            Facts.change("DetachRolePolicy", at: "2026-11-10T11:40:00Z", policy: Facts.policy)),
        spared(
            "an attached policy cannot take an Allow away", identity,
            Facts.change("AttachRolePolicy", policy: Facts.policy)),
        spared("an inline policy that allows the action", identity, Facts.put(Facts.allowSend)),
        spared(
            "a detached policy that never allowed it", identity,
            Facts.version(Facts.allowS3, at: "2026-11-01T00:00:00Z", id: "v"),
            Facts.change("DetachRolePolicy", policy: Facts.policy)),
        spared(
            "detached and attached again before the denial", identity,
            Facts.change("DetachRolePolicy", at: "2026-11-10T11:52:00Z", id: "a", policy: Facts.policy),
            Facts.change("AttachRolePolicy", at: "2026-11-10T11:53:00Z", id: "b", policy: Facts.policy)),
        spared(
            "deleted and written again before the denial", identity,
            Facts.change(
                "DeleteRolePolicy", at: "2026-11-10T11:52:00Z", id: "a",
                parameters: #"{"roleName":"order-notifier","policyName":"inline"}"#),
            Facts.put(Facts.allowSend, at: "2026-11-10T11:53:00Z", id: "b")),
        spared("a version of a policy that is not attached", identity, Facts.version(Facts.allowReads)),
        spared(
            "a version that did not become the default", identity,
            Facts.change("AttachRolePolicy", at: "2026-11-01T00:00:00Z", id: "attach", policy: Facts.policy),
            Facts.version(Facts.allowReads, isDefault: false)),
        spared(
            "a version of a policy detached long ago", identity,
            Facts.change("AttachRolePolicy", at: "2026-11-01T00:00:00Z", id: "a", policy: Facts.policy),
            Facts.change("DetachRolePolicy", at: "2026-11-02T00:00:00Z", id: "b", policy: Facts.policy),
            Facts.version(Facts.allowReads)),
        spared(
            "a removed boundary", .missingAllow(.permissionsBoundary), Facts.change("DeleteRolePermissionsBoundary")),
        spared(
            "a boundary set is no identity policy", identity,
            Facts.change("PutRolePermissionsBoundary", policy: Facts.policy)),
        spared(
            "a detached policy is no boundary", .missingAllow(.permissionsBoundary),
            Facts.change("DetachRolePolicy", policy: Facts.policy)),
        spared(
            "a detached policy is no SCP", .missingAllow(.serviceControl),
            Facts.change("DetachRolePolicy", policy: Facts.policy)),
        spared(
            "a detached policy makes no Deny", .explicitDeny(.identityBased),
            Facts.change("DetachRolePolicy", policy: Facts.policy)),
        spared(
            "an attached policy that holds no Deny", .explicitDeny(.identityBased),
            Facts.version(Facts.allowSend, at: "2026-11-01T00:00:00Z", id: "v"),
            Facts.change("AttachRolePolicy", policy: Facts.policy)),
        spared(
            "an attached policy of AWS's that allows", .explicitDeny(.identityBased),
            Facts.change("AttachRolePolicy", policy: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")),
        spared(
            "another policy than the one AWS named", .explicitDeny(.identityBased), policies: [Facts.policy],
            Facts.change("AttachRolePolicy", policy: Facts.policy + "-other")),
        spared(
            "an inline policy when AWS named a managed one", .explicitDeny(.identityBased), policies: [Facts.policy],
            Facts.put(Facts.denySend)),
        spared("an inline policy without a Deny", .explicitDeny(.identityBased), Facts.put(Facts.allowS3)),
        spared(
            "another SCP than the one AWS named", .explicitDeny(.serviceControl), policies: [Facts.scp],
            Facts.change(
                "AttachPolicy", target: Facts.account, type: "account", source: "organizations.amazonaws.com",
                parameters: #"{"policyId":"p-other","targetId":"111122223333"}"#)),
        spared(
            "an SCP attached to another account", .explicitDeny(.serviceControl),
            Facts.change(
                "AttachPolicy", target: Facts.other, type: "account", source: "organizations.amazonaws.com",
                parameters: #"{"policyId":"p-other","targetId":"444455556666"}"#)),
        spared(
            "an SCP attached to a unit of which nothing is known", .explicitDeny(.serviceControl),
            Facts.change(
                "AttachPolicy", target: "ou-abcd-1", type: "organizational-unit", source: "organizations.amazonaws.com",
                parameters: #"{"policyId":"p-other","targetId":"ou-abcd-1"}"#)),
        spared(
            "an SCP detached makes no Deny", .explicitDeny(.serviceControl),
            Facts.change(
                "DetachPolicy", target: Facts.account, type: "account", source: "organizations.amazonaws.com",
                parameters: #"{"policyId":"p-other","targetId":"111122223333"}"#)),
        spared(
            "another account was moved", .explicitDeny(.serviceControl),
            Facts.change("MoveAccount", target: Facts.other, type: "account", source: "organizations.amazonaws.com")),
        spared(
            "another VPC endpoint", .missingAllow(.vpcEndpoint),
            Facts.change("ModifyVpcEndpoint", target: "vpce-0other", type: "vpc-endpoint", source: "ec2.amazonaws.com"),
            group: Facts.group(.missingAllow(.vpcEndpoint)) { $0.vpcEndpointIds = [Counted("vpce-0abc", denials: 12)] }),
        spared(
            "another role's trust policy", .unstated, usage: [Facts.usage(Facts.role, "sts:AssumeRole")],
            Facts.change("UpdateAssumeRolePolicy", target: "another"),
            group: Facts.group(
                .unstated, action: "sts:AssumeRole", resource: "arn:aws:iam::111122223333:role/target",
                source: "sts.amazonaws.com"), rootCause: .reasonUnstated),
        spared(
            "the caller's own trust policy", .unstated, usage: [Facts.usage(Facts.role, "sts:AssumeRole")],
            Facts.change("UpdateAssumeRolePolicy"),
            group: Facts.group(
                .unstated, action: "sts:AssumeRole", resource: "arn:aws:iam::111122223333:role/target",
                source: "sts.amazonaws.com"), rootCause: .reasonUnstated),
        spared(
            "another bucket's policy", .unstated, usage: [Facts.usage(Facts.role, "s3:GetObject")],
            Facts.change("DeleteBucketPolicy", target: "import", type: "resource", source: "s3.amazonaws.com"),
            group: Facts.group(
                .unstated, action: "s3:GetObject", resource: "arn:aws:s3:::imports/a/b.csv", source: "s3.amazonaws.com"),
            rootCause: .reasonUnstated),
        spared(
            "a group the user is not in", identity,
            Facts.change("DetachGroupPolicy", target: "senders", type: "group", policy: Facts.policy),
            group: Facts.group(identity, principal: Facts.user)),
        spared(
            "a group the user left before", identity, usage: [Facts.usage(Facts.user)],
            Facts.change(
                "RemoveUserFromGroup", at: "2026-11-05T00:00:00Z", id: "leave", target: "alice", type: "user",
                parameters: #"{"userName":"alice","groupName":"senders"}"#),
            Facts.change("DetachGroupPolicy", target: "senders", type: "group", policy: Facts.policy),
            group: Facts.group(identity, principal: Facts.user)),
        spared(
            "a deleted access key is no policy", identity,
            Facts.change("DeleteAccessKey", target: "alice", type: "user"),
            group: Facts.group(identity, principal: Facts.user)),
        spared(
            "a policy that was only created", identity,
            Facts.change("CreatePolicy", target: Facts.policy, type: "policy", policy: Facts.policy)),
        spared(
            "an authentication failure has no policy cause", Facts.slug("credentials-expired"),
            Facts.change("DetachRolePolicy", policy: Facts.policy), rootCause: .credentialsExpired),
        Scenario(
            name: "innocent: a policy of AWS's about another service",
            group: Facts.group(identity),
            usage: [Facts.usage()],
            changes: [Facts.change("DetachRolePolicy", policy: "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess")],
            rootCause: .missingAllow, spares: [.permissionsChanged]),
        Scenario(
            name: "innocent enough: without a success, a change days before is only possible",
            group: Facts.group(identity),
            changes: [Facts.change("DetachRolePolicy", at: "2026-11-05T00:00:00Z", policy: Facts.policy)],
            rootCause: .missingAllow, finds: [.permissionsChanged]),
        Scenario(
            name: "innocent enough: tags are only possible", group: Facts.group(identity), usage: [Facts.usage()],
            changes: [Facts.change("UntagRole")], rootCause: .missingAllow, finds: [.permissionsChanged]),
        Scenario(
            name: "innocent: a role created before its last success", group: Facts.group(identity),
            usage: [Facts.usage()],
            changes: [Facts.change("CreateRole", at: "2026-11-02T00:00:00Z")], rootCause: .missingAllow,
            spares: [.principalRecreated, .permissionsChanged]),
        spared(
            "the first policy of a principal that never succeeded took nothing away", identity, usage: [],
            Facts.put(Facts.allowReads)),
        Scenario(
            name: "innocent enough: a policy about reads, written after successes, of which no earlier text is known",
            group: Facts.group(identity), usage: [Facts.usage()], changes: [Facts.put(Facts.allowReads)],
            rootCause: .missingAllow, finds: [.permissionsChanged]),
        Scenario(
            name: "innocent: a role created for the first time", group: Facts.group(identity),
            changes: [Facts.change("CreateRole")], rootCause: .missingAllow, spares: [.principalRecreated]),
    ]
}

// MARK: - Usage

extension ScenarioTests {
    static let usagePatterns: [Scenario] = [
        Scenario(
            name: "reads work, the write does not", group: Facts.group(identity),
            usage: [Facts.usage(Facts.role, "mobiletargeting:GetApp", readOnly: true)],
            rootCause: .readWorksWriteDenied,
            finds: [.missingAllow, .neverSucceeded], remedy: .policy, offersPolicy: true),
        Scenario(
            name: "reads go on while the write stopped", group: Facts.group(identity),
            usage: [
                Facts.usage(Facts.role, "mobiletargeting:GetApp", last: "2026-11-11T00:00:00Z", readOnly: true),
                Facts.usage(),
            ], rootCause: .missingAllow, finds: [.readWorksWriteDenied]),
        Scenario(
            name: "reads work and the write meets a Deny", group: Facts.group(.explicitDeny(.identityBased)),
            usage: [Facts.usage(Facts.role, "mobiletargeting:GetApp", readOnly: true)], rootCause: .explicitDeny,
            finds: [.readWorksWriteDenied]),
        Scenario(
            name: "another write works: it is not that writes are refused", group: Facts.group(identity),
            usage: [
                Facts.usage(Facts.role, "mobiletargeting:GetApp", readOnly: true),
                Facts.usage(Facts.role, "mobiletargeting:CreateApp"),
            ], rootCause: .missingAllow, spares: [.readWorksWriteDenied]),
        Scenario(
            name: "reads of another service tell nothing", group: Facts.group(identity),
            usage: [Facts.usage(Facts.role, "s3:GetObject", readOnly: true)], rootCause: .missingAllow,
            spares: [.readWorksWriteDenied]),
        Scenario(
            name: "a read that is refused is no write", group: Facts.group(identity, action: "mobiletargeting:GetApps"),
            usage: [Facts.usage(Facts.role, "mobiletargeting:GetApp", readOnly: true)], rootCause: .missingAllow,
            spares: [.readWorksWriteDenied]),
        Scenario(
            name: "it works in another Region", group: Facts.group(identity, region: "eu-west-1"),
            usage: [Facts.usage()],
            rootCause: .regionMismatch, finds: [.missingAllow], spares: [.neverSucceeded], remedy: .setting,
            offersPolicy: false, says: ["us-east-1"]),
        Scenario(
            name: "it worked in this Region too", group: Facts.group(identity),
            usage: [Facts.usage(), Facts.usage(region: "eu-west-1")], rootCause: .missingAllow,
            spares: [.regionMismatch]),
        Scenario(
            name: "another account's Region is no mismatch", group: Facts.group(identity, region: "eu-west-1"),
            usage: [Facts.usage(account: Facts.other)], rootCause: .missingAllow, spares: [.regionMismatch]),
        Scenario(
            name: "IAM is in one Region only",
            group: Facts.group(identity, action: "iam:GetRole", region: "us-east-1", source: "iam.amazonaws.com"),
            usage: [Facts.usage(Facts.role, "iam:GetRole", region: "us-gov-west-1")], rootCause: .missingAllow,
            spares: [.regionMismatch]),
        Scenario(
            name: "a Deny by SCP outranks the Region",
            group: Facts.group(.explicitDeny(.serviceControl), region: "eu-west-1"),
            usage: [Facts.usage()], rootCause: .explicitDeny, finds: [.regionMismatch]),
        Scenario(
            name: "the like-named role of another account succeeds", group: Facts.group(identity),
            usage: [
                Facts.usage("arn:aws:iam::444455556666:role/order-notifier", account: Facts.other)
            ], rootCause: .environmentDifference, finds: [.missingAllow], offersPolicy: true),
        Scenario(
            name: "the role of another stage succeeds",
            group: Facts.group(identity, principal: "arn:aws:iam::111122223333:role/order-notifier-prod"),
            usage: [Facts.usage("arn:aws:iam::111122223333:role/staging-order-notifier")],
            rootCause: .environmentDifference),
        Scenario(
            name: "another role is not like-named", group: Facts.group(identity),
            usage: [Facts.usage("arn:aws:iam::444455556666:role/order-sender", account: Facts.other)],
            rootCause: .missingAllow, spares: [.environmentDifference]),
        Scenario(
            name: "names of nothing but stages are not alike",
            group: Facts.group(identity, principal: "arn:aws:iam::111122223333:role/prod"),
            usage: [Facts.usage("arn:aws:iam::111122223333:role/dev")], rootCause: .missingAllow,
            spares: [.environmentDifference]),
        Scenario(
            name: "resolved without a known change", group: Facts.group(identity),
            usage: [Facts.usage(first: "2026-11-11T13:00:00Z", last: "2026-11-11T14:00:00Z")], rootCause: .missingAllow,
            spares: [.neverSucceeded], status: .resolved, remedy: Remedy.Kind.none, offersPolicy: false),
        Scenario(
            name: "a success in the very second of the last denial is none after it", group: Facts.group(identity),
            usage: [Facts.usage(last: Facts.lastSeen)], rootCause: .missingAllow, status: .intermittent),
        Scenario(
            name: "successes in between", group: Facts.group(identity),
            usage: [Facts.usage(last: "2026-11-11T00:00:00Z")],
            rootCause: .missingAllow, status: .intermittent),
        Scenario(
            name: "counted successes in between, and one after",
            group: Facts.group(identity) { $0.successesWithin = 3 }, usage: [Facts.usage(last: "2026-11-11T14:00:00Z")],
            rootCause: .missingAllow, status: .intermittent),
        Scenario(
            name: "a success elsewhere resolves nothing", group: Facts.group(identity, region: "eu-west-1"),
            usage: [Facts.usage(last: "2026-11-11T14:00:00Z")], rootCause: .regionMismatch, status: .ongoing),
    ]
}

// MARK: - The rest

extension ScenarioTests {
    static let rest: [Scenario] = [
        Scenario(
            name: "the policy says pinpoint:", group: Facts.group(identity),
            changes: [Facts.put(Facts.statement("Allow", "pinpoint:Send*", "*"), at: "2026-11-01T00:00:00Z")],
            rootCause: .wrongIAMPrefix, finds: [.missingAllow], blames: ["change"], remedy: .policy, offersPolicy: true),
        Scenario(
            name: "the resource says arn:aws:pinpoint:", group: Facts.group(identity),
            changes: [
                Facts.put(
                    Facts.statement("Allow", Facts.send, "arn:aws:pinpoint:us-east-1:111122223333:apps/0a1b2c"),
                    at: "2026-11-01T00:00:00Z")
            ], rootCause: .wrongIAMPrefix, spares: [.resourceTooNarrow]),
        Scenario(
            name: "a pinpoint: statement about another action is beside the point", group: Facts.group(identity),
            changes: [Facts.put(Facts.statement("Allow", "pinpoint:Get*", "*"), at: "2026-11-01T00:00:00Z")],
            rootCause: .missingAllow, spares: [.wrongIAMPrefix]),
        Scenario(
            name: "a pinpoint: policy of another role is beside the point", group: Facts.group(identity),
            changes: [
                Facts.put(Facts.statement("Allow", "pinpoint:*", "*"), at: "2026-11-01T00:00:00Z", owner: "another")
            ], rootCause: .missingAllow, spares: [.wrongIAMPrefix]),
        Scenario(
            name: "a pinpoint: policy that was deleted is beside the point", group: Facts.group(identity),
            changes: [
                Facts.put(Facts.statement("Allow", "pinpoint:*", "*"), at: "2026-11-01T00:00:00Z", id: "put"),
                Facts.change(
                    "DeleteRolePolicy", at: "2026-11-02T00:00:00Z", id: "delete",
                    parameters: #"{"roleName":"order-notifier","policyName":"inline"}"#),
            ], rootCause: .missingAllow, spares: [.wrongIAMPrefix, .permissionsChanged]),
        Scenario(
            name: "apps/ID without /messages", group: Facts.group(identity),
            changes: [Facts.put(Facts.statement("Allow", Facts.send, Facts.app), at: "2026-11-01T00:00:00Z")],
            rootCause: .resourceTooNarrow, blames: ["change"], remedy: .policy, offersPolicy: true,
            says: [Facts.messages]),
        Scenario(
            name: "apps/ID in an attached policy",
            group: Facts.group(identity),
            changes: [
                Facts.change("AttachRolePolicy", at: "2026-11-01T00:00:00Z", id: "attach", policy: Facts.policy),
                Facts.version(
                    Facts.statement("Allow", "mobiletargeting:*", Facts.app), at: "2026-11-01T00:00:00Z", id: "v2"),
            ], rootCause: .resourceTooNarrow, blames: ["v2"]),
        Scenario(
            name: "a policy that covers the resource is not too narrow", group: Facts.group(identity),
            changes: [Facts.put(Facts.statement("Allow", Facts.send, "\(Facts.app)/*"), at: "2026-11-01T00:00:00Z")],
            rootCause: .missingAllow, spares: [.resourceTooNarrow]),
        Scenario(
            name: "a resource with a variable cannot be judged", group: Facts.group(identity),
            changes: [
                Facts.put(
                    Facts.statement("Allow", Facts.send, "arn:aws:mobiletargeting:*:*:apps/${aws:PrincipalTag/app}/*"),
                    at: "2026-11-01T00:00:00Z")
            ], rootCause: .missingAllow, spares: [.resourceTooNarrow]),
        Scenario(
            name: "an explicit Deny has nothing to do with narrow resources",
            group: Facts.group(.explicitDeny(.identityBased)),
            changes: [Facts.put(Facts.statement("Allow", Facts.send, Facts.app), at: "2026-11-01T00:00:00Z")],
            rootCause: .explicitDeny, spares: [.resourceTooNarrow]),
        Scenario(
            name: "iam:PassRole behind CreateImportJob",
            group: Facts.group(
                identity, action: "iam:PassRole", resource: "arn:aws:iam::111122223333:role/pinpoint-import"),
            rootCause: .passRoleMissing, finds: [.missingAllow], remedy: .policy, offersPolicy: true,
            says: ["iam:PassedToService", "pinpoint.amazonaws.com", "arn:aws:iam::111122223333:role/pinpoint-import"]),
        Scenario(
            name: "iam:PassRole refused by an explicit Deny",
            group: Facts.group(
                .explicitDeny(.identityBased), action: "iam:PassRole", resource: "arn:aws:iam::111122223333:role/x"),
            rootCause: .explicitDeny, spares: [.passRoleMissing], offersPolicy: false),
        Scenario(
            name: "AssumeRole into another account",
            group: Facts.group(
                .unstated, action: "sts:AssumeRole", resource: "arn:aws:iam::444455556666:role/target",
                source: "sts.amazonaws.com"),
            rootCause: .crossAccount, finds: [.reasonUnstated, .neverSucceeded], remedy: .policy, offersPolicy: true,
            says: ["account 444455556666", "trust policy"]),
        Scenario(
            name: "AssumeRole within the account: the side is unknown",
            group: Facts.group(
                .unstated, action: "sts:AssumeRole", resource: "arn:aws:iam::111122223333:role/target",
                source: "sts.amazonaws.com"),
            usage: [Facts.usage(Facts.role, "sts:AssumeRole")], rootCause: .reasonUnstated, spares: [.crossAccount],
            remedy: .command, says: ["both sides"]),
        Scenario(
            name: "a Pinpoint project of another account",
            group: Facts.group(
                identity, resource: "arn:aws:mobiletargeting:us-east-1:444455556666:apps/0a1b2c/messages"),
            rootCause: .missingAllow, finds: [.crossAccount], offersPolicy: false,
            says: ["assume a role in account 444455556666"]),
        Scenario(
            name: "a resource of AWS's own has no account",
            group: Facts.group(
                identity, action: "ssm:GetParameter", resource: "arn:aws:ssm:us-east-1::parameter/aws/x"),
            rootCause: .missingAllow, spares: [.crossAccount]),
        Scenario(
            name: "a Cognito guest and the successor of Pinpoint",
            group: Facts.group(
                .missingAllow(.session), principal: "arn:aws:iam::111122223333:role/app_unauth",
                action: "sms-voice:SendTextMessage", resource: nil, source: "sms-voice.amazonaws.com"),
            rootCause: .cognitoGuestSessionPolicy, remedy: .setting, offersPolicy: false, says: ["classic"]),
        Scenario(
            name: "a Cognito guest and Pinpoint itself: AWS's policy allows it",
            group: Facts.group(.missingAllow(.session), principal: "arn:aws:iam::111122223333:role/app_unauth"),
            rootCause: .missingAllow, spares: [.cognitoGuestSessionPolicy]),
        Scenario(
            name: "a session policy of somebody's own",
            group: Facts.group(.missingAllow(.session), action: "sms-voice:SendTextMessage"), rootCause: .missingAllow,
            spares: [.cognitoGuestSessionPolicy]),
        Scenario(
            name: "a Cognito guest and any other service",
            group: Facts.group(
                .missingAllow(.session), principal: "arn:aws:iam::111122223333:role/app_unauth",
                action: "ssm:GetParameter", resource: nil, source: "ssm.amazonaws.com"),
            rootCause: .cognitoGuestSessionPolicy, remedy: .setting, offersPolicy: false,
            says: ["classic", "authenticated"], explains: ["enhanced flow"]),
        Scenario(
            name: "through API Gateway",
            group: Facts.group(identity) { $0.invokedBy = [Counted("apigateway.amazonaws.com", denials: 12)] },
            rootCause: .missingAllow, finds: [.viaAPIGateway], spares: [.viaAWSService]),
        Scenario(
            name: "through another service",
            group: Facts.group(identity) { $0.invokedBy = [Counted("cloudformation.amazonaws.com", denials: 12)] },
            rootCause: .missingAllow, finds: [.viaAWSService], spares: [.viaAPIGateway]),
        Scenario(
            name: "successes had MFA",
            group: Facts.group(identity) {
                $0.mfaAuthenticated = [Counted("false", denials: 12)]
                var context = SuccessContext()
                context.mfaAuthenticated = [Counted("true", denials: 90)]
                $0.successContext = context
            }, usage: [Facts.usage()], rootCause: .mfaAbsent, finds: [.missingAllow], remedy: .setting),
        Scenario(
            name: "some successes had no MFA",
            group: Facts.group(identity) {
                $0.mfaAuthenticated = [Counted("false", denials: 12)]
                var context = SuccessContext()
                context.mfaAuthenticated = [Counted("true", denials: 90), Counted("false", denials: 1)]
                $0.successContext = context
            }, usage: [Facts.usage()], rootCause: .missingAllow, spares: [.mfaAbsent]),
        Scenario(
            name: "successes came through an endpoint",
            group: Facts.group(.explicitDeny(.identityBased)) {
                var context = SuccessContext()
                context.vpcEndpointIds = [Counted("vpce-0abc", denials: 90)]
                $0.successContext = context
            }, usage: [Facts.usage()], rootCause: .networkPathChanged, finds: [.explicitDeny], offersPolicy: false),
        Scenario(
            name: "a Deny, and successes from another address",
            group: Facts.group(.explicitDeny(.identityBased)) {
                $0.sourceIPAddresses = [Counted("198.51.100.201", denials: 12)]
                var context = SuccessContext()
                context.sourceIPAddresses = [Counted("203.0.113.10", denials: 90)]
                $0.successContext = context
            }, usage: [Facts.usage()], rootCause: .networkPathChanged, confidence: .inferred),
        Scenario(
            name: "a missing Allow, and addresses that change by themselves",
            group: Facts.group(identity) {
                $0.sourceIPAddresses = [Counted("198.51.100.201", denials: 12)]
                var context = SuccessContext()
                context.sourceIPAddresses = [Counted("203.0.113.10", denials: 90)]
                $0.successContext = context
            }, usage: [Facts.usage()], rootCause: .missingAllow, finds: [.networkPathChanged]),
        Scenario(
            name: "a Deny, and successes from another major version",
            group: Facts.group(.explicitDeny(.identityBased)) {
                $0.userAgents = [Counted("aws-sdk-java/2.35.11 md/io#sync", denials: 12)]
                var context = SuccessContext()
                context.userAgents = [Counted("aws-sdk-java/1.12.788 Linux", denials: 90)]
                $0.successContext = context
            }, usage: [Facts.usage()], rootCause: .explicitDeny, finds: [.clientChanged]),
        Scenario(
            name: "a Deny, and successes from another patch level",
            group: Facts.group(.explicitDeny(.identityBased)) {
                $0.userAgents = [Counted("aws-sdk-java/2.35.11 md/io#sync", denials: 12)]
                var context = SuccessContext()
                context.userAgents = [Counted("aws-sdk-java/2.35.10 md/io#sync", denials: 90)]
                $0.successContext = context
            }, usage: [Facts.usage()], rootCause: .explicitDeny),
        Scenario(
            name: "a stranger refused by an endpoint's policy lost nothing",
            group: Facts.group(
                Facts.slug("denied:vpc-endpoint"), principal: "AWSAccount:210987654321:AROAEXAMPLE",
                action: "kms:Decrypt"
            ) { $0.vpcEndpointIds = [Counted("vpce-0abc", denials: 12)] },
            changes: [
                Facts.change(
                    "ModifyVpcEndpoint", target: "vpce-0abc", type: "vpc-endpoint", source: "ec2.amazonaws.com")
            ], rootCause: .refusedByService, spares: [.permissionsChanged]),
        Scenario(
            name: "the same endpoint is no change",
            group: Facts.group(identity) {
                $0.vpcEndpointIds = [Counted("vpce-0abc", denials: 12)]
                var context = SuccessContext()
                context.vpcEndpointIds = [Counted("vpce-0abc", denials: 90)]
                $0.successContext = context
            }, usage: [Facts.usage()], rootCause: .missingAllow, spares: [.networkPathChanged]),
        Scenario(
            name: "another id under the same ARN",
            group: Facts.group(identity) {
                $0.principalIds = [Counted("AROAEXAMPLENEW", denials: 12)]
                var context = SuccessContext()
                context.principalIds = [Counted("AROAEXAMPLEOLD", denials: 90)]
                $0.successContext = context
            }, usage: [Facts.usage()], rootCause: .principalRecreated),
        Scenario(
            name: "a context that was cut proves nothing",
            group: Facts.group(identity) {
                $0.mfaAuthenticated = [Counted("false", denials: 12)]
                var context = SuccessContext()
                context.mfaAuthenticated = [Counted("true", denials: 90)]
                context.isComplete = false
                $0.successContext = context
            }, usage: [Facts.usage()], rootCause: .missingAllow, spares: [.mfaAbsent]),
    ]
}
