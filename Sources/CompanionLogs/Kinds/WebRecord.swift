/// Reads lines of load balancers and CloudFront: they are counted, and those with 403 or 401 are kept.
///
/// Source: "Access logs for your Application Load Balancer" and "Standard log file fields" in the AWS documentation.
enum WebRecord {
    struct Reading {
        var kind: CompanionKind
        var row: CompanionRow
        var scope: String
        var isRefused: Bool
    }

    /// A line of an Application Load Balancer's log; of a Network or Classic Load Balancer's the time alone is read.
    static func loadBalancer(_ line: ArraySlice<UInt8>, byteOffset: Int) -> Reading? {
        guard mayBeLoadBalancer(line) else { return nil }
        let fields = fields(line, limit: 30)
        let isClassic =
            fields.count >= 12 && LogTime.milliseconds(fields[0]) != nil
            && GatewayAccess.isAddress(String(fields[2].prefix { $0 != ":" }))
        let isApplication = fields.count >= 20 && ["http", "https", "h2", "grpcs", "ws", "wss"].contains(fields[0])
        let isNetwork = fields.count >= 16 && fields[0] == "tls" && fields[1].hasSuffix(".0")
        guard isApplication || isNetwork || isClassic,
            let time = LogTime.milliseconds(isClassic ? fields[0] : isNetwork ? fields[2] : fields[1])
        else { return nil }
        var row = CompanionRow(
            .webRefusal, time: time / 1000, milliseconds: Int(time % 1000), byteOffset: byteOffset, [])
        let name = isClassic ? fields[1] : isNetwork ? fields[3] : fields[2]
        guard isApplication, let status = Int(fields[8]), status == 403 || status == 401 else {
            return Reading(kind: .loadBalancer, row: row, scope: name, isRefused: false)
        }
        let request = fields[12].split(separator: " ").map(String.init)
        row.values = [
            .text(CompanionKind.loadBalancer.rawValue), .init(status), .init(Int(fields[9])),
            .init(fields.count > 22 ? fields[22] : nil),
            .init(String(fields[3].prefix { $0 != ":" })), .init(request.first),
            .init(request.count > 1 ? String(request[1].prefix { $0 != "?" }) : nil),
            .init(fields[17]), .init(fields[13]), .init(name),
        ]
        // Where the target answered, the refusal is the target's own.
        return Reading(kind: .loadBalancer, row: row, scope: name, isRefused: fields[9] == "-")
    }

    /// Whether a line begins like one: with a protocol, or with a time, a name, and an address with its port.
    private static func mayBeLoadBalancer(_ line: ArraySlice<UInt8>) -> Bool {
        let word = line.prefix(32).prefix { $0 != 0x20 }
        if ["http", "https", "h2", "grpcs", "ws", "wss", "tls"].contains(where: { word.elementsEqual($0.utf8) }) {
            return true
        }
        guard word.count == 27, word.last == UInt8(ascii: "Z"), word.endIndex < line.endIndex,
            let name = line[(word.endIndex + 1)...].prefix(64).firstIndex(of: 0x20)
        else { return false }
        let address = line[(name + 1)...].prefix(64).prefix { $0 != 0x20 }
        return address.contains(0x3A) && address.allSatisfy { Byte.isHex($0) || ".:[]".utf8.contains($0) }
    }

    /// A line of CloudFront's standard log, whose columns its header names.
    static func cloudFront(_ line: ArraySlice<UInt8>, columns: [String], byteOffset: Int) -> Reading? {
        guard line.count > 60, line[line.startIndex + 10] == 0x09 else { return nil }
        let values = line.split(separator: 0x09, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard values.count >= 15, values.count == columns.count || columns.isEmpty else { return nil }
        let names = columns.isEmpty ? standardColumns : columns
        func value(_ name: String) -> String? {
            names.firstIndex(of: name).flatMap { $0 < values.count ? values[$0] : nil }
        }
        guard let date = value("date"), let clock = value("time"), let time = LogTime.milliseconds("\(date)T\(clock)Z"),
            let status = value("sc-status").flatMap(Int.init)
        else { return nil }
        var row = CompanionRow(.webRefusal, time: time / 1000, byteOffset: byteOffset, [])
        let host = value("cs(Host)") ?? ""
        guard status == 403 || status == 401 else {
            return Reading(kind: .cloudFront, row: row, scope: host, isRefused: false)
        }
        let result = value("x-edge-detailed-result-type") ?? value("x-edge-result-type")
        row.values = [
            .text(CompanionKind.cloudFront.rawValue), .init(status), .null, .init(result), .init(value("c-ip")),
            .init(value("cs-method")),
            .init(value("cs-uri-stem")), .init(value("x-edge-request-id")), .init(value("cs(User-Agent)")), .init(host),
        ]
        return Reading(kind: .cloudFront, row: row, scope: host, isRefused: value("x-edge-result-type") == "Error")
    }

    /// The first columns of a log without its header.
    private static let standardColumns = [
        "date", "time", "x-edge-location", "sc-bytes", "c-ip", "cs-method", "cs(Host)", "cs-uri-stem", "sc-status",
        "cs(Referer)",
        "cs(User-Agent)", "cs-uri-query", "cs(Cookie)", "x-edge-result-type", "x-edge-request-id",
    ]

    private static func fields(_ line: ArraySlice<UInt8>, limit: Int) -> [String] {
        var fields: [String] = []
        var index = line.startIndex
        while index < line.endIndex, fields.count < limit {
            if line[index] == 0x20 {
                index += 1
            } else if line[index] == 0x22 {
                let close = line[(index + 1)...].firstIndex(of: 0x22) ?? line.endIndex
                fields.append(String(decoding: line[(index + 1)..<close], as: UTF8.self))
                index = min(close + 1, line.endIndex)
            } else {
                let stop = line[index...].firstIndex(of: 0x20) ?? line.endIndex
                fields.append(String(decoding: line[index..<stop], as: UTF8.self))
                index = stop
            }
        }
        return fields
    }
}
