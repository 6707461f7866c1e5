public import OrderedJSON

/// An export of policies: what stood there at one instant.
public struct Snapshot: Sendable {
    /// The export's name and time.
    public let reference: SnapshotReference
    private(set) var edits: [PolicyEdit] = []

    /// An export that tells nothing yet.
    public init(_ reference: SnapshotReference) { self.reference = reference }

    /// What stood in a lane; where it is `complete`, nothing else did.
    public mutating func observe(
        _ holder: Holder, _ kind: LaneName.Kind, _ values: [String: Value], complete: Bool
    ) {
        edits.append(
            PolicyEdit(
                event: nil, lane: LaneName(holder, kind), operation: .observe(values, complete: complete, reference)))
    }
}

extension Snapshot {
    /// The exports in a file's JSON; none where it is of no kind that is known.
    ///
    /// - Parameters:
    ///   - value: what the file holds.
    ///   - name: the file's name: some exports do not say whose they are, and then it does.
    ///   - time: ISO 8601 UTC text: when it was taken, where it does not say so itself.
    ///   - isTimeAssumed: whether `time` is a guess, such as the time of the file.
    public static func reading(_ value: JSONValue, name: String, time: String, isTimeAssumed: Bool) -> [Snapshot] {
        if let items = ConfigItems.items(value) { return ConfigItems.snapshots(items, named: name) }
        var snapshot = Snapshot(SnapshotReference(name: name, time: time, isTimeAssumed: isTimeAssumed))
        if let details = AuthorizationDetails(value) {
            details.observe(in: &snapshot)
        } else if let export = OrganizationExport(value, fileName: name) {
            export.observe(in: &snapshot)
        } else if let export = EndpointExport(value) {
            export.observe(in: &snapshot)
        }
        return snapshot.edits.isEmpty ? [] : [snapshot]
    }
}
