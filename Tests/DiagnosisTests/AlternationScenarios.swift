import AccessDenial
import Diagnosis
import IAMPolicy
import TrailStore

/// Successes and denials by turns: what tells them apart.
extension ScenarioTests {
    private static func alternating(
        _ name: String, changes: [PermissionChange] = [], tells: [String], tellsNot: [String] = [],
        _ change: (inout DenialGroup, inout SuccessContext) -> Void
    ) -> Scenario {
        let group = Facts.group(.missingAllow(.identityBased)) { group in
            var context = SuccessContext()
            context.callers = calls("arn:aws:sts::111122223333:assumed-role/order-notifier/a", 4)
            group.callers = calls("arn:aws:sts::111122223333:assumed-role/order-notifier/a")
            context.sourceIPAddresses = calls("203.0.113.5", 4)
            group.sourceIPAddresses = calls("203.0.113.5")
            change(&group, &context)
            group.successesWithin = 4
            group.lastSuccessBefore = "2026-11-10T11:50:00Z"
            group.successContext = context
            group.alternatingContext = context
        }
        return Scenario(
            name: "by turns: \(name)", group: group, usage: [Facts.usage()], changes: changes, rootCause: .missingAllow,
            status: .intermittent, tells: tells, tellsNot: tellsNot,
            says: [
                "The same call also succeeds at times, so something allows it under conditions: first compare the calls that succeed with those that fail"
            ])
    }

    /// Two outages; the text of the status tells when the first one began.
    private static let twice = Scenario(
        name: "the latest of two outages",
        group: Facts.group(.missingAllow(.identityBased)) {
            $0.firstSeen = "2026-11-03T00:00:00Z"
            $0.outageStart = Facts.firstSeen
            $0.outages = 2
            $0.lastSuccessBefore = "2026-11-10T11:50:00Z"
            $0.successesWithin = 0
        }, usage: [Facts.usage()], rootCause: .missingAllow,
        tells: ["began at 2026-11-10 12:00:00 UTC", "1 other since 2026-11-03 00:00:00 UTC"])

    private static func calls(_ value: String, _ count: Int = 12) -> [Counted<String>] {
        [Counted(value, denials: count)]
    }

    static let alternations: [Scenario] = [
        twice,
        alternating(
            "the session differs", tells: ["They differ in the session", "order-notifier/b", "order-notifier/a"],
            tellsNot: ["Nothing", "source address"]
        ) { group, _ in group.callers = calls("arn:aws:sts::111122223333:assumed-role/order-notifier/b") },
        alternating("the source identity differs", tells: ["the source identity (refused: carol; succeeded: dave)"]) {
            group, context in
            group.sourceIdentities = calls("carol")
            context.sourceIdentities = calls("dave", 4)
        },
        alternating("one goes through an endpoint", tells: ["refused through the VPC endpoint vpce-0abc"]) { group, _ in
            group.vpcEndpointIds = calls("vpce-0abc")
        },
        alternating(
            "address and client differ", tells: ["the source address", "198.51.100.7", "; in the client (refused: new"]
        ) { group, context in
            group.sourceIPAddresses = calls("198.51.100.7")
            group.userAgents = calls("new")
            context.userAgents = calls("old", 4)
        },
        alternating(
            "nothing differs", tells: ["do not tell them apart", "tags of the session"],
            tellsNot: ["IAM changes take a while to take effect everywhere"]
        ) { _, _ in },
        alternating(
            "nothing differs, and a tag was set just before",
            changes: [Facts.change("TagRole", at: "2026-11-10T11:59:00Z")],
            tells: [
                "do not tell them apart", "2026-11-10 11:59:00 UTC",
                "IAM changes take a while to take effect everywhere",
            ]
        ) { _, _ in },
        alternating("every call has a session of its own", tells: ["do not tell them apart"]) { group, context in
            group.callers = (0..<12).map {
                Counted("arn:aws:sts::111122223333:assumed-role/order-notifier/\($0)", denials: 1)
            }
            context.callers = (20..<24).map {
                Counted("arn:aws:sts::111122223333:assumed-role/order-notifier/\($0)", denials: 1)
            }
        },
        alternating("a list that was cut proves nothing", tells: ["alternate"], tellsNot: ["Nothing", "differ"]) {
            group, context in
            group.callers = calls("arn:aws:sts::111122223333:assumed-role/order-notifier/b")
            context.isComplete = false
        },
    ]
}
