import AccessDenial
import Causes
import IAMPolicy
import PolicyTimeline
import RecordedCalls
import RecordedChanges
import TrailStore
import Wording

/// A role that a request hands to a service, and what the service is to do with it: what its policies do not allow of that.
///
/// Sources: the services' user guides: "SMS message settings for user pools" of Amazon Cognito, "Example 1: Subscription filters with
/// Amazon Kinesis Data Streams" of CloudWatch Logs, "Logging using CloudWatch Logs" of Step Functions, "Streaming app and campaign events" of Amazon Pinpoint.
struct HandedRole {
    /// What the service does, and on what; `nil` for a text message, whose resource is the number.
    package struct Use: Hashable {
        package var action: String
        package var resource: String?
    }

    package let role: ARN
    /// What no policy of the role allows, in the order in which the service does it.
    private(set) var lacking: [Use] = []
    /// The last policy of the role that speaks of one of those, and what it allows them on.
    private(set) var near: (policy: HeldPolicy, resources: [String])?

    /// `nil` where it is not known what the service does, or where the trail does not show every policy of the role.
    init?(_ role: ARN, _ facts: GroupFacts) {
        self.role = role
        let uses = Self.uses(facts)
        guard !uses.isEmpty, let holder = Holder(naming: role.description) else { return nil }
        let state = facts.timeline.state(at: .at(facts.group.firstSeen), of: PolicySubject(principal: holder))
        guard let identity = state.principal?.identity, identity.isComplete else { return nil }
        lacking = uses.filter { use in
            !identity.policies.contains { policy in
                policy.text.document?.statements.contains { Self.allows(use, $0) } ?? true
            }
        }
        for policy in identity.policies {
            let statements = policy.text.document?.statements ?? []
            for statement in statements where statement.effect == .allow {
                guard lacking.contains(where: { statement.matchesAction($0.action) }) else { continue }
                near = (policy, statement.resources?.patterns.map(\.text) ?? [])
            }
        }
    }

    /// The policy of a role that allows an action as the group's denials end; `nil` where none in the trail does without a condition.
    package static func allowing(_ action: String, on resource: String?, _ role: ARN, _ facts: GroupFacts)
        -> HeldPolicy?
    {
        guard let holder = Holder(naming: role.description) else { return nil }
        let state = facts.timeline.state(at: .at(facts.group.lastSeen), of: PolicySubject(principal: holder))
        return state.principal?.identity.policies.first { policy in
            policy.text.document?.statements.contains { statement in
                allows(Use(action: action, resource: resource ?? "*"), statement) && statement.conditions.isEmpty
            } ?? false
        }
    }

    private static func allows(_ use: Use, _ statement: Statement) -> Bool {
        statement.effect == .allow && statement.matchesAction(use.action)
            && statement.matchesResource(use.resource ?? "+15555550100")
    }

    /// What the service does with the role, by what the request connects.
    private static func uses(_ facts: GroupFacts) -> [Use] {
        if facts.group.eventSource == "cognito-idp.amazonaws.com" { return [Use(action: "sns:Publish")] }
        var found: [Use] = []
        for call in facts.requests.denied.all.map(\.observed.call) {
            call.parameters?.forEachText { text in
                guard let arn = ARN(text), let actions = deliveries[facts.group.eventSource]?[arn.service] else {
                    return
                }
                // What sets up the delivery of logs is checked against every resource.
                let resource = actions.contains("logs:CreateLogDelivery") ? "*" : text
                for action in actions where !found.contains(where: { $0.action == action }) {
                    found.append(Use(action: action, resource: resource))
                }
            }
        }
        return found
    }

    /// By the service that was called, then by the service of the destination.
    private static let deliveries: [String: [String: [String]]] = [
        "states.amazonaws.com": [
            "logs": [
                "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery",
                "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies",
                "logs:DescribeLogGroups",
            ]
        ],
        "logs.amazonaws.com": ["kinesis": ["kinesis:PutRecord"], "firehose": ["firehose:PutRecord"]],
        "pinpoint.amazonaws.com": [
            "kinesis": ["kinesis:PutRecords", "kinesis:DescribeStream"],
            "firehose": ["firehose:PutRecordBatch", "firehose:DescribeDeliveryStream"],
        ],
    ]

    /// What the role's policies allow and do not, in a sentence.
    package func story(_ facts: GroupFacts) -> Prose {
        guard let first = lacking.first else {
            return "The trail shows its policies, and they allow what the service does there itself."
        }
        let what: Prose = first.resource == nil ? "to a phone number" : "on \(first.resource ?? "")"
        let actions = lacking.map(\.action)
        guard let near else { return "No policy of it in the trail allows \(list: actions, limit: 3) \(what)." }
        let named: Prose =
            "Its policy \(near.policy.name) allows \(first.action) on \(list: near.resources, limit: 3)"
        return first.resource == nil
            ? "\(named), and a text message is on none of these: its resource is the phone number, which no ARN matches."
            : "\(named), and not \(what)."
    }

    /// The event that wrote the policy that falls short.
    package func evidence(_ facts: GroupFacts) -> [Evidence] {
        near.flatMap { facts.writing($0.policy) }.map { [$0.evidence] } ?? []
    }

    /// The Allow that the role lacks; `nil` where it lacks none.
    package var policy: PolicyDocument? {
        guard !lacking.isEmpty else { return nil }
        return PolicyDocument([
            Statement(
                .allow, actions: .matching(lacking.map { ActionPattern($0.action) }),
                resources: .matching(
                    Set(lacking.map { $0.resource ?? "*" }).sorted().map(ResourcePattern.init)))
        ])
    }
}
