import AccessDenial
import Causes
import Findings
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import Synchronization
import TrailStore

/// All facts of a report, indexed so that those of one group are found without looking at the rest.
final class TrailFacts: Sendable {
    private let usage: UsageIndex
    private let changesBySubject: [TrailChange.Subject: [Int]]
    private let changesByHolder: [Holder: [Int]]
    /// In order of time, those that explain no denial included: they tell what others did.
    private let changes: [TrailChange]
    private let coverage: Coverage
    private let reportTime: String
    private let projects: [String: [ProjectUse]]
    private let trail: TrailReplay
    private let reached = Mutex<[TrailChange.Subject: Reached]>([:])
    /// What the logs beside CloudTrail tell.
    private let companions: CompanionFacts

    init(
        usage: UsageIndex, changes: [PermissionChange], coverage: Coverage, reportTime: String,
        projects: [ProjectUse] = [], companions: CompanionFacts = CompanionFacts()
    ) {
        self.companions = companions
        self.usage = usage
        // Order of input must not matter: everything is sorted before it is read.
        let ordered = changes.sorted { ($0.eventTime, $0.eventID) < ($1.eventTime, $1.eventID) }
        let known = ordered.parallelParts { $0.map(TrailChange.init) }
        self.changes = known
        var bySubject: [TrailChange.Subject: [Int]] = [:]
        var byHolder: [Holder: [Int]] = [:]
        for (position, change) in known.enumerated() {
            for subject in change.subjects { bySubject[subject, default: []].append(position) }
            // What runs something else bears on it: a service on its task definition.
            let concerned = change.edits.flatMap { [$0.lane.holder] + ($0.lane.kind == .role ? $0.leadsTo : []) }
            for holder in Set(concerned) { byHolder[holder, default: []].append(position) }
        }
        changesBySubject = bySubject
        changesByHolder = byHolder
        trail = TrailReplay(known)
        self.coverage = coverage
        self.reportTime = reportTime
        self.projects = Dictionary(
            grouping: projects.sorted {
                ($0.applicationID, $0.awsRegion, $0.accountId, $0.eventID)
                    < ($1.applicationID, $1.awsRegion, $1.accountId, $1.eventID)
            }, by: \.applicationID)
    }

    /// The facts of one group, behind whose calls another one was refused, or nothing is known to be.
    func facts(of group: DenialGroup, behind: DenialsBehind.Denial? = nil) -> GroupFacts {
        let resources = group.resources.isEmpty ? group.inferredResources : group.resources
        let principal = GroupFacts.refusedPrincipal(of: group)
        return GroupFacts(
            group: group, principal: principal, ownUsage: usage.byPrincipal[ByteText(group.principal)] ?? .none,
            actionUsage: usage.byAction[group.successAction] ?? .none, changes: changes(for: group, principal),
            coverage: coverage, reportTime: reportTime,
            projects: GroupFacts.projects(resources.map(\.value)).flatMap { projects[$0] ?? [] }, trail: trail,
            behind: behind, otherLogs: companions)
    }

    /// The changes of one subject, and of whatever they lead to, which all of its groups share.
    private final class Reached: Sendable {
        /// Their places, in order.
        let places: [Int32]
        /// Those that a rule knows.
        let changes: [TrailChange]

        init(_ places: [Int32], _ changes: [TrailChange]) { (self.places, self.changes) = (places, changes) }
    }

    /// The changes that can concern a group: those of its subjects, and of whatever they lead to. The store looks for them in the same
    /// way, by the names of both: see `Diagnoser.changeSelection`.
    private func changes(for group: DenialGroup, _ principal: PrincipalName) -> [TrailChange] {
        var found: [Reached] = []
        for subject in group.subjectsOfChanges(principal) + group.subjectsOfRequests {
            guard let reached = changesReached(from: subject), !found.contains(where: { $0 === reached }) else {
                continue
            }
            found.append(reached)
        }
        guard let widest = found.max(by: { $0.places.count < $1.places.count }) else { return [] }
        // Mostly the principal's are all that there are.
        if found.count == 1 { return widest.changes }
        let places = Set(found.lazy.map(\.places).joined())
        if places.count == widest.places.count { return widest.changes }
        return places.sorted().map { changes[Int($0)] }.filter { $0.rule != nil }
    }

    private func changesReached(from subject: TrailChange.Subject) -> Reached? {
        guard let own = changesBySubject[subject] else { return nil }
        if let known = reached.withLock({ $0[subject] }) { return known }
        var places: Set<Int> = []
        var holders: Set<Holder> = []
        var next: [Int] = []
        func add(_ found: [Int]?) {
            for place in found ?? [] where places.insert(place).inserted { next.append(place) }
        }
        add(own)
        while let place = next.popLast() {
            for holder in changes[place].leadsTo where holders.insert(holder).inserted {
                add(changesByHolder[holder])
            }
        }
        let sorted = places.sorted()
        let found = Reached(sorted.map(Int32.init), sorted.map { changes[$0] }.filter { $0.rule != nil })
        // Who looks at one time gets one object.
        return reached.withLock { reached in
            if let known = reached[subject] { return known }
            reached[subject] = found
            return found
        }
    }
}

extension DenialGroup {
    /// Whom changes are made on that concern what the group's requests were on, or passed.
    var subjectsOfRequests: [TrailChange.Subject] { requestedSubjects + KnownRefusal.requestedSubjects(self) }

    /// Whom changes that can have caused the denials are made on, where AWS refused `principal`.
    func subjectsOfChanges(_ principal: PrincipalName) -> [TrailChange.Subject] {
        var subjects: [TrailChange.Subject] = []
        func add(_ holder: Holder?) { if let holder { subjects.append(.holder(holder)) } }
        add(principal.holder)
        if principal.isPermissionSet { subjects.append(.permissionSets) }
        add(tokenProvider.map(Holder.identityProvider))
        subjects += ([principal.account] + accounts.map(\.value) + resourceAccounts.sorted()).map { .account($0) }
        switch reason.policyType {
        case .serviceControl?, .resourceControl?: subjects.append(.organizationRoots)
        default: break
        }
        for endpoint in vpcEndpointIds + (successContext?.vpcEndpointIds ?? []) { add(.vpcEndpoint(endpoint.value)) }
        for resource in resources + inferredResources {
            subjects.append(.resource(resource.value))
            guard let arn = ARN(resource.value) else { continue }
            subjects.append(.resource(arn.resource))
            if arn.service != "s3" { subjects.append(.resource(arn.name)) }
            // A bucket's policy is named by the bucket, a refused object by its key in it.
            if let first = arn.resource.split(separator: "/").first { subjects.append(.resource(String(first))) }
            // A function behind its alias, a table before its index, a repository whose name has parts.
            if let name = CallTarget.name(ofResource: resource.value) { subjects.append(.resource(name)) }
            if arn.service != "s3", let name = arn.nameOfParts { subjects.append(.resource(name)) }
            if let name = arn.secretName { subjects.append(.resource(name)) }
            if let layer = arn.layer { subjects += [.resource(layer.name), .resource(layer.arn)] }
            if arn.service == "iam", arn.resource.hasPrefix("role/") { add(.role(arn.name, account: arn.account)) }
        }
        subjects += ServiceGrants.subjects(self)
        subjects += KnownRefusal.subjects(self)
        for policy in policyARNs {
            add(.managedPolicy(policy.value))
            add(ARN(policy.value).map { .organizationPolicy($0.name) })
        }
        return subjects
    }
}

extension ARN {
    /// What stands behind the type where that is not behind the last slash: a repository with parts, a vault (`backup-vault:NAME`);
    /// `nil` for any other.
    fileprivate var nameOfParts: String? {
        guard let end = resource.firstIndex(where: { $0 == "/" || $0 == ":" }) else { return nil }
        let name = resource[resource.index(after: end)...]
        return name.contains("/") || resource[end] == ":" ? String(name) : nil
    }
}
