import AccessDenial
public import TrailStore

extension DiagnosedGroup {
    /// The groups of a report in outline: with their counts, their status, and their causes by name. Nothing else is known of them.
    ///
    /// `nil` where a row of the database holds a word that this version does not know.
    public static func outlines(_ outline: ReportOutline) -> [DiagnosedGroup]? {
        let changes = outline.changes.parallelParts { changes in changes.map { TrailChange($0).evidence } }
        let change = Dictionary(changes.map { ($0.eventID, $0) }) { first, _ in first }
        let groups = outline.groups.parallelParts { $0.compactMap { DiagnosedGroup($0, change) } }
        return groups.count == outline.groups.count ? groups : nil
    }

    /// What the group's place among others and its incident in the views need: a fraction of what is known of it.
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
            remedy: Remedy(remedy.kind, remedy.text.firstSentence, commands: remedy.commands), status: status,
            statusText: "", causeKey: causeKey, change: change)
        outline.behindGroupID = behindGroupID
        return outline
    }

    private init?(_ outline: GroupOutline, _ changes: [String: Evidence]) {
        let diagnosis = outline.diagnosis
        guard let status = Status(rawValue: outline.status), let code = Finding.Code(rawValue: outline.code),
            let confidence = Confidence(rawValue: outline.confidence), let key = CauseKey(text: diagnosis.causeKey),
            let title = Prose(stored: diagnosis.titleRuns), let remedy = Remedy.Kind(rawValue: diagnosis.remedyKind)
        else { return nil }
        var change: Evidence?
        if let id = diagnosis.changeEventID {
            guard let known = changes[id] else { return nil }
            change = known
        }
        let rootCause = Finding(code, confidence, title: title, "")
        let findings = diagnosis.findings.split(separator: " ").compactMap { Finding.Code(rawValue: String($0)) }
            .map { $0 == code ? rootCause : Finding($0, confidence, title: "", "") }
        self.init(
            group: outline.group, findings: findings, rootCause: rootCause,
            remedy: Remedy(remedy, ""), status: status, statusText: "",
            causeKey: key, change: change)
    }
}

extension DiagnosisOutline {
    /// What is stored of a diagnosis beside what the view tells.
    public init(_ group: DiagnosedGroup) {
        self.init(
            causeKey: group.causeKey.text, titleRuns: group.rootCause.title.stored,
            findings: group.findings.map(\.code.rawValue).joined(separator: " "),
            remedyKind: group.remedy.kind.rawValue,
            changeEventID: group.change?.eventID, outageStart: group.group.outageStart,
            lastSuccessBefore: group.group.lastSuccessBefore, behindGroupID: group.behindGroupID)
    }
}
