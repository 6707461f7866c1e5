package import CloudTrail

/// Reads one file of logs beside CloudTrail's: whatever wraps the messages, and of whatever kind each message is.
///
/// Recognised by content, message for message: exports mix nothing, but name nothing either. Memory is bounded; a line that is not
/// understood is counted, and costs nothing else.
package struct CompanionReader {
    /// What was read of a file.
    package struct Summary: Sendable, Equatable {
        /// Messages or lines.
        package var messages = 0
        /// Those that are entries of a kind that is known.
        package var entries = 0
        /// Rows that were handed out.
        package var rows = 0
        /// Records of CloudTrail, which this reader passes over.
        package var trailRecords = 0
        /// Lines that were cut because of their length.
        package var longLines = 0
        /// Flows that no sum holds, because a file has too many.
        package var uncountedFlows = 0
        /// Intervals for which AWS itself skipped flows.
        package var skippedIntervals = 0
        /// Bytes of the uncompressed stream.
        package var bytes = 0
        /// What ended the stream before its time; all that came before was read.
        package var fault: IngestIssue?
        /// What was read, by kind and scope, in order.
        package var coverage: [CompanionCoverage] = []

        /// Nothing read.
        package init() {}

        /// The kind that most entries are of.
        package var kind: CompanionKind? {
            var counts: [CompanionKind: Int] = [:]
            for part in coverage { counts[part.kind, default: 0] += part.entries }
            return CompanionKind.allCases.filter { counts[$0] != nil }.max {
                counts[$0, default: 0] < counts[$1, default: 0]
            }
        }
    }

    /// What the start of a stream looks like.
    package enum Likeness: Sendable {
        /// Entries of these kinds stand in it.
        case companion
        /// The same, and words that records of CloudTrail have: it is theirs unless they find nothing in it.
        case mixed
        /// Lines of text that may hold errors further on.
        case text
        case other
    }

    private struct Scope: Hashable {
        var kind: CompanionKind
        var name: String
    }

    /// Scopes that are told apart in one file.
    private static let scopeLimit = 1_024
    /// Bytes of a message that is put together of lines, and its lines.
    private static let joinLimit = (bytes: 32 << 10, lines: 48)

    private var summary = Summary()
    private var scopes: [Scope: CompanionCoverage] = [:]
    private var flows = FlowLog()
    private var successes = SuccessfulCalls()
    private var execution = GatewayExecution()
    private var application = ApplicationLog()
    private let access: GatewayAccess
    private var cloudFrontColumns: [String] = []
    private var output: [CompanionRow] = []
    /// What the last line of text was, which the next one most likely is, too.
    private var habit: CompanionKind?

    /// A reader of one file.
    ///
    /// - Parameter gatewayFormat: the format of API Gateway's access log, where the user gave it.
    package init(gatewayFormat: GatewayFormat? = nil) { access = GatewayAccess(format: gatewayFormat) }

    /// What the first bytes of a stream look like; records of CloudTrail among them make it CloudTrail's.
    package static func likeness(of first: [UInt8], gatewayFormat: GatewayFormat? = nil) -> Likeness {
        let start = first.first { !Byte.isSpace($0) }
        let text = SearchText(first)
        // Every form of an event names the operation.
        let namesEvents = text.contains("eventname") || text.contains("class_uid")
        guard let start, start != 0, !first.prefix(512).contains(0) else { return .other }
        var reader = CompanionReader(gatewayFormat: gatewayFormat)
        do {
            let summary = try reader.read(MemoryByteSource(first)) { _ in }
            if summary.entries > 0, summary.trailRecords == 0 { return namesEvents ? .mixed : .companion }
        } catch {
            // Bytes in memory do not fail.
            return .other
        }
        let isMarkup = start == UInt8(ascii: "{") || start == UInt8(ascii: "[") || start == UInt8(ascii: "<")
        return namesEvents || isMarkup || start >= 0x80 ? .other : .text
    }

    /// Reads a stream to its end and hands out a row for each refusal, and those of what was rolled up.
    package mutating func read<S: ByteSource>(_ source: S, row: (CompanionRow) throws -> Void) throws -> Summary {
        var lines = LineSource(source)
        let first = SearchText(try lines.peek(4_096))
        let start = first.bytes.first { !Byte.isSpace($0) }
        let isContainer = start == UInt8(ascii: "{") && Self.isContainer(first)
        if isContainer {
            var reader = LogContainerReader(lines)
            while let (event, origin) = try reader.next() {
                handle(event, origin)
                try flush(row)
            }
            lines = reader.lines
        } else if var table = LogTable(header: first.bytes[...].prefix { $0 != 0x0A && $0 != 0x0D }) {
            _ = try lines.next()
            while let (line, offset) = try lines.next() {
                guard let (event, origin) = table.take(line, at: offset) else { continue }
                handle(event, origin)
                try flush(row)
            }
            if let (event, origin) = table.finish() { handle(event, origin) }
        } else {
            try readLines(&lines, row)
        }
        summary.longLines = lines.longLines
        summary.bytes = lines.position
        summary.fault = lines.fault?.issue
        for request in execution.finish() { add(request, byteOffset: 0) }
        let sums = flows.rows()
        output += sums + successes.rows()
        summary.uncountedFlows = flows.uncounted
        summary.skippedIntervals = flows.skippedIntervals
        try flush(row)
        summary.coverage = scopes.values.sorted { ($0.kind.rawValue, $0.scope) < ($1.kind.rawValue, $1.scope) }
        return summary
    }

    /// Whether an object holds messages of CloudWatch Logs: a subscription's batch, or an answer whose first member is a list of them.
    private static func isContainer(_ text: SearchText) -> Bool {
        if text.contains("\"messagetype\""), text.contains("\"logevents\"") || text.contains("\"control_message\"") {
            return true
        }
        guard let key = text.bytes.firstIndex(of: 0x22), key < 64 else { return false }
        return text.has("\"events\"", at: key) || text.has("\"logevents\"", at: key)
            || text.has("\"searchedlogstreams\"", at: key)
            || text.has("\"nextforwardtoken\"", at: key) || text.contains("\"results\"") && text.contains("\"field\"")
    }

    private mutating func flush(_ row: (CompanionRow) throws -> Void) throws {
        guard !output.isEmpty else { return }
        for one in output { try row(one) }
        summary.rows += output.count
        output.removeAll(keepingCapacity: true)
    }

    // MARK: Lines

    private mutating func readLines<S: ByteSource>(_ lines: inout LineSource<S>, _ row: (CompanionRow) throws -> Void)
        throws
    {
        var pending: [UInt8] = []
        var pendingLines = 0
        var pendingTime: Int64?
        var pendingOffset = 0
        let origin = LogOrigin()
        while let (line, offset) = try lines.next() {
            let isNew = pendingLines == 0 || EntryLine.begins(line)
            if isNew, pendingLines > 0 {
                readText(pending[...], time: pendingTime, origin, offset: pendingOffset)
                pendingLines = 0
                pending.removeAll(keepingCapacity: true)
            }
            if !isNew {
                if pending.count + line.count < Self.joinLimit.bytes, pendingLines < Self.joinLimit.lines {
                    pending.append(0x0A)
                    pending += line
                }
                pendingLines += 1
                continue
            }
            summary.messages += 1
            let (written, stream, body) = EntryLine.withoutTime(line)
            let event = LogEvent(message: body, written: written, byteOffset: offset)
            if readStructured(event, stream.map { LogOrigin(logStream: $0) } ?? origin)
                || !written.isEmpty && readStructured(LogEvent(message: line, byteOffset: offset), origin)
            {
                if !output.isEmpty { try flush(row) }
                continue
            }
            guard ErrorScan.shared.matches(body) else { continue }
            // Stack traces and what an SDK writes on further lines belong to it.
            pending += body
            pendingLines = 1
            pendingTime = event.time
            pendingOffset = offset
            try flush(row)
        }
        if pendingLines > 0 { readText(pending[...], time: pendingTime, origin, offset: pendingOffset) }
    }

    // MARK: Messages

    /// Takes a whole message in.
    private mutating func handle(_ event: LogEvent, _ origin: LogOrigin) {
        summary.messages += 1
        var message = event.message
        while let last = message.last, Byte.isSpace(last) { message = message.dropLast() }
        guard !message.isEmpty else { return }
        let event = LogEvent(message: message, time: event.told, byteOffset: event.byteOffset)
        if readStructured(event, origin) { return }
        guard ErrorScan.shared.matches(message) else { return }
        readText(message, time: event.time, origin, offset: event.byteOffset)
    }

    /// An error of an SDK, or a line of Lambda's.
    private mutating func readText(_ message: ArraySlice<UInt8>, time: Int64?, _ origin: LogOrigin, offset: Int) {
        switch application.take(message, time: time, origin: origin, byteOffset: offset) {
        case .error(let row):
            output.append(row)
            note(.application, origin.logGroup ?? "", row.time, isRefused: true)
        case .platform: note(.lambda, origin.logGroup ?? "", (time ?? 0) / 1000, isRefused: false)
        case .none: break
        }
    }

    /// Takes a message of a kind with a form of its own; false where it has none.
    private mutating func readStructured(_ event: LogEvent, _ origin: LogOrigin) -> Bool {
        guard let first = event.message.first else { return false }
        if first == UInt8(ascii: "{") { return readJSON(event, origin) }
        if let habit, readKind(habit, event, origin) { return true }
        for kind in Self.kinds(of: first) where kind != habit {
            if readKind(kind, event, origin) {
                habit = kind
                return true
            }
        }
        return false
    }

    /// The kinds whose lines may begin with this byte.
    private static func kinds(of first: UInt8) -> [CompanionKind] {
        switch first {
        case UInt8(ascii: "("): [.gatewayExecution]
        case UInt8(ascii: "<"): [.gatewayAccess]
        case UInt8(ascii: "#"): [.cloudFront]
        case UInt8(ascii: "-"): [.flow]
        case UInt8(ascii: "0")...UInt8(ascii: "9"): [.flow, .s3Access, .gatewayAccess, .cloudFront, .loadBalancer]
        default:
            Byte.isLetter(first) ? [.loadBalancer, .flow, .s3Access, .gatewayExecution, .gatewayAccess] : []
        }
    }

    private mutating func readKind(_ kind: CompanionKind, _ event: LogEvent, _ origin: LogOrigin) -> Bool {
        switch kind {
        case .gatewayExecution:
            guard execution.mayTake(event.message),
                let done = execution.take(event.message, time: event.time, group: origin.logGroup)
            else {
                return false
            }
            for request in done { add(request, byteOffset: event.byteOffset) }
            return true
        case .gatewayAccess:
            guard var request = access.request(event.message) else { return false }
            if request.time == 0, let time = event.time {
                (request.time, request.milliseconds) = (time / 1000, Int(time % 1000))
            }
            add(request, byteOffset: event.byteOffset)
            return true
        case .flow:
            switch flows.take(event.message, byteOffset: event.byteOffset) {
            case .none: return false
            case .header: return true
            case .flow(let time, let isRejected, let vpc): note(.flow, vpc ?? "", time, isRefused: isRejected)
            }
            return true
        case .s3Access:
            guard let reading = S3AccessRecord.read(event.message, byteOffset: event.byteOffset) else { return false }
            if reading.isRefused { output.append(reading.row) }
            note(.s3Access, reading.bucket, reading.row.time, isRefused: reading.isRefused)
            return true
        case .loadBalancer:
            guard let reading = WebRecord.loadBalancer(event.message, byteOffset: event.byteOffset) else {
                return false
            }
            return add(reading)
        case .cloudFront:
            if event.message.starts(with: "#Fields:".utf8) {
                cloudFrontColumns = String(decoding: event.message.dropFirst(8), as: UTF8.self).split(separator: " ")
                    .map(String.init)
                return true
            }
            if event.message.starts(with: "#Version:".utf8) { return true }
            guard
                let reading = WebRecord.cloudFront(
                    event.message, columns: cloudFrontColumns, byteOffset: event.byteOffset)
            else { return false }
            return add(reading)
        case .firewall, .application, .lambda, .resolver: return false
        }
    }

    private mutating func readJSON(_ event: LogEvent, _ origin: LogOrigin) -> Bool {
        let text = SearchText(event.message.prefix(4_096))
        if text.contains("\"webaclid\""), let reading = FirewallRecord.read(event.message, byteOffset: event.byteOffset)
        {
            if reading.isRefused { output.append(reading.row) }
            note(.firewall, reading.scope, reading.row.time, isRefused: reading.isRefused)
            return true
        }
        if text.contains("\"eventversion\""), text.contains("\"eventsource\"") {
            summary.trailRecords += 1
            return true
        }
        if text.contains("\"srcaddr\""), text.contains("\"dstaddr\""), let json = FlatJSON(event.message) {
            if case .flow(let time, let isRejected, let vpc) = flows.take(json, byteOffset: event.byteOffset) {
                note(.flow, vpc ?? "", time, isRefused: isRejected)
                return true
            }
        }
        if text.contains("\"httpstatus\""), text.contains("\"operation\""), let json = FlatJSON(event.message),
            let reading = S3AccessRecord.read(json, byteOffset: event.byteOffset)
        {
            if reading.isRefused { output.append(reading.row) }
            note(.s3Access, reading.bucket, reading.row.time, isRefused: reading.isRefused)
            return true
        }
        // What Firehose wraps a line of a log in.
        if text.has("{\"message\":", at: 0), let json = FlatJSON(event.message), json.members.count == 1,
            let line = json["message"]?.utf8, line.first.map(Byte.isDigit) ?? false
        {
            return readStructured(
                LogEvent(message: Array(line)[...], time: event.time, byteOffset: event.byteOffset), origin)
        }
        if text.contains("\"query_name\""), let json = FlatJSON(event.message),
            let reading = ResolverRecord.read(json, byteOffset: event.byteOffset)
        {
            if reading.isKept { output.append(reading.row) }
            note(.resolver, reading.vpc, reading.row.time, isRefused: reading.isFault)
            return true
        }
        if text.contains("\"type\""), text.contains("\"platform.") {
            note(.lambda, origin.logGroup ?? "", (event.time ?? 0) / 1000, isRefused: false)
            return true
        }
        let mayBeRequest =
            access.format != nil
            || text.contains("stat")
                && (text.contains("requestid") || text.contains("request_id") || text.contains("request-id"))
        guard mayBeRequest, let json = FlatJSON(event.message) else { return false }
        guard var request = access.format?.request(event.message) ?? GatewayAccess.request(json) else { return false }
        if request.time == 0, let time = event.time {
            (request.time, request.milliseconds) = (time / 1000, Int(time % 1000))
        }
        add(request, byteOffset: event.byteOffset)
        return true
    }

    // MARK: Results

    private mutating func add(_ request: GatewayRequest, byteOffset: Int) {
        let isRefused = request.refusal != nil
        if isRefused { output.append(request.row(byteOffset: byteOffset)) } else { successes.add(request) }
        note(
            request.isExecution ? .gatewayExecution : .gatewayAccess, request.scope, request.time, isRefused: isRefused)
    }

    private mutating func add(_ reading: WebRecord.Reading) -> Bool {
        if reading.isRefused { output.append(reading.row) }
        note(reading.kind, reading.scope, reading.row.time, isRefused: reading.isRefused)
        return true
    }

    private mutating func note(_ kind: CompanionKind, _ scope: String, _ time: Int64, isRefused: Bool) {
        summary.entries += 1
        var key = Scope(kind: kind, name: scope)
        if scopes[key] == nil, scopes.count >= Self.scopeLimit { key.name = "" }
        var part = scopes[key] ?? CompanionCoverage(kind: kind, scope: key.name)
        part.entries += 1
        if isRefused { part.refusals += 1 }
        if time > 0 {
            part.first = min(part.first, time)
            part.last = max(part.last, time)
        }
        scopes[key] = part
    }
}
