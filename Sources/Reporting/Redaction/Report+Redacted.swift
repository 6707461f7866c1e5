import AccessDenial
import Causes
import Diagnosis
import Findings
import IAMPolicy
import RecordedChanges
import Remedies
import TrailStore

extension Report {
    /// The report with account ids, names, addresses and ids replaced, fit to be shown to people outside.
    ///
    /// Actions, Regions, services, error codes, times and counts stay. The groups' ids do not: they are hashes of the principal, and
    /// an account id has few enough digits to be tried.
    public func redacted() -> Report {
        var redactor = Redactor(words: awsWords)
        var report = self
        // Principals first, so that a role is called `role-1` wherever its name stands alone.
        for group in groups {
            _ = redactor.redact(group.group.principal)
            for evidence in group.findings.flatMap(\.evidence) {
                _ = redactor.redact(evidence.principal)
                // A person is called `person-1` wherever the name stands.
                if let person = evidence.person, person.isNamed, person.name != evidence.principal {
                    _ = redactor.replace(person.name, kind: "person")
                }
                if let agent = evidence.person?.userAgent { _ = redactor.replace(agent, kind: "agent") }
            }
            for agent in group.group.userAgents { _ = redactor.replace(agent.value, kind: "agent") }
        }
        // Texts of policies are full of names; the report's own words tell what changed.
        report.policyDiffs = [:]
        report.database = database.map { _ in "trail403.sqlite" }
        report.previous?.name = "report-1"
        report.filters = filters.map { filter in
            // Actions, Regions and reasons are AWS's words; a pattern of a principal is the sender's.
            switch filter.name {
            case "account", "principal", "region": Filter(filter.name, filter.values.map { redactor.redact($0) })
            default: filter
            }
        }
        report.coverage.accounts = coverage.accounts.map { redactor.redact($0) }
        report.coverage.regions = coverage.regions.map { redactor.redact($0) }
        report.coverage.gaps = coverage.gaps.map {
            DeliveryGap(
                accountId: redactor.redact($0.accountId), awsRegion: redactor.redact($0.awsRegion),
                from: redactor.redact($0.from), to: redactor.redact($0.to))
        }
        // Commands of gaps are words of ours but for the account.
        func redactAccounts(_ command: String) -> String {
            coverage.accounts.reduce(command) { $0.replacing($1, with: redactor.redact($1)) }
        }
        report.notes = notes.map { Note($0.code, redactor.redact($0.text), command: $0.command.map(redactAccounts)) }
        report.otherDenials = redactor.redact(otherDenials)
        report.groups = groups.map { redactor.redact($0) }
        report.otherLogs.leads = otherLogs.leads.map { redactor.redact($0) }
        var ids: [String: String] = [:]
        for index in report.groups.indices {
            ids[report.groups[index].group.id] = "group-\(index + 1)"
            report.groups[index].group.id = "group-\(index + 1)"
        }
        // An incident's id is a hash of what was replaced, too.
        var number = 0
        report.changeIncidents { incident in
            number += 1
            incident = redactor.redact(incident)
            incident.id = "incident-\(number)"
            incident.groups = incident.groups.map { ids[$0] ?? "" }
            incident.dependents = Set(incident.dependents.map { ids[$0] ?? "" })
        }
        return report
    }

    /// AWS's own words in this report.
    private var awsWords: Set<String> {
        // Not the Regions: those are known by their shape, and what has another is none.
        var words: Set<String> = []
        for diagnosed in groups {
            let group = diagnosed.group
            words.formUnion([group.action, group.principalType, group.eventSource, group.reason.slug])
            words.formUnion(group.action.split(separator: ":").map(String.init).suffix(1))
            words.formUnion(group.errorCodes.map(\.value))
            words.formUnion(group.invokedBy.map(\.value).filter { $0.hasSuffix(".amazonaws.com") })
            for evidence in [diagnosed.fixedBy].compactMap(\.self) + diagnosed.findings.flatMap(\.evidence) {
                words.insert(evidence.eventName)
            }
        }
        return words
    }
}

extension Redactor {
    fileprivate mutating func redact(_ values: [Counted<String>]) -> [Counted<String>] {
        values.map { Counted(redact($0.value), denials: $0.denials) }
    }

    fileprivate mutating func redact(_ diagnosed: DiagnosedGroup) -> DiagnosedGroup {
        var result = diagnosed
        result.group = redact(diagnosed.group)
        result.findings = diagnosed.findings.map { redact($0) }
        result.rootCause = redact(diagnosed.rootCause)
        result.remedy.text = redact(diagnosed.remedy.text)
        result.remedy.commands = diagnosed.remedy.commands.map { redact($0) }
        result.remedy.policy = diagnosed.remedy.policy.map { redact($0) }
        result.remedy.workable = diagnosed.remedy.workable.map { redact($0) }
        result.remedy.edit = nil
        result.comparison = nil
        result.statusText = redact(diagnosed.statusText)
        result.fixedBy = diagnosed.fixedBy.map { redact($0) }
        result.change = diagnosed.change.map { redact($0) }
        result.causeKey.text = ""
        return result
    }

    private mutating func redact(_ group: DenialGroup) -> DenialGroup {
        var result = group
        result.principal = redact(group.principal)
        // AWS's words stay, unless they are none.
        result.principalType = redact(group.principalType)
        result.action = redact(group.action)
        result.eventSource = redact(group.eventSource)
        result.firstSeen = redact(group.firstSeen)
        result.lastSeen = redact(group.lastSeen)
        result.regions = redact(group.regions)
        result.errorCodes = redact(group.errorCodes)
        result.policyARNs = redact(group.policyARNs)
        result.resources = redact(group.resources)
        result.inferredResources = redact(group.inferredResources)
        result.sourceIPAddresses = redact(group.sourceIPAddresses)
        result.userAgents = group.userAgents.map { Counted(replace($0.value, kind: "agent"), denials: $0.denials) }
        result.vpcEndpointIds = redact(group.vpcEndpointIds)
        result.invokedBy = redact(group.invokedBy)
        result.accounts = redact(group.accounts)
        result.companion = group.companion.map { redact($0) }
        // The diagnosis has used these; no format shows them.
        result.evidence = []
        result.principalIds = []
        result.callers = []
        result.sourceIdentities = []
        result.issuingResources = []
        result.taggedSession = nil
        result.requests = []
        result.successes = []
        result.successesInOtherRegions = nil
        result.successContext = nil
        result.alternatingContext = nil
        return result
    }

    private mutating func redact(_ refusal: CompanionRefusal) -> CompanionRefusal {
        var result = refusal
        result.place = refusal.place.map { redact($0) }
        // A rule's or a code's name is AWS's, or the owner's.
        result.cause = nil
        result.detail = refusal.detail.map { redact($0) }
        result.sentence = nil
        result.requestID = nil
        result.log = nil
        return result
    }

    private mutating func redact(_ finding: Finding) -> Finding {
        var result = finding
        result.title = redact(finding.title)
        result.explanation = redact(finding.explanation)
        result.point = redact(finding.point)
        // A policy's own text holds names that nothing tells from words.
        result.statement = nil
        result.evidence = finding.evidence.map { redact($0) }
        return result
    }

    private mutating func redact(_ evidence: Evidence) -> Evidence {
        Evidence(
            eventID: redact(evidence.eventID), eventTime: redact(evidence.eventTime),
            eventName: redact(evidence.eventName),
            principal: redact(evidence.principal), summary: redact(evidence.summary),
            person: evidence.person.map { redact($0) }, policy: evidence.policy.map { redact($0) })
    }

    private mutating func redact(_ person: Person) -> Person {
        var result = person
        result.name = redact(person.name)
        result.arn = redact(person.arn)
        result.sourceIPAddress = person.sourceIPAddress.map { redact($0) }
        result.userAgent = person.userAgent.map { replace($0, kind: "agent") }
        if let client = person.client { result.client = Client(client.kind, redact(client.name)) }
        return result
    }

    fileprivate mutating func redact(_ incident: Incident) -> Incident {
        var result = incident
        result.title = redact(incident.title)
        result.headline = redact(incident.headline)
        result.cause = redact(incident.cause)
        result.remedy.text = redact(incident.remedy.text)
        result.remedy.commands = incident.remedy.commands.map { redact($0) }
        result.remedy.policy = incident.remedy.policy.map { redact($0) }
        result.remedy.workable = incident.remedy.workable.map { redact($0) }
        result.remedy.edit = nil
        result.change = incident.change.map { redact($0) }
        result.fixedBy = incident.fixedBy.map { redact($0) }
        result.principals = redact(incident.principals)
        result.actions = redact(incident.actions)
        result.firstSeen = redact(incident.firstSeen)
        result.lastSeen = redact(incident.lastSeen)
        result.since = redact(incident.since)
        result.key.text = ""
        return result
    }
}
