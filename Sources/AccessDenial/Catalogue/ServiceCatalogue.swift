/// AWS services by IAM prefix and event source, read from ``ServiceActions`` on first use.
enum ServiceCatalogue {
    struct Service: Sendable {
        /// IAM's prefix: `mobiletargeting`.
        var prefix: String
        /// The first parts of event sources that bear another name: `pinpoint`.
        var labels: [String]
        /// AWS's name: `Amazon Pinpoint`.
        var name: String

        /// The event sources of the service's events.
        var eventSources: [String] { (labels + [prefix]).map { "\($0).amazonaws.com" } }
    }

    /// Every service, by prefix in alphabetical order.
    static let services: [Service] = ServiceActions.services.split(separator: "\n").compactMap { line in
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
        guard fields.count == 3 else { return nil }
        return Service(
            prefix: String(fields[0]), labels: fields[1].split(separator: " ").map(String.init), name: String(fields[2])
        )
    }

    /// The prefix of each label, a service's own prefix included.
    static let prefixByLabel: [String: String] = {
        var table: [String: String] = [:]
        for service in services {
            table[service.prefix] = service.prefix
            for label in service.labels { table[label] = service.prefix }
        }
        return table
    }()

    /// The prefix of each event source as CloudTrail writes it.
    static let prefixByEventSource = Dictionary(
        prefixByLabel.map { ("\($0.key).amazonaws.com", $0.value) }, uniquingKeysWith: { first, _ in first })

    /// Services by prefix.
    static let byPrefix = Dictionary(services.map { ($0.prefix, $0) }, uniquingKeysWith: { first, _ in first })
}
