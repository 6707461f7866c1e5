/// Reads VPC flow logs and rolls them up: flows that were rejected, and those to and from port 443.
///
/// Source: "Flow log records" in the Amazon VPC user guide.
struct FlowLog {
    /// A field of a format that is used here.
    private enum Field: String {
        case interfaceId = "interface-id"
        case srcaddr, dstaddr, srcport, dstport, `protocol`, packets, bytes, start, end, action
        case logStatus = "log-status"
        case vpcId = "vpc-id"
        case subnetId = "subnet-id"
        case instanceId = "instance-id"
        case tcpFlags = "tcp-flags"
        case flowDirection = "flow-direction"
        case trafficPath = "traffic-path"
        case rejectReason = "reject-reason"
    }

    private static let defaultFormat =
        "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status"
    private static let names: Set<String> = Set(defaultFormat.split(separator: " ").map(String.init))

    private struct Key: Hashable {
        var interface: String
        var source: String
        var destination: String
        var port: Int
        var proto: Int
        var action: String
        var direction: String
        var window: Int64
    }

    fileprivate struct Sum {
        var first: Int64
        var last: Int64
        var flows = 0
        var packets = 0
        var bytes = 0
        var flags = 0
        var trafficPath: Int?
        var rejectReason: String?
        var vpc: String?
        var subnet: String?
        var instance: String?
        var byteOffset: Int
    }

    /// How many sums are held of one file; flows beyond are counted in ``uncounted``.
    private static let sumLimit = 50_000
    /// Seconds that one sum is of.
    private static let window: Int64 = 600

    private var columns: [Field?]
    private var sums: [Key: Sum] = [:]
    /// Flows that no sum holds.
    private(set) var uncounted = 0
    /// Records of intervals for which AWS has skipped flows.
    private(set) var skippedIntervals = 0

    init() { columns = Self.defaultFormat.split(separator: " ").map { Field(rawValue: String($0)) } }

    /// What one line is.
    enum Line {
        case header
        case flow(time: Int64, isRejected: Bool, vpc: String?)
        case none
    }

    /// Takes a line in.
    mutating func take(_ line: ArraySlice<UInt8>, byteOffset: Int) -> Line {
        guard (20...4_096).contains(line.count), let first = line.first else { return .none }
        // Nearly all lines of other logs are told apart by their first word.
        let word = line.prefix(24).prefix { $0 != 0x20 }
        guard
            Byte.isDigit(first)
                ? word.count <= 15 : word.contains(0x2D) || word.elementsEqual("version".utf8) || Self.isName(word)
        else { return .none }
        if Byte.isLower(line[line.startIndex]), line.contains(0x2D), let header = header(line) {
            columns = header
            return .header
        }
        var values: [ArraySlice<UInt8>] = []
        values.reserveCapacity(columns.count)
        var start = line.startIndex
        var index = start
        while index <= line.endIndex {
            if index == line.endIndex || line[index] == 0x20 {
                if index > start { values.append(line[start..<index]) }
                start = index + 1
            }
            index += 1
        }
        guard values.count == columns.count else { return .none }
        return read(values, byteOffset: byteOffset)
    }

    /// Takes a record in that some program has made an object of, such as one that was read from Parquet.
    mutating func take(_ json: FlatJSON, byteOffset: Int) -> Line {
        var fields: [Field?] = []
        var values: [ArraySlice<UInt8>] = []
        for (path, value) in json.members {
            guard let field = Field(rawValue: path.replacing("_", with: "-")) else { continue }
            fields.append(field)
            values.append(Array(value.utf8)[...])
        }
        let whole = columns
        columns = fields
        defer { columns = whole }
        return read(values, byteOffset: byteOffset)
    }

    private static func isName(_ word: ArraySlice<UInt8>) -> Bool {
        ["srcaddr", "dstaddr", "action", "start", "region", "type"].contains { word.elementsEqual($0.utf8) }
    }

    private func header(_ line: ArraySlice<UInt8>) -> [Field?]? {
        // A line of an application mostly ends the look at its first capital or colon.
        guard
            line.allSatisfy({
                Byte.isLower($0) || Byte.isDigit($0) || $0 == 0x2D || $0 == 0x5F || $0 == 0x20
            })
        else { return nil }
        let words = String(decoding: line, as: UTF8.self).split(separator: " ").map {
            String($0).replacing("_", with: "-")
        }
        guard words.count >= 4, words.count(where: { Self.names.contains($0) || Field(rawValue: $0) != nil }) >= 3
        else { return nil }
        return words.map { Field(rawValue: $0) }
    }

    private mutating func read(_ values: [ArraySlice<UInt8>], byteOffset: Int) -> Line {
        var key = Key(
            interface: "", source: "", destination: "", port: 0, proto: 0, action: "", direction: "", window: 0)
        var (start, end, sourcePort, packets, bytes) = (Int64(0), Int64(0), 0, 0, 0)
        var sum = Sum(first: 0, last: 0, byteOffset: byteOffset)
        var hasSource = false
        for (column, value) in zip(columns, values) {
            guard let column else { continue }
            let isAbsent = value.count == 1 && value.first == 0x2D
            switch column {
            case .srcport, .dstport, .protocol, .packets, .bytes, .start, .end, .tcpFlags, .trafficPath:
                guard !isAbsent else { continue }
                guard value.count <= 18, value.allSatisfy(Byte.isDigit) else { return .none }
                let number = value.reduce(0) { $0 * 10 + Int($1 & 0x0F) }
                switch column {
                case .srcport: sourcePort = number
                case .dstport: key.port = number
                case .protocol: key.proto = number
                case .packets: packets = number
                case .bytes: bytes = number
                case .start: start = Int64(number)
                case .end: end = Int64(number)
                case .tcpFlags: sum.flags = number
                default: sum.trafficPath = number
                }
            case .srcaddr:
                hasSource = !isAbsent
                if !isAbsent { key.source = String(decoding: value, as: UTF8.self) }
            case .dstaddr: if !isAbsent { key.destination = String(decoding: value, as: UTF8.self) }
            case .interfaceId:
                guard value.starts(with: "eni-".utf8) || isAbsent else { return .none }
                key.interface = String(decoding: value, as: UTF8.self)
            case .action: if !isAbsent { key.action = String(decoding: value, as: UTF8.self) }
            case .logStatus: if value.elementsEqual("SKIPDATA".utf8) { skippedIntervals += 1 }
            case .vpcId: if !isAbsent { sum.vpc = String(decoding: value, as: UTF8.self) }
            case .subnetId: if !isAbsent { sum.subnet = String(decoding: value, as: UTF8.self) }
            case .instanceId: if !isAbsent { sum.instance = String(decoding: value, as: UTF8.self) }
            case .flowDirection: if !isAbsent { key.direction = String(decoding: value, as: UTF8.self) }
            case .rejectReason: if !isAbsent { sum.rejectReason = String(decoding: value, as: UTF8.self) }
            }
        }
        // A format of the user's may leave out when and whether: such flows are counted, and tell nothing.
        if !columns.contains(.start) || !columns.contains(.end) || !columns.contains(.action) {
            let isFlow = GatewayAccess.isAddress(key.source) && GatewayAccess.isAddress(key.destination)
            return isFlow ? .flow(time: 0, isRejected: false, vpc: sum.vpc) : .none
        }
        guard start > 1_000_000_000, end >= start, end < 1 << 32 else { return .none }
        guard hasSource else { return .flow(time: start, isRejected: false, vpc: sum.vpc) }
        guard GatewayAccess.isAddress(key.source), key.action == "ACCEPT" || key.action == "REJECT" else {
            return .none
        }
        let isRejected = key.action == "REJECT"
        if isRejected || key.port == 443 || sourcePort == 443 {
            // An answer comes from port 443; where it was let through, its own port tells nothing.
            if key.port != 443, sourcePort == 443 { key.port = -443 }
            key.window = start / Self.window
            sum.first = start
            sum.last = end
            add(key, sum, packets: packets, bytes: bytes)
        }
        return .flow(time: start, isRejected: isRejected, vpc: sum.vpc)
    }

    private mutating func add(_ key: Key, _ sum: Sum, packets: Int, bytes: Int) {
        if sums[key] == nil, sums.count >= Self.sumLimit {
            uncounted += 1
            return
        }
        sums[key, default: sum].add(sum, packets: packets, bytes: bytes)
    }

    /// The sums as rows, in an order of their own.
    func rows() -> [CompanionRow] {
        sums.map { key, sum in
            CompanionRow(
                .flow, time: sum.first, byteOffset: sum.byteOffset,
                [
                    .init(key.interface), .init(key.source), .init(key.destination), .init(key.port), .init(key.proto),
                    .init(key.action),
                    .init(key.direction), .init(sum.trafficPath), .init(sum.rejectReason), .init(sum.vpc),
                    .init(sum.subnet),
                    .init(sum.instance), .integer(Int(sum.last)), .integer(sum.flows), .integer(sum.packets),
                    .integer(sum.bytes),
                    .integer(sum.flags),
                ])
        }.sorted { ($0.byteOffset, $0.key) < ($1.byteOffset, $1.key) }
    }
}

extension FlowLog.Sum {
    fileprivate mutating func add(_ other: FlowLog.Sum, packets: Int, bytes: Int) {
        first = min(first, other.first)
        last = max(last, other.last)
        flows &+= 1
        self.packets &+= packets
        self.bytes &+= bytes
        flags |= other.flags
    }
}
