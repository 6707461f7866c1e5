/// The IAM action of a CloudTrail event, for events whose message names none and for successes.
///
/// CloudTrail's event source and event name are not IAM's service prefix and action: `pinpoint.amazonaws.com` is
/// `mobiletargeting`, Lambda's event names carry dates, S3's `ListBuckets` is `s3:ListAllMyBuckets`. The differences stand
/// in ``ServiceActions``; what is not there has the same name in both.
public enum IAMAction {
    /// The action, such as `mobiletargeting:SendMessages`. An event source that is not known gives its first label.
    public static func name(eventSource: String, eventName: String) -> String {
        let prefix = servicePrefix(of: eventSource)
        let plainName = withoutVersion(eventName)
        if let table = differingNames[prefix], let action = table[eventName] ?? table[plainName] {
            return action.contains(":") ? action : "\(prefix):\(action)"
        }
        return "\(prefix):\(plainName)"
    }

    /// IAM's service prefix of an event source: `mobiletargeting` for `pinpoint.amazonaws.com`.
    public static func servicePrefix(of eventSource: String) -> String {
        if let prefix = ServiceCatalogue.prefixByEventSource[eventSource] { return prefix }
        let host = eventSource.lowercased()
        var label = host[...]
        for suffix in hostSuffixes where host.hasSuffix(suffix) {
            label = host.dropLast(suffix.count)
            break
        }
        if let prefix = ServiceCatalogue.prefixByLabel[String(label)] { return prefix }
        guard let dot = label.lastIndex(of: ".") else { return String(label) }
        // `runtime.sagemaker`, `streams.dynamodb`: the service stands last.
        let last = String(label[label.index(after: dot)...])
        return ServiceCatalogue.prefixByLabel[last] ?? last
    }

    /// An event source of a service prefix, the other way round: `pinpoint.amazonaws.com` for `mobiletargeting`.
    package static func eventSource(ofPrefix prefix: String) -> String {
        let label = ServiceCatalogue.prefixByLabel.filter { $0.value == prefix }.keys.min() ?? prefix
        return label + ".amazonaws.com"
    }

    /// An event name without the version that some services put behind it: `ListFunctions20150331`,
    /// `AddPermission20150331v2`, `CreateDistribution2020_05_31`.
    static func withoutVersion(_ eventName: String) -> String {
        guard let last = eventName.utf8.last, isDigit(last) else { return eventName }
        var bytes = Array(eventName.utf8)[...]
        if let v = bytes.lastIndex(of: 0x76), v >= bytes.endIndex - 3, v + 1 < bytes.endIndex,
            bytes[(v + 1)...].allSatisfy(isDigit), v > 0, isDigit(bytes[v - 1])
        {
            bytes = bytes[..<v]
        }
        let digits = bytes.reversed().prefix { isDigit($0) || $0 == 0x5F }
        let count = digits.lazy.filter(isDigit).count
        guard count == 8, bytes.count > digits.count else { return eventName }
        return String(decoding: bytes.dropLast(digits.count), as: UTF8.self)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private static let hostSuffixes = [".amazonaws.com", ".amazonaws.com.cn", ".aws.internal", ".api.aws"]

    /// Every action that does not bear its event's name.
    static var differing: [(prefix: String, eventName: String, action: String)] {
        differingNames.flatMap { prefix, names in
            names.map { (prefix, $0.key, $0.value.contains(":") ? $0.value : "\(prefix):\($0.value)") }
        }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    }

    /// Service prefix to event name to action, read from the text on first use.
    private static let differingNames: [String: [String: String]] = {
        var tables: [String: [String: String]] = [:]
        for line in ServiceActions.differingNames.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let prefix = words.first else { continue }
            var table: [String: String] = [:]
            for word in words.dropFirst() {
                guard let equals = word.firstIndex(of: "=") else { continue }
                table[String(word[..<equals])] = String(word[word.index(after: equals)...])
            }
            tables[String(prefix)] = table
        }
        return tables
    }()
}
