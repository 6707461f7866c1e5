import Foundation
import Synchronization

/// The last of SIGINT and SIGTERM that arrived; 0 for none.
private let received = Atomic<Int32>(0)

/// Lets what writes end in order on Ctrl-C and on `kill`; what only reads ends at once, as any program does.
enum Signals {
    /// Lets both signals through: a parent that blocks them, as a thread of a Swift or Go program may, passes that on.
    static func unblock() {
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM] { sigaddset(&signals, number) }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    /// From now on the first signal is only noted; a second one ends the process at once.
    static func watch() {
        // A program that starts this one may have blocked them, and a blocked Ctrl-C would stop nothing.
        var numbers = sigset_t()
        sigemptyset(&numbers)
        for number in [SIGINT, SIGTERM] { sigaddset(&numbers, number) }
        pthread_sigmask(SIG_UNBLOCK, &numbers, nil)
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in
                received.store(number, ordering: .relaxed)
                signal(number, SIG_DFL)
            }
        }
    }

    /// From now on signals are only noted, however many come: another program has the terminal, and ends by its own ways.
    static func note() {
        for number in [SIGINT, SIGTERM] {
            signal(number) { received.store($0, ordering: .relaxed) }
        }
    }

    /// Signals end the process at once again; one that was noted meanwhile does so now.
    static func unwatch() {
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
        if let number = arrived { raise(number) }
    }

    /// Takes no notice any more of the signal that arrived.
    static func forget() { received.store(0, ordering: .relaxed) }

    /// The signal that arrived, or `nil`.
    static var arrived: Int32? {
        let number = received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }
}
