import AccessDenial
import Causes
import Findings
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import Remedies
import TrailStore
import Wording

/// An incident in one sentence, as an engineer writes it in an incident channel.
enum IncidentTitle {
    /// What happened: the cause, without numbers; `actions` are those that it is the cause of itself.
    static func headline(_ incident: Incident, _ lead: DiagnosedGroup, actions count: Int) -> Prose {
        // Who creates a role is to blame for nothing, though the calls came too early.
        if let change = lead.change, lead.rootCause.code != .notYetEffective {
            if incident.principals.count > 1, let text = repeated(change, lead) { return text.withShortNames }
            // What a service wrote for somebody is told by what that somebody did.
            let isOfPerson = change.person?.isNamed ?? false
            return (isOfPerson ? change.summary.capitalised : lead.rootCause.title).withShortNames
        }
        guard count > 1 else { return lead.rootCause.title }
        let actions = "\(count.grouped) actions"
        let reason = lead.group.reason
        switch lead.rootCause.code {
        case .serviceEnded: return "Support for \(words: actions) has ended"
        case .missingAllow, .explicitDeny: return reason.title(of: "\(words: actions)")
        case .neverSucceeded: return "\(words: actions) never worked"
        default: return lead.rootCause.title
        }
    }

    /// The same change to several principals: who did what, without to whom.
    private static func repeated(_ change: Evidence, _ lead: DiagnosedGroup) -> Prose? {
        guard let person = change.person, let policy = change.policy else { return nil }
        let name = policy.split(separator: "/").last.map(String.init) ?? policy
        guard let kind = change.changeName, CauseKey.repeated.contains(kind) else { return nil }
        let who = person.shown.capitalised
        if kind.rawValue.hasPrefix("Attach") { return "\(who) attached \(name)" }
        return kind.rawValue.hasPrefix("Detach")
            ? "\(who) detached \(name)" : "\(who) set \(name) as permissions boundary"
    }

    /// The headline with how many, how often and since when.
    static func title(_ incident: Incident) -> Prose {
        var parts: [Prose] = []
        if incident.key.kind == .front {
            // What stands in front of a service knows few callers by name.
            let named = incident.principals.map { PrincipalName($0.value) }.filter { $0.isIdentity }
            if let first = named.first, named.count == 1, incident.principals.count == 1 { parts.append(first.shown) }
        } else if incident.principals.count > 1 {
            parts.append("\(words: whom(incident.principals.map { PrincipalName($0.value).kind }))")
        } else if let principal = incident.principals.first.map({ PrincipalName($0.value) }) {
            if !incident.headline.runs.contains(.value(principal.name)) { parts.append(principal.shown) }
        }
        if incident.key.kind == .front {
            // The headline tells what was called, as far as the log does.
        } else if incident.actions.count > 1 {
            let isCounted = incident.headline.plain.contains("\(incident.actions.count.grouped) actions")
            if !isCounted { parts.append("\(words: incident.actions.count.grouped) actions") }
        } else if let action = incident.actions.first {
            let isNamed = incident.headline.runs.contains(.value(action.value))
            if !isNamed { parts.append("\(action.value)") }
        }
        let since: Prose =
            shownTime(incident.since) == nil ? "a time that cannot be read" : "\(time: incident.since)"
        parts.append("\(words: incident.denials.of(incident.noun, incident.noun + "s")) refused since \(since)")
        return "\(incident.headline): \(parts.joined(", "))"
    }

    /// `4 roles`, or `4 principals` where they are of several kinds.
    private static func whom(_ kinds: [PrincipalName.Kind]) -> String {
        let count = kinds.count.grouped
        guard let first = kinds.first, Set(kinds).count == 1 else { return "\(count) principals" }
        return switch first {
        case .role: "\(count) roles"
        case .user: "\(count) users"
        case .root: "\(count) root users"
        case .federatedUser: "\(count) federated users"
        case .service: "\(count) AWS services"
        case .other: "\(count) principals"
        }
    }
}

extension Prose {
    /// The sentence with the names alone of policies, roles and keys that it gives by their ARNs.
    fileprivate var withShortNames: Prose {
        Prose(
            runs.map { run in
                guard case .value(let text) = run, let arn = ARN(text), !arn.name.isEmpty else { return run }
                return .value(arn.name)
            })
    }
}
