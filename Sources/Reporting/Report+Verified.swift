import Causes
import Diagnosis
import RecordedChanges
import Remedies
public import TrailStore
import Wording

extension Report {
    /// Marks the evidence that stands in a log file which was changed, or which no digest names.
    ///
    /// - Parameter doubtful: the doubts by the eventID of what stands in such log files.
    public mutating func markDoubtful(_ doubtful: [String: LogFileDoubt]) {
        guard !doubtful.isEmpty else { return }
        for index in groups.indices { groups[index].markDoubtful(doubtful) }
    }
}

extension CaseReport {
    /// The same for one case: its findings, the changes that were looked at, and the denials of its timeline.
    public mutating func markDoubtful(_ doubtful: [String: LogFileDoubt]) {
        guard !doubtful.isEmpty else { return }
        self.doubtful = doubtful
        study.diagnosis.markDoubtful(doubtful)
        for index in study.changes.indices {
            study.changes[index].evidence = study.changes[index].evidence.marked(doubtful)
        }
    }
}

extension DiagnosedGroup {
    fileprivate mutating func markDoubtful(_ doubtful: [String: LogFileDoubt]) {
        rootCause.evidence = rootCause.evidence.map { $0.marked(doubtful) }
        for index in findings.indices {
            findings[index].evidence = findings[index].evidence.map { $0.marked(doubtful) }
        }
        fixedBy = fixedBy?.marked(doubtful)
    }
}

extension Evidence {
    fileprivate func marked(_ doubtful: [String: LogFileDoubt]) -> Evidence {
        guard let doubt = doubtful[eventID] else { return self }
        var marked = self
        marked.summary = "\(summary) [\(words: doubt.text)]"
        return marked
    }
}
