import Diagnosis
import Remedies
public import Suppressions
import TrailStore
import Wording

extension Report {
    /// Hides the groups that a suppression file accepts, counts their denials, and notes rules that have ended.
    ///
    /// - Parameter now: ISO 8601 UTC text; rules hold through the day of their `until`.
    public mutating func suppress(_ suppression: Suppression, at now: String) {
        let index = SuppressionIndex(suppression, at: now)
        let hidden = groups.filter { index.hides($0.group) }
        if !hidden.isEmpty {
            let ids = Set(hidden.map(\.group.id))
            groups.removeAll { ids.contains($0.group.id) }
            updateIncidents()
            omitted.suppressedDenials += hidden.reduce(0) { $0 + $1.group.denials }
        }
        let expired = suppression.expired(at: now)
        guard !expired.isEmpty else { return }
        let lines = expired.map { "\($0.line)" }
        notes.append(
            Note(
                "suppression-expired",
                "\(words: expired.count.of("rule of the suppression file has expired", "rules of the suppression file have expired")) (\(words: expired.count == 1 ? "line" : "lines") \(list: lines, limit: 10)). Remove \(words: expired.count == 1 ? "it" : "them") or set a new end date."
            ))
    }
}
