/// Reads query logs of Route 53 Resolver: queries for hosts of AWS's services, and those that failed.
///
/// Source: "Values that appear in Resolver query logs" in the Amazon Route 53 developer guide.
enum ResolverRecord {
    struct Reading {
        var row: CompanionRow
        var vpc: String
        /// Whether it tells of a fault: no answer, an error, or the DNS firewall.
        var isFault: Bool
        /// Whether it is kept: of an AWS host, or a fault.
        var isKept: Bool
    }

    /// `nil` where the object is none.
    static func read(_ json: FlatJSON, byteOffset: Int) -> Reading? {
        guard let name = json["query_name"], let rcode = json["rcode"],
            let time = json["query_timestamp"].flatMap(LogTime.milliseconds)
        else { return nil }
        let host = name.hasSuffix(".") ? String(name.dropLast()) : name
        let answers = json.members.filter { $0.path == "answers.Rdata" }.map(\.value).prefix(16)
        let addresses = answers.filter(GatewayAccess.isAddress)
        let firewall = json["firewall_rule_action"]
        let isFault = rcode != "NOERROR" || firewall == "BLOCK"
        let isAWS =
            host.hasSuffix(".amazonaws.com") || host.hasSuffix(".api.aws") || host.hasSuffix(".amazonaws.com.cn")
        let vpc = json["vpc_id"] ?? ""
        let row = CompanionRow(
            .resolverQuery, time: time / 1000, milliseconds: Int(time % 1000), byteOffset: byteOffset,
            [
                .init(host), .init(json["query_type"]), .init(rcode), .init(answers.sorted().joined(separator: " ")),
                .init(json["srcaddr"]),
                .init(json["srcids.instance"]), .init(vpc), .init(firewall),
                addresses.isEmpty ? .null : .integer(addresses.contains { !PrivateAddress.contains($0) } ? 1 : 0),
            ])
        return Reading(row: row, vpc: vpc, isFault: isFault, isKept: isAWS)
    }
}
