package import TrailStore

/// What one principal called, indexed once for all of its denial groups: a principal may have as many groups as rows of usage.
package final class PrincipalUsage: Sendable {
    /// The successes of a principal with one service.
    package struct ServiceUse: Sendable {
        /// In the order of the usage.
        package let successes: [Usage]
        /// When the last success of a call was that is not known to read only; `nil` where every success read.
        package let lastWrite: String?

        /// The reads that succeeded at `time` or later, where no write did; empty where one did.
        package func reads(since time: String) -> [Usage] {
            guard let lastWrite else { return successes }
            guard lastWrite < time else { return [] }
            return successes.filter { ($0.lastSuccess ?? "") >= time }
        }
    }

    private let byAction: [String: [Usage]]
    private let byService: [String: ServiceUse]
    private let sourcesOfDenied: [String: Set<String>]

    /// No usage.
    package static let none = PrincipalUsage([])

    /// The usage of one principal, in the order in which findings are to name it.
    init(_ usage: [Usage]) {
        byAction = Dictionary(grouping: usage, by: \.action)
        byService = Dictionary(grouping: usage.filter { $0.successes > 0 }) { String($0.action.prefix { $0 != ":" }) }
            .mapValues { successes in
                let writes = successes.filter { $0.readOnly != true }
                return ServiceUse(successes: successes, lastWrite: writes.map { $0.lastSuccess ?? "" }.max())
            }
        sourcesOfDenied = Dictionary(grouping: usage.filter { $0.denials > 0 }, by: \.eventName)
            .mapValues { Set($0.map(\.eventSource)) }
    }

    /// The usage of an action.
    package func of(action: String) -> [Usage] { byAction[action] ?? [] }

    /// The successes with a service, by IAM's prefix; `nil` where there is none.
    package func successes(ofService prefix: String) -> ServiceUse? { byService[prefix] }

    /// The event sources at which calls of this name were refused.
    package func sources(ofDenied eventName: String) -> Set<String> { sourcesOfDenied[eventName] ?? [] }
}
