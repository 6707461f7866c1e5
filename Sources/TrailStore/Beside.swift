import Dispatch
import Synchronization

/// Work that another thread does while the caller goes on.
package final class Beside<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)
    private let isDone = DispatchSemaphore(value: 0)

    /// Begins it.
    package init(_ body: @escaping @Sendable () throws -> Value) {
        DispatchQueue.global().async { [self] in
            let result = Result { try body() }
            self.result.withLock { $0 = result }
            isDone.signal()
        }
    }

    /// Waits for what came of it; to be asked once.
    package func value() throws -> Value {
        isDone.wait()
        // What is done is handed over: whoever waits for the next one does not keep this one.
        guard let result = result.withLock({ $0.take() }) else { preconditionFailure("asked twice") }
        return try result.get()
    }
}
