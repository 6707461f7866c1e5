import PolicyTimeline
import TrailStore
package import Wording

extension TrailChange {
    /// The settings of Block Public Access that a change switches on.
    package var settingsOn: [String] {
        edits.filter { $0.lane.kind == .access }.compactMap {
            if case .set(let name, .text("true")) = $0.operation { name } else { nil }
        }
    }

    /// The bucket, or the account, whose Block Public Access changed.
    package var publicAccessSubject: Subject? {
        edits.first { $0.lane.kind == .access }.map(\.lane.holder).map {
            $0.kind == .account ? .account($0.name) : .resource($0.name)
        }
    }

    /// What happened to Block Public Access, for a sentence.
    package var publicAccessSummary: Prose {
        let place: Prose =
            switch publicAccessSubject {
            case .resource(let bucket)?: "bucket \(bucket)"
            default: "account \(account)"
            }
        let actor = author
        if rule?.direction == .lifts { return "\(actor) removed Block Public Access of \(place)" }
        let on = settingsOn
        return on.isEmpty
            ? "\(actor) wrote Block Public Access of \(place)"
            : "\(actor) wrote Block Public Access of \(place) (on: \(words: on.joined(separator: ", ")))"
    }
}
