import AccessDenial
import CloudTrail
import IAMPolicy
import Testing

@testable import PolicyTimeline

struct ChangeCatalogueTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var source: String
        var name: String
        var request: String?
        var response: String?
        var change: PermissionChangeTarget?

        var testDescription: String { "\(source):\(name) \(request ?? "-")" }

        init(
            _ source: String, _ name: String, _ request: String?, response: String? = nil,
            _ change: PermissionChangeTarget?
        ) {
            self.source = source
            self.name = name
            self.request = request
            self.response = response
            self.change = change
        }
    }

    static let deny = "arn:aws:iam::111122223333:policy/Deny"

    static let cases = [
        Case(
            "iam", "AttachRolePolicy", #"{"roleName":"mailer","policyArn":"\#(deny)"}"#,
            PermissionChangeTarget(targetType: .role, target: "mailer", policyARN: deny)),
        Case(
            "iam", "DetachUserPolicy", #"{"userName":"anna","policyArn":"\#(deny)"}"#,
            PermissionChangeTarget(targetType: .user, target: "anna", policyARN: deny)),
        Case(
            "iam", "PutGroupPolicy", #"{"groupName":"ops","policyName":"inline","policyDocument":"{}"}"#,
            PermissionChangeTarget(targetType: .group, target: "ops", policyName: "inline")),
        Case(
            "iam", "PutRolePermissionsBoundary", #"{"roleName":"mailer","permissionsBoundary":"\#(deny)"}"#,
            PermissionChangeTarget(targetType: .role, target: "mailer", policyARN: deny)),
        Case(
            "iam", "CreatePolicyVersion", #"{"policyArn":"\#(deny)","setAsDefault":true}"#,
            PermissionChangeTarget(targetType: .policy, target: deny, policyARN: deny)),
        Case(
            "iam", "CreatePolicy", #"{"policyName":"Deny"}"#, response: #"{"policy":{"arn":"\#(deny)"}}"#,
            PermissionChangeTarget(targetType: .policy, target: deny, policyARN: deny, policyName: "Deny")),
        Case(
            "iam", "UpdateAccessKey", #"{"status":"Inactive","accessKeyId":"AKIAIOSFODNN7EXAMPLE"}"#,
            PermissionChangeTarget(targetType: .user, target: "caller")),
        Case(
            "sso", "CreatePermissionSet", #"{"instanceArn":"arn:aws:sso:::instance/ssoins-1","name":"Dev"}"#,
            response:
                #"{"permissionSet":{"name":"Dev","permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-1/ps-1"}}"#,
            PermissionChangeTarget(targetType: .permissionSet, target: "arn:aws:sso:::permissionSet/ssoins-1/ps-1")),
        Case(
            "organizations", "AttachPolicy", #"{"policyId":"p-examplepolicyid","targetId":"ou-abcd-12345678"}"#,
            PermissionChangeTarget(
                targetType: .organizationalUnit, target: "ou-abcd-12345678", policyName: "p-examplepolicyid")),
        Case(
            "organizations", "DetachPolicy", #"{"policyId":"p-examplepolicyid","targetId":"111122223333"}"#,
            PermissionChangeTarget(targetType: .account, target: "111122223333", policyName: "p-examplepolicyid")),
        Case(
            "organizations", "UpdatePolicy", #"{"policyId":"p-examplepolicyid","content":"{}"}"#,
            response:
                #"{"policy":{"policySummary":{"arn":"arn:aws:organizations::444455556666:policy/o-x/service_control_policy/p-examplepolicyid"}}}"#,
            PermissionChangeTarget(
                targetType: .policy,
                target: "arn:aws:organizations::444455556666:policy/o-x/service_control_policy/p-examplepolicyid",
                policyARN: "arn:aws:organizations::444455556666:policy/o-x/service_control_policy/p-examplepolicyid",
                policyName: "p-examplepolicyid")),
        Case(
            "sso", "AttachManagedPolicyToPermissionSet",
            #"{"permissionSetArn":"arn:aws:sso:::permissionSet/ssoins-1/ps-1","managedPolicyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess"}"#,
            PermissionChangeTarget(
                targetType: .permissionSet, target: "arn:aws:sso:::permissionSet/ssoins-1/ps-1",
                policyARN: "arn:aws:iam::aws:policy/ReadOnlyAccess")),
        Case(
            "ec2", "ModifyVpcEndpoint",
            #"{"ModifyVpcEndpointRequest":{"VpcEndpointId":"vpce-1","PolicyDocument":"{}"}}"#,
            PermissionChangeTarget(targetType: .vpcEndpoint, target: "vpce-1")),
        Case(
            "ec2", "ModifyVpcEndpoint", #"{"vpcEndpointId":"vpce-1"}"#,
            PermissionChangeTarget(targetType: .vpcEndpoint, target: "vpce-1")),
        Case(
            "ec2", "CreateVpcEndpoint", #"{"CreateVpcEndpointRequest":{"VpcId":"vpc-1"}}"#,
            response: #"{"CreateVpcEndpointResponse":{"vpcEndpoint":{"vpcEndpointId":"vpce-2"}}}"#,
            PermissionChangeTarget(targetType: .vpcEndpoint, target: "vpce-2")),
        Case(
            "lambda", "AddPermission20150331v2", #"{"functionName":"f"}"#,
            PermissionChangeTarget(targetType: .function, target: "f")),
        Case(
            "lambda", "UpdateFunctionConfiguration20150331v2",
            #"{"functionName":"f","role":"arn:aws:iam::111122223333:role/r"}"#,
            function("f", under: "arn:aws:iam::111122223333:role/r")),
        Case("lambda", "UpdateFunctionConfiguration20150331v2", #"{"functionName":"f","timeout":3}"#, nil),
        Case(
            "sns", "SetTopicAttributes",
            #"{"topicArn":"arn:aws:sns:us-east-1:111122223333:t","attributeName":"Policy"}"#,
            PermissionChangeTarget(targetType: .topic, target: "arn:aws:sns:us-east-1:111122223333:t")),
        Case(
            "ecs", "UpdateService", #"{"cluster":"c","service":"web","taskDefinition":"app:2"}"#,
            service("web", running: "app")),
        Case(
            "ecs", "UpdateService",
            #"{"service":"web","taskDefinition":"arn:aws:ecs:us-east-1:111122223333:task-definition/app:2"}"#,
            service("web", running: "app")),
        Case("ecs", "UpdateService", #"{"service":"web","desiredCount":3}"#, nil),
        Case(
            "ec2", "ReplaceIamInstanceProfileAssociation",
            #"{"ReplaceIamInstanceProfileAssociationRequest":{"AssociationId":"iip-assoc-1","IamInstanceProfile":{"Name":"mailer"}}}"#,
            instance("iip-assoc-1", profile: "mailer")),
        Case("sns", "SetTopicAttributes", #"{"topicArn":"t","attributeName":"DisplayName"}"#, nil),
        Case(
            "s3", "PutBucketPolicy", #"{"bucketName":"amzn-s3-demo-bucket","bucketPolicy":{}}"#,
            PermissionChangeTarget(targetType: .bucket, target: "amzn-s3-demo-bucket")),
        Case(
            "sqs", "SetQueueAttributes", #"{"queueUrl":"https://sqs/q","attributes":{"Policy":""}}"#,
            PermissionChangeTarget(targetType: .queue, target: "https://sqs/q")),
        Case("sqs", "SetQueueAttributes", #"{"queueUrl":"https://sqs/q","attributes":{"DelaySeconds":"1"}}"#, nil),
        Case("kms", "PutKeyPolicy", #"{"keyId":"k"}"#, PermissionChangeTarget(targetType: .key, target: "k")),
        Case(
            "pinpoint", "DeleteApp", #"{"application-id":"0123abcd"}"#,
            PermissionChangeTarget(targetType: .app, target: "0123abcd")),
        Case(
            "pinpoint", "UpdateEmailChannel", #"{"application-id":"0123abcd"}"#,
            PermissionChangeTarget(targetType: .app, target: "0123abcd")),
        Case(
            "sms-voice", "PutResourcePolicy", #"{"resourceArn":"arn:aws:sms-voice:us-east-1:111122223333:pool/p"}"#,
            PermissionChangeTarget(targetType: .resource, target: "arn:aws:sms-voice:us-east-1:111122223333:pool/p")),
        Case("s3", "DeleteBucket", #"{"bucketName":"b"}"#, PermissionChangeTarget(targetType: .bucket, target: "b")),
        Case(
            "sqs", "CreateQueue", #"{"queueName":"q"}"#, response: #"{"queueUrl":"https://sqs/1/q"}"#,
            PermissionChangeTarget(targetType: .queue, target: "https://sqs/1/q")),
        Case(
            "s3", "PutAccountPublicAccessBlock", #"{"PublicAccessBlockConfiguration":{}}"#,
            PermissionChangeTarget(targetType: .account, target: "111122223333")),
        Case(
            "organizations", "AcceptHandshake", #"{"handshakeId":"h-1"}"#,
            PermissionChangeTarget(targetType: .account, target: "111122223333")),
        Case(
            "events", "RemovePermission", #"{"statementId":"s","eventBusName":"central"}"#,
            PermissionChangeTarget(targetType: .resource, target: "central")),
        Case(
            "events", "RemovePermission", #"{"statementId":"s"}"#,
            PermissionChangeTarget(targetType: .resource, target: "default")),
        Case(
            "ec2", "ModifyImageAttribute", #"{"imageId":"ami-1","launchPermission":{"remove":{}}}"#,
            PermissionChangeTarget(targetType: .resource, target: "ami-1")),
        Case("ec2", "ModifyImageAttribute", #"{"imageId":"ami-1","description":{"value":"x"}}"#, nil),
        Case(
            "states", "UpdateStateMachine",
            #"{"stateMachineArn":"arn:aws:states:us-east-1:1:stateMachine:s","roleArn":"r"}"#,
            workload(.stateMachine, "arn:aws:states:us-east-1:1:stateMachine:s", under: "r")),
        Case(
            "states", "UpdateStateMachine", #"{"stateMachineArn":"arn:aws:states:us-east-1:1:stateMachine:s"}"#, nil),
        Case(
            "eks", "UpdatePodIdentityAssociation", #"{"clusterName":"c","associationId":"a-1","roleArn":"r"}"#,
            workload(.podIdentityAssociation, "a-1", under: "r")),
        Case(
            "iam", "AddRoleToInstanceProfile", #"{"instanceProfileName":"web","roleName":"r"}"#,
            workload(.instanceProfile, "web", under: "r")),
        Case(
            "cognito-identity", "SetIdentityPoolRoles",
            #"{"identityPoolId":"us-east-1:p","roles":{"authenticated":"r","unauthenticated":"g"}}"#,
            workload(.identityPool, "us-east-1:p", under: "r", guests: "g")),
        Case("iam", "SetSecurityTokenServicePreferences", nil, PermissionChangeTarget(targetType: .account)),
        Case("iam", "GetRole", #"{"roleName":"mailer"}"#, nil),
        Case("pinpoint", "SendMessages", #"{"application-id":"0123abcd"}"#, nil),
        Case("sts", "AssumeRole", #"{"roleArn":"arn:aws:iam::111122223333:role/r"}"#, nil),
        Case("brand-new", "AttachRolePolicy", nil, nil),
    ]

    private static func function(_ name: String, under role: String) -> PermissionChangeTarget {
        var change = PermissionChangeTarget(targetType: .function, target: name)
        change.workloadRole = role
        return change
    }

    private static func workload(
        _ type: PermissionChangeTarget.TargetType, _ name: String, under role: String, guests: String? = nil
    ) -> PermissionChangeTarget {
        var change = PermissionChangeTarget(targetType: type, target: name)
        change.workloadRole = role
        change.guestRole = guests
        return change
    }

    private static func service(_ name: String, running family: String) -> PermissionChangeTarget {
        var change = PermissionChangeTarget(targetType: .service, target: name)
        change.taskFamily = family
        return change
    }

    private static func instance(_ association: String, profile: String) -> PermissionChangeTarget {
        var change = PermissionChangeTarget(targetType: .instance, target: association)
        change.workloadRole = profile
        return change
    }

    @Test(arguments: [
        (PermissionChangeTarget(targetType: .role, target: "mailer", policyARN: "arn:aws:iam::1:policy/p"), ["mailer"]),
        (
            PermissionChangeTarget(targetType: .policy, target: "arn:aws:iam::1:policy/a/p"),
            [
                "arn:aws:iam::1:policy/a/p", "p", "policy/a/p",
                PermissionChangeTarget.managedPolicyName(ofAccount: "1"),
            ]
        ),
        (
            PermissionChangeTarget(targetType: .organization, target: "r-ab12", policyName: "p-1"),
            ["r-ab12", "p-1", PermissionChangeTarget.organizationRootName]
        ),
        (
            PermissionChangeTarget(targetType: .queue, target: "https://sqs.eu-west-1.amazonaws.com/1/orders"),
            [
                "https://sqs.eu-west-1.amazonaws.com/1/orders", "orders",
                "//sqs.eu-west-1.amazonaws.com/1/orders",
            ]
        ),
        (service("web", running: "app"), ["web", "app"]),
        (function("f", under: "arn:aws:iam::1:role/r"), ["f", "arn:aws:iam::1:role/r", "r", "role/r"]),
        (
            PermissionChangeTarget(targetType: .permissionSet, target: "arn:aws:sso:::x"),
            [PermissionChangeTarget.permissionSetName]
        ),
        (PermissionChangeTarget(targetType: .account), []),
    ])
    func changeIsFoundByItsNames(_ change: PermissionChangeTarget, _ names: [String]) {
        #expect(change.names == Set(names))
    }

    private static func event(_ row: Case) -> Event {
        var event = Event()
        event.eventSource = "\(row.source).amazonaws.com"
        event.eventName = row.name
        event.requestParameters = row.request.map { JSONFragment($0) }
        event.responseElements = row.response.map { JSONFragment($0) }
        event.userIdentity.userName = "caller"
        event.recipientAccountId = "111122223333"
        return event
    }

    @Test(arguments: cases) func readsChanges(_ row: Case) {
        #expect(ChangeCatalogue.change(in: Self.event(row)) == row.change)
    }

    @Test(arguments: cases) func failedCallChangesNothing(_ row: Case) {
        var event = Self.event(row)
        event.errorCode = "AccessDenied"
        #expect(ChangeCatalogue.change(in: event) == nil)
    }

    @Test(arguments: cases) func nameTellsBeforehand(_ row: Case) {
        let isChange = ChangeCatalogue.isChange(
            eventSource: "\(row.source).amazonaws.com", eventName: row.name)
        if row.change != nil { #expect(isChange) }
        if !isChange { #expect(row.change == nil) }
    }

    @Test func everyRowOfTheTableIsReadable() {
        #expect(ChangeTable.fields.count > 150)
        var known: Set<String> = []
        for row in ChangeTable.fields {
            #expect(row.count == ChangeTable.width, "\(row)")
            #expect(PermissionChangeTarget.TargetType(rawValue: String(row[2])) != nil, "\(row)")
            #expect(row[7].isEmpty || ChangeRule(row[7]) != nil, "\(row)")
            for name in row[1].split(separator: " ") {
                #expect(known.insert("\(row[0]):\(name)").inserted, "\(row[0]):\(name) stands there twice")
                let source = row[0] == "mobiletargeting" ? "pinpoint.amazonaws.com" : "\(row[0]).amazonaws.com"
                #expect(ChangeCatalogue.isChange(eventSource: source, eventName: String(name)), "\(row[0]):\(name)")
            }
        }
    }

    @Test(arguments: [
        ("iam", "AttachRolePolicy", "role gives identity-based"),
        ("iam", "CreatePolicy", "managed-policy creates"),
        ("lambda", "RemovePermission20150331v2", "resource takes resource-based"),
        ("email", "PutIdentityPolicy", "resource replaces resource-based"),
        ("iam", "TagPolicy", nil), ("iam", "GetRole", nil), ("unheard-of", "PutResourcePolicy", nil),
    ])
    func ruleOfAnEvent(_ source: String, _ name: String, _ rule: String?) {
        #expect(
            ChangeCatalogue.rule(source: "\(source).amazonaws.com", name: name) == rule.flatMap { ChangeRule($0[...]) })
    }

    @Test func eventSourcesAreThoseOfTheServices() {
        for event in ChangeCatalogue.events {
            let prefix = String(IAMAction.name(eventSource: event.source, eventName: event.name).prefix { $0 != ":" })
            #expect(EventSources.prefix(of: event.source) == prefix, "\(event)")
        }
    }
}
