import IAMPolicy

/// IAM's prefixes of the services whose events bear another name.
enum EventSources {
    // swift-format-ignore
    /// The prefix, then the first parts of the event sources. Source: the events of these services as CloudTrail records them.
    private static let rows = """
    mobiletargeting pinpoint
    sms-voice sms-voice.pinpoint
    ses email mail-manager
    s3 s3-control
    events eventsv2
    iam iam-toolbox
    sso awsssoportal
    cloudwatch monitoring cloudwatch-omni
    cloudhsm cloudhsmv2
    cloudsearch cloudsearchdomain
    cloudformation cloudcontrolapi
    iot iotdata iotsecuredtunneling
    servicecatalog servicecatalog-appregistry
    signer data-signer
    aws-marketplace agreement-marketplace catalog.marketplace deployment-marketplace discovery-marketplace entitlement.marketplace marketplace metering.marketplace reporting-marketplace
    """

    private static let prefixes: [String: String] = {
        var prefixes: [String: String] = [:]
        for line in rows.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            for label in words.dropFirst() { prefixes["\(label).amazonaws.com"] = words[0] }
        }
        return prefixes
    }()

    /// The event sources of the service with a prefix.
    static func all(of prefix: String) -> [String] { (others[prefix] ?? []) + ["\(prefix).amazonaws.com"] }

    private static let others = Dictionary(grouping: prefixes.keys) { prefixes[$0] ?? "" }.mapValues { $0.sorted() }

    /// IAM's prefix of an event source such as `pinpoint.amazonaws.com`.
    static func prefix(of source: String) -> String {
        if let prefix = prefixes[source] { return prefix }
        let suffix = ".amazonaws.com"
        return source.hasSuffix(suffix)
            ? String(source.dropLast(suffix.utf8.count)) : String(source.prefix { $0 != "." })
    }
}
