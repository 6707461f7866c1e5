/// An object that is no record of CloudTrail's, and what of an event's is in it all the same.
///
/// This is the slow way, for exports: an object on the fast way shows what it is by CloudTrail's own keys.
enum ForeignObject {
    /// What was found.
    enum Content {
        /// A record made from the object.
        case record(JSONTree, LogFileKind)
        /// A value within the object that holds a record, or text that does.
        case holder(FieldReference, LogFileKind)
    }

    /// Keys under which exports keep the record, and what kind of file that makes it: pandas and PowerShell over `lookup-events`,
    /// CloudWatch Logs Insights, Splunk (`_raw`, in `result`; `event` for its collector), Elasticsearch (`_source`,
    /// `event.original`), Wazuh (`data.aws`), EventBridge without its type, log shippers.
    private static let holders: [(key: String, kind: LogFileKind)] = [
        ("CloudTrailEvent", .lookupEvents), ("eventJson", .queryResultJSON), ("@message", .cloudWatchLogs),
        ("_raw", .cloudTrail),
        ("_source", .cloudTrail), ("result", .cloudTrail), ("data", .cloudTrail), ("aws", .cloudTrail),
        ("detail", .eventBridge), ("event", .cloudTrail), ("original", .cloudTrail), ("message", .cloudWatchLogs),
        ("log", .cloudTrail), ("body", .cloudTrail), ("record", .cloudTrail),
    ]

    /// What is in an object; `nil` where nothing shows.
    static func content(of object: UnsafeRawBufferPointer) -> Content? {
        // The shortest event is longer, and whatever form it has, it names the operation.
        guard object.count >= 24, unsafe mentionsEvent(object) else { return nil }
        // SAFETY: the scanner does not outlive this call; references are checked against the object.
        var scanner = unsafe JSONScanner(object, isFinal: true)
        var walk = JSONMembers()
        var members: [(key: String, value: FieldReference)] = []
        while let member = walk.next(&scanner), members.count < EventRow.maximumColumns {
            members.append((unsafe member.key.text(in: object), member.value))
        }
        let keys = Set(members.map(\.key))
        if OCSFEvent.mayBe(keys), let record = OCSFEvent.record(JSONFragment(bytes: unsafe Array(object))) {
            return .record(record, .ocsf)
        }
        for (key, kind) in holders {
            guard let value = members.last(where: { $0.key == key })?.value, value.kind == .object || value.isString,
                let range = value.rawRange
            else { continue }
            // SAFETY: the reference is of this object.
            if unsafe mentionsEvent(UnsafeRawBufferPointer(rebasing: object[range])) { return .holder(value, kind) }
        }
        for (_, value) in members where value.isString && value.length > 60 {
            var text: [UInt8] = []
            unsafe value.append(from: object, to: &text)
            if EventRow.isRecord(text[...]) { return .holder(value, .cloudTrail) }
        }
        guard let row = EventRow(members.map(\.key)), row.tellsEvents else { return nil }
        let record = row.record { index, shape in unsafe JSONTree(members[index].value, in: object, as: shape) }
        return .record(record, .queryResultJSON)
    }

    /// Whether the bytes have a word that every form of an event has, in whichever case.
    private static func mentionsEvent(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let words = ["eventname", "class_uid"].map { Array($0.utf8) }
        var index = 0
        let last = bytes.count - 9
        while index <= last {
            // SAFETY: the index and the eight bytes after it lie within the buffer.
            let first = unsafe bytes[index] | 0x20
            if first == words[0][0] || first == words[1][0] {
                for word in words where (0..<9).allSatisfy({ unsafe lower(bytes[index + $0]) == word[$0] }) {
                    return true
                }
            }
            index += 1
        }
        return false
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
    }
}
