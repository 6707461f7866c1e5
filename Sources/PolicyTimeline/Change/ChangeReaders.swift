/// All that reads changes: from a record to the edits that it made.
public enum ChangeReaders {
    private static let readers: [any ChangeReader.Type] = [
        IAMPrincipals.self, IAMPolicies.self, SessionIssues.self, RolesAnywhere.self, Organizations.self,
        IdentityCenter.self, S3Buckets.self, KMSKeys.self, QueuesAndTopics.self, LambdaFunctions.self, Endpoints.self,
        Workloads.self, EventBuses.self, RestAPIs.self, ResourceShares.self, LakeFormation.self, ConfigurationSets.self,
        EncryptionKeys.self, AutoScalingGroups.self, UserPools.self,
    ]

    /// By IAM's prefix of the service, then by the operation.
    private static let byEvent: [String: [String: @Sendable (inout ChangeReading) -> Void]] = {
        var table: [String: [String: @Sendable (inout ChangeReading) -> Void]] = [:]
        for reader in readers {
            for service in reader.services {
                let events = reader.events.filter { reader.isEvent($0.key, of: service) }
                table[service, default: [:]].merge(events) { first, _ in first }
            }
        }
        return table
    }()

    /// Whether resources of a service, by IAM's prefix, can have policies of their own.
    static func writesPolicies(ofService service: String) -> Bool {
        statementByStatement.contains(service)
            || ResourcePolicies.rows[service]?.values.contains { $0.effect == .put } ?? false
    }

    /// Services with a reader of their own whose resources have policies.
    private static let statementByStatement: Set<String> = [
        "s3", "kms", "sqs", "sns", "lambda", "events", "apigateway",
    ]

    /// Whether events of this name are read.
    public static func reads(eventSource: String, eventName: String) -> Bool {
        let name = eventName.withoutVersion
        let service = EventSources.prefix(of: eventSource)
        return byEvent[service]?[name] != nil || ResourcePolicies.rows[service]?[name] != nil
    }

    /// The events that are read, by source and name without a version.
    package static var events: [(source: String, name: String)] {
        let coded = byEvent.flatMap { service, events in events.keys.map { (service, $0) } }
        let told = ResourcePolicies.rows.flatMap { service, rows in rows.keys.map { (service, $0) } }
        return (coded + told).map { ("\($0.0).amazonaws.com", $0.1) }
    }

    /// What a change did; nothing where it changed nothing that somebody may do, or does not tell whose.
    public static func edits(of record: ChangeRecord) -> [PolicyEdit] {
        var reading = ChangeReading(record)
        if let read = byEvent[reading.service]?[reading.name] {
            read(&reading)
        } else if let row = ResourcePolicies.rows[reading.service]?[reading.name] {
            ResourcePolicies.read(row, &reading)
        }
        return reading.edits
    }
}
