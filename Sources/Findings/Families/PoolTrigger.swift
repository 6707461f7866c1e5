import AccessDenial
import Causes
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import RecordedCalls
import RecordedChanges
import TrailStore
import Wording

/// A function that a user pool calls and whose policy does not let this very pool in: the refused call names neither.
///
/// Source: "Customizing user pool workflows with Lambda triggers" in the Amazon Cognito developer guide.
struct PoolTrigger {
    private static let service = "cognito-idp.amazonaws.com"
    private let pool: ARN
    private let function: String
    /// The event since which the pool calls the function.
    private let change: TrailChange
    /// The event that wrote what the function's policy says last.
    private let written: TrailChange?
    /// Which pools the function's policy names.
    private let named: [String]
    /// The alias or version that the pool calls, where that has no policy in the trail and the function itself has one.
    private var qualifier: String?

    static func isReason(_ group: DenialGroup) -> Bool {
        group.reason.slug == DestinationRefusal.slug && group.eventSource == service
    }

    /// What is known where a trigger of a user pool was refused; `nil` for any other refusal.
    static func known(_ facts: GroupFacts) -> KnownRefusal.Known? {
        guard isReason(facts.group) else { return nil }
        if let trigger = PoolTrigger(facts) { return trigger.known(facts) }
        return KnownRefusal.Known(
            title: "",
            story:
                "Cognito calls the functions of a user pool's triggers on its own behalf: the policy of the function must let \(service) in, for this very pool.",
            remedy: Remedy(
                .policy,
                "Let the policy of the trigger's function name \(service), with \("lambda:InvokeFunction") and the pool's ARN as \("aws:SourceArn"): a permission for another pool does not do. No permission of the caller is at fault."
            ))
    }

    /// `nil` where the trail does not show one pool alone that its function does not let in.
    private init?(_ facts: GroupFacts) {
        let words = facts.group.evidence.lazy.compactMap(\.errorMessage).first ?? ""
        let trigger = String(words.prefix { !$0.isWhitespace })
        let regions = Set(facts.group.regions.map(\.value))
        let changes = facts.trail.settings(of: PermissionChangeTarget.userPoolName).filter { change in
            change.time <= facts.group.firstSeen && change.change.awsRegion.map(regions.contains) ?? false
        }
        let pools = Dictionary(grouping: changes.filter { $0.parameter("clientId") == nil && !$0.edits.isEmpty }) {
            $0.change.target ?? ""
        }
        let lacking = pools.values.compactMap { line in line.last.flatMap { PoolTrigger($0, trigger, facts) } }
        guard lacking.count == 1 else { return nil }
        self = lacking[0]
    }

    private init?(_ change: TrailChange, _ trigger: String, _ facts: GroupFacts) {
        let asked = change.parameters?.member(ignoringCase: "lambdaConfig")?.member(ignoringCase: trigger)
        guard let function = asked?.scalarText, let arn = ARN(function), let holder = Holder.resource(arn: function),
            let id = change.change.target, let region = change.change.awsRegion
        else { return nil }
        let pool = ARN(
            partition: arn.partition, service: "cognito-idp", region: region, account: change.account,
            resource: "userpool/\(id)")
        guard var (statements, events) = Self.policy(of: holder, facts) else { return nil }
        // An alias and a version have policies of their own.
        let parts = arn.resource.split(separator: ":")
        if statements.isEmpty, parts.count == 3,
            let bare = Holder.resource(arn: arn.with(resource: parts.prefix(2).joined(separator: ":")).description)
        {
            qualifier = String(parts[2])
            events = Self.policy(of: bare, facts)?.events ?? []
            statements = []
        }
        // Nothing is known of a policy that nobody wrote in the trail.
        guard !events.isEmpty else { return nil }
        var context = RequestContext()
        context.set("aws:SourceArn", pool.description)
        context.set("aws:SourceAccount", pool.account)
        let naming = statements.filter { statement in
            statement.effect == .allow && statement.principals?.patterns.contains { $0.text == Self.service } ?? false
        }
        guard !naming.contains(where: { $0.conditions.allSatisfy { $0.matches(in: context) != .no } }) else {
            return nil
        }
        self.pool = pool
        self.function = function
        self.change = change
        written = events.max { $0.moment < $1.moment }
        named = naming.flatMap(\.conditions).filter { $0.key.lowercased() == "aws:sourcearn" }.flatMap(\.values)
    }

    /// What the policy of a function says, and who wrote it; `nil` where a text of it is not known.
    private static func policy(of function: Holder, _ facts: GroupFacts) -> (
        statements: [Statement], events: [TrailChange]
    )? {
        let lane = facts.trail.timeline.state(of: function, .policy, at: .at(facts.group.firstSeen))
        var statements: [Statement] = []
        var events: [TrailChange] = []
        for entry in lane.entries.values {
            guard case .known(.document(let text)) = entry.knowledge, let document = text.document else { return nil }
            statements += document.statements
            if let event = entry.source.event.flatMap(facts.trail.change) { events.append(event) }
        }
        return (statements, events)
    }

    private func known(_ facts: GroupFacts) -> KnownRefusal.Known {
        var story: Prose =
            "User pool \(pool.name) calls function \(CallTarget.name(in: function)) on its own behalf since \(time: change.time), and the function's policy lets \(Self.service) in"
        story = named.isEmpty ? "\(story) for no pool." : "\(story) for \(list: named, limit: 2) alone."
        if let qualifier {
            story =
                "User pool \(pool.name) calls \(CallTarget.name(in: function)):\(qualifier) on its own behalf since \(time: change.time). A version or an alias has a policy of its own, and the trail shows none that lets \(Self.service) in: the one of the function itself does not hold for it."
        }
        return KnownRefusal.Known(
            title: "", story: story,
            remedy: Remedy(
                .command,
                "Let function \(CallTarget.name(in: function)) be invoked (lambda:InvokeFunction) by \(Self.service) for \(pool.description) as well, as below\(words: qualifier == nil ? "" : ": the option names what the pool calls"). The permissions that are there stay, and no permission of the caller is at fault.",
                commands: [
                    ShellCommand(
                        .lambdaAddPermission,
                        [
                            "--function-name",
                            .value(CallTarget.name(in: function), .nameOrARN("the function's name", service: "lambda")),
                        ] + (qualifier.map { ["--qualifier", .value($0, .name("the qualifier"))] } ?? []) + [
                            "--statement-id", .ours("cognito-pool"), "--action", .ours("lambda:InvokeFunction"),
                            "--principal", .ours(Self.service), "--source-arn",
                            .value(pool.description, .arn(service: "cognito-idp")),
                        ] + ShellWord.region(change.change.awsRegion))
                ]),
            evidence: [change.evidence] + (written.map { [$0.evidence] } ?? []), point: story)
    }
}
