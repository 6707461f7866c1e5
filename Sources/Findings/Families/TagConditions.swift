import AccessDenial
package import Causes
import IAMPolicy
import OrderedJSON
import PolicyTimeline
package import RecordedChanges
import TrailStore
package import Wording

/// What is told of tags that policies ask for.
package enum TagConditions {
    /// What a policy asks of the tag that a change touched, and what became of it; empty where no policy in the trail asks.
    package static func story(_ change: TrailChange, _ asking: [Replay.Owned], _ facts: GroupFacts) -> Prose {
        let owner: ConditionTag.Owner = change.rule?.target == .resource ? .resource : .principal
        for one in asking.reversed() {
            let statement = one.statement
            let policy: Prose = one.policy.isEmpty ? "The \(words: one.place.type.words)" : "Policy \(one.policy)"
            for tag in change.tagKeys.map({ ConditionTag(owner, $0) }) where statement.tags.contains(tag) {
                let verb = statement.effect == .deny ? "denies" : "allows"
                let whose: Prose = owner == .principal ? facts.principal.shown : "the resource"
                var text: Prose = "\(policy) \(words: verb) the call by the tag \(tag.key) of \(whose)"
                let condition = statement.conditions.first { ConditionTag(conditionKey: $0.key) == tag }
                if let condition {
                    text =
                        "\(text) (\(condition.key) \(condition.conditionOperator) \(list: condition.values, limit: 3))"
                }
                let now = facts.scene.requests.first?.context.values(of: condition?.key ?? tag.conditionKey)
                if let now {
                    text = now.isEmpty ? "\(text), which it has no more" : "\(text), which is \(now[0]) since"
                }
                return "\(text)."
            }
        }
        return ""
    }

    /// What to do where a condition on a tag is not met: the tag comes back, the condition stays.
    package static func advice(
        _ tag: ConditionTag, _ condition: FailingStatement.Condition, _ policy: Prose, _ facts: GroupFacts
    ) -> Prose {
        // As the policy writes it.
        let name = String(condition.key.drop { $0 != "/" }.dropFirst())
        let values: Prose = "\(list: condition.wanted, limit: 3)"
        var text: Prose
        if tag.owner == .resource {
            let resource: Prose = facts.refusedResources.first.map { "\($0)" } ?? "the resource"
            text = "Give \(resource) the tag \(name) that \(policy) asks for (\(values))"
        } else if let issue = facts.group.taggedSession {
            let opener: Prose = issue.issuedTo.map { PrincipalName($0).shown } ?? "whoever opens the sessions"
            text =
                "Let \(opener) pass the session tag \(name) that \(policy) asks for (\(values)) when it opens the session, as it did at \(time: issue.issuedAt)"
        } else {
            text = "Give \(facts.principal.shown) the tag \(name) that \(policy) asks for (\(values))"
        }
        return
            "\(text), if these calls should have it. Do not allow the call without the condition: it separates resources with different tags."
    }

    /// The event that gave the resource the tag that it has, or took it away, where the trail shows it.
    package static func change(_ allow: ConditionalAllow, _ facts: GroupFacts) -> TrailChange? {
        guard let tag = allow.failures.lazy.compactMap(\.tag).first(where: { $0.owner == .resource }),
            let holder = facts.refusedResources.first.flatMap(Holder.resource(arn:))
        else { return nil }
        let lane = facts.trail.timeline.state(of: holder, .tags, at: .at(facts.group.firstSeen))
        let source =
            lane.entries.first { $0.key.lowercased() == tag.key }?.value.source
            ?? lane.absent.first { $0.key.lowercased() == tag.key }?.value
        return source?.event.flatMap(facts.trail.change)
    }

    /// The event that opened the last session with a tag that the refused ones lack.
    package static func evidence(_ allow: ConditionalAllow, _ facts: GroupFacts) -> [Evidence] {
        guard let issue = facts.group.taggedSession, allow.failures.contains(where: { $0.tag?.owner == .principal })
        else {
            return []
        }
        return [issue.evidence("opened a session with the tags \(list: issue.tags.map(\.description), limit: 3)")]
    }
}
