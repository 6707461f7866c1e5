/// A large value behind a reference: what holds it costs little to move and to copy, and a change of one that is shared makes a new one.
@usableFromInline
package struct Boxed<Value: Sendable & Hashable>: Sendable, Hashable {
    // SAFETY (@unchecked): a value changes only where nobody else holds its box.
    @usableFromInline
    package final class Box: @unchecked Sendable {
        // SAFETY: the variable that holds the box is under the law of exclusivity, and so is the value of a box that it holds alone.
        @usableFromInline @exclusivity(unchecked)
        package var value: Value

        @inlinable
        package init(_ value: Value) { unsafe self.value = value }
    }

    @usableFromInline
    package var box: Box

    /// A value in a box of its own.
    @inlinable
    package init(_ value: Value) { box = Box(value) }

    /// The value. What is read of it is read where it lies.
    @inlinable package var value: Value {
        _read { yield unsafe box.value }
        _modify {
            if !isKnownUniquelyReferenced(&box) { box = unsafe Box(box.value) }
            yield unsafe &box.value
        }
    }

    @inlinable
    package static func == (left: Boxed, right: Boxed) -> Bool {
        unsafe left.box === right.box || left.box.value == right.box.value
    }

    @inlinable
    package func hash(into hasher: inout Hasher) { hasher.combine(unsafe box.value) }
}
