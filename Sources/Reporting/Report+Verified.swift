import Diagnosis

extension Report {
    /// Marks the evidence that stands in a log file which was changed, or which no digest names.
    ///
    /// - Parameter doubtful: the state of such log files by the eventID of what stands in them.
    public mutating func markDoubtful(_ doubtful: [String: String]) {
        guard !doubtful.isEmpty else { return }
        for index in groups.indices { groups[index].markDoubtful(doubtful) }
    }
}

extension DiagnosedGroup {
    fileprivate mutating func markDoubtful(_ doubtful: [String: String]) {
        rootCause.evidence = rootCause.evidence.map { $0.marked(doubtful) }
        for index in findings.indices {
            findings[index].evidence = findings[index].evidence.map { $0.marked(doubtful) }
        }
        fixedBy = fixedBy?.marked(doubtful)
    }
}

extension Evidence {
    fileprivate func marked(_ doubtful: [String: String]) -> Evidence {
        guard let state = doubtful[eventID] else { return self }
        var marked = self
        marked.summary =
            state == "invalid"
            ? "\(summary) [its log file was changed]" : "\(summary) [no digest names its log file]"
        return marked
    }
}
