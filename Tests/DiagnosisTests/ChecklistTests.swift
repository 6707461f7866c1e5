import AccessDenial
import Causes
import Diagnosis
import IAMPolicy
import Remedies
import Testing
import TrailStore
import Wording

/// What the checklist may rule out, and what it must leave open.
@Suite struct ChecklistTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var item: String
        var mark: ChecklistItem.Mark
        var group: DenialGroup
        var usage = [Facts.usage()]
        var changes: [PermissionChange] = []
        /// The sources of which the archive holds management events.
        var sources = ["iam.amazonaws.com"]
        /// What note and pointer must hold together, and what they must not.
        var says: [String] = []
        var saysNot: [String] = []

        var testDescription: String { "\(item): \(name)" }
    }

    private static let identity = Reason.missingAllow(.identityBased)
    private static let creation = Facts.change(
        "CreateRole", at: "2026-11-01T02:00:00Z", id: "creation", parameters: #"{"roleName":"order-notifier"}"#)
    private static let attachment = Facts.change(
        "AttachRolePolicy", at: "2026-11-01T02:01:00Z", id: "attachment", policy: Facts.policy)
    private static let bucket = "arn:aws:s3:::imports/a.csv"

    private static func object(_ reason: Reason) -> DenialGroup {
        Facts.group(reason, action: "s3:GetObject", resource: bucket, source: "s3.amazonaws.com")
    }

    private static let recentChanges: [Case] = [
        Case(
            name: "nothing changed, and the role's whole history is known", item: "recent-change", mark: .ruledOut,
            group: Facts.group(identity), changes: [creation, attachment]),
        Case(
            name: "the role worked, and the archive shows no policy of it", item: "recent-change", mark: .notVisible,
            group: Facts.group(identity), changes: [creation], says: ["lacks events of IAM"]),
        Case(
            name: "a change that reaches the role and cannot be the cause", item: "recent-change", mark: .ruledOut,
            group: Facts.group(identity), changes: [creation, attachment, Facts.put(Facts.allowSend)],
            saysNot: ["Whether it bears on this refusal"]),

        Case(
            name: "the role is older than the archive", item: "recent-change", mark: .notVisible,
            group: Facts.group(identity)),
        Case(
            name: "no IAM events", item: "recent-change", mark: .notVisible, group: Facts.group(identity),
            changes: [creation], sources: [], says: ["us-east-1"]),
        Case(
            name: "no IAM events in China", item: "recent-change", mark: .notVisible,
            group: Facts.group(identity, principal: "arn:aws-cn:iam::111122223333:role/app"), usage: [], sources: [],
            says: ["cn-north-1"], saysNot: ["us-east-1"]),
        Case(
            name: "an SCP may hang on any unit above", item: "recent-change", mark: .notVisible,
            group: Facts.group(.explicitDeny(.serviceControl)), changes: [creation],
            sources: ["iam.amazonaws.com", "organizations.amazonaws.com"], says: ["organizational units"]),
        Case(
            name: "a session policy is no change", item: "recent-change", mark: .notVisible,
            group: Facts.group(.missingAllow(.session)), changes: [creation]),
        Case(
            name: "AWS names no policy type", item: "recent-change", mark: .notVisible, group: Facts.group(.unstated),
            changes: [creation]),
        Case(
            name: "a bucket's policy in an archive without any", item: "recent-change", mark: .notVisible,
            group: object(.explicitDeny(.resourceBased)), usage: [Facts.usage(Facts.role, "s3:GetObject")],
            changes: [creation]),
        Case(
            name: "a bucket's policy went, and AWS names an identity-based one", item: "recent-change",
            mark: .found, group: object(identity), usage: [Facts.usage(Facts.role, "s3:GetObject")],
            changes: [
                creation,
                Facts.change(
                    "DeleteBucketPolicy", target: "imports", type: "bucket", source: "s3.amazonaws.com",
                    parameters: #"{"bucketName":"imports"}"#),
            ], sources: ["iam.amazonaws.com", "s3.amazonaws.com"],
            says: ["deleted the policy of bucket imports", "possible, no more"]),
        Case(
            name: "changes of buckets are not recorded", item: "recent-change", mark: .notVisible,
            group: object(identity), usage: [Facts.usage(Facts.role, "s3:GetObject")],
            changes: [creation, attachment], says: ["s3.amazonaws.com"]),
        Case(
            name: "changes of buckets are recorded", item: "recent-change", mark: .ruledOut, group: object(identity),
            usage: [Facts.usage(Facts.role, "s3:GetObject")], changes: [creation, attachment],
            sources: ["iam.amazonaws.com", "s3.amazonaws.com"]),
    ]

    private static func withoutMFA(_ last: String) -> Case {
        Case(
            name: "a success without MFA at \(last)", item: "mfa",
            mark: last >= Facts.firstSeen ? .ruledOut : .notVisible,
            group: Facts.group(.explicitDeny(.identityBased)) {
                var context = SuccessContext()
                context.mfaAuthenticated = [Counted("false", denials: 90)]
                $0.successContext = context
            }, usage: [Facts.usage(last: last)])
    }

    private static func inRegion(_ last: String) -> Case {
        Case(
            name: "a success in the Region at \(last)", item: "region",
            mark: last >= Facts.firstSeen ? .ruledOut : .notVisible, group: Facts.group(.explicitDeny(.serviceControl)),
            usage: [Facts.usage(last: last)])
    }

    private static let rest: [Case] = [
        withoutMFA("2026-11-10T11:50:00Z"), withoutMFA("2026-11-10T13:00:00Z"),
        Case(
            name: "a success without MFA on something else", item: "mfa", mark: .notVisible,
            group: Facts.group(.explicitDeny(.identityBased)) {
                var context = SuccessContext()
                context.mfaAuthenticated = [Counted("false", denials: 90)]
                $0.successContext = context
                $0.successesWithin = 0
                $0.successesElsewhere = 3
            }, usage: [Facts.usage(last: "2026-11-10T13:00:00Z")]),
        inRegion("2026-11-10T11:50:00Z"), inRegion("2026-11-10T13:00:00Z"),
        Case(
            name: "another address is no endpoint", item: "vpc-endpoint", mark: .ruledOut,
            group: Facts.group(.explicitDeny(.identityBased)) {
                $0.sourceIPAddresses = [Counted("198.51.100.201", denials: 12)]
                var context = SuccessContext()
                context.sourceIPAddresses = [Counted("203.0.113.10", denials: 90)]
                $0.successContext = context
            }),
        Case(
            name: "not every service answers 429", item: "throttling", mark: .ruledOut, group: object(identity),
            saysNot: ["429"]),
        Case(
            name: "Pinpoint answers 429", item: "throttling", mark: .ruledOut, group: Facts.group(identity),
            says: ["429"]),
        Case(
            name: "a message without a reason that was not cut", item: "cloudtrail", mark: .notVisible,
            group: Facts.group(.unstated), saysNot: ["whole message"]),
    ]

    @Test(arguments: recentChanges + rest)
    func aRowIsRuledOutOnlyWhereTheTrailProvesIt(_ row: Case) throws {
        var coverage = Facts.coverage
        coverage.services = row.sources.map {
            ServiceCoverage(eventSource: $0, eventCategory: "Management", events: 9, denials: 0)
        }
        let study = Scenario(
            name: row.name, group: row.group, usage: row.usage, changes: row.changes, coverage: coverage,
            rootCause: .missingAllow
        ).study
        let item = try #require(study.checklist.first { $0.id == row.item })
        #expect(item.mark == row.mark, "\(item.note)")
        let words = item.note.plain + " " + item.look.plain
        for text in row.says { #expect(words.contains(text), "\(text) in \(words)") }
        for text in row.saysNot { #expect(!words.contains(text), "\(text) in \(words)") }
    }
}
