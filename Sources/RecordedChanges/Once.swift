public import Synchronization

/// A value that is computed when it is asked for first, and kept.
///
/// Public, and no object, so that whoever holds one holds the value in place, and asks for it without a call.
public struct Once<Value: Sendable>: ~Copyable, Sendable {
    @usableFromInline let kept: Mutex<Value?>

    /// Nothing yet.
    @inlinable public init() { kept = Mutex(nil) }

    /// The value. Two that ask at one time may both compute it.
    @inlinable public borrowing func value(_ compute: () -> Value) -> Value {
        if let known = kept.withLock({ $0 }) { return known }
        let value = compute()
        kept.withLock { $0 = value }
        return value
    }
}

extension Once where Value == any AnyObject & Sendable {
    /// The value as one of a type, which is the same whenever it is asked for.
    package borrowing func part<Part: AnyObject & Sendable>(_ make: () -> Part) -> Part {
        value(make) as? Part ?? make()
    }
}
