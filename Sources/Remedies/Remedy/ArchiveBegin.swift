import AccessDenial
import Causes
import Findings
import IAMPolicy
import RecordedChanges
import TrailStore
import Wording

/// What the archive cannot tell of a refusal, because the log files that would are not in it: what lies before its beginning, events of
/// IAM, and data events of the service. Those are to be fetched before an Allow is written.
enum ArchiveBegin {
    /// Seconds behind the archive's begin up to which a first denial may be one of many before it.
    private static let nearness = 3600...86_400
    /// Days before the archive that are worth fetching first.
    private static let days = 14

    /// Whether nothing in the archive can tell since when the calls are refused.
    package static func hides(_ facts: GroupFacts) -> Bool {
        guard facts.group.category == .authorization, let from = facts.coverage.from,
            facts.lastSuccessBefore == nil, facts.group.lastSuccessBefore == nil,
            TimeSpan.seconds(from: from, to: facts.firstDenial) <= span(facts)
        else { return false }
        // Who or what was made within the archive has no history before it.
        return !facts.changes.contains { change in
            change.time <= facts.firstDenial
                && (PermissionsChanged.concerns(change, facts) || isCreationOfRole(change, facts))
        }
    }

    /// Whether a change made the role that was to be assumed.
    private static func isCreationOfRole(_ change: TrailChange, _ facts: GroupFacts) -> Bool {
        change.isCreation && change.roleName.map { $0 == facts.roleToAssume?.name } ?? false
    }

    /// How long calls that were refused before the archive's begin may have paused at it, by the group's own rhythm.
    private static func span(_ facts: GroupFacts) -> Int {
        let whole = TimeSpan.seconds(from: facts.firstDenial, to: facts.group.lastDenial)
        let pause = facts.group.denials > 1 ? whole / (facts.group.denials - 1) : 0
        // A time that cannot be read is ages away.
        let clamped = min(max(pause, 0), nearness.upperBound)
        return min(max(3 * clamped, nearness.lowerBound), nearness.upperBound)
    }

    /// The remedy with what is to be fetched in front: no Allow comes first where the cause is not known.
    package static func lead(_ remedy: Remedy, for rootCause: Finding, _ facts: GroupFacts) -> Remedy {
        guard rootCause.code.descriptor.possible.contains(.olderCause), remedy.edit == nil, let gap = Gap(facts) else {
            return remedy
        }
        // What a policy in the archive says explains the refusal, whether or not the call worked before.
        if case .dataEvents = gap, rootCause.code == .missingAllow, !rootCause.point.isEmpty { return remedy }
        var remedy = remedy
        remedy.text = story(gap, facts) + remedy.text
        remedy.commands = commands(gap, facts) + remedy.commands
        return remedy
    }

    /// Whether a change of what AWS named as the reason would be an event of IAM.
    static func isMatterOfIAM(_ facts: GroupFacts) -> Bool {
        if PublicAccess.isReason(facts) || ServiceGrants.isReason(facts) { return false }
        // A service calls without policies of IAM, and nobody can edit those of a role that is linked to one.
        if facts.principal.kind == .service || facts.principal.linkedService != nil { return false }
        return switch facts.group.reason.policyType {
        case .identityBased?, .permissionsBoundary?, .roleTrust?, nil: true
        case .resourceBased?, .vpcEndpoint?, .session?, .serviceControl?, .resourceControl?: false
        }
    }

    /// What is missing of the archive, the gravest first.
    package enum Gap {
        /// Everything before its beginning.
        case past
        /// Events of IAM, which one Region records.
        case iam(region: String)
        /// Successes of the call, which are data events.
        case dataEvents(source: String)

        /// `nil` where the archive holds what can tell.
        init?(_ facts: GroupFacts) {
            if ArchiveBegin.hides(facts) {
                self = .past
                return
            }
            guard facts.group.category == .authorization, facts.lastSuccessBefore == nil || !facts.hasIAMEvents else {
                return nil
            }
            if ArchiveBegin.isMatterOfIAM(facts), !facts.hasIAMEvents, facts.coverage.from != nil,
                let region = GlobalService.regionOfIAM(partition: facts.principal.partition)
            {
                self = .iam(region: region)
            } else if DataEvents.contains(facts.group.action), !facts.hasDataEvents {
                self = .dataEvents(source: facts.group.eventSource)
            } else {
                return nil
            }
        }
    }

    /// The first line: where the cause lies, and what would show it.
    private static func story(_ gap: Gap, _ facts: GroupFacts) -> Prose {
        switch gap {
        case .past:
            guard let from = facts.coverage.from else { return "" }
            return
                "The calls were refused from the archive's beginning on (\(time: from)), so what caused it lies before: ingest the \(days) days before it, too\(whose(facts))."
        case .iam(let region):
            return
                "The archive has no events of IAM, so it can't show whether somebody changed the policies: they are recorded in \(region) alone. Ingest the log files of \(region) of the \(days) days before the first denial before you allow anything."
        case .dataEvents(let source):
            return
                "\(facts.group.action) is a data event, and the archive has none of \(source): whether the call worked before isn't known. Ingest the log files of a trail that records them, if there is one."
        }
    }

    /// Whose log files would tell, where those are not the account's alone.
    private static func whose(_ facts: GroupFacts) -> Prose {
        switch facts.group.reason.policyType {
        case .serviceControl?, .resourceControl?:
            ", of the organization's management account above all, which alone records what becomes of its policies"
        case .identityBased?, .resourceBased?, .permissionsBoundary?, .session?, .vpcEndpoint?, .roleTrust?, nil:
            ""
        }
    }

    /// How many commands stand in front of a remedy.
    private static let commandLimit = 6

    /// The commands that fetch them: the caller's account, its Regions and the one where IAM and Organizations record.
    private static func commands(_ gap: Gap, _ facts: GroupFacts) -> [ShellCommand] {
        let moment: String?
        let places: Set<String>
        let global = GlobalService.regionOfIAM(partition: facts.principal.partition) ?? "us-east-1"
        switch gap {
        case .past: (moment, places) = (facts.coverage.from, Set(facts.group.regions.map(\.value)).union([global]))
        case .iam(let region): (moment, places) = (facts.firstDenial, [region])
        case .dataEvents: return []
        }
        guard let begin = moment.flatMap({ Timestamp.seconds($0) }) else { return [] }
        let accounts = Set(facts.group.accounts.map(\.value) + [facts.principal.account]).filter(ValueForm.isAccount)
        let months = Set((0...days).map { Timestamp.text(max(0, begin - Int64($0) * 86_400)).prefix(7) }).sorted()
        var commands: [ShellCommand] = []
        for account in accounts.sorted() {
            for region in places.sorted() {
                for month in months {
                    let place = month.replacing("-", with: "/")
                    commands.append(
                        ShellCommand(
                            .s3Sync,
                            [
                                ShellWord([
                                    .ours("s3://TRAIL-BUCKET/AWSLogs/"), .value(account, .account),
                                    .ours("/CloudTrail/"),
                                    .value(region, .region), .ours("/\(place)/"),
                                ]),
                                ShellWord([
                                    .ours("AWSLogs/"), .value(account, .account), .ours("/CloudTrail/"),
                                    .value(region, .region), .ours("/\(place)/"),
                                ]),
                            ]))
                }
            }
        }
        return Array(commands.prefix(commandLimit))
    }
}

extension GroupFacts {
    /// Whether the archive holds events of IAM.
    fileprivate var hasIAMEvents: Bool {
        coverage.services.isEmpty || coverage.services.contains { $0.eventSource == "iam.amazonaws.com" }
    }

    /// Whether it holds data events of the service that was called.
    fileprivate var hasDataEvents: Bool {
        coverage.services.isEmpty
            || coverage.services.contains { $0.eventSource == group.eventSource && $0.eventCategory == "Data" }
    }
}
