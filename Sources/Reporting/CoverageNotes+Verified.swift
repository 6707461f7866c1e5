import Diagnosis
import TrailStore
import Wording

extension CoverageNotes {
    /// All notes: how much of the archive is proven, where that was asked, and what it cannot show.
    static func all(_ coverage: Coverage, window: Report.Window, eventSources: [String]?) -> [Report.Note] {
        [verified(coverage)].compactMap(\.self) + notes(coverage, window: window, eventSources: eventSources)
    }

    /// How much of the archive `trail403 verify` proved.
    private static func verified(_ coverage: Coverage) -> Report.Note? {
        guard let verified = coverage.verified else { return nil }
        var text: Prose =
            "\(words: verified.count("valid").grouped) of \(words: coverage.logFiles.of("log file", "log files")) verified as unchanged since delivery."
        for (state, one, many) in [
            ("invalid", "was changed", "were changed"),
            ("consistent", "is consistent, but not verified", "are consistent, but not verified"),
            ("unlisted", "is listed in no digest", "are listed in no digest"),
        ] where verified.count(state) > 0 {
            let count = verified.count(state)
            text += "\(words: count.grouped) \(words: count == 1 ? one : many)."
        }
        if verified.doubtfulDenials > 0 {
            text +=
                "\(words: verified.doubtfulDenials.of("denial comes", "denials come")) from log files that were changed or that no digest lists."
        }
        return Report.Note("archive-verified", text)
    }
}
