import CloudTrail

/// Calls that API Gateway let through and that succeeded, rolled up by route, caller and hour: they tell whether a refused call works by
/// now.
struct SuccessfulCalls {
    private struct Key: Hashable {
        var scope: String
        var route: String
        var caller: String
        var hour: Int64
    }

    private struct Sum {
        var first: Int64
        var last: Int64
        var calls: Int
    }

    /// How many sums are held of one file; what is beyond them is not told, and a refused call counts as one that goes on.
    private static let limit = 20_000

    private var sums: [Key: Sum] = [:]

    /// Takes a request in that was not refused.
    mutating func add(_ request: GatewayRequest) {
        guard let status = request.status, (200..<400).contains(status), request.time > 0,
            let path = request.resourcePath ?? request.path, let caller = request.userArn ?? request.sourceIp
        else { return }
        let route = [request.httpMethod, path].compactMap(\.self).joined(separator: " ")
        let scope = [request.apiId ?? request.domainName, request.stage].compactMap(\.self).joined(separator: "/")
        let key = Key(scope: scope, route: route, caller: caller, hour: request.time / 3600)
        guard sums[key] != nil || sums.count < Self.limit else { return }
        var sum = sums[key] ?? Sum(first: request.time, last: request.time, calls: 0)
        sum.first = min(sum.first, request.time)
        sum.last = max(sum.last, request.time)
        sum.calls += 1
        sums[key] = sum
    }

    /// The sums as rows, in an order of their own.
    func rows() -> [CompanionRow] {
        sums.map { key, sum in
            CompanionRow(
                .companionSuccess, time: sum.first,
                [
                    .init(key.scope), .init(key.route), .init(key.caller), .text(EventTime.text(sum.last)),
                    .integer(sum.calls),
                ])
        }.sorted { ($0.time, $0.key) < ($1.time, $1.key) }
    }
}
