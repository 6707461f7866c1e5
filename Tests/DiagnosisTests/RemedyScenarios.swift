import AccessDenial
import Diagnosis
import IAMPolicy
import TrailStore

/// What remedies say, and what they must never say.
extension ScenarioTests {
    private static let setRole =
        "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Dev_0123456789abcdef"
    private static let setRoleName = "AWSReservedSSO_Dev_0123456789abcdef"
    private static let linkedRole =
        "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"
    private static let administrator = "arn:aws:iam::aws:policy/AdministratorAccess"
    private static let ownCommands = ["aws iam attach-role-policy", "aws iam detach-role-policy"]

    private static func ofIdentityCenter(_ change: PermissionChange) -> PermissionChange {
        var change = change
        change.actor =
            "arn:aws:iam::111122223333:role/aws-service-role/sso.amazonaws.com/AWSServiceRoleForSSO"
        return change
    }

    private static func setCall(_ event: String, policy: String? = nil, at time: String, id: String = "call")
        -> PermissionChange
    {
        let managed = policy.map { #","managedPolicyArn":"\#($0)""# } ?? ""
        return Facts.change(
            event, at: time, id: id, target: "arn:aws:sso:::permissionSet/ssoins-1/ps-1", type: "permission-set",
            source: "sso.amazonaws.com", account: Facts.other,
            parameters:
                #"{"instanceArn":"arn:aws:sso:::instance/ssoins-1","permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-1/ps-1"\#(managed)}"#
        )
    }

    private static let protectedRoles: [Scenario] = [
        Scenario(
            name: "a policy was detached from a permission set: the set is edited, not the role",
            group: Facts.group(identity, principal: setRole), usage: [Facts.usage(setRole)],
            changes: [
                setCall("DetachManagedPolicyFromPermissionSet", policy: administrator, at: "2026-11-10T11:53:00Z"),
                setCall("ProvisionPermissionSet", at: "2026-11-10T11:54:00Z", id: "provision"),
                ofIdentityCenter(Facts.change("DetachRolePolicy", target: setRoleName, policy: administrator)),
            ], rootCause: .permissionsChanged, blames: ["call", "change"],
            says: [
                "aws sso-admin attach-managed-policy-to-permission-set --instance-arn arn:aws:sso:::instance/ssoins-1 --permission-set-arn arn:aws:sso:::permissionSet/ssoins-1/ps-1 --managed-policy-arn \(administrator) --region us-east-1",
                "aws sso-admin provision-permission-set", "permission set Dev",
            ], saysNot: ownCommands),
        Scenario(
            name: "a policy was detached from a permission set, by a call that is not known",
            group: Facts.group(identity, principal: setRole), usage: [Facts.usage(setRole)],
            changes: [
                setCall("PutInlinePolicyToPermissionSet", at: "2026-11-10T11:54:00Z"),
                ofIdentityCenter(Facts.change("DetachRolePolicy", target: setRoleName, policy: administrator)),
            ], rootCause: .permissionsChanged, blames: ["change"],
            says: ["aws sso-admin attach-managed-policy-to-permission-set", "aws sso-admin provision-permission-set"],
            saysNot: ownCommands),
        Scenario(
            name: "a permission set lacks an Allow",
            group: Facts.group(identity, principal: setRole), rootCause: .missingAllow, remedy: .policy,
            offersPolicy: true,
            says: [
                "Allow it in a policy of permission set Dev", "aws sso-admin put-inline-policy-to-permission-set",
                "aws sso-admin provision-permission-set",
            ], saysNot: ownCommands + ["policy of role AWSReservedSSO"]),
        Scenario(
            name: "a permission set's boundary",
            group: Facts.group(.missingAllow(.permissionsBoundary), principal: setRole), rootCause: .missingAllow,
            offersPolicy: false, says: ["aws sso-admin put-permissions-boundary-to-permission-set"]),
        Scenario(
            name: "a Deny of an AWS policy in a permission set",
            group: Facts.group(
                .explicitDeny(.identityBased), principal: setRole, policies: ["arn:aws:iam::aws:policy/AWSDenyAll"]),
            rootCause: .explicitDeny, offersPolicy: false,
            says: ["aws sso-admin detach-managed-policy-from-permission-set"]),
        Scenario(
            name: "an SCP is not lifted by a permission set",
            group: Facts.group(.explicitDeny(.serviceControl), principal: setRole), rootCause: .explicitDeny,
            saysNot: ["sso-admin"]),
        Scenario(
            name: "a service-linked role is the service's own",
            group: Facts.group(identity, principal: linkedRole), rootCause: .missingAllow, remedy: .setting,
            offersPolicy: false, says: ["linked to an AWS service"], saysNot: ownCommands + ["Allow it in a policy"]),
    ]

    private static func keys(_ count: Int) -> [Counted<String>] {
        (1...count).map { Counted("arn:aws:s3:::imports/2026/part-\($0).csv", denials: 1) }
    }

    private static func roles(_ count: Int) -> [Counted<String>] {
        (1...count).map { Counted("arn:aws:iam::111122223333:role/app/r\($0)", denials: 1) }
    }

    private static func named(_ action: String, _ resources: [Counted<String>], source: String) -> DenialGroup {
        Facts.group(identity, action: action, source: source) { $0.resources = resources }
    }

    private static let leastPrivilege: [Scenario] = [
        Scenario(
            name: "six roles to pass are named one by one",
            group: named("iam:PassRole", roles(6), source: "lambda.amazonaws.com"), rootCause: .passRoleMissing,
            says: ["role/app/r1", "role/app/r6"], saysNot: ["role/app/*", "wider"]),
        Scenario(
            name: "thirty roles are not, and the remedy says so",
            group: named("iam:PassRole", roles(30), source: "lambda.amazonaws.com"), rootCause: .passRoleMissing,
            says: ["role/app/*", "broader than what was refused"], saysNot: ["role/app/r1"]),
        Scenario(
            name: "one key of a bucket does not open the bucket",
            group: named("s3:GetObject", keys(1), source: "s3.amazonaws.com"), rootCause: .missingAllow,
            says: ["imports/2026/part-1.csv"], saysNot: ["imports/*", "wider"]),
        Scenario(
            name: "thirty keys do, and the remedy says so",
            group: named("s3:GetObject", keys(30), source: "s3.amazonaws.com"), rootCause: .missingAllow,
            says: ["arn:aws:s3:::imports/*", "broader than what was refused"]),
        Scenario(
            name: "leaving the organization is not to be allowed lightly",
            group: named(
                "organizations:LeaveOrganization", [Counted("*", denials: 12)], source: "organizations.amazonaws.com"),
            rootCause: .missingAllow,
            says: [
                "removes the account from its organization and with it every service and resource control policy: leave this refused unless the organization's owners want the account to leave"
            ]),
        Scenario(
            name: "moving accounts is for those who manage the organization",
            group: named(
                "organizations:MoveAccount", [Counted("*", denials: 12)], source: "organizations.amazonaws.com"),
            rootCause: .missingAllow,
            says: [
                "so check with the organization's owners first. It works only in the management account (or a delegated administrator)"
            ]),
        Scenario(
            name: "reading the organization needs no warning",
            group: named(
                "organizations:ListAccounts", [Counted("*", denials: 12)], source: "organizations.amazonaws.com"),
            rootCause: .missingAllow,
            saysNot: [
                "so check with the organization's owners first. It works only in the management account (or a delegated administrator)"
            ]),
        Scenario(
            name: "a key's policy is not to be allowed lightly",
            group: named(
                "kms:PutKeyPolicy", [Counted("arn:aws:kms:us-east-1:111122223333:key/k-1", denials: 12)],
                source: "kms.amazonaws.com"),
            rootCause: .missingAllow,
            says: ["can grant themselves and others use of the key, so check with the key's owners first"]),
        Scenario(
            name: "an instance alone does not start",
            group: named(
                "ec2:RunInstances", [Counted("arn:aws:ec2:us-east-1:111122223333:instance/*", denials: 12)],
                source: "ec2.amazonaws.com"),
            rootCause: .missingAllow, says: ["several kinds of resources", "subnet"]),
    ]

    private static func withMFA(_ principal: String, successes: Int) -> DenialGroup {
        Facts.group(identity, principal: principal) {
            $0.mfaAuthenticated = [Counted("false", denials: 12)]
            var context = SuccessContext()
            context.mfaAuthenticated = [Counted("true", denials: successes)]
            $0.successContext = context
        }
    }

    private static let secondFactors: [Scenario] = [
        Scenario(
            name: "a role is assumed with MFA",
            group: withMFA(Facts.role, successes: 90), usage: [Facts.usage()], rootCause: .mfaAbsent,
            says: ["aws sts assume-role --role-arn …", "--token-code"], saysNot: ["get-session-token"]),
        Scenario(
            name: "nobody assumes the role of a permission set by hand",
            group: withMFA(setRole, successes: 90), usage: [Facts.usage(setRole)], rootCause: .mfaAbsent,
            says: ["IAM Identity Center"], saysNot: ["aws sts"]),
        Scenario(
            name: "a user gets a session with MFA",
            group: withMFA(Facts.user, successes: 90), usage: [Facts.usage(Facts.user)], rootCause: .mfaAbsent,
            says: ["aws sts get-session-token"]),
        Scenario(
            name: "one success with MFA is chance",
            group: withMFA(Facts.role, successes: 1), usage: [Facts.usage()], rootCause: .missingAllow,
            finds: [.mfaAbsent]),
    ]

    private static func opened(_ reason: Reason, policy: String?, arns: [String] = []) -> DenialGroup {
        var issue = SessionIssue(eventID: "opening", issuedAt: "2026-11-10T10:30:00Z", eventName: "AssumeRole")
        issue.issuedTo = "arn:aws:iam::111122223333:role/broker"
        issue.policy = policy
        issue.policyARNs = arns
        return Facts.group(reason) {
            $0.sessions = [
                DenialSession(
                    arn: "arn:aws:sts::111122223333:assumed-role/order-notifier/acme", denials: 12,
                    firstDenial: Facts.firstSeen, lastDenial: Facts.lastSeen, issue: issue)
            ]
        }
    }

    private static let sessionLimits: [Scenario] = [
        Scenario(
            name: "an Allow of the role cannot help a session that was opened for something else",
            group: opened(identity, policy: Facts.allowS3), rootCause: .missingAllow,
            says: ["That alone won't help", "role broker opened the session with a session policy", "s3:*"]),
        Scenario(
            name: "nor does the right spelling help such a session",
            group: opened(identity, policy: Facts.allowS3),
            changes: [
                Facts.put(
                    Facts.statement("Allow", "pinpoint:SendMessages", "*"), at: "2026-11-05T00:00:00Z", id: "wrong")
            ], rootCause: .wrongIAMPrefix, says: ["That alone won't help", "role broker opened the session"]),
        Scenario(
            name: "a session policy that allows the call does not stand in the way",
            group: opened(identity, policy: Facts.allowSend), rootCause: .missingAllow,
            saysNot: ["That alone won't help"]),
        Scenario(
            name: "a session policy of which the text is not known says nothing",
            group: opened(identity, policy: Facts.allowS3, arns: [Facts.policy]), rootCause: .missingAllow,
            saysNot: ["That alone won't help"]),
        Scenario(
            name: "the session policy that AWS named is told",
            group: opened(.missingAllow(.session), policy: Facts.allowS3), rootCause: .missingAllow,
            offersPolicy: false, says: ["Role broker passed the one that allows s3:*"]),
    ]

    private static func deny(_ condition: String, owner: String = "order-notifier", event: String = "PutRolePolicy")
        -> PermissionChange
    {
        Facts.put(
            #"{"Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Condition":{\#(condition)}}]}"#,
            name: "AWSRevokeOlderSessions", event: event, owner: owner)
    }

    private static let revoked = deny(#""DateLessThan":{"aws:TokenIssueTime":"2026-11-10T11:55:00Z"}"#)
    private static let withoutMFA = #""BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}"#

    /// Denies that let some sessions pass, managed policies that deny, and services that are enabled for each Region.
    static let denies: [Scenario] = [
        Scenario(
            name: "sessions were revoked: new credentials, and the policy stays",
            group: Facts.group(.explicitDeny(.identityBased)), usage: [Facts.usage()], changes: [revoked],
            rootCause: .permissionsChanged, blames: ["change"], remedy: .setting, offersPolicy: false,
            says: ["Get new credentials", "before 2026-11-10 11:55:00 UTC", "do not delete it"],
            saysNot: ["Restore what stood there"]),
        Scenario(
            name: "sessions were revoked, and AWS names no identity-based policy",
            group: Facts.group(.explicitDeny(.serviceControl)), usage: [Facts.usage()], changes: [revoked],
            rootCause: .explicitDeny, saysNot: ["Get new credentials"]),
        Scenario(
            name: "a user is denied without MFA",
            group: Facts.group(.explicitDeny(.identityBased), principal: Facts.user), usage: [Facts.usage(Facts.user)],
            changes: [deny(withoutMFA, owner: "alice", event: "PutUserPolicy")], rootCause: .permissionsChanged,
            remedy: .setting, offersPolicy: false, says: ["opened with MFA", "aws sts get-session-token"],
            saysNot: ["Restore what stood there"]),
        Scenario(
            name: "a Deny without MFA, and the session had it",
            group: Facts.group(.explicitDeny(.identityBased)) { $0.mfaAuthenticated = [Counted("true", denials: 12)] },
            usage: [Facts.usage()], changes: [deny(withoutMFA)], rootCause: .explicitDeny, saysNot: ["with MFA"]),
        Scenario(
            name: "a managed policy that denies was attached",
            group: Facts.group(.explicitDeny(.identityBased), policies: [Facts.policy]), usage: [Facts.usage()],
            changes: [Facts.change("AttachRolePolicy", policy: Facts.policy)], rootCause: .permissionsChanged,
            remedy: .command,
            says: [
                "aws iam detach-role-policy", "aws iam list-entities-for-policy --policy-arn \(Facts.policy)",
                "which affects everyone who has it; the last command lists them",
            ]),
        Scenario(
            name: "a managed policy of old denies",
            group: Facts.group(.explicitDeny(.identityBased), policies: [Facts.policy]), rootCause: .explicitDeny,
            says: ["aws iam list-entities-for-policy", "detach it there"]),
        Scenario(
            name: "a service that is not enabled in the Region",
            group: Facts.group(
                Facts.slug("service-not-enabled"), action: "securityhub:GetFindings", resource: nil,
                region: "eu-west-1", source: "securityhub.amazonaws.com"),
            rootCause: .notSubscribed, offersPolicy: false,
            says: ["eu-west-1", "most services are enabled per Region. No policy can do this"]),
    ]

    /// Calls go through an endpoint that came from an address of the Internet while they succeeded.
    private static let throughEndpoint = Facts.group(identity) {
        $0.vpcEndpointIds = [Counted("vpce-0abc", denials: 12)]
        $0.sourceIPAddresses = [Counted("10.0.0.8", denials: 12)]
        var context = SuccessContext()
        context.sourceIPAddresses = [Counted("203.0.113.10", denials: 90)]
        $0.successContext = context
    }

    private static let paths: [Scenario] = [
        Scenario(
            name:
                "calls go through an endpoint now, and AWS names an identity-based policy, of which the trail holds none",
            group: throughEndpoint, usage: [Facts.usage()], rootCause: .missingAllow, finds: [.networkPathChanged]),
        Scenario(
            name:
                "calls go through an endpoint now, and AWS names an identity-based policy, one of which asks for addresses",
            group: throughEndpoint, usage: [Facts.usage()],
            changes: [
                Facts.put(
                    #"{"Statement":[{"Effect":"Allow","Action":"mobiletargeting:*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}]}"#,
                    at: "2026-11-02T00:00:00Z")
            ], rootCause: .conditionUnmet, finds: [.networkPathChanged], says: ["Call past the VPC endpoint"],
            saysNot: ["endpoint's policy"], explains: ["through a VPC endpoint, where that key is absent"],
            explainsNot: ["Look at the policy of the endpoint"]),
        Scenario(
            name: "names of services are no addresses",
            group: Facts.group(.explicitDeny(.identityBased)) {
                $0.sourceIPAddresses = [Counted("AWS Internal", denials: 12)]
                var context = SuccessContext()
                context.sourceIPAddresses = [Counted("cloudformation.amazonaws.com", denials: 90)]
                $0.successContext = context
            }, usage: [Facts.usage()], rootCause: .explicitDeny, spares: [.networkPathChanged]),
    ]

    private static let regions: [Scenario] = [
        Scenario(
            name: "commands for an endpoint tell its Region",
            group: Facts.group(.missingAllow(.vpcEndpoint), region: "eu-west-1") {
                $0.vpcEndpointIds = [Counted("vpce-0abc", denials: 12)]
            }, rootCause: .missingAllow, says: ["--vpc-endpoint-ids vpce-0abc", "--region eu-west-1"]),
        Scenario(
            name: "commands for a key tell its Region",
            group: Facts.group(
                .missingAllow(.resourceBased), action: "kms:Decrypt",
                resource: "arn:aws:kms:us-east-1:111122223333:key/k-1", source: "kms.amazonaws.com"),
            usage: [Facts.usage(Facts.role, "kms:Decrypt")],
            changes: [
                Facts.change(
                    "PutKeyPolicy", target: "k-1", type: "key", source: "kms.amazonaws.com",
                    parameters: #"{"keyId":"k-1"}"#)
            ], rootCause: .permissionsChanged,
            says: ["aws kms get-key-policy --key-id k-1 --output text --region us-east-1"]),
        Scenario(
            name: "commands of AWS Organizations do not work in every account",
            group: Facts.group(.explicitDeny(.serviceControl), policies: [Facts.scp]), rootCause: .explicitDeny,
            says: ["management account (or a delegated administrator"]),
    ]

    private static func healed(_ reason: Reason, _ change: PermissionChange, policies: [String] = []) -> Scenario {
        var scenario = Scenario(
            name: "\(reason.slug) and \(change.eventName) \(change.policyARN ?? "")",
            group: Facts.group(reason, policies: policies) {
                $0.firstSuccessAfter = "2026-11-11T14:00:00Z"
                $0.successesAreOnSameResource = true
            }, changes: [change], rootCause: reason.effect == .explicit ? .explicitDeny : .missingAllow,
            status: .resolved)
        scenario.fixedBy = nil
        return scenario
    }

    private static func fixed(_ scenario: Scenario) -> Scenario {
        var scenario = scenario
        scenario.fixedBy = "fix"
        return scenario
    }

    private static func fix(_ event: String, _ policy: String) -> PermissionChange {
        Facts.change(event, at: "2026-11-11T13:00:00Z", id: "fix", policy: policy)
    }

    private static let repairs: [Scenario] = [
        healed(identity, fix("AttachRolePolicy", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")),
        fixed(healed(identity, fix("AttachRolePolicy", administrator))),
        fixed(healed(identity, fix("AttachRolePolicy", Facts.policy))),
        healed(
            .explicitDeny(.identityBased), fix("DetachRolePolicy", "arn:aws:iam::aws:policy/AmazonS3FullAccess")),
        fixed(healed(.explicitDeny(.identityBased), fix("DetachRolePolicy", "arn:aws:iam::aws:policy/AWSDenyAll"))),
        fixed(
            healed(
                .explicitDeny(.identityBased), fix("DetachRolePolicy", Facts.policy), policies: [Facts.policy])),
    ]

    private static let smaller: [Scenario] = [
        Scenario(
            name: "a call across accounts that worked until now is no news",
            group: Facts.group(
                .unstated, action: "sts:AssumeRole", resource: "arn:aws:iam::444455556666:role/target",
                source: "sts.amazonaws.com"),
            usage: [Facts.usage(Facts.role, "sts:AssumeRole")], rootCause: .reasonUnstated, finds: [.crossAccount]),
        Scenario(
            name: "a scanner for unauthorized access is no guest of Cognito",
            group: Facts.group(
                .missingAllow(.session), principal: "arn:aws:iam::111122223333:role/unauthorized-access-scanner",
                action: "sms-voice:SendTextMessage", resource: "*", source: "sms-voice.amazonaws.com"),
            rootCause: .missingAllow, spares: [.cognitoGuestSessionPolicy]),
        Scenario(
            name: "a guests' role is known by a part of its name",
            group: Facts.group(
                .missingAllow(.session), principal: "arn:aws:iam::111122223333:role/Cognito_shopUnauth_Role",
                action: "sms-voice:SendTextMessage", resource: "*", source: "sms-voice.amazonaws.com"),
            rootCause: .cognitoGuestSessionPolicy),
        Scenario(
            name: "the root user needs no Allow",
            group: Facts.group(.unstated, principal: "arn:aws:iam::111122223333:root"), rootCause: .neverSucceeded,
            explains: ["The root user needs no Allow"], explainsNot: ["may never have been allowed"]),
    ]

    static let remedies: [Scenario] =
        protectedRoles + leastPrivilege + secondFactors + sessionLimits + paths + regions + repairs + smaller
}
