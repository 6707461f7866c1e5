import Synchronization

/// The context of a request, made when somebody asks for a key of it: most requests meet no statement that does.
///
/// Copies of a request share it, so that it is made once.
final class DeferredContext: Sendable {
    private let given: RequestContext?
    private let make: (@Sendable () -> RequestContext)?
    private let made = Mutex<RequestContext?>(nil)

    init(_ given: RequestContext) {
        self.given = given
        make = nil
    }

    init(_ make: @escaping @Sendable () -> RequestContext) {
        given = nil
        self.make = make
    }

    /// A context without keys.
    static let empty = DeferredContext(.empty)

    /// The context. Two that ask at one time may both make it.
    var value: RequestContext {
        guard let make else { return given ?? .empty }
        if let known = made.withLock({ $0 }) { return known }
        let value = make()
        made.withLock { $0 = value }
        return value
    }
}
