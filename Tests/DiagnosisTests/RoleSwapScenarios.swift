import AccessDenial
import Diagnosis
import IAMPolicy
import TrailStore

/// A function, a service's tasks or an instance got another role.
extension ScenarioTests {
    private static let newRole = "arn:aws:iam::111122223333:role/app/order-notifier"
    private static let oldRole = "arn:aws:iam::111122223333:role/app/former"

    private static let thirdRole = "arn:aws:iam::111122223333:role/app/third"

    private static func swap(
        at time: String = "2026-11-10T11:55:00Z", role: String = newRole, id: String = "change"
    ) -> PermissionChange {
        Facts.change(
            "UpdateFunctionConfiguration20150331v2", at: time, id: id, target: "notify", type: "function",
            source: "lambda.amazonaws.com", parameters: #"{"functionName":"notify","role":"\#(role)"}"#)
    }

    private static let refused = Facts.group(.missingAllow(.identityBased))

    private static func registered(_ revision: Int, role: String, at time: String, id: String) -> PermissionChange {
        Facts.change(
            "RegisterTaskDefinition", at: time, id: id, target: "app", type: "task-definition",
            source: "ecs.amazonaws.com", parameters: #"{"family":"app","taskRoleArn":"\#(role)"}"#,
            response:
                #"{"taskDefinition":{"taskDefinitionArn":"arn:aws:ecs:us-east-1:111122223333:task-definition/app:\#(revision)"}}"#
        )
    }

    private static func moved(
        to definition: String, at time: String = "2026-11-10T11:55:00Z", id: String = "change"
    ) -> PermissionChange {
        Facts.change(
            "UpdateService", at: time, id: id, target: "web", type: "service", source: "ecs.amazonaws.com",
            parameters: #"{"cluster":"shop","service":"web","taskDefinition":"\#(definition)"}"#)
    }

    private static func innocent(
        _ name: String, _ changes: PermissionChange..., usage: [Usage] = [Facts.usage(oldRole)]
    ) -> Scenario {
        Scenario(
            name: "spared: \(name)", group: refused, usage: usage, changes: changes, rootCause: .missingAllow,
            spares: [.permissionsChanged])
    }

    private static func doubtful(_ name: String, _ changes: PermissionChange..., usage: [Usage]) -> Scenario {
        Scenario(
            name: "possible at most: \(name)", group: refused, usage: usage, changes: changes,
            rootCause: .missingAllow, finds: [.permissionsChanged])
    }

    private static func guilty(
        _ name: String, _ changes: PermissionChange..., usage: [Usage] = [Facts.usage(oldRole)],
        blames: [String] = ["change"], says: [String] = [], explains: [String] = []
    ) -> Scenario {
        Scenario(
            name: "blamed: \(name)", group: refused, usage: usage, changes: changes, rootCause: .permissionsChanged,
            blames: blames, confidence: .inferred, says: says,
            explains: ["role former", "the workload changed, not a policy"] + explains)
    }

    private static let exchanged: [Scenario] = [
        guilty(
            "the trail holds what the function ran under before",
            swap(at: "2026-11-03T00:00:00Z", role: oldRole, id: "was"),
            swap(), usage: [Facts.usage(oldRole, last: "2026-11-11T18:00:00Z"), Facts.usage(thirdRole)],
            says: ["aws lambda update-function-configuration", oldRole], explains: ["Before, function notify ran under"]
        ),
        guilty(
            "the same role written once more after the swap", swap(), swap(at: "2026-11-10T11:57:00Z", id: "again")),
        innocent(
            "swapped back before the first denial", swap(at: "2026-11-10T11:40:00Z", id: "away"),
            swap(at: "2026-11-10T11:50:00Z", role: oldRole)),
        innocent(
            "a function that ran under the role all along", swap(at: "2026-11-01T00:00:00Z", id: "was"),
            swap(at: "2026-11-03T00:00:00Z", role: oldRole, id: "back")),
        doubtful(
            "the former role never did it either", swap(at: "2026-11-03T00:00:00Z", role: thirdRole, id: "was"), swap(),
            usage: [Facts.usage(oldRole)]),
        doubtful("a user stopped, who is no role", swap(), usage: [Facts.usage(Facts.user)]),
        doubtful(
            "a nightly job whose next run the archive does not reach", swap(),
            usage: [Facts.usage(oldRole, successes: 3, first: "2026-11-06T02:00:00Z", last: "2026-11-10T02:00:00Z")]),
        doubtful("two roles stopped", swap(), usage: [Facts.usage(oldRole), Facts.usage(thirdRole)]),
        Scenario(
            name: "possible at most: the other role stopped because it is refused as well", group: refused,
            usage: [
                {
                    var usage = Facts.usage(oldRole)
                    usage.denials = 4
                    return usage
                }()
            ], changes: [swap()], rootCause: .missingAllow, finds: [.permissionsChanged]),
        guilty(
            "a service moved to a task definition of days ago",
            registered(1, role: oldRole, at: "2026-11-02T00:00:00Z", id: "first"),
            registered(2, role: newRole, at: "2026-11-05T00:00:00Z", id: "second"), moved(to: "app:2"),
            blames: ["change", "second"], says: ["aws ecs describe-services", "--cluster shop"]),
        innocent(
            "a service moved back to the former task definition",
            registered(1, role: oldRole, at: "2026-11-02T00:00:00Z", id: "first"),
            registered(2, role: newRole, at: "2026-11-05T00:00:00Z", id: "second"),
            moved(to: "app:2", at: "2026-11-10T11:50:00Z", id: "away"), moved(to: "app:1")),
        guilty(
            "tasks whose service the trail does not show",
            registered(1, role: oldRole, at: "2026-11-02T00:00:00Z", id: "first"),
            registered(2, role: newRole, at: "2026-11-10T11:55:00Z", id: "change")),
        guilty(
            "an instance got another profile",
            Facts.change(
                "ReplaceIamInstanceProfileAssociation", target: "iip-assoc-1", type: "instance",
                source: "ec2.amazonaws.com",
                parameters:
                    #"{"ReplaceIamInstanceProfileAssociationRequest":{"AssociationId":"iip-assoc-1","IamInstanceProfile":{"Name":"order-notifier"}}}"#,
                response:
                    #"{"ReplaceIamInstanceProfileAssociationResponse":{"iamInstanceProfileAssociation":{"instanceId":"i-0a1b"}}}"#
            ), says: ["Name=instance-id,Values=i-0a1b"], explains: ["instance i-0a1b"]),
    ]

    private static func set(
        _ name: String, _ source: String, _ type: String, _ target: String, at time: String = "2026-11-10T11:55:00Z",
        id: String = "change", _ parameters: String
    ) -> PermissionChange {
        Facts.change(
            name, at: time, id: id, target: target, type: type, source: "\(source).amazonaws.com",
            parameters: parameters)
    }

    private static func profile(_ name: String, _ role: String, at time: String, id: String) -> PermissionChange {
        let role = role.split(separator: "/").last.map(String.init) ?? role
        return set(
            name, "iam", "instance-profile", "web", at: time, id: id,
            #"{"instanceProfileName":"web","roleName":"\#(role)"}"#)
    }

    private static func pool(
        _ users: String, _ guests: String, at time: String = "2026-11-10T11:55:00Z", id: String = "change"
    ) -> PermissionChange {
        set(
            "SetIdentityPoolRoles", "cognito-identity", "identity-pool", "us-east-1:pool", at: time, id: id,
            #"{"identityPoolId":"us-east-1:pool","roles":{"authenticated":"\#(users)","unauthenticated":"\#(guests)"}}"#
        )
    }

    private static let machine = "arn:aws:states:us-east-1:111122223333:stateMachine:flow"

    private static let others: [Scenario] = [
        guilty(
            "a state machine got another role",
            set(
                "UpdateStateMachine", "states", "state-machine", machine,
                #"{"stateMachineArn":"\#(machine)","roleArn":"\#(newRole)"}"#),
            says: ["aws stepfunctions describe-state-machine"], explains: ["state machine flow"]),
        innocent(
            "a state machine got another role than the refused one",
            set(
                "UpdateStateMachine", "states", "state-machine", machine,
                #"{"stateMachineArn":"\#(machine)","roleArn":"\#(thirdRole)"}"#)),
        guilty(
            "pods got another role",
            set(
                "UpdatePodIdentityAssociation", "eks", "pod-identity-association", "a-1",
                #"{"clusterName":"c","associationId":"a-1","roleArn":"\#(newRole)"}"#),
            says: ["aws eks describe-pod-identity-association --cluster-name c --association-id a-1"]),
        guilty(
            "an instance profile got another role",
            profile("RemoveRoleFromInstanceProfile", oldRole, at: "2026-11-10T11:54:00Z", id: "out"),
            profile("AddRoleToInstanceProfile", newRole, at: "2026-11-10T11:55:00Z", id: "change"),
            says: ["aws iam get-instance-profile --instance-profile-name web"],
            explains: ["Before, instance profile web ran under role former"]),
        innocent(
            "the role went out of an instance profile",
            profile("AddRoleToInstanceProfile", newRole, at: "2026-11-10T11:54:00Z", id: "in"),
            profile("RemoveRoleFromInstanceProfile", newRole, at: "2026-11-10T11:55:00Z", id: "out")),
        guilty(
            "the users of an identity pool got another role", pool(newRole, thirdRole),
            says: ["get-identity-pool-roles"]),
        guilty(
            "the guests of an identity pool got another role",
            pool(thirdRole, oldRole, at: "2026-11-03T00:00:00Z", id: "was"), pool(thirdRole, newRole)),
        innocent("an identity pool's roles without the refused one", pool(oldRole, thirdRole)),
        doubtful(
            "the users of an identity pool had the role for days",
            pool(newRole, oldRole, at: "2026-11-03T00:00:00Z", id: "was"), pool(newRole, thirdRole),
            usage: [Facts.usage(oldRole)]),
    ]

    static let workloads: [Scenario] =
        [
            Scenario(
                name: "a function got a role that may not do it, and its former role's successes end there",
                group: Facts.group(.missingAllow(.identityBased)), usage: [Facts.usage(oldRole)], changes: [swap()],
                rootCause: .permissionsChanged, blames: ["change"], confidence: .inferred),
            Scenario(
                name: "a function got a role, but nobody stopped succeeding: possible, no more",
                group: Facts.group(.missingAllow(.identityBased)),
                usage: [Facts.usage(oldRole, last: "2026-11-11T18:00:00Z")], changes: [swap()],
                rootCause: .missingAllow,
                finds: [.permissionsChanged], blames: []),
            Scenario(
                name: "a function got a role that had succeeded before: it was no swap",
                group: Facts.group(.missingAllow(.identityBased)), usage: [Facts.usage(), Facts.usage(oldRole)],
                changes: [swap()], rootCause: .missingAllow, spares: [.permissionsChanged]),
            Scenario(
                name: "a function got another role than the refused one",
                group: Facts.group(.missingAllow(.identityBased)), usage: [Facts.usage(oldRole)],
                changes: [swap(role: oldRole)], rootCause: .missingAllow, spares: [.permissionsChanged]),
            Scenario(
                name: "a function got the role after the first denial",
                group: Facts.group(.missingAllow(.identityBased)), usage: [Facts.usage(oldRole)],
                changes: [swap(at: "2026-11-10T13:00:00Z")], rootCause: .missingAllow, spares: [.permissionsChanged]),
            Scenario(
                name: "a role swap brings no explicit Deny of an SCP",
                group: Facts.group(.explicitDeny(.serviceControl)), usage: [Facts.usage(oldRole)], changes: [swap()],
                rootCause: .explicitDeny, spares: [.permissionsChanged], offersPolicy: false),
        ] + exchanged + others + sessionsOfWorkloads

    // MARK: - Whose sessions were refused

    private static func from(session: String? = nil, issuer: String? = nil) -> DenialGroup {
        Facts.group(.missingAllow(.identityBased)) { group in
            group.callers =
                session.map {
                    [Counted("arn:aws:sts::111122223333:assumed-role/order-notifier/\($0)", denials: 12)]
                } ?? []
            group.issuingResources = issuer.map { [Counted($0, denials: 12)] } ?? []
        }
    }

    private static func profile(of instance: String) -> PermissionChange {
        Facts.change(
            "AssociateIamInstanceProfile", target: instance, type: "instance", source: "ec2.amazonaws.com",
            parameters: #"{"instanceId":"\#(instance)","iamInstanceProfile":{"name":"order-notifier"}}"#)
    }

    private static func innocent(_ name: String, _ change: PermissionChange, group: DenialGroup) -> Scenario {
        Scenario(
            name: "spared: \(name)", group: group, usage: [Facts.usage(oldRole)], changes: [change],
            rootCause: .missingAllow, spares: [.permissionsChanged])
    }

    private static func guilty(_ name: String, _ change: PermissionChange, group: DenialGroup) -> Scenario {
        Scenario(
            name: "blamed: \(name)", group: group, usage: [Facts.usage(oldRole)], changes: [change],
            rootCause: .permissionsChanged, blames: ["change"], confidence: .inferred)
    }

    private static let function = "arn:aws:lambda:us-east-1:111122223333:function:"

    private static let sessionsOfWorkloads: [Scenario] = [
        guilty(
            "the function that was refused", swap(), group: from(session: "notify", issuer: function + "notify")),
        guilty("an alias of the function", swap(), group: from(issuer: function + "notify:live")),
        guilty("the function, by the session's name", swap(), group: from(session: "notify")),
        innocent("another function was refused", swap(), group: from(session: "report", issuer: function + "report")),
        innocent("another function was refused, by the session's name", swap(), group: from(session: "report")),
        innocent(
            "the like-named function of another Region was refused", swap(),
            group: from(session: "notify", issuer: "arn:aws:lambda:eu-west-1:111122223333:function:notify")),
        innocent(
            "an instance was refused, and no function", swap(),
            group: from(session: "i-0a1b", issuer: "arn:aws:ec2:us-east-1:111122223333:instance/i-0a1b")),
        guilty("the instance that was refused", profile(of: "i-0a1b"), group: from(session: "i-0a1b")),
        innocent("another instance was refused", profile(of: "i-0a1b"), group: from(session: "i-0c2d")),
    ]
}
