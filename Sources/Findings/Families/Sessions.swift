import AccessDenial
package import Causes
import IAMPolicy
import OrderedJSON
import PolicyTimeline
package import RecordedChanges
package import TrailStore
package import Wording

/// What the trail tells of the sessions behind denials: who opened them, how, with which session policy, and until when.
///
/// The link is the access key: the event that issued the credentials holds it, and so does every call made with them.
/// Source: "CloudTrail userIdentity element" and "Logging IAM and AWS STS API calls" in AWS's documentation.
package enum Sessions {
    /// For a refusal by a session policy: who passed which. Empty for every other reason.
    static func policyStory(_ facts: GroupFacts) -> Prose {
        guard facts.group.reason.policyType == .session else { return "" }
        let known = facts.group.sessions.filter { $0.issue != nil }
        guard let session = known.first, let issue = session.issue else {
            return
                "Whoever opens the session passes the session policy. The start of this session is not in the archive, so its policy is unknown."
        }
        var text = opened(issue)
        if let policy = issue.policy {
            text += "It was opened with a session policy"
            text = judged(policy, facts).map { "\(text) that \($0)." } ?? "\(text) (\(short(policy)))."
        }
        if !issue.policyARNs.isEmpty {
            text +=
                "\(words: issue.policy == nil ? "The" : "Further") session policies passed by ARN: \(list: issue.policyARNs, limit: 3)."
        }
        if issue.isEmptyByDesign {
            text +=
                "No session policy was passed in that call, and then such a session may do nothing but what a resource's own policy allows it by name."
        } else if issue.policy == nil, issue.policyARNs.isEmpty {
            text +=
                "The record of that call shows no session policy: it may be too long for a record, or AWS added one itself."
        }
        let others = Set(known.dropFirst().compactMap(\.issue?.issuedTo)).subtracting([issue.issuedTo ?? ""])
        if !others.isEmpty { text += "Other sessions of this group were opened by \(list: others.sorted(), limit: 3)." }
        return text
    }

    /// The AWS service that opened every session of the group of which the trail holds the start, with a session policy that the records do not show;
    /// `nil` where somebody else did, or passed one.
    package static func openingService(_ facts: GroupFacts) -> String? {
        let issues = facts.group.sessions.compactMap(\.issue)
        let openers = Set(issues.map { $0.issuedTo ?? "" })
        guard let opener = openers.first, openers.count == 1, PrincipalName(opener).kind == .service,
            issues.allSatisfy({ $0.policy == nil && $0.policyARNs.isEmpty && !$0.isEmptyByDesign })
        else { return nil }
        return opener
    }

    /// The latest session of the group of which the trail holds session policies that do not allow the refused call: who opened
    /// it, and what they say. `nil` where there is none, and where the text of one is not known or leaves it open.
    package static func refusing(_ facts: GroupFacts) -> (opener: Prose, verdict: Prose)? {
        for session in facts.group.sessions {
            guard let issue = session.issue, issue.policy != nil || !issue.policyARNs.isEmpty else { continue }
            let managed = issue.policyARNs.map {
                facts.text(ofPolicy: $0, at: .at(issue.issuedAt))?.text.document
            }
            let documents = managed + (issue.policy.map { [DocumentText.json(.string($0)).document] } ?? [])
            let known = documents.compactMap(\.self)
            let opener: Prose = issue.issuedTo.map { PrincipalName($0).shown } ?? "somebody"
            let verdicts = known.map { Judgement($0.statements, facts) }
            let denies = verdicts.contains { $0.denies != .no }
            // Session policies passed together allow what any of them does.
            guard denies || known.count == documents.count && verdicts.allSatisfy({ $0.allows == .no }) else {
                continue
            }
            return (opener, verdict(known.flatMap(\.statements), denies: denies, facts))
        }
        return nil
    }

    /// For expired credentials: when the session began, when it ended, and how long before the call that was.
    static func ageStory(_ facts: GroupFacts) -> Prose {
        guard
            let session = facts.group.sessions.first(where: { $0.issue?.expiration != nil })
                ?? facts.group.sessions.first(where: { $0.issue != nil || $0.startedAt != nil })
        else {
            return "How the session began is not in the archive, so neither is when it ended."
        }
        var text: Prose
        let began = session.issue?.issuedAt ?? session.startedAt ?? ""
        if let issue = session.issue {
            text = opened(issue)
        } else {
            text = "The session began at \(time: began)."
        }
        if let end = session.issue?.expiration {
            let lifetime = TimeSpan.seconds(from: began, to: end)
            text +=
                "Its credentials ended at \(time: end), \(words: TimeSpan.words(lifetime)) after they were issued."
            let late = TimeSpan.seconds(from: end, to: session.firstDenial)
            text +=
                late >= 0
                ? "The first refused call came \(words: TimeSpan.words(late)) after that end."
                : "The first refused call came before that end, so another set of credentials may have been used."
        } else {
            let age = TimeSpan.seconds(from: began, to: session.firstDenial)
            text +=
                "It was \(words: TimeSpan.words(age)) old at the first refused call; when its credentials ended is not in the archive."
        }
        return text
    }

    /// The denials, and before them the event that opened the session that the story tells of.
    package static func evidence(_ facts: GroupFacts) -> [Evidence] {
        guard facts.group.reason.policyType == .session || facts.group.reason.slug == "credentials-expired",
            let session = facts.group.sessions.first(where: { $0.issue?.expiration != nil })
                ?? facts.group.sessions.first(where: { $0.issue != nil }), let issue = session.issue
        else { return facts.denialEvidence }
        return [issue.evidence("opened the session")] + facts.denialEvidence
    }

    /// Who opened a session, when and how.
    package static func opened(_ issue: SessionIssue) -> Prose {
        let who: Prose = issue.issuedTo.map { PrincipalName($0).shown.capitalised } ?? "Somebody"
        return "\(who) opened the session with \(issue.eventName) at \(time: issue.issuedAt)."
    }

    /// What a session policy says of the refused call; `nil` where it cannot be read or leaves it open.
    private static func judged(_ policy: String, _ facts: GroupFacts) -> Prose? {
        guard let document = DocumentText.json(.string(policy)).document else { return nil }
        let judgement = Judgement(document.statements, facts)
        switch judgement.allows {
        case _ where judgement.denies != .no: return verdict(document.statements, denies: true, facts)
        case .no: return verdict(document.statements, denies: false, facts)
        case .yes: return "allows \(facts.group.action), so a second one must refuse it"
        case .undetermined: return "allows \(facts.group.action) under conditions"
        }
    }

    /// What session policies say that deny the call, or do not allow it.
    private static func verdict(_ statements: [Statement], denies: Bool, _ facts: GroupFacts) -> Prose {
        if denies { return "denies \(facts.group.action)" }
        let allows = statements.filter { $0.effect == .allow }
        // What it allows of the action, and not here.
        let near = allows.filter { $0.matchesAction(facts.group.action) }
        if let resource = facts.refusedResources.first, !near.isEmpty,
            !near.contains(where: { $0.matchesResource(resource) })
        {
            let covered = near.flatMap { $0.resources?.patterns ?? [] }.map(\.text)
            return "allows \(facts.group.action) on \(list: covered, limit: 3) and so not on \(resource)"
        }
        let allowed = allows.flatMap(\.actions.patterns).map(\.text)
        return allowed.isEmpty ? "allows nothing" : "allows \(list: allowed, limit: 4) and so not this call"
    }

    package static func short(_ policy: String) -> String {
        policy.count > 200 ? policy.prefix(200) + " ..." : policy
    }
}

extension SessionIssue {
    /// The event that opened the session as evidence.
    package func evidence(_ summary: Prose) -> Evidence {
        Evidence(
            eventID: eventID, eventTime: issuedAt, eventName: eventName, principal: issuedTo ?? "", summary: summary)
    }
}

extension Sessions {
    /// One session: who it was, who opened it, until when it lasted, and what it carried.
    package static func story(_ session: DenialSession) -> Prose {
        var text: Prose = session.arn.map { "\($0)" } ?? "A caller without an ARN"
        if let key = session.accessKeyId { text = "\(text), key \(key)" }
        text =
            session.denials == 1
            ? "\(text): 1 denial at \(time: session.firstDenial)."
            : "\(text): \(session.denials) denials, \(time: session.firstDenial) to \(time: session.lastDenial)."
        if let issue = session.issue {
            text += opened(issue)
            if let end = issue.expiration { text += "It lasted until \(time: end) at the longest." }
            if let policy = issue.policy { text += "Session policy: \(short(policy))." }
            if !issue.policyARNs.isEmpty { text += "Session policies by ARN: \(list: issue.policyARNs, limit: 3)." }
            if !issue.tags.isEmpty { text += "Session tags: \(list: issue.tags.map(\.description), limit: 5)." }
        } else if let began = session.startedAt {
            text += "The session began at \(time: began); the event that opened it is not in the archive."
        } else if session.accessKeyId?.hasPrefix("AKIA") ?? false {
            text += "That is a long-term key of an IAM user: it opens no session and does not expire."
        }
        if let identity = session.sourceIdentity ?? session.issue?.sourceIdentity {
            text += "Source identity: \(identity)."
        }
        if let resource = session.issuingResource { text += "Credentials made for \(resource)." }
        return text
    }
}
