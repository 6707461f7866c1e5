import Synchronization

/// Counts the steps of a replay for tests that ask how they grow: what lanes and policies are read, what policies are asked.
///
/// Seconds would tell less, and depend on the machine.
package final class ReplayWork: Sendable {
    /// Who counts: nobody but in tests.
    @TaskLocal package static var counter: ReplayWork?

    private let counted = Atomic<Int>(0)

    /// A counter that begins at nothing.
    package init() {}

    /// The steps so far.
    package var steps: Int { counted.load(ordering: .relaxed) }

    /// Counts steps.
    package static func add(_ steps: Int) {
        guard let counter else { return }
        counter.counted.wrappingAdd(steps, ordering: .relaxed)
    }
}
