import Foundation
import TrailIngest

/// A line on standard error that tells how far an ingest has come; only on a terminal, several times a second.
final class ProgressBar {
    private let isShown: Bool
    private let width: Int
    private let start = ContinuousClock.now
    private var lastShown = ContinuousClock.now
    private var hasShown = false

    init(isShown: Bool, width: Int) {
        self.isShown = isShown
        self.width = width
    }

    func show(_ progress: Ingest.Progress) {
        guard isShown else { return }
        let now = ContinuousClock.now
        guard now - lastShown > .milliseconds(200) else { return }
        lastShown = now
        hasShown = true
        let seconds = (now - start) / .seconds(1)
        let share = progress.allBytes > 0 ? Double(progress.bytes) / Double(progress.allBytes) : 0
        let cells = width < 80 ? 10 : 20
        let full = Int(share * Double(cells))
        let bar = String(repeating: "#", count: full) + String(repeating: "-", count: cells - full)
        let left = share > 0.02 ? seconds / share - seconds : nil
        // The most telling first: what does not fit is left out, never cut.
        var parts = ["\(decimal(progress.files))/\(counted(progress.allFiles, "file"))"]
        if let left { parts.append("\(Int(left.rounded(.up))) s left") }
        parts.append(counted(progress.records, "record"))
        parts.append("\(decimal(Int(Double(progress.records) / max(seconds, 0.1))))/s")
        parts.append(megabytes(progress.bytes))
        var line = "[\(bar)]"
        for (index, part) in parts.enumerated() {
            let added = (index == 0 ? " " : ", ") + part
            guard line.count + added.count < width else { break }
            line += added
        }
        Output.errorText("\r\u{1b}[K" + String(line.prefix(max(width - 1, 0))))
    }

    /// Shows how many of some things are done.
    func show(_ done: Int, of all: Int) {
        guard isShown else { return }
        hasShown = true
        Output.errorText("\r\u{1b}[K\(decimal(done)) of \(decimal(all))")
    }

    /// Takes the line away.
    func clear() {
        if hasShown { Output.errorText("\r\u{1b}[K") }
        hasShown = false
    }
}

/// A number with thousands separators.
func decimal(_ number: Int) -> String {
    var digits = String(number.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
        groups.insert(String(digits.suffix(3)), at: 0)
        digits.removeLast(3)
    }
    groups.insert(digits, at: 0)
    return (number < 0 ? "-" : "") + groups.joined(separator: ",")
}

/// A number with its noun: `1 file`, `2 files`.
func counted(_ number: Int, _ noun: String) -> String { "\(decimal(number)) \(noun)\(number == 1 ? "" : "s")" }

private func megabytes(_ bytes: Int) -> String { "\(decimal(bytes / 1_000_000)) MB" }
