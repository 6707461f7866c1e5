import OrderedJSON

/// A record without what differs from call to call by itself.
package struct CallContent: Hashable {
    private let value: JSONValue
    /// The bytes of its texts, in their order: contents that differ in it are two, also where a letter is only spelled in another way.
    private let size: Int

    package init(_ call: RecordedCall, resource: String) {
        guard case .object(let members) = call.record else {
            value = call.record
            size = 0
            return
        }
        let kept = members.filter { !["eventTime", "eventID", "requestID", "sharedEventID"].contains($0.key) }
        let all = kept + [JSONValue.Member("resource", .string(resource))]
        value = .object(all)
        size = all.reduce(all.count) { $0 &* 31 &+ ($1.value.stringValue?.utf8.count ?? 0) }
    }

    /// Equal contents hash alike: most that differ do so in the length of a text, and the rest are compared.
    package func hash(into hasher: inout Hasher) { hasher.combine(size) }
}
