import CloudTrail

/// Messages of CloudWatch Logs in JSON: subscriptions' batches, one after the other, `filter-log-events`, `get-log-events`, and results
/// of Logs Insights. Elements are read one by one, however large the whole is.
struct LogContainerReader<Source: ByteSource> {
    /// Bytes of an element, and of what stands before the first one.
    private static var elementLimit: Int { 2 << 20 }

    private(set) var lines: LineSource<Source>
    private var line: ArraySlice<UInt8> = []
    private var index = 0
    private var offset = 0
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    private var element: [UInt8] = []
    private var elementOffset = 0
    private var isTooLarge = false
    private var head: [UInt8] = []
    private var origin = LogOrigin()
    private var isEnded = false

    init(_ lines: LineSource<Source>) { self.lines = lines }

    /// The next message; `nil` at the end. An element that is no message, or is cut, is passed over.
    mutating func next() throws -> (event: LogEvent, origin: LogOrigin)? {
        while !isEnded {
            guard index < line.endIndex else {
                guard let (next, place) = try lines.next() else {
                    isEnded = true
                    return nil
                }
                line = next
                index = line.startIndex
                offset = place - line.startIndex
                continue
            }
            if let event = step() { return (event, origin) }
        }
        return nil
    }

    /// Takes one byte in; the message that it completes, if it does.
    private mutating func step() -> LogEvent? {
        let byte = line[index]
        index += 1
        if depth >= 3 {
            if element.count < Self.elementLimit { element.append(byte) } else { isTooLarge = true }
        } else if depth >= 1, head.count < 16 << 10 {
            head.append(byte)
        }
        if isInString {
            if isEscaped {
                isEscaped = false
            } else if byte == 0x5C {
                isEscaped = true
            } else if byte == 0x22 {
                isInString = false
            }
            return nil
        }
        switch byte {
        case 0x22: isInString = true
        case 0x7B, 0x5B:
            depth += 1
            if depth == 1 {
                head = [byte]
                origin = LogOrigin()
            } else if depth == 2 {
                readHead()
            } else if depth == 3 {
                element = [byte]
                elementOffset = offset + index - 1
                isTooLarge = false
            }
        case 0x7D, 0x5D:
            guard depth > 0 else { return nil }
            depth -= 1
            if depth == 0 { head.removeAll(keepingCapacity: true) }
            if depth == 2, !isTooLarge { return message() }
        default: break
        }
        return nil
    }

    private mutating func readHead() {
        let text = SearchText(head)
        func value(_ name: StaticString) -> String? {
            text.value(behind: [name], limit: 512, { $0 != 0x22 }).map(text.string)
        }
        if let group = value("\"loggroup\"") { origin.logGroup = group }
        if let stream = value("\"logstream\"") { origin.logStream = stream }
    }

    /// The message in an element: `{"timestamp":…,"message":…}`, or an Insights row of `field` and `value`.
    private mutating func message() -> LogEvent? {
        let json = JSONFragment(bytes: element)
        if element.first == 0x5B {
            var fields: [String: String] = [:]
            for pair in json.elements().prefix(64) {
                if let name = pair.string(at: "field"), let value = pair.string(at: "value") { fields[name] = value }
            }
            guard let message = fields["@message"] else { return nil }
            if let log = fields["@log"] {
                origin.logGroup = log.firstIndex(of: ":").map { String(log[log.index(after: $0)...]) } ?? log
            }
            if let stream = fields["@logStream"] { origin.logStream = stream }
            return LogEvent(
                message: Array(message.utf8)[...], time: fields["@timestamp"].flatMap(LogTime.milliseconds),
                byteOffset: elementOffset)
        }
        guard let message = json.string(at: "message") else { return nil }
        if let stream = json.string(at: "logStreamName") { origin.logStream = stream }
        return LogEvent(
            message: Array(message.utf8)[...], time: json.string(at: "timestamp").flatMap(LogTime.milliseconds),
            byteOffset: elementOffset)
    }
}
