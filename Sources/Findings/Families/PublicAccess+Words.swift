import AccessDenial
package import Causes
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import RecordedCalls
package import RecordedChanges
import TrailStore
package import Wording

/// What is told of Block Public Access, and what to do about it.
extension PublicAccess {
    /// What is known where AWS gives no reason, and the request itself would make a bucket or an object public; `nil` where it would not,
    /// and where the trail does not show that the setting is on.
    package static func unstated(_ facts: GroupFacts) -> KnownRefusal.Known? {
        if let restricted = restricted(facts) { return restricted }
        guard facts.group.eventSource == "s3.amazonaws.com", Unstated.slugs.contains(facts.group.reason.slug),
            let asked = publicRequest(facts), let change = blocking(asked.setting, facts)
        else { return nil }
        var text: Prose =
            "\(asked.name) (\(words: asked.setting)) is supposed to refuse this: grant access to named principals instead of the public"
        text =
            asked.setting == "BlockPublicPolicy"
            ? "\(text), such as CloudFront with origin access control, or, if the bucket is meant to be public, let its owner switch \(words: asked.setting) off. No further permission of the caller helps."
            : "\(text), and send no public ACL; or, if the bucket is meant to be public, let its owner switch \(words: asked.setting) off. No further permission of the caller helps."
        text += "\(change.person.ask) what the setting is for."
        return KnownRefusal.Known(
            title: "Block Public Access refuses what would be public",
            story:
                "\(asked.what), and \(words: asked.setting) of Block Public Access refuses that, whoever calls. \(change.summary.capitalised) at \(time: change.time).",
            remedy: Remedy(.setting, text, commands: ChangeCommands.commands(for: change)),
            evidence: [change.evidence], point: "\(change.summary.capitalised) at \(time: change.time).")
    }

    /// What is known where AWS gives no reason, somebody outside of the bucket's account called, and the bucket is one that
    /// `RestrictPublicBuckets` closes; `nil` where the trail does not show that.
    private static func restricted(_ facts: GroupFacts) -> KnownRefusal.Known? {
        let setting = "RestrictPublicBuckets"
        guard facts.group.eventSource == "s3.amazonaws.com", Unstated.slugs.contains(facts.group.reason.slug),
            let change = blocking(setting, facts),
            facts.lastSuccessBefore.map({ $0 < change.time }) ?? true,
            let request = facts.requests.denied.all.first?.observed,
            let owner = facts.resourceAccount ?? request.request.resourceAccount, owner != facts.principal.account,
            let policy = facts.timeline.state(at: .at(facts.group.firstSeen), of: request.subject).resources.first?
                .policy.policies.first,
            let document = policy.text.document, PublicBucket.isPublic(document)
        else { return nil }
        let sid = document.statements.first { PublicBucket.isPublic(PolicyDocument([$0])) }?.sid
        let which: Prose =
            sid.map { "the bucket's policy is public (statement \($0))" } ?? "the bucket's policy is public"
        let caller: Prose =
            facts.principal.account.isEmpty
            ? "Let the callers sign their requests, and name them" : "Name \(facts.principal.arn)"
        return KnownRefusal.Known(
            title: "Block Public Access keeps other accounts out of a public bucket",
            story:
                "\(change.summary.capitalised) at \(time: change.time), and \(which): from such a bucket \(words: setting) lets nobody read or write but account \(owner) itself and AWS services, whatever the policy says.",
            remedy: Remedy(
                .setting,
                "\(caller) in the bucket's policy in the place of everybody: a policy that names its principals is not public, and \(words: setting) leaves it alone. Or, if the bucket is meant to be public, let its owner switch \(words: setting) off. \(change.person.ask) what the setting is for.",
                commands: ChangeCommands.commands(for: change)),
            evidence: [change.evidence], point: "\(change.summary.capitalised) at \(time: change.time), and \(which).")
    }

    /// What in the refused requests would make something public, and the setting that refuses it; `nil` where one of them would not.
    private static func publicRequest(_ facts: GroupFacts) -> (setting: String, name: Prose, what: Prose)? {
        let calls = facts.requests.denied.all.map(\.observed.call)
        guard !calls.isEmpty else { return nil }
        if facts.group.action == "s3:PutBucketPolicy" {
            let isPublic = calls.allSatisfy { call in
                guard case .value(let value) = call.parameter(["bucketPolicy"]) else { return false }
                return DocumentText.json(value).document.map(PublicBucket.isPublic) ?? false
            }
            return isPublic
                ? ("BlockPublicPolicy", "Block Public Access", "The policy in the request would make the bucket public")
                : nil
        }
        let lists = Set(calls.map { $0.parameterText("x-amz-acl") ?? "" })
        guard !lists.isEmpty, lists.isSubset(of: publicLists) else { return nil }
        return (
            "BlockPublicAcls", "Block Public Access",
            "The request sets the ACL \(list: lists.sorted(), limit: 2), which is public"
        )
    }

    /// Canned ACLs that let everybody in. Source: "Canned ACL" in the S3 user guide.
    private static let publicLists: Set<String> = ["public-read", "public-read-write", "authenticated-read"]

    /// The change that left a setting on for the bucket or its account; `nil` where the trail shows none.
    private static func blocking(_ setting: String, _ facts: GroupFacts) -> TrailChange? {
        let settings = facts.changes.filter {
            $0.rule?.target == .publicAccess && $0.time <= facts.group.firstSeen && $0.parameters != nil
        }
        let last = Dictionary(grouping: settings, by: \.chain).compactMap { $0.value.last }
        return last.filter { $0.settingsOn.contains(setting) }.max { $0.time < $1.time }
    }

    /// What the change means, for a finding.
    package static func story(_ change: TrailChange, _ facts: GroupFacts) -> Prose {
        let name: Prose = setting(facts).map { "\(words: $0)" } ?? "Block Public Access"
        if change.rule?.target != .publicAccess {
            return
                "The policy is open to everybody since then, and from such a bucket \(name) keeps other accounts away."
        }
        return change.parameters == nil
            ? "Which of the four settings it switched on is not in the trail."
            : "It switched \(name) on, and that setting refuses whatever the policies allow."
    }

    /// What to do; `change` is the one to blame, where the trail shows it.
    package static func remedy(_ change: TrailChange?, _ facts: GroupFacts) -> Remedy {
        var text: Prose =
            "Block Public Access is supposed to refuse this. Grant access to named principals instead of the public, or let the"
        if let asked = publicRequest(facts), asked.setting == "BlockPublicAcls" {
            let lists = Set(facts.requests.denied.all.compactMap { $0.observed.call.parameterText("x-amz-acl") })
                .sorted()
            text =
                "Leave the ACL (\(list: lists, limit: 3)) out of the call, or of what signs its URL: \(asked.setting) refuses every public one, and calls without an ACL pass. Give readers access through CloudFront with origin access control or a policy that names them. Or let the"
        }
        var isOfAccount = false
        if case .account? = change?.publicAccessSubject { isOfAccount = true }
        text = isOfAccount ? "\(text) account change the setting." : "\(text) bucket's owner change the setting."
        if let change {
            text +=
                "\(change.person.ask) what the change was for."
        }
        let shown = change.map { ChangeCommands.commands(for: $0) } ?? []
        return Remedy(.setting, text, commands: shown.isEmpty ? showBuckets(facts) : shown)
    }

    private static func showBuckets(_ facts: GroupFacts) -> [ShellCommand] {
        let buckets = facts.refusedResources.compactMap { CallTarget.name(ofResource: $0) }
        return buckets.prefix(1).map { ChangeCommands.showBucket($0, region: nil) }
    }
}
