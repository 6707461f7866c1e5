/// An export of policies, as the source of what is known.
public final class SnapshotReference: Sendable, Hashable {
    /// What the user calls it: a file's name.
    public let name: String
    /// ISO 8601 UTC text: when it was taken.
    public let time: String
    /// Whether the time is not told by the export itself.
    public let isTimeAssumed: Bool

    /// An export with its time.
    public init(name: String, time: String, isTimeAssumed: Bool = false) {
        self.name = name
        self.time = time
        self.isTimeAssumed = isTimeAssumed
    }

    /// Exports are equal by name and time.
    public static func == (left: SnapshotReference, right: SnapshotReference) -> Bool {
        left === right || (left.name == right.name && left.time == right.time)
    }

    /// Equal exports hash alike.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
