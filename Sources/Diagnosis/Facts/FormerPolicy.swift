import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore

/// What a policy said before a change wrote it anew, as far as the trail tells.
enum FormerPolicy {
    case unknown
    /// There was none.
    case absent
    case text(PolicyDocument)

    /// What stood there before the change.
    ///
    /// - Parameter earlier: the changes of the same object before it, in order of time.
    init(before change: TrailChange, earlier: ArraySlice<TrailChange>, _ facts: GroupFacts) {
        let last = earlier.last {
            !$0.leavesPolicyAlone && !$0.keepsDefaultVersion && !$0.isGrant && !$0.bringsTraffic
        }
        guard let last, last.time >= Self.creation(of: change, facts)?.time ?? "" else {
            self = Self.before(first: change, facts)
            return
        }
        let document: PolicyDocument?
        switch (change.rule?.policyType, last.rule?.direction) {
        case (.permissionsBoundary?, .replaces?):
            document = last.policyARN.flatMap {
                PolicyHistory.defaultVersion(of: $0, at: last.time, changes: facts.changes)?.document
            }
        case (.identityBased?, .takes?), (.resourceBased?, .takes?):
            // A statement that goes leaves the others.
            self = last.change.eventName.hasPrefix("RemovePermission") ? .unknown : .absent
            return
        case (_, .replaces?) where last.change.eventName == "SetDefaultPolicyVersion":
            document = last.policyARN.flatMap {
                PolicyHistory.defaultVersion(of: $0, at: last.time, changes: facts.changes)?.document
            }
        case (_, .replaces?): document = last.document
        case (_, .gives?), (_, .takes?), (_, .lifts?), (_, .touchesConditions?), (_, .disables?), (_, .creates?),
            (_, .clears?),
            (_, nil):
            document = nil
        }
        self = document.map(Self.text) ?? .unknown
    }

    /// What stood there before the first change of it that the trail holds: what it was created with.
    private static func before(first change: TrailChange, _ facts: GroupFacts) -> FormerPolicy {
        guard let creation = creation(of: change, facts) else { return .unknown }
        let document: PolicyDocument?
        switch change.rule?.target {
        case .trust?: document = creation.trustDocument
        case .managedPolicy?, .organizationPolicy?, .resource?: document = creation.document
        case .user?, .role?, .group?:
            guard change.rule?.policyType == .permissionsBoundary else { return .absent }
            document = creation.parameter("permissionsBoundary").flatMap {
                PolicyHistory.defaultVersion(of: $0, at: change.time, changes: facts.changes)?.document
            }
        default: document = nil
        }
        return document.map(text) ?? .unknown
    }

    /// The event before a change that made what the change is made on; `nil` where the trail holds none.
    private static func creation(of change: TrailChange, _ facts: GroupFacts) -> TrailChange? {
        facts.changes.last { made in
            guard made.rule?.direction == .creates, made.time <= change.time, made.account == change.account else {
                return false
            }
            switch (change.rule?.target, made.change.eventName) {
            case (.trust?, "CreateRole"), (.role?, "CreateRole"): return made.roleName == change.roleName
            case (.user?, "CreateUser"): return made.userName == change.userName
            case (.group?, "CreateGroup"): return made.groupName == change.groupName
            case (.managedPolicy?, "CreatePolicy"): return made.policyARN == change.policyARN
            case (.organizationPolicy?, "CreatePolicy"): return made.organizationPolicyID == change.organizationPolicyID
            case (.resource?, _):
                return made.rule?.target == .resource && made.change.eventSource == change.change.eventSource
                    && made.resource == change.resource
            default: return false
            }
        }
    }

    /// Whether the former text refused the call for the same reason as the one that took its place, so that the change made no
    /// difference to it.
    func refusedAlready(whatRefusesNow now: PolicyDocument, _ facts: GroupFacts) -> Bool {
        if DocumentJudgement.denies(now, facts) {
            guard case .text(let then) = self else { return false }
            return DocumentJudgement.denials(now, facts).allSatisfy { denial in
                DocumentJudgement.denials(then, facts).contains { $0.refusesWhat(denial, facts) }
            }
        }
        guard facts.group.reason.effect != .explicit else {
            guard case .text(let then) = self else { return false }
            return !DocumentJudgement.denies(then, facts)
        }
        switch self {
        case .unknown: return false
        case .absent: return Self.each(facts) { DocumentJudgement.allows(now, facts, on: $0) == .no }
        case .text(let then):
            guard facts.group.reason.effect == .implicit || !DocumentJudgement.denies(then, facts) else { return false }
            return Self.each(facts) { resources in
                switch (
                    DocumentJudgement.allows(then, facts, on: resources),
                    DocumentJudgement.allows(now, facts, on: resources)
                ) {
                case (.no, .no): true
                case (.maybe, .maybe):
                    Set(DocumentJudgement.allowing(then, facts, on: resources))
                        == Set(DocumentJudgement.allowing(now, facts, on: resources))
                case (.yes, _), (.maybe, _), (.no, _): false
                }
            }
        }
    }

    /// Whether the former text allowed the call on one of the refused resources; `nil` where the text is not known.
    func allowed(_ facts: GroupFacts) -> DocumentJudgement.Answer? {
        switch self {
        case .unknown: return nil
        case .absent: return .no
        case .text(let document):
            if !Self.each(facts, { DocumentJudgement.allows(document, facts, on: $0) != .yes }) { return .yes }
            return Self.each(facts) { DocumentJudgement.allows(document, facts, on: $0) == .no } ? .no : .maybe
        }
    }

    /// Whether something holds for every refused resource by itself, for the call as such where none is known.
    private static func each(_ facts: GroupFacts, _ holds: ([String]) -> Bool) -> Bool {
        facts.refusedResources.isEmpty ? holds([]) : facts.refusedResources.allSatisfy { holds([$0]) }
    }
}

extension Statement {
    /// Whether a Deny refuses all of the group's calls that another Deny refuses: on the same resources, and under the same
    /// conditions or none that matter.
    fileprivate func refusesWhat(_ other: Statement, _ facts: GroupFacts) -> Bool {
        facts.refusedResources.allSatisfy { !other.matchesResource($0) || matchesResource($0) }
            && (Set(conditions).isSubset(of: other.conditions) || ConditionJudgement.verdict(self, facts) == .met)
    }
}
