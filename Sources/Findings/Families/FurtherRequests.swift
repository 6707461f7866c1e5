import AccessDenial
package import Causes
import IAMPolicy
import PolicyTimeline
package import RecordedCalls
import RecordedChanges
import TrailStore
package import Wording

/// A call that makes more requests than the one it is named after: where AWS names none, the one that nothing allows was refused.
///
/// Source: "Request context" in the IAM user guide: each request that a call makes must be allowed.
package enum FurtherRequests {
    /// The further request that was refused, and what speaks for it.
    package struct Suspect {
        package var further: FurtherRequest
        /// What the call passed that makes it, as the record names it, with its values.
        package var passed: [RequestDifference]
        /// Whether the policies that are known allow the call's own request and not this one.
        var isLacking: Bool
    }

    /// The request that was refused in place of the one that the call is named after; `nil` where nothing speaks for one.
    package static func suspect(_ facts: GroupFacts) -> Suspect? {
        guard facts.group.category == .authorization, facts.group.reason.effect == .unstated,
            CompoundCall.services.contains(facts.group.eventSource)
        else { return nil }
        let denied = facts.requests.denied.all
        guard let first = denied.first, !facts.group.namesAction else { return nil }
        let differences = facts.requests.comparison?.differences ?? []
        var found: [Suspect] = []
        for further in first.others {
            guard case .passes(let paths) = further.row.condition,
                denied.allSatisfy({ $0.others.contains { $0.row.action == further.row.action } })
            else { continue }
            let fields = Set(paths.map { "requestParameters.\($0.joined(separator: "."))" })
            let passed = differences.filter { fields.contains($0.field) && $0.succeeded.isEmpty }
            let isLacking =
                further.observed.isResourceTold && isAllowed(first.observed, facts)
                && !isAllowed(further.observed, facts)
            if !passed.isEmpty || isLacking {
                found.append(Suspect(further: further, passed: passed, isLacking: isLacking))
            }
        }
        return found.first { !$0.passed.isEmpty && $0.isLacking } ?? (found.count == 1 ? found[0] : nil)
    }

    package static func findings(_ facts: GroupFacts) -> [Finding] {
        guard let suspect = suspect(facts) else { return [] }
        let action = suspect.further.row.action
        var text: Prose = ""
        for difference in suspect.passed {
            text +=
                "The refused calls pass \(difference.name) (\(list: difference.denied, limit: 3)), the answered ones do not."
        }
        if suspect.passed.isEmpty { text += "The refused calls pass \(parameters(suspect.further))." }
        text += "Such a call needs \(action) beside \(facts.group.action)."
        if suspect.isLacking {
            text +=
                "The policies of \(facts.principal.shown) that the trail shows allow \(facts.group.action), and none of them \(action)."
        }
        return [
            Finding(
                .missingAllow, .inferred, title: "The call needs \(action), too", text, evidence: facts.denialEvidence,
                cause: .missingAllow(
                    .identityBased, holder: facts.principal.arn, service: String(action.prefix { $0 != ":" })))
        ]
    }

    /// How to make the call such that it needs the refused action no more, where AWS named one that a parameter brings; empty else.
    package static func withoutIt(_ facts: GroupFacts) -> Prose {
        TransitiveTags(facts)?.without ?? bringing(facts)?.without ?? ConfiguredUse(facts)?.without ?? ""
    }

    /// Why the call needs the action that AWS named, in a sentence; empty where it is that of the call itself.
    package static func story(_ facts: GroupFacts) -> Prose {
        if let tags = TransitiveTags(facts) { return tags.story }
        guard let row = bringing(facts), let call = facts.requests.denied.all.first?.observed.call,
            let name = call.text("eventName")
        else {
            return HandedOnIdentity(facts)?.story ?? ConfiguredUse(facts)?.story ?? GlueParts.story(facts)
        }
        return
            "The call is \(name). It passes \(list: row.passed(by: call), limit: 3), and so needs \(row.action) as well."
    }

    /// Which request of a call AWS named, where that is another one than the call's own.
    package static func bringing(_ facts: GroupFacts) -> CompoundCall? {
        facts.requests.denied.all.lazy.flatMap { CompoundCall.rows(of: $0.observed.call) }.first {
            guard case .passes = $0.condition else { return false }
            return $0.action.lowercased() == facts.group.action.lowercased()
        }
    }

    private static func parameters(_ further: FurtherRequest) -> Prose {
        "\(list: further.row.passed(by: further.observed.call), limit: 3)"
    }

    /// Whether an identity-based policy that is known allows a request for certain.
    package static func isAllowed(_ request: ObservedRequest, _ facts: GroupFacts) -> Bool {
        guard request.isResourceTold else { return false }
        let timeline = facts.timeline
        let state = timeline.state(at: .at(facts.group.lastSeen), of: request.subject)
        let asked = request.request(in: state)
        let set = facts.trail.library.policySet(
            of: state, resource: request.subject.resources.first, callerAccount: asked.principal.account,
            resourceAccount: asked.resourceAccount)
        return Evaluator(set).evaluation(of: asked, telling: .statementsOfAction).statements.contains { trace in
            trace.type == .identityBased && trace.effect == .allow && trace.matches == .yes
        }
    }
}

extension CompoundCall {
    /// How to make the call without it, as a sentence; empty where it always makes it.
    package var without: Prose {
        switch action {
        case "s3:PutObjectAcl":
            "Upload without an ACL (no \("--acl")): buckets switch ACLs off by default, and policies say who may read."
        case "s3:PutObjectTagging": "Upload without tags (no \("x-amz-tagging"))."
        case "s3:GetObjectVersion": "Read the object without a version id, which gives its latest version."
        case "s3:DeleteObjectVersion": "Delete the object without a version id, which leaves its versions there."
        case "s3:PutObjectRetention", "s3:PutObjectLegalHold": "Upload without settings of Object Lock."
        case "s3:BypassGovernanceRetention":
            "Leave out what asks to get past governance retention (\("--bypass-governance-retention")): without retention nothing needs it, and with it an object is meant to stay."
        case "sts:TagSession":
            "Assume the role without session tags (\("role-skip-session-tagging: true") in GitHub's configure-aws-credentials)."
        case "sts:SetSourceIdentity": "Assume the role without a source identity."
        case "iam:TagRole", "iam:TagUser", "iam:TagPolicy", "ec2:CreateTags": "Create it without tags."
        default: ""
        }
    }
}

/// S3 that asks for `s3:ListBucket` to read an object: the key does not exist.
///
/// Source: "GetObject" in the Amazon S3 API reference: without s3:ListBucket a missing key is answered with 403, with it 404.
package enum MissingKey {
    /// The objects that were asked for; `nil` for any other refusal.
    package static func keys(_ facts: GroupFacts) -> [String]? {
        guard facts.group.action == "s3:ListBucket", facts.group.category == .authorization,
            ["s3:GetObject", "s3:HeadObject"].contains(facts.group.calledAction)
        else { return nil }
        let keys = facts.requests.denied.all.compactMap { $0.observed.call.parameterText("key") }
        return Array(Set(keys)).sorted()
    }

    package static func findings(_ facts: GroupFacts) -> [Finding] {
        guard let keys = keys(facts) else { return [] }
        let what: Prose = keys.isEmpty ? "The object" : "\(list: keys, limit: 3)"
        let near = neighbours(keys, facts)
        return [
            Finding(
                .refusedByService, .inferred, title: "The object most likely does not exist",
                "\(what) was to be read, and S3 asks for \("s3:ListBucket") only where there is no such key: it tells nobody that a key is missing who may not list the bucket, and answers 403 in place of 404. So the key most likely does not exist."
                    + near,
                point: near.isEmpty
                    ? "" : "\(what) was to be read; S3 asks for \("s3:ListBucket") where there is no such key." + near,
                evidence: facts.denialEvidence,
                cause: .service("s3", reason: "missing-key", holder: facts.refusedResources.first ?? ""))
        ]
    }

    /// The keys that the same caller can read in the bucket, and what the refused ones have that these have not.
    private static func neighbours(_ keys: [String], _ facts: GroupFacts) -> Prose {
        let buckets = Set(facts.requests.denied.all.compactMap { $0.observed.call.parameterText("bucketName") })
        let read = Set(
            facts.group.successes.map { RecordedCall($0) }.filter {
                $0.parameterText("bucketName").map(buckets.contains) ?? false
            }.compactMap { $0.parameterText("key") }
        ).sorted()
        guard !read.isEmpty else { return "" }
        let text: Prose = "The caller reads \(list: read, limit: 3) there."
        let isSlashed = keys.allSatisfy { $0.hasPrefix("/") } && !read.contains { $0.hasPrefix("/") }
        return isSlashed ? text + "The refused keys begin with a slash, which is a part of the name." : text
    }

    package static func remedy(for rootCause: Finding, _ facts: GroupFacts) -> Remedy? {
        guard rootCause.code == .refusedByService, let keys = keys(facts) else { return nil }
        let what: Prose = keys.isEmpty ? "the key" : "the key (\(list: keys, limit: 3))"
        return Remedy(
            .setting,
            "Check \(what): its spelling, its prefix, and whether it was written at all. An Allow for \("s3:ListBucket") on the bucket turns the 403 into a 404 and no more; give it only if the caller is to see the difference."
        )
    }
}
