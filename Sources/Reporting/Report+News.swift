public import Diagnosis
import Remedies
import TrailStore
import Wording

extension Report {
    /// Leaves the incidents that something became of, each marked with it, in the order of their transitions; the groups follow
    /// their incidents. What is left out is counted.
    public mutating func keepNews(_ transitions: [String: Transition]) {
        let order = Transition.allCases
        func rank(_ incident: Incident) -> Int {
            incident.transition.flatMap { order.firstIndex(of: $0) } ?? order.count
        }
        var told = incidents.filter { transitions[$0.id] != nil }
        for index in told.indices { told[index].transition = transitions[told[index].id] }
        told = told.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.map(\.element)
        var places: [String: Int] = [:]
        for (place, id) in told.flatMap(\.groups).enumerated() { places[id] = place }
        let known = groups.filter { places[$0.group.id] == nil }
        omitted.knownIncidents += incidents.count - told.count
        omitted.knownGroups += known.count
        omitted.knownDenials += known.reduce(0) { $0 + $1.group.denials }
        groups = groups.filter { places[$0.group.id] != nil }
            .sorted { places[$0.group.id] ?? 0 < places[$1.group.id] ?? 0 }
        setIncidents(told)
    }

    /// What became of how many incidents, and of which first: one line, fit for the subject of a mail; `nil` where the report tells
    /// no news.
    public var subject: String? {
        guard previous != nil, let first = incidents.first else { return nil }
        let counts = Transition.allCases.compactMap { transition -> String? in
            let count = incidents.count { $0.transition == transition }
            return count > 0 ? "\(count.grouped) \(transition.words)" : nil
        }
        guard !counts.isEmpty else { return nil }
        return VisibleText.visible("\(counts.joined(separator: ", ")): \(first.headline.plain)").clipped(
            to: Self.subjectLimit)
    }

    /// Characters of a subject: a line of a mail's head is to have no more than 78 (RFC 5322, section 2.1.1), `Subject: ` among them.
    private static let subjectLimit = 69
}

extension Transition {
    /// The word for a reader.
    var words: String {
        switch self {
        case .opened: "opened"
        case .reopened: "reopened"
        case .stillOpen: "still open"
        case .quiet: "quiet"
        case .resolved: "resolved"
        }
    }
}

extension String {
    /// The text, cut between two words where it is longer; counted as browsers and chats do, in UTF-16.
    func clipped(to limit: Int) -> String {
        guard utf16.count > limit else { return self }
        var length = 1
        let head = unicodeScalars.prefix { scalar in
            length += UTF16.width(scalar)
            return length <= limit
        }
        let end = head.lastIndex(of: " ") ?? head.endIndex
        return String(head[..<end]) + "…"
    }
}
