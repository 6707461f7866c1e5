import ArgumentParser

/// Whether text that is longer than the screen goes through a pager.
struct PagerOption: ParsableArguments {
    @Flag(help: "Print long output directly instead of through PAGER or less.")
    var noPager = false

    /// Writes text to standard output, through the pager where a terminal is too small for it.
    func write(_ text: String) throws {
        let output = PagedOutput(usesPager: !noPager)
        try output.write(text)
        try output.end()
    }
}
