import ArgumentParser

/// Whether text that is longer than the screen goes through a pager.
struct PagerOption: ParsableArguments {
    @Flag(help: "Print long output directly instead of through PAGER or less.")
    var noPager = false

    /// Writes text to standard output, through the pager where a terminal is too small for it.
    func write(_ text: String) throws { try write(CollectionOfOne(text)) }

    /// The same for a text in parts.
    func write(_ parts: some Sequence<String>) throws {
        let output = PagedOutput(usesPager: !noPager)
        if output.mayBePaged {
            // Where the pager cannot be run, all of it is still to be printed.
            try output.write(parts.joined())
        } else {
            for part in parts where try !output.write(part) { break }
        }
        try output.end()
    }
}
