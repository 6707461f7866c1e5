import AccessDenial
import IAMPolicy
import PolicyTimeline
import Testing
import TrailStore

@testable import Diagnosis
@testable import Suppressions

/// Twice as much of one thing is about twice as much work, counted in steps of the replay: lanes and policies that are read, and
/// policies that are asked.
@Suite struct GrowthTests {
    struct Shape: Sendable, CustomTestStringConvertible {
        var name: String
        var changes: @Sendable (Int) -> [PermissionChange]
        var groups: @Sendable (Int) -> [DenialGroup]
        var testDescription: String { name }
    }

    private static let early = "2026-11-02T00:00:00Z"

    private static func role(_ number: Int) -> String { "arn:aws:iam::\(Facts.account):role/role-\(number)" }
    private static func user(_ number: Int) -> String { "arn:aws:iam::\(Facts.account):user/user-\(number)" }
    private static func policy(_ number: Int) -> String { "arn:aws:iam::\(Facts.account):policy/policy-\(number)" }

    /// Groups of one role, each of an action of its own.
    private static func ofOneRole(_ count: Int) -> [DenialGroup] {
        (0..<count).map { Facts.group(.missingAllow(.identityBased), action: "mobiletargeting:Send\($0)") }
    }

    private static func puts(_ count: Int, names: Int = .max, _ document: (Int) -> String = { _ in Facts.allowS3 })
        -> [PermissionChange]
    {
        (0..<count).map {
            Facts.put(document($0), at: early, id: "put-\($0)", name: "inline-\($0 % names)")
        }
    }

    private static func attachments(_ count: Int, of name: @Sendable (Int) -> String = { _ in "order-notifier" })
        -> [PermissionChange]
    {
        (0..<count).map {
            Facts.change("AttachRolePolicy", at: early, id: "attach-\($0)", target: name($0), policy: policy($0))
        }
    }

    static let shapes = [
        Shape(name: "inline policies of one role", changes: { puts($0) }, groups: { _ in ofOneRole(2) }),
        Shape(
            name: "inline policies of one role that each allow, and were deleted",
            changes: { count in
                puts(count) { _ in Facts.statement("Allow", "mobiletargeting:*", "*") }
                    + (0..<count).map {
                        Facts.change(
                            "DeleteRolePolicy", id: "delete-\($0)",
                            parameters: #"{"roleName":"order-notifier","policyName":"inline-\#($0)"}"#)
                    }
            }, groups: { _ in ofOneRole(2) }),
        Shape(
            name: "inline policies of one role under one condition",
            changes: { count in
                puts(count) { number in
                    #"{"Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/Team":"\#(number % 2)"}}}]}"#
                }
            },
            groups: { _ in [Facts.group(.explicitDeny(.identityBased))] }),
        Shape(name: "attachments of one role", changes: { attachments($0) }, groups: { _ in ofOneRole(2) }),
        Shape(
            name: "attachments of one role that ended",
            changes: { count in
                (0..<count).map {
                    Facts.change("DetachRolePolicy", at: early, id: "detach-\($0)", policy: policy($0))
                }
            }, groups: { _ in ofOneRole(2) }),
        Shape(
            name: "changes of one policy",
            changes: { puts($0, names: 1) { Facts.statement("Allow", "s3:Get\($0)", "*") } },
            groups: { _ in ofOneRole(2) }),
        Shape(
            name: "groups among changes of a few policies",
            changes: { _ in puts(60, names: 3) { Facts.statement("Allow", "s3:Get\($0)", "*") } },
            groups: { ofOneRole($0 / 10) }),
        Shape(
            name: "groups of one role with many policies", changes: { _ in puts(30) }, groups: { ofOneRole($0 / 10) }),
        Shape(name: "groups of one role", changes: { _ in puts(1) }, groups: { ofOneRole($0 / 2) }),
        Shape(
            name: "roles with the same policies",
            changes: { count in
                (0..<20).map {
                    Facts.version(Facts.allowS3, of: policy($0), at: early, id: "version-\($0)")
                }
                    + (0..<count).map {
                        Facts.change(
                            "AttachRolePolicy", at: early, id: "attach-\($0)", target: "role-\($0)",
                            policy: policy($0 % 20))
                    }
            },
            groups: { count in
                (0..<count).map { Facts.group(.missingAllow(.identityBased), principal: role($0)) }
            }),
        Shape(
            name: "users with managed policies of their own",
            changes: { count in
                (0..<count).flatMap { number in
                    [
                        Facts.version(Facts.allowS3, of: policy(number), at: early, id: "version-\(number)"),
                        Facts.change(
                            "AttachUserPolicy", at: early, id: "attach-\(number)", target: "user-\(number / 2)",
                            type: "user", policy: policy(number)),
                    ]
                }
            },
            groups: { count in
                (0..<count / 2).map { Facts.group(.missingAllow(.identityBased), principal: user($0)) }
            }),
        Shape(
            name: "grants of one key",
            changes: { count in
                (0..<count).map { number in
                    Facts.change(
                        "CreateGrant", at: early, id: "grant-\(number)", target: key, type: "key",
                        source: "kms.amazonaws.com",
                        parameters:
                            #"{"keyId":"\#(key)","granteePrincipal":"\#(role(number))","operations":["Decrypt"]}"#,
                        response: #"{"grantId":"grant-\#(number)","keyId":"\#(key)"}"#)
                }
            },
            groups: { _ in
                (0..<3).map {
                    Facts.group(
                        .missingAllow(.resourceBased), principal: role(-1 - $0), action: "kms:Decrypt", resource: key,
                        source: "kms.amazonaws.com")
                }
            }),
        Shape(
            name: "tags of one role",
            changes: { count in
                (0..<count).map {
                    Facts.change(
                        "TagRole", at: early, id: "tag-\($0)",
                        parameters: #"{"roleName":"order-notifier","tags":[{"key":"k\#($0)","value":"v"}]}"#)
                }
            }, groups: { _ in ofOneRole(2) }),
    ]

    private static let key = "arn:aws:kms:us-east-1:\(Facts.account):key/1111"

    private static func work(_ shape: Shape, _ count: Int) -> Int {
        let counter = ReplayWork()
        ReplayWork.$counter.withValue(counter) {
            let diagnoser = Diagnoser(
                usage: [], changes: shape.changes(count), coverage: Facts.coverage, reportTime: "2026-11-23T00:00:00Z")
            // All at once, some of it would be done on threads that nobody counts on.
            for group in shape.groups(count) { _ = diagnoser.study(group) }
        }
        return counter.steps
    }

    @Test(arguments: shapes) func `Twice as much is twice as much work`(_ shape: Shape) {
        let (few, many) = (Self.work(shape, 60), Self.work(shape, 120))
        #expect(few > 0 && Double(many) / Double(few) < 2.3, "\(few) and \(many)")
    }

    /// Ten thousand rules for ten thousand roles cost each group one look-up.
    @Test func `A group meets the suppression rules that can match it alone`() throws {
        func met(_ count: Int) throws -> Int {
            let rules = (0..<count).map { "*:role/role-\($0) mobiletargeting:* * * # accepted\n" }.joined()
            let index = SuppressionIndex(try Suppression(parsing: rules), at: "2026-11-23T00:00:00Z")
            return (0..<count).reduce(0) { sum, number in
                sum
                    + index.candidates(for: Facts.group(.missingAllow(.identityBased), principal: Self.role(number)))
                    .count
            }
        }
        let (few, many) = (try met(100), try met(200))
        #expect(few > 0 && Double(many) / Double(few) < 2.3, "\(few) and \(many)")
    }
}
