import Dispatch
import Foundation
import Synchronization

extension Array where Element: Sendable {
    /// What `transform` makes of consecutive parts of the array, in their order, computed on all processors where there is
    /// enough to do.
    package func parallelParts<Result: Sendable>(_ transform: @Sendable (ArraySlice<Element>) -> [Result]) -> [Result] {
        // Fewer elements take less time than a thread needs to start.
        let leastPart = 32
        let parts = Swift.min(count / leastPart, ProcessInfo.processInfo.activeProcessorCount * 4)
        guard parts > 1 else { return transform(self[...]) }
        let results = Mutex<[[Result]]>(Array<[Result]>(repeating: [], count: parts))
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            let result = transform(self[count * part / parts..<count * (part + 1) / parts])
            results.withLock { $0[part] = result }
        }
        return results.withLock { $0 }.flatMap(\.self)
    }
}
