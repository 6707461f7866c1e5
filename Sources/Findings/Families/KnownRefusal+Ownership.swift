import AccessDenial
import Causes
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import RecordedCalls
import RecordedChanges
import TrailStore
import Wording

// MARK: - Objects that another account owns

extension KnownRefusal {
    /// What is known where the bucket's own account may not read, and the bucket lets whoever writes an object own it: the bucket's policies
    /// and those of its account do not reach such an object. `nil` where the trail does not show that setting, and where the bucket's policy lets
    /// no other account write: then nobody else's object can be in it.
    ///
    /// Source: "Controlling ownership of objects and disabling ACLs for your bucket" in the S3 user guide.
    static func foreignObject(_ facts: GroupFacts) -> Known? {
        guard facts.group.eventSource == "s3.amazonaws.com", Unstated.slugs.contains(facts.group.reason.slug),
            ofObjects.contains(facts.group.action),
            let bucket = facts.requests.denied.all.first?.observed.call.parameterText("bucketName"),
            let change = facts.trail.settings(of: bucket).last(where: { change in
                change.change.eventName.hasSuffix("BucketOwnershipControls") && change.time <= facts.group.firstSeen
            }), change.account == facts.principal.account, isOpen(change), isWrittenByOthers(facts),
            PermissionsChanged.candidates(facts).isEmpty
        else { return nil }
        let owner = change.account
        let now: Prose = setting(change).map { " (\($0))" } ?? ""
        let story: Prose =
            "\(change.summary.capitalised) at \(time: change.time): since then an object that another account writes belongs to that account\(now), and the policies of account \(owner) do not reach it."
        return Known(
            title: "The objects belong to the account that wrote them",
            story: story + "Objects from before are not affected. No permission of the caller helps.",
            remedy: Remedy(
                .setting,
                "Set object ownership of bucket \(bucket) to \("BucketOwnerEnforced"): account \(owner) then owns what is in it, whoever wrote it. Or have whoever writes send the ACL \("bucket-owner-full-control"), and copy what is there already. \(change.person.ask) what the setting is for.",
                commands: ChangeCommands.commands(for: change)),
            evidence: [change.evidence], point: story)
    }

    private static let ofObjects: Set<String> = [
        "s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectAcl", "s3:DeleteObject",
    ]

    /// Whether a change leaves it to whoever writes an object to own it: one that takes the setting away does.
    private static func isOpen(_ change: TrailChange) -> Bool {
        change.change.eventName.hasPrefix("Delete")
            || ["ObjectWriter", "BucketOwnerPreferred"].contains(setting(change) ?? "")
    }

    /// Whether the bucket's policy, as the trail shows it, lets another account write.
    private static func isWrittenByOthers(_ facts: GroupFacts) -> Bool {
        let texts = facts.scene.view.state.resources.lazy.flatMap(\.policy.policies).compactMap(\.text.document)
        return texts.flatMap(\.statements).contains { statement in
            statement.effect == .allow && statement.matchesAction("s3:PutObject")
                && (statement.principals?.patterns ?? []).contains { pattern in
                    let account = ARN(pattern.text)?.account ?? pattern.text
                    return pattern.kind == "AWS" && account.utf8.count == 12 && account != facts.principal.account
                }
        }
    }

    /// The ownership that a change sets; `nil` where it takes the setting away, or does not tell.
    private static func setting(_ change: TrailChange) -> String? {
        // In small letters it is the name of the call's subresource, which has no value.
        change.parameters?["OwnershipControls"]?.member(ignoringCase: "Rule")?.elements.first?
            .member(ignoringCase: "ObjectOwnership")?.stringValue
    }
}
