import AccessDenial
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import TrailStore

/// Whether a change of tags can have ended an Allow or brought a Deny: only where a policy asks for that very tag.
enum TagConditions {
    /// How a change of tags is known to matter; `nil` where the policies that the trail holds speak against it.
    static func proof(_ change: TrailChange, _ facts: GroupFacts) -> PermissionsChanged.Proof? {
        let touched = touched(change)
        // A device that was taken away, or a record that was not kept.
        guard !touched.isEmpty else { return PermissionsChanged.Proof.none }
        let isDeny = facts.group.reason.effect == .explicit
        let statements = statements(facts)
        let asking = statements.filter { statement in touched.contains { asks(statement, for: $0) } }
        guard !asking.isEmpty else {
            let isExplained = statements.contains { covers($0, facts) }
            return isExplained ? nil : PermissionsChanged.Proof.none
        }
        var isOpen = false
        for statement in asking {
            for tag in touched where asks(statement, for: tag) {
                let former = tag.value(facts, before: change)
                let latter = tag.values(facts)
                guard former == nil || former != latter else { continue }
                let conditions = statement.conditions.filter { ConditionTag(conditionKey: $0.key) == tag }
                // A variable without a value matches nothing.
                if conditions.isEmpty, latter == [], !isDeny { return .document }
                let verdicts = conditions.map { matches($0, latter ?? []) }
                let wasMet = former.map { value in
                    conditions.allSatisfy { matches($0, value) != .no }
                }
                let isRefusing = isDeny ? verdicts.allSatisfy { $0 == .yes } : verdicts.contains(.no)
                if latter != nil, isRefusing, !conditions.isEmpty, wasMet != isDeny { return .document }
                if verdicts.contains(.undetermined) || conditions.isEmpty { isOpen = true }
            }
        }
        return isOpen ? .conditional : nil
    }

    private static func matches(_ condition: Statement.Condition, _ values: [String]) -> Truth {
        // What a variable stands for is not known.
        guard !condition.values.contains(where: { $0.contains("$") }) else { return .undetermined }
        var context = RequestContext()
        if let value = values.first { context.set(condition.key, value) }
        return condition.matches(in: context)
    }

    /// Whether a policy that the trail holds asks for a tag that a change touched.
    static func isAsked(_ change: TrailChange, _ facts: GroupFacts) -> Bool {
        statements(facts).contains { statement in touched(change).contains { asks(statement, for: $0) } }
    }

    /// What a policy asks of the tag that a change touched, and what became of it; empty where no policy in the trail asks.
    static func story(_ change: TrailChange, _ facts: GroupFacts) -> Prose {
        let touched = touched(change)
        for policy in facts.policies.known.reversed() {
            for statement in statements(policy.statements, facts) {
                for tag in touched where asks(statement, for: tag) {
                    let verb = statement.effect == .deny ? "denies" : "allows"
                    let whose: Prose = tag.owner == .principal ? facts.principal.shown : "the resource"
                    var text: Prose = "Policy \(policy.name) \(words: verb) the call by the tag \(tag.key) of \(whose)"
                    if let condition = statement.conditions.first(where: {
                        ConditionTag(conditionKey: $0.key) == tag
                    }) {
                        text =
                            "\(text) (\(condition.key) \(condition.conditionOperator) \(list: condition.values, limit: 3))"
                    }
                    let latter = tag.values(facts)
                    if let latter {
                        text = latter.isEmpty ? "\(text), which it has no more" : "\(text), which is \(latter[0]) since"
                    }
                    return "\(text)."
                }
            }
        }
        return ""
    }

    /// What to do where a condition on a tag is not met: the tag comes back, the condition stays.
    static func advice(
        _ tag: ConditionTag, _ condition: Statement.Condition, _ policy: String, _ facts: GroupFacts
    ) -> Prose {
        let values: Prose = "\(list: condition.values, limit: 3)"
        var text: Prose
        if tag.owner == .resource {
            text = "Give the resource the tag \(tag.key) that policy \(policy) asks for (\(values))"
        } else if let issue = facts.group.taggedSession {
            let opener: Prose = issue.issuedTo.map { PrincipalName($0).shown } ?? "whoever opens the sessions"
            text =
                "Let \(opener) pass the session tag \(tag.key) that policy \(policy) asks for (\(values)) when it opens the session, as it did at \(time: issue.issuedAt)"
        } else {
            text = "Give \(facts.principal.shown) the tag \(tag.key) that policy \(policy) asks for (\(values))"
        }
        return
            "\(text), if these calls should have it. Do not allow the call without the condition: it separates resources with different tags."
    }

    /// The event that opened the last session with a tag that the refused ones lack.
    static func evidence(_ allow: PolicyDocuments.ConditionalAllow, _ facts: GroupFacts) -> [Evidence] {
        guard let issue = facts.group.taggedSession, allow.failures.contains(where: { $0.tag?.owner == .principal })
        else {
            return []
        }
        return [
            Evidence(
                eventID: issue.eventID, eventTime: issue.issuedAt, eventName: issue.eventName,
                principal: issue.issuedTo ?? "",
                summary: "opened a session with the tags \(list: issue.tags.map(\.description), limit: 3)")
        ]
    }

    /// The commands that give a principal back the tags that a change took or wrote over, as far as the trail tells their values.
    static func commands(undoing change: TrailChange, _ facts: GroupFacts) -> [ShellCommand] {
        guard change.rule?.direction == .touchesConditions else { return [] }
        let former = touched(change).sorted { $0.key < $1.key }.compactMap { tag -> [ShellWord.Field]? in
            guard let value = tag.value(facts, before: change)?.first else { return nil }
            return [
                ShellWord.Field(
                    name: "Key", value: written(tag.key, change, facts.changes.prefix { $0.moment < change.moment }),
                    form: .name("the tag's key")),
                ShellWord.Field(name: "Value", value: value, form: .text("the tag's value")),
            ]
        }
        guard !former.isEmpty else { return [] }
        let region = ShellWord.region(change.change.awsRegion)
        let (operation, words): (AWSOperation, [ShellWord])
        switch change.changeName {
        case .tagRole, .untagRole: (operation, words) = (.iamTagRole, ["--role-name", .role(change.roleName ?? "")])
        case .tagUser, .untagUser: (operation, words) = (.iamTagUser, ["--user-name", .user(change.userName ?? "")])
        default:
            guard change.change.eventSource == "secretsmanager.amazonaws.com", let secret = change.parameter("secretId")
            else { return [] }
            (operation, words) = (.secretsmanagerTagResource, ["--secret-id", .secret(secret)])
        }
        return [
            ShellCommand(operation, words + ["--tags", .structures(former)] + (operation.isGlobal ? [] : region))
        ]
    }

    /// The key of a tag in its own case.
    private static func written(_ key: String, _ change: TrailChange, _ before: ArraySlice<TrailChange>) -> String {
        for change in [change] + before.reversed() {
            let lists = ["tags", "tagKeys"].compactMap { change.parameters?.member(ignoringCase: $0) }
            for element in lists.flatMap(\.elements) {
                let text = element.stringValue ?? element.member(ignoringCase: "key")?.stringValue
                if let text, text.lowercased() == key { return text }
            }
        }
        return key
    }

    /// The tags that a change sets or takes away.
    private static func touched(_ change: TrailChange) -> Set<ConditionTag> {
        let owner: ConditionTag.Owner = change.rule?.target == .resource ? .resource : .principal
        return Set(change.tagKeys.map { ConditionTag(owner, $0) })
    }

    /// Whether a statement asks for a tag: in a condition's key, or as a variable in one of its values or resources.
    static func asks(_ statement: Statement, for tag: ConditionTag) -> Bool {
        let variables = statement.conditions.flatMap(\.values) + (statement.resources?.patterns.map(\.text) ?? [])
        return statement.conditions.contains { ConditionTag(conditionKey: $0.key) == tag }
            || variables.contains { $0.lowercased().contains(tag.variable) }
    }

    /// The statements of the known policies that can bear on the refused calls, by whatever conditions.
    private static func statements(_ facts: GroupFacts) -> [Statement] {
        facts.policies.known.flatMap { statements($0.statements, facts) }
    }

    private static func statements(_ statements: [Statement], _ facts: GroupFacts) -> [Statement] {
        let effect: Statement.Effect = facts.group.reason.effect == .explicit ? .deny : .allow
        return statements.filter { statement in
            statement.effect == effect && statement.matchesAction(facts.group.action)
                && (covers(statement, facts)
                    || statement.resources?.patterns.contains(where: \.holdsVariable) ?? false)
        }
    }

    private static func covers(_ statement: Statement, _ facts: GroupFacts) -> Bool {
        let resources = facts.refusedResources
        return resources.isEmpty || resources.contains { statement.matchesResource($0) }
    }
}
