import AccessDenial
import IAMPolicy
import TrailStore

/// All facts of a report, indexed so that those of one group are found without looking at the rest.
struct TrailFacts {
    private let usageByPrincipal: [String: [Usage]]
    private let usageByAction: [String: [Usage]]
    private let changesBySubject: [TrailChange.Subject: [Int]]
    private let changes: [TrailChange]
    private let coverage: Coverage
    private let reportTime: String
    private let projects: [String: [ProjectUse]]

    init(
        usage: [Usage], changes: [PermissionChange], coverage: Coverage, reportTime: String, projects: [ProjectUse] = []
    ) {
        // Order of input must not matter: everything is sorted before it is read.
        // Rows are large and many, so each short list is sorted rather than the whole.
        usageByPrincipal = Dictionary(grouping: usage, by: \.principal).mapValues(Self.sorted)
        usageByAction = Dictionary(grouping: usage, by: \.action).mapValues(Self.sorted)
        let ordered = changes.sorted { ($0.eventTime, $0.eventID) < ($1.eventTime, $1.eventID) }
        let known = ordered.compactMap { change in
            ChangeCatalogue.rule(source: change.eventSource, name: change.eventName) == nil ? nil : TrailChange(change)
        }
        self.changes = known
        var index: [TrailChange.Subject: [Int]] = [:]
        for (position, change) in known.enumerated() {
            for subject in change.subjects { index[subject, default: []].append(position) }
        }
        changesBySubject = index
        self.coverage = coverage
        self.reportTime = reportTime
        self.projects = Dictionary(
            grouping: projects.sorted {
                ($0.applicationID, $0.awsRegion, $0.accountId, $0.eventID)
                    < ($1.applicationID, $1.awsRegion, $1.accountId, $1.eventID)
            }, by: \.applicationID)
    }

    private static func sorted(_ usage: [Usage]) -> [Usage] {
        func isBefore(_ left: Usage, _ right: Usage) -> Bool {
            (left.principal, left.action, left.awsRegion, left.accountId, left.eventName)
                < (right.principal, right.action, right.awsRegion, right.accountId, right.eventName)
        }
        // The store's order agrees with this one mostly.
        return zip(usage, usage.dropFirst()).contains { isBefore($1, $0) } ? usage.sorted(by: isBefore) : usage
    }

    /// The facts of one group.
    func facts(of group: DenialGroup) -> GroupFacts {
        let resources = group.resources.isEmpty ? group.inferredResources : group.resources
        return GroupFacts(
            group: group, ownUsage: usageByPrincipal[group.principal] ?? [],
            actionUsage: usageByAction[group.action] ?? [], changes: changes(for: group), coverage: coverage,
            reportTime: reportTime,
            projects: GroupFacts.projects(resources.map(\.value)).flatMap { projects[$0] ?? [] })
    }

    private func changes(for group: DenialGroup) -> [TrailChange] {
        var positions: Set<Int> = []
        func add(_ subject: TrailChange.Subject) { positions.formUnion(changesBySubject[subject] ?? []) }
        let principal = GroupFacts.refusedPrincipal(of: group)
        switch principal.kind {
        case .role: add(.role(account: principal.account, name: principal.name))
        case .user: add(.user(account: principal.account, name: principal.name))
        case .root, .federatedUser, .service, .other: break
        }
        if principal.isPermissionSet { add(.permissionSets) }
        add(.account(principal.account))
        for account in group.accounts { add(.account(account.value)) }
        switch group.reason.policyType {
        case .serviceControl?, .resourceControl?: add(.organizationRoots)
        default: break
        }
        for endpoint in group.vpcEndpointIds { add(.endpoint(endpoint.value)) }
        for resource in group.resources + group.inferredResources {
            add(.resource(resource.value))
            guard let arn = ARN(resource.value) else { continue }
            add(.resource(arn.resource))
            if arn.service != "s3" { add(.resource(arn.name)) }
            // A bucket's policy is named by the bucket, a refused object by its key in it.
            if let first = arn.resource.split(separator: "/").first { add(.resource(String(first))) }
            if arn.service == "iam", arn.resource.hasPrefix("role/") {
                add(.role(account: arn.account, name: arn.name))
            }
        }
        for policy in group.policyARNs {
            add(.policy(arn: policy.value))
            if let arn = ARN(policy.value) { add(.organizationPolicy(id: arn.name)) }
        }
        // Two more rounds: groups of the user, then the managed policies of the user and its groups.
        for position in positions {
            if let name = changes[position].groupName { add(.group(account: principal.account, name: name)) }
        }
        for position in positions {
            if let arn = changes[position].policyARN { add(.policy(arn: arn)) }
        }
        return positions.sorted().map { changes[$0] }
    }
}
