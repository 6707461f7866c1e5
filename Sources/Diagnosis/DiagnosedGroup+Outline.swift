import AccessDenial
import Causes
import Findings
import RecordedChanges
public import Remedies
public import TrailStore
import Wording

extension DiagnosedGroup {
    /// The groups of a report in outline: with their counts, their status, and their causes by name. Nothing else is known of them.
    ///
    /// `nil` where a row of the database holds a word that this version does not know.
    public static func outlines(_ outline: ReportOutline) -> [DiagnosedGroup]? {
        let changes = outline.changes.parallelParts { changes in changes.map { Boxed(TrailChange($0).evidence) } }
        let change = Dictionary(changes.map { ($0.value.eventID, $0) }) { first, _ in first }
        let groups = outline.diagnoses.parallelParts { diagnoses in
            var words = StoredWords(changes: change)
            return zip(outline.groups[diagnoses.indices], diagnoses).compactMap { words.group($0, $1) }
        }
        return groups.count == outline.groups.count ? groups : nil
    }

    /// Whether another diagnosis of the group gives it the same place among others, and the same incident.
    public func ranksLike(_ other: DiagnosedGroup) -> Bool {
        status == other.status && causeKey == other.causeKey && remedy.kind == other.remedy.kind
            && change?.eventID == other.change?.eventID && rootCause.code == other.rootCause.code
            && group.lastSuccessBefore == other.group.lastSuccessBefore && group.outageStart == other.group.outageStart
    }

    /// What the group's place among others and its incident in the views need: a fraction of what is known of it.
    ///
    /// Of remedies it is the commands alone, which are those of all groups of an incident.
    public var outline: DiagnosedGroup {
        var counted = DenialGroup(
            id: group.id, principal: group.principal, principalType: group.principalType, action: group.action,
            eventSource: group.eventSource, reason: group.reason, category: group.category, denials: group.denials,
            firstSeen: group.firstSeen, lastSeen: group.lastSeen)
        counted.newDenials = group.newDenials
        counted.outageStart = group.outageStart
        counted.lastSuccessBefore = group.lastSuccessBefore
        counted.companion = group.companion
        var outline = DiagnosedGroup(
            group: counted, findings: [],
            rootCause: Finding(rootCause.code, rootCause.confidence, title: rootCause.title, ""),
            remedy: remedy.kind == .command
                ? Remedy(
                    remedy.kind, remedy.text.firstSentence,
                    commands: remedy.commands.lines.map { ShellCommand(rendered: $0) })
                : Remedy(remedy.kind, ""), status: status,
            statusText: "", causeKey: causeKey, change: change)
        outline.behindGroupID = behindGroupID
        return outline
    }
}

/// Makes groups of what is stored of their diagnoses. Most say what others say, too: that is read once and shared.
private struct StoredWords {
    private struct Cause: Hashable {
        var code: String
        var confidence: String
        var title: String
        var findings: String
    }

    private struct Found {
        var cause: Boxed<Finding>
        var findings: [Finding]
    }

    private let changes: [String: Boxed<Evidence>]
    private var found: [Cause: Found] = [:]
    private var keys: [String: CauseKey] = [:]
    private var remedies: [String: Boxed<Remedy>] = [:]

    init(changes: [String: Boxed<Evidence>]) { self.changes = changes }

    /// The group; `nil` where the row holds a word that this version does not know.
    mutating func group(_ group: DenialGroup, _ diagnosis: DiagnosisOutline) -> DiagnosedGroup? {
        let cause = Cause(
            code: diagnosis.code, confidence: diagnosis.confidence, title: diagnosis.titleRuns,
            findings: diagnosis.findings)
        guard let status = DiagnosedGroup.Status(rawValue: diagnosis.status),
            let found = Self.value(of: cause, in: &found, Self.read),
            let key = Self.value(
                of: diagnosis.causeKey, in: &keys, { CauseKey(text: $0, incidentID: diagnosis.incidentID) }),
            let remedy = Self.value(
                of: diagnosis.remedyKind, in: &remedies, { Remedy.Kind(rawValue: $0).map { Boxed(Remedy($0, "")) } })
        else { return nil }
        let change = diagnosis.changeEventID.flatMap { changes[$0] }
        if change == nil, diagnosis.changeEventID != nil { return nil }
        return DiagnosedGroup(
            outline: group, findings: found.findings, rootCause: found.cause, remedy: remedy, status: status,
            causeKey: key, change: change, behindGroupID: diagnosis.behindGroupID)
    }

    /// What stands for the words, made where they are met first.
    private static func value<Words: Hashable, Value>(
        of words: Words, in known: inout [Words: Value], _ make: (Words) -> Value?
    ) -> Value? {
        if let value = known[words] { return value }
        let value = make(words)
        known[words] = value
        return value
    }

    private static func read(_ cause: Cause) -> Found? {
        guard let code = Finding.Code(rawValue: cause.code), let confidence = Confidence(rawValue: cause.confidence),
            let title = Prose(stored: cause.title)
        else { return nil }
        let rootCause = Finding(code, confidence, title: title, "")
        let findings = cause.findings.split(separator: " ").compactMap { Finding.Code(rawValue: String($0)) }
            .map { $0 == code ? rootCause : Finding($0, confidence, title: "", "") }
        return Found(cause: Boxed(rootCause), findings: findings)
    }
}

extension DiagnosisOutline {
    /// What is stored of a diagnosis beside what the view tells.
    public init(_ group: DiagnosedGroup) {
        self.init(
            denialGroupID: group.group.id, incidentID: group.causeKey.incidentID, status: group.status.rawValue,
            code: group.rootCause.code.rawValue, confidence: group.rootCause.confidence.rawValue,
            causeKey: group.causeKey.text, titleRuns: group.rootCause.title.stored,
            findings: group.findings.map(\.code.rawValue).joined(separator: " "),
            remedyKind: group.remedy.kind.rawValue,
            changeEventID: group.change?.eventID, changeKey: group.changeKey, outageStart: group.group.outageStart,
            lastSuccessBefore: group.group.lastSuccessBefore, behindGroupID: group.behindGroupID)
    }
}
