import Foundation
import Synchronization

/// Stops a user's query: in order between two steps of SQLite's machine, and where one step does not end, such as a function over
/// a long text, by ending the process.
final class QueryWatch: Sendable {
    /// Why a query was stopped.
    enum Cause: Sendable { case timeLimit, cancelled }

    private struct State {
        var isInside = false
        var isOver = false
    }

    private let deadline: ContinuousClock.Instant?
    private let isCancelled: @Sendable () -> Bool
    /// Ends the process; called while nobody uses the query's rows.
    private let giveUp: (@Sendable (Cause) -> Void)?
    private let state = Mutex(State())
    private let over = DispatchSemaphore(value: 0)

    /// How long SQLite may take to notice that it is to stop.
    private static let grace = Duration.milliseconds(500)

    init(
        deadline: ContinuousClock.Instant?, isCancelled: @escaping @Sendable () -> Bool,
        giveUp: (@Sendable (Cause) -> Void)?
    ) {
        self.deadline = deadline
        self.isCancelled = isCancelled
        self.giveUp = giveUp
    }

    /// Why the query is to stop now; `nil` for it is not.
    var cause: Cause? {
        if isCancelled() { return .cancelled }
        if let deadline, ContinuousClock.now >= deadline { return .timeLimit }
        return nil
    }

    /// Runs `body`, a call of SQLite, which may be given up on in it and nowhere else.
    func inside<T>(_ body: () throws -> T) rethrows -> T {
        state.withLock { $0.isInside = true }
        defer { state.withLock { $0.isInside = false } }
        return try body()
    }

    /// Begins to look after the query from a thread of its own.
    func start() {
        guard giveUp != nil else { return }
        let thread = Thread { [self] in watch() }
        thread.start()
    }

    /// Ends that.
    func end() {
        state.withLock { $0.isOver = true }
        over.signal()
    }

    private func watch() {
        var stopping: (cause: Cause, since: ContinuousClock.Instant)?
        while over.wait(timeout: .now() + .milliseconds(50)) == .timedOut {
            guard let cause else {
                stopping = nil
                continue
            }
            let since = stopping?.since ?? .now
            stopping = (cause, since)
            guard ContinuousClock.now - since >= Self.grace else { continue }
            state.withLock { state in
                // Writing rows to a reader that takes its time is not SQLite's fault; the query is stopped when it goes on.
                if state.isInside, !state.isOver { giveUp?(cause) }
            }
        }
    }
}
