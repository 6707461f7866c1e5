/// Services that are reported together: one AWS service, or Pinpoint and its successors.
public struct ServiceFamily: Sendable, Hashable {
    /// The name that users give: `pinpoint`, `s3`.
    public let name: String
    /// AWS's name: `Amazon S3`.
    public let title: String
    /// The event sources of the family's events.
    public let eventSources: [String]
    /// The IAM service prefixes of its actions.
    public let servicePrefixes: [String]

    /// Amazon Pinpoint and its successors in AWS End User Messaging: what is reported by default.
    ///
    /// `mobiletargeting.amazonaws.com` is in no public record and stands here as a precaution; so does the source of
    /// the newest successor, `end-user-messaging`, of which only the API model is public.
    public static let pinpoint = ServiceFamily(
        name: "pinpoint", title: "Amazon Pinpoint and AWS End User Messaging",
        eventSources: [
            "pinpoint.amazonaws.com", "mobiletargeting.amazonaws.com", "sms-voice.amazonaws.com",
            "social-messaging.amazonaws.com", "mobileanalytics.amazonaws.com", "end-user-messaging.amazonaws.com",
        ],
        servicePrefixes: [
            "mobiletargeting", "sms-voice", "social-messaging", "mobileanalytics", "end-user-messaging",
        ])

    /// The name that stands for every service, which is no family.
    public static let everyServiceName = "all"

    /// The family or service that a user calls `name`: `pinpoint`, an IAM prefix (`mobiletargeting`, `s3`), the first part
    /// of an event source (`monitoring`) or a whole one (`s3.amazonaws.com`), in any letter case. `nil` where AWS has no
    /// such service that is known here, and for ``everyServiceName``; a whole event source is always taken at its word.
    public init?(named name: String) {
        let folded = name.lowercased()
        if folded == ServiceFamily.pinpoint.name {
            self = .pinpoint
            return
        }
        let label =
            folded.hasSuffix(ServiceFamily.hostSuffix)
            ? String(folded.dropLast(ServiceFamily.hostSuffix.count)) : folded
        if let prefix = ServiceCatalogue.prefixByLabel[label], let service = ServiceCatalogue.byPrefix[prefix] {
            self.init(
                name: prefix, title: service.name, eventSources: service.eventSources, servicePrefixes: [prefix])
        } else if folded.hasSuffix(ServiceFamily.hostSuffix), !label.isEmpty {
            self.init(name: label, title: label, eventSources: [folded], servicePrefixes: [label])
        } else {
            return nil
        }
    }

    private init(name: String, title: String, eventSources: [String], servicePrefixes: [String]) {
        self.name = name
        self.title = title
        self.eventSources = eventSources
        self.servicePrefixes = servicePrefixes
    }

    /// Whether an event belongs here: by its source, so that the `iam:PassRole` refused behind a CreateImportJob does, or
    /// by the service of its action.
    public func contains(eventSource: String, action: String) -> Bool {
        eventSources.contains(eventSource) || servicePrefixes.contains(String(action.prefix { $0 != ":" }))
    }

    /// Every name that is known: our own two, then AWS's in order.
    public static var names: [String] {
        let own = [pinpoint.name, everyServiceName]
        return own + ServiceCatalogue.prefixByLabel.keys.filter { !own.contains($0) }.sorted()
    }

    /// Up to `limit` names that the user may have meant by `name`, the likeliest first.
    public static func suggestions(for name: String, limit: Int = 3) -> [String] {
        let wanted = Array(name.lowercased().utf8.prefix(64))
        let allowed = max(1, wanted.count / 3)
        let near = names.compactMap { candidate -> (distance: Int, name: String)? in
            let distance = editDistance(wanted, Array(candidate.utf8))
            let isPart = wanted.count >= 3 && candidate.contains(name.lowercased())
            guard distance <= allowed || isPart else { return nil }
            return (isPart ? min(distance, allowed) : distance, candidate)
        }
        return near.sorted { ($0.distance, $0.name.count, $0.name) < ($1.distance, $1.name.count, $1.name) }
            .prefix(limit).map(\.name)
    }

    /// The number of bytes to insert, delete or replace to turn one text into the other (Levenshtein's).
    private static func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (x == y ? 0 : 1))
                diagonal = above
            }
        }
        return row[b.count]
    }

    private static let hostSuffix = ".amazonaws.com"
}
