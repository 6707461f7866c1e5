import ArgumentParser
import Causes
import Diagnosis
import Foundation
import Suppressions
import TrailStore

// Fuzz target of the command line and of what is read of its words: times, names, globs, suppression rules; see Scripts/fuzz. It is
// compiled into one module with the options of the commands, and without the commands, which import everything.

/// A command that takes what the commands take.
private struct Words: ParsableCommand {
    @OptionGroup var filter: FilterOptions
    @OptionGroup var ingest: IngestOptions
    @OptionGroup var schedule: ScheduleOptions
    @OptionGroup var database: DatabaseOption
    @OptionGroup var quiet: QuietOption
    @Argument var paths: [String] = []

    mutating func validate() throws { try schedule.validate(with: filter) }
}

/// Called by libFuzzer with each input: the words of a command line, a line each.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 0 else { return 0 }
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    let words = text.split(separator: "\n", maxSplits: 31, omittingEmptySubsequences: false).map(String.init)
    do {
        use(try Words.parse(words).filter)
    } catch {
        // What the user is told, and the exit status.
        precondition(!Words.fullMessage(for: error).isEmpty || Words.exitCode(for: error).rawValue == 0)
    }
    for (word, other) in zip(words, words.dropFirst()) {
        let pattern = NamePattern(word)
        precondition(pattern.matches(word) || word.contains("*") || word.contains("?") || word.isEmpty)
        _ = pattern.matches(other)
        _ = NearMiss.of(word, among: [other, "report", "status"])
    }
    do {
        let rules = try Suppression(parsing: text)
        _ = rules.expired(at: "2026-11-23T00:00:00Z")
    } catch {
        precondition(error.line > 0 && !error.message.isEmpty)
    }
    return 0
}

private func use(_ options: FilterOptions) {
    let filter = options.filter
    if let from = filter.from, let to = filter.to { precondition(from <= to) }
    precondition(!options.text.isEmpty && !options.services.isEmpty)
    for time in [filter.from, filter.to].compactMap(\.self) { precondition(Timestamp.text(time).utf8.count == 20) }
}
